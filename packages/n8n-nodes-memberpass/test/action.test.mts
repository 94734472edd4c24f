import { getEventListeners } from 'node:events';
import { runInThisContext } from 'node:vm';

import type { INodeParameters, INodeType } from 'n8n-workflow';
import nock from 'nock';

import type { Engine, RunRequest } from '../../../shared/testing/src/n8n-harness.ts';
import { host } from '../../../shared/testing/src/host.ts';
import { built, failureClass, open, origin, token } from './support.mts';

let engine: Engine;
beforeAll(async () => {
	engine = await open();
});
afterAll(() => engine.close());

const api = () => nock(origin, { reqheaders: { authorization: `Bearer ${token}` } });
const run = async (
	parameters: INodeParameters,
	more: Partial<Omit<RunRequest, 'parameters'>> = {},
) => await engine.run({ node: 'memberPass', typeVersion: 2, parameters, ...more });
const items = (...values: object[]) => values.map((json) => ({ json: json as { id: string } }));
const refused = { error: { code: 'RESOURCE_NOT_FOUND', message: 'There is no such plan.' } };

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
			account: { origin, credential: {} },
			policy: { ...executionPolicy, ...policy },
			itemIndex: null,
			idempotencyKey: null,
		},
	);
}

const getPlan: INodeParameters = {
	resource: 'plan',
	operation: 'get',
	projectId: 'prj_1',
	planId: '={{ $json.id }}',
};
const listPlans: INodeParameters = { resource: 'plan', operation: 'list', projectId: 'prj_1' };
const firstPage = { limit: '100', page: '1', per_page: '100' };

