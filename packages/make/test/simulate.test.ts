import { type BlueprintModule, type Mapper, type ModuleId } from '../src/blueprint.ts';
import { enter, mapped, moduleCalled, upstream, variablesOf } from '../src/fill.ts';
import { type Reading, usualReading } from '../src/iml/functions.ts';
import { resume, simulate, webhookBundle, type World } from '../src/simulate.ts';
import { placed } from '../src/validate/problem.ts';
import { answering, world } from './support.ts';

/** What the simulation does with each module, as Make's documentation has it. Flows as small as they can be. */
const step = (
	id: number,
	name: ModuleId,
	mapper: Mapper | null = {},
	more: Partial<BlueprintModule> = {},
): BlueprintModule => ({
	id,
	module: name,
	version: 1,
	parameters: {},
	mapper,
	metadata: { designer: { x: 0, y: 0 } },
	...more,
});
const run = async (flow: readonly BlueprintModule[], parts: Partial<World> = {}) =>
	await simulate(flow, world(parts));
const bundles = async (flow: readonly BlueprintModule[], parts: Partial<World> = {}) =>
	(await run(flow, parts)).outputs.map(({ bundle }) => bundle);

const ignore = step(90, 'builtin:Ignore');
const broken = step(1, 'json:ParseJSON', { json: 'no JSON' });

describe('a module of the simulation', () => {
	test.each<readonly [ModuleId, Mapper, readonly unknown[]]>([
		['util:SetVariables', { variables: [{ name: 'a', value: 'b' }] }, [{ a: 'b' }]],
		['util:SetVariables', { variables: 'none' }, [{}]],
		['util:SetVariables', { variables: ['x', { name: 'a', value: 'b' }] }, [{ a: 'b' }]],
		['json:ParseJSON', { json: '{"a":1}' }, [{ a: 1 }]],
		['json:ParseJSON', { json: '[{"a":1},{"a":2}]' }, [{ a: 1 }, { a: 2 }]],
		['json:TransformToJSON', { object: '{{add(emptyarray; 1)}}' }, [{ json: '[1]' }]],
		['builtin:BasicFeeder', { array: ['a', { b: 1 }] }, [{ value: 'a' }, { b: 1 }]],
		['builtin:BasicFeeder', { array: 'a' }, [{ value: 'a' }]],
		['builtin:BasicFeeder', { array: { b: 1 } }, [{ b: 1 }]],
		[
			'builtin:BasicRepeater',
			{ start: '2', repeats: '3', step: '2' },
			[{ i: 2 }, { i: 4 }, { i: 6 }],
		],
		['builtin:BasicRepeater', { start: 1, repeats: 0, step: 1 }, []],
	])('%s with %j puts out %j', async (name, mapper, expected) => {
		const { outputs, ends } = await run([step(1, name, mapper)]);
		expect(outputs.map(({ bundle }) => bundle)).toStrictEqual(expected);
		expect(ends).toEqual(expected.map(() => ({ kind: 'done' })));
	});

	test('a repeater puts out 10,000 at most', async () => {
		const repeats = (count: number) =>
			run([step(1, 'builtin:BasicRepeater', { start: 1, repeats: count, step: 1 })]);
		expect((await repeats(10_000)).outputs.at(-1)?.bundle).toEqual({ i: 10_000 });
		expect((await repeats(10_001)).ends).toMatchObject([{ kind: 'failed' }]);
	});

	test.each<readonly [ModuleId, Mapper, string]>([
		['json:ParseJSON', { json: '{' }, 'The text is not JSON.'],
		['json:ParseJSON', { json: '7' }, 'The JSON is neither a collection nor a list.'],
		['builtin:BasicFeeder', { array: '{{null}}' }, 'There is no list to iterate.'],
		...[
			{ start: 'a', repeats: 1, step: 1 },
			{ start: 1, repeats: 1, step: 'a' },
			{ start: 1, repeats: 'a', step: 1 },
			{ start: 1, repeats: -1, step: 1 },
		].map(
			(mapper) =>
				[
					'builtin:BasicRepeater',
					mapper,
					'A repeater takes numbers, and 10000 repeats at most.',
				] as const,
		),
		[
			'util:SetVariables',
			{ variables: [{ name: 'a', value: '{{floor("x")}}' }] },
			'A number was expected, not string.',
		],
	])('%s with %j fails the run', async (name, mapper, error) => {
		expect((await run([step(1, name, mapper)])).ends).toEqual([
			{ kind: 'failed', module: 1, error },
		]);
	});

	test.each<readonly [Reading['emptyVariables'], object]>([
		['kept', { a: '', b: 'c' }],
		['dropped', { b: 'c' }],
	])('where empty variables are %s, the variables are %j', async (emptyVariables, expected) => {
		const variables = [
			{ name: 'a', value: '{{emptystring}}' },
			{ name: 'b', value: 'c' },
		];
		const reading = { ...usualReading, emptyVariables };
		expect(await bundles([step(1, 'util:SetVariables', { variables })], { reading })).toEqual([
			expected,
		]);
	});

	test('a data store that is not given is empty, and one for all modules of the run', async () => {
		const add = step(2, 'datastore:AddRecord', { key: 'k', data: {} });
		const flow = [step(1, 'datastore:ExistRecord', { key: 'k' }), add, { ...add, id: 3 }];
		const { outputs, ends } = await run(flow);
		expect(outputs[0]?.bundle).toEqual({ exist: false });
		expect(ends).toEqual([{ kind: 'failed', module: 3, error: 'The record exists already.' }]);
	});

	test('a record is kept once, and known from then on', async () => {
		const store = new Map<string, unknown>();
		const flow = [
			step(1, 'datastore:ExistRecord', { key: 'k' }),
			step(2, 'datastore:AddRecord', { key: 'k', data: { at: 'now' } }),
		];
		expect(await bundles(flow, { store })).toEqual([{ exist: false }, { key: 'k' }]);
		const again = await run(flow, { store });
		expect(again.outputs).toEqual([{ module: 1, bundle: { exist: true } }]);
		expect(again.ends).toEqual([
			{ kind: 'failed', module: 2, error: 'The record exists already.' },
		]);
		expect([...store]).toEqual([['k', { at: 'now' }]]);
	});

	test.each(['builtin:BasicRouter', 'builtin:Ignore', 'builtin:Break'] as const)(
		'%s is no step of a flow, nor a step before the end of a handler',
		async (name) => {
			const flow =
				name === 'builtin:BasicRouter'
					? [{ ...broken, onerror: [step(2, name)] }]
					: [step(2, name)];
			await expect(run(flow)).rejects.toThrow(`${name} is no step of a flow.`);
		},
	);

	test('a router sends each bundle along every route, and none where it has none', async () => {
		const route = (id: number) => ({ flow: [step(id, 'util:SetVariables')] });
		const router = step(1, 'builtin:BasicRouter', null, { routes: [route(2), route(3)] });
		expect((await run([router])).outputs.map((one) => one.module)).toEqual([2, 3]);
		expect(await run([step(1, 'builtin:BasicRouter', null)])).toMatchObject({
			ends: [],
			outputs: [],
		});
	});
});

