import { type Sandbox, switchDefinitions } from '../src/index.ts';
import { everySetting, readSwitches, standardSwitches, switchNames } from '../src/switches.ts';
import { second } from '../src/time.ts';
import { ask, idsOf, projectOf, type Reply, sandboxWith } from './support/sandbox.ts';

describe('the switches', () => {
	it.each(switchNames)(
		'%s has a default among its values, a question, a reason and a source',
		(name) => {
			const { values, standard, question, because, source } = switchDefinitions[name];
			expect(values.map((one) => one.value)).toContain(standard);
			expect(values.length).toBeGreaterThan(1);
			expect(question).toMatch(/\?$/);
			expect(because).toMatch(/\.$/);
			expect(source).not.toBe('');
		},
	);

	it('come in settings that try every answer once', () => {
		const [defaults, ...others] = everySetting();
		expect(defaults).toEqual(['the defaults', {}]);
		expect(others).toContainEqual(['paging set to next_cursor', { paging: 'next_cursor' }]);
		expect(others).not.toContainEqual(expect.arrayContaining([{ paging: 'has_more' }]));
		const values = switchNames.map((name) => switchDefinitions[name].values.length);
		expect(others).toHaveLength(values.reduce((sum, one) => sum + one - 1, 0));
		for (const [, setting] of others) expect(readSwitches(setting).ok).toBe(true);
	});

	it.each([
		[{ paging: 'pages' }, 'paging'],
		[{ unicorns: true }, 'unicorns'],
		[{ constructor: 'x' }, 'constructor'],
		[[], 'switches'],
		[null, 'switches'],
	])('%j is refused and changes nothing', async (raw, name) => {
		const read = readSwitches(raw);
		expect(read.ok ? [] : Object.keys(read.problems)).toEqual([name]);
	});

	it('are changed while it runs, and listed with what is known', async () => {
		const sandbox = await sandboxWith();
		await ask(sandbox, 'POST', '/_sandbox/switches', { body: { paging: 'last_page' } });
		expect((await ask(sandbox, 'GET', '/v1/projects')).at('meta.last_page')).toBe(1);
		const { rows } = await ask(sandbox, 'GET', '/_sandbox/switches');
		expect(rows.find((row) => row['name'] === 'paging')).toMatchObject({
			value: 'last_page',
			standard: 'has_more',
		});
		const wrong = await ask(sandbox, 'POST', '/_sandbox/switches', { body: { paging: 'x' } });
		expect([wrong.status, wrong.at('error.fields')]).toEqual([
			422,
			{ paging: ['Must be one of: has_more, last_page, next_cursor.'] },
		]);
	});

	it('a wrong one does not start', async () => {
		await expect(
			sandboxWith({ switches: { ...standardSwitches(), paging: 'x' as 'has_more' } }),
		).rejects.toThrow(/paging: Must be one of/);
	});
});

interface Effect {
	readonly switches: Partial<Sandbox['switches']>;
	readonly ask: (sandbox: Sandbox) => Promise<Reply>;
	readonly answer: readonly [number, unknown];
}

const create = (sandbox: Sandbox) =>
	ask(sandbox, 'POST', '/v1/projects', { body: { name: 'A fine project' } });
const empty = (sandbox: Sandbox) =>
	ask(sandbox, 'PATCH', `/v1/projects/${idsOf(sandbox).project}`, {
		body: { description: '' },
	});
const remove = (sandbox: Sandbox) =>
	ask(sandbox, 'DELETE', `/v1/projects/${idsOf(sandbox).project}`);
const subscribe = (sandbox: Sandbox, url = 'https://hooks.example.com/a') =>
	ask(sandbox, 'POST', '/v1/webhook-subscriptions', {
		body: { name: 'Mine', url, events: ['plan.created'] },
	});
const codeOf = (reply: Reply): unknown => reply.at('error.code') ?? reply.text.slice(0, 8);

