import app from '../../../../packages/zapier/src/index.ts';
import { surfaceOf } from '../../../../packages/zapier/src/surface.ts';
import type { Emitter } from '../emit.ts';
import { formatter } from './n8n/literal.ts';

/** The committed report of what saved Zaps depend on. Zapier itself loads the catalogue, so nothing else is emitted. */
export const zapierSurface: Emitter = {
	name: 'zapier',
	summary: 'packages/zapier/surface.json: keys, labels, inputs and sample keys of the Zapier app',
	async emit(root) {
		const path = 'packages/zapier/surface.json';
		const format = await formatter(root);
		return [{ path, content: await format(JSON.stringify(surfaceOf(app)), path), block: null }];
	},
};
