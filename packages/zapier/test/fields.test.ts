import type { FieldSchema, RouteEntry } from '@memberpass/catalogue';

import { asForm, filledInputs, formOf, noticeFields } from '../src/fields.ts';

type Entry = Pick<RouteEntry, 'input' | 'exclusive'>;

const entryOf = (
	properties: Record<string, FieldSchema>,
	more: { required?: readonly string[]; exclusive?: Entry['exclusive'] } = {},
): Entry => ({
	input: { type: 'object', properties, required: more.required ?? [] },
	exclusive: more.exclusive ?? [],
});

/** The one field of a form with one input. */
const fieldOf = (key: string, schema: FieldSchema) =>
	formOf(entryOf({ [key]: schema }), []).inputFields.find((field) => field.key === key);

const text: FieldSchema = { type: 'string' };

describe('a field', () => {
	it.each<[string, FieldSchema, object]>([
		['yes or no is a switch', { type: 'boolean' }, { type: 'boolean' }],
		['a whole number', { type: 'integer' }, { type: 'integer' }],
		['a number', { type: ['number', 'null'] }, { type: 'number' }],
		['a day', { type: 'string', format: 'date' }, { type: 'datetime' }],
		['a time', { type: 'string', format: 'date-time' }, { type: 'datetime' }],
		['a short text', { type: 'string', maxLength: 499 }, { type: 'string' }],
		['a long text gets a large box', { type: 'string', maxLength: 500 }, { type: 'text' }],
		[
			'a long text of a known form does not',
			{ type: 'string', maxLength: 500, format: 'uri' },
			{ type: 'string' },
		],
		[
			'a long text to choose does not',
			{ type: 'string', maxLength: 500, enum: ['a'] },
			{ type: 'string' },
		],
		['several texts', { type: 'array', items: text }, { type: 'string', list: true }],
		[
			'several of what is not known are texts',
			{ type: 'array' },
			{ type: 'string', list: true, label: 'Key Words' },
		],
		['a default is written as text', { type: 'integer', default: 7 }, { default: '7' }],
		['a text is a default', { type: 'string', default: 'usd' }, { default: 'usd' }],
		['false is a default', { type: 'boolean', default: false }, { default: 'false' }],
		['a title of its own', { ...text, title: 'Words' }, { label: 'Words' }],
		['no title is called by its key', text, { label: 'Key Words' }],
	])('for %s', (_, schema, expected) => {
		expect(fieldOf('key_words', schema)).toMatchObject({ required: false, ...expected });
	});

	it('has no default where the catalogue has none, or one that is no single value', () => {
		expect(fieldOf('a', text)).toStrictEqual({
			key: 'a',
			label: 'A',
			type: 'string',
			required: false,
		});
		expect(fieldOf('a', { type: 'array', items: text, default: [] })).not.toHaveProperty('default');
	});

	it('called "description" gets a large box', () => {
		expect(fieldOf('description', text)?.type).toBe('text');
	});

	it.each<[string, FieldSchema, object[]]>([
		[
			'by their names',
			{ ...text, enum: ['past_due'], 'x-labels': { past_due: 'Overdue' } },
			[{ value: 'past_due', sample: 'past_due', label: 'Overdue' }],
		],
		[
			'in Title Case where they have none',
			{ ...text, enum: ['past_due', 1], 'x-labels': {} },
			[
				{ value: 'past_due', sample: 'past_due', label: 'Past Due' },
				{ value: '1', sample: '1', label: '1' },
			],
		],
		[
			'even if MemberPass may know more of them',
			{ ...text, 'x-known-values': ['stripe'] },
			[{ value: 'stripe', sample: 'stripe', label: 'Stripe' }],
		],
		[
			'several at a time, of which MemberPass may know more',
			{
				type: 'array',
				items: text,
				'x-known-values': ['past_due'],
				'x-labels': { past_due: 'Overdue' },
			},
			[{ value: 'past_due', sample: 'past_due', label: 'Overdue' }],
		],
		[
			'several at a time',
			{ type: 'array', items: { ...text, enum: ['a'], 'x-labels': { a: 'First' } } },
			[{ value: 'a', sample: 'a', label: 'First' }],
		],
	])('lets users choose values %s', (_, schema, choices) => {
		expect(fieldOf('status', schema)?.choices).toEqual(choices);
	});

	it('lets users pick an id from a list, or add a step that finds it', () => {
		expect(fieldOf('project', { ...text, 'x-pick': 'projects', title: 'Project ID' })).toEqual({
			key: 'project',
			label: 'Project',
			type: 'string',
			required: false,
			choices: { perform: expect.any(Function) },
			search: 'find_project_by_handle.id',
		});
		const known = fieldOf('project', { ...text, 'x-pick': 'projects', 'x-id': 'project' });
		expect(known).toMatchObject({ resource: 'project' });
		const unknown = fieldOf('project', { ...text, 'x-pick': 'projects' });
		expect(unknown).not.toHaveProperty('resource');
		const several = fieldOf('projects', {
			type: 'array',
			items: { ...text, 'x-pick': 'projects' },
		});
		expect(several).not.toHaveProperty('search');
	});
});

