import nock from 'nock';

import { definitionOf, origin, run, thrownBy } from './support.ts';

/** A Zap works on the first result only, so its order and its truth matter more than anywhere else. */

const project = 'prj_01JT2B7M4QX9ZC5RKE8WNHV3DA';

const found = async (key: string, inputData: Record<string, unknown>) =>
	((await run('searches', key, 'perform', { inputData })) as { id: string }[]).map(({ id }) => id);

const members = [
	{ id: 'usr_joann', name: 'Jo-Ann', email: 'joann@example.com', status: 'lead' },
	{ id: 'usr_named', name: 'ann@example.com', email: null, status: 'customer' },
	{ id: 'usr_other', name: 'Someone Else', email: 'other@example.com', status: 'customer' },
	{ id: 'usr_ann', name: 'Zoë Doe', email: 'Ann@Example.com', status: 'customer' },
];

const listed = (query: object) =>
	nock(origin)
		.get(`/v1/projects/${project}/members`)
		.query({ page: '1', limit: '100', per_page: '100', ...query })
		.reply(200, { data: members, meta: { has_more: false } });

describe('Find Members', () => {
	it.each<[string, string, string[]]>([
		['a whole email address first', 'ann@example.com', ['usr_ann', 'usr_named', 'usr_joann']],
		['in any letter case', 'ANN@EXAMPLE.COM', ['usr_ann', 'usr_named', 'usr_joann']],
		['a name without its accents', 'zoe doe', ['usr_ann']],
		['a part of a name', 'else', ['usr_other']],
		['and nobody where nobody matches', 'nobody@example.com', []],
	])('gives %s, even if the server ignores what was searched for', async (_, search, expected) => {
		listed({ search });
		await expect(found('list_members', { project, search })).resolves.toEqual(expected);
	});

	it('warns, above its form, that the first result may only contain what was searched for', () => {
		const [notice] = definitionOf('searches', 'list_members').operation.inputFields ?? [];
		expect(notice).toMatchObject({
			type: 'copy',
			helpText:
				'Exact matches come first. Without one, the first result only contains your search text: check it before a later step changes anything.',
		});
		const [other] = definitionOf('searches', 'list_teams').operation.inputFields ?? [];
		expect(other).not.toMatchObject({ type: 'copy' });
	});

	it('looks for the best match in a whole page, even if one result is wanted', async () => {
		listed({ search: 'ann@example.com' });
		await expect(
			found('list_members', { project, search: 'ann@example.com', limit: 1 }),
		).resolves.toEqual(['usr_ann']);
	});

	it('looks for who stands where asked in a whole page, even if one result is wanted', async () => {
		listed({ status: 'customer' });
		await expect(found('list_members', { project, status: 'customer', limit: 1 })).resolves.toEqual(
			['usr_named'],
		);
	});

	it('keeps the order of the server among equals', async () => {
		listed({ search: 'example.com' });
		await expect(found('list_members', { project, search: 'example.com' })).resolves.toEqual([
			'usr_joann',
			'usr_named',
			'usr_other',
			'usr_ann',
		]);
	});

	it('leaves out who does not stand where asked, whatever the server says', async () => {
		listed({ status: 'customer' });
		await expect(found('list_members', { project, status: 'customer' })).resolves.toEqual([
			'usr_named',
			'usr_other',
			'usr_ann',
		]);
	});
});

describe('Find Subscriptions', () => {
	const rows = [
		{ id: 'sub_1', plan_id: 'pln_1', status: 'active' },
		{ id: 'sub_2', plan_id: 'pln_2', status: 'active' },
		{ id: 'sub_3', plan_id: 'pln_1', status: 'past_due' },
		{ id: 'sub_4', status: 'past_due' },
	];

	it.each<[Record<string, string>, string[]]>([
		[{ status: 'past_due' }, ['sub_3', 'sub_4']],
		[{ plan_id: 'pln_1' }, ['sub_1', 'sub_3', 'sub_4']],
		[{ plan_id: 'pln_1', status: 'active' }, ['sub_1']],
		[{}, ['sub_1', 'sub_2', 'sub_3', 'sub_4']],
	])('with %j gives what matches, and what cannot be compared', async (filters, expected) => {
		nock(origin)
			.get('/v1/subscriptions')
			.query((query) => Object.entries(filters).every(([name, value]) => query[name] === value))
			.reply(200, { data: rows, meta: { has_more: false } });
		await expect(found('list_subscriptions', filters)).resolves.toEqual(expected);
	});
});