describe('several items', () => {
	test('each becomes one request and one item, linked to where it came from, in order', async () => {
		for (const [id, wait] of [
			['a', 40],
			['b', 20],
			['c', 0],
		] as const) {
			api().get(`/v1/projects/prj_1/plans/${id}`).delay(wait).reply(200, { data: { id } });
		}
		const result = await run(getPlan, { items: items({ id: 'a' }, { id: 'b' }, { id: 'c' }) });
		expect(result.items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual([
			[{ id: 'a' }, { item: 0 }],
			[{ id: 'b' }, { item: 1 }],
			[{ id: 'c' }, { item: 2 }],
		]);
	});

	test('the rows of each list stay linked to their item', async () => {
		for (const project of ['p0', 'p1', 'p2']) {
			api()
				.get(`/v1/projects/${project}/plans`)
				.query(firstPage)
				.reply(200, {
					data: [{ id: `${project}-x` }, { id: `${project}-y` }],
					meta: { last_page: 1 },
				});
		}
		const result = await run(
			{ ...listPlans, projectId: '={{ $json.id }}', returnAll: true },
			{ items: items({ id: 'p0' }, { id: 'p1' }, { id: 'p2' }) },
		);
		expect(result.items.map(({ json, pairedItem }) => [json['id'], pairedItem])).toEqual([
			['p0-x', { item: 0 }],
			['p0-y', { item: 0 }],
			['p1-x', { item: 1 }],
			['p1-y', { item: 1 }],
			['p2-x', { item: 2 }],
			['p2-y', { item: 2 }],
		]);
	});

	test('no more than ten reads are under way at once', async () => {
		let under = 0;
		let most = 0;
		const held: (() => void)[] = [];
		for (let index = 0; index < 20; index++) {
			api()
				.get(`/v1/projects/prj_1/plans/n${index}`)
				.reply(async () => {
					most = Math.max(most, ++under);
					// Answers only when ten have come, however long a busy machine takes for that.
					const answered = new Promise<void>((done) => held.push(done));
					if (held.length === 10) setTimeout(() => held.splice(0).forEach((done) => done()), 10);
					await answered;
					under--;
					return [200, { data: { id: `n${index}` } }];
				});
		}
		const input = items(...Array.from({ length: 20 }, (_, index) => ({ id: `n${index}` })));
		const result = await run(getPlan, { items: input });
		expect(result.items).toHaveLength(20);
		expect(most).toBe(10);
	});

	test('input items are left as they were', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(200, { data: { id: 'other' } });
		const input = items({ id: 'a' });
		await run(getPlan, { items: input });
		expect(input).toEqual([{ json: { id: 'a' } }]);
	});

	test('one that fails stops the run with its number and the words of MemberPass', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(200, { data: { id: 'a' } });
		api().get('/v1/projects/prj_1/plans/b').reply(404, refused);
		const { error } = await run(getPlan, { items: items({ id: 'a' }, { id: 'b' }) });
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'There is no such plan. [item 1]',
			httpCode: '404',
			itemIndex: 1,
		});
	});

	test('where two fail the first of them is told, whichever answer came first', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.delay(20)
			.reply(404, { error: { code: 'X', message: 'No a.' } });
		api()
			.get('/v1/projects/prj_1/plans/b')
			.reply(404, { error: { code: 'X', message: 'No b.' } });
		const { error } = await run(getPlan, { items: items({ id: 'a' }, { id: 'b' }) });
		expect(error?.message).toBe('No a. [item 0]');
	});

	test('with Continue, one that fails becomes an item of its own and the others go on', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(200, { data: { id: 'a' } });
		api().get('/v1/projects/prj_1/plans/b').reply(404, refused);
		api()
			.get('/v1/projects/prj_1/plans/c')
			.reply(200, { data: { id: 'c' } });
		const result = await run(getPlan, {
			items: items({ id: 'a' }, { id: 'b' }, { id: 'c' }),
			onError: 'continueRegularOutput',
		});
		expect(result.items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual([
			[{ id: 'a' }, { item: 0 }],
			[{ error: 'There is no such plan. [item 1] (status 404, RESOURCE_NOT_FOUND)' }, { item: 1 }],
			[{ id: 'c' }, { item: 2 }],
		]);
	});

	test('with Continue, one that fails in version 1 is the message alone, as 1.4.0 gave it', async () => {
		api().get('/v1/projects/prj_1/plans/b').reply(404, refused);
		const result = await engine.run({
			node: 'memberPass',
			typeVersion: 1,
			parameters: { ...getPlan, planId: 'b' },
			onError: 'continueRegularOutput',
		});
		expect(result.items.map(({ json }) => json)).toEqual([
			{ error: 'There is no such plan. [item 0]' },
		]);
	});

	test('with the error output, one that fails leaves there and the others go on', async () => {
		api()
			.get('/v1/projects/prj_1/plans/a')
			.reply(200, { data: { id: 'a' } });
		api().get('/v1/projects/prj_1/plans/b').reply(404, refused);
		api()
			.get('/v1/projects/prj_1/plans/c')
			.reply(200, { data: { id: 'c' } });
		const result = await run(getPlan, {
			items: items({ id: 'a' }, { id: 'b' }, { id: 'c' }),
			onError: 'continueErrorOutput',
		});
		expect(result.items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual([
			[{ id: 'a' }, { item: 0 }],
			[{ id: 'c' }, { item: 2 }],
		]);
		expect(result.failed).toHaveLength(1);
		expect(result.failed[0]?.json['error']).toBe(
			'There is no such plan. [item 1] (status 404, RESOURCE_NOT_FOUND)',
		);
		expect(result.failed[0]?.pairedItem).toEqual({ item: 1 });
	});

	test('none at all gives none, even with an address that cannot be used', async () => {
		const { executeItems } = built('runtime/execute.js') as {
			readonly executeItems: (context: object) => Promise<unknown>;
		};
		const unhandled: unknown[] = [];
		const note = (reason: unknown): void => void unhandled.push(reason);
		host.on('unhandledRejection', note);
		const getCredentials = async () => await Promise.reject(new Error('No address.'));
		expect(await executeItems({ getInputData: () => [], getCredentials })).toEqual([]);
		await new Promise((resolve) => setTimeout(resolve, 1));
		host.off('unhandledRejection', note);
		expect(unhandled).toEqual([]);
	});

	test('none at all is no request and no failure', async () => {
		expect(await run(getPlan, { items: [] })).toEqual({ items: [], failed: [], error: null });
	});

	test('with Continue, one whose expression fails becomes an item of its own as well', async () => {
		api()
			.get('/v1/projects/prj_1/plans/b')
			.reply(200, { data: { id: 'b' } });
		const result = await run(
			{ ...getPlan, planId: "={{ $json.id ?? $('Nobody').item.json.id }}" },
			{ items: [{ json: {} }, ...items({ id: 'b' })], onError: 'continueRegularOutput' },
		);
		expect(result.items.map(({ json, pairedItem }) => [json, pairedItem])).toEqual([
			[{ error: "Referenced node doesn't exist" }, { item: 0 }],
			[{ id: 'b' }, { item: 1 }],
		]);
	});

	test('all are the same operation: n8n evaluates no expression there, and nothing is sent', async () => {
		const result = await run(
			{ ...getPlan, operation: '={{ $json.what }}' },
			{
				items: [{ json: { id: 'a', what: 'get' } }, { json: { id: 'b', what: 'delete' } }],
				onError: 'continueRegularOutput',
			},
		);
		const words = 'The resource "plan" has no operation "{{ $json.what }}".';
		expect(result.items.map((item) => item.json)).toEqual([
			{ error: `${words} [item 0] Choose another operation.` },
			{ error: `${words} [item 1] Choose another operation.` },
		]);
		const { error } = await run({ ...getPlan, operation: '={{ $json.what }}' });
		expect(error).toMatchObject({
			name: 'NodeOperationError',
			message: `${words} [item 0]`,
			description: 'Choose another operation.',
		});
	});

	test('one whose expression fails stops the run with its number', async () => {
		const { error } = await run(
			{ ...getPlan, planId: "={{ $json.id ?? $('Nobody').item.json.id }}" },
			{ items: [...items({ id: '..' }), { json: {} }] },
		);
		expect(error?.itemIndex).toBe(0);
		const second = await run(
			{ ...getPlan, planId: "={{ $('Nobody').item.json.id }}" },
			{ items: [{ json: {} }] },
		);
		expect(second.error).toMatchObject({
			name: 'NodeOperationError',
			message: "Referenced node doesn't exist",
			itemIndex: 0,
		});
	});

	test('a base URL that cannot be used is a failure of each item: none is passed on as done', async () => {
		const other = await open('https://api.memberpass.net/v2');
		const result = await other.run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: getPlan,
			items: items({ id: 'a' }, { id: 'b' }),
			onError: 'continueErrorOutput',
		});
		other.close();
		expect(result.items).toEqual([]);
		expect(result.failed.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	test('a later node finds its way back through a list to the item it came from', async () => {
		for (const project of ['p0', 'p1']) {
			api()
				.get(`/v1/projects/${project}/plans`)
				.query({ limit: '50', page: '1', per_page: '50' })
				.reply(200, { data: [{ id: `${project}-x` }, { id: `${project}-y` }] });
			for (const plan of ['x', 'y']) {
				const id = `${project}-${plan}`;
				api().get(`/v1/projects/${project}/plans/${id}`).reply(200, { data: { id, project } });
			}
		}
		const node = (name: string, parameters: INodeParameters) => ({
			id: name,
			name,
			type: 'n8n-nodes-memberpass.memberPass',
			typeVersion: 2,
			position: [0, 0] as [number, number],
			parameters,
			credentials: { memberPassApi: { id: '1', name: 'MemberPass account' } },
		});
		const to = (next: string) => ({ main: [[{ node: next, type: 'main' as const, index: 0 }]] });
		const { output, error } = await engine.runWorkflow({
			workflow: {
				name: 'Pairing',
				nodes: [
					{ ...node('Start', {}), type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
					node('List', { ...listPlans, projectId: '={{ $json.project }}' }),
					node('Get', {
						...getPlan,
						projectId: "={{ $('Start').item.json.project }}",
						planId: '={{ $json.id }}',
					}),
				],
				connections: { Start: to('List'), List: to('Get') },
			},
			from: 'Start',
			items: [{ json: { project: 'p0' } }, { json: { project: 'p1' } }],
		});
		expect(error).toBeNull();
		expect(output['Get']?.map((item) => item.json['id'])).toEqual(['p0-x', 'p0-y', 'p1-x', 'p1-y']);
	});

	test('each is sent with the credential as it reads for that item', async () => {
		const sent: (string | null)[] = [];
		for (const host of ['https://a.example.com', 'https://b.example.com']) {
			nock(host)
				.get('/v1/projects/prj_1/plans/a')
				.reply((request: Request) => {
					sent.push(`${new URL(request.url).host} ${request.headers.get('authorization')}`);
					return [200, { data: { id: 'a' } }];
				});
		}
		const credential = { apiToken: '={{ $json.token }}', baseUrl: '={{ $json.url }}' };
		const { error } = await run(getPlan, {
			items: items(
				{ id: 'a', token: 'first', url: 'https://a.example.com' },
				{ id: 'a', token: 'second', url: 'https://b.example.com/v1' },
			),
			credential,
		});
		expect(error).toBeNull();
		expect(sent.sort()).toEqual(['a.example.com Bearer first', 'b.example.com Bearer second']);
	});

	test('writes go one by one: a failed one stops those after it', async () => {
		const asked: string[] = [];
		api()
			.persist()
			.post(/publish$/)
			.reply((request: Request) => {
				asked.push(request.url.split('/').at(-2) ?? '');
				return asked.length === 2 ? [404, refused] : [200, { data: { id: 'a' } }];
			});
		const { error } = await run(
			{ ...getPlan, operation: 'publish' },
			{ items: items({ id: 'a' }, { id: 'b' }, { id: 'c' }) },
		);
		expect(error?.message).toBe('There is no such plan. [item 1]');
		expect(asked).toEqual(['a', 'b']);
	});
});

describe('idempotency keys', () => {
	const publish: INodeParameters = { ...getPlan, operation: 'publish' };
	const keysOf = async (more: Partial<RunRequest>, answers: readonly number[]) => {
		const keys: string[] = [];
		for (const status of answers) {
			api()
				.post(/\/publish$/)
				.reply((request: Request) => {
					keys.push(request.headers.get('idempotency-key') ?? '');
					return [status, status === 200 ? { data: { id: 'a' } } : refused];
				});
		}
		await run(publish, { items: items({ id: 'a' }), ...more });
		return keys;
	};

	test("stay the same when n8n's Retry On Fail runs the node again", async () => {
		const keys = await keysOf({ retryOnFail: true }, [404, 200]);
		expect(keys).toHaveLength(2);
		expect(new Set(keys).size).toBe(1);
	});

	test('stay the same when MemberPass is busy and the node tries again', async () => {
		const keys: string[] = [];
		for (const [status, body] of [
			[429, { error: { code: 'RATE_LIMITED', message: 'Slow down.' } }],
			[200, { data: { id: 'a' } }],
		] as const) {
			api()
				.post(/\/publish$/)
				.reply((request: Request) => {
					keys.push(request.headers.get('idempotency-key') ?? '');
					return [status, body, { 'retry-after': '0' }];
				});
		}
		const result = await run(publish, { items: items({ id: 'a' }) });
		expect(result.items).toHaveLength(1);
		expect(keys).toHaveLength(2);
		expect(new Set(keys).size).toBe(1);
	});

	test.each([
		['with the node as it was, stay the same: what was done is not done again', {}, true],
		[
			'with a node that was mended, differ: what it says now is wanted',
			{ parameters: { ...publish, planId: 'b' } },
			false,
		],
	])('of a failed execution that is retried by hand %s', async (_, change, isSame) => {
		const keys = await keysOf(
			{
				items: items({ id: 'a' }, { id: 'a' }),
				executionId: '7',
				retried: { executionId: '8', ...change },
			},
			[200, 404, 200, 200],
		);
		expect(keys).toHaveLength(4);
		expect(new Set(keys).size).toBe(isSame ? 2 : 4);
	});

	test('differ between items, between executions and between the rounds of a loop', async () => {
		const two = items({ id: 'a' }, { id: 'a' });
		const keys = [
			...(await keysOf({ items: two, executionId: '7' }, [200, 200])),
			...(await keysOf({ items: two, executionId: '8' }, [200, 200])),
			...(await keysOf({ items: two, executionId: '8', runIndex: 1 }, [200, 200])),
		];
		expect(new Set(keys).size).toBe(6);
	});

	test('differ between nodes, workflows and installations whose executions have the same number', async () => {
		const one = items({ id: 'a' });
		const keys: string[] = [];
		const others = [{ node: 'a' }, { node: 'b' }, { workflow: 'other' }, { instance: 'other' }];
		for (const ids of [{}, ...others]) {
			keys.push(...(await keysOf({ items: one, executionId: '7', ids }, [200])));
		}
		expect(new Set(keys).size).toBe(5);
	});

	test('are random where n8n names no execution', async () => {
		const keys = [
			...(await keysOf({ executionId: '' }, [200])),
			...(await keysOf({ executionId: '' }, [200])),
			...(await keysOf({ executionId: null }, [200])),
			...(await keysOf({ executionId: null }, [200])),
		];
		expect(new Set(keys).size).toBe(4);
		expect(keys.every((key) => /^[0-9a-f-]{36}$/.test(key))).toBe(true);
	});
});

describe('lists', () => {
	const rows = (count: number, from = 0) =>
		Array.from({ length: count }, (_, index) => ({ id: `r${from + index}` }));

	test('take "true" of an expression or an agent for Return All and Simplify', async () => {
		for (const page of [1, 2]) {
			const row = { id: `pln_${page}`, something_new: 1 };
			api()
				.get('/v1/projects/prj_1/plans')
				.query({ ...firstPage, page: String(page) })
				.reply(200, { data: [row], meta: { current_page: page, last_page: 2 } });
		}
		const result = await run({
			...listPlans,
			returnAll: '={{ "true" }}',
			simplify: '={{ "true" }}',
		});
		expect(result.items.map((item) => item.json)).toEqual([{ id: 'pln_1' }, { id: 'pln_2' }]);
	});

	test('stop at the limit, and ask for no more than that', async () => {
		api()
			.get('/v1/projects/prj_1/plans')
			.query({ limit: '3', page: '1', per_page: '3' })
			.reply(200, { data: rows(3), meta: { last_page: 9 } });
		const result = await run({ ...listPlans, limit: 3 });
		expect(result.items).toHaveLength(3);
	});

	test('give 50 rows unless told otherwise', async () => {
		api()
			.get('/v1/projects/prj_1/plans')
			.query({ limit: '50', page: '1', per_page: '50' })
			.reply(200, { data: rows(50), meta: { last_page: 2 } });
		expect((await run(listPlans)).items).toHaveLength(50);
	});

	test('with Return All are read to the end', async () => {
		for (const page of [1, 2, 3]) {
			api()
				.get('/v1/projects/prj_1/plans')
				.query({ ...firstPage, page: String(page) })
				.reply(200, { data: rows(2, page * 2), meta: { current_page: page, last_page: 3 } });
		}
		const result = await run({ ...listPlans, returnAll: true });
		expect(result.items.map((item) => item.json['id'])).toEqual([
			'r2',
			'r3',
			'r4',
			'r5',
			'r6',
			'r7',
		]);
	});

	test.each([
		['activity.list', { subjectId: 'pln_1' }, '/v1/activity', 2, { limit: 500 }],
		['activity.list', { subjectId: 'pln_1' }, '/v1/activity', 1, { activityLimit: 500 }],
		['webhookDelivery.list', { type: 'plan.created' }, '/v1/webhook-events', 2, { limit: 500 }],
		[
			'webhookDelivery.list',
			{ type: 'plan.created' },
			'/v1/webhook-events',
			1,
			{ webhookDeliveryFilters: { limit: 500 } },
		],
	] as const)(
		'without pages are asked for all that is wanted, never for less in silence: %s',
		async (key, parameters, path, typeVersion, limit) => {
			const [resource = '', operation = ''] = key.split('.');
			const words = 'The limit field must not be greater than 200.';
			const error = { code: 'VALIDATION_FAILED', message: words, fields: { limit: [words] } };
			api()
				.get(path)
				.query((query) => query['limit'] === '500')
				.reply(422, { error });
			const result = await engine.run({
				node: 'memberPass',
				typeVersion,
				parameters: { resource, operation, ...parameters, ...limit },
			});
			expect(result.error?.message).toBe(`${words} [item 0]`);
		},
	);

	test.each([0, -1, 2.5, 'many', '={{ null }}', '={{ [] }}'])(
		'with the limit %j, which is no count, give 50 rows',
		async (limit) => {
			api()
				.get('/v1/projects/prj_1/plans')
				.query({ limit: '50', page: '1', per_page: '50' })
				.reply(200, { data: rows(2), meta: { last_page: 1 } });
			expect((await run({ ...listPlans, limit })).items).toHaveLength(2);
		},
	);

	test('that break off are a failure, never half a list', async () => {
		api()
			.get('/v1/projects/prj_1/plans')
			.query(firstPage)
			.reply(200, { data: rows(2), meta: { current_page: 1, last_page: 2 } });
		api()
			.get('/v1/projects/prj_1/plans')
			.query({ ...firstPage, page: '2' })
			.reply(403, { error: { code: 'X', message: 'Not any more.' } });
		const result = await run({ ...listPlans, returnAll: true });
		expect(result.items).toEqual([]);
		expect(result.error?.message).toBe('Not any more. [item 0]');
	});
});

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

	test.each([` ${token}`, `${token}\n`])(
		'carry the token alone, also where it was pasted as %j',
		async (pasted) => {
			const other = await open(undefined, pasted);
			const headers: unknown[] = [];
			nock(origin)
				.get('/v1/projects/prj_1')
				.reply((request: Request) => {
					headers.push(request.headers.get('authorization'));
					return [200, { data: { id: 'prj_1' } }];
				});
			await other.run({
				node: 'memberPass',
				typeVersion: 2,
				parameters: { resource: 'project', operation: 'get', projectId: 'prj_1' },
			});
			other.close();
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

	test.each([[{ data: [] }], [[]], [{ data: 'a' }]])(
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
		const other = await open(undefined, undefined, waits);
		api().get('/v1/projects/prj_1/plans/a').times(4).reply(500, '');
		await other.run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: getPlan,
			items: items({ id: 'a' }),
		});
		other.close();
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
			const other = await open(undefined, undefined, endless);
			const asked: string[] = [];
			api()
				.persist()
				.post(/publish$/)
				.reply((request: Request) => {
					asked.push(request.url.split('/').at(-2) ?? '');
					return asked.length === 2 ? [429, refused] : [200, { data: { id: 'a' } }];
				});
			await other.run({
				node: 'memberPass',
				typeVersion: 2,
				parameters: { ...getPlan, operation: 'publish' },
				items: items({ id: 'a' }, { id: 'b' }, { id: 'c' }),
				onError,
				onStart: (cancel) => (stop = cancel),
			});
			other.close();
			// Waits end again for every engine.
			(await open()).close();
			nock.cleanAll();
			expect(asked).toEqual(['a', 'b']);
		},
	);

	test('do not wait in an execution that was stopped before', async () => {
		const waits: number[] = [];
		const other = await open(undefined, undefined, waits);
		await answeredWith(
			async () => await Promise.resolve({ statusCode: 500, headers: {}, body: '' }),
			{},
			{ getExecutionCancelSignal: () => AbortSignal.abort() },
		);
		other.close();
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
		const other = await open(baseUrl);
		const { error } = await other.run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: getPlan,
			items: items({ id: 'a' }),
		});
		other.close();
		expect(error?.message).toContain(words);
		expect(error?.description).toBe('Correct the Base URL of the credential.');
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
			resource: 'plan',
			operation: 'create',
			projectId: 'prj_1',
			name: 'Premium Monthly',
			price: 29,
			currencyId: 'cur_1',
			billingCycle: 'months',
			resources: ['rsc_1', 'rsc_2'],
		});
		expect(error?.description).toBe(
			'Currency ID: It is not supported.; Resource Names or IDs: The first is gone. The second is gone.; constructor: Is no input. (status 422, VALIDATION_FAILED)',
		);
	});

	test.each([
		['of MemberPass', 'mpt_live_7_hushhush', getPlan, '/plans/a'],
		['of any other form', 'sbt_hush|hush/hush\n', getPlan, '/plans/a'],
		['in a list', 'sbt_hush|hush/hush', listPlans, '/plans'],
	])('that quotes a token %s does not show it', async (_, apiToken, parameters, path) => {
		const other = await open(`${origin}/v1`, apiToken);
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
		const { error } = await other.run({
			node: 'memberPass',
			typeVersion: 2,
			parameters,
			items: items({ id: 'a' }),
		});
		other.close();
		expect(error?.message).toMatch(/\[hidden\] is odd\. \[item 0\]$/);
		expect(error?.everything).not.toContain('hush');
	});
});

