import { operation, type FieldSchema } from '@memberpass/catalogue';

import { fieldProperty } from '../src/emitters/n8n/property.ts';
import { simplePaths } from '../src/emitters/n8n/simple.ts';

type Context = Parameters<typeof fieldProperty>[2];
const context: Context = { required: false, inputs: [], inCollection: true, asText: false };
const property = (schema: FieldSchema, part: Partial<Context> = {}) =>
	fieldProperty('plan_days', schema, { ...context, ...part });

describe('an input of the n8n node', () => {
	it.each<[string, FieldSchema, Partial<Context>, object]>([
		[
			'without words is named by its key',
			{},
			{},
			{ displayName: 'Plan Days', name: 'planDays', type: 'string', default: '', description: '' },
		],
		[
			'a flag',
			{ type: 'boolean' },
			{},
			{
				displayName: 'Plan Days',
				name: 'planDays',
				type: 'boolean',
				default: false,
				description: '',
			},
		],
		[
			'a flag that is on unless switched off',
			{ type: 'boolean', default: true },
			{ required: true },
			{
				displayName: 'Plan Days',
				name: 'planDays',
				type: 'boolean',
				required: true,
				default: true,
				description: '',
			},
		],
		[
			'a whole number without bounds',
			{ type: 'integer' },
			{},
			{
				displayName: 'Plan Days',
				name: 'planDays',
				type: 'number',
				default: 0,
				description: '',
			},
		],
		[
			'a number with one bound has no other',
			{ type: 'integer', maximum: 9 },
			{},
			{
				displayName: 'Plan Days',
				name: 'planDays',
				type: 'number',
				typeOptions: { maxValue: 9 },
				default: 0,
				description: '',
			},
		],
		[
			'a list without words',
			{ type: 'array' },
			{},
			{
				displayName: 'Plan Days',
				name: 'planDays',
				type: 'string',
				default: '',
				description: 'Enter a comma-separated list',
			},
		],
		[
			'a list of numbers, whose example is no text',
			{ type: 'array', items: { examples: [7] } },
			{},
			{
				displayName: 'Plan Days',
				name: 'planDays',
				type: 'string',
				default: '',
				description: 'Enter a comma-separated list',
			},
		],
	])('%s', (_, schema, part, expected) => {
		expect(property(schema, part)).toStrictEqual(expected);
	});

	it.each<[string, FieldSchema, Partial<Context>, object]>([
		['a long text has room', { maxLength: 500 }, {}, { typeOptions: { rows: 3 } }],
		['a default is kept', { default: 'weeks' }, {}, { default: 'weeks' }],
		['an example is a hint', { examples: ['Gold'] }, {}, { placeholder: 'e.g. Gold' }],
		['a day is picked from a calendar', { format: 'date' }, {}, { type: 'dateTime', default: '' }],
		[
			'a number keeps its bounds, and starts at the least',
			{ type: 'number', minimum: 5, maximum: 9 },
			{},
			{ typeOptions: { numberPrecision: 2, minValue: 5, maxValue: 9 }, default: 5 },
		],
		[
			'an optional number at the top may be 0, which is left out',
			{ type: 'integer', minimum: 5 },
			{ inCollection: false },
			{ typeOptions: { minValue: 0 }, default: 0 },
		],
		[
			'so may one with decimals',
			{ type: 'number', minimum: 5 },
			{ inCollection: false },
			{ typeOptions: { numberPrecision: 2, minValue: 0 }, default: 0 },
		],
		[
			'a moment is picked from a calendar',
			{ format: 'date-time' },
			{},
			{ type: 'dateTime', default: '' },
		],
		[
			'a default of the form wins',
			{ type: 'integer', default: 3 },
			{ defaultValue: 50 },
			{ default: 50 },
		],
		[
			'a choice starts with its first value, in the order of the names',
			{ enum: ['weeks', 'days'], 'x-labels': { weeks: 'A week each' } },
			{},
			{
				type: 'options',
				options: [
					{ name: 'A Week Each', value: 'weeks' },
					{ name: 'Days', value: 'days' },
				],
				default: 'weeks',
			},
		],
		[
			'a choice starts with its example, where it has one',
			{ enum: ['weeks', 'days'], examples: ['days'] },
			{},
			{ default: 'days' },
		],
		[
			'an optional choice at the top can be left alone',
			{ enum: ['days'] },
			{ inCollection: false },
			{
				options: [
					{ name: '[Not Set]', value: '' },
					{ name: 'Days', value: 'days' },
				],
				default: '',
			},
		],
		['a choice of 1.4.0 may be text', { enum: ['days'] }, { asText: true }, { type: 'string' }],
		[
			'a list is text with commas',
			{ type: 'array', description: 'Days before the end.', items: { examples: ['7,3'] } },
			{},
			{
				type: 'string',
				default: '',
				description: 'Days before the end. Enter a comma-separated list.',
				placeholder: 'e.g. 7,3',
			},
		],
		[
			'a list of choices is picked',
			{ type: 'array', items: { enum: ['days'] } },
			{},
			{ type: 'multiOptions', options: [{ name: 'Days', value: 'days' }], default: [] },
		],
		[
			'a list of records is picked by name',
			{ type: 'array', title: 'Plan', items: { 'x-pick': 'plans' } },
			{},
			{ type: 'multiOptions', displayName: 'Plan Names or IDs', default: [] },
		],
		[
			'a record without a title is named by its ID',
			{ 'x-pick': 'plans', 'x-id': 'plan' },
			{ required: true },
			{
				type: 'resourceLocator',
				description: 'The plan ID to work with. Choose from the list, or enter an ID.',
			},
		],
		[
			'a record of an unknown kind',
			{ 'x-pick': 'plans' },
			{ required: true },
			{ description: 'The record to work with. Choose from the list, or enter an ID.' },
		],
	])('%s', (_, schema, part, expected) => {
		expect(property(schema, part)).toMatchObject(expected);
	});
});