it.each<[unknown, string[]]>([
	[true, ['pmt_2', 'pmt_3']],
	['true', ['pmt_2', 'pmt_3']],
	[false, ['pmt_1', 'pmt_2', 'pmt_3']],
	[undefined, ['pmt_1', 'pmt_2', 'pmt_3']],
])(
	'Find Payment Methods with Active Only %j gives none that is switched off, whatever the server says',
	async (active_only, expected) => {
		nock(origin)
			.get(`/v1/projects/${project}/payment-methods`)
			.query((query) => query['page'] === '1')
			.reply(200, {
				data: [
					{ id: 'pmt_1', provider: 'stripe', active: false },
					{ id: 'pmt_2', provider: 'paypal', active: true },
					{ id: 'pmt_3', provider: 'skrill' },
				],
				meta: { has_more: false },
			});
		await expect(found('list_payment_methods', { project, active_only })).resolves.toEqual(
			expected,
		);
	},
);

it('Find Transactions gives a refunded payment where that is asked for, whatever the server says', async () => {
	nock(origin)
		.get('/v1/analytics/transactions')
		.query((query) => query['limit'] === '200')
		.reply(200, {
			data: [
				{ id: 'pay_1', status: 'successful' },
				{ id: 'pay_2', status: 'refunded' },
			],
			meta: { next_cursor: null },
		});
	await expect(
		found('list_transactions', { project_id: project, statuses: ['refunded'], limit: 1 }),
	).resolves.toEqual(['pay_2']);
});

it('as many as are wanted are asked for where a filter cannot be compared with a row', async () => {
	nock(origin)
		.get(`/v1/projects/${project}/plans/pln_1/access-codes`)
		.query({ page: '1', limit: '1', per_page: '1', status: 'redeemed' })
		.reply(200, { data: [{ id: 'acc_1' }], meta: { has_more: true } });
	await expect(
		found('list_access_codes', { project, plan: 'pln_1', status: 'redeemed', limit: 1 }),
	).resolves.toEqual(['acc_1']);
});

describe('a list whose filter the server ignores, and whose first page holds nothing of what was asked for,', () => {
	const page = (number: number, rows: readonly object[], last: number) =>
		nock(origin)
			.get('/v1/subscriptions')
			.query({ page: String(number), limit: '100', per_page: '100', status: 'past_due' })
			.reply(200, { data: rows, meta: { current_page: number, last_page: last } });
	const others = Array.from({ length: 100 }, (_, n) => ({ id: `sub_${n}`, status: 'active' }));
	const overdue = { id: 'sub_overdue', status: 'past_due' };

	it.each([1, undefined])('is read to its end (Maximum Results: %j)', async (limit) => {
		page(1, others, 2);
		page(1, others, 2);
		page(2, [overdue, { id: 'sub_x', status: 'active' }], 2);
		await expect(found('list_subscriptions', { status: 'past_due', limit })).resolves.toEqual([
			'sub_overdue',
		]);
	});

	it('and cannot be read to its end, is an error and never nothing found', async () => {
		page(1, others, 2);
		page(1, others, 2);
		nock(origin).get('/v1/subscriptions').query(true).times(2).reply(500, '');
		const thrown = await thrownBy(found('list_subscriptions', { status: 'past_due' }));
		expect(thrown.status).toBe(500);
	});

	it('is asked for once where that page is the last', async () => {
		page(1, others.slice(1), 1);
		await expect(found('list_subscriptions', { status: 'past_due' })).resolves.toEqual([]);
	});

	it('is not read on where the page holds one', async () => {
		page(1, [overdue, ...others.slice(1)], 2);
		await expect(found('list_subscriptions', { status: 'past_due' })).resolves.toEqual([
			'sub_overdue',
		]);
	});
});

describe('a search by a name', () => {
	const plans = [
		{ id: 'pln_part', name: 'Premium Monthly' },
		{ id: 'pln_case', name: 'PREMIUM' },
		{ id: 'pln_exact', name: 'Premium' },
	];

	it('gives the exact spelling first, then other letter case, and never a part', async () => {
		nock(origin)
			.get(`/v1/projects/${project}/plans`)
			.query(true)
			.reply(200, { data: plans, meta: { has_more: false } });
		await expect(found('find_plan_by_name', { project, name: 'Premium' })).resolves.toEqual([
			'pln_exact',
			'pln_case',
		]);
	});
});

describe('an answer that holds nothing', () => {
	it.each([
		['204 without a body', 204, ''],
		['an empty body', 200, ''],
		['null', 200, 'null'],
		['an empty object', 200, '{}'],
		['data of null', 200, '{"data":null}'],
		['an empty list of PHP', 200, '{"data":[]}'],
	])('(%s) is nothing found', async (_, status, body) => {
		nock(origin)
			.get(`/v1/projects/${project}/plans/pln_1`)
			.reply(status, body, { 'content-type': 'application/json' });
		await expect(found('get_plan', { project, plan: 'pln_1' })).resolves.toEqual([]);
	});
});

