import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One workspace uses another. */
export interface Arrow {
	/** `packages/zapier` */
	readonly from: string;
	readonly to: string;
}

/** What a workspace ships or is made of; tests, benchmarks and other tools beside it are not. */
const product = /^(?:shared|packages)\/[^/]+\/(?:src|nodes|credentials)\//;

const specifiers = /(?:\bfrom|\bimport\s*\(?)\s*'([^']+)'/g;

/** Folder of the workspace that a path lies in, or null. */
const roomOf = (path: string): string | null =>
	/^(?:shared|packages)\/[^/]+/.exec(path)?.[0] ?? null;

/** Name of a workspace in imports -> its folder. */
function aliasesOf(root: string): ReadonlyMap<string, string> {
	return new Map(
		globSync('{shared,packages}/*/package.json', { cwd: root }).map((path) => {
			const { name } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { name: string };
			return [name, dirname(path)];
		}),
	);
}

/**
 * Which workspace uses which, read from the imports of the product code. Sorted by code unit.
 *
 * @param root Of the checkout.
 */
export function arrowsOf(root: string): readonly Arrow[] {
	const aliases = aliasesOf(root);
	const found = new Set<string>();
	for (const path of globSync('{shared,packages}/*/{src,nodes,credentials}/**/*.{ts,mts,vue}', {
		cwd: root,
	}).sort()) {
		const from = roomOf(path);
		if (from === null || !product.test(path)) continue;
		for (const [, specifier = ''] of readFileSync(join(root, path), 'utf8').matchAll(specifiers)) {
			const to = specifier.startsWith('.')
				? roomOf(normalize(join(dirname(path), specifier)))
				: (aliases.get(specifier.split('/').slice(0, 2).join('/')) ?? aliases.get(specifier));
			if (to !== null && to !== undefined && to !== from) found.add(`${from} ${to}`);
		}
	}
	return [...found].sort().map((pair) => {
		const [from = '', to = ''] = pair.split(' ');
		return { from, to };
	});
}