describe('an error handler of the simulation', () => {
	test('runs its steps in order, up to the one that ends it', async () => {
		const store = new Map<string, unknown>();
		const keep = step(2, 'datastore:AddRecord', { key: 'failed' });
		const { ends } = await run([{ ...broken, onerror: [keep, ignore] }], { store });
		expect([...store.keys()]).toEqual(['failed']);
		expect(ends).toEqual([{ kind: 'ignored', module: 1, error: 'The text is not JSON.' }]);
	});

	test('keeps a bundle that has passed the filter: it is tried again without being filtered again', async () => {
		const flow = [
			{
				...broken,
				filter: {
					name: 'in time',
					conditions: [[{ a: '{{timestamp}}', o: 'number:lessorequal', b: '1' } as const]],
				},
				onerror: [step(2, 'builtin:Break', { retry: true })],
			},
		];
		const late = world({ now: 2_000 });
		expect((await simulate(flow, late)).ends).toEqual([
			{ kind: 'filtered', module: 1, filter: 'in time' },
		]);
		const [end] = (await simulate(flow, world({ now: 1_000 }))).ends;
		if (end?.kind !== 'incomplete') throw new Error(`It ended as ${end?.kind ?? 'nothing'}.`);
		expect((await resume(end.execution, late)).ends).toMatchObject([{ kind: 'incomplete' }]);
	});

	test('that does not end leaves the run failed', async () => {
		const { ends } = await run([{ ...broken, onerror: [step(2, 'util:SetVariables')] }]);
		expect(ends).toEqual([{ kind: 'failed', module: 1, error: 'The text is not JSON.' }]);
	});
});

