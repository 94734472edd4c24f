import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * The options of a command. One that is not known, or lacks its value, ends the process with a line that says so: the
 * exception of `parseArgs` would show a stack to somebody who made a typo.
 */
export function parseOptions<T extends ParseArgsConfig>(
	config: T,
): ReturnType<typeof parseArgs<T>> {
	try {
		return parseArgs(config);
	} catch (error) {
		const [reason] = String(error instanceof Error ? error.message : error).split('. ');
		refuseOptions(reason ?? '');
	}
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
