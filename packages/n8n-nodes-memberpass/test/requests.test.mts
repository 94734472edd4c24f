import { getEventListeners } from 'node:events';
import { runInThisContext } from 'node:vm';

import nock from 'nock';

import { redactionRows } from '../../../shared/testing/src/redaction.ts';
import {
	api,
	createPlan,
	getPlan,
	items,
	listPlans,
	refused,
	refuseSecond,
	useAction,
} from './action.mts';
import { built, failureClass, origin, token, withWaits } from './support.mts';

const { run } = useAction();

/** What the tests below call of the built package without n8n around it. */
interface BuiltApi {
	readonly executionPolicy: object;
	readonly callApi: (
		context: object,
		operation: object,
		values: object,
		options: object,
	) => Promise<unknown>;
}

const operation = { name: 'get_a', method: 'GET', path: '/a', fields: [], ability: null };

/** What comes of a request if n8n's client answers like this. */
async function answeredWith(
	answer: () => Promise<unknown>,
	policy: object = {},
	context: object = {},
): Promise<unknown> {
	const { callApi, executionPolicy } = built('runtime/api.js') as BuiltApi;
	return await callApi(
		{ ...context, helpers: { httpRequestWithAuthentication: answer } },
		operation,
		{},
		{
			account: { origin, token, credential: {} },
			policy: { ...executionPolicy, ...policy },
			itemIndex: null,
			idempotencyKey: null,
		},
	);
}

