import { faultsTable, retryAfterForms, waitsTable } from '../../../proof/src/faults/document.ts';
import type { Emitter } from '../emit.ts';

const path = 'shared/proof/FAULTS.md';

/** What each platform does on each fault, from the tables that the tests run. */
export const faults: Emitter = {
	name: 'faults',
	summary: 'the tables of shared/proof/FAULTS.md',
	emit: () =>
		Promise.resolve([
			{ path, block: 'faults', content: faultsTable() },
			{ path, block: 'waits', content: waitsTable() },
			{ path, block: 'retry-after', content: retryAfterForms() },
		]),
};
