import { events, families, operations, plumbing, resources } from '@memberpass/catalogue';
import { expectedCounts } from '@memberpass/testing';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runProgram } from '../../../../shared/testing/src/child.ts';
import { moduleAddress, runNode } from '../../../../shared/testing/src/in-tests.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../../shared/testing/src/temporary.ts';
import { workspace } from './script.ts';

const repoRoot = join(workspace, '../..');
const bin = (name: string) => join(repoRoot, 'node_modules', name, 'bin/node');

/** Loads the bundle as Zapier's wrapper does, and asks core about it; then the sources, where they are named. */
const questions = `
	const zapier = require('zapier-platform-core');
	const { parse } = JSON;
	const data = [];
	JSON.parse = (text) => {
		data.push(parse(text));
		return data.at(-1);
	};
	const app = require('./index.js');
	JSON.parse = parse;
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
			data: sources && data,
			source: sources && (await askOf((await import(sources)).default)('definition')),
		}));
	})();
`;

/** Functions are markers that count their arguments, which minor differences of compilers change. */
const withoutFunctions = (value: unknown): unknown =>
	JSON.parse(JSON.stringify(value).replace(/"\$func\$\d+\$[ft]\$"/g, '"function"'));

/** What a file of the catalogue exports: a family with its events, a resource with its operations, or a list. */
type Part = readonly unknown[] | Readonly<Record<string, unknown>>;

/** As data, without where facts come from and what other platforms call them. */
const asRead = (entries: readonly unknown[]): readonly unknown[] => {
	const unread = /^(decisions|n8n|sources|x-(decision|evidence|n8n|source))$/;
	return JSON.parse(
		JSON.stringify(entries, (key, value: unknown) => (unread.test(key) ? undefined : value)),
	) as readonly unknown[];
};

const sorted = (entries: readonly unknown[]): readonly unknown[] =>
	entries.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe('the bundle', () => {
	let temporary: TemporaryFolder;
	let folder: string;
	/** What each Node answers, and what one of them says of the sources. */
	const answers = new Map<string, { readonly definition: unknown }>();
	let source: unknown;
	/** What the bundle reads as JSON while it loads. */
	let data: readonly Part[];
	const ask = async (name: string, ...args: readonly string[]) => {
		const { stdout, stderr } = await runProgram(bin(name), ['-e', questions, ...args], {
			cwd: folder,
			env: { ...process.env, NODE_OPTIONS: '' },
		});
		if (stdout === '') throw new Error(stderr);
		return JSON.parse(stdout) as {
			readonly definition: unknown;
			readonly source?: unknown;
			readonly data?: readonly Part[];
		};
	};
	beforeAll(async () => {
		temporary = temporaryFolder('memberpass-zapier-');
		const elsewhere = join(temporary.path, 'elsewhere');
		mkdirSync(elsewhere);
		folder = join(temporary.path, 'new/dist');
		symlinkSync(join(repoRoot, 'node_modules'), join(temporary.path, 'node_modules'));
		const build = [join(workspace, 'build.mts'), '--out', folder];
		const { stdout } = await runNode(build, { cwd: elsewhere });
		expect(stdout).toMatch(/^wrote .*index\.js \(\d+ KB\)\n$/);
		answers.set('node22', await ask('node22'));
		const sources = moduleAddress(workspace, 'src/index.ts');
		const { source: itself, data: parsed = [], ...facts } = await ask('node', sources);
		answers.set('node', facts);
		source = itself;
		data = parsed;
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

	it('holds every fact of the catalogue but those that the app never reads', () => {
		const all = [...families, ...events, ...resources, ...operations, ...plumbing];
		const told = data.flatMap((part) => Object.values(part).flat());
		expect(sorted(told)).toEqual(sorted(asRead(all)));
		const text = readFileSync(join(folder, 'index.js'), 'utf8');
		expect(/\.(decisions|n8n|sources)\b|x-(decision|evidence|n8n|source)\b/.exec(text)).toBeNull();
	});

	it('needs nothing but Node, names no local path, is small and can be read', () => {
		const text = readFileSync(join(folder, 'index.js'), 'utf8');
		const needed = new Set([...text.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => match[1]));
		expect([...needed].sort()).toEqual(['crypto', 'node:crypto']);
		expect(text).not.toContain(repoRoot);
		expect(text).not.toContain(tmpdir());
		// Zapier's own limit for the zip was 6 MB when it was last published; core takes 0.65 MB of it.
		expect(text.length).toBeLessThan(600_000);
		// Whole and with its names, for whoever reviews it.
		expect(text.split('\n').length).toBeGreaterThan(2_000);
		expect(/function verifySignature\(/.test(text)).toBe(true);
		expect(/function subscribe\(/.test(text)).toBe(true);
	});
});