describe('requests', () => {
	test('with a refused token are sent once and say so', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(401, { error: { code: 'AUTHENTICATION_REQUIRED', message: 'Who are you?' } });
		const { error } = await run(getPlan, { items: items({ id: 'a' }) });
		expect(error).toMatchObject({
			message: 'Who are you? [item 0]',
			httpCode: '401',
			failure: failureClass({ cause: 'credential-invalid' }),
		});
	});

	const live = 'https://api.memberpass.net';
	test.each([
		[
			'mpt_test_7_x',
			live,
			'The API token is a test token (mpt_test_…), which https://api.memberpass.net refuses: use a live token (mpt_live_…), or enter the address of your test environment as the API address.',
		],
		[
			'sbt_7_x',
			live,
			'The API token is one of Subscriby (sbt_…), which https://api.memberpass.net refuses: use one that starts with mpt_live_.',
		],
		[
			'mpt_live_7_x',
			'https://api.example.com',
			'The API token is a live token (mpt_live_…), but the API address is not https://api.memberpass.net: enter that address, or use a token of the environment that you mean.',
		],
		[
			' mpt_live_7_x ',
			live,
			'The token may have been revoked, it may have expired, or only part of it was copied.',
		],
	])('with the refused token %j at %s say why that may be', async (apiToken, host, why) => {
		nock(host).get('/v1/projects/prj_1/plans/a').reply(401, { message: 'Who are you?' });
		const credential = { apiToken, baseUrl: `${host}/v1` };
		const { error } = await run(getPlan, { items: items({ id: 'a' }), credential });
		expect(error?.description).toBe(
			`${why} Create a token at https://app.memberpass.net/settings/tokens and use that instead. (status 401)`,
		);
		expect(error?.everything).not.toContain('7_x');
	});

	test.each([
		[
			'',
			'There is no API token. Create one at https://app.memberpass.net/settings/tokens and enter it.',
		],
		[
			'={{ undefined }}',
			'There is no API token. Create one at https://app.memberpass.net/settings/tokens and enter it.',
		],
		[
			'mpt_live_7_x\nmpt_live_8_x',
			'The API token contains characters that no token has. Copy it again, or create a new one at https://app.memberpass.net/settings/tokens.',
		],
	])('are not sent with %j for a token, and the item says why', async (apiToken, message) => {
		const credential = { apiToken, baseUrl: `${origin}/v1` };
		const { error } = await run(getPlan, { items: items({ id: 'a' }), credential });
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: `${message} [item 0]`,
			description: 'Correct the API Token of the credential.',
			itemIndex: 0,
		});
		expect(error?.everything).not.toContain('7_x');
	});

	test.each([` ${token}`, `${token}\n`])(
		'carry the token alone, also where it was pasted as %j',
		async (pasted) => {
			const headers: unknown[] = [];
			nock(origin)
				.get('/v1/projects/prj_1')
				.reply((request: Request) => {
					headers.push(request.headers.get('authorization'));
					return [200, { data: { id: 'prj_1' } }];
				});
			await run(
				{ resource: 'project', operation: 'get', projectId: 'prj_1' },
				{ credential: { apiToken: pasted, baseUrl: origin } },
			);
			expect(headers).toEqual([`Bearer ${token}`]);
		},
	);

	test('are not sent on to another address: the token would go along', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(302, '', { location: 'https://elsewhere.example/v1/steal' });
		const stolen = nock('https://elsewhere.example').get('/v1/steal').reply(200, {});
		const { error } = await run(getPlan, { items: items({ id: 'a' }) });
		expect(error?.message).toBe(
			'MemberPass answered with a redirect to elsewhere.example. [item 0]',
		);
		expect(stolen.isDone()).toBe(false);
		nock.cleanAll();
	});

	test.each(['a/b', 'a?b=1', 'ä b'])('encode the id %s', async (id) => {
		api()
			.get((path) => path === `/v1/projects/prj_1/plans/${encodeURIComponent(id)}`)
			.reply(200, { data: { id } });
		expect((await run(getPlan, { items: items({ id }) })).items).toHaveLength(1);
	});

	test.each(['..', '.', ''])('are not sent with the id "%s"', async (id) => {
		const { error } = await run(getPlan, { items: items({ id }) });
		expect(error?.name).toBe('NodeOperationError');
		expect(error?.message).toContain("'Plan'");
		expect(error?.message).toContain('[item 0]');
		expect(error?.itemIndex).toBe(0);
	});

	test.each(['..', '.'])('for a list are not sent with the id "%s" either', async (projectId) => {
		const { error } = await run({ ...listPlans, projectId });
		expect(error).toMatchObject({ name: 'NodeOperationError', itemIndex: 0 });
		expect(error?.message).toContain("'Project'");
	});

	test('take a number of days in Additional Fields for what it says: 0 is refused', async () => {
		const { error } = await run({
			resource: 'accessCode',
			operation: 'bulkGenerate',
			projectId: 'prj_1',
			planId: 'pln_1',
			quantity: 5,
			additionalFields: { expiresInDays: 0 },
		});
		expect(error?.message).toBe("'Expires in Days' must be 1 or more. [item 0]");
	});

	test('say what is wrong with an input by the name of its field, all at once', async () => {
		const { error } = await run({
			resource: 'accessCode',
			operation: 'bulkGenerate',
			projectId: 'prj_1',
			planId: 'pln_1',
			quantity: 5000,
			expiryPreset: 'never',
		});
		expect(error?.message).toBe("'Quantity' must be 1000 or less. [item 0]");
		expect(error?.description).toContain("'Expiry' must be one of");
	});

	test('with a value of the wrong form are not sent: the words of its field say what is wanted', async () => {
		const { error } = await run({
			resource: 'subscriber',
			operation: 'findByTelegramId',
			projectId: 'prj_1',
			telegramId: '@jane',
		});
		expect(error?.message).toBe(
			"'Telegram ID' is not valid. Number that identifies the person on Telegram, not the @username. For example: 123456789. [item 0]",
		);
	});

	test('answered by something else than MemberPass are a failure that says so', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(200, '<html>Welcome</html>', { 'content-type': 'text/html' });
		const { error } = await run(getPlan, { items: items({ id: 'a' }) });
		expect(error?.message).toBe(
			'MemberPass answered with status 200 but not with the documented data (text/html). [item 0]',
		);
	});

	test.each([[{ data: [] }], [[]], [{ data: 'a' }], [{}], [{ data: {} }]])(
		'for one record that are answered with %j are a failure: there is no record in it',
		async (answer) => {
			api().get('/v1/projects/prj_1/plans/a').reply(200, answer);
			const { items: rows, error } = await run(getPlan, { items: items({ id: 'a' }) });
			expect(rows).toEqual([]);
			expect(error?.message).toBe(
				'MemberPass answered with status 200 but not with the documented data. [item 0]',
			);
		},
	);

	test.each([
		[200, ''],
		[202, 'null'],
		[200, '{"data":null}'],
		[200, '{"data":[]}'],
		[204, ''],
	])('that change something and are answered %d "%s" are done', async (status, body) => {
		api().post('/v1/projects/prj_1/plans/a/publish').reply(status, body);
		const { items: rows, error } = await run(
			{ ...getPlan, operation: 'publish' },
			{ items: items({ id: 'a' }) },
		);
		expect(error).toBeNull();
		expect(rows.map((item) => item.json)).toEqual([{ success: true }]);
	});

	test('that delete something and are refused with status 200 are a failure', async () => {
		const error = { code: 'VALIDATION_FAILED', message: 'The plan has subscribers.' };
		api().delete('/v1/projects/prj_1/plans/a').reply(200, { error });
		const { items: rows, error: failure } = await run(
			{ ...getPlan, operation: 'delete' },
			{ items: items({ id: 'a' }) },
		);
		expect(rows).toEqual([]);
		expect(failure?.message).toBe('The plan has subscribers. [item 0]');
	});

	test('that change something and are answered with several records are done, too', async () => {
		api()
			.post('/v1/projects/prj_1/plans/a/publish')
			.reply(200, { data: [{ id: 'a' }, { id: 'b' }] });
		const { items: rows, error } = await run(
			{ ...getPlan, operation: 'publish' },
			{ items: items({ id: 'a' }) },
		);
		expect(error).toBeNull();
		expect(rows.map((item) => item.json)).toEqual([{ id: 'a' }, { id: 'b' }]);
	});

	test('give out a secret that is shown only once, whatever else was answered', async () => {
		api().post('/v1/webhook-endpoints/whe_1/rotate-secret').reply(200, { data: [], secret: 'new' });
		const { items: rows } = await run({
			resource: 'webhookEndpoint',
			operation: 'rotateSecret',
			endpointId: 'whe_1',
		});
		expect(rows.map((item) => item.json)).toEqual([{ secret: 'new' }]);
	});

	test.each<[string, unknown, unknown]>([
		['a text', '{"data":{"id":"a"}}', { data: { id: 'a' } }],
		['what it parsed', { data: { id: 'a' } }, { data: { id: 'a' } }],
		['null', null, null],
		['nothing', undefined, null],
	])('are read whatever n8n hands over as the body: %s', async (_, body, json) => {
		const answer = async () => await Promise.resolve({ statusCode: 200, headers: {}, body });
		expect(await answeredWith(answer)).toEqual({ ok: true, status: 200, json, tries: 1 });
	});

	test('end at their time limit, whatever still comes of them', async () => {
		const never = new Promise<never>(() => undefined);
		expect(
			await answeredWith(async () => await never, { timeoutMs: 20, maxTries: 1 }),
		).toMatchObject({
			ok: false,
			problem: { kind: 'timeout' },
		});
	});

	test('are tried four times, with longer waits each time, at random in their upper half', async () => {
		const waits: number[] = [];
		api().get('/v1/projects/prj_1/plans/a').times(4).reply(500, '');
		await withWaits(waits, async () => await run(getPlan, { items: items({ id: 'a' }) }));
		expect(waits).toHaveLength(3);
		for (const [index, most] of [1_000, 2_000, 4_000].entries()) {
			expect(waits[index]).toBeGreaterThanOrEqual(most / 2);
			expect(waits[index]).toBeLessThanOrEqual(most);
		}
	});

	test('are not tried again where that would take more than two minutes in all', async () => {
		const clock = runInThisContext('Date') as { now: () => number };
		const { now } = clock;
		let seen = now();
		// A minute and a half passes between two looks at the clock.
		clock.now = () => (seen += 90_000);
		try {
			const wait = { 'retry-after': '60' };
			api().get('/v1/projects/prj_1/plans/b').reply(429, refused, wait);
			const { error } = await run(getPlan, { items: items({ id: 'b' }) });
			expect(error?.message).toBe('There is no such plan. [item 0]');
		} finally {
			clock.now = now;
			nock.cleanAll();
		}
	});

	test.each(['stopWorkflow', 'continueRegularOutput'] as const)(
		'end where somebody stops the execution in a wait, and nothing more is sent: %s',
		async (onError) => {
			let stop = (): void => undefined;
			const endless = async (): Promise<void> => {
				stop();
				await new Promise(() => undefined);
			};
			const asked = refuseSecond(429);
			await withWaits(
				endless,
				async () =>
					await run(
						{ ...getPlan, operation: 'publish' },
						{
							items: items({ id: 'a' }, { id: 'b' }, { id: 'c' }),
							onError,
							onStart: (cancel) => (stop = cancel),
						},
					),
			);
			nock.cleanAll();
			expect(asked).toEqual(['a', 'b']);
		},
	);

	test('do not wait in an execution that was stopped before', async () => {
		const waits: number[] = [];
		const answer = { statusCode: 500, headers: {}, body: '' };
		const stopped = { getExecutionCancelSignal: () => AbortSignal.abort() };
		await withWaits(
			waits,
			async () => await answeredWith(async () => await Promise.resolve(answer), {}, stopped),
		);
		expect(waits).toEqual([]);
	});

	test('leave nothing at the signal of the execution once they have waited', async () => {
		const { signal } = new AbortController();
		const statuses = [500, 500, 200];
		await answeredWith(
			async () => await Promise.resolve({ statusCode: statuses.shift(), headers: {}, body: '{}' }),
			{},
			{ getExecutionCancelSignal: () => signal },
		);
		expect(statuses).toEqual([]);
		expect(getEventListeners(signal, 'abort')).toEqual([]);
	});

	test('that delete are done, whatever else the answer holds', async () => {
		api()
			.delete('/v1/projects/prj_1/plans/a')
			.reply(200, { data: { id: 'a' } });
		const { items: rows } = await run(
			{ ...getPlan, operation: 'delete' },
			{ items: items({ id: 'a' }) },
		);
		expect(rows.map((item) => item.json)).toEqual([{ deleted: true }]);
	});

	test('that delete are not called done where MemberPass says that they are not', async () => {
		api()
			.delete('/v1/projects/prj_1/resources/a')
			.reply(200, { data: { resource_id: 'a', deleted: false } });
		const { items: rows } = await run(
			{ ...getPlan, resource: 'resource', operation: 'delete', resourceId: 'a' },
			{ items: items({ id: 'a' }) },
		);
		expect(rows.map((item) => item.json)).toEqual([{ resource_id: 'a', deleted: false }]);
	});

	test("keep MemberPass's words even where they contain the name of a system error", async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(422, {
				error: { code: 'VALIDATION_FAILED', message: 'A preexisting plan has this name.' },
			});
		const { error } = await run(getPlan, { items: items({ id: 'a' }) });
		expect(error?.message).toBe('A preexisting plan has this name. [item 0]');
	});

	test.each([
		['http://api.memberpass.net/v1', 'must start with https://'],
		['https://api.memberpass.net/v2', 'must not contain a path'],
		['http://10.0.0.1.example.com', 'must start with https://'],
		['nonsense', 'is not a web address'],
	])('are not sent to the base URL %s', async (baseUrl, words) => {
		const credential = { apiToken: token, baseUrl };
		const { error } = await run(getPlan, { items: items({ id: 'a' }), credential });
		expect(error?.message).toContain(words);
		expect(error?.message).toMatch(/ \[item 0\]$/);
		expect(error).toMatchObject({
			description: 'Correct the Base URL of the credential.',
			itemIndex: 0,
		});
	});

	test.each(['https://api.memberpass.net', 'https://api.memberpass.net/v1/', '', null])(
		'take the base URL %j',
		async (baseUrl) => {
			api()
				.get('/v1/projects/prj_1/plans/a')
				.reply(200, { data: { id: 'a' } });
			// n8n checks no credential that was imported.
			const credential = { apiToken: token, baseUrl: baseUrl as string };
			const result = await run(getPlan, { items: items({ id: 'a' }), credential });
			expect(result.items).toHaveLength(1);
		},
	);

	test('reach a sandbox beside the container that n8n runs in, without https', async () => {
		const host = 'http://host.docker.internal:4010';
		nock(host)
			.get('/v1/projects/prj_1/plans/a')
			.reply(200, { data: { id: 'a' } });
		const credential = { apiToken: token, baseUrl: `${host}/v1` };
		const result = await run(getPlan, { items: items({ id: 'a' }), credential });
		expect(result.error).toBeNull();
		expect(result.items).toHaveLength(1);
	});
});

