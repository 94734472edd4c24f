import { memberPass } from '@memberpass/catalogue';
import fc from 'fast-check';

import { firstPage, pageQuery, readList, type WireOperation } from '../src/index.ts';
import { answer, fieldWith, operationWith, policy, scripted } from './support.ts';

const rows = (...ids: (string | number)[]) => ids.map((id) => ({ id: String(id) }));
const page = (data: unknown, meta?: unknown) =>
	answer(200, meta === undefined ? { data } : { data, meta });

async function read(
	steps: ReturnType<typeof answer>[],
	part: Partial<WireOperation> = {},
	wanted: number | null = null,
	values: Record<string, unknown> = {},
) {
	const script = scripted(steps);
	const operation = operationWith({
		shape: 'many',
		paging: 'pages',
		path: '/rows',
		pageSize: 2,
		...part,
	});
	const result = await readList(operation, values, script.effects, {
		request: { platform: memberPass, origin: 'https://api.memberpass.net' },
		call: { platform: memberPass, policy: { ...policy, maxTries: 1 } },
		wanted,
	});
	return { result, queries: script.sent.map((request) => Object.fromEntries(request.query)) };
}

const ids = (result: Awaited<ReturnType<typeof readList>>) =>
	result.ok ? result.rows.map((row) => row['id']) : result.problem.message;

