import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const repoRoot = resolve(__dirname, '../../..');
const dist = join(repoRoot, 'packages/site/dist');

/** The tests look at what was built. @throws Error that says how to build it. */
export function requireDist(): string {
	if (existsSync(join(dist, 'index.html'))) return dist;
	throw new Error('The site is not built. Run "npm run build -w memberpass-site" first.');
}