it('a field with a list is called by what is chosen, also where its title goes on after "ID"', () => {
	const labelOf = (title: string) =>
		fieldOf('one', { ...text, 'x-pick': 'projects', title })?.label;
	expect([labelOf('Project ID'), labelOf('Project ID of the Plan')]).toEqual([
		'Project',
		'Project ID of the Plan',
	]);
});

it('the record of an activity log is picked from a list that waits for the kind of the record', () => {
	expect(fieldOf('subject_id', text)).toMatchObject({
		choices: { perform: expect.any(Function) },
		dependsOn: ['subject_type'],
	});
});

describe('help', () => {
	const both = { email: { ...text, title: 'E-Mail' }, phone: text, name: text };
	const helpOf = (properties: Record<string, FieldSchema>, exclusive: Entry['exclusive'] = []) =>
		formOf(entryOf(properties, { exclusive }), []).inputFields.map(({ helpText }) => helpText);

	it('names the inputs that cannot be given together, as the form calls them', () => {
		expect(helpOf(both, [['email', 'phone', 'name']])).toEqual([
			'Not together with "Phone" or "Name".',
			'Not together with "E-Mail" or "Name".',
			'Not together with "E-Mail" or "Phone".',
		]);
		expect(helpOf(both, [['email', 'phone']])[2]).toBeUndefined();
		const described = { ...both, phone: { ...text, description: 'With the country.' } };
		expect(helpOf(described, [['email', 'phone']])[1]).toBe(
			'With the country. Not together with "E-Mail".',
		);
	});

	it.each<[string, string, string | undefined]>([
		['20 characters', 'x'.repeat(20), 'x'.repeat(20)],
		['fewer than 20', 'x'.repeat(19), undefined],
		['more than Zapier takes', 'x'.repeat(1001), 'x'.repeat(1000)],
		['the label again', 'The reason of the ban', undefined],
	])('of %s', (_, description, expected) => {
		expect(helpOf({ a: { ...text, title: 'The Reason of the Ban', description } })).toEqual([
			expected,
		]);
	});
});

describe('a form', () => {
	const six = { a: text, b: text, c: text, d: text, e: text, f: text };
	const keysOf = (entry: Entry) => formOf(entry, []).inputFields.map(({ key }) => key);

	it('asks for what is required first', () => {
		expect(keysOf(entryOf({ a: text, b: text, c: text }, { required: ['c', 'b'] }))).toEqual([
			'b',
			'c',
			'a',
		]);
		const open: Entry = { input: { type: 'object', properties: { a: text } }, exclusive: [] };
		expect(keysOf(open)).toEqual(['a']);
	});

	it.each<[string, Record<string, FieldSchema>, string[], boolean]>([
		['six inputs has no groups', six, ['a'], false],
		['seven puts what is optional into one', { ...six, g: text }, ['a'], true],
		['seven optional ones has none: all would be in it', { ...six, g: text }, [], false],
	])('of %s', (_, properties, required, grouped) => {
		const form = formOf(entryOf(properties, { required }), []);
		expect(form.inputFieldGroups).toEqual(
			grouped ? [{ key: 'optional_details', label: 'Optional Details' }] : undefined,
		);
		expect(form.inputFields.filter(({ group }) => group === 'optional_details')).toHaveLength(
			grouped ? 6 : 0,
		);
	});

	it('asks for the project of a list that needs one, named after the id or else the input', () => {
		const labels = (schema: FieldSchema) =>
			formOf(entryOf({ one: schema }), []).inputFields.map(({ label }) => label);
		expect(labels({ ...text, 'x-pick': 'plans', 'x-id': 'plan' })).toEqual([
			'Project of the Plan',
			'One',
		]);
		expect(labels({ ...text, 'x-pick': 'plans' })).toEqual(['Project of the One', 'One']);
	});

	it.each<[string, FieldSchema, string]>([
		[
			'picks from a list that is not there',
			{ ...text, 'x-pick': 'planets' },
			'The catalogue has no pick list "planets".',
		],
		[
			'picks from a list that needs more than a project',
			{ ...text, 'x-pick': 'accessCodes' },
			'A form cannot ask for the plan of "one".',
		],
	])('is not made where an input %s', (_, schema, message) => {
		expect(() => formOf(entryOf({ one: schema }), [])).toThrow(message);
	});
});

