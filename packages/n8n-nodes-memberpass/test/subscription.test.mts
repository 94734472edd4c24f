import { runInThisContext } from 'node:vm';

import type { IDataObject } from 'n8n-workflow';
import nock from 'nock';

import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import type { TriggerRun } from '../../../shared/testing/src/n8n-harness.ts';
import { api, bodiesOf } from './action.mts';
import { built, withWaits } from './support.mts';
import { secret, subscribed, useTrigger } from './trigger.mts';

/** The trigger's subscription at MemberPass: made when it is switched on, looked at, and ended. */
const triggerWith = useTrigger();
const switchedOn = (events: readonly string[], stored: IDataObject = subscribed) =>
	triggerWith({ events: [...events] }, stored);

const url = 'https://n8n.example.com/webhook/0d9c9a55-6f2f-4d8e-8a52-3f6f5f1f7c11/memberpass';
const endpoint = (fields: object = {}) => ({
	id: 'whe_1',
	name: 'n8n — MemberPass',
	url,
	events: ['plan.created'],
	is_active: true,
	disabled_at: null,
	...fields,
});
const lists = (...pages: object[][]) =>
	pages.forEach((data, index) =>
		api()
			.get('/v1/webhook-endpoints')
			.query({ limit: '100', per_page: '100', page: String(index + 1) })
			.reply(200, { data, meta: { current_page: index + 1, last_page: pages.length } }),
	);
const removes = (id: string, status = 204, kind = 'webhook-subscriptions') =>
	api()
		.delete(`/v1/${kind}/${id}`)
		.matchHeader('idempotency-key', /^[\x21-\x7e]+$/)
		.reply(
			status,
			status === 404 ? { error: { code: 'RESOURCE_NOT_FOUND', message: 'Gone.' } } : '',
		);

const removesListed = (id: string) => removes(id, 204, 'webhook-endpoints');

/** MemberPass subscribes an address, once; what it was asked for. */
const subscribes = (id: string | number = 'whe_9') =>
	bodiesOf('POST', '/v1/webhook-subscriptions', { data: { id }, secret: 'shown once' });

