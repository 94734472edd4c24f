import { type Place, runProgram } from '../../../testing/src/child.ts';

/**
 * Runs a command that has to succeed.
 *
 * @throws Error with what it printed.
 */
export async function succeed(
	command: string,
	args: readonly string[],
	place: Place,
): Promise<string> {
	const { code, stdout, stderr } = await runProgram(command, args, place);
	if (code === 0) return stdout;
	throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stderr || stdout}`);
}
