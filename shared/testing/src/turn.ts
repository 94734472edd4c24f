import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isRunning } from './child.ts';
import { putBackAtEnd } from './temporary.ts';

/**
 * Builds while no other process of this checkout does. Two that build at once empty each other's `dist`, and turbo would
 * keep the half that it finds there for later.
 *
 * @param work Builds. Must not start a command that waits for its turn itself.
 */
export async function inBuildTurn<T>(root: string, work: () => Promise<T>): Promise<T> {
	return await inTurn(join(root, '.cache/build.pid'), 'building here', work);
}

/**
 * Works while no other process does the same; whoever comes second waits.
 *
 * @param file Names the process whose turn it is: a link to nowhere, because that is there whole or not at all.
 * @param what What that process is doing, for the others.
 */
export async function inTurn<T>(file: string, what: string, work: () => Promise<T>): Promise<T> {
	mkdirSync(dirname(file), { recursive: true });
	let told = 0;
	for (let pid = take(file); pid !== null; pid = take(file)) {
		if (told !== pid) {
			process.stderr.write(
				`Process ${pid} is ${what}, as ${file} says. Waiting until that file is gone …\n`,
			);
			told = pid;
		}
		await sleep(100);
	}
	const over = putBackAtEnd(() => rmSync(file, { force: true }));
	try {
		return await work();
	} finally {
		over();
	}
}

/** Null where this process has its turn now, else the process that has it. */
function take(file: string): number | null {
	if (link(file)) return null;
	const pid = holderOf(file);
	if (pid === null) return take(file);
	if (pid !== process.pid && isRunning(pid)) return pid;
	// It was killed; in a container that is started again, another process may have its number: this one. Of those that
	// find this out at once, one takes over: whoever removed the link could remove that of the next already.
	const heir = `${file}.${pid}`;
	const rival = take(heir);
	if (rival !== null) return rival;
	if (holderOf(file) === pid) {
		renameSync(heir, file);
		return null;
	}
	rmSync(heir);
	return take(file);
}

/** False where there is such a link already. */
function link(file: string): boolean {
	try {
		symlinkSync(String(process.pid), file);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}

/** Null where its turn is over. */
function holderOf(file: string): number | null {
	try {
		return Number(readlinkSync(file));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}