describe('a refusal', () => {
	const fact = (status: number, more: object = {}) => ({
		error: {
			code: `CODE_${status}`,
			message: `Words for ${status}.`,
			docs_url: 'https://docs.memberpass.net/api',
			remediation: 'Do this.',
			request_id: 'req_01',
			...more,
		},
	});
	const wait = { 'retry-after': '300' };

	test.each<[number, object, Record<string, string>, readonly string[], object | null]>([
		[400, { fields: { name: ['Too short.'] } }, {}, ['name: Too short.'], null],
		[401, {}, {}, ['https://app.memberpass.net/settings/tokens'], { cause: 'credential-invalid' }],
		[402, {}, {}, [], null],
		[
			403,
			{ code: 'TOKEN_MISSING_ABILITY', context: { required_ability: 'plan:see' } },
			{},
			['lacks the ability "plan:see"', 'https://app.memberpass.net/settings/tokens'],
			null,
		],
		[404, {}, {}, [], null],
		[409, {}, {}, [], null],
		[
			422,
			{ fields: { name: ['Is taken.'], price: ['Too low.'] } },
			{},
			['name: Is taken.; price: Too low.'],
			null,
		],
		[429, {}, wait, ['Try again in 5 minutes.'], { cause: 'rate-limited', retryAfterMs: 300_000 }],
		[500, {}, wait, [], null],
		[
			503,
			{},
			wait,
			['Try again in 5 minutes.'],
			{ cause: 'temporarily-unavailable', retryAfterMs: 300_000 },
		],
	])(
		'with %d is told in full: the words, what to do, the item, the request',
		async (status, more, headers, told, failure) => {
			api().get('/v1/projects/prj_1/plans/a').reply(status, fact(status, more), headers);
			const { error } = await run(getPlan, { items: items({ id: 'a' }) });
			expect(error).toMatchObject({
				name: 'NodeApiError',
				message: `Words for ${status}. [item 0]`,
				httpCode: String(status),
				failure: failureClass(failure),
			});
			for (const words of [...told, 'Do this.', 'https://docs.memberpass.net/api', 'req_01']) {
				expect(error?.description).toContain(words);
			}
			expect(error?.everything).not.toContain(token);
		},
	);

	test.each([
		[429, 'rate-limited'],
		[502, 'temporarily-unavailable'],
		[504, 'temporarily-unavailable'],
	])('with %d that names no time to wait has none, after four tries', async (status, cause) => {
		api().get('/v1/projects/prj_1/plans/a').times(4).reply(status, fact(status));
		const { error } = await run(getPlan, { items: items({ id: 'a' }) });
		expect(error?.failure).toEqual(failureClass({ cause }));
	});

	test('calls the fields what the form calls them, rows of a list by the name of the list', async () => {
		api()
			.post('/v1/projects/prj_1/plans')
			.reply(422, {
				error: {
					code: 'VALIDATION_FAILED',
					message: 'The input is not valid.',
					fields: {
						currency_id: ['It is not supported.'],
						'resources.0': ['The first is gone.'],
						'resources.1': ['The second is gone.'],
						constructor: ['Is no input.'],
					},
				},
			});
		const { error } = await run({
			...createPlan,
			resources: ['rsc_1', 'rsc_2'],
		});
		expect(error?.description).toBe(
			'Currency ID: It is not supported.; Resource Names or IDs: The first is gone. The second is gone.; constructor: Is no input. (status 422, VALIDATION_FAILED)',
		);
	});

	test.each(redactionRows)(
		'that quotes something does not show it: %s',
		async (_, message, shown) => {
			api()
				.get('/v1/projects/prj_1/plans/a')
				.reply(422, { error: { code: 'VALIDATION_FAILED', message } });
			const { error } = await run(getPlan, { items: items({ id: 'a' }) });
			expect(error?.message).toContain(shown);
			expect(error?.everything).not.toMatch(/aB3dE|cD4eF|abc\.def|00112233/);
		},
	);

	test.each([
		['of MemberPass', 'mpt_live_7_hushhush', getPlan, '/plans/a'],
		['of any other form', 'sbt_hush|hush/hush\n', getPlan, '/plans/a'],
		['in a list', 'sbt_hush|hush/hush', listPlans, '/plans'],
	])('that quotes a token %s does not show it', async (_, apiToken, parameters, path) => {
		const quoted = apiToken.trim();
		nock(origin)
			.get(`/v1/projects/prj_1${path}`)
			.query(true)
			.reply(
				403,
				fact(403, {
					code: quoted,
					message: `${quoted} is odd.`,
					remediation: `Why "Bearer ${quoted}"?`,
					docs_url: `https://docs.example.com/${quoted}`,
					request_id: quoted,
					context: { required_ability: quoted },
					fields: { [quoted]: [`It is not ${quoted}.`] },
				}),
			);
		const credential = { apiToken, baseUrl: origin };
		const { error } = await run(parameters, { items: items({ id: 'a' }), credential });
		expect(error?.message).toMatch(/\[hidden\] is odd\. \[item 0\]$/);
		expect(error?.everything).not.toContain('hush');
	});
});