describe('each paging shape is read to its end', () => {
	it.each([
		[
			'current_page and last_page',
			[
				page(rows(1, 2), { current_page: 1, last_page: 2 }),
				page(rows(3), { current_page: 2, last_page: 2 }),
			],
			['1', '2', '3'],
		],
		[
			'last_page alone',
			[page(rows(1, 2), { last_page: 2 }), page(rows(3), { last_page: 2 })],
			['1', '2', '3'],
		],
		[
			'has_more',
			[page(rows(1, 2), { page: 1, has_more: true }), page(rows(3), { page: 2, has_more: false })],
			['1', '2', '3'],
		],
		[
			'next_cursor',
			[page(rows(1, 2), { next_cursor: 'abc' }), page(rows(3), { next_cursor: null })],
			['1', '2', '3'],
		],
		[
			'next_cursor that ends on a full page',
			[page(rows(1, 2), { next_cursor: 'abc' }), page(rows(3, 4), { next_cursor: null })],
			['1', '2', '3', '4'],
		],
		['no paging fact and a short page', [page(rows(1))], ['1']],
		['no paging fact and full pages', [page(rows(1, 2)), page(rows(3))], ['1', '2', '3']],
		['no paging fact, full pages, then an empty one', [page(rows(1, 2)), page([])], ['1', '2']],
		[
			'no paging fact and a list that is not paged at all',
			[page(rows(1, 2, 3)), page(rows(1, 2, 3))],
			['1', '2', '3'],
		],
		['an empty list', [page([], { last_page: 1, total: 0 })], []],
		['an empty next_cursor, which is none', [page(rows(1), { next_cursor: '' })], ['1']],
		[
			'a current_page that is ahead of what was asked for',
			[page(rows(1, 2), { current_page: 2, last_page: 2 })],
			['1', '2'],
		],
		['a total that is no number', [page(rows(1), { total: '5 or so' })], ['1']],
		[
			'numbers as text',
			[
				page(rows(1), { current_page: '1', last_page: '2' }),
				page(rows(2), { current_page: '2', last_page: '2' }),
			],
			['1', '2'],
		],
		[
			'a size as text, as Laravel gives it back',
			[page(rows(1), { per_page: '1' }), page([], { per_page: '1' })],
			['1'],
		],
		[
			'has_more in a form that says nothing',
			[page(rows(1, 2), { has_more: { toString: 1 } }), page(rows(3))],
			['1', '2', '3'],
		],
		[
			'rows without an id that differ',
			[
				page([{ a: 1 }], { has_more: true }),
				page([{ a: 2 }], { has_more: true }),
				page([{ a: 3 }], { has_more: false }),
			],
			[undefined, undefined, undefined],
		],
		['a bare array', [answer(200, rows(1))], ['1']],
	])('%s', async (_, steps, expected) => {
		const { result, queries } = await read(steps);
		expect(ids(result)).toStrictEqual(expected);
		expect(result).toMatchObject({ ok: true, requests: steps.length });
		expect(queries).toHaveLength(steps.length);
	});

	it('a last_page of several digits is one as text as well', async () => {
		const { result } = await read([
			page(rows(1), { current_page: '9', last_page: '10' }),
			page(rows(2), { current_page: '10', last_page: '10' }),
		]);
		expect(ids(result)).toEqual(['1', '2']);
	});

	it.each(['x1', '1x', '', [9]])(
		'a last_page of %j is no fact: the next one counts',
		async (last) => {
			const more = await read([
				page(rows(1), { last_page: last, has_more: true }),
				page(rows(2), { last_page: last, has_more: false }),
			]);
			expect(ids(more.result)).toEqual(['1', '2']);
		},
	);

	it.each([true, 1, '1', 'true'])('has_more of %j is followed', async (more) => {
		const { result } = await read([
			page(rows(1), { has_more: more }),
			page(rows(2), { has_more: false }),
		]);
		expect(ids(result)).toEqual(['1', '2']);
	});

	it.each([false, 0, '0', 'false'])('has_more of %j ends a full page', async (more) => {
		const { result, queries } = await read([page(rows(1, 2), { has_more: more })]);
		expect(ids(result)).toEqual(['1', '2']);
		expect(queries).toHaveLength(1);
	});

	it.each([{ per_page: 2 }, { limit: 2 }])(
		'a page that is full by its own %j is asked for the one after it, also where more were asked for',
		async (size) => {
			const { result } = await read(
				[page(rows(1, 2), size), page(rows(3, 4), size), page(rows(5), size)],
				{ pageSize: 100 },
			);
			expect(ids(result)).toEqual(['1', '2', '3', '4', '5']);
		},
	);

	it.each([
		['last_page', { current_page: 1, last_page: 2 }, { current_page: 2, last_page: 2 }],
		['has_more', { has_more: true }, { has_more: false }],
		['next_cursor', { next_cursor: 'abc' }, { next_cursor: null }],
	])('%s is followed where it stands beside the rows, without a meta', async (_, one, other) => {
		const { result } = await read(
			[answer(200, { data: rows(1, 2), ...one }), answer(200, { data: rows(3), ...other })],
			{ pageSize: 100 },
		);
		expect(ids(result)).toEqual(['1', '2', '3']);
	});

	it('of a meta and of what stands beside it, the meta counts', async () => {
		const { result } = await read([
			answer(200, { data: rows(1), total: 5, has_more: true, meta: { has_more: false } }),
		]);
		expect(ids(result)).toEqual(['1']);
	});

	it.each([{ per_page: 0 }, { limit: 0 }, { per_page: 25 }])(
		'an empty page is the end, also with %j',
		async (size) => {
			const { result, queries } = await read([page([], size)]);
			expect(ids(result)).toEqual([]);
			expect(queries).toHaveLength(1);
		},
	);

	it('a page that is not full by its own size is the last', async () => {
		const { result, queries } = await read([page(rows(1), { per_page: 2 })], { pageSize: 100 });
		expect(ids(result)).toEqual(['1']);
		expect(queries).toHaveLength(1);
	});

	it('a cursor that is a number is followed', async () => {
		const { result, queries } = await read(
			[page(rows(1, 2), { next_cursor: 2 }), page(rows(3), { next_cursor: null })],
			{ paging: 'cursor' },
		);
		expect(ids(result)).toEqual(['1', '2', '3']);
		expect(queries[1]).toMatchObject({ cursor: '2' });
	});
});

