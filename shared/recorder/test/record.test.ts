import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadEventFixtures, loadRecordings } from '../../testing/src/fixtures.ts';
import type { Sandbox } from '../../../packages/sandbox/src/index.ts';
import {
	contentOf,
	differencesOf,
	everything,
	newFolder,
	optionsFor,
	repoRoot,
	run,
	sandboxWith,
	tidyUp,
} from './support.ts';

afterAll(tidyUp);

/** `.data[].name: string` for every value inside. */
function pathsOf(value: unknown, at = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${at}[]`));
	return typeof value === 'object' && value !== null
		? Object.entries(value).flatMap(([key, one]) => pathsOf(one, `${at}.${key}`))
		: [`${at}: ${value === null ? 'null' : typeof value}`];
}

/** What the successful recordings of each operation show: statuses, media types, keys with their types. */
function shownBy(root: string): Map<string, ReadonlySet<string>> {
	return new Map(
		loadRecordings(root).map(({ operation, recordings }) => [
			operation,
			new Set(
				recordings
					.filter(({ output }) => output !== null)
					.flatMap(({ exchanges }) => exchanges)
					.filter(({ response }) => response.status < 300)
					.flatMap(({ response }) => [
						`status ${response.status}`,
						`type ${response.headers['content-type'] ?? 'none'}`,
						...pathsOf(response.body),
					]),
			),
		]),
	);
}

/** The rows that a recording could leave behind, or change. */
const rowsOf = (sandbox: Sandbox) => ({
	projects: [...sandbox.state.projects.values()].map(({ id, name, active }) => ({
		id,
		name,
		active,
	})),
	plans: [...sandbox.state.plans.keys()],
	resources: [...sandbox.state.resources.keys()],
	codes: [...sandbox.state.accessCodes.keys()],
	endpoints: sandbox.engine.listEndpoints(),
});

/** One recording of everything, for all the tests that look at one. */
async function recordOnce() {
	const sandbox = await sandboxWith();
	const root = newFolder();
	const before = rowsOf(sandbox);
	const report = await run({
		...everything(sandbox, join(root, 'fixtures')),
		report: join(root, 'report.json'),
	});
	return { sandbox, root, before, report };
}

describe('a recording of the sandbox', () => {
	let recorded: Awaited<ReturnType<typeof recordOnce>>;
	beforeAll(async () => {
		recorded = await recordOnce();
	});

	it('differs from the catalogue in nothing, and from what is committed only in what is known', () => {
		const { root, report } = recorded;
		expect(differencesOf(report)).toEqual([]);

		const committed = shownBy(repoRoot);
		const more = [...shownBy(root)].flatMap(([operation, shown]) =>
			[...shown]
				.filter((line) => committed.get(operation)?.has(line) !== true)
				.map((line) => `${operation} ${line}`),
		);
		// Rows of this account that happen to lack, or to have, what the committed examples do not.
		expect(more.sort()).toEqual([
			// The page of the answer is cut before its sample, so the committed one lacks the preview that it names.
			'bulk_generate_access_codes .data.preview.chargeable_quantity: number',
			'bulk_generate_access_codes .data.preview.cost: string',
			'bulk_generate_access_codes .data.preview.free_remaining: number',
			'get_group .data.project_ids[]: string',
			'get_plan .data.description: null',
			'get_project .data.banner_url: null',
			'get_project .data.description: null',
			'get_resource .data.chat_id: null',
			'get_subscriber_analytics .data.status_distribution.expired: number',
			'get_subscriber_analytics .data.status_distribution.past_due: number',
			'get_subscription .data.trial_ends_at: string',
			'get_token .data.last_used_at: null',
		]);
	});

	it('names what a run without a tunnel never calls', async () => {
		const sandbox = await sandboxWith();
		const report = await run({
			...everything(sandbox, '/nowhere/fixtures'),
			tunnel: null,
			dryRun: true,
		});
		const uncalled = report.gaps.filter(({ reason }) => reason === 'nothing in this run calls it');
		expect(uncalled.map(({ subject }) => subject).sort()).toEqual([
			'create_webhook_endpoint',
			'delete_webhook_endpoint',
			'retry_webhook_delivery',
			'rotate_webhook_secret',
			'test_webhook_endpoint',
			'update_webhook_endpoint',
		]);
	});

	it('has every read and every write that needs no person, and says what it has not', () => {
		const { root, report } = recorded;
		const committed = loadRecordings(repoRoot).map(({ operation }) => operation);
		const gaps = report.gaps.map(({ subject }) => subject).sort();
		expect(committed.filter((key) => report.operations[key] === undefined).sort()).toEqual(gaps);
		expect([...new Set(report.gaps.map(({ reason }) => reason))].sort()).toEqual([
			'it needs a person, and the project has none',
			'it reaches beyond the throw-away project',
			'no delivery failed for good',
		]);
		// The test delivery and what the writes set off, each verified.
		expect(report.deliveries).toEqual(
			expect.arrayContaining([
				'subscription.created',
				'project.resource.created',
				'project.resource.deleted',
				'plan.created',
				'plan.updated',
				'plan.deactivated',
				'plan.activated',
				'plan.deleted',
				'access_code.generated',
				'project.archived',
				'project.restored',
			]),
		);
		expect(loadEventFixtures(root).map(({ variant }) => variant)).toContain('recorded');
		expect(report.observations).toEqual(
			expect.arrayContaining([
				{ topic: 'idempotency key', subject: 'missing', seen: '400 IDEMPOTENCY_KEY_REQUIRED' },
				{ topic: 'idempotency key', subject: 'sent twice', seen: '201, done, the same bytes' },
				{
					topic: 'idempotency key',
					subject: 'with another body',
					seen: '409 IDEMPOTENCY_KEY_REUSED',
				},
				{ topic: 'event id header', subject: 'MP-Event-Id', seen: 'the same as id' },
			]),
		);
	});

	it('is never called one of the live API', () => {
		const { root, report } = recorded;
		const rows = [
			...loadRecordings(root).flatMap(({ recordings }) => recordings),
			...loadEventFixtures(root),
		];
		expect(rows.length).toBeGreaterThan(100);
		expect([...new Set(rows.map(({ evidence }) => evidence))]).toEqual(['inferred']);
		const said = rows.filter(
			({ note, source }) =>
				/^http:\/\/localhost(?:\/|$)/.test(source) &&
				/^Recorded on \d{4}-\d\d-\d\d from another host than the live API, /.test(note),
		);
		expect(said).toHaveLength(rows.length);
		expect(report.origin).toBe('http://localhost');
	});

	it('calls a refusal what it is', () => {
		const statuses = new Map<string, Set<number | null>>();
		for (const { recordings } of loadRecordings(recorded.root)) {
			for (const { name, error } of recordings) {
				const kind = name.replace(/^recorded: (.+?)(?: \d+)?$/, '$1');
				const seen = statuses.get(kind) ?? new Set();
				statuses.set(kind, seen.add(error?.status ?? null));
			}
		}
		expect(statuses.get('not found')).toEqual(new Set([404]));
		expect(statuses.get('wrong token')).toEqual(new Set([401]));
		expect(statuses.get('success')).toEqual(new Set([null]));
		expect(statuses.get('empty list')).toEqual(new Set([null]));
	});

	it('leaves the account as it was', () => {
		expect(rowsOf(recorded.sandbox)).toEqual(recorded.before);
	});

	it('holds nothing of the account but ids, and those changed', () => {
		const { sandbox, root } = recorded;
		const all = Object.values(contentOf(root)).join('\n');
		const { members, projects, plans, subscriptions } = sandbox.state;
		const mine = [
			sandbox.token,
			...[...projects.values()].flatMap(({ id, handle, name }) => [id, handle, name]),
			...[...plans.values()].flatMap(({ id, name }) => [id, name]),
			...[...members.values()].flatMap(({ id, name, email, chat_id }) => [
				id,
				name,
				email,
				chat_id,
			]),
			...subscriptions.keys(),
		].filter((value): value is string => typeof value === 'string');
		expect(mine.length).toBeGreaterThan(100);
		expect(mine.filter((value) => all.includes(value))).toEqual([]);
	});

	it('reads only, unless it is asked for more', async () => {
		const sandbox = await sandboxWith();
		const root = newFolder();
		const report = await run(optionsFor(sandbox, join(root, 'fixtures')));
		const methods = loadRecordings(root)
			.flatMap(({ recordings }) => recordings)
			.flatMap(({ exchanges }) => exchanges)
			.map(({ request }) => request.method);
		expect(new Set(methods)).toEqual(new Set(['GET']));
		expect(report.deliveries).toEqual([]);
	});

	it('without fixtures still reports', async () => {
		const sandbox = await sandboxWith();
		const root = newFolder();
		writeFileSync(join(root, 'file'), '');
		const report = await run(
			// No place for fixtures: none is needed.
			optionsFor(sandbox, join(root, 'file'), {
				dryRun: true,
				report: join(root, 'report.json'),
			}),
		);
		expect(Object.keys(contentOf(root)).sort()).toEqual(['file', 'report.json']);
		expect(report.written).toEqual([]);
		expect(JSON.parse(readFileSync(join(root, 'report.json'), 'utf8'))).toEqual(report);
	});
});

it('a list that is longer than was asked for is judged and not recorded', async () => {
	const sandbox = await sandboxWith({}, false);
	const [project] = [...sandbox.state.projects.values()];
	if (project === undefined) throw new Error('The account has no project.');
	for (let count = 100; count < 300; count++) {
		const id = `prj_01JV9K3PZM4T8QX6WBNRH2C${count}`;
		sandbox.state.projects.set(id, { ...project, id, handle: `club-${count}` });
	}
	const report = await run(
		optionsFor(sandbox, '/nowhere/fixtures', { maxPages: 2, breadth: 1, dryRun: true }),
	);
	expect(report.operations['list_projects']).toBeUndefined();
	expect(report.gaps).toContainEqual({
		subject: 'list_projects',
		reason: 'it has more than 2 pages: raise --max-pages',
	});
});

it('a token that may do little records what it may and names what it may not', async () => {
	const sandbox = await sandboxWith();
	const root = newFolder();
	const { plain } = sandbox.mint({ abilities: ['project:view-any', 'project:view'] });
	const report = await run(optionsFor(sandbox, join(root, 'fixtures'), { token: plain }));
	expect(report.operations['list_projects']).toContain('success');
	expect(report.operations['list_roles']).toEqual(['missing ability']);
	expect(differencesOf(report)).toEqual([]);
	expect(report.gaps).toContainEqual({ subject: 'get_role', reason: 'the account has no role' });
});

it.each([
	[
		'create_resource',
		{ subject: 'create_plan and what follows from a plan', reason: 'no resource could be made' },
	],
	['create_plan', { subject: 'what follows from a plan', reason: 'no plan could be made' }],
	[
		'bulk_generate_access_codes',
		{ subject: 'delete_access_code', reason: 'no code had been made yet' },
	],
])('where %s fails, what needs it is named', async (failing, gap) => {
	const sandbox = await sandboxWith();
	const before = rowsOf(sandbox);
	sandbox.faults.add({ kind: 'error', operation: failing, times: 100 });
	const report = await run({ ...everything(sandbox, '/nowhere/fixtures'), dryRun: true });
	expect(report.gaps).toContainEqual(gap);
	expect(rowsOf(sandbox)).toEqual(before);
});

it.each([
	['seconds', 'whole seconds'],
	['date', 'a date'],
] as const)(
	'a busy host is waited for, and how it says so is told: %s',
	async (retryAfter, seen) => {
		const sandbox = await sandboxWith();
		sandbox.faults.add({ kind: 'rate_limited', retryAfter, times: 1 });
		const report = await run(optionsFor(sandbox, '/nowhere/fixtures', { dryRun: true }));
		expect(report.observations.filter(({ topic }) => topic === 'Retry-After')).toEqual([
			{ topic: 'Retry-After', subject: 'every call', seen },
		]);
		expect(differencesOf(report)).toEqual([]);
	},
);

it('a second run replaces what the first recorded', async () => {
	const sandbox = await sandboxWith({}, false);
	const root = newFolder();
	const out = join(root, 'fixtures');
	const first = await run(optionsFor(sandbox, out));
	const again = await run(optionsFor(sandbox, out));
	expect(again.written).toEqual(first.written);
	const names = loadRecordings(root).flatMap(({ operation, recordings }) =>
		recordings.map(({ name }) => `${operation} ${name}`),
	);
	expect(names.filter((name) => / 2$/.test(name))).toEqual([]);
});