describe('switching on', () => {
	test('subscribes its address to the chosen events and keeps id and secret', async () => {
		const bodies: unknown[] = [];
		api()
			.post('/v1/webhook-subscriptions', (body) => bodies.push(body) > 0)
			.matchHeader('idempotency-key', /^[0-9a-f-]{36}$/)
			.reply(201, { data: { id: 'whe_9' }, secret: 'shown once' });
		lists([endpoint({ id: 'whe_9' })]);
		const trigger = triggerWith({ events: ['plan.created', 'plan.deleted'] });
		expect(trigger.webhookUrl()).toBe(url);
		expect(await trigger.create()).toBe(true);
		expect(bodies).toEqual([
			{ name: 'n8n — Test — MemberPass', url, events: ['plan.created', 'plan.deleted'] },
		]);
		expect(trigger.stored()).toEqual({ webhookId: 'whe_9', secret: 'shown once' });
	});

	test.each([
		['a plain text, as 1.4.0 saved it', 'prj_1', 'prj_1'],
		['a text with blanks around it', ' prj_1 ', 'prj_1'],
		['a picked project', { __rl: true, mode: 'list', value: 'prj_1' }, 'prj_1'],
		['a number from an expression', '={{ 12 }}', '12'],
		['blanks alone: all projects', ' ', undefined],
		['an expression that gives none: all projects', '={{ null }}', undefined],
	])('names the project (%s)', async (_, projectId, sent) => {
		const bodies = subscribes();
		lists([]);
		await triggerWith({ events: ['plan.created'], projectId }).create();
		expect(bodies).toEqual([
			{
				name: 'n8n — Test — MemberPass',
				url,
				events: ['plan.created'],
				...(sent === undefined ? {} : { project_id: sent }),
			},
		]);
	});

	test('refuses a project that is no ID, instead of asking for the events of all', async () => {
		const trigger = triggerWith({ events: ['plan.created'], projectId: '={{ ["prj_1"] }}' });
		await expect(trigger.create()).rejects.toThrow("'Project' must be text.");
	});

	test('cuts a name that is longer than MemberPass is likely to take', async () => {
		const bodies = subscribes();
		lists([]);
		await triggerWith({ events: ['plan.created'] }, {}, { name: 'x'.repeat(300) }).create();
		expect(bodies).toEqual([expect.objectContaining({ name: `n8n — Test — ${'x'.repeat(241)}…` })]);
	});

	test('names all events for [All Events]', async () => {
		const bodies = subscribes();
		lists([]);
		await triggerWith({ events: ['all'] }).create();
		const [{ events = [] } = {}] = bodies as readonly { events?: readonly string[] }[];
		expect([new Set(events).size, events.includes('all')]).toEqual([expectedCounts.events, false]);
	});

	test('twice uses two idempotency keys: the same one would replay a deleted subscription', async () => {
		const keys: (string | undefined)[] = [];
		api()
			.post('/v1/webhook-subscriptions')
			.twice()
			.reply(function (request: Request) {
				keys.push(request.headers.get('idempotency-key') ?? undefined);
				return [201, { data: { id: `whe_${keys.length}` }, secret: 'shown once' }];
			});
		lists([]);
		await triggerWith({ events: ['plan.created'] }).create();
		lists([]);
		await triggerWith({ events: ['plan.created'] }).create();
		expect(new Set(keys).size).toBe(2);
	});

	test.each([
		['no secret', { data: { id: 'whe_9' } }],
		['an empty secret', { data: { id: 'whe_9' }, secret: ' ' }],
	])('fails and leaves nothing behind if the answer has %s', async (_, answer) => {
		api().post('/v1/webhook-subscriptions').reply(201, answer);
		const removed = removes('whe_9');
		const trigger = triggerWith({ events: ['plan.created'] });
		await expect(trigger.create()).rejects.toMatchObject({
			name: 'NodeApiError',
			message:
				'MemberPass created a webhook but did not return its signing secret, so the trigger could not be switched on. Try again. If it keeps happening, check the API address.',
		});
		expect(trigger.stored()).toEqual({});
		expect(removed.isDone()).toBe(true);
	});

	test.each<[string, string | object, string]>([
		['no id', { data: {}, secret: 'shown once' }, 'did not return its ID'],
		['no object', { data: [] }, 'status 201 but not with the documented data'],
		['nothing', '', 'status 201 but not with the documented data'],
	])('fails and takes away what was made if the answer has %s', async (_, answer, words) => {
		api().post('/v1/webhook-subscriptions').reply(201, answer);
		lists([endpoint({ id: 'whe_9' })]);
		const removed = removesListed('whe_9');
		const trigger = triggerWith({ events: ['plan.created'] });
		await expect(trigger.create()).rejects.toThrow(words);
		expect(trigger.stored()).toEqual({});
		expect(removed.isDone()).toBe(true);
	});

	test('tells what failed first, also where cleaning up after it fails', async () => {
		api().post('/v1/webhook-subscriptions').reply(201, '<html>');
		api()
			.get('/v1/webhook-endpoints')
			.query(true)
			.reply(403, { error: { code: 'X', message: 'Not any more.' } });
		const trigger = triggerWith({ events: ['plan.created'] });
		await expect(trigger.create()).rejects.toThrow(
			'answered with status 201 but not with the documented data',
		);
		expect(trigger.warnings).toEqual([
			'Workflow "Test", node "MemberPass": An unfinished webhook endpoint may be left in MemberPass. NodeApiError: Not any more.',
		]);
	});

	test.each([
		[200, true],
		[299, true],
		[300, false],
		[403, false],
		[422, false],
		[500, true],
	])('after a %d looks for what was made all the same: %p', async (status, looks) => {
		api().persist().post('/v1/webhook-subscriptions').reply(status, '<html>');
		const looked = api()
			.get('/v1/webhook-endpoints')
			.query(true)
			.reply(200, { data: [endpoint({ id: 'whe_9' })] });
		const removed = removesListed('whe_9');
		await expect(triggerWith({ events: ['plan.created'] }).create()).rejects.toThrow(
			`status ${status}`,
		);
		expect([looked.isDone(), removed.isDone()]).toEqual([looks, looks]);
		nock.cleanAll();
	});

	test('looks for what was made after a 500 that asks for more patience than the node has', async () => {
		api().post('/v1/webhook-subscriptions').reply(500, '<html>', { 'retry-after': '3600' });
		lists([endpoint({ id: 'whe_9' })]);
		const removed = removesListed('whe_9');
		await expect(triggerWith({ events: ['plan.created'] }).create()).rejects.toThrow('status 500');
		expect(removed.isDone()).toBe(true);
	});

	test('looks for what was made where the answer was lost, although the next try was refused', async () => {
		api().post('/v1/webhook-subscriptions').reply(500, '');
		api().post('/v1/webhook-subscriptions').reply(409, '<html>');
		lists([endpoint({ id: 'whe_9' })]);
		const removed = removesListed('whe_9');
		await expect(triggerWith({ events: ['plan.created'] }).create()).rejects.toThrow('status 409');
		expect(removed.isDone()).toBe(true);
	});

	test('keeps what it made where it cannot be looked at again, and the log says so', async () => {
		subscribes();
		api()
			.get('/v1/webhook-endpoints')
			.query(true)
			.reply(403, { error: { code: 'X', message: 'Not any more.' } });
		const trigger = triggerWith({ events: ['plan.created'] });
		expect(await trigger.create()).toBe(true);
		expect(trigger.stored()).toEqual({ webhookId: 'whe_9', secret: 'shown once' });
		expect(trigger.warnings).toEqual([
			'Workflow "Test", node "MemberPass": MemberPass could not be asked for other webhook endpoints. NodeApiError: Not any more.',
		]);
	});

	test('takes its own away where another is listed and its own is not: it was too late', async () => {
		subscribes();
		lists([endpoint({ id: 'whe_8' })]);
		const removed = removes('whe_9', 404);
		const trigger = triggerWith({ events: ['plan.created'] });
		expect(await trigger.create()).toBe(true);
		expect(removed.isDone()).toBe(true);
		expect(trigger.stored()).toEqual({});
	});

	test.each([
		['counted ids', 9, 10, true],
		['counted ids', 10, 9, false],
		['counted ids of one length', 11, 12, true],
		['ids with a time in them', 'whe_01JV9K3Q', 'whe_01JV9K3R', true],
		['ids with a time in them', 'whe_01JV9K3R', 'whe_01JV9K3Q', false],
		['ids of which only one is counted', 123456, 'a1', true],
		['ids of which only one is counted', 'a1', 123456, false],
		['ids of which only one is counted', '1b00', 20, true],
		['ids of which only one is counted', 20, '1b00', false],
	])(
		'beside another of its address keeps the older one: %s, %s and %s',
		async (_, mine, other, keeps) => {
			subscribes(mine);
			lists([endpoint({ id: other }), endpoint({ id: mine })]);
			const removed = keeps ? removesListed(String(other)) : removes(String(mine));
			const trigger = triggerWith({ events: ['plan.created'] });
			expect(await trigger.create()).toBe(true);
			expect(removed.isDone()).toBe(true);
			expect(trigger.stored()).toEqual(
				keeps ? { webhookId: String(mine), secret: 'shown once' } : {},
			);
		},
	);

	test.each([
		['an event', '={{ "plan.created" }}', ['plan.created']],
		[
			'a list with gaps and an event twice',
			'={{ ["plan.created", "", null, 5, "plan.deleted", "plan.created"] }}',
			['plan.created', 'plan.deleted'],
		],
	])('takes %s that an expression chose', async (_, events, chosen) => {
		const bodies = subscribes();
		lists([]);
		await triggerWith({ events }).create();
		expect(bodies).toEqual([expect.objectContaining({ events: chosen })]);
	});

	test.each([
		'http://n8n.example.com',
		'https://localhost:5678',
		'https://192.168.1.20',
		'https://n8n.local',
	])('refuses %s, where MemberPass cannot deliver, before it asks', async (webhookBaseUrl) => {
		const trigger = triggerWith({ events: ['plan.created'] }, {}, { webhookBaseUrl });
		await expect(trigger.create()).rejects.toMatchObject({
			message: `MemberPass cannot deliver to ${webhookBaseUrl}/webhook/0d9c9a55-6f2f-4d8e-8a52-3f6f5f1f7c11/memberpass. It needs a public address that starts with https://. Set WEBHOOK_URL of your n8n to one, or use a tunnel.`,
			context: { itemIndex: undefined },
		});
	});

	test('without a single event is refused before it asks', async () => {
		await expect(triggerWith({ events: [] }).create()).rejects.toThrow("'Trigger On'");
	});

	test.each([
		[
			'an error with advice',
			Object.assign(new Error('No credential.'), { description: 'Choose one.' }),
			'No credential. Choose one.',
		],
		['an error without', new Error('No credential.'), 'No credential.'],
	])('passes on what n8n itself fails with: %s', async (_, error, message) => {
		const { createSubscription } = built('runtime/lifecycle.js') as {
			readonly createSubscription: (context: object) => Promise<boolean>;
		};
		const getCredentials = async () => await Promise.reject(error);
		const getNode = () => ({ name: 'MemberPass' });
		await expect(createSubscription({ getNode, getCredentials })).rejects.toThrow(
			new Error(message),
		);
	});

	/** Seconds after which n8n 2.41.1 ends a publication: 0.7 of its lease of 120. */
	const endOfPublication = 84;
	/** Seconds that it waits between its tries. */
	const betweenTries = [1, 2, 4, 8];

	test.each([
		['answers nothing', 'GET', null, 'did not answer in time'],
		['answers no subscription', 'POST', null, 'did not answer in time'],
		['asks for a minute before a look', 'GET', '60', 'Wait a minute.'],
		['asks for a minute before a subscription', 'POST', '60', 'Wait a minute.'],
	])(
		'where MemberPass %s says so before n8n ends the publication in words of its own',
		async (_, method, retryAfter, words) => {
			const clock = runInThisContext('Date') as { now: () => number };
			const { now } = clock;
			const start = now();
			let passed = 0;
			const wait = async (ms: number): Promise<void> => {
				passed += ms;
				// A node that never gives up would go on behind the test.
				if (!(passed < 3_600_000)) throw new Error('More than an hour.');
				await Promise.resolve();
			};
			const { lookPolicy, changePolicy } = built('runtime/api.js') as Record<
				'lookPolicy' | 'changePolicy',
				{ readonly timeoutMs: number }
			>;
			const refusing = (
				request: nock.Interceptor,
				{ timeoutMs }: { readonly timeoutMs: number },
			): void => {
				if (retryAfter === null) {
					request
						.replyWithError(Object.assign(new Error('Nothing came.'), { code: 'ETIMEDOUT' }))
						.on('request', () => (passed += timeoutMs));
				} else {
					const error = { code: 'RATE_LIMITED', message: 'Wait a minute.' };
					request.reply(429, { error }, { 'retry-after': retryAfter });
				}
			};
			const looks = api().persist().get('/v1/webhook-endpoints').query(true);
			if (method === 'GET') refusing(looks, lookPolicy);
			else {
				looks.reply(200, { data: [] });
				refusing(api().persist().post('/v1/webhook-subscriptions'), changePolicy);
			}
			const trigger = triggerWith({ events: ['plan.created'] });
			const messages: string[] = [];
			clock.now = () => start + passed;
			try {
				await withWaits(wait, async () => {
					for (const seconds of [...betweenTries, 0]) {
						await trigger
							.checkExists()
							.then(async () => await trigger.create())
							.catch((error: unknown) => messages.push(String(error)));
						await trigger.delete().catch(() => false);
						passed += seconds * 1_000;
					}
				});
			} finally {
				clock.now = now;
				nock.cleanAll();
			}
			expect(messages).toHaveLength(5);
			expect(messages.at(-1)).toContain(words);
			expect(passed / 1_000).toBeLessThan(endOfPublication);
		},
	);

	test("fails in MemberPass's own words, all of them in the message: n8n shows no more", async () => {
		api()
			.post('/v1/webhook-subscriptions')
			.reply(403, {
				error: {
					code: 'TOKEN_MISSING_ABILITY',
					message: 'This token is missing a required ability.',
					context: { required_ability: 'billing:read' },
				},
			});
		const error: unknown = await triggerWith({ events: ['billing.invoice_paid'] })
			.create()
			.catch((one: unknown) => one);
		expect(error).toMatchObject({
			message:
				'This token is missing a required ability. The API token lacks the ability "billing:read". Create one that has it at https://app.memberpass.net/settings/tokens and use that instead. (status 403, TOKEN_MISSING_ABILITY)',
			// What n8n shows beside them.
			messages: ['This token is missing a required ability.'],
		});
		expect(error).not.toHaveProperty('context.itemIndex');
	});

	test.each<[string, readonly string[], object, string]>([
		[
			'both abilities, where MemberPass names none',
			['plan.created'],
			{ code: 'TOKEN_MISSING_ABILITY' },
			'No. This trigger needs the abilities "webhook-endpoint:manage" and "project-subscription-plan:view-any". Create a token that has them at https://app.memberpass.net/settings/tokens and use that instead. (status 403, TOKEN_MISSING_ABILITY)',
		],
		[
			'those of all its events once, and only the first of one that it does not know',
			['a.new_one', 'plan.created', 'plan.deleted', 'role.created'],
			{},
			'No. This trigger needs the abilities "webhook-endpoint:manage", "project-subscription-plan:view-any" and "role:view-any". Create a token that has them at https://app.memberpass.net/settings/tokens and use that instead. (status 403)',
		],
		[
			'the ability of webhooks, where it knows none of its events',
			['a.new_one'],
			{},
			'No. This trigger needs the abilities "webhook-endpoint:manage". Create a token that has them at https://app.memberpass.net/settings/tokens and use that instead. (status 403)',
		],
		[
			'no ability, where another reason is given',
			['plan.created'],
			{ code: 'TEAM_TIER_REQUIRED' },
			'No. (status 403, TEAM_TIER_REQUIRED)',
		],
	])('that MemberPass refuses names %s', async (_, events, more, message) => {
		api()
			.post('/v1/webhook-subscriptions')
			.reply(403, { error: { message: 'No.', ...more } });
		await expect(triggerWith({ events: [...events] }).create()).rejects.toMatchObject({ message });
	});

	test('ends words of MemberPass that have no full stop with one before it says more', async () => {
		api().post('/v1/webhook-subscriptions').reply(422, { message: 'No more endpoints' });
		await expect(triggerWith({ events: ['plan.created'] }).create()).rejects.toMatchObject({
			message: 'No more endpoints. (status 422)',
		});
	});
});

