import { spawn } from 'node:child_process';

export interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code. */
export async function run(
	command: string,
	args: readonly string[],
	options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ran> {
	return await new Promise((resolve, reject) => {
		const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
		const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
		child.stdout.on('data', (chunk: Buffer) => void stdout.push(chunk));
		child.stderr.on('data', (chunk: Buffer) => void stderr.push(chunk));
		child.on('error', reject);
		child.on('close', (code) => {
			resolve({
				code: code ?? 1,
				stdout: Buffer.concat(stdout).toString('utf8'),
				stderr: Buffer.concat(stderr).toString('utf8'),
			});
		});
	});
}

/**
 * Runs a command that has to succeed.
 *
 * @throws Error with what it printed.
 */
export async function succeed(
	command: string,
	args: readonly string[],
	options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<string> {
	const { code, stdout, stderr } = await run(command, args, options);
	if (code === 0) return stdout;
	throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stderr || stdout}`);
}
