import { type FieldSchema, operation, type OperationEntry } from '@memberpass/catalogue';

import { idempotencyKeyOf, isToldByValues, repeatMatters } from '../src/deduplication.ts';
import { doneOf, noticesOf, outputOf, withId } from '../src/operations.ts';

/** A made-up operation: what is not said here is taken from a real one and does not matter. */
const entryOf = (parts: {
	method?: OperationEntry['method'];
	path?: string;
	shape?: OperationEntry['output']['shape'];
	input?: Record<string, FieldSchema>;
	output?: Record<string, FieldSchema>;
}): OperationEntry => ({
	...operation('archive_project'),
	key: 'do_it',
	noun: 'Thing',
	method: parts.method ?? 'POST',
	path: parts.path ?? '/things',
	input: { type: 'object', properties: parts.input ?? {} },
	output: {
		...operation('archive_project').output,
		shape: parts.shape ?? 'nothing',
		schema: { type: 'object', properties: parts.output ?? {} },
	},
});

const text: FieldSchema = { type: 'string' };
const input = { team: { ...text, examples: ['tem_1'] }, thing: { ...text, examples: ['thi_1'] } };

describe('an operation that MemberPass answers with nothing', () => {
	it.each<[string, Parameters<typeof entryOf>[0], object, object]>([
		['a deletion', { method: 'DELETE', path: '/things/{thing}' }, {}, { deleted: true }],
		['anything else', { method: 'POST', path: '/things/{thing}/stop' }, {}, { done: true }],
	])('says of %s that it is done', (_, parts, __, expected) => {
		const entry = entryOf({ ...parts, input });
		expect(doneOf(entry, { thing: 'thi_7' })).toEqual({ id: 'thi_7', ...expected });
		expect(outputOf(entry).sample).toEqual({ id: 'thi_1', ...expected });
	});

	it.each([
		['DELETE', 'deleted', 'Deleted'],
		['POST', 'done', 'Done'],
	] as const)('labels what it gives (%s)', (method, key, label) => {
		expect(outputOf(entryOf({ method, input, path: '/things/{thing}' })).outputFields).toEqual([
			{ key: 'id', label: 'Thing ID', type: 'string' },
			{ key, label, type: 'boolean' },
		]);
	});

	it.each<[string, string, Record<string, string | number>, string]>([
		['the last thing of its path', '/teams/{team}/things/{thing}', { team: 't', thing: 'x' }, 'x'],
		['a thing with a number', '/things/{thing}', { thing: 7 }, '7'],
		['itself, where the path names nothing', '/things', { thing: 'x' }, 'do_it'],
		['itself, where what the path names is missing', '/things/{thing}', {}, 'do_it'],
	])('is named after %s', (_, path, values, id) => {
		expect(doneOf(entryOf({ path }), values)).toEqual({ id, done: true });
	});
});

describe('the id in the sample', () => {
	const own = { ...text, 'x-id': 'plan', examples: ['pln_1'] };
	it.each<[string, Parameters<typeof entryOf>[0], string]>([
		['what the result is about', { output: { name: text, plan_id: own } }, 'pln_1'],
		[
			'else the last thing of the path',
			{ output: { name: text }, path: '/teams/{team}/{thing}' },
			'thi_1',
		],
		[
			'that too where what it is about has no example',
			{ output: { plan_id: { ...text, 'x-id': 'plan' } }, path: '/teams/{team}' },
			'tem_1',
		],
		['else the key', { output: { name: text } }, 'do_it'],
		[
			'the key where nothing has an example',
			{ output: {}, path: '/{bare}', input: { bare: text } },
			'do_it',
		],
		['the key where the path is not described', { output: {}, path: '/{other}' }, 'do_it'],
		[
			'the key where the example is no text',
			{ output: {}, path: '/{n}', input: { n: { type: 'integer', examples: [1] } } },
			'do_it',
		],
	])('is %s', (_, parts, id) => {
		const { sample, outputFields } = outputOf(entryOf({ input, ...parts, shape: 'one' }));
		expect(sample['id']).toBe(id);
		expect(outputFields[0]).toEqual({ key: 'id', label: 'Result ID', type: 'string' });
	});
});