describe('what is asked for', () => {
	it('no page of what has none', () => {
		expect(pageQuery(firstPage('none', 100, null))).toEqual([]);
	});

	it('all three ways of paging at once, because no source says which one counts', async () => {
		const { queries } = await read([
			page(rows(1, 2), { has_more: true }),
			page(rows(3), { has_more: false }),
		]);
		expect(queries).toEqual([
			{ limit: '2', page: '1', per_page: '2' },
			{ limit: '2', page: '2', per_page: '2' },
		]);
	});

	it('the cursor instead of the page, once the answer gives one', async () => {
		const { queries } = await read([page(rows(1, 2), { next_cursor: 'a b' }), page(rows(3), {})]);
		expect(queries[1]).toEqual({ cursor: 'a b', limit: '2', per_page: '2' });
	});

	it('a keyset list by limit and cursor', async () => {
		const { queries } = await read(
			[page(rows(1, 2), { next_cursor: 'x' }), page(rows(3), { next_cursor: null })],
			{ paging: 'cursor' },
		);
		expect(queries).toEqual([{ limit: '2' }, { cursor: 'x', limit: '2' }]);
	});

	it('a list without pages by limit alone, once', async () => {
		const { result, queries } = await read([page(rows(1, 2), { total: 9 })], { paging: 'limit' });
		expect(queries).toEqual([{ limit: '2' }]);
		expect(ids(result)).toEqual(['1', '2']);
	});

	it('a keyset list once, where it gives no cursor', async () => {
		const { result } = await read([page(rows(1, 2))], { paging: 'cursor' });
		expect(ids(result)).toEqual(['1', '2']);
	});

	it('nothing, where an answer is not paged', async () => {
		const { result, queries } = await read([page(rows(1, 2, 3), { total: 9, last_page: 3 })], {
			paging: 'none',
		});
		expect(queries).toEqual([{}]);
		expect(ids(result)).toEqual(['1', '2', '3']);
	});
});

describe('a limit', () => {
	it.each([
		[1, 100, [{ limit: '1', page: '1', per_page: '1' }], 1],
		[100, 100, [{ limit: '100', page: '1', per_page: '100' }], 100],
	])('of %i never asks for more than it wants', async (wanted, pageSize, expected, count) => {
		const data = rows(...Array.from({ length: 100 }, (_, index) => index));
		const { result, queries } = await read([page(data, { last_page: 9 })], { pageSize }, wanted);
		expect(queries).toEqual(expected);
		expect(ids(result)).toHaveLength(count);
	});

	it('of 0 asks for one row, as no page has fewer, and gives none', async () => {
		const { result, queries } = await read([page(rows(1), { last_page: 9 })], {}, 0);
		expect(queries).toEqual([{ limit: '1', page: '1', per_page: '1' }]);
		expect(ids(result)).toEqual([]);
	});

	it('of a list without pages is asked for as it is: there is no second page to make up for it', async () => {
		const { queries } = await read([page(rows(1, 2))], { paging: 'limit', pageSize: 2 }, 5);
		expect(queries).toEqual([{ limit: '5' }]);
	});

	it('across pages stops in the middle of the last one', async () => {
		const { result, queries } = await read(
			[page(rows(1, 2), { last_page: 5 }), page(rows(3, 4), { last_page: 5 })],
			{},
			3,
		);
		expect(ids(result)).toEqual(['1', '2', '3']);
		expect(queries).toHaveLength(2);
	});

	it.each([101, 150, 250])('of %i asks for whole pages of 100', async (wanted) => {
		const all = rows(...Array.from({ length: 300 }, (_, index) => index));
		const { result, queries } = await read(
			[0, 100, 200].map((start) => page(all.slice(start, start + 100), { has_more: true })),
			{ pageSize: 100 },
			wanted,
		);
		expect(ids(result)).toEqual(all.slice(0, wanted).map(({ id }) => id));
		expect(new Set(queries.map((query) => `${query['limit']} ${query['per_page']}`))).toEqual(
			new Set(['100 100']),
		);
	});

	it('above a page loses no row of a list that fits into one, whether it knows pages or not', async () => {
		const all = rows(...Array.from({ length: 80 }, (_, index) => index));
		const { result, queries } = await read([page(all)], { pageSize: 100 }, 150);
		expect(ids(result)).toHaveLength(80);
		expect(queries).toEqual([{ limit: '100', page: '1', per_page: '100' }]);
	});
});

