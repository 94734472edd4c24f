import type { FieldSchema, OperationEntry } from '@memberpass/catalogue';

import { bestFirst } from '../src/ranking.ts';

const text: FieldSchema = { type: 'string' };

/** A list with some filters and a search text. */
const entry: Pick<OperationEntry, 'input' | 'output'> = {
	input: {
		type: 'object',
		properties: {
			kind: text,
			status: text,
			active: { type: 'boolean' },
			since: text,
			statuses: { type: 'array', items: text },
			plan_ids: { type: 'array', items: text },
			search: { ...text, 'x-part-of': ['email', 'name'] },
		},
		required: ['kind'],
	},
	output: {
		shape: 'many',
		paging: 'pages',
		beside: [],
		evidence: 'documented',
		schema: {
			type: 'object',
			properties: {
				kind: text,
				status: text,
				plan_id: text,
				active: { type: 'boolean' },
				name: text,
				email: text,
			},
		},
	},
};

const left = (values: Record<string, unknown>, rows: Record<string, unknown>[]) =>
	bestFirst(entry, values, rows).map(({ id }) => id);

it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
	['what is required, which is the question itself', { kind: 'plan' }, { kind: 'project-plan' }],
	['a flag, which MemberPass alone compares', { active: true }, { active: false }],
	['a key that is not documented for a row', { since: '2026-01-01' }, { since: '2025-01-01' }],
	['a row without the key', { status: 'active' }, {}],
	['letter case, accents and spaces around', { status: 'Zoë' }, { status: ' ZOE ' }],
	['any of several values', { statuses: ['failed', 'Active'] }, { status: 'active' }],
	['several values of a key that the row lacks', { plan_ids: ['pln_1'] }, { plan: 'pln_2' }],
	['no value of several', { statuses: [] }, { status: 'active' }],
	['values that are no texts', { statuses: [7] }, { status: 'active' }],
	['one value under the name of several', { statuses: 'failed' }, { status: 'active' }],
])('a filter leaves nothing out by %s', (_, values, row) => {
	expect(left(values, [{ id: 1, ...row }])).toEqual([1]);
});

it('a filter leaves out a row that says something else', () => {
	const rows = [
		{ id: 1, status: 'past_due' },
		{ id: 2, status: 'active' },
	];
	expect(left({ status: 'active' }, rows)).toEqual([2]);
});

it.each<[string, Record<string, unknown>]>([
	['a key in the plural', { plan_ids: ['pln_2', 'pln_3'] }],
	['a key that ends in s', { statuses: ['failed', 'refunded'] }],
])('a filter of several values leaves out a row that says none of them: %s', (_, values) => {
	const rows = [
		{ id: 1, status: 'successful', plan_id: 'pln_1' },
		{ id: 2, status: 'refunded', plan_id: 'pln_3' },
	];
	expect(left(values, rows)).toEqual([2]);
});

it('a whole value stands before a part, in spaces too, and the key that identifies best before others', () => {
	const rows = [
		{ id: 1, name: 'Ann Other' },
		{ id: 2, name: ' ann ' },
		{ id: 3, email: 'ANN' },
		{ id: 4, name: 'Else', email: 7 },
	];
	expect(left({ search: 'Ann' }, rows)).toEqual([3, 2, 1]);
});

it('a row that has none of the keys stands last: no page shows every row, and MemberPass found it', () => {
	const rows = [
		{ id: 1, user: { name: 'Ann' } },
		{ id: 2, name: null, email: null },
		{ id: 3, name: 'Ann Other' },
		{ id: 4, name: 'Else' },
	];
	expect(left({ search: 'Ann' }, rows)).toEqual([3, 1]);
});