describe('a result', () => {
	const entry = entryOf({
		shape: 'many',
		output: { note: text, plan_id: { ...text, 'x-id': 'plan' } },
	});

	it.each<[string, Record<string, unknown>, number, Record<string, unknown>]>([
		['keeps its id', { id: 'a', plan_id: 'b' }, 0, { id: 'a', plan_id: 'b' }],
		['keeps a number', { id: 0 }, 0, { id: 0 }],
		['is named after what it is about', { plan_id: 'b' }, 3, { id: 'b', plan_id: 'b' }],
		['with an empty id too', { id: '', plan_id: 'b' }, 0, { id: 'b', plan_id: 'b' }],
		['with the id null too', { id: null, plan_id: 'b' }, 0, { id: 'b', plan_id: 'b' }],
		['else after the question', { note: 'x' }, 0, { id: 'do_it:7:a:b', note: 'x' }],
		['and its place behind the first', { plan_id: '' }, 2, { id: 'do_it:7:a:b:2', plan_id: '' }],
		['even if that stands where no text is', { plan_id: 1 }, 0, { id: 'do_it:7:a:b', plan_id: 1 }],
	])('%s', (_, row, position, expected) => {
		const values = { days: 7, words: ['a', 'b'] };
		const named = withId(entry, values, row, position);
		expect(named).toEqual(expected);
		expect(Object.keys(named)[0]).toBe('id');
	});

	it('is named with 200 characters at most', () => {
		const { id } = withId(entry, { words: 'x'.repeat(300) }, {}, 0);
		expect(id).toBe(`do_it:${'x'.repeat(194)}`);
	});
});

describe('what cannot be undone', () => {
	it.each<[string, Pick<OperationEntry, 'destructive' | 'caveats'>, string[]]>([
		[
			'is said before all else',
			{ destructive: 'irreversible', caveats: ['It bills.'] },
			['This cannot be undone.', 'It bills.'],
		],
		[
			'is said once',
			{ destructive: 'irreversible', caveats: ['A deletion Cannot Be Undone.'] },
			['A deletion Cannot Be Undone.'],
		],
		[
			'is said once, wherever',
			{ destructive: 'irreversible', caveats: ['It bills.', 'It cannot be undone.'] },
			['It bills.', 'It cannot be undone.'],
		],
		['is not said of what can', { destructive: 'reversible', caveats: ['Two.'] }, ['Two.']],
		['is not said of what harms nothing', { destructive: 'no', caveats: [] }, []],
	])('%s', (_, parts, expected) => {
		expect(noticesOf({ ...entryOf({}), ...parts })).toEqual(expected);
	});
});

describe('two writes are told apart by their values', () => {
	const name: FieldSchema = { ...text, 'x-in': 'body' };
	const making = (input: Pick<OperationEntry['input'], 'properties' | 'required'>) => ({
		...entryOf({}),
		repeat: { effect: 'creates_another' as const, note: '' },
		input: { type: 'object' as const, ...input },
	});
	const required = ['it'];

	it.each<[string, boolean, Parameters<typeof making>[0]]>([
		['if what is made has a name', true, { properties: { it: name }, required }],
		['not by a name that may stay empty', false, { properties: { it: name } }],
		['not by a number', false, { properties: { it: { ...name, type: 'integer' } }, required }],
		['not by what is chosen', false, { properties: { it: { ...name, enum: ['a'] } }, required }],
		[
			'not by the id of another',
			false,
			{ properties: { it: { ...name, 'x-id': 'plan' } }, required },
		],
		[
			'not by where it is made',
			false,
			{ properties: { it: { ...name, 'x-in': 'path' } }, required },
		],
	])('%s: %s', (_, expected, input) => {
		expect(isToldByValues(making(input))).toBe(expected);
	});

	it('where a repeat makes no other', () => {
		const once = { ...entryOf({}), repeat: { effect: 'refused' as const, note: '' } };
		expect(isToldByValues(once)).toBe(true);
	});
});

/** SHA-256 over the parts, each behind its length, by another program; another key would repeat writes after an update. */
it.each<[string, unknown, string]>([
	['without a deduplication key', undefined, '79b51a99-eb93-84cc-a882-0e64ad36975d'],
	['with one', 'evt_1', 'ec436dee-2561-8f03-ac7d-3b83c885404a'],
	['with one in spaces', ' evt_1 ', 'ec436dee-2561-8f03-ac7d-3b83c885404a'],
	['with a number', 7, '2435ccbf-f628-859e-b994-ebbf1670bd99'],
	['with that number as a text', '7', '2435ccbf-f628-859e-b994-ebbf1670bd99'],
	['with a list', ['evt_1', 'evt_2'], '41ffc48c-62cc-85ac-9f5e-6dfde03693b3'],
	['with a flag', true, '1ef20dc0-f006-8abe-94bc-da6372271e33'],
	['with a blank one', ' ', '79b51a99-eb93-84cc-a882-0e64ad36975d'],
])('the idempotency key of a write %s is the same in every version', (_, given, expected) => {
	const key = idempotencyKeyOf(
		operation('create_resource'),
		{ title: 'Perks', project: 'prj_1' },
		{ inputData: { deduplication_key: given }, meta: {} as never },
		{ token: 'made-up-token', origin: 'https://api.example.com' },
	);
	expect(key).toBe(expected);
});

it.each([
	['create_project', true],
	['create_plan', true],
	['delete_plan', true],
	['cancel_subscription', false],
	['rotate_webhook_secret', false],
	['unban_member', false],
	['ban_member', false],
	['publish_plan', false],
	['update_plan', false],
])('a repeat of %s has to be recognised: %s', (key, expected) => {
	expect(repeatMatters(operation(key))).toBe(expected);
});
