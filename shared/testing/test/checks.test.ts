import { cpSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { checkoutFiles } from '../src/checkout-files.ts';
import { runProgram } from '../src/child.ts';
import { runNode, useFolders } from '../src/in-tests.ts';

const root = join(__dirname, '../../..');
const newFolder = useFolders('checks');

/** The rules that a file breaks, were it at that place in the repository. */
async function brokenBy(path: string, source: string): Promise<readonly string[]> {
	const folder = newFolder();
	cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
	mkdirSync(join(folder, dirname(path)), { recursive: true });
	writeFileSync(join(folder, path), source);
	// Where "check:own" runs.
	const cwd = join(folder, dirname(dirname(path)));
	const { stdout } = await runProgram('oxlint', ['-f', 'json'], { cwd });
	const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] };
	return [...new Set(diagnostics.map(({ code }) => code))].sort();
}

describe('lint', () => {
	const impure = 'export const now = (): number => Date.now() + Math.random();\n';
	const reaching = "import 'node:fs';\n";

	it.each([
		['shared/protocol/src/a.ts', 'reads the clock', impure, ['eslint(no-restricted-properties)']],
		[
			'shared/protocol/src/a.ts',
			'waits',
			'export const wait = setTimeout;\n',
			['eslint(no-restricted-globals)'],
		],
		['shared/protocol/src/a.ts', 'reaches out', reaching, ['eslint(no-restricted-imports)']],
		['shared/catalogue/src/a.ts', 'reaches out', reaching, ['eslint(no-restricted-imports)']],
		['shared/proof/src/a.ts', 'reaches out', reaching, []],
		[
			'packages/zapier/src/a.ts',
			'forgets a promise',
			'export const run = (work: () => Promise<void>): void => {\n\twork();\n};\n',
			['typescript(no-floating-promises)'],
		],
		[
			'packages/zapier/test/a.test.ts',
			'leaves out tests, or waits for none of what it expects',
			`declare global {
	const it: Record<'only' | 'skip', (name: string, test: () => void) => void>;
	const expect: (value: unknown) => Record<'rejects', { toBe: (value: unknown) => void }>;
}
it.only('a', () => {
	expect(Promise.resolve(1)).rejects.toBe(1);
});
it.skip('b', () => undefined);
export {};
`,
			['jest(no-disabled-tests)', 'jest(no-focused-tests)', 'jest(valid-expect)'],
		],
	])('%s that %s is told so', async (path, _, source, rules) => {
		expect(await brokenBy(path, source)).toEqual(rules);
	});

	it('and the check of types are done in every workspace, and every source belongs to one', () => {
		const workspaces = checkoutFiles(root, ':(glob)*/*/package.json');
		const without = workspaces.filter(
			(path) =>
				!/"check:own": "[^"]*typecheck\.ts \. && oxlint"/.test(
					readFileSync(join(root, path), 'utf8'),
				),
		);
		expect(workspaces.length).toBeGreaterThan(8);
		expect(without).toEqual([]);
		const sources = checkoutFiles(root, '*.ts', '*.mts', '*.js', '*.mjs', '*.cjs');
		expect(sources.length).toBeGreaterThan(400);
		expect(sources.filter((path) => !/^(packages|shared)\//.test(path))).toEqual([]);
	});
});

describe('the check of types', () => {
	it('looks at every folder that has a configuration', async () => {
		const command = ['shared/testing/src/bin/typecheck.ts', '--list'];
		const { code, stdout: listed } = await runNode(command, { cwd: root });
		expect(code).toBe(0);
		const folders = (paths: readonly string[]): readonly string[] => paths.map(dirname).sort();
		expect(folders(listed.trim().split('\n'))).toEqual(
			folders(checkoutFiles(root, '**/tsconfig.json')),
		);
	});

	it('notices what changed since its last run, however old the file says it is', async () => {
		const folder = newFolder();
		const command = 'shared/testing/src/bin/typecheck.ts';
		const check = async (): Promise<number> => (await runNode([command], { cwd: folder })).code;
		const write = (path: string, content: string): void => {
			mkdirSync(join(folder, dirname(path)), { recursive: true });
			writeFileSync(join(folder, path), content);
			utimesSync(join(folder, path), 1, 1);
		};
		cpSync(join(root, command), join(folder, command));
		for (const name of ['child.ts', 'command-line.ts', 'compiler.ts', 'temporary.ts']) {
			const path = join('shared/testing/src', name);
			cpSync(join(root, path), join(folder, path));
		}
		const modules = 'shared/testing/node_modules';
		symlinkSync(join(root, modules), join(folder, modules));
		write('package.json', '{ "type": "module" }');
		write('shared/room/tsconfig.json', '{ "compilerOptions": { "types": [] } }');
		write('shared/room/a.ts', "export const a: string = 'a';\n");
		expect(await check()).toBe(0);
		write('shared/room/a.ts', 'export const a: string = 1;\n');
		expect(await check()).toBe(1);
		write('shared/room/a.ts', "export const a: string = 'a';\n");
		expect(await check()).toBe(0);
		write('shared/room/b.ts', 'export const b: string = 1;\n');
		expect(await check()).toBe(1);
	});
});

describe('what tests and commands share', () => {
	// Jest takes imports for granted that Node refuses, such as a name out of a CommonJS module.
	it('can be loaded by Node itself, in which the commands and the end-to-end tests run', async () => {
		const files = checkoutFiles(root, ':(glob)shared/testing/src/*.ts')
			.filter((path) => !path.endsWith('/setup.ts'))
			.map((path) => pathToFileURL(join(root, path)).href);
		expect(files.length).toBeGreaterThan(10);
		const source = files.map((file) => `import '${file}';`).join('\n');
		expect(await runNode(['--input-type=module', '-e', source])).toEqual({
			code: 0,
			stdout: '',
			stderr: '',
		});
	});
});
