import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';

import { putBackAtEnd } from './temporary.ts';

/**
 * Has a program end with this process, however that ends: by itself it would go on, and write into folders that are gone.
 *
 * @param child One that was started just now.
 */
export function endWithThis<T extends ChildProcess>(child: T): T {
	return forgetAtExit(child, () => child.kill());
}

function forgetAtExit<T extends ChildProcess>(child: T, kill: () => void): T {
	const over = putBackAtEnd(kill);
	// One that could not be started does not exit.
	return child.once('exit', over).once('error', over);
}

export interface Ran {
	/** 1 where a signal ended it. */
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

export interface Place {
	readonly cwd: string;
	readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end, whatever its exit code, and keeps what it says. It ends with this process, as does all that
 * it starts: npm, for one, would leave its scripts running.
 *
 * @throws Error where it cannot be started.
 */
export async function runProgram(
	command: string,
	args: readonly string[],
	place: Place,
): Promise<Ran> {
	const child = spawn(command, args, {
		...place,
		stdio: ['ignore', 'pipe', 'pipe'],
		detached: true,
	});
	forgetAtExit(child, () => endGroup(child));
	const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
	child.stdout.on('data', (chunk: Buffer) => void stdout.push(chunk));
	child.stderr.on('data', (chunk: Buffer) => void stderr.push(chunk));
	const code = await closed(child);
	return {
		code,
		stdout: Buffer.concat(stdout).toString('utf8'),
		stderr: Buffer.concat(stderr).toString('utf8'),
	};
}

/**
 * Runs a program to its end with all that it says shown, and the keyboard where this process has it.
 *
 * @returns its exit code, or 1 where a signal ended it.
 * @throws Error where it cannot be started.
 */
export async function showProgram(
	command: string,
	args: readonly string[],
	options: Place & Pick<SpawnOptions, 'stdio'>,
): Promise<number> {
	return await closed(endWithThis(spawn(command, args, { stdio: 'inherit', ...options })));
}

/** A program that leads a group of its own, with everything it started. */
function endGroup({ pid, exitCode, signalCode }: ChildProcess): void {
	if (pid === undefined || exitCode !== null || signalCode !== null) return;
	try {
		process.kill(-pid, 'SIGTERM');
	} catch {
		// It has just ended.
	}
}

/** Most programs are found where npm has put them, and only by what npm runs. */
function explained(error: NodeJS.ErrnoException, command: string): Error {
	if (error.code !== 'ENOENT') return error;
	// Still the error of the system, which is told by its code and call.
	return Object.assign(error, {
		message: `There is no ${command} on the PATH. "npm run" finds what npm has installed.`,
	});
}

async function closed(child: ChildProcess): Promise<number> {
	return await new Promise((resolve, reject) => {
		child
			.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, child.spawnfile)))
			.once('close', (code) => resolve(code ?? 1));
	});
}

/** Whether there is such a process, of whichever user. */
export function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
