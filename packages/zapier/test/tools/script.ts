import { join } from 'node:path';

import { type Ran, runProgram } from '../../../../shared/testing/src/child.ts';
import { repoRoot } from '../support.ts';

const workspace = join(__dirname, '../..');
const node = join(repoRoot, 'node_modules/node/bin/node');

/** Runs one of the scripts beside package.json. */
export const script = async (name: string, ...args: readonly string[]): Promise<Ran> =>
	await runProgram(node, [`${name}.mts`, ...args], { cwd: workspace });
