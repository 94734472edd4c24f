import { operation, platform } from '@memberpass/catalogue';
import { buildRequest, readInput, toWire } from '@memberpass/protocol';
import { recordedFormOnMake, type RequestForm, requestForm } from '@memberpass/testing';
import fc from 'fast-check';

import { anyCodePoint } from '../../../shared/testing/src/any-code-point.ts';
import { functions, type Value } from '../src/iml/functions.ts';
import { simulate } from '../src/simulate.ts';
import {
	answering,
	fileOf,
	mapped,
	readBlueprint,
	requestEntries,
	upstream,
	world,
} from './support.ts';

type Fields = (typeof requestEntries)[number]['input']['properties'];

/** Inputs of a kind, by name. */
const namesOf = (fields: Fields, is: (field: Fields[string]) => boolean): readonly string[] =>
	Object.entries(fields)
		.filter(([, field]) => is(field))
		.map(([name]) => name);

const isText = (field: Fields[string]): boolean =>
	field['x-in'] === 'body' && field.type === 'string';
const isFreeText = (field: Fields[string]): boolean =>
	isText(field) &&
	field.enum === undefined &&
	field.format === undefined &&
	field.pattern === undefined &&
	field['x-id'] === undefined;

/** Any characters at all, halves of a pair too, and what breaks JSON, IML and templates more often than chance would. */
const anyText = fc
	.oneof(
		fc.string({ unit: anyCodePoint, minLength: 1 }),
		fc
			.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1 })
			.map((units) => String.fromCharCode(...units)),
		fc.constantFrom(
			'"',
			'\\',
			'\n',
			'\u0000',
			'\u2028',
			'"}',
			'{{1.name}}',
			'}}',
			'`',
			"'",
			'😀',
			'<optional',
			'${x}',
		),
	)
	// Blanks alone count as nothing, see below.
	.filter((text) => text.trim() !== '');

/** Recorded values for everything that is not text: the operation needs them, this test does not. */
function filler(fields: Fields): Readonly<Record<string, Value>> {
	return Object.fromEntries(
		Object.entries(fields).flatMap(([name, field]): [string, Value][] => {
			if (field.type === 'array') return [[name, [field.items?.examples?.[0] ?? 'a']]];
			return field.examples === undefined ? [] : [[name, field.examples[0]]];
		}),
	);
}

async function bodyOf(
	entry: (typeof requestEntries)[number],
	values: Readonly<Record<string, Value>>,
): Promise<unknown> {
	const api = answering(200, { data: {} });
	const { flow } = readBlueprint(fileOf(entry));
	await simulate(mapped(flow, values), world({ send: api.send }), upstream(values));
	expect(api.sent).toHaveLength(1);
	return JSON.parse(api.sent[0]?.body ?? '');
}

const withText = requestEntries
	.filter(({ input }) => namesOf(input.properties, isText).length > 0)
	.map((entry) => [entry.key, entry] as const);

