import type { Emitter } from '../emit.ts';
import { make } from './make.ts';
import { n8n } from './n8n.ts';
import { readme } from './readme.ts';
import { sandboxReadme } from './sandbox-readme.ts';
import { zapierSurface } from './zapier-surface.ts';

/** Every emitter, in the order in which they run. */
export const emitters: readonly Emitter[] = [n8n, zapierSurface, make, sandboxReadme, readme];
