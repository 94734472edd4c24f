import { type FieldSchema, operations, type RouteEntry } from '@memberpass/catalogue';

import { toAlternatives, toWire } from '../src/index.ts';

/** An entry of which only the given parts matter. */
function entryWith(part: Partial<RouteEntry>): RouteEntry {
	const [some] = operations;
	if (some === undefined) throw new Error('The catalogue is empty.');
	return { ...some, input: { type: 'object', properties: {} }, ...part };
}

const fieldOf = (schema: FieldSchema, required: readonly string[] = []) =>
	toWire(entryWith({ input: { type: 'object', properties: { plan_ids: schema }, required } }))
		.fields[0];

describe('an id', () => {
	it.each<[string, FieldSchema, boolean]>([
		['in a body is known for one', { 'x-in': 'body', 'x-id': 'plan' }, true],
		[
			'elsewhere needs no word: nothing there is free text',
			{ 'x-in': 'path', 'x-id': 'plan' },
			false,
		],
		['is not what has no kind of id', { 'x-in': 'body' }, false],
	])('%s', (_, schema, isKnown) => {
		expect(fieldOf(schema)?.isId).toBe(isKnown ? true : undefined);
	});
});

describe('the wire form of an operation', () => {
	it('names it, and says how to ask and what comes back', () => {
		const { output } = entryWith({});
		const entry = entryWith({
			key: 'find_thing',
			method: 'GET',
			path: '/things/{thing}',
			exclusive: [['a', 'b']],
			output: { ...output, shape: 'many', paging: 'pages', beside: ['secret'], pageSize: 25 },
			match: { input: 'name', field: 'title' },
			ability: 'project:view',
		});
		expect(toWire(entry)).toEqual({
			name: 'find_thing',
			method: 'GET',
			path: '/things/{thing}',
			fields: [],
			exclusive: [['a', 'b']],
			shape: 'many',
			paging: 'pages',
			pageSize: 25,
			beside: ['secret'],
			match: { input: 'name', field: 'title' },
			ability: 'project:view',
		});
	});

	it.each([
		['none', 100],
		['pages', 100],
		['cursor', 200],
		['limit', 200],
	] as const)('paged by %s asks for %i rows where the entry does not say', (paging, expected) => {
		const { shape, schema, beside, evidence } = entryWith({}).output;
		const output = { shape, schema, beside, evidence, paging };
		expect(toWire(entryWith({ output })).pageSize).toBe(expected);
	});

	it.each<[string, FieldSchema, readonly string[], object]>([
		[
			'its name as label where it has no title, and no help where it has no pattern',
			{ type: 'string', 'x-in': 'path', description: 'The plans.' },
			['plan_ids'],
			{ name: 'plan_ids', label: 'plan_ids', in: 'path', type: 'string', required: true },
		],
		[
			'the type of its elements, and its choices as text',
			{
				type: ['array', 'null'],
				title: 'Plans',
				'x-in': 'query',
				items: { type: 'integer' },
				enum: [7, 14],
			},
			['another'],
			{
				name: 'plan_ids',
				label: 'Plans',
				in: 'query',
				type: 'array',
				required: false,
				items: 'integer',
				enum: ['7', '14'],
			},
		],
		[
			'the words that say what its pattern asks for',
			{ type: 'string', 'x-in': 'query', description: 'Digits only.', pattern: '^[0-9]+$' },
			[],
			{
				name: 'plan_ids',
				label: 'plan_ids',
				in: 'query',
				type: 'string',
				required: false,
				help: 'Digits only.',
				pattern: '^[0-9]+$',
			},
		],
		[
			'an example of what its pattern asks for',
			{
				type: 'string',
				'x-in': 'query',
				description: 'What is taken off.',
				pattern: '^[0-9.]+$',
				examples: ['5.00', '7.50'],
			},
			[],
			{
				name: 'plan_ids',
				label: 'plan_ids',
				in: 'query',
				type: 'string',
				required: false,
				help: 'What is taken off. For example: 5.00.',
				pattern: '^[0-9.]+$',
			},
		],
		[
			'every bound',
			{
				type: 'string',
				title: 'Plans',
				'x-in': 'body',
				format: 'date',
				pattern: '^x$',
				minimum: 0,
				maximum: 1,
				minLength: 2,
				maxLength: 3,
				minItems: 4,
			},
			[],
			{
				name: 'plan_ids',
				label: 'Plans',
				in: 'body',
				type: 'string',
				required: false,
				format: 'date',
				pattern: '^x$',
				minimum: 0,
				maximum: 1,
				minLength: 2,
				maxLength: 3,
				minItems: 4,
			},
		],
	])('has for a field %s', (_, schema, required, expected) => {
		expect(fieldOf(schema, required)).toStrictEqual(expected);
	});

	it('requires nothing where the schema says nothing', () => {
		const input = { type: 'object', properties: { a: { 'x-in': 'body' } } } as const;
		expect(toWire(entryWith({ input })).fields[0]?.required).toBe(false);
	});

	it('cannot be made of an input without a place', () => {
		expect(() => fieldOf({ type: 'string' })).toThrow(
			'Input "plan_ids" does not say where it travels (x-in).',
		);
	});
});

it('other places of a value are collected by dotted path, parents before children', () => {
	const alternatives = toAlternatives({
		data: {
			type: 'object',
			properties: {
				role_id: { type: 'string', 'x-also-at': ['role.id'] },
				role: {
					type: 'object',
					'x-also-at': ['old_role'],
					properties: {
						id: { type: 'string', 'x-also-at': ['role_id', '^role'] },
						name: { type: 'string', 'x-also-at': [] },
					},
				},
				plan: { type: 'object' },
			},
		},
	});
	expect(Object.entries(alternatives)).toEqual([
		['role_id', ['role.id']],
		['role', ['old_role']],
		['role.id', ['role_id', '^role']],
	]);
});
