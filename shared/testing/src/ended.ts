import { existsSync, readFileSync } from 'node:fs';

import { isRunning } from './child.ts';

/** What was killed stays in the table of processes until its parent asks for it. */
function isOver(pid: number): boolean {
	const state = `/proc/${pid}/stat`;
	if (!isRunning(pid)) return true;
	try {
		return existsSync(state) && /\) Z /.test(readFileSync(state, 'utf8'));
	} catch {
		return true;
	}
}

/** For tests: whether a program is gone, or goes within the next seconds. A signal is carried out when the machine can. */
export async function hasEnded(pid: number): Promise<boolean> {
	for (let look = 0; look < 200 && !isOver(pid); look++) {
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	return isOver(pid);
}
