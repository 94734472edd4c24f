import { globSync } from 'node:fs';

import { importReader } from './imports.ts';

/** One workspace uses another. */
export interface Dependency {
	/** `packages/zapier` */
	readonly from: string;
	readonly to: string;
}

/** What a workspace ships or is made of; tests, benchmarks and other tools beside it are not. */
const product = '{shared,packages}/*/{src,nodes,credentials}/**/*.{ts,mts,vue}';

/** Folder of the workspace that a path lies in, or null. */
const workspaceOf = (path: string): string | null =>
	/^(?:shared|packages)\/[^/]+/.exec(path)?.[0] ?? null;

/**
 * Which workspace uses which, read from the imports of the product code. Sorted by code unit.
 *
 * @param root Of the checkout.
 */
export function dependenciesOf(root: string): readonly Dependency[] {
	const importsOf = importReader(root);
	const found = new Set<string>();
	for (const path of globSync(product, { cwd: root })) {
		const from = workspaceOf(path);
		for (const imported of importsOf(path)) {
			const to = workspaceOf(imported);
			if (to !== null && to !== from) found.add(`${from} ${to}`);
		}
	}
	return [...found].sort().map((pair) => {
		const [from = '', to = ''] = pair.split(' ');
		return { from, to };
	});
}
