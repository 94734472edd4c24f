import type { FieldSchema } from '@memberpass/catalogue';

import { type FieldRow, fieldRows } from '../src/fields.ts';

const rowOf = (
	field: FieldSchema,
	required: readonly string[] = [],
): Partial<FieldRow> | undefined =>
	fieldRows({ properties: { one: field }, required: [...required] })[0];

it.each<[string, FieldSchema, Partial<FieldRow>]>([
	['both limits of a number', { type: 'integer', minimum: 1, maximum: 9 }, { limits: '1 to 9' }],
	['a lower limit', { type: 'integer', minimum: 0 }, { limits: '0 or more' }],
	['an upper limit', { type: 'string', maxLength: 9 }, { limits: 'at most 9 characters' }],
	[
		'no limit that says no more than "required"',
		{ type: 'string', minLength: 1 },
		{ limits: null },
	],
	[
		'how many a list needs at least',
		{ type: 'array', items: { type: 'string' }, minItems: 2 },
		{ limits: 'at least 2', type: 'list of strings' },
	],
	[
		'the values of the rows of a list, with their labels, as the only ones',
		{ type: 'array', items: { type: 'string', enum: ['a', 'b'], 'x-labels': { a: 'A' } } },
		{
			values: [
				['a', 'A'],
				['b', null],
			],
			isClosed: true,
			example: '["a"]',
		},
	],
	[
		'values that are known, beside which there may be others',
		{ type: 'string', 'x-known-values': ['a'] },
		{ values: [['a', null]], isClosed: false },
	],
	[
		'that the rows of a list are picked',
		{ type: 'array', items: { type: 'string', 'x-pick': 'plans' } },
		{ isPicked: true },
	],
	[
		'a list as the example of a list of values',
		{ type: 'array', items: { type: 'string', examples: ['pln_1', 'pln_2'] } },
		{ example: '["pln_1"]' },
	],
	[
		'the example of the list itself, where it has one',
		{ type: 'array', items: { type: 'string', examples: ['a'] }, examples: [['b', 'c']] },
		{ example: '["b","c"]' },
	],
	['a time', { type: 'string', format: 'date-time' }, { type: 'string, ISO 8601 time' }],
	['a day', { type: 'string', format: 'date' }, { type: 'string, ISO 8601 date' }],
	['an address', { type: 'string', format: 'uri' }, { type: 'string, URL' }],
	['an object that may have any keys', { type: 'object' }, { type: 'object, any keys' }],
	[
		'an object of which no key is known',
		{ type: 'object', properties: {} },
		{ type: 'object, any keys' },
	],
	[
		'what it is known from, and what was decided',
		{ type: 'string', 'x-evidence': 'inferred', 'x-decision': 'Nobody says.' },
		{ evidence: 'inferred', decision: 'Nobody says.' },
	],
])('a field is shown with %s', (_, field, expected) => {
	expect(rowOf(field)).toMatchObject(expected);
});

it('a field is shown as required where it is', () => {
	expect(rowOf({ type: 'string' }, ['one'])).toMatchObject({ required: true });
	expect(rowOf({ type: 'string' })).toMatchObject({ required: false });
});