describe('what Simplify keeps', () => {
	const entry = operation('get_plan');

	it('is nothing less than all of a short result', () => {
		const output = { ...entry.output, schema: { type: 'object', properties: { id: {} } } as const };
		expect(simplePaths({ ...entry, output })).toBeNull();
	});

	it('has to be chosen where a result has grown long', () => {
		const properties = Object.fromEntries(
			Array.from({ length: 11 }, (_, index) => [`field_${index}`, {}]),
		);
		const output = { ...entry.output, schema: { type: 'object', properties } as const };
		const unchosen = { ...entry, n8n: { ...entry.n8n, operation: 'new' }, output };
		expect(() => simplePaths(unchosen)).toThrow(
			'Say in simple.ts which 10 fields Simplify keeps of "plan.new".',
		);
		expect(() => simplePaths({ ...entry, output })).toThrow(/has no field "\w+" to keep/);
	});

	it('is ten fields at most, each of which the result has', () => {
		const properties = Object.fromEntries(
			Array.from({ length: 11 }, (_, index) => [`f${index}`, {}]),
		);
		const schema = { type: 'object', properties: { ...properties, in: { properties } } } as const;
		const result = { ...entry, output: { ...entry.output, schema } };
		const keep = (...paths: readonly string[]) => simplePaths(result, { 'plan.get': paths });
		expect(keep('f1', 'in.f2')).toEqual(['f1', 'in.f2']);
		expect(keep(...Object.keys(properties).slice(1))).toHaveLength(10);
		expect(() => keep(...Object.keys(properties))).toThrow(
			'Say in simple.ts which 10 fields Simplify keeps of "plan.get".',
		);
		for (const gone of ['gone', 'in.gone', 'f1.gone']) {
			expect(() => keep('f1', gone)).toThrow(
				`"plan.get" has no field "${gone}" to keep (simple.ts).`,
			);
		}
	});
});

describe('an ID that is picked', () => {
	const methodIn = (schema: FieldSchema, inputs: readonly string[]): unknown =>
		(property(schema, { inputs })['modes'] as readonly { readonly typeOptions?: object }[])[0]
			?.typeOptions;

	it.each([
		['its project', 'plans', ['project', 'plan'], 'plans'],
		['its project as a filter', 'plans', ['project_id', 'plan'], 'plans'],
		['no project', 'plans', ['plan'], 'plansOfAllProjects'],
		['no project, and needs none', 'teams', ['plan'], 'teams'],
		['the kind of the record', 'records', ['subject_type'], 'records'],
	])('in a form with %s', (_, pick, inputs, method) => {
		expect(methodIn({ 'x-pick': pick }, inputs)).toEqual({
			searchListMethod: method,
			searchable: true,
		});
	});

	it('keeps a title that only holds the word, and shows no example where there is none', () => {
		const { displayName, modes } = property({ title: 'ID Card', 'x-pick': 'records' });
		expect(displayName).toBe('ID Card');
		expect(property({ title: 'Old ID Card', 'x-pick': 'records' }).displayName).toBe('Old ID Card');
		expect(modes).toContainEqual({ displayName: 'By ID', name: 'id', type: 'string' });
	});

	it('is called by what is chosen, and shows an ID to enter', () => {
		const schema = { title: 'Record ID', 'x-pick': 'records', examples: ['pln_1'] };
		expect(property(schema, { required: true })).toMatchObject({
			displayName: 'Record',
			description: '',
			modes: [{ name: 'list' }, { name: 'id', placeholder: 'e.g. pln_1' }],
		});
	});
});