describe('a body', () => {
	it('is tried for each operation that takes text', () => {
		expect(withText.map(([key]) => key).sort()).toEqual([
			'ban_member',
			'bulk_generate_access_codes',
			'create_plan',
			'create_project',
			'create_resource',
			'create_webhook_endpoint',
			'kick_member',
			'update_plan',
			'update_project',
		]);
	});

	it.each(withText)('holds any text as it is, and stays JSON (%s)', async (_, entry) => {
		const fields = entry.input.properties;
		const free = namesOf(fields, isFreeText);
		const shaped = namesOf(fields, isText).filter((name) => !free.includes(name));
		const all = [...free, ...shaped];
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyText, { minLength: all.length, maxLength: all.length }),
				async (texts) => {
					const given = Object.fromEntries(all.map((name, index) => [name, texts[index] ?? 'x']));
					const body = await bodyOf(entry, { ...filler(fields), ...given });
					// What has a form (an ID, an address, a choice) is trimmed; free text is not touched.
					const expected = Object.fromEntries(
						all.map((name) => [name, free.includes(name) ? given[name] : given[name]?.trim()]),
					);
					expect(body).toMatchObject(expected);
				},
			),
			{ numRuns: 60 },
		);
	});

	it.each(
		requestEntries
			.filter(({ method }) => method !== 'GET' && method !== 'DELETE')
			.map((entry) => [entry.key, entry] as const),
	)('has every value with the type of the catalogue (%s)', async (_, entry) => {
		const fields = entry.input.properties;
		const exclusive = entry.exclusive.flatMap((group) => group.slice(1));
		const values = Object.fromEntries(
			Object.entries(filler(fields)).filter(([name]) => !exclusive.includes(name)),
		);
		// As text, the way a form or another app hands it over.
		const asText = Object.fromEntries(
			Object.entries(values).map(([name, one]) => [name, Array.isArray(one) ? one : String(one)]),
		);
		const inBody = namesOf(fields, (field) => field['x-in'] === 'body');
		const expected = Object.fromEntries(
			Object.entries(values).filter(([name]) => inBody.includes(name)),
		);
		expect(await bodyOf(entry, asText)).toEqual(expected);
		expect(await bodyOf(entry, values)).toEqual(expected);
		// And the protocol has nothing against it.
		expect(readInput(toWire(entry), values)).toMatchObject({ ok: true });
	});

	it.each([
		['true', true],
		['TRUE', true],
		[' yes ', true],
		['1', true],
		['on', true],
		[true, true],
		[1, true],
		['false', false],
		['No', false],
		['0', false],
		['off', false],
		[false, false],
		// Not ours to guess: MemberPass refuses it and says why.
		['maybe', 'maybe'],
	])('reads a flag as people write it: %p', async (given, expected) => {
		const body = await bodyOf(operation('cancel_subscription'), {
			subscription: 'sub_1',
			at_period_end: given,
		});
		expect(body).toEqual({ at_period_end: expected });
	});

	it.each([
		['a, b ,c', ['a', 'b', 'c']],
		[',a,,b,', ['a', 'b']],
		['a,\n b\n,\n', ['a', 'b']],
		// Not "ab": of two ids that are none, a filter finds nothing and says nothing.
		['a\nb', ['a', 'b']],
		['a\r\n\tb c', ['a', 'b', 'c']],
		[
			['a', 'b'],
			['a', 'b'],
		],
		[
			['a', '', 'b'],
			['a', 'b'],
		],
		['"\\{{', ['"\\{{']],
	])('reads a list as people write it: %p', async (given, expected) => {
		const entry = operation('create_webhook_endpoint');
		const body = await bodyOf(entry, { name: 'x', url: 'https://example.com', events: given });
		expect(body).toEqual({ name: 'x', url: 'https://example.com', events: expected });
	});

	it('leaves out what is not given, and empties only what is named for it', async () => {
		const plan = { project: 'prj_1', plan: 'pln_1' };
		const entry = operation('update_plan');
		expect(await bodyOf(entry, { ...plan, price: 9, description: '' })).toEqual({ price: 9 });
		expect(await bodyOf(entry, { ...plan, price: 9, description: null })).toEqual({ price: 9 });
		expect(await bodyOf(entry, { ...plan, price: 9, clear: 'description' })).toEqual({
			price: 9,
			description: '',
		});
		// A name cannot be empty, so it cannot be emptied; a value that is given wins.
		expect(await bodyOf(entry, { ...plan, price: 9, clear: 'name, price' })).toEqual({ price: 9 });
		expect(await bodyOf(entry, { ...plan, description: 'x', clear: 'description' })).toEqual({
			description: 'x',
		});
	});

	it.each([[[]], [['']], [[null, '']], ['  '], [', ,']])(
		'takes a list without anything in it as not given: %j',
		async (allowed_ips) => {
			const endpoint = { name: 'x', url: 'https://example.com', events: ['plan.created'] };
			expect(
				await bodyOf(operation('create_webhook_endpoint'), { ...endpoint, allowed_ips }),
			).toEqual(endpoint);
		},
	);

	it('takes an optional field with blanks alone as not given, as every platform does', async () => {
		const entry = operation('create_plan');
		const all = Object.entries(filler(entry.input.properties));
		const isRequired = (name: string): boolean => entry.input.required?.includes(name) === true;
		const given = Object.fromEntries(all.filter(([name]) => isRequired(name)));
		const blank = Object.fromEntries(
			all.flatMap(([name]) => (isRequired(name) ? [] : [[name, ' \n ']])),
		);
		const body = await bodyOf(entry, { ...given, ...blank });
		const { project: inPath, ...expected } = given;
		expect(inPath).toBeDefined();
		expect(Object.keys(blank).length).toBeGreaterThan(5);
		expect(body).toEqual(expected);
		expect(readInput(toWire(entry), { ...given, ...blank })).toMatchObject({
			ok: true,
			values: given,
		});
	});

	it('is not sent where there is nothing to change', async () => {
		const api = answering(200, {});
		const { flow } = readBlueprint('blueprints/actions/update_plan.json');
		for (const description of [undefined, ' ']) {
			const values = { project: 'prj_1', plan: 'pln_1', description };
			const run = await simulate(mapped(flow, values), world({ send: api.send }), upstream(values));
			expect(api.sent).toEqual([]);
			expect(run.ends).toEqual([
				{ kind: 'filtered', module: 7, filter: 'At least one field to change' },
			]);
		}
	});

	it.each(['12,50', '1 756.20', '1,250', '12.50 EUR', '1e3', '٣'])(
		'never has another number than the one that was written, whatever Make would read in it: %p',
		async (price) => {
			const parse = functions['parseNumber'];
			if (parse === undefined) throw new Error('There is no such function.');
			const lenient = jest.spyOn(parse, 'run').mockReturnValue(1250);
			try {
				expect(
					await bodyOf(operation('update_plan'), { project: 'prj_1', plan: 'pln_1', price }),
				).toEqual({ price });
			} finally {
				lenient.mockRestore();
			}
		},
	);

	it('with a number that is none is kept as an incomplete execution, and nothing is sent', async () => {
		const api = answering(200, {});
		const { flow } = readBlueprint('blueprints/actions/update_plan.json');
		const values = { project: 'prj_1', plan: 'pln_1', price: '9 EUR' };
		const run = await simulate(mapped(flow, values), world({ send: api.send }), upstream(values));
		expect(api.sent).toEqual([]);
		expect(run.ends).toMatchObject([{ kind: 'incomplete', error: '"9 EUR" is no number.' }]);
	});
});

