import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const specifiers = /(?:\bfrom|\bimport\s*\(?)\s*'([^']+)'/g;

interface Manifest {
	readonly name: string;
	readonly exports?: string | Readonly<Record<string, string | object>>;
}

/** What other workspaces may write after "from", and the file that it stands for. */
function entriesOf(root: string): ReadonlyMap<string, string> {
	return new Map(
		globSync('{shared,packages}/*/package.json', { cwd: root }).flatMap((path) => {
			const { name, exports = {} } = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
			const all = typeof exports === 'string' ? { '.': exports } : exports;
			// By its name alone, whatever that is, the package is used as well.
			const entries: (readonly [string, string])[] = [[name, path]];
			for (const [key, file] of Object.entries(all)) {
				if (typeof file === 'string')
					entries.push([name + key.slice(1), join(dirname(path), file)]);
			}
			return entries;
		}),
	);
}

/**
 * Reads what files of the repository import of each other, types included.
 *
 * @param root Of the checkout.
 * @returns for a path below it, the paths that the file there imports; what npm installs is left out.
 */
export function importReader(root: string): (path: string) => readonly string[] {
	const entries = entriesOf(root);
	const known = new Map<string, readonly string[]>();
	const read = (path: string): readonly string[] =>
		[...readFileSync(join(root, path), 'utf8').matchAll(specifiers)].flatMap(
			([, specifier = '']) => {
				if (!specifier.startsWith('.')) {
					const found = entries.get(specifier);
					return found === undefined ? [] : [found];
				}
				const found = normalize(join(dirname(path), specifier));
				// Texts that look like an import, such as code that is generated, name files that are not there.
				return existsSync(join(root, found)) ? [found] : [];
			},
		);
	return (path) => {
		const imports = known.get(path) ?? read(path);
		known.set(path, imports);
		return imports;
	};
}