describe('what to know before', () => {
	it.each<[string, string[], string[]]>([
		['nothing, where there is nothing', [], []],
		['one sentence as it is', ['It bills.'], ['It bills.']],
		['several as a list', ['It bills.', 'It waits.'], ['- It bills.\n- It waits.']],
	])('is %s', (_, texts, expected) => {
		expect(noticeFields(texts)).toEqual(
			expected.map((helpText) => ({
				key: 'notice',
				type: 'copy',
				label: 'Good to Know',
				helpText,
			})),
		);
	});

	it('is never cut: what Zapier would refuse is not built', () => {
		expect(noticeFields(['x'.repeat(1000)])).toHaveLength(1);
		expect(() => noticeFields(['x'.repeat(1001)])).toThrow('A notice is too long: xxx');
	});
});

describe('an input', () => {
	const entry = entryOf({ a: text, token: { ...text, 'x-id': 'token' } });

	it.each<[string, unknown, object]>([
		['an empty text is not given', '', {}],
		['a blank text is not given', '  ', {}],
		['null is not given', null, {}],
		['an empty list is not given', [], {}],
		['a list of blanks is not given', ['', null, [], {}], {}],
		['blanks in a list are left out', ['x', '', 'y'], { a: ['x', 'y'] }],
		['an empty object is not given', {}, {}],
		['an object is given', { b: '' }, { a: { b: '' } }],
		['false is given', false, { a: false }],
		['zero is given', 0, { a: 0 }],
		['a text is given with its spaces', ' x ', { a: ' x ' }],
	])('%s', (_, value, expected) => {
		const inputData = { a: value, older: 'left out' };
		expect(filledInputs(entry, { inputData })).toStrictEqual(expected);
	});

	it.each([
		['x', ['y', ['z']]],
		['x, y', ' ,z,'],
		['x', 7, { b: 1 }],
	])('that is a list is left to the check as it came (%j, %j)', (...value: unknown[]) => {
		const list = entryOf({ a: { type: 'array', items: text } });
		expect(filledInputs(list, { inputData: { a: value } })).toStrictEqual({ a: value });
	});

	it('that names a token is called by its id, and taken under the name of MemberPass too', () => {
		const fields = formOf(entry, []).inputFields.filter(({ key }) => key !== 'a');
		expect(fields).toMatchObject([{ key: 'token_id', label: 'Token' }]);
		expect(filledInputs(entry, { inputData: { token_id: 'tok_1', token: 'tok_2' } })).toEqual({
			token: 'tok_1',
		});
		expect(filledInputs(entry, { inputData: { token_id: ' ', token: 'tok_2' } })).toEqual({
			token: 'tok_2',
		});
	});

	it('is called in errors what the form calls it', () => {
		const { input } = asForm(
			entryOf({ plan_id: { ...text, title: 'Plan ID', 'x-pick': 'plans' }, currency_id: text }),
		);
		expect(input.properties).toEqual({
			plan_id: { type: 'string', title: 'Plan', 'x-pick': 'plans' },
			currency_id: { type: 'string', title: 'Currency Id' },
		});
	});
});