describe('as a tool of an agent', () => {
	const ai = (name: string, type = 'string') => `={{ $fromAI('${name}', '', '${type}') }}`;

	/** Calls its tool once for each item, all at once, as n8n's agent does with a batch. */
	const agent: INodeType = {
		description: {
			displayName: 'Agent',
			name: 'agent',
			group: ['transform'],
			version: 1,
			description: 'Calls its tool',
			defaults: { name: 'Agent' },
			inputs: ['main', { type: 'ai_tool' }],
			outputs: ['main'],
			properties: [],
		},
		async execute() {
			const said = this.getInputData().map(async ({ json }, index) => {
				const [tool] = (await this.getInputConnectionData('ai_tool', index)) as readonly {
					readonly invoke: (input: object) => Promise<string>;
				}[];
				return { json: { said: await tool?.invoke(json) } };
			});
			return [await Promise.all(said)];
		},
	};

	test('takes what the agent fills in, ids in lists and texts in number fields included', async () => {
		const bodies: unknown[] = [];
		api()
			.post('/v1/projects/prj_1/plans', (body) => {
				bodies.push(body);
				return true;
			})
			.reply(201, { data: { id: 'pln_1' } });
		const { error } = await run(
			{
				resource: 'plan',
				operation: 'create',
				projectId: { __rl: true, mode: 'id', value: ai('Project') },
				name: ai('Plan_Name'),
				price: ai('Price', 'number'),
				currencyId: ai('Currency_ID'),
				billingCycle: 'months',
				resources: ai('Resources'),
				additionalFields: { trialDays: ai('Trial_Days', 'number') },
			},
			{
				items: [
					{
						json: {
							query: {
								Project: 'prj_1',
								Plan_Name: 'Premium Monthly',
								Price: '29.5',
								Currency_ID: 'cur_1',
								Resources: 'rsc_1, rsc_2',
								Trial_Days: '7',
							},
						},
					},
				],
			},
		);
		expect(error).toBeNull();
		expect(bodies).toEqual([
			{
				name: 'Premium Monthly',
				price: 29.5,
				currency_id: 'cur_1',
				billing_cycle: 'months',
				resources: ['rsc_1', 'rsc_2'],
				trial_days: 7,
			},
		]);
	});

	test('writes anew with each call, although n8n gives calls that run at once the same number', async () => {
		const keys: string[] = [];
		api()
			.persist()
			.post('/v1/projects/prj_1/plans/pln_1/publish')
			.reply((request: Request) => {
				keys.push(request.headers.get('idempotency-key') ?? '');
				return [200, { data: { id: 'pln_1' } }];
			});
		const node = { position: [0, 0] as [number, number], parameters: {}, typeVersion: 1 };
		const { output, error } = await engine.runWorkflow({
			workflow: {
				name: 'Agent',
				nodes: [
					{ ...node, id: 's', name: 'Start', type: 'stand-in.start' },
					{ ...node, id: 'a', name: 'Agent', type: 'stand-in.agent' },
					{
						...node,
						id: 't',
						name: 'Tool',
						type: 'n8n-nodes-memberpass.memberPassTool',
						typeVersion: 2,
						parameters: { ...getPlan, operation: 'publish', planId: 'pln_1' },
						credentials: { memberPassApi: { id: '1', name: 'MemberPass account' } },
					},
				],
				connections: {
					Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
					Tool: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
				},
			},
			from: 'Start',
			items: [{ json: {} }, { json: {} }],
			standIns: { nodeType: () => agent, reached: [], known: [] },
		});
		expect(error).toBeNull();
		expect(output['Agent']?.map(({ json }) => json['said'])).toEqual([
			'[{"id":"pln_1"}]',
			'[{"id":"pln_1"}]',
		]);
		expect(keys).toHaveLength(2);
		expect(new Set(keys).size).toBe(2);
	});

	test('tells it what to mend by the names of its form, in the message: it is shown no more', async () => {
		const { error } = await engine.run({
			node: 'memberPassTool',
			typeVersion: 2,
			parameters: {
				resource: 'plan',
				operation: 'create',
				projectId: 'prj_1',
				name: 'Pro',
				price: 'cheap',
				currencyId: 'cur_1',
				billingCycle: 'fortnights',
				resources: ['rsc_1'],
			},
		});
		expect(error?.message).toBe(
			"'Plan Name' must have at least 5 characters; it has 3. [item 0] 'Price' must be a number such as 29.50. 'Billing Cycle' must be one of days, weeks, months, years, lifetime.",
		);
	});
});