describe('half the data is never given out as the whole', () => {
	it.each([
		[
			'a repeated page',
			[page(rows(1, 2), { has_more: true }), page(rows(1, 2), { has_more: true })],
			/page 2 repeated/,
		],
		[
			'a repeated page of a counted list',
			[page(rows(1, 2), { last_page: 3 }), page(rows(1, 2), { last_page: 3 })],
			/page 2 repeated/,
		],
		[
			'a repeated row that changed meanwhile',
			[
				page([{ id: 1, name: 'old' }], { has_more: true }),
				page([{ id: 1, name: 'new' }], { has_more: true }),
			],
			/page 2 repeated/,
		],
		[
			'a repeated row with an id of text that changed meanwhile',
			[
				page([{ id: 'pln_1', name: 'old' }], { has_more: true }),
				page([{ id: 'pln_1', name: 'new' }], { has_more: true }),
			],
			/page 2 repeated/,
		],
		[
			'a repeated page of rows without an id',
			[page([{ a: 1 }], { has_more: true }), page([{ a: 1 }], { has_more: true })],
			/page 2 repeated/,
		],
		[
			'a repeated cursor',
			[page(rows(1, 2), { next_cursor: 'x' }), page(rows(3, 4), { next_cursor: 'x' })],
			/page 2 repeated/,
		],
		[
			'an empty page that announces more',
			[page(rows(1, 2), { has_more: true }), page([], { has_more: true })],
			/page 2 was empty/,
		],
		[
			'fewer rows than were counted',
			[page(rows(1, 2), { last_page: 1, total: 5 })],
			/2 of 5 rows came/,
		],
		['fewer rows than were counted as text', [page(rows(1), { total: '5' })], /1 of 5 rows came/],
		[
			'a later page that is not there',
			[page(rows(1, 2), { has_more: true }), answer(404, { error: { message: 'Gone.' } })],
			/^The list could not be read to its end: page 2 was not found\.$/,
		],
		[
			'the same full page again, of a list that counts more',
			[page(rows(1, 2), { total: 5 }), page(rows(1, 2), { total: 5 })],
			/2 of 5 rows came/,
		],
		['an answer that is no list', [page({ id: 1 })], /not with the documented data/],
		['rows that are no objects', [page([1, 2])], /not with the documented data/],
	])('%s is a problem', async (_, steps, message) => {
		const { result } = await read(steps);
		expect(result.ok).toBe(false);
		expect(ids(result)).toMatch(message);
	});

	it('a count beside the rows is held against them as well', async () => {
		const { result } = await read([answer(200, { data: rows(1, 2), total: 5 })], { pageSize: 100 });
		expect(ids(result)).toMatch(/2 of 5 rows came/);
	});

	it('a row that a new one pushed on to the next page arrives once', async () => {
		const { result } = await read([
			page(rows(5, 4), { has_more: true, total: 5 }),
			page(rows(4, 3), { has_more: true, total: 6 }),
			page(rows(2, 1), { has_more: false, total: 6 }),
		]);
		expect(ids(result)).toEqual(['5', '4', '3', '2', '1']);
	});

	it('rows without an id all arrive, also where they are alike', async () => {
		const { result } = await read([
			page([{ a: 1 }, { a: 2 }], { has_more: true }),
			page([{ a: 2 }, { a: 2 }], { has_more: false }),
		]);
		expect(result).toMatchObject({ ok: true, rows: [{ a: 1 }, { a: 2 }, { a: 2 }, { a: 2 }] });
	});

	it('a page that fails fails the list', async () => {
		const { result } = await read([page(rows(1, 2), { has_more: true }), answer(503)]);
		expect(result).toMatchObject({ ok: false, problem: { kind: 'server' } });
	});

	it('a list whose first page is not there is not found', async () => {
		const { result } = await read([answer(404)]);
		expect(result).toMatchObject({ ok: false, problem: { kind: 'not_found', status: 404 } });
	});

	it('a server that never ends is stopped, and said to be', async () => {
		const endless = Array.from({ length: 1_001 }, (_, index) =>
			page(rows(index), { has_more: true }),
		);
		const { result, queries } = await read(endless);
		expect(ids(result)).toMatch(/more than 1000 pages/);
		expect(queries).toHaveLength(1_000);
	});

	it('every row arrives once, in order, whatever the page size and the shape', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 0, max: 25 }),
				fc.integer({ min: 1, max: 7 }),
				fc.constantFrom('last_page', 'has_more', 'next_cursor', 'none'),
				fc.option(fc.integer({ min: 1, max: 30 })),
				async (total, pageSize, shape, wanted) => {
					const all = rows(...Array.from({ length: total }, (_, index) => index));
					const size = Math.min(pageSize, wanted ?? pageSize);
					const pages = Math.max(1, Math.ceil(total / size));
					const steps = Array.from({ length: pages + 1 }, (_, index) => {
						const data = all.slice(index * size, (index + 1) * size);
						const more = (index + 1) * size < total;
						const meta = {
							last_page: { last_page: pages },
							has_more: { has_more: more },
							next_cursor: { next_cursor: more ? `c${index}` : null },
							none: undefined,
						}[shape];
						return page(data, meta);
					});
					const { result } = await read(steps, { pageSize }, wanted);
					expect(ids(result)).toEqual(all.slice(0, wanted ?? total).map((row) => row.id));
				},
			),
		);
	});
});

