import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

const source = join(__dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
	.filter((path) => path.endsWith('.ts'))
	.map((path) => path.split(sep).join('/'));

const importsOf = (path: string): readonly string[] =>
	[...readFileSync(join(source, path), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)].map(
		([, specifier = '']) =>
			relative(source, join(source, dirname(path), specifier))
				.split(sep)
				.join('/'),
	);

describe('the files of the catalogue', () => {
	it('are listed in an index: an entry in a file that nobody imports would be missing everywhere, without a word', () => {
		const used = new Set(files.flatMap(importsOf));
		expect(files.filter((path) => !used.has(path)).sort()).toEqual(['index.ts', 'rules/index.ts']);
	});
});
