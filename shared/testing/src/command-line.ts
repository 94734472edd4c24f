import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * The options of a command. `--help` shows its text, and the process ends. One that is not known, or lacks its value,
 * ends it with a line that says so: the exception of `parseArgs` would show a stack to somebody who made a typo.
 */
export function parseOptions<T extends ParseArgsConfig>(
	help: string,
	config: T,
): ReturnType<typeof parseArgs<T>> {
	const options = { ...config.options, help: { type: 'boolean' } } as const;
	try {
		const parsed = parseArgs<T>({ ...config, options });
		if (!('help' in parsed.values)) return parsed;
	} catch (error) {
		const [reason] = String(error instanceof Error ? error.message : error).split('. ');
		refuseOptions(reason ?? '');
	}
	process.stdout.write(help);
	process.exit(0);
}

/** Ends the process because of an option, with a line that says which and what it takes. */
export function refuseOptions(reason: string): never {
	process.stderr.write(`${reason}\nSee --help.\n`);
	process.exit(1);
}

/**
 * The number that an option holds. Where it is none, or outside of the range, the process ends and says so.
 *
 * @param what Words for the message, such as `a whole number of 1 or more`.
 */
export function numberOption(
	name: string,
	text: string,
	what: string,
	isIn: (value: number) => boolean,
): number {
	const value = Number(text);
	if (text.trim() === '' || !isIn(value)) refuseOptions(`--${name} takes ${what}, not "${text}".`);
	return value;
}

/** The same for a count. */
export const countOption = (name: string, text: string): number =>
	numberOption(
		name,
		text,
		'a whole number of 1 or more',
		(value) => Number.isInteger(value) && value >= 1,
	);

/** Runs a command and leaves its exit code. What it throws says what to do, so it is shown without a trace. */
export async function runCommand(main: () => number | Promise<number>): Promise<void> {
	try {
		process.exitCode = await main();
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	}
}