describe('finding out whether it is on', () => {
	test.each([
		['its endpoint is there', [[endpoint()]]],
		[
			'its endpoint is on the second page',
			[[endpoint({ id: 'whe_0', url: 'https://a.example' })], [endpoint()]],
		],
		['the row of its endpoint holds no address', [[endpoint({ url: undefined })]]],
	])('is true if %s', async (_, pages) => {
		lists(...pages);
		const trigger = switchedOn(['plan.created']);
		expect(await trigger.checkExists()).toBe(true);
		expect(trigger.stored()['secret']).toBe(secret);
		expect(trigger.stored()['webhookId']).toBe(pages.flat().at(-1)?.id);
	});

	test('is true if an expression gives its events with an empty text among them', async () => {
		lists([endpoint()]);
		const trigger = triggerWith({ events: '={{ ["plan.created", ""] }}' }, subscribed);
		expect(await trigger.checkExists()).toBe(true);
	});

	test.each([
		['a text with blanks around it', ' prj_1 ', 'prj_1'],
		['a number', '={{ 12 }}', '12'],
		['nothing', '={{ null }}', null],
	])(
		'is true if its endpoint is for the project, given as %s',
		async (_, projectId, project_id) => {
			lists([endpoint({ project_id })]);
			const trigger = triggerWith({ events: ['plan.created'], projectId }, subscribed);
			expect(await trigger.checkExists()).toBe(true);
		},
	);

	test('is true for an endpoint whose id is a number, as it was stored', async () => {
		lists([endpoint({ id: 7 })]);
		expect(await switchedOn(['plan.created'], { webhookId: 7, secret }).checkExists()).toBe(true);
	});

	test.each([
		['is switched off', { is_active: false }],
		['does not say its events', { events: null }],
		['was switched off after failures', { disabled_at: '2026-05-18T10:05:00Z' }],
		['has other events', { events: ['plan.deleted'] }],
		['is for one project', { project_id: 'prj_1' }],
		['has one event more', { events: ['plan.created', 'plan.deleted'] }],
		[
			'is of the same address but not the stored one, so that its secret is unknown',
			{ id: 'whe_7' },
		],
	])('deletes its endpoint and is false if it %s', async (_, fields) => {
		lists([endpoint(fields)]);
		removesListed('id' in fields ? fields.id : 'whe_1');
		const trigger = switchedOn(['plan.created']);
		expect(await trigger.checkExists()).toBe(false);
		expect(trigger.isChanged()).toBe(false);
	});

	test('deletes its endpoint and is false if only some of its events are the chosen ones', async () => {
		lists([endpoint({ events: ['plan.created', 'plan.updated'] })]);
		removesListed('whe_1');
		expect(await switchedOn(['plan.created', 'plan.deleted']).checkExists()).toBe(false);
	});

	test.each([
		['not stored', {}],
		['stored as blanks', { secret: ' ' }],
		['stored as something else', { secret: 5 }],
	])(
		'deletes an endpoint whose secret is %s: its deliveries could not be verified',
		async (_, more) => {
			lists([endpoint()]);
			removesListed('whe_1');
			const trigger = switchedOn(['plan.created'], { webhookId: 'whe_1', ...more });
			expect(await trigger.checkExists()).toBe(false);
		},
	);

	test.each([[null], [''], [{}]])(
		'leaves an endpoint alone whose id is %j: there is nothing to delete it by',
		async (id) => {
			lists([endpoint({ id })]);
			expect(await switchedOn(['plan.created']).checkExists()).toBe(false);
		},
	);

	test('is false if nothing is there, and touches no foreign endpoint', async () => {
		lists([endpoint({ id: 'whe_5', url: 'https://hooks.zapier.com/x' })]);
		const trigger = switchedOn(['plan.created']);
		expect(await trigger.checkExists()).toBe(false);
		expect(trigger.isChanged()).toBe(false);
	});

	test('fails if MemberPass cannot be asked', async () => {
		api()
			.get('/v1/webhook-endpoints')
			.query(true)
			.reply(401, {
				error: { code: 'AUTHENTICATION_REQUIRED', message: 'Authentication is required.' },
			});
		await expect(switchedOn(['plan.created']).checkExists()).rejects.toThrow(
			'Authentication is required. MemberPass tokens start with mpt_live_ or mpt_test_, and the token here does not: copy the whole token again. Create a token at https://app.memberpass.net/settings/tokens and use that instead.',
		);
	});
});

