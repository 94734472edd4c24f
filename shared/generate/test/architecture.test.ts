import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { useFolders } from '../../testing/src/in-tests.ts';
import { dependenciesOf } from '../src/dependencies.ts';
import { writtenWorkspaces } from '../src/emitters/architecture.ts';
import { importReader } from '../src/imports.ts';

const root = join(__dirname, '../../..');
const dependencies = dependenciesOf(root);
const usedBy = (workspace: string): readonly string[] =>
	dependencies.filter(({ from }) => from === workspace).map(({ to }) => to);
const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

it('the catalogue uses nothing, and the protocol nothing but the catalogue', () => {
	expect(usedBy('shared/catalogue')).toEqual([]);
	expect(usedBy('shared/protocol')).toEqual(['shared/catalogue']);
});

it('no package uses another, except that the site shows what the others ship', () => {
	const between = dependencies.filter(
		({ from, to }) => from.startsWith('packages/') && to.startsWith('packages/'),
	);
	expect(between.filter(({ from }) => from !== 'packages/site')).toEqual([]);
	expect(dependencies.filter(({ to }) => to === 'packages/site')).toEqual([]);
});

it('the generator is used by nothing, and the proofs by the generator, which writes their page, alone', () => {
	const usersOf = (workspace: string): readonly string[] =>
		dependencies.filter(({ to }) => to === workspace).map(({ from }) => from);
	expect(usersOf('shared/generate')).toEqual([]);
	expect(usersOf('shared/proof')).toEqual(['shared/generate']);
});

it('no dependencies run in a circle', () => {
	const circles: string[] = [];
	const walk = (workspace: string, trail: readonly string[]): void => {
		if (trail.includes(workspace)) circles.push([...trail, workspace].join(' -> '));
		else for (const next of usedBy(workspace)) walk(next, [...trail, workspace]);
	};
	for (const { from } of dependencies) walk(from, []);
	expect(circles).toEqual([]);
});

it('every workspace is in the document, and what the document has is one', () => {
	const workspaces = globSync('{shared,packages}/*/package.json', { cwd: root })
		.map((path) => path.replace('/package.json', ''))
		.sort();
	const told = [...document.matchAll(/^\| `((?:shared|packages)\/[\w-]+)` \|/gm)]
		.map(([, workspace]) => workspace)
		.filter((workspace) => workspaces.includes(workspace ?? ''))
		.sort();
	expect([...new Set(told)]).toEqual(workspaces);
});

it('files are written into the workspaces that the picture says', () => {
	const manifest = JSON.parse(
		readFileSync(join(root, 'shared/generate/generated-files.json'), 'utf8'),
	) as readonly string[];
	const workspaces = new Set(manifest.flatMap((path) => /^packages\/[^/]+/.exec(path)?.[0] ?? []));
	expect([...workspaces].sort()).toEqual(writtenWorkspaces);
});

describe('what is read from the imports of a checkout', () => {
	const newFolder = useFolders('imports');
	const checkoutWith = (files: Readonly<Record<string, string>>): string => {
		const folder = newFolder();
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		return folder;
	};
	const used = {
		'shared/used/package.json':
			'{"name":"@x/used","exports":{".":"./src/index.ts","./more":"./src/more.ts","./types":{"types":"x"}}}',
		'shared/used/src/index.ts': '',
	};

	it('is every file that any way of importing names, by path or by package; what npm installs is none', () => {
		const folder = checkoutWith({
			...used,
			'shared/user/src/a.ts': [
				"import { a } from './b.ts';",
				"import type { C } from '../../used/src/index.ts';",
				"export * from './d.ts';",
				"import './e.ts';",
				"const f = await import('./f.ts');",
				"import { g } from '@x/used';",
				"import { h } from '@x/used/more';",
				"import { join } from 'node:path';",
				'const code = "import { z } from \'./not-there.ts\'";',
			].join('\n'),
			...Object.fromEntries(['b', 'd', 'e', 'f'].map((one) => [`shared/user/src/${one}.ts`, ''])),
		});
		const importsOf = importReader(folder);
		const imported = [
			'shared/user/src/b.ts',
			'shared/used/src/index.ts',
			'shared/user/src/d.ts',
			'shared/user/src/e.ts',
			'shared/user/src/f.ts',
			'shared/used/src/index.ts',
			'shared/used/src/more.ts',
		];
		expect(importsOf('shared/user/src/a.ts')).toEqual(imported);
		writeFileSync(join(folder, 'shared/user/src/a.ts'), '');
		expect(importsOf('shared/user/src/a.ts')).toEqual(imported);
	});

	it('is a dependency where the product imports, of whatever kind its file is, and not where a test does', () => {
		const importing = "import '../../../shared/used/src/index.ts';";
		const folder = checkoutWith({
			...used,
			'packages/a/src/a.vue': importing,
			'packages/b/nodes/b.mts': importing,
			'packages/c/credentials/c.ts': importing,
			'packages/d/test/d.test.ts': importing,
			'packages/e/package.json': '{"name":"e","exports":"./src/e.ts"}',
			'packages/e/src/e.ts': "import './e.ts';",
			'packages/f/package.json': '{"name":"f"}',
			'packages/f/src/f.ts': "import 'e';\nimport 'f';",
		});
		expect(dependenciesOf(folder)).toEqual([
			{ from: 'packages/a', to: 'shared/used' },
			{ from: 'packages/b', to: 'shared/used' },
			{ from: 'packages/c', to: 'shared/used' },
			{ from: 'packages/f', to: 'packages/e' },
		]);
	});

	it('is the package itself where one without exports is named', () => {
		const folder = checkoutWith({
			'packages/a/package.json': '{"name":"a"}',
			'shared/b/src/b.ts': "import 'a';",
		});
		expect(importReader(folder)('shared/b/src/b.ts')).toEqual(['packages/a/package.json']);
	});
});
