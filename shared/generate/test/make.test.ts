import { operation, type OperationEntry } from '@memberpass/catalogue';

import { Flow } from '../src/emitters/make/flow.ts';
import { call, literal, text, value } from '../src/emitters/make/iml.ts';
import { encoded, inputsOf, typed } from '../src/emitters/make/inputs.ts';
import { ignore, memberPassRequest, setVariables } from '../src/emitters/make/modules.ts';
import { addRequest } from '../src/emitters/make/requests.ts';
import { request } from '../src/emitters/make/templates.ts';

/** What the catalogue may say one day, made up as small as it can be; what it says now is committed, and run. */
const plan = operation('get_plan');
type Fields = OperationEntry['input']['properties'];
const withInput = (
	properties: Fields,
	more: Partial<OperationEntry> = {},
	required: readonly string[] = [],
): OperationEntry => ({
	...plan,
	path: '/plans',
	input: { type: 'object', properties, required },
	...more,
});

describe('an expression of Make', () => {
	it.each(['a "quote"', 'back\\slash', '{{1.a}}', 'closed }}'])(
		'cannot hold %s, which no source says how to escape',
		(written) => {
			expect(() => literal(written)).toThrow(
				`IML has no documented way to write this text: ${written}`,
			);
		},
	);

	it('takes texts and numbers as literals, and stands between texts', () => {
		const first = call('substring', 'abc', 0, 1);
		expect(value(first)).toBe('{{substring("abc"; 0; 1)}}');
		expect(text`Hi ${first}!`).toBe('Hi {{substring("abc"; 0; 1)}}!');
		expect(() => text`{{${first}`).toThrow('Braces in text would be an expression: {{');
	});
});

describe('an input on Make', () => {
	const step = () => new Flow().add(setVariables('Fill in', {}));
	const only = (schema: Fields[string], method: OperationEntry['method'] = 'GET') => {
		const [input] = inputsOf(withInput({ it: schema }, { method }, ['it']));
		if (input === undefined) throw new Error('There is no input.');
		return input;
	};

	it('has to say where it travels', () => {
		expect(() => only({ type: 'string' })).toThrow('Input "it" does not say where it travels.');
	});

	it('is called by its key where it has no title', () => {
		expect(only({ type: 'string', 'x-in': 'query' }).placeholder).toBe('<required text: it>');
	});

	it.each<[string, Fields[string], string]>([
		['an ID', { type: 'string', title: 'Plan', 'x-id': 'plan' }, '<required ID: Plan>'],
		[
			'a closed set',
			{ type: 'string', title: 'Unit', enum: ['days', 'weeks', 'months'] },
			'<required days, weeks or months: Unit>',
		],
		[
			'a set that may grow',
			{ type: 'string', title: 'Split By', 'x-known-values': ['plan', 'project'] },
			'<required plan or project: Split By>',
		],
		[
			'a list of IDs',
			{ type: 'array', title: 'Plans', items: { type: 'string', 'x-id': 'plan' } },
			'<required list of IDs, with commas: Plans>',
		],
		[
			'a list from a set',
			{ type: 'array', title: 'Statuses', 'x-known-values': ['failed', 'refunded', 'pending'] },
			'<required list of failed, refunded or pending, with commas: Statuses>',
		],
		[
			'a list of events',
			{ type: 'array', title: 'Events', items: { type: 'string', 'x-pick': 'events' } },
			'<required list of event types, with commas: Events>',
		],
		[
			'any other list',
			{ type: 'array', title: 'Addresses' },
			'<required list with commas: Addresses>',
		],
		['a day', { type: 'string', title: 'To', format: 'date' }, '<required date as YYYY-MM-DD: To>'],
	])('says in its placeholder what to enter: %s', (_, schema, placeholder) => {
		expect(only({ ...schema, 'x-in': 'query' }).placeholder).toBe(placeholder);
	});

	it('keeps decimals where the catalogue has a number', () => {
		const input = only({ type: 'number', title: 'Price', 'x-in': 'body' });
		expect(input).toMatchObject({ kind: 'number', placeholder: '<required number: Price>' });
		expect(typed(step(), input).iml).toBe(
			'if(replace(trim(toString(1.it)); "/^-?[0-9]+([.][0-9]+)?$/"; emptystring) = emptystring; parseNumber(trim(toString(1.it)); "."); trim(toString(1.it)))',
		);
	});

	it('is a day in a body too, where the catalogue has one', () => {
		const input = only({ type: 'string', format: 'date', 'x-in': 'body' });
		expect(typed(step(), input).iml).toBe(
			'replace(trim(toString(1.it)); "/[T ][0-9][0-9]:.*$/"; emptystring)',
		);
	});

	it('can be emptied in a change only where no length is demanded', () => {
		const clearable = (schema: Fields[string]) =>
			only({ ...schema, 'x-in': 'body' }, 'PATCH').clearable;
		expect(clearable({ type: 'string' })).toBe(true);
		expect(clearable({ type: 'string', minLength: 0 })).toBe(true);
		expect(clearable({ type: 'string', minLength: 1 })).toBe(false);
		expect(clearable({ type: 'string', 'x-known-values': ['telegram'] })).toBe(false);
	});

	it('is no part of an address where it is a list', () => {
		const list = only({ type: 'array', 'x-in': 'query' });
		expect(() => encoded(step(), list)).toThrow(
			'"it" is a list: each element is a parameter of its own.',
		);
	});
});

