import type { FieldSchema } from '@memberpass/catalogue';

import { mergeShown, type Shown } from '../src/emitters/n8n/display.ts';
import { fieldProperty } from '../src/emitters/n8n/property.ts';

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

describe('a property that several operations show', () => {
	const all: Readonly<Record<string, readonly string[]>> = {
		plan: ['get', 'list'],
		member: ['get', 'list', 'ban'],
		role: ['list', 'get', 'drop'],
		team: ['get'],
	};
	const shown = (place: string, more: Partial<Shown> = {}): Shown => {
		const [resource = '', operation = ''] = place.split('.');
		return {
			resource,
			operation,
			versions: 'all',
			property: { displayName: 'Limit', name: 'limit', type: 'number' },
			...more,
		};
	};
	const shows = (...list: readonly Shown[]) =>
		mergeShown(list, (resource) => all[resource] ?? []).map(
			(property) => (property['displayOptions'] as { show: object }).show,
		);

	it('names its operation where the resource has others', () => {
		expect(shows(shown('member.get'))).toEqual([{ resource: ['member'], operation: ['get'] }]);
	});

	it('names the resource alone where all its operations show it', () => {
		expect(shows(shown('plan.get'), shown('plan.list'))).toEqual([{ resource: ['plan'] }]);
		expect(shows(shown('plan.list'), shown('team.get'), shown('plan.get'))).toEqual([
			{ resource: ['plan', 'team'] },
		]);
	});

	it('is one for resources with the same operations, in whatever order, and another for others', () => {
		expect(
			shows(
				shown('member.get'),
				shown('member.list'),
				shown('role.list'),
				shown('role.get'),
				shown('plan.get'),
			),
		).toEqual([
			{ resource: ['member', 'role'], operation: ['get', 'list'] },
			{ resource: ['plan'], operation: ['get'] },
		]);
	});

	it('does not take two operations for one whose names, one after the other, read alike', () => {
		const places = [shown('member.get'), shown('member.list'), shown('role.getlist')];
		expect(shows(...places)).toHaveLength(2);
	});

	it('is another in each version, and under another condition', () => {
		const only = { returnAll: [false] };
		expect(
			shows(
				shown('team.get', { versions: 1 }),
				shown('team.get', { versions: 2 }),
				shown('team.get', { only }),
				shown('team.get'),
			),
		).toEqual([
			{ resource: ['team'], '@version': [1] },
			{ resource: ['team'], '@version': [{ _cnd: { gte: 2 } }] },
			{ resource: ['team'], returnAll: [false] },
			{ resource: ['team'] },
		]);
	});

	it('keeps what it is', () => {
		expect(mergeShown([shown('team.get')], () => ['get'])).toEqual([
			{
				displayName: 'Limit',
				name: 'limit',
				type: 'number',
				displayOptions: { show: { resource: ['team'] } },
			},
		]);
		expect(mergeShown([], () => [])).toEqual([]);
	});
});