describe('optional fields', () => {
	const bodyOf = async (parameters: INodeParameters, typeVersion = 2) => {
		const bodies: unknown[] = [];
		api()
			.intercept(/.*/, parameters['operation'] === 'update' ? 'PATCH' : 'POST', (body) => {
				bodies.push(body);
				return true;
			})
			.reply(200, { data: { id: 'x' } });
		const { error } = await run(parameters, { typeVersion });
		expect(error).toBeNull();
		return bodies[0];
	};
	const update: INodeParameters = {
		resource: 'plan',
		operation: 'update',
		projectId: 'prj_1',
		planId: 'pln_1',
	};

	test.each<[string, INodeParameters, object]>([
		['as it opens', {}, { expiry_preset: '1_month' }],
		[
			'with days instead of the chosen expiry',
			{ expiryPreset: '', additionalFields: { expiresInDays: 7 } },
			{ expires_in_days: 7 },
		],
	])('of new access codes make an order that MemberPass takes, %s', async (_, more, expiry) => {
		const bodies: unknown[] = [];
		api()
			.post('/v1/projects/prj_1/plans/pln_1/access-codes/bulk-generate', (body) => {
				bodies.push(body);
				return true;
			})
			.reply(202, { data: { job_id: 'job_1', status: 'queued' } });
		const { error } = await run({
			resource: 'accessCode',
			operation: 'bulkGenerate',
			projectId: 'prj_1',
			planId: 'pln_1',
			...more,
		});
		expect(error).toBeNull();
		expect(bodies).toEqual([{ quantity: 10, export_type: 'file', ...expiry }]);
	});

	test('that were left alone are not sent', async () => {
		expect(
			await bodyOf({ resource: 'project', operation: 'create', name: 'Research Premium' }),
		).toEqual({ name: 'Research Premium' });
	});

	test('that were emptied in Update Fields clear the field', async () => {
		expect(await bodyOf({ ...update, updateFields: { description: '' } })).toEqual({
			description: '',
		});
	});

	test('that were added to a creation and left empty are left out', async () => {
		const name = 'Research Premium';
		const create = { resource: 'project', operation: 'create', name };
		expect(await bodyOf({ ...create, additionalFields: { description: '' } })).toEqual({ name });
	});

	test('that hold a list of picked records send their ids', async () => {
		expect(
			await bodyOf({
				resource: 'plan',
				operation: 'create',
				projectId: 'prj_1',
				name: 'Premium Monthly',
				price: 29,
				currencyId: 'cur_1',
				billingCycle: 'months',
				resources: '={{ [{ mode: "list", value: "rsc_1" }, "rsc_2"] }}',
			}),
		).toMatchObject({ resources: ['rsc_1', 'rsc_2'] });
	});

	test('that were emptied in version 1 are left out, as 1.4.0 did', async () => {
		const updateFields = { description: '', name: 'Premium' };
		expect(await bodyOf({ ...update, updateFields }, 1)).toEqual({ name: 'Premium' });
	});

	test('that an expression made null are left alone in a new form', async () => {
		const updateFields = { description: '={{ null }}', name: 'Premium' };
		expect(await bodyOf({ ...update, updateFields })).toEqual({ name: 'Premium' });
	});

	test('take false and 0 for an answer', async () => {
		expect(await bodyOf({ ...update, updateFields: { price: 0, trial_days: 0 } })).toEqual({
			price: 0,
			trial_days: 0,
		});
	});

	test('take texts from an expression or an agent', async () => {
		expect(await bodyOf({ ...update, updateFields: { price: '29.5', trial_days: '7' } })).toEqual({
			price: 29.5,
			trial_days: 7,
		});
	});

	test('take everything an agent writes as texts: lists, switches, ids, counts', async () => {
		expect(
			await bodyOf({
				resource: 'webhookEndpoint',
				operation: 'create',
				name: 'CRM sync',
				url: 'https://hooks.example.com/memberpass',
				events: '={{ "plan.created, plan.deleted" }}',
				webhookEndpointFields: {
					project_id: 'prj_1',
					allowed_ips: '203.0.113.10, 203.0.113.11',
					is_active: 'false',
				},
			}),
		).toEqual({
			name: 'CRM sync',
			url: 'https://hooks.example.com/memberpass',
			events: ['plan.created', 'plan.deleted'],
			project_id: 'prj_1',
			allowed_ips: ['203.0.113.10', '203.0.113.11'],
			is_active: false,
		});
		api()
			.get('/v1/projects/prj_1/plans')
			.query({ limit: '3', page: '1', per_page: '3' })
			.reply(200, { data: [{ id: 'a' }], meta: { last_page: 1 } });
		const { error, items: rows } = await run({
			...listPlans,
			projectId: '={{ "prj_1" }}',
			limit: '={{ "3" }}',
		});
		expect(error).toBeNull();
		expect(rows).toHaveLength(1);
	});

	test.each([
		[
			'a date of n8n',
			'DateTime.fromISO("2026-03-22", { zone: "utc" })',
			'2026-03-22T00:00:00.000Z',
		],
		['a date of JavaScript', 'new Date(Date.UTC(2026, 2, 22))', '2026-03-22T00:00:00.000Z'],
		['no date', 'new Date("soon")', 'Invalid Date'],
	])('take %s in a text for what it says', async (_, expression, name) => {
		expect(
			await bodyOf({ resource: 'project', operation: 'create', name: `={{ ${expression} }}` }),
		).toEqual({ name });
	});

	test.each(['first', 'value', 'mode'])('refuse an object with "%s" for a text', async (key) => {
		const { error } = await run({
			resource: 'project',
			operation: 'create',
			name: `={{ ({ ${key}: "Research" }) }}`,
		});
		expect(error?.message).toBe("'Project Name' must be text. [item 0]");
	});

	test('are evaluated once for an item, however many there are', async () => {
		const { executeItems } = built('runtime/execute.js') as {
			readonly executeItems: (context: object) => Promise<unknown>;
		};
		const form: Readonly<Record<string, unknown>> = {
			resource: 'project',
			operation: 'update',
			projectId: '',
			updateFields: { name: 'Renamed', description: 'Weekly', metrics: true },
		};
		const asked: string[] = [];
		await executeItems({
			getInputData: () => [{ json: {} }],
			getCredentials: async () => await Promise.resolve({}),
			getNode: () => ({ name: 'MemberPass', type: 'memberPass', typeVersion: 2 }),
			getNodeParameter: (name: string) => (asked.push(name), form[name]),
			continueOnFail: () => true,
		});
		expect(asked.filter((name) => name === 'updateFields')).toHaveLength(1);
		expect(asked).toContain('projectId');
	});

	test('that come as something else than fields are left alone', async () => {
		expect(
			await bodyOf({
				resource: 'project',
				operation: 'create',
				name: 'Research Premium',
				additionalFields: '={{ "none" }}',
			}),
		).toEqual({ name: 'Research Premium' });
	});

	test('take the dates of expressions as days', async () => {
		api()
			.get('/v1/analytics/earnings')
			.query({ from: '2026-03-22', to: '2026-04-22', granularity: 'day' })
			.reply(200, { data: { totals: {} } });
		const { error } = await run({
			resource: 'analytics',
			operation: 'getEarnings',
			analyticsFilters: {
				from: '={{ DateTime.fromISO("2026-03-22", { zone: "utc" }) }}',
				to: '2026-04-22T00:00:00',
			},
		});
		expect(error).toBeNull();
	});
});
