import type { Emitter } from '../emit.ts';
import { architecture } from './architecture.ts';
import { faults } from './faults.ts';
import { make } from './make.ts';
import { n8n } from './n8n.ts';
import { recipes } from './recipes.ts';
import { readme } from './readme.ts';
import { sandbox } from './sandbox.ts';
import { surfaces } from './surfaces.ts';
import { publishing } from './zapier/publishing.ts';

/** Every emitter, in the order in which they run. */
export const emitters: readonly Emitter[] = [
	n8n,
	surfaces,
	publishing,
	make,
	recipes,
	sandbox,
	faults,
	readme,
	architecture,
];