describe('a find-by search', () => {
	const part: Partial<WireOperation> = {
		fields: [fieldWith({ name: 'name', in: 'query', required: true })],
		match: { input: 'name', field: 'name' },
	};
	const named = (...names: string[]) =>
		names.map((name, index) => ({ id: `${name}-${index}`, name }));

	it('answers only what matches, because the server may ignore its filter', async () => {
		const { result } = await read([page(named('Gold', 'Silver'), { has_more: false })], part, 10, {
			name: 'Silver',
		});
		expect(ids(result)).toEqual(['Silver-1']);
	});

	it('reads on until it has found it', async () => {
		const { result, queries } = await read(
			[page(named('a', 'b'), { has_more: true }), page(named('c', 'Gold'), { has_more: true })],
			part,
			1,
			{ name: 'Gold' },
		);
		expect(ids(result)).toEqual(['Gold-1']);
		expect(queries).toHaveLength(2);
		expect(queries[0]).toEqual({ limit: '2', name: 'Gold', page: '1', per_page: '2' });
	});

	it('puts the exact spelling first', async () => {
		const { result } = await read(
			[page(named('GOLD', 'Gold', 'gold '), { has_more: false })],
			part,
			10,
			{ name: 'Gold' },
		);
		expect(ids(result)).toEqual(['Gold-1', 'GOLD-0', 'gold -2']);
	});

	it('reads on past another spelling, and puts the exact one first', async () => {
		const { result, queries } = await read(
			[
				page(named('GOLD', 'b'), { has_more: true }),
				page(named('Gold', 'gold'), { has_more: true }),
			],
			part,
			2,
			{ name: 'Gold' },
		);
		expect(ids(result)).toEqual(['Gold-0', 'GOLD-0']);
		expect(queries).toHaveLength(2);
	});

	it('finds nothing where nothing matches', async () => {
		const { result } = await read([page(named('Silver'), { has_more: false })], part, 10, {
			name: 'Gold',
		});
		expect(ids(result)).toEqual([]);
	});

	it.each([
		['nothing is listed', [[]]],
		['some rows lack the key', [[{ id: 'a' }, { id: 'b', name: null }]]],
		['the rows of a later page lack it', [[{ id: 'a', name: 'Silver' }], [{ id: 'b' }]]],
	])('finds nothing where %s', async (_, pages) => {
		const { result } = await read(
			pages.map((rows, index) => page(rows, { has_more: index + 1 < pages.length })),
			part,
			10,
			{ name: 'Gold' },
		);
		expect(ids(result)).toEqual([]);
	});

	it.each([
		[
			'on any page',
			[
				page([{ id: 'a', title: 'Gold' }, { id: 'b' }], { has_more: true }),
				page([{ id: 'c' }], {}),
			],
		],
		['and the last page is empty', [page([{ id: 'a' }, { id: 'b' }]), page([])]],
	])(
		'is a problem where no row has the key that is compared, %s: nothing found would be a guess',
		async (_, pages) => {
			const { result } = await read(pages, part, 10, { name: 'Gold' });
			expect(result).toEqual({
				ok: false,
				problem: expect.objectContaining({
					kind: 'unreadable',
					status: null,
					message: 'MemberPass answered with records that have no "name" to compare.',
					remediation: 'An update of this integration may know what MemberPass answers today.',
				}),
			});
		},
	);
});