describe('switching off', () => {
	test.each([204, 200, 404, 410])('forgets id and secret after a %d', async (status) => {
		lists([endpoint()]);
		removes('whe_1', status);
		const trigger = switchedOn(['plan.created']);
		expect(await trigger.delete()).toBe(true);
		expect(trigger.stored()).toEqual({});
	});

	test('throws on a refusal and keeps the id, so that n8n tries again', async () => {
		lists([endpoint()]);
		removes('whe_1', 403);
		const trigger = switchedOn(['plan.created']);
		await expect(trigger.delete()).rejects.toThrow('(status 403');
		expect(trigger.stored()).toEqual({ webhookId: 'whe_1', secret });
	});

	test('takes an endpoint away that is not listed: no page says that subscriptions are', async () => {
		lists([]);
		removes('whe_1');
		expect(await switchedOn(['plan.created']).delete()).toBe(true);
	});

	test('takes its endpoint away where the row of it holds no address, and no other', async () => {
		lists([endpoint({ url: undefined }), endpoint({ id: 'whe_5', url: undefined })]);
		const removed = removes('whe_1');
		expect(await switchedOn(['plan.created']).delete()).toBe(true);
		expect(removed.isDone()).toBe(true);
	});

	test.each([
		['before', [endpoint(), endpoint({ id: 'whe_5', url: 'https://a.example' })]],
		['behind', [endpoint({ id: 'whe_5', url: 'https://a.example' }), endpoint()]],
	])('takes its endpoint away %s one of somebody else, and not that', async (_, listed) => {
		lists(listed);
		const removed = removes('whe_1');
		expect(await switchedOn(['plan.created']).delete()).toBe(true);
		expect(removed.isDone()).toBe(true);
	});

	test.each<[string, (trigger: TriggerRun) => Promise<boolean>, boolean]>([
		['switching off', async (trigger) => await trigger.delete(), true],
		['looking whether it is on', async (trigger) => await trigger.checkExists(), false],
	])(
		'%s leaves an endpoint alone that delivers to another address, and the log says which',
		async (_, act, expected) => {
			lists([endpoint({ url: 'https://old.example.com/webhook/a/memberpass' })]);
			const trigger = switchedOn(['plan.created']);
			expect(await act(trigger)).toBe(expected);
			expect(trigger.warnings).toEqual([
				'Workflow "Test", node "MemberPass": The webhook endpoint whe_1 delivers to https://old.example.com/webhook/a/memberpass and was left alone, because this n8n may be a copy. If that was its own address before, delete the endpoint in MemberPass.',
			]);
		},
	);

	test('writes an address that is no address into one line of the log, and not without end', async () => {
		lists([
			endpoint({ url: `https://old.example.com/\n\u202eERROR all is lost ${'/'.repeat(999)}` }),
		]);
		const trigger = switchedOn(['plan.created']);
		expect(await trigger.checkExists()).toBe(false);
		expect(trigger.warnings).toEqual([
			expect.stringMatching(
				/ delivers to https:\/\/old\.example\.com\/ ERROR all is lost \/{156}… and was left alone,/,
			),
		]);
	});

	test('has nothing to say of an endpoint that delivers here or that is not listed', async () => {
		for (const listed of [[endpoint()], []]) {
			lists(listed);
			removes('whe_1');
			const trigger = switchedOn(['plan.created']);
			await trigger.delete();
			expect(trigger.warnings).toEqual([]);
		}
	});

	test('without an id looks its endpoint up by its address', async () => {
		lists([endpoint({ id: 'whe_4' }), endpoint({ id: 'whe_5', url: 'https://a.example' })]);
		removesListed('whe_4');
		const trigger = triggerWith({ events: ['plan.created'] });
		expect(await trigger.delete()).toBe(true);
		// Nothing was stored, so there is nothing to save.
		expect(trigger.isChanged()).toBe(false);
	});
});
