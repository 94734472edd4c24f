import { events, type FieldSchema, operations } from '@memberpass/catalogue';

import { type FieldRow, fieldList, fieldRows } from '../src/fields.ts';

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
		'both limits of a text',
		{ type: 'string', minLength: 5, maxLength: 255 },
		{ limits: '5 to 255 characters' },
	],
	['what may be null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
	['what may be of two types and not null', { type: ['string', 'integer'] }, { nullable: false }],
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

describe('a list of fields', () => {
	it('says type, null, presence, values, limits and example', () => {
		const rows = fieldRows({
			required: ['plan'],
			properties: {
				plan: {
					type: 'object',
					properties: {
						id: {
							type: ['string', 'null'],
							title: 'Plan ID',
							description: 'Which <one>.',
							examples: ['pln_1'],
						},
					},
				},
				tags: {
					type: 'array',
					items: { type: 'string', enum: ['a', 'b'] },
					minItems: 1,
					'x-labels': { a: 'First' },
				},
			},
		});
		expect(fieldList(rows, 'x', 'output')).toBe(
			[
				'<dl class="fields" v-pre>',
				'<div class="field" id="x-plan"><dt><code>plan</code><span class="mark">object</span></dt><dd><p><strong>Plan.</strong> </p></dd></div>',
				'<div class="field" id="x-plan-id"><dt><code>plan.id</code><span class="mark">string or null</span><span class="mark">may be absent</span></dt><dd><p><strong>Plan ID.</strong> Which &lt;one&gt;.</p><p>Example: <code>&quot;pln_1&quot;</code></p></dd></div>',
				'<div class="field" id="x-tags"><dt><code>tags</code><span class="mark">list of strings</span><span class="mark">may be absent</span></dt><dd><p><strong>Tags.</strong> </p><p>One of: <code>a</code> First, <code>b</code>.</p><p>Limits: at least 1.</p><p>Example: <code>[&quot;a&quot;]</code></p></dd></div>',
				'</dl>',
			].join('\n'),
		);
	});
});

it.each<[string, FieldSchema, 'input' | 'output', string]>([
	[
		'known values, beside which there may be others',
		{ type: 'string', 'x-known-values': ['a', 'b'] },
		'output',
		'<dt><code>one</code><span class="mark">string</span><span class="mark">may be absent</span></dt><dd><p><strong>One.</strong> </p><p>Known values: <code>a</code>, <code>b</code>.</p></dd>',
	],
	[
		'an optional input: where it travels, how sure that is, and that it is picked',
		{ type: 'string', 'x-in': 'query', 'x-evidence': 'inferred', 'x-pick': 'plans' },
		'input',
		'<dt><code>one</code><span class="mark">string</span><span class="mark">optional</span><span class="mark">in the query</span><span class="mark">inferred</span></dt><dd><p><strong>One.</strong> </p><p>Zapier and n8n let you pick it from a list.</p></dd>',
	],
	[
		'a key that the packages add: nobody sends it, so it is never absent',
		{ type: 'string', 'x-derived': true, 'x-decision': 'Nobody <says> it.' },
		'output',
		'<dt><code>one</code><span class="mark">string</span></dt><dd><p><strong>One.</strong> </p><p>Added by the Zapier app and the n8n node, so that automations work on every shape; not in the raw delivery.</p><p>Decision: Nobody &lt;says&gt; it.</p></dd>',
	],
])('a list of fields shows %s', (_, field, direction, shown) => {
	const rows = fieldRows({ properties: { one: field } });
	expect(fieldList(rows, 'x', direction)).toContain(`<div class="field" id="x-one">${shown}</div>`);
});

it('a list of inputs says which are required', () => {
	const rows = fieldRows({ properties: { one: { type: 'string' } }, required: ['one'] });
	expect(fieldList(rows, 'x', 'input')).toContain('<span class="mark">required</span>');
});

it('every field of every event and operation has an example, or holds fields that have', () => {
	const rows = [
		...events.flatMap(({ type, data }) => fieldRows(data, `${type} `)),
		...operations.flatMap(({ key, input, output }) => [
			...fieldRows(input, `${key} `),
			...fieldRows(output.schema, `${key} `),
		]),
	];
	const bare = rows
		.filter(({ example, type }) => example === null && type !== 'object, any keys')
		.map(({ path }) => path);
	const holds = (path: string): boolean =>
		rows.some((row) => row.path.startsWith(`${path}.`) || row.path.startsWith(`${path}[].`));
	expect(rows.length).toBeGreaterThan(900);
	expect(bare.filter((path) => !holds(path))).toEqual([]);
});
