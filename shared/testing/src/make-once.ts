import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { isRunning } from './child.ts';
import { putBackAtEnd } from './temporary.ts';

/** Says that a folder is whole, and what it was made of. */
const marker = '.complete.json';

/** Whether such a folder is there and whole. */
export const isMade = (folder: string, of: string): boolean =>
	existsSync(join(folder, marker)) && readFileSync(join(folder, marker), 'utf8') === of;

/** Removes what processes that are gone have begun: whoever is killed cannot tidy up, and this may be gigabytes. */
function removeUnfinished(folder: string): void {
	const begun = `.${basename(folder)}-`;
	for (const name of readdirSync(dirname(folder))) {
		const pid = name.startsWith(begun) ? name.slice(begun.length) : '';
		if (!/^\d+$/.test(pid) || isRunning(Number(pid))) continue;
		rmSync(join(dirname(folder), name), { recursive: true, force: true });
	}
}

/**
 * Fills a folder that is to be made once and used from then on, such as a tool that is installed on demand.
 *
 * Everything happens beside the final place; the rename at the end is what makes it exist. What was broken off is never
 * used, and two processes that make the same at once do not meet.
 *
 * @param of What it is made of; where that changes it is made anew.
 * @param fill Gets an empty folder.
 */
export async function makeOnce(
	folder: string,
	of: string,
	fill: (unfinished: string) => Promise<void>,
): Promise<void> {
	if (isMade(folder, of)) return;
	mkdirSync(dirname(folder), { recursive: true });
	removeUnfinished(folder);
	const unfinished = join(dirname(folder), `.${basename(folder)}-${process.pid}`);
	// Again where a program that was ended had not written its last file yet.
	const remove = putBackAtEnd(() =>
		rmSync(unfinished, { recursive: true, force: true, maxRetries: 10 }),
	);
	try {
		rmSync(unfinished, { recursive: true, force: true });
		mkdirSync(unfinished);
		await fill(unfinished);
		// Another process was faster, and uses it already.
		if (isMade(folder, of)) return;
		writeFileSync(join(unfinished, marker), of);
		rmSync(folder, { recursive: true, force: true });
		renameSync(unfinished, folder);
	} finally {
		remove();
	}
}