const effects: readonly Effect[] = [
	{ switches: { emptyText: 'clears' }, ask: empty, answer: [200, '{"data":'] },
	{ switches: { emptyText: 'refused' }, ask: empty, answer: [422, 'VALIDATION_FAILED'] },
	{ switches: { writeStatus: '200' }, ask: create, answer: [200, '{"data":'] },
	{ switches: { writeStatus: '201' }, ask: create, answer: [201, '{"data":'] },
	{ switches: { writeStatus: '202' }, ask: create, answer: [202, '{"data":'] },
	{ switches: { writeStatus: '204' }, ask: create, answer: [204, ''] },
	// A read is no write.
	{
		switches: { writeStatus: '202' },
		ask: (sandbox) => ask(sandbox, 'GET', `/v1/projects/${sandbox.seeded.project.id}`),
		answer: [200, '{"data":'],
	},
	// A secret that is shown once must not be lost.
	{ switches: { writeStatus: '204' }, ask: subscribe, answer: [200, '{"data":'] },
	{ switches: { writeStatus: '200' }, ask: remove, answer: [200, ''] },
	{ switches: { writeStatus: '200', emptyBody: 'empty_object' }, ask: remove, answer: [200, '{}'] },
	{
		switches: { writeStatus: '200', emptyBody: 'data_null' },
		ask: remove,
		answer: [200, '{"data":'],
	},
	{
		switches: { writeStatus: '202', emptyBody: 'message' },
		ask: remove,
		answer: [202, '{"messag'],
	},
	{ switches: { emptyBody: 'message' }, ask: remove, answer: [204, ''] },
	{
		switches: { validationStatus: '400' },
		ask: (sandbox) => ask(sandbox, 'POST', '/v1/projects', { body: {} }),
		answer: [400, 'VALIDATION_FAILED'],
	},
	{
		switches: { tierStatus: '402' },
		ask: (sandbox) =>
			ask(sandbox, 'POST', '/v1/projects', {
				token: sandbox.otherToken,
				body: { name: 'A fine project', handle: 'fine-project' },
			}),
		answer: [402, 'TEAM_TIER_REQUIRED'],
	},
	{
		switches: { alreadyCancelledStatus: '422' },
		ask: (sandbox) => {
			const ended = [...sandbox.state.subscriptions.values()].find(
				(one) => one.status === 'canceled',
			);
			return ask(sandbox, 'POST', `/v1/subscriptions/${String(ended?.id)}/cancel`);
		},
		answer: [422, 'SUBSCRIPTION_ALREADY_ACTIVE'],
	},
	{
		switches: { webhookUrls: 'https' },
		ask: (sandbox) => subscribe(sandbox, 'http://127.0.0.1:9/x'),
		answer: [422, 'VALIDATION_FAILED'],
	},
	{
		switches: {},
		ask: (sandbox) => subscribe(sandbox, 'http://127.0.0.1:9/x'),
		answer: [201, '{"data":'],
	},
];

