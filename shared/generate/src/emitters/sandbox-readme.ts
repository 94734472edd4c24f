import { rulesTable, switchesTable } from '../../../../packages/sandbox/src/rules.ts';
import type { Emitter } from '../emit.ts';

const path = 'packages/sandbox/README.md';

/** The sandbox tells what it models and how well each rule is known; the tables come from the code that does it. */
export const sandboxReadme: Emitter = {
	name: 'sandbox',
	summary: 'the tables of rules and switches in packages/sandbox/README.md',
	emit: () =>
		Promise.resolve([
			{ path, block: 'switches', content: switchesTable() },
			{ path, block: 'rules', content: rulesTable() },
		]),
};
