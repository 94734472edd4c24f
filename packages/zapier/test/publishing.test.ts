import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expectedCounts } from '@memberpass/testing';

import app from '../src/index.ts';

const workspace = join(__dirname, '..');

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
