import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { endWithThis, type Place, type Ran, runProgram } from './child.ts';
import { temporaryFolder } from './temporary.ts';

/** What test files need around their tests. It calls functions that only jest has. */

/**
 * Has something undone after the test, the last first, whatever fails of it. Call it at the top of a file, and what it
 * gives in the tests. Of several such calls, the first in the file is the first to undo.
 */
export function useCleanups(): (undo: () => unknown) => void {
	const pending: (() => unknown)[] = [];
	afterEach(async function undoLast(): Promise<void> {
		const undo = pending.pop();
		if (undo === undefined) return;
		try {
			await undo();
		} finally {
			await undoLast();
		}
	});
	return (undo) => void pending.push(undo);
}

/** Makes empty folders that are gone after the test. Called as {@link useCleanups} is; absolute paths. */
export function useFolders(name: string): () => string {
	const cleanup = useCleanups();
	return () => {
		const { path, remove } = temporaryFolder(`memberpass-${name}-`);
		cleanup(remove);
		return path;
	};
}

/** Waits for what a socket or a process brings about; where it never happens, the test runs into its time limit. */
export async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** What code that is run by itself imports a module as: a path is no address where a folder on it has `#` in its name. */
export function moduleAddress(...path: readonly string[]): string {
	return pathToFileURL(join(...path)).href;
}

/** What jest asks of Node is none of a program's business. */
const placeOf = ({ cwd = process.cwd(), env }: Partial<Place>): Required<Place> => ({
	cwd,
	env: { ...process.env, NODE_OPTIONS: '', ...env },
});

/** Runs a program with the Node of the tests to its end, whatever its exit code, and keeps what it says. */
export const runNode = async (args: readonly string[], place: Partial<Place> = {}): Promise<Ran> =>
	await runProgram(process.execPath, args, placeOf(place));

export interface Started {
	readonly child: ChildProcess;
	/** What it has said so far. */
	readonly stdout: () => string;
	readonly stderr: () => string;
	/** Its exit code, or the signal that ended it; nothing that it said comes later. */
	readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts a program with the Node of the tests. Whoever starts one ends it; it ends with this process at the latest. */
export function startNode(args: readonly string[], place: Partial<Place> = {}): Started {
	const child = endWithThis(
		spawn(process.execPath, args, { ...placeOf(place), stdio: ['ignore', 'pipe', 'pipe'] }),
	);
	const said = { stdout: '', stderr: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
	}
	return {
		child,
		stdout: () => said.stdout,
		stderr: () => said.stderr,
		ended: new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code))),
	};
}