it('a list of one where one thing is documented is that thing', async () => {
	nock(origin)
		.get(`/v1/projects/${project}/plans/pln_1`)
		.reply(200, { data: [{ id: 'pln_1' }] });
	await expect(found('get_plan', { project, plan: 'pln_1' })).resolves.toEqual(['pln_1']);
});

it('a later page that is not there is an error, never nothing found', async () => {
	const page = (number: string) =>
		nock(origin)
			.get('/v1/roles')
			.query((query) => query['page'] === number);
	page('1').reply(200, { data: [{ id: 'rol_1' }], meta: { has_more: true } });
	page('2').reply(404, { error: { message: 'There is no such page.' } });
	const thrown = await thrownBy(found('list_roles', {}));
	expect(thrown.message).toBe(
		'The list could not be read to its end: page 2 was not found. Try again, narrow the filters, or set a limit.',
	);
});

it('a search whose route is gone is an error, never nothing found', async () => {
	nock(origin)
		.get(`/v1/projects/${project}/bot`)
		.reply(404, { message: `The route v1/projects/${project}/bot could not be found.` });
	const thrown = await thrownBy(found('get_bot_status', { project }));
	expect(thrown.message).toBe(
		`The route v1/projects/${project}/bot could not be found. Check the API address. If it is right, MemberPass no longer offers this. (status 404)`,
	);
});

describe('an answer that holds something else', () => {
	it.each<[string, string, object]>([
		['a list where one thing is documented', 'get_plan', { data: [{ id: 'a' }, { id: 'b' }] }],
		['a text where one thing is documented', 'get_plan', { data: 'pln_1' }],
		['one thing where a list is documented', 'find_plan_by_name', { data: { id: 'pln_1' } }],
	])('(%s) is an error, never nothing found', async (_, key, body) => {
		nock(origin)
			.get(/^\/v1\/projects\/prj_1\/plans/)
			.query(true)
			.reply(200, body);
		const thrown = await thrownBy(
			run('searches', key, 'perform', {
				inputData: { project: 'prj_1', plan: 'pln_1', name: 'Premium' },
			}),
		);
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toContain('not with the documented data');
		expect(thrown.status).toBe(200);
	});
});

describe('results without an id', () => {
	it('are named after what they are about', async () => {
		nock(origin)
			.get('/v1/analytics/plan-performance')
			.query(true)
			.reply(200, { data: [{ plan_id: 'pln_1', plan_name: 'A' }, { plan_id: 'pln_2' }] });
		await expect(
			run('searches', 'get_plan_performance', 'perform', { inputData: { project_id: project } }),
		).resolves.toEqual([
			{ id: 'pln_1', plan_id: 'pln_1', plan_name: 'A' },
			{ id: 'pln_2', plan_id: 'pln_2' },
		]);
	});

	it('are named after the question, the same for the same question', async () => {
		const ask = async (period: string) => {
			nock(origin)
				.get('/v1/analytics/earnings')
				.query(true)
				.reply(200, { data: { totals: {}, timeseries: [] } });
			const [row] = (await run('searches', 'get_earnings', 'perform', {
				inputData: { period },
			})) as { id: string }[];
			return row?.id;
		};
		expect([await ask('7d'), await ask('7d'), await ask('30d')]).toEqual([
			'get_earnings:7d',
			'get_earnings:7d',
			'get_earnings:30d',
		]);
	});
});

describe('the number of results', () => {
	const list = (limit: unknown) =>
		run('searches', 'list_roles', 'perform', { inputData: { limit } });

	it('is asked for and kept to', async () => {
		nock(origin)
			.get('/v1/roles')
			.query({ limit: '2', per_page: '2', page: '1' })
			.reply(200, { data: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], meta: { has_more: true } });
		await expect(list('2')).resolves.toEqual([{ id: 'a' }, { id: 'b' }]);
	});

	it.each<[unknown, string]>([
		[1, '1'],
		['100', '100'],
		[' 20 ', '20'],
		['', '100'],
		[' ', '100'],
		[null, '100'],
		[undefined, '100'],
		[[], '100'],
	])('may be %j, which asks for %s', async (limit, asked) => {
		nock(origin)
			.get('/v1/roles')
			.query({ limit: asked, per_page: asked, page: '1' })
			.reply(200, { data: [] });
		await expect(list(limit)).resolves.toEqual([]);
	});

	it.each([0, '0', 101, '101', '-1', -1, 1.5, '1.5', '1e1', '0x1', 'ten', true, ['5']])(
		'cannot be %s',
		async (limit) => {
			const thrown = await thrownBy(list(limit));
			expect(thrown.message).toBe("'Maximum Results' must be a whole number from 1 to 100.");
		},
	);
});