describe('what a switch changes', () => {
	it.each(
		effects.map((effect, index) => [index, JSON.stringify(effect.switches), effect] as const),
	)('%d: %s', async (_index, _text, effect) => {
		const sandbox = await sandboxWith({ switches: effect.switches });
		const reply = await effect.ask(sandbox);
		expect([reply.status, codeOf(reply)]).toEqual(effect.answer);
		expect(reply.headers.get('content-type')).toBe(reply.text === '' ? null : 'application/json');
	});

	it.each([
		['honoured', 1, 1],
		['ignored', 3, 2],
	] as const)(
		'listFilters %s: %d projects for one handle, %d transactions for a status that one has',
		async (listFilters, ...counts) => {
			const sandbox = await sandboxWith({ switches: { listFilters } });
			const payments = `project_id=${idsOf(sandbox).project}&period=all&statuses[]=refunded&limit=2`;
			const lists = [
				await ask(sandbox, 'GET', '/v1/projects?handle=research-premium'),
				await ask(sandbox, 'GET', `/v1/analytics/transactions?${payments}`),
			];
			expect(lists.map(({ rows }) => rows.length)).toEqual(counts);
		},
	);

	it.each([
		['honoured', 'expired', true],
		['ignored', 'canceled', false],
	] as const)(
		'cancelAtPeriodEnd %s: at_period_end false leaves it %s',
		async (value, status, isOver) => {
			const sandbox = await sandboxWith({ switches: { cancelAtPeriodEnd: value } });
			const id = idsOf(sandbox).subscription;
			const path = `/v1/subscriptions/${id}`;
			await ask(sandbox, 'POST', `${path}/cancel`, { body: { at_period_end: false } });
			await sandbox.advance(2 * second);
			expect((await ask(sandbox, 'GET', path)).data['status']).toBe(status);
			const now = '2026-06-01T09:00:02Z';
			const row = sandbox.state.subscriptions.get(id);
			expect([row?.canceledAt, row?.ends_at === now]).toEqual([now, isOver]);
		},
	);

	it.each([
		['as_printed', 'churned', 'customer'],
		['churned', 'churned', 'churned'],
		['unchanged', 'customer', 'customer'],
	] as const)(
		'kickedStatus %s: a kicked member is %s, and %s in the event',
		async (kickedStatus, status, told) => {
			const sandbox = await sandboxWith({ switches: { kickedStatus } });
			const ids = idsOf(sandbox);
			const path = `/v1/projects/${ids.project}/members/${ids.member}`;
			expect((await ask(sandbox, 'POST', `${path}/kick`)).data['status']).toBe(status);
			expect((await ask(sandbox, 'GET', path)).data['status']).toBe(status);
			const [event] = sandbox.engine.recentEvents({ type: 'member.kicked' });
			expect(event?.data['subscriber']).toMatchObject({ status: told });
		},
	);

	it.each([
		['post', 200, 405],
		['patch', 405, 200],
		['both', 200, 200],
	] as const)('reenableMethod %s: POST %d, PATCH %d', async (reenableMethod, post, patch) => {
		const allowed = { post: 'DELETE, POST', patch: 'DELETE, PATCH', both: null }[reenableMethod];
		const sandbox = await sandboxWith({ switches: { reenableMethod } });
		const path = `/v1/webhook-endpoints/${idsOf(sandbox).endpoint}`;
		const body = { is_active: true };
		const replies = [
			await ask(sandbox, 'POST', path, { body }),
			await ask(sandbox, 'PATCH', path, { body }),
		];
		expect(replies.map(({ status }) => status)).toEqual([post, patch]);
		const refused = replies.find(({ status }) => status === 405);
		expect(refused?.headers.get('allow') ?? null).toBe(allowed);
	});

	it.each([
		['past', 0],
		['sample', 1],
	] as const)(
		'eventFeed %s: %d rows for an event that never happened',
		async (eventFeed, count) => {
			const sandbox = await sandboxWith({ switches: { eventFeed } });
			const { id: project } = projectOf(sandbox, 'cafe-uber-klub');
			for (const [query, of] of [
				['', sandbox.seeded.project.id],
				[`&project_id=${project}`, project],
			]) {
				const path = `/v1/webhook-events?type=member.banned${query}`;
				const { rows } = await ask(sandbox, 'GET', path);
				expect(rows.map((row) => row['project_id'])).toEqual(Array(count).fill(of));
			}
			const { id } = sandbox.fire('member.banned');
			const after = await ask(sandbox, 'GET', '/v1/webhook-events?type=member.banned');
			expect(after.rows.map((row) => row['id'])).toEqual([id]);
		},
	);

	it.each([
		['either', { export_type: 'file', expires_in_days: 3 }, [202, '2026-06-04T09:00:00Z']],
		['either', { export_type: 'file', expiry_preset: '1_day' }, [202, '2026-06-02T09:00:00Z']],
		['either', { export_type: 'file' }, [422, { expiry_preset: [expect.any(String)] }]],
		['either', { expires_in_days: 3 }, [422, { export_type: [expect.any(String)] }]],
		['documented', { export_type: 'file', expiry_preset: '1_day' }, [202, '2026-06-02T09:00:00Z']],
		[
			'documented',
			{ export_type: 'file', expires_in_days: 3 },
			[422, { expiry_preset: [expect.any(String)] }],
		],
		['package', { expires_in_days: 3 }, [202, '2026-06-04T09:00:00Z']],
		['package', {}, [202, null]],
		['package', { export_type: 'file', expiry_preset: '1_day' }, [202, null]],
	] as const)('codeExpiry %s: %j', async (codeExpiry, expiry, expected) => {
		const sandbox = await sandboxWith({ switches: { codeExpiry } });
		const { project, plan } = idsOf(sandbox);
		const path = `/v1/projects/${project}/plans/${plan}/access-codes`;
		const body = { quantity: 1, ...expiry };
		const reply = await ask(sandbox, 'POST', `${path}/bulk-generate`, { body });
		await sandbox.advance(2 * second);
		const { rows } = await ask(sandbox, 'GET', path);
		const made = reply.at('error.fields') ?? rows[0]?.['expires_at'];
		expect([reply.status, made]).toEqual(expected);
	});

	it.each([
		['generated', 202],
		['refused', 422],
	] as const)(
		'chargeableCodes %s: more codes than are free are answered with %d',
		async (chargeableCodes, status) => {
			const sandbox = await sandboxWith({ switches: { chargeableCodes } });
			const { project, plan } = idsOf(sandbox);
			const path = `/v1/projects/${project}/plans/${plan}/access-codes`;
			const order = async (quantity: number) =>
				await ask(sandbox, 'POST', `${path}/bulk-generate`, {
					body: { quantity, export_type: 'file', expiry_preset: '1_day' },
				});
			const { data } = await ask(sandbox, 'GET', `${path}/preview?quantity=1`);
			const free = (data['preview'] as { readonly free_remaining: number }).free_remaining;
			expect([(await order(free)).status, (await order(free + 1)).status]).toEqual([202, status]);
		},
	);

	it.each([
		['both', 200, 200],
		['documented', 200, 422],
		['package', 422, 200],
	] as const)(
		'subjectTypes %s: project-subscription-plan %d, plan %d',
		async (subjectTypes, long, short) => {
			const sandbox = await sandboxWith({ switches: { subjectTypes } });
			const log = async (type: string): Promise<number> => {
				const query = `subject_type=${type}&subject_id=${idsOf(sandbox).plan}`;
				return (await ask(sandbox, 'GET', `/v1/activity?${query}`)).status;
			};
			expect([await log('project-subscription-plan'), await log('plan')]).toEqual([long, short]);
			// Spelled alike in both.
			expect(await log('project')).toBe(200);
		},
	);

	it.each([
		['brackets', 'plan_ids[]=pln_none', [200, 0]],
		['brackets', 'plan_ids=pln_none', [422, null]],
		['commas', 'plan_ids=pln_none,pln_nobody', [200, 0]],
		['commas', 'plan_ids[]=pln_none', [200, 25]],
		['commas', 'plan_ids=', [200, 25]],
	] as const)('queryLists %s: %s', async (queryLists, filter, expected) => {
		const sandbox = await sandboxWith({ switches: { queryLists } });
		const query = `project_id=${idsOf(sandbox).project}&period=all&limit=25&${filter}`;
		const reply = await ask(sandbox, 'GET', `/v1/analytics/transactions?${query}`);
		const rows = reply.status === 200 ? reply.rows.length : null;
		expect([reply.status, rows]).toEqual(expected);
	});

	it('queryLists commas: every value of a list counts', async () => {
		const sandbox = await sandboxWith({ switches: { queryLists: 'commas' } });
		const query = `project_id=${idsOf(sandbox).project}&period=all&limit=200`;
		const count = async (statuses: string): Promise<number> =>
			(await ask(sandbox, 'GET', `/v1/analytics/transactions?${query}&statuses=${statuses}`)).rows
				.length;
		const [both, failed, refunded] = [
			await count('failed,refunded'),
			await count('failed'),
			await count('refunded'),
		];
		expect(failed).toBeGreaterThan(0);
		expect(refunded).toBeGreaterThan(0);
		expect(both).toBe(failed + refunded);
	});

	it.each([
		['beside', ['secret'], false],
		['inside', [], true],
	] as const)('secretPlace %s', async (secretPlace, beside, isInside) => {
		const sandbox = await sandboxWith({ switches: { secretPlace } });
		const body = { name: 'Mine', url: 'https://hooks.example.com/a', events: ['plan.created'] };
		const made = await ask(sandbox, 'POST', '/v1/webhook-endpoints', { body });
		const path = `/v1/webhook-endpoints/${String(made.data['id'])}/rotate-secret`;
		for (const reply of [made, await ask(sandbox, 'POST', path)]) {
			expect(Object.keys(reply.json as object)).toEqual(['data', ...beside]);
			expect(typeof (reply.data['secret'] ?? reply.at('secret'))).toBe('string');
			expect('secret' in reply.data).toBe(isInside);
		}
		// The one answer whose form is documented.
		expect(Object.keys((await subscribe(sandbox)).json as object)).toEqual(['data', 'secret']);
	});

	it.each([
		['translates', [200, 200], 1, 201, 200],
		['passes_on', [404, 404], 0, 422, 422],
	] as const)(
		'bridge %s: routes of the bot, members by Telegram ID, plans without a kind',
		async (bridge, bot, found, created, updated) => {
			const sandbox = await sandboxWith({ switches: { bridge } });
			const { project, plan, member, resource } = idsOf(sandbox);
			const at = `/v1/projects/${project}`;
			const statusOf = async (path: string) => (await ask(sandbox, 'GET', at + path)).status;
			expect([await statusOf('/bot'), await statusOf('/distribution/bot-link')]).toEqual(bot);

			const telegram = sandbox.state.members.get(member)?.chat_id ?? '';
			const members = await ask(sandbox, 'GET', `${at}/members?telegram_id=${telegram}`);
			expect([members.status, members.rows.length]).toEqual([200, found]);
			expect((await ask(sandbox, 'GET', `${at}/members`)).rows.length).toBeGreaterThan(1);

			const currency = sandbox.state.plans.get(plan)?.currency_id;
			const body = {
				name: 'A plan of its own',
				currency_id: currency,
				price: 29,
				billing_cycle: 'months',
				resources: [resource],
			};
			const made = await ask(sandbox, 'POST', `${at}/plans`, { body });
			const changed = await ask(sandbox, 'PATCH', `${at}/plans/${plan}`, { body: { price: 30 } });
			expect([made.status, changed.status]).toEqual([created, updated]);
			const needed =
				made.status === 201
					? undefined
					: ['Plans of this form are not accepted: they need a kind.'];
			expect([made.at('error.fields.kind'), changed.at('error.fields.kind')]).toEqual([
				needed,
				needed,
			]);
		},
	);

	it('bridge passes_on: resources have a kind, a connector and a space', async () => {
		const sandbox = await sandboxWith({ switches: { bridge: 'passes_on' } });
		const { project, resource } = idsOf(sandbox);
		const path = `/v1/projects/${project}/resources`;
		const before = sandbox.state.resources.get(resource);
		const { data } = await ask(sandbox, 'GET', `${path}/${resource}`);
		expect(data).toMatchObject({
			id: resource,
			kind: 'telegram:channel',
			connector: 'telegram',
			space: { external_id: before?.chat_id, title: before?.title },
		});
		const made = await ask(sandbox, 'POST', path, { body: { title: 'A perk of its own' } });
		expect(made.data).toMatchObject({ kind: 'manual', connector: null, space: null });
		const { rows } = await ask(sandbox, 'GET', path);
		const unlinked = await ask(sandbox, 'POST', `${path}/${resource}/unlink`);
		expect(unlinked.data).toMatchObject({ kind: 'telegram:channel', space: null });
		for (const row of [data, made.data, unlinked.data, ...rows]) {
			expect(Object.keys(row)).toEqual(expect.arrayContaining(['kind', 'connector', 'space']));
			expect(Object.keys(row)).not.toContain('type');
			expect(Object.keys(row)).not.toContain('chat_id');
		}
		// A project has a type of its own, which stays.
		expect((await ask(sandbox, 'GET', `/v1/projects/${project}`)).data['type']).toBe('telegram');
		const gone = await ask(sandbox, 'DELETE', `${path}/${resource}`);
		expect(gone.data).toEqual({ resource_id: resource, deleted: true });
	});

	it.each(['flat', 'nested', 'manifest'] as const)('eventShape %s', async (eventShape) => {
		const sandbox = await sandboxWith({ switches: { eventShape } });
		const keys = Object.keys(sandbox.fire('team.created').data);
		const nested = Object.keys(sandbox.fire('subscription.created').data);
		expect(keys).toEqual(eventShape === 'manifest' ? ['team_id', 'name', 'owner_id'] : ['team']);
		expect(nested).toEqual(
			eventShape === 'nested'
				? ['subscription', 'plan', 'subscriber']
				: ['subscription_id', 'plan_id', 'subscriber_id', 'trial_ends_at', 'access_code'],
		);
	});
});
