import { choiceOf, written } from '../src/index.ts';

const keys = { value: 'id', label: ['name', 'price', 'currency'] };

describe('what a list offers of a row', () => {
	it.each([
		[{ id: 'pln_1', name: 'Gold', price: 29, currency: 'EUR' }, 'pln_1', 'Gold · 29 · EUR'],
		[{ id: 'pln_1', name: 'Gold', price: null, currency: '' }, 'pln_1', 'Gold'],
		[{ id: 'pln_1', name: ' ', price: '0', currency: '\n' }, 'pln_1', '0'],
		[{ id: 'pln_1', name: ' Gold ', price: true, currency: ['EUR'] }, 'pln_1', ' Gold '],
		[{ id: 'pln_1', name: ' ', price: {} }, 'pln_1', 'pln_1'],
		[{ id: 'pln_1', name: '\u3164', price: 29 }, 'pln_1', '29'],
		[{ id: 7 }, '7', '7'],
		[{ id: 0, name: 'Zero' }, '0', 'Zero'],
	])('%j is %j, called %j', (row, id, label) => {
		expect(choiceOf(keys, row)).toEqual({ id, label });
	});

	it.each([{}, { id: null }, { id: '' }, { id: ' ' }, { id: ['a'] }, { id: true }])(
		'is nothing where it has no id (%j)',
		(row) => {
			expect(choiceOf(keys, { ...row, name: 'Gold' })).toBeNull();
		},
	);
});

it.each([
	['a', 'a'],
	[' a ', ' a '],
	[5, '5'],
	['', null],
	['\t', null],
	['\u3164\u2800', null],
	['\u200b \u2060', null],
	['\u3164a', '\u3164a'],
	[true, null],
	[undefined, null],
])('%j is written as %j', (value, expected) => {
	expect(written(value)).toBe(expected);
});
