import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * The options of a command. `--help` shows its text, and the process ends. One that is not known, or lacks its value,
 * ends it with a line that says so: the exception of `parseArgs` would show a stack to somebody who made a typo.
 */
export function parseOptions<T extends ParseArgsConfig>(
	help: string,
	config: T,
): ReturnType<typeof parseArgs<T>> {
	const options = { ...config.options, help: { type: 'boolean', short: 'h' } } as const;
	try {
		const parsed = parseArgs<T>({ ...config, options });
		if (!('help' in parsed.values)) return parsed;
	} catch (error) {
		process.stderr.write(`${wordsOf(error)}\n`);
		process.exit(1);
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

/** Where the user is: npm runs a script in the folder of its workspace. */
export const userFolder = (): string => process.env['INIT_CWD'] ?? process.cwd();

/** A path that the user gave, absolute. */
export const givenPath = (path: string): string => resolve(userFolder(), path);

/** What a shell says of a program that SIGPIPE ended: 128, and the number of the signal, which Node ignores. */
const nobodyReads = 141;

/**
 * Tells when what this process says can no longer be written: `head` has read enough, or the disk is full. Node's own
 * answer is an exception in the middle of whatever goes on, with a trace.
 *
 * @param end Gets the exit code that says so. May be called several times.
 */
export function whenOutputIsLost(end: (code: number) => void): void {
	const { stdout, stderr } = process;
	for (const stream of [stdout, stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'EPIPE') {
				end(nobodyReads);
				return;
			}
			if (stream === stdout) stderr.write(`What this says cannot be written: ${error.message}\n`);
			end(1);
		});
	}
}

/** These are thrown by a mistake in the code, unless Node gives them a code of its own: it says what it was given. */
const mistakes = new Set(['ReferenceError', 'SyntaxError', 'TypeError']);

/** Whether an error was thrown by code that cannot go on, not by code that says what is wrong. */
export const isMistake = (error: unknown): error is Error =>
	error instanceof Error && mistakes.has(error.name);

/** Errors say what is wrong or what to do. Of a mistake in the code it helps where it happened. */
export function wordsOf(error: unknown): string {
	const { code, message } = Object(error) as {
		readonly code?: unknown;
		readonly message?: unknown;
	};
	// Behind the first sentence "parseArgs" teaches its own syntax.
	if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
		return `${String(message).split('. ')[0] ?? ''}\nSee --help.`;
	}
	if (!(error instanceof Error)) return String(error);
	const helpsWhere = isMistake(error) && code === undefined;
	return helpsWhere ? (error.stack ?? error.message) : error.message;
}

/** Runs a command and leaves its exit code. */
export async function runCommand(main: () => number | Promise<number>): Promise<void> {
	whenOutputIsLost((code) => process.exit(code));
	try {
		process.exitCode = await main();
	} catch (error) {
		process.stderr.write(`${wordsOf(error)}\n`);
		process.exitCode = 1;
	}
}