/** What other modules hand over, for fields that want something else. */
const anyMapped = fc.oneof(
	anyText,
	fc.constantFrom<Value>(
		...[undefined, null, '', ' ', 0, 7, -1, 12.5, 1e21, true, false, {}, { a: 1 }],
		...[[], [''], ['a', 'b'], ['a,b', 'c'], [null, 'a'], [1, 2], [['a'], ['b', 'c']], [{ a: 1 }]],
		...['12', '12,50', '1e3', '0x10', 'yes', 'null', '{"a":1}', '..', '.', 'a,b', ',', '%2C'],
		...['2026-05-18', '2026-05-18T23:30:00.000Z', '18.05.2026', '2026-02-30', '<required', '$&'],
	),
);

/** In a list, a blank ends an element on Make alone, and Make alone does not read JSON. */
const isReadAlike = (value: Value): boolean => !/[\s[]/.test(String(value));

/** On Make, an empty text is a field that was left empty. */
const withoutEmptyText = (values: Readonly<Record<string, Value>>) =>
	Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));

/** No input has one of these names. */
const ofPaging = new Set(['limit', 'per_page', 'page']);

const withoutPaging = ({ query, ...rest }: RequestForm): RequestForm => ({
	...rest,
	query: Object.fromEntries(Object.entries(query).filter(([name]) => !ofPaging.has(name))),
});

describe('a request with anything mapped into it', () => {
	it.each(requestEntries.map((entry) => [entry.key, entry] as const))(
		'is the one of the protocol, or is not sent, and never another (%s)',
		async (_, entry) => {
			const { properties, required = [] } = entry.input;
			const wire = toWire(entry);
			const { flow } = readBlueprint(fileOf(entry));
			const route = new RegExp(`^/v1${entry.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
			const whole = Object.entries(filler(properties));
			const given = Object.fromEntries(whole.filter(([name]) => required.includes(name)));
			const fields = Object.fromEntries(
				Object.entries(properties).map(([name, { type }]) => [
					name,
					type === 'array' ? anyMapped.filter(isReadAlike) : anyMapped,
				]),
			);
			await fc.assert(
				fc.asyncProperty(fc.record(fields, { requiredKeys: [] }), async (odd) => {
					const values = { ...given, ...odd };
					const api = answering(200, { data: [] });
					const { ends } = await simulate(
						mapped(flow, values),
						world({ send: api.send }),
						upstream(values),
					);
					expect(ends.filter(({ kind }) => kind === 'failed')).toEqual([]);
					expect(api.sent.length).toBeLessThanOrEqual(1);
					const [sent] = api.sent.map(requestForm);
					if (sent === undefined) return;
					expect(sent.path).toMatch(route);
					const read = readInput(wire, withoutEmptyText(values));
					if (!read.ok) return;
					const request = buildRequest(wire, read.values, {
						platform,
						origin: platform.apiOrigin,
						idempotencyKey: 'key',
					});
					expect(withoutPaging(sent)).toEqual(
						recordedFormOnMake({ request: requestForm(request) }),
					);
				}),
				{ numRuns: 40, seed: 1 },
			);
		},
	);
});
