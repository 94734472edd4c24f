import { join } from 'node:path';

import type { Ran } from '../../../../shared/testing/src/child.ts';
import { runNode } from '../../../../shared/testing/src/in-tests.ts';

export const workspace = join(__dirname, '../..');

/** Runs one of the scripts beside package.json. */
export const script = async (name: string, ...args: readonly string[]): Promise<Ran> =>
	await runNode([`${name}.mts`, ...args], { cwd: workspace });

/** Runs several of them, one after the other, in one process. */
export async function scripts(runs: readonly (readonly string[])[]): Promise<Ran[]> {
	const { stdout, stderr } = await script('test/tools/in-one-process', JSON.stringify(runs));
	if (stdout === '') throw new Error(stderr);
	return JSON.parse(stdout) as Ran[];
}
