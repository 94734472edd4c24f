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
		process.stderr.write(`${reason}\nSee --help.\n`);
		process.exit(1);
	}
}
