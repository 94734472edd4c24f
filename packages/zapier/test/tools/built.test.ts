import { expectedCounts } from '@memberpass/testing';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
	let folder: string;
	let source: unknown;
	beforeAll(async () => {
		source = JSON.parse(JSON.stringify(await command('definition')));
		folder = mkdtempSync(join(tmpdir(), 'memberpass-zapier-'));
		symlinkSync(join(repoRoot, 'node_modules'), join(folder, 'node_modules'));
		const said = execFileSync(bin('node'), ['build.mts', '--out', folder], {
			cwd: join(__dirname, '../..'),
			encoding: 'utf8',
		});
		expect(said).toMatch(/^wrote .*index\.js \(\d+ KB\)\n$/);
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it.each([
		['22, which Zapier runs', 'node22', '22'],
		['24, which we develop on', 'node', '24'],
	])(
		'on Node %s is valid and has the very definition that the sources have, though its catalogue was evaluated when it was built',
		(_, name, major) => {
			const said = execFileSync(bin(name), ['-e', script], {
				cwd: folder,
				encoding: 'utf8',
				maxBuffer: 10_000_000,
			});
			const { definition, ...facts } = JSON.parse(said) as { definition: unknown };
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
