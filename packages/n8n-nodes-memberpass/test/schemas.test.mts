import { Ajv, type ValidateFunction } from 'ajv';
import { operations } from '@memberpass/catalogue';
import nock from 'nock';

import { loadEventFixtures, loadRecordings } from '../../../shared/testing/src/fixtures.ts';
import { replay } from '../../../shared/testing/src/replay.ts';
import { origin, repoRoot, token, useEngine } from './support.mts';

/** What n8n shows of an output before the node has run: a promise to whoever maps its fields. */
const engine = useEngine();

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
// n8n's own version of a schema file, no keyword of JSON Schema.
ajv.addKeyword('version');
/** By their text: n8n-core reads a schema from its file each time it is asked. */
const compiled = new Map<string, ValidateFunction>();
const faultsOf = (schema: object | undefined, value: unknown): unknown => {
	if (schema === undefined) return 'n8n-core finds no schema';
	const text = JSON.stringify(schema);
	const validate = compiled.get(text) ?? ajv.compile(schema);
	compiled.set(text, validate);
	return validate(value) ? null : validate.errors;
};
const keysOf = (schema: Readonly<Record<string, unknown>> | undefined): readonly string[] =>
	Object.keys(schema?.['properties'] ?? {});

const placeOf = (name: string) => {
	const entry = operations.find((one) => one.key === name);
	if (entry === undefined) throw new Error(`There is no operation "${name}".`);
	return { resource: entry.resource, operation: entry.n8n.operation };
};
const successes = loadRecordings(repoRoot).flatMap((file) =>
	operations.some((one) => one.key === file.operation)
		? file.recordings
				.filter((one) => one.error === null && (one.output ?? []).length > 0)
				.map((recording) => [file.operation, recording.name, recording] as const)
		: [],
);

describe('an output schema', () => {
	test.each(operations.map((one) => [one.key] as const))(
		'is found by n8n for both versions of %s',
		(name) => {
			for (const version of [1, 2]) {
				const schema = engine().outputSchema('memberPass', version, placeOf(name));
				expect(schema).toMatchObject({ type: 'object', version: 1 });
				expect(keysOf(schema).length).toBeGreaterThan(0);
			}
		},
	);

	test.each(successes)('is kept, and names every field: %s, %s', (name, _, recording) => {
		const schema = engine().outputSchema('memberPass', 1, placeOf(name));
		for (const item of (recording.output ?? []) as readonly object[]) {
			expect(faultsOf(schema, item)).toBeNull();
			expect(keysOf(schema)).toEqual(expect.arrayContaining(Object.keys(item)));
		}
	});

	test('that promises another type is noticed', () => {
		const schema = engine().outputSchema('memberPass', 1, placeOf('get_plan'));
		expect(faultsOf(schema, { id: 5 })).toEqual([
			expect.objectContaining({ instancePath: '/id', keyword: 'type' }),
		]);
	});

	test.each(loadEventFixtures(repoRoot).map((one) => [one.path, one] as const))(
		'of the trigger is kept, and names every field: %s',
		(_, fixture) => {
			const schema = engine().outputSchema('memberPassTrigger', 1);
			const event = JSON.parse(fixture.body) as { readonly data: object };
			expect(faultsOf(schema, event)).toBeNull();
			expect(keysOf(schema)).toEqual(expect.arrayContaining(Object.keys(event)));
			const { data } = (schema?.['properties'] ?? {}) as { readonly data?: object };
			const named = Object.keys((data as { readonly properties?: object }).properties ?? {});
			expect(named).toEqual(expect.arrayContaining(Object.keys(event.data)));
		},
	);
});

describe('Simplify', () => {
	const simple = [
		'create_plan',
		'create_webhook_endpoint',
		'find_plan_by_name',
		'get_plan',
		'get_project',
		'list_activity',
		'list_plans',
		'update_plan',
	];
	const shows = (name: string, typeVersion: number): boolean =>
		engine().shownProperties('memberPass', typeVersion, placeOf(name)).includes('simplify');

	test('is offered where a result has more than ten fields, and nowhere in version 1', () => {
		const offered = operations.filter((one) => shows(one.key, 2)).map((one) => one.key);
		expect([...offered].sort()).toEqual(simple);
		expect(operations.filter((one) => shows(one.key, 1))).toEqual([]);
	});

	test.each(successes.filter(([name]) => simple.includes(name)))(
		'is on by default and leaves at most ten flat fields: %s, %s',
		async (name, _, recording) => {
			const { simplify, ...parameters } = engine().formOf(name, recording.input);
			expect(simplify).toBe(false);
			replay(origin, recording, token);
			const { items, error } = await engine().run({
				node: 'memberPass',
				typeVersion: 2,
				parameters,
			});
			nock.cleanAll();
			expect(error).toBeNull();
			expect(items).toHaveLength(recording.output?.length ?? 0);
			const schema = engine().outputSchema('memberPass', 2, placeOf(name));
			expect(keysOf(schema).length).toBeLessThanOrEqual(10);
			for (const { json } of items) {
				expect(Object.keys(json).length).toBeLessThanOrEqual(10);
				expect(keysOf(schema)).toEqual(expect.arrayContaining(Object.keys(json)));
				expect(faultsOf(schema, json)).toBeNull();
			}
		},
	);

	test('flattens what it keeps of a nested object', async () => {
		nock(origin)
			.get('/v1/projects/prj_1')
			.reply(200, { data: { id: 'prj_1', name: 'A', counts: { plans: 3, resources: 2 } } });
		const { items } = await engine().run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: { resource: 'project', operation: 'get', projectId: 'prj_1' },
		});
		expect(items.map((item) => item.json)).toEqual([{ id: 'prj_1', name: 'A', counts_plans: 3 }]);
	});

	test('leaves out what a nested object would hold where none came', async () => {
		nock(origin)
			.get('/v1/projects/prj_1')
			.reply(200, { data: { id: 'prj_1', name: 'A', counts: null } });
		const { items } = await engine().run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: { resource: 'project', operation: 'get', projectId: 'prj_1' },
		});
		expect(items.map((item) => Object.entries(item.json))).toEqual([
			[
				['id', 'prj_1'],
				['name', 'A'],
			],
		]);
	});

	test('switched off, or in version 1, leaves the answer whole', async () => {
		const data = { id: 'pln_1', description: 'long', something_new: 1 };
		for (const [typeVersion, more] of [
			[2, { simplify: false }],
			[2, { simplify: 'false' }],
			[1, {}],
		] as const) {
			nock(origin).get('/v1/projects/prj_1/plans/pln_1').reply(200, { data });
			const parameters = {
				resource: 'plan',
				operation: 'get',
				projectId: 'prj_1',
				planId: 'pln_1',
				...more,
			};
			const { items } = await engine().run({ node: 'memberPass', typeVersion, parameters });
			expect(items.map((item) => item.json)).toEqual([data]);
		}
	});
});

test.each(operations.filter((one) => one.method === 'DELETE').map((one) => [one.key] as const))(
	'%s gives one item that says it is deleted, in both versions',
	async (name) => {
		const found = successes.find(([operation]) => operation === name);
		if (found === undefined) throw new Error('There is no recording.');
		const [, , recording] = found;
		for (const typeVersion of [1, 2]) {
			replay(origin, recording, token);
			const { items } = await engine().run({
				node: 'memberPass',
				typeVersion,
				parameters: engine().formOf(name, recording.input),
			});
			expect(items).toHaveLength(1);
			expect(items[0]?.json).toMatchObject({ deleted: true });
		}
	},
);
