import { join } from 'node:path';

import { rulesTable, switchesTable } from '../../../../packages/sandbox/src/rules.ts';
import type { Emitter } from '../emit.ts';
import { assetsSource } from './sandbox-assets.ts';

const folder = 'packages/sandbox';

/**
 * The sandbox tells what it models and how well each rule is known; the tables come from the code that does it. Its
 * page is embedded from the files beside it.
 */
export const sandbox: Emitter = {
	name: 'sandbox',
	summary: `the tables of rules and switches in ${folder}/README.md, and its page as one source`,
	emit: async (root) => [
		{ path: `${folder}/README.md`, block: 'switches', content: switchesTable() },
		{ path: `${folder}/README.md`, block: 'rules', content: rulesTable() },
		{
			path: `${folder}/src/page/assets.ts`,
			block: null,
			content: await assetsSource(join(root, folder, 'src/page/client')),
		},
	],
};
