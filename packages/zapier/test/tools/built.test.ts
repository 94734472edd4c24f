import { expectedCounts } from '@memberpass/testing';
import { readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../../../shared/testing/src/child.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../../shared/testing/src/temporary.ts';
import { command } from '../house-lint/definition.ts';
import { repoRoot } from '../support.ts';

const bin = (name: string) => join(repoRoot, 'node_modules', name, 'bin/node');

/** Loads the bundle as Zapier's wrapper does, and asks core about it. */
const script = `
	const zapier = require('zapier-platform-core');
	const app = require('./index.js');
	const handler = zapier.createAppHandler(app);
	(async () => {
		const ask = async (command) => (await handler({ command, calledFromCli: true })).results;
		const count = (group) => Object.keys(app[group]).length;
		process.stdout.write(JSON.stringify({
			node: process.versions.node.split('.')[0],
			errors: await ask('validate'),
			counts: ['triggers', 'creates', 'searches'].map(count),
			definition: await ask('definition'),
		}));
	})();
`;

/** Functions are markers that count their arguments, which minor differences of compilers change. */
const withoutFunctions = (value: unknown): unknown =>
	JSON.parse(JSON.stringify(value).replace(/"\$func\$\d+\$[ft]\$"/g, '"function"'));

describe('the bundle', () => {
	let temporary: TemporaryFolder;
	let folder: string;
	let source: unknown;
	beforeAll(async () => {
		source = JSON.parse(JSON.stringify(await command('definition')));
		temporary = temporaryFolder('memberpass-zapier-');
		folder = temporary.path;
		symlinkSync(join(repoRoot, 'node_modules'), join(folder, 'node_modules'));
		const cwd = join(__dirname, '../..');
		const { stdout } = await runProgram(bin('node'), ['build.mts', '--out', folder], { cwd });
		expect(stdout).toMatch(/^wrote .*index\.js \(\d+ KB\)\n$/);
	});
	afterAll(() => temporary.remove());

	it.each([
		['22, which Zapier runs', 'node22', '22'],
		['24, which we develop on', 'node', '24'],
	])(
		'on Node %s is valid and has the very definition that the sources have, though its catalogue was evaluated when it was built',
		async (_, name, major) => {
			const { stdout } = await runProgram(bin(name), ['-e', script], { cwd: folder });
			const { definition, ...facts } = JSON.parse(stdout) as { definition: unknown };
			expect(facts).toEqual({
				node: major,
				errors: [],
				counts: [expectedCounts.events, expectedCounts.actions, expectedCounts.searches],
			});
			expect(withoutFunctions(definition)).toEqual(withoutFunctions(source));
		},
	);

	it('needs nothing but core and Node, names no local path and can be read', () => {
		const text = readFileSync(join(folder, 'index.js'), 'utf8');
		const needed = new Set([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]));
		expect([...needed].sort()).toEqual(['crypto', 'node:crypto', 'zapier-platform-core']);
		expect(text).not.toContain(repoRoot);
		expect(text).not.toContain(tmpdir());
		// Whole and with its names, for whoever reviews it.
		expect(text.split('\n').length).toBeGreaterThan(2_000);
		expect(/function verifySignature\(/.test(text)).toBe(true);
		expect(/function subscribe\(/.test(text)).toBe(true);
	});
});
