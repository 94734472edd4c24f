import { execFileSync, spawnSync } from 'node:child_process';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { checkoutFiles } from '../src/checkout-files.ts';

const root = join(__dirname, '../../..');

/** The rules that a file breaks, were it at that place in the repository. */
function brokenBy(path: string, source: string): readonly string[] {
	const folder = mkdtempSync(join(tmpdir(), 'lint-'));
	try {
		cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
		mkdirSync(join(folder, dirname(path)), { recursive: true });
		writeFileSync(join(folder, path), source);
		const { stdout } = spawnSync('oxlint', ['-f', 'json'], {
			// Where "check:own" runs.
			cwd: join(folder, dirname(dirname(path))),
			encoding: 'utf8',
		});
		const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { code: string }[] };
		return [...new Set(diagnostics.map(({ code }) => code))].sort();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
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
	])('%s that %s is told so', (path, _, source, rules) => {
		expect(brokenBy(path, source)).toEqual(rules);
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
	it('looks at every folder that has a configuration', () => {
		const listed = execFileSync('node', ['shared/testing/src/bin/typecheck.ts', '--list'], {
			cwd: root,
			encoding: 'utf8',
		});
		const folders = (paths: readonly string[]): readonly string[] => paths.map(dirname).sort();
		expect(folders(listed.trim().split('\n'))).toEqual(
			folders(checkoutFiles(root, '**/tsconfig.json')),
		);
	});

	it('notices what changed since its last run, however old the file says it is', () => {
		const folder = mkdtempSync(join(tmpdir(), 'types-'));
		const command = 'shared/testing/src/bin/typecheck.ts';
		const check = (): number | null => spawnSync('node', [command], { cwd: folder }).status;
		const write = (path: string, content: string): void => {
			mkdirSync(join(folder, dirname(path)), { recursive: true });
			writeFileSync(join(folder, path), content);
			utimesSync(join(folder, path), 1, 1);
		};
		try {
			cpSync(join(root, command), join(folder, command));
			for (const name of ['child.ts', 'command-line.ts', 'host.ts', 'temporary.ts']) {
				const path = join('shared/testing/src', name);
				cpSync(join(root, path), join(folder, path));
			}
			const modules = 'shared/testing/node_modules';
			symlinkSync(join(root, modules), join(folder, modules));
			write('package.json', '{ "type": "module" }');
			write('shared/room/tsconfig.json', '{ "compilerOptions": { "types": [] } }');
			write('shared/room/a.ts', "export const a: string = 'a';\n");
			expect(check()).toBe(0);
			write('shared/room/a.ts', 'export const a: string = 1;\n');
			expect(check()).toBe(1);
			write('shared/room/a.ts', "export const a: string = 'a';\n");
			expect(check()).toBe(0);
			write('shared/room/b.ts', 'export const b: string = 1;\n');
			expect(check()).toBe(1);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});

describe('what tests and commands share', () => {
	// Jest takes imports for granted that Node refuses, such as a name out of a CommonJS module.
	it('can be loaded by Node itself, in which the commands and the end-to-end tests run', () => {
		const files = checkoutFiles(root, ':(glob)shared/testing/src/*.ts')
			.filter((path) => !path.endsWith('/setup.ts'))
			.map((path) => pathToFileURL(join(root, path)).href);
		expect(files.length).toBeGreaterThan(10);
		const source = files.map((file) => `import '${file}';`).join('\n');
		const options = { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } } as const;
		const { status, stderr } = spawnSync('node', ['--input-type=module', '-e', source], options);
		expect(status === 0 ? '' : stderr).toBe('');
	});
});
