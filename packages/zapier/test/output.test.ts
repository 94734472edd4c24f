import type { FieldSchema, ObjectSchema } from '@memberpass/catalogue';

import { outputFieldsOf, sampleOf, withIdFirst } from '../src/output.ts';

const object = (
	properties: Record<string, FieldSchema>,
	required: readonly string[] = Object.keys(properties),
): ObjectSchema => ({ type: 'object', properties, required });

describe('a sample', () => {
	it.each<[string, FieldSchema, unknown]>([
		['the example of the catalogue', { type: 'string', examples: ['Gold', 'Silver'] }, 'Gold'],
		['its title, where there is no example', { type: 'string', title: 'Plan' }, 'Plan'],
		['an empty text, where there is nothing', { type: 'string' }, ''],
		['true for a flag', { type: 'boolean' }, true],
		['1 for a whole number', { type: 'integer' }, 1],
		['1 for a number', { type: 'number' }, 1],
		['a list of one example', { type: 'array', items: { type: 'integer' } }, [1]],
		['an empty list, where its elements are not known', { type: 'array' }, []],
		['an empty object for a free map', { type: 'object' }, {}],
		['what is inside', object({ id: { type: 'string', title: 'ID' } }), { id: 'ID' }],
	])('holds %s', (_, field, value) => {
		expect(sampleOf(object({ key: field }))).toEqual({ key: value });
	});

	it('holds what is always there, and what is derived from it, and nothing that may be absent', () => {
		const always: FieldSchema = { type: 'boolean' };
		const schema = object({ a: always, b: always, c: { ...always, 'x-derived': true } }, ['a']);
		expect(sampleOf(schema)).toEqual({ a: true, c: true });
		expect(sampleOf({})).toEqual({});
	});
});

it('fields are named by their path in the notation of Zapier, with their type', () => {
	const schema = object({
		name: { type: 'string' },
		active: { type: 'boolean', title: 'Active' },
		days: { type: 'integer' },
		price: { type: ['number', 'null'] },
		starts_at: { type: 'string', format: 'date-time' },
		ends_on: { type: 'string', format: 'date' },
		plan: object({ id: { type: 'string', title: 'Plan ID' } }),
		changes: { type: 'object' },
		unknown: { type: 'array' },
		tags: { type: 'array', title: 'Tags', items: { type: 'string' } },
		codes: { type: 'array', items: { type: 'string' } },
		groups: { type: 'array', items: object({ key: { type: 'string' } }) },
	});
	expect(outputFieldsOf(schema)).toEqual([
		{ key: 'name', label: 'name', type: 'string' },
		{ key: 'active', label: 'Active', type: 'boolean' },
		{ key: 'days', label: 'days', type: 'integer' },
		{ key: 'price', label: 'price', type: 'number' },
		{ key: 'starts_at', label: 'starts_at', type: 'datetime' },
		{ key: 'ends_on', label: 'ends_on', type: 'datetime' },
		{ key: 'plan__id', label: 'Plan ID', type: 'string' },
		{ key: 'tags[]', label: 'Tags', type: 'string' },
		{ key: 'codes[]', label: 'codes', type: 'string' },
		{ key: 'groups[]key', label: 'key', type: 'string' },
	]);
	expect(outputFieldsOf({ type: 'object' })).toEqual([]);
});

describe('a result that Zapier needs an id of', () => {
	const name: FieldSchema = { type: 'string' };

	it('keeps its own, which is then always there', () => {
		expect(withIdFirst(object({ id: name, name }, ['name']), 'Plan ID', 'pln_1')).toEqual({
			type: 'object',
			properties: { id: name, name },
			required: ['id', 'name'],
		});
		const open: ObjectSchema = { type: 'object', properties: { id: name } };
		expect(withIdFirst(open, 'Plan ID', 'pln_1').required).toEqual(['id']);
	});

	it('gets one, before all else', () => {
		const open: ObjectSchema = { type: 'object', properties: { name } };
		const schema = withIdFirst(open, 'Plan ID', 'pln_1');
		expect(Object.entries(schema.properties)).toEqual([
			['id', { type: 'string', title: 'Plan ID', examples: ['pln_1'] }],
			['name', { type: 'string' }],
		]);
		expect(schema.required).toEqual(['id']);
		expect(withIdFirst(object({ name }), 'Plan ID', 'pln_1').required).toEqual(['id', 'name']);
	});
});
