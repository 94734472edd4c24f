import type { INodeParameters } from 'n8n-workflow';
import nock from 'nock';

import type { RunRequest } from '../../../shared/testing/src/n8n-harness.ts';
import {
	api,
	firstPage,
	getPlan,
	items,
	listPlans,
	refused,
	refuseSecond,
	useAction,
} from './action.mts';
import { built, token } from './support.mts';

const { engine, run } = useAction();

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
		const result = await engine().run({
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

	test.each([1, 2])(
		'with the error output of version %i, one that fails keeps the fields of its input item',
		async (typeVersion) => {
			api().get('/v1/projects/prj_1/plans/b').reply(404, refused);
			const at = { position: [0, 0] as [number, number], parameters: {} };
			const { output } = await engine().runWorkflow({
				workflow: {
					name: 'Follow-up',
					nodes: [
						{ ...at, id: 'a', name: 'Contacts', type: 'stand-in.contacts', typeVersion: 1 },
						{
							...at,
							id: 'b',
							name: 'MemberPass',
							type: 'n8n-nodes-memberpass.memberPass',
							typeVersion,
							parameters: getPlan,
							credentials: { memberPassApi: { id: '1', name: 'MemberPass account' } },
							onError: 'continueErrorOutput',
						},
						{ ...at, id: 'c', name: 'Write to them', type: 'stand-in.mail', typeVersion: 1 },
					],
					connections: {
						Contacts: { main: [[{ node: 'MemberPass', type: 'main', index: 0 }]] },
						MemberPass: { main: [[], [{ node: 'Write to them', type: 'main', index: 0 }]] },
					},
				},
				from: 'Contacts',
				items: [{ json: { id: 'b', email: 'anna@example.com' } }],
			});
			expect(output['Write to them']?.map(({ json }) => json)).toEqual([
				{ id: 'b', email: 'anna@example.com', error: expect.stringContaining('no such plan') },
			]);
		},
	);

	test('none at all gives none, even with an address that cannot be used', async () => {
		const { executeItems } = built('runtime/execute.js') as {
			readonly executeItems: (context: object) => Promise<unknown>;
		};
		const unhandled: unknown[] = [];
		const note = (reason: unknown): void => void unhandled.push(reason);
		process.on('unhandledRejection', note);
		const getCredentials = async () => await Promise.reject(new Error('No address.'));
		expect(await executeItems({ getInputData: () => [], getCredentials })).toEqual([]);
		await new Promise((resolve) => setTimeout(resolve, 1));
		process.off('unhandledRejection', note);
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
		const result = await run(getPlan, {
			items: items({ id: 'a' }, { id: 'b' }),
			onError: 'continueErrorOutput',
			credential: { apiToken: token, baseUrl: 'https://api.memberpass.net/v2' },
		});
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
		const { output, error } = await engine().runWorkflow({
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
		const asked = refuseSecond(404);
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
			const result = await engine().run({
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
