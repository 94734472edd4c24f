import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { runProgram } from '../../../shared/testing/src/child.ts';
import { runNode, useFolders } from '../../../shared/testing/src/in-tests.ts';
import { readJson, repoRoot } from './support.mts';

describe('what is shipped', () => {
	const files = (folder: string): readonly string[] =>
		readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.map((path) => join(folder, path))
			.filter((path) => /\.(ts|js|json)$/.test(path));

	test('loads on Node 22 as on Node 24: older releases of n8n run there', async () => {
		const load = `for (const name of ['MemberPass', 'MemberPassTrigger']) {
			const { [name]: NodeClass } = require(\`./dist/nodes/\${name}/\${name}.node.js\`);
			process.stdout.write(\`\${process.versions.node.split('.')[0]} \${new NodeClass().description.name} \`);
		}`;
		const { stdout } = await runProgram(
			join(repoRoot, 'node_modules/node22/bin/node'),
			['--eval', load],
			{ cwd: '.', env: { ...process.env, NODE_OPTIONS: '' } },
		);
		expect(stdout).toBe('22 memberPass 22 memberPassTrigger ');
	});

	test('imports nothing but its own files, n8n-workflow and crypto', () => {
		const imported = files('dist')
			.filter((path) => path.endsWith('.js'))
			.flatMap((path) =>
				[...readFileSync(path, 'utf8').matchAll(/require\("([^"]+)"\)/g)].map((one) => one[1]),
			);
		expect(imported.length).toBeGreaterThan(20);
		expect(imported.filter((one) => one?.startsWith('.') === false).sort()).toEqual(
			expect.arrayContaining(['crypto', 'n8n-workflow']),
		);
		expect(imported.filter((one) => !/^(\.{1,2}\/|crypto$|n8n-workflow$)/.test(one ?? ''))).toEqual(
			[],
		);
	});

	test.each(['MemberPass', 'MemberPassTrigger'])(
		'%s is found by search: a codex with the name of the package, words and guides',
		(node) => {
			const codex = readJson(`dist/nodes/${node}/${node}.node.json`) as {
				readonly alias: readonly string[];
			};
			expect(codex).toMatchObject({
				node: 'n8n-nodes-memberpass',
				codexVersion: '1.0',
				categories: ['Marketing & Content', 'Sales'],
				resources: {
					primaryDocumentation: [{ url: 'https://docs.memberpass.net/integrations/n8n' }],
					credentialDocumentation: [{ url: 'https://docs.memberpass.net/integrations/n8n' }],
				},
			});
			expect(codex.alias).toEqual(expect.arrayContaining(['Telegram', 'Membership']));
		},
	);

	test('has a light and a dark icon: two small square drawings', () => {
		const [light, dark] = ['memberpass.svg', 'memberpass.dark.svg'].map((name) =>
			readFileSync(`dist/icons/${name}`, 'utf8'),
		);
		expect(light).not.toBe(dark);
		for (const icon of [light ?? '', dark ?? '']) {
			const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(icon) ?? [];
			expect(width).toBeDefined();
			expect(width).toBe(height);
			expect(icon.length).toBeLessThan(5_000);
			expect(icon).not.toMatch(/<script|href=|<image/);
		}
	});

	test('switches no lint rule off: the verification gate ignores such comments', () => {
		const sources = ['nodes', 'credentials'].flatMap(files);
		expect(sources.length).toBeGreaterThan(20);
		expect(
			sources.filter((path) =>
				/eslint-disable|@ts-ignore|@ts-expect-error/.test(readFileSync(path, 'utf8')),
			),
		).toEqual([]);
	});

	test('holds no function that nothing calls: whoever reads it first reads what runs', () => {
		const source = files('nodes')
			.filter((path) => path.endsWith('.ts') && !path.endsWith('.node.ts'))
			.map((path) => readFileSync(path, 'utf8'))
			.join('\n');
		const named = source.matchAll(/\b(?:function|const) (\w+)(?: =|[(<:])/g);
		const names = [...new Set([...named].map(([, name = '']) => name))];
		expect(names.length).toBeGreaterThan(100);
		const entered = files('nodes')
			.filter((path) => path.endsWith('.node.ts'))
			.map((path) => readFileSync(path, 'utf8'))
			.join('\n');
		expect(
			names.filter((name) => {
				const uses = source.match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
				return uses.length === 1 && !entered.includes(name);
			}),
		).toEqual([]);
	});

	test('declares no dependency, and ships dist only', () => {
		const declared = readJson('package.json') as Record<string, unknown>;
		expect(declared['dependencies']).toBeUndefined();
		expect(declared['peerDependencies']).toEqual({ 'n8n-workflow': '*' });
		expect(declared['files']).toEqual(['dist']);
		expect(declared['n8n']).toMatchObject({ n8nNodesApiVersion: 1, strict: true });
	});

	test('has a README with the headings that n8n asks for, the figures and the examples', () => {
		const readme = readFileSync('README.md', 'utf8');
		expect([...readme.matchAll(/^## (.+)$/gm)].map((one) => one[1])).toEqual([
			'Installation',
			'Operations',
			'Credentials',
			'Compatibility',
			'Usage',
			'Resources',
			'Version history',
		]);
		for (const name of readdirSync('examples')) expect(readme).toContain(`examples/${name}`);
		expect(readme).toContain('npm run compare:n8n');
		const { version } = JSON.parse(
			readFileSync(join(repoRoot, 'node_modules/n8n-core/package.json'), 'utf8'),
		) as { version: string };
		expect(readme).toContain(`n8n-core ${version}`);
	});

	test('comes with a comparison that says what it does before it does it', async () => {
		const { stdout: help } = await runNode(['compare/main.mts', '--help']);
		expect(help).toContain('npm run compare:n8n');
		expect(help.replace(/\s+/g, ' ')).toContain('kept in .cache (not committed)');
	});

	test('is published by a workflow with provenance and without a stored token', () => {
		const workflow = readFileSync(join(repoRoot, '.github/workflows/publish-n8n.yml'), 'utf8');
		expect(workflow).toContain('id-token: write');
		expect(workflow).toContain("NPM_CONFIG_PROVENANCE: 'true'");
		expect(workflow).toContain('npx n8n-node lint');
		expect(workflow).not.toContain('secrets.');
	});

	test('packs what runs, and nothing else', async () => {
		const { stdout } = await runProgram(
			'npm',
			['pack', '--dry-run', '--json', '--ignore-scripts'],
			{ cwd: '.', env: { ...process.env, NODE_OPTIONS: '' } },
		);
		const [packed] = JSON.parse(stdout) as [
			{ readonly files: readonly { readonly path: string }[] },
		];
		const strange = packed.files
			.map((file) => file.path)
			.filter((path) => !/^(package\.json|README\.md|LICENSE(\.md)?)$/.test(path))
			.filter((path) => !/^dist\/(nodes|credentials|icons)\/.+\.(js|json|svg|d\.ts)$/.test(path));
		expect(strange).toEqual([]);
		expect(packed.files.length).toBeGreaterThan(150);
	});

	test('holds the eslint configuration that n8n prescribes', () => {
		expect(readFileSync('eslint.config.mjs', 'utf8').replace(/\s+/g, ' ').trim()).toBe(
			"import { config } from '@n8n/node-cli/eslint'; export default config;",
		);
	});
});

describe("n8n's verification scan", () => {
	const folder = useFolders('scan');
	/** Under NODE_ENV=test n8n's rules look for the file names of their own tests. */
	const asPublished = { env: { NODE_ENV: 'production' } };

	/** Folders and what of each is scanned. In a process of their own, all in one: the scanner brings another eslint. */
	const scan = async (
		scans: readonly (readonly [folder: string, patterns: string])[],
	): Promise<unknown> => {
		const rows = scans.map(([path, patterns]) => `[${JSON.stringify(path)}, ${patterns}]`).join();
		const { stdout } = await runNode(
			[
				'--input-type=module',
				'--eval',
				`import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
				const verdicts = [];
				for (const [folder, patterns] of [${rows}]) {
					verdicts.push(await analyzePackage(folder, patterns));
				}
				process.stdout.write(JSON.stringify(verdicts));
				process.exit();`,
			],
			asPublished,
		);
		return JSON.parse(stdout);
	};

	test("n8n's lint has neither an error nor a warning for it", async () => {
		const eslint = join(repoRoot, 'node_modules/eslint/bin/eslint.js');
		// What "n8n-node lint" runs, which lets warnings pass.
		expect(await runNode([eslint, '--max-warnings=0', '.'], asPublished)).toEqual({
			code: 0,
			stdout: '',
			stderr: '',
		});
	});

	test('finds nothing in the sources, nothing in what is built, and what is planted', async () => {
		const planted = folder();
		mkdirSync(join(planted, 'nodes'));
		writeFileSync(
			join(planted, 'nodes/a.js'),
			"const fs = require('fs'); setTimeout(fs.close, 1);",
		);
		expect(
			await scan([
				[resolve('.'), 'SOURCE_FILE_PATTERNS'],
				[resolve('dist'), "['**/*.js']"],
				[planted, 'SOURCE_FILE_PATTERNS'],
			]),
		).toEqual([{ passed: true }, { passed: true }, expect.objectContaining({ passed: false })]);
	});
});
