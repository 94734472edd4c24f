import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectedCounts } from '@memberpass/testing';

import { runProgram } from '../../../../shared/testing/src/child.ts';
import { useFolders } from '../../../../shared/testing/src/in-tests.ts';
import app from '../../src/index.ts';
import { repoRoot } from '../support.ts';

const workspace = join(__dirname, '../..');
const node = join(repoRoot, 'node_modules/node/bin/node');
const hasTool = existsSync(join(repoRoot, '.cache/zapier-cli/.complete.json'));

const newFolder = useFolders('zapier');

/** Runs one of the scripts beside package.json. */
const script = async (name: string, ...args: string[]) =>
	await runProgram(node, [`${name}.mts`, ...args], { cwd: workspace });

it.each(['build', 'build-zip', 'bench', 'invoke'])('%s explains itself', async (name) => {
	const { code, stdout } = await script(name, '--help');
	expect(code).toBe(0);
	expect(stdout).toContain('--help');
	expect(stdout).toContain('npm run ');
});

it('a bundle that cannot be put in its place leaves nothing half written beside it', async () => {
	const folder = newFolder();
	mkdirSync(join(folder, 'index.js'));
	const { code, stderr } = await script('build', '--out', folder);
	expect([code, stderr]).toEqual([1, expect.stringMatching(/^EISDIR: [^\n]+\n$/)]);
	expect(readdirSync(folder)).toEqual(['index.js']);
});

describe('invoke', () => {
	it('switches a trigger on, delivers its event and prints the run', async () => {
		const { code, stdout, stderr } = await script('invoke', 'member_joined');
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ type: 'member.joined' })]);
		expect(stderr).toMatch(/switched on: .*\n.*signed\n.*switched off/s);
	});

	it('runs everything against the sandbox: each gives what its sample promises, each trigger shows what it delivered', async () => {
		const { code, stdout } = await script('invoke', '--all');
		expect([code, stdout.match(/^FAIL.*$/gm)]).toEqual([0, null]);
		const all = expectedCounts.events + expectedCounts.actions + expectedCounts.searches;
		expect(stdout.match(/^ok /gm)).toHaveLength(all);
		expect(stdout).toContain(`\n${all} of ${all} are as promised\n`);
	}, 600_000);

	it('tells every step that is not as promised when it runs everything', async () => {
		const { code, stdout } = await script('test/tools/doctored');
		expect(code).toBe(4);
		expect(stdout.split('\n')).toEqual([
			'FAIL triggers member_joined: the editor shows another event',
			'ok   triggers member_kicked',
			'FAIL creates create_plan: lacks project_id, name, price, currency, billing_cycle, active, created_at',
			'FAIL creates create_resource: broken on purpose',
			'FAIL searches list_roles: no result',
			'1 of 5 are as promised',
			'',
		]);
	});

	it.each([
		['create_resource', { id: expect.stringMatching(/^rsc_/) }],
		['connection', { team_name: expect.any(String), environment: 'test' }],
	])('chooses the inputs of %s from their lists and prints the result', async (key, expected) => {
		const { code, stdout } = await script('invoke', key);
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject(expected);
	});

	it.each([
		[['nope'], /has no "nope"/],
		[[], /Name one key/],
		[['list_members', '--input', '{}'], /'Project' is required/],
		[['list_members', '--input', '[1]'], /must be a JSON object/],
		[['list_roles', '--all'], /takes no key/],
		[['create_resource', '--list'], /is no trigger/],
		[['list_roles', '--origin', 'https://127.0.0.1:1'], /Give the token/],
		[['list_roles', '--origin', 'http://10.0.0.1', '--token', 'x'], /must start with https/],
	])('%j fails with 1 and says why', async (args, words) => {
		const { code, stdout, stderr } = await script('invoke', ...args);
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(words);
	});
});

// Zapier's tool is installed on first use, over the network; `npm run build:zip` does that.
(hasTool ? it : it.skip)(
	`builds with Zapier's own tool a zip below 1 MB that runs on Node 22 and 24${hasTool ? '' : ' (skipped: the tool is not installed yet, "npm run build:zip" does that)'}`,
	async () => {
		const folder = newFolder();
		const file = join(folder, 'figures.json');
		const { code, stderr } = await script(
			'build-zip',
			'--offline',
			'--out',
			folder,
			'--json',
			file,
		);
		expect([code, stderr]).toEqual([0, '']);
		const figures = JSON.parse(readFileSync(file, 'utf8')) as {
			zip: number;
			definition: number;
			operations: number[];
			nodes: string[];
		};
		expect(figures.operations).toEqual([
			expectedCounts.events,
			expectedCounts.actions,
			expectedCounts.searches,
		]);
		expect(figures.nodes.map((version) => version.split('.')[0])).toEqual(['22', '24']);
		expect(figures.zip).toBeLessThan(1_000_000);
		expect(figures.definition).toBeLessThan(450_000);
		expect(existsSync(join(folder, 'build.zip'))).toBe(true);
	},
	300_000,
);