describe('a request of the simulation', () => {
	const request = (mapper: Mapper | null) => [step(1, 'http:MakeRequest', mapper)];
	const get: Mapper = { method: 'get', url: 'https://example.com/a?b=1' };

	test('has the parameters, headers and body of the module', async () => {
		const api = answering(200, {});
		const { requests } = await run(
			request({
				...get,
				method: 'post',
				queryParameters: [{ name: 'c', value: 'd e' }],
				headers: [{ name: 'X-A', value: '{{1 + 1}}' }],
				contentType: 'json',
				jsonStringBodyContent: '{}',
			}),
			api,
		);
		expect(api.sent).toEqual([
			{
				method: 'POST',
				url: 'https://example.com/a?b=1&c=d+e',
				headers: { 'X-A': '2', 'Content-Type': 'application/json' },
				body: '{}',
			},
		]);
		expect(requests).toEqual(api.sent);
	});

	test('without a body has no type of one', async () => {
		const api = answering(200, {});
		await run(request(get), api);
		expect(api.sent).toEqual([
			{ method: 'GET', url: 'https://example.com/a?b=1', headers: {}, body: null },
		]);
	});

	test.each([
		[true, '{"a":1}', { a: 1 }],
		[true, 'no JSON', 'no JSON'],
		[true, '', null],
		[false, '{"a":1}', '{"a":1}'],
	])('parsing %s: the answer %j is read as %j', async (parseResponse, body, data) => {
		const send = () => Promise.resolve({ status: 200, headers: { a: 'b' }, body });
		expect(await bundles(request({ ...get, parseResponse }), { send })).toEqual([
			{ statusCode: 200, headers: { a: 'b' }, data },
		]);
	});

	test.each([
		[399, 'done'],
		[400, 'failed'],
	])('with stopOnHttpError an answer of %d ends it as %s', async (status, kind) => {
		const flow = request({ ...get, stopOnHttpError: true });
		expect((await run(flow, answering(status, {}))).ends).toMatchObject([{ kind }]);
	});

	test('an error of HTTP stops it only where the module says so', async () => {
		const api = answering(400, { a: 1 });
		expect(await bundles(request({ ...get, parseResponse: true }), api)).toEqual([
			{ statusCode: 400, headers: {}, data: { a: 1 } },
		]);
		expect((await run(request({ ...get, stopOnHttpError: true }), api)).ends).toEqual([
			{ kind: 'failed', module: 1, error: 'HTTP 400: {"a":1}' },
		]);
	});

	test('is a mistake of the caller where the world sends none, or where there is no address', async () => {
		await expect(run(request(get))).rejects.toThrow('This world sends no requests.');
		await expect(run(request(null))).rejects.toThrow('Invalid URL');
	});
});

describe('a webhook of the simulation', () => {
	const bundleOf = (body: string, passThrough = false) =>
		webhookBundle(
			{ headers: [['A-B', 'c']], body: Buffer.from(body) },
			{ headers: false, passThrough },
		);

	test('puts out the fields of a JSON object, and nothing of anything else', () => {
		expect(bundleOf('{"a":1}')).toEqual({ a: 1 });
		expect(bundleOf('[1]')).toEqual({});
		expect(bundleOf('a=1')).toEqual({});
	});

	test('puts out the text itself where it is passed through', () => {
		expect(bundleOf('{"a":1}', true)).toEqual({ value: '{"a":1}' });
	});

	test('puts out the headers where they are asked for, by names in lower case', () => {
		const delivery = { headers: [['A-B', 'c'] as const], body: Buffer.from('{"a":1}') };
		expect(webhookBundle(delivery, { headers: true, passThrough: false })).toEqual({
			a: 1,
			__IMTHEADERS__: [{ name: 'a-b', value: 'c' }],
		});
	});
});

describe('filling in', () => {
	const variables = step(1, 'util:SetVariables', { variables: [{ name: 'a', value: '<a>' }] });
	const caption = { designer: { x: 0, y: 0, name: 'Fill in: a' } };

	test('replaces what is named and leaves the rest', () => {
		const two = step(1, 'util:SetVariables', {
			variables: [
				{ name: 'a', value: '<a>' },
				{ name: 'b', value: '<b>' },
			],
		});
		const [filled, other] = enter([two, step(2, 'util:SetVariables')], 1, { a: 'x' });
		expect(filled?.mapper).toEqual({
			variables: [
				{ name: 'a', value: 'x' },
				{ name: 'b', value: '<b>' },
			],
		});
		expect(other?.mapper).toEqual({});
	});

	test('names the variables and the module that are not there', () => {
		expect(() => enter([variables], 1, { a: 'x', b: 'y', c: 'z' })).toThrow(
			'Module 1 has no b, c.',
		);
		expect(() => enter([step(1, 'builtin:BasicRouter', null)], 1, { a: 'x' })).toThrow(
			'Module 1 has no a.',
		);
		expect(() => moduleCalled([variables], 'Fill in')).toThrow('There is no module "Fill in".');
		expect(moduleCalled([{ ...variables, metadata: caption }], 'Fill in').id).toBe(1);
	});

	test('a module of another kind has no variables', () => {
		expect(variablesOf(step(1, 'json:ParseJSON'))).toEqual([]);
		expect(variablesOf(step(1, 'builtin:BasicRouter', null))).toEqual([]);
	});

	test('mapping nothing changes nothing', () => {
		expect(mapped([variables], {})).toEqual([variables]);
	});

	test('a value is mapped from a module upstream, so that braces in it are none of the language', async () => {
		const values = { a: '{{uuid}}' };
		const { outputs } = await simulate(mapped([variables], values), world(), upstream(values));
		expect(outputs).toEqual([{ module: 1, bundle: { a: '{{uuid}}' } }]);
	});
});

test('a flow without modules has none to check', () => {
	expect(placed([])).toEqual([]);
});
