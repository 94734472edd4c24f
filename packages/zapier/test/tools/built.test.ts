import { expectedCounts } from '@memberpass/testing';
import { readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../../../shared/testing/src/child.ts';
import { moduleAddress } from '../../../../shared/testing/src/in-tests.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../../shared/testing/src/temporary.ts';
import { script, workspace } from './script.ts';

const repoRoot = join(workspace, '../..');
const bin = (name: string) => join(repoRoot, 'node_modules', name, 'bin/node');

/** Loads the bundle as Zapier's wrapper does, and asks core about it; then the sources, where they are named. */
const questions = `
	const zapier = require('zapier-platform-core');
	const app = require('./index.js');
	const askOf = (app) => {
		const handler = zapier.createAppHandler(app);
		return async (command) => (await handler({ command, calledFromCli: true })).results;
	};
	(async () => {
		const ask = askOf(app);
		const [, sources] = process.argv;
		const count = (group) => Object.keys(app[group]).length;
		process.stdout.write(JSON.stringify({
			node: process.versions.node.split('.')[0],
			errors: await ask('validate'),
			counts: ['triggers', 'creates', 'searches'].map(count),
			definition: await ask('definition'),
			source: sources && (await askOf((await import(sources)).default)('definition')),
		}));
	})();
`;

/** Functions are markers that count their arguments, which minor differences of compilers change. */
const withoutFunctions = (value: unknown): unknown =>
	JSON.parse(JSON.stringify(value).replace(/"\$func\$\d+\$[ft]\$"/g, '"function"'));

describe('the bundle', () => {
	let temporary: TemporaryFolder;
	let folder: string;
	/** What each Node answers, and what one of them says of the sources. */
	const answers = new Map<string, { readonly definition: unknown }>();
	let source: unknown;
	const ask = async (name: string, ...args: readonly string[]) => {
		const { stdout, stderr } = await runProgram(bin(name), ['-e', questions, ...args], {
			cwd: folder,
			env: { ...process.env, NODE_OPTIONS: '' },
		});
		if (stdout === '') throw new Error(stderr);
		return JSON.parse(stdout) as { readonly definition: unknown; readonly source?: unknown };
	};
	beforeAll(async () => {
		temporary = temporaryFolder('memberpass-zapier-');
		folder = temporary.path;
		symlinkSync(join(repoRoot, 'node_modules'), join(folder, 'node_modules'));
		const { stdout } = await script('build', '--out', folder);
		expect(stdout).toMatch(/^wrote .*index\.js \(\d+ KB\)\n$/);
		answers.set('node22', await ask('node22'));
		const sources = moduleAddress(workspace, 'src/index.ts');
		const { source: itself, ...facts } = await ask('node', sources);
		answers.set('node', facts);
		source = itself;
	});
	afterAll(() => temporary.remove());

	it.each([
		['22, which Zapier runs', 'node22', '22'],
		['24, which we develop on', 'node', '24'],
	])(
		'on Node %s is valid and has the very definition that the sources have, though its catalogue was evaluated when it was built',
		(_, name, major) => {
			const { definition, ...facts } = answers.get(name) ?? { definition: null };
			expect(facts).toEqual({
				node: major,
				errors: [],
				counts: [expectedCounts.events, expectedCounts.actions, expectedCounts.searches],
			});
			expect(withoutFunctions(definition)).toEqual(withoutFunctions(source));
		},
	);

	it('needs nothing but Node, names no local path and can be read', () => {
		const text = readFileSync(join(folder, 'index.js'), 'utf8');
		const needed = new Set([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]));
		expect([...needed].sort()).toEqual(['crypto', 'node:crypto']);
		expect(text).not.toContain(repoRoot);
		expect(text).not.toContain(tmpdir());
		// Whole and with its names, for whoever reviews it.
		expect(text.split('\n').length).toBeGreaterThan(2_000);
		expect(/function verifySignature\(/.test(text)).toBe(true);
		expect(/function subscribe\(/.test(text)).toBe(true);
	});
});