describe('a request on Make', () => {
	it.each([
		['get', '{}', null, 'A get request has the wrong body.'],
		['delete', '{}', 'key', 'A delete request has the wrong body.'],
		['post', null, 'key', 'A post request has the wrong body.'],
		['get', null, 'key', 'A get request has the wrong idempotency key.'],
		['delete', null, null, 'A delete request has the wrong idempotency key.'],
	] as const)(
		'refuses to %s the body %s with the key %s',
		(method, json, idempotencyKey, message) => {
			expect(() =>
				memberPassRequest({ caption: 'Do', method, path: '/plans', idempotencyKey, json }),
			).toThrow(message);
		},
	);

	it.each(['idempotency_key', 'clear', 'page', 'cursor'])(
		'refuses an input called like its own variable %s',
		(name) => {
			const entry = withInput({ [name]: { type: 'string', 'x-in': 'query' } });
			expect(() => addRequest(new Flow(), entry)).toThrow(
				`"get_plan" has an input "${name}", and the templates for Make call a variable of their own so.`,
			);
		},
	);

	it('refuses a value for an input that the operation does not have', () => {
		expect(() => addRequest(new Flow(), plan, { input: { colour: 'red' } })).toThrow(
			'"get_plan" has no input "colour".',
		);
	});

	it('refuses a part of the path that is no input', () => {
		const entry = withInput({}, { path: '/plans/{plan}' });
		expect(() => addRequest(new Flow(), entry)).toThrow('"plan" is in no input.');
	});

	it('has nothing to fill in where the operation takes nothing, and says so', () => {
		const flow = new Flow();
		expect(addRequest(flow, withInput({}))).toMatchObject({ fill: null, rows: null });
		expect(flow.modules.map(({ module }) => module)).toEqual(['http:MakeRequest']);
		const { description } = request(withInput({}, { caveats: [] })).blueprint;
		expect(description).toMatch(/ After import or paste: module 1 \("Find Plan by ID"\): choose /);
		expect(description).not.toMatch(/placeholders/);
	});

	it('is sent with its optional body where nothing is required', () => {
		const flow = new Flow();
		const entry = withInput({ note: { type: 'string', 'x-in': 'body' } }, { method: 'POST' });
		addRequest(flow, entry, { input: { note: 'x' } });
		expect(flow.modules.map(({ filter }) => filter)).toEqual(Array(4).fill(undefined));
	});

	it('has no variable to empty fields by where its values are given', () => {
		const note: Fields[string] = { type: 'string', 'x-in': 'body' };
		const names = (options: Parameters<typeof addRequest>[2]): readonly string[] => {
			const flow = new Flow();
			addRequest(flow, withInput({ note }, { method: 'PATCH' }), options);
			const variables = flow.modules[0]?.mapper?.['variables'] as readonly { name: string }[];
			return variables.map(({ name }) => name);
		};
		expect(names({})).toEqual(['note', 'clear', 'idempotency_key']);
		expect(names({ input: { note: 'x' } })).toEqual(['note', 'idempotency_key']);
	});

	it('repeats the name of a list in its address, of a required one too', () => {
		const flow = new Flow();
		const plans: Fields[string] = { type: 'array', 'x-in': 'query' };
		addRequest(flow, withInput({ plans }, {}, ['plans']), { input: { plans: 'a,b' } });
		expect(flow.modules.at(-1)?.mapper?.['url']).toBe(
			'https://api.memberpass.net/v1/plans?{{3.plans}}',
		);
	});

	it('lists what a page holds without a question where pages are not asked for', () => {
		const flow = new Flow();
		const entry = withInput({}, { output: { ...plan.output, shape: 'many', paging: 'limit' } });
		addRequest(flow, entry);
		expect(flow.modules[0]?.mapper?.['url']).toMatch(
			/^https:\/\/api\.memberpass\.net\/v1\/plans\?limit=\d+$/,
		);
	});
});

describe('a flow on Make', () => {
	const filter = { name: 'Only a', conditions: [[{ a: '{{1.a}}', o: 'exist' }]] } as const;

	it('cannot filter before its first module', () => {
		expect(() => new Flow().add(setVariables('Set', {}), { filter })).toThrow(
			'The first module of a scenario cannot have a filter.',
		);
	});

	it('wants what waits for the next module, and what it wants itself, both', () => {
		const flow = new Flow();
		flow.add(setVariables('Set', {}));
		flow.when(filter);
		flow.when({ name: 'Only b', conditions: [[{ a: '{{1.b}}', o: 'exist' }]] });
		flow.add(setVariables('Next', {}), {
			filter: { name: 'Only c', conditions: [[{ a: '{{1.c}}', o: 'exist' }]] },
			onerror: [ignore()],
		});
		expect(flow.modules[1]?.filter).toEqual({
			name: 'Only a; Only b; Only c',
			conditions: [
				[
					{ a: '{{1.a}}', o: 'exist' },
					{ a: '{{1.b}}', o: 'exist' },
					{ a: '{{1.c}}', o: 'exist' },
				],
			],
		});
	});
});
