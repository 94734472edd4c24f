import nock from 'nock';

import { keysOf } from './house-lint/sample.ts';
import {
	deliveryOf,
	expectNoLeak,
	origin,
	run,
	secret,
	signatureOf,
	thrownBy,
	token,
	type BundlePart,
} from './support.ts';

const id = 'whe_01JT7C5W9XQ2TMN6RHB8KZDV4E';
const targetUrl = 'https://hooks.zapier.com/hooks/standard/1234567/0a1b2c3d/';
const path = '/v1/webhook-subscriptions';
const created = { data: { id }, secret };

const problem = (code: string) => ({
	error: { code, message: 'Refused for a reason.', request_id: 'req_01JVA70KDYBT3F4T1CF8B8HQ5Q' },
});

const on = (inputData: Record<string, unknown> = {}) =>
	run('triggers', 'member_joined', 'performSubscribe', { targetUrl, inputData });
const off = (subscribeData: object) =>
	run('triggers', 'member_joined', 'performUnsubscribe', { subscribeData });

describe('switching a trigger on', () => {
	it.each([
		['without a project', {}, {}],
		['with an empty project', { project_id: '' }, {}],
		[
			'with a project',
			{ project_id: 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA' },
			{ project_id: 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA' },
		],
	])(
		'%s subscribes its address to its one event and keeps id and secret',
		async (_, input, more) => {
			nock(origin, { reqheaders: { authorization: `Bearer ${token}` } })
				.post(path, {
					name: 'Zapier — Member Joined',
					url: targetUrl,
					events: ['member.joined'],
					...more,
				})
				.matchHeader('idempotency-key', /^[0-9a-f-]{36}$/)
				.reply(201, created);
			await expect(on(input)).resolves.toEqual({ id, secret });
		},
	);

	it('keeps an ID that is a number as text', async () => {
		nock(origin)
			.post(path)
			.reply(201, { data: { id: 42 }, secret });
		await expect(on()).resolves.toEqual({ id: '42', secret });
	});

	it('answered with a list says that this is not what is documented', async () => {
		nock(origin).post(path).reply(201, { data: [] });
		nock(origin).get('/v1/webhook-endpoints').query(true).reply(200, { data: [] });
		const thrown = await thrownBy(on());
		expect([thrown.name, thrown.status]).toEqual(['AppError', 201]);
		expect(thrown.message).toContain('not with the documented data');
	});

	it.each([
		['no address', undefined],
		['an empty address', ''],
		['an address that is none', 'hooks'],
	])('with %s from Zapier sends nothing', async (_, address) => {
		const thrown = await thrownBy(
			run('triggers', 'member_joined', 'performSubscribe', {
				...(address === undefined ? {} : { targetUrl: address }),
			}),
		);
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toContain("'URL'");
	});

	it('again sends another idempotency key, or MemberPass would answer with the deleted subscription', async () => {
		const keys = new Set<string | null>();
		nock(origin)
			.post(path)
			.times(2)
			.reply((request: Request) => {
				keys.add(request.headers.get('idempotency-key'));
				return [201, created];
			});
		await on();
		await on();
		expect(keys.size).toBe(2);
		expect(keys).not.toContain(null);
	});

	it('keeps its idempotency key when the answer was lost', async () => {
		const keys: (string | null)[] = [];
		for (const status of [502, 201]) {
			nock(origin)
				.post(path)
				.reply((request: Request) => {
					keys.push(request.headers.get('idempotency-key'));
					return [status, status === 201 ? created : ''];
				});
		}
		nock(origin).get('/v1/webhook-endpoints').query(true).reply(200, { data: [] });
		await expect(on()).resolves.toEqual({ id, secret });
		expect(keys).toHaveLength(2);
		expect(keys[0]).toBe(keys[1]);
	});

	it.each([
		['no secret', { data: { id } }],
		['an empty secret', { data: { id }, secret: '' }],
	])('with %s in the answer fails and leaves no subscription behind', async (_, body) => {
		nock(origin).post(path).reply(201, body);
		nock(origin).delete(`${path}/${id}`).matchHeader('idempotency-key', /./).reply(204);
		const thrown = await thrownBy(on());
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toContain('did not return its signing secret');
	});

	it.each([
		['no id', { data: {}, secret }],
		['a blank id', { data: { id: ' ' }, secret }],
		['nothing', ''],
		['HTML', '<html></html>'],
	])('with %s in the answer fails', async (_, body) => {
		nock(origin).post(path).reply(201, body);
		const thrown = await thrownBy(on());
		expect(thrown.name).toBe('AppError');
		expectNoLeak(thrown);
	});

	it.each([
		[401, 'AUTHENTICATION_REQUIRED', 'ExpiredAuthError'],
		[403, 'TOKEN_MISSING_ABILITY', 'AppError'],
		[422, 'VALIDATION_FAILED', 'AppError'],
	])('refused with %s tells why', async (status, code, name) => {
		nock(origin).post(path).reply(status, problem(code));
		const thrown = await thrownBy(on());
		expect(thrown.name).toBe(name);
		expect(thrown.message).toContain('Refused for a reason.');
		expect(thrown.message).toContain('req_01JVA70KDYBT3F4T1CF8B8HQ5Q');
		const needs = 'This trigger needs the abilities';
		if (status === 403) expect(thrown.message).toContain(needs);
		else expect(thrown.message).not.toContain(needs);
		expectNoLeak(thrown);
	});
});

it.each<[string, () => nock.Interceptor, () => Promise<unknown>]>([
	['switching on', () => nock(origin).post(path), on],
	[
		'the test in the editor',
		() => nock(origin).get('/v1/webhook-events').query(true),
		() => run('triggers', 'member_joined', 'performList'),
	],
])('%s calls a field that was refused what the form calls it', async (_, asked, work) => {
	const error = { message: 'No.', fields: { project_id: ['It is not yours.'] } };
	asked().reply(422, { error });
	const thrown = await thrownBy(work());
	expect(thrown.message).toBe('No. Project: It is not yours. (status 422)');
});

describe('a subscription whose answer was lost, so that nobody knows of it,', () => {
	const post = () => nock(origin).post(path);
	const lost: readonly (readonly [string, () => unknown])[] = [
		['a connection that broke off twice', () => post().times(2).replyWithError('socket hang up')],
		['status 500 twice', () => post().times(2).reply(500, '')],
		[
			'status 500 and a time that is not waited for',
			() => post().reply(500, '', { 'retry-after': '90' }),
		],
		[
			'no answer in time, twice',
			() =>
				post()
					.times(2)
					.replyWithError(Object.assign(new Error('slow'), { code: 'ETIMEDOUT' })),
		],
		['a fault that nobody foresaw', () => post().replyWithError('it broke')],
		[
			'a connection that broke off, and a second try that met the first',
			() => {
				post().replyWithError('socket hang up');
				post().reply(409, problem('IDEMPOTENCY_KEY_IN_USE'));
			},
		],
		['a page of HTML', () => post().reply(201, '<html></html>')],
		['nothing at all', () => post().reply(201, '')],
		['no ID', () => post().reply(201, { data: {}, secret })],
	];

	it.each(lost)('is ended after %s, and no other is', async (_, answer) => {
		answer();
		nock(origin)
			.get('/v1/webhook-endpoints')
			.query(true)
			.reply(200, {
				data: [
					{ id: 'whe_another', url: 'https://hooks.zapier.com/hooks/standard/1234567/other/' },
					{ id: ' ', url: targetUrl },
					{ id, url: targetUrl },
				],
			});
		const ended: string[] = [];
		nock(origin)
			.delete(/^\/v1\/webhook-subscriptions\//)
			.times(3)
			.reply((request: Request) => {
				ended.push(new URL(request.url).pathname);
				return [204, ''];
			});
		const thrown = await thrownBy(on());
		nock.cleanAll();
		expect(['AppError', 'ThrottledError']).toContain(thrown.name);
		expect(thrown.code).not.toBe('invalid_input');
		expect(thrown.message).not.toContain('needs the abilities');
		expect(ended).toEqual([`${path}/${id}`]);
		expectNoLeak(thrown);
	});

	it.each<[string, string[], string[]]>([
		['is ended', ['whe_lost', id], ['whe_lost']],
		['is let be where the one that is known is not listed', ['whe_lost'], []],
	])('%s if the second try made another', async (_, listed, expected) => {
		// MemberPass replays a 2xx only: a 500 after the first was made is none.
		post().reply(500, problem('SERVER_ERROR'));
		post().reply(201, created);
		nock(origin)
			.get('/v1/webhook-endpoints')
			.query(true)
			.reply(200, { data: listed.map((one) => ({ id: one, url: targetUrl })) });
		const ended: string[] = [];
		nock(origin)
			.delete(/^\/v1\/webhook-subscriptions\//)
			.times(2)
			.reply((request: Request) => {
				ended.push(new URL(request.url).pathname.slice(path.length + 1));
				return [204, ''];
			});
		await expect(on()).resolves.toEqual({ id, secret });
		nock.cleanAll();
		expect(ended).toEqual(expected);
	});

	it('is told as the first trouble, even if it cannot be ended', async () => {
		post().times(2).reply(500, problem('SERVER_ERROR'));
		nock(origin).get('/v1/webhook-endpoints').query(true).reply(403, problem('FORBIDDEN'));
		const thrown = await thrownBy(on());
		expect(thrown.status).toBe(500);
		expect(thrown.message).toContain('Refused for a reason.');
	});

	it.each<[string, number, object]>([
		['a refusal, which made none', 422, problem('VALIDATION_FAILED')],
		['a redirect, which is none', 300, {}],
		['the first answer, which says all', 201, created],
	])('is not looked for after %s', async (_, status, body) => {
		post().reply(status, body);
		const looked = nock(origin).get('/v1/webhook-endpoints').query(true).reply(200, { data: [] });
		await on().catch(() => undefined);
		expect(looked.isDone()).toBe(false);
		nock.cleanAll();
	});
});

/** docs.memberpass.net/webhooks/event-reference and the pages of the families. */
const abilities: Readonly<Record<string, readonly string[]>> = {
	access_code_expired: ['project-access-code:view-any'],
	billing_invoice_paid: ['billing:read'],
	group_created: ['group:view-any'],
	member_joined: ['project-user:view-any'],
	payment_failed: ['project-subscription:view-any'],
	plan_updated: ['project-subscription-plan:view-any'],
	project_archived: ['project:view-any'],
	project_resource_linked: ['project-resource:view-any'],
	role_updated: ['role:view-any'],
	subscription_created: ['project-subscription:view-any'],
	team_created: ['team:view-any'],
	team_member_joined: ['team:view-any', 'team-member:invite'],
};

describe('a trigger that may not be switched on', () => {
	it.each(Object.entries(abilities))('names all abilities it needs (%s)', async (key, needed) => {
		nock(origin).post(path).reply(403, problem('TOKEN_MISSING_ABILITY'));
		const thrown = await thrownBy(run('triggers', key, 'performSubscribe', { targetUrl }));
		for (const ability of ['webhook-endpoint:manage', ...needed]) {
			expect(thrown.message).toContain(`"${ability}"`);
		}
		expect(thrown.message).toContain('https://app.memberpass.net/settings/tokens');
	});

	it.each<[object, string]>([
		[{}, 'Refused for a reason.'],
		[{ remediation: 'Ask the owner.' }, 'Refused for a reason. Ask the owner.'],
	])('says so in whole sentences (%j)', async (more, first) => {
		const { error } = problem('TOKEN_MISSING_ABILITY');
		nock(origin)
			.post(path)
			.reply(403, { error: { ...error, ...more } });
		const thrown = await thrownBy(on());
		expect(thrown.message).toBe(
			`${first} This trigger needs the abilities "webhook-endpoint:manage" and "project-user:view-any". Create a token that has them at https://app.memberpass.net/settings/tokens and use that instead. (status 403, TOKEN_MISSING_ABILITY, request req_01JVA70KDYBT3F4T1CF8B8HQ5Q)`,
		);
	});

	it('for another reason blames no ability', async () => {
		nock(origin).post(path).reply(403, problem('TEAM_TIER_REQUIRED'));
		const thrown = await thrownBy(
			run('triggers', 'role_created', 'performSubscribe', { targetUrl }),
		);
		expect(thrown.message).toBe(
			'Refused for a reason. (status 403, TEAM_TIER_REQUIRED, request req_01JVA70KDYBT3F4T1CF8B8HQ5Q)',
		);
	});

	it.each(['X', 'TOKEN_MISSING_ABILITY'])(
		'names only the one that MemberPass names (%s)',
		async (code) => {
			nock(origin)
				.post(path)
				.reply(403, {
					error: {
						code,
						message: 'No.',
						context: { required_ability: 'project-user:view-any' },
					},
				});
			const thrown = await thrownBy(on());
			expect(thrown.message).toContain('lacks the ability "project-user:view-any"');
			expect(thrown.message).not.toContain('webhook-endpoint:manage');
		},
	);
});

describe('switching a trigger off', () => {
	it.each([204, 200, 404, 410])('answered with %s has ended the subscription', async (status) => {
		nock(origin)
			.delete(`${path}/${id}`)
			.matchHeader('idempotency-key', /./)
			.reply(status, status === 204 ? '' : {});
		await expect(off({ id, secret })).resolves.toEqual({});
	});

	it('answered with 500 twice is reported', async () => {
		nock(origin).delete(`${path}/${id}`).times(2).reply(500, problem('SERVER_ERROR'));
		const thrown = await thrownBy(off({ id, secret }));
		expect(thrown.status).toBe(500);
		expectNoLeak(thrown);
	});

	it('answered with 401 does not show the signing secret', async () => {
		nock(origin).delete(`${path}/${id}`).reply(401, problem('AUTHENTICATION_REQUIRED'));
		const thrown = await thrownBy(off({ id, secret }));
		expect(thrown.name).toBe('ExpiredAuthError');
		expectNoLeak(thrown);
	});

	it.each([
		['nothing stored', {}],
		['an empty id', { id: '', secret }],
		['a blank id', { id: ' ', secret }],
	])('with %s sends no request', async (_, stored) => {
		const thrown = await thrownBy(off(stored));
		expect(thrown.message).toContain('no webhook ID');
		expectNoLeak(thrown);
	});

	it('encodes the id', async () => {
		nock(origin).delete(`${path}/a%2Fb%3Fc`).reply(204);
		await expect(off({ id: 'a/b?c', secret })).resolves.toEqual({});
	});
});

describe('the test in the editor', () => {
	const event = (name: string, at: string, data: object = { subscriber_id: 'usr_1' }) => ({
		id: `evt_${name}`,
		type: 'member.joined',
		created_at: at,
		api_version: '2026-05-01',
		project_id: 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA',
		data,
	});
	const a = event('a', '2026-05-18T10:00:00Z');
	const b = event('b', '2026-05-18T11:00:00Z');
	const c = event('c', '2026-05-18T12:00:00Z');
	const d = event('d', '2026-05-18T13:00:00Z');

	const listed = (rows: unknown, query: object = {}) =>
		nock(origin)
			.get('/v1/webhook-events')
			.query({ type: 'member.joined', limit: '20', ...query })
			.reply(200, { data: rows });
	const list = async (bundle: BundlePart = {}) => {
		const events = await run('triggers', 'member_joined', 'performList', bundle);
		return (events as { id: string }[]).map((one) => one.id);
	};

	it('shows the newest first', async () => {
		listed([a, c, b]);
		await expect(list()).resolves.toEqual(['evt_c', 'evt_b', 'evt_a']);
	});

	it('shows an event whose time cannot be read after all others', async () => {
		listed([event('x', 'yesterday'), a, { ...event('y', ''), created_at: null }, c]);
		await expect(list()).resolves.toEqual(['evt_c', 'evt_a', 'evt_x', 'evt_y']);
	});

	it('shows three', async () => {
		listed([a, b, c, d]);
		await expect(list({ meta: { isLoadingSample: true } })).resolves.toEqual([
			'evt_d',
			'evt_c',
			'evt_b',
		]);
	});

	it('narrows to the chosen project', async () => {
		listed([a], { project_id: 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA' });
		await expect(
			list({ inputData: { project_id: 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA' } }),
		).resolves.toEqual(['evt_a']);
	});

	it.each([
		['below payload', { id: 'whd_1', payload: a }],
		['below payload, as text', { id: 'whd_1', payload: JSON.stringify(a) }],
		['below data', { id: 'whd_1', data: a }],
		['below event', { id: 'whd_1', event: a }],
	])('finds the event %s of a row', async (_, row) => {
		listed([row]);
		await expect(list()).resolves.toEqual(['evt_a']);
	});

	it('shows nothing where there is nothing: no event, other events, rows without one, no list', async () => {
		listed([]);
		await expect(list()).resolves.toEqual([]);
		listed([{ ...a, type: 'member.kicked' }]);
		await expect(list()).resolves.toEqual([]);
		listed([{ id: 'whd_1', status: 'delivered' }]);
		await expect(list()).resolves.toEqual([]);
		nock(origin).get('/v1/webhook-events').query(true).reply(404, problem('RESOURCE_NOT_FOUND'));
		await expect(list()).resolves.toEqual([]);
	});

	it('shows an event once', async () => {
		listed([a, a]);
		await expect(list()).resolves.toEqual(['evt_a']);
	});

	it('adds the keys that a delivery gets as well', async () => {
		const nested = { subscriber: { id: 'usr_1', telegram_user_id: '1' } };
		listed([event('a', '2026-05-18T10:00:00Z', nested)]);
		const events = await run('triggers', 'member_joined', 'performList');
		expect(keysOf(events)).toContain('[].data.subscriber_id');
	});

	it('shows no key that a live run lacks (T006), whatever the list says about the event', async () => {
		const more = { status: 'delivered', attempts: 2, delivered_at: a.created_at };
		listed([{ ...a, ...more }]);
		const [shown] = (await run('triggers', 'member_joined', 'performList')) as [object];
		const [sent] = (await run(
			'triggers',
			'member_joined',
			'perform',
			deliveryOf(JSON.stringify(a), signatureOf(JSON.stringify(a))),
		)) as [object];
		expect(shown).toEqual(sent);
	});

	it('gives every key of the sample, as a live run does', async () => {
		listed([event('a', '2026-05-18T10:00:00Z', { subscriber: { id: 'usr_1' } })]);
		const [item] = (await run('triggers', 'member_joined', 'performList')) as [{ data: object }];
		expect(item.data).toMatchObject({ subscriber_id: 'usr_1', access_code: null, plan_id: null });
	});

	it('says what is wrong with the connection', async () => {
		nock(origin).get('/v1/webhook-events').query(true).reply(403, problem('TOKEN_MISSING_ABILITY'));
		const thrown = await thrownBy(run('triggers', 'member_joined', 'performList'));
		expect(thrown.message).toContain('"webhook-endpoint:manage"');
	});
});

it.each(['performSubscribe', 'performList'] as const)(
	'a project that is no text is refused (%s): the trigger would be told of all projects, or of none',
	async (method) => {
		const inputData = { project_id: ['prj_1'] };
		const thrown = await thrownBy(
			run('triggers', 'member_joined', method, { targetUrl, inputData }),
		);
		expect(thrown.code).toBe('invalid_input');
		expect(thrown.message).toContain("'Project");
	},
);