it("Zapier's tool is locked: the version of core, and a hash for every package", () => {
	const read = (name: string) => JSON.parse(readFileSync(join(workspace, name), 'utf8')) as unknown;
	const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
	const { packages } = read('cli/package-lock.json') as {
		packages: Record<string, { version?: string; integrity?: string }>;
	};
	expect(packages['node_modules/zapier-platform-cli']?.version).toBe(
		dependencies['zapier-platform-core'],
	);
	const loose = Object.entries(packages).filter(
		([path, { integrity }]) => path !== '' && !integrity,
	);
	expect(loose.map(([path]) => path)).toEqual([]);
	expect(Object.keys(packages).length).toBeGreaterThan(500);
});

it('the changelog has a section for this version, which promote demands, in words for users', () => {
	const { version } = JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')) as {
		version: string;
	};
	const changelog = readFileSync(join(workspace, 'CHANGELOG.md'), 'utf8');
	const [, later = ''] = changelog.split(`\n## ${version}\n`);
	const [section = ''] = later.split('\n## ');
	expect(section.trim().length).toBeGreaterThan(40);
	expect(section).not.toMatch(/\b(catalogue|lint|tests?|surface|core)\b/i);
});

/** The rounds of the publishing sheet: what to do, and what fires. */
function publishingRounds(): readonly (readonly [string, string])[] {
	const sheet = readFileSync(join(workspace, 'PUBLISHING.md'), 'utf8');
	const [, rounds = ''] = sheet.split('## Live Zaps: the shortest way through all events');
	return (rounds.split('\n## ')[0] ?? '')
		.split('\n')
		.filter((line) => /^\| \d+\. /.test(line))
		.map((line) => {
			const [, steps = '', fires = ''] = line.split(' | ');
			return [steps, fires.replace(/ \|$/, '')];
		});
}

it('the publishing sheet runs only actions that the app has, by their present labels', () => {
	const run = publishingRounds().flatMap(([steps]) =>
		[...steps.matchAll(/\b[Rr]un (?:the actions )?((?:[A-Z]\w+(?: [A-Z]\w+)*(?:, )?)+)/g)].flatMap(
			([, names = '']) => names.replace(/, $/, '').split(', '),
		),
	);
	const labels = Object.values(app.creates).map(({ display }) => display.label);
	expect(run).toContain('Unpublish Plan');
	expect(run.filter((name) => !labels.includes(name))).toEqual([]);
});

it('the publishing sheet says how to make the event of every visible trigger fire, each in one round', () => {
	const fired = publishingRounds().flatMap(([, fires]) => fires.split(', '));
	const visible = Object.values(app.triggers)
		.filter(({ display }) => display.hidden !== true)
		.map(({ display }) => display.label);
	expect(fired.toSorted()).toEqual(visible.toSorted());
	// Two are hidden.
	expect(visible).toHaveLength(expectedCounts.events - 2);
});

it("the publishing sheet says where Zapier's tool is, under which name it is called, and that it is the locked one", () => {
	const sheet = readFileSync(join(workspace, 'PUBLISHING.md'), 'utf8').replace(/\s+/g, ' ');
	const { packages } = JSON.parse(
		readFileSync(join(workspace, 'cli/package-lock.json'), 'utf8'),
	) as { packages: Record<string, { version?: string; bin?: Record<string, string> }> };
	const { version, bin = {} } = packages['node_modules/zapier-platform-cli'] ?? {};
	const called = [...sheet.matchAll(/`(zapier[\w-]*) /g)].map(([, name]) => name);
	expect(called.length).toBeGreaterThan(3);
	expect(new Set(called)).toEqual(new Set(Object.keys(bin)));
	const where = /`zapier-platform` is `(\S+)` of this checkout, version (\S+),/
		.exec(sheet)
		?.slice(1);
	expect(where).toEqual(['.cache/zapier-cli/node_modules/.bin/zapier-platform', version]);
});

it('the publishing sheet names every typed ID, of which D004 may complain', () => {
	const sheet = readFileSync(join(workspace, 'PUBLISHING.md'), 'utf8').replace(/\s+/g, ' ');
	const steps = [...Object.values(app.creates), ...Object.values(app.searches)];
	const fields = steps.flatMap(
		({ operation }) =>
			(operation.inputFields ?? []) as { key: string; label?: string; choices?: unknown }[],
	);
	const typed = fields.filter(({ key, choices }) => /_ids?$/.test(key) && choices === undefined);
	const labels = [...new Set(typed.map(({ label }) => label))];
	expect(labels).toHaveLength(4);
	const [, named = ''] = /D004 \(([^)]+)\)/.exec(sheet) ?? [];
	for (const label of labels) expect(named).toContain(label);
});

it('the description for the listing is as long as Zapier wants, and names neither it nor syncing (M002)', () => {
	const sheet = readFileSync(join(workspace, 'PUBLISHING.md'), 'utf8');
	const [, description = ''] = /"(MemberPass is a [^"]+)"/.exec(sheet) ?? [];
	expect(description.length).toBeGreaterThanOrEqual(40);
	expect(description.length).toBeLessThanOrEqual(140);
	expect(description).not.toMatch(/zapier|sync/i);
	expect(sheet).toContain(`(${description.length} characters;`);
});
