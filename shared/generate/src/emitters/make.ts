import { events, operations } from '@memberpass/catalogue';

import type { EmittedFile, Emitter } from '../emit.ts';
import { eventFiles, operationFiles } from './make/templates.ts';

/** Files that Make imports or takes on paste. */
export const make: Emitter = {
	name: 'make',
	summary: 'blueprints and clipboard modules of packages/make, and their index',
	emit: () => Promise.resolve(makeFiles()),
};

function makeFiles(): readonly EmittedFile[] {
	return [
		...events.flatMap(eventFiles),
		...operations
			.filter(({ kind }) => kind === 'action' || kind === 'search')
			.flatMap(operationFiles),
	];
}
