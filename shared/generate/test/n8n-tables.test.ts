import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	type EventEntry,
	type FieldSchema,
	operation,
	type OperationEntry,
	resources,
} from '@memberpass/catalogue';

import { useFolders } from '../../testing/src/in-tests.ts';
import { actionProperties } from '../src/emitters/n8n/properties.ts';
import { protocolFiles } from '../src/emitters/n8n/protocol-copy.ts';
import { actionSchemas, triggerSchema } from '../src/emitters/n8n/schemas.ts';
import { operationRow } from '../src/emitters/n8n/table.ts';

/** What the catalogue may say one day, as small as it can be. What it says now is committed, and run. */
const repoRoot = join(__dirname, '../../..');
type Properties = Readonly<Record<string, FieldSchema>>;
const objectOf = (properties: Properties) => ({ type: 'object', properties }) as const;
const withInput = (key: string, properties: Properties, more: Partial<OperationEntry> = {}) => ({
	...operation(key),
	path: '/rows',
	input: objectOf(properties),
	...more,
});
const rowText: FieldSchema = { type: 'string', title: 'Row', 'x-in': 'query' };

describe('an input that would take the place of another parameter', () => {
	const required = (properties: Properties): Partial<OperationEntry> => ({
		input: { ...objectOf(properties), required: Object.keys(properties) },
	});

	it.each(['resource', 'operation', 'limit', 'return_all', 'simplify', 'filters'])(
		'of the node itself is refused, with what to do: %s',
		(name) => {
			const entry = withInput('list_roles', {}, required({ [name]: rowText }));
			expect(() => operationRow(entry)).toThrow(
				new RegExp(`"list_roles" has an input "${name}".* 'x-n8n'`),
			);
		},
	);

	it('of the same operation is refused', () => {
		const twice = { row: rowText, line: { ...rowText, 'x-n8n': 'row' } };
		expect(() => operationRow(withInput('list_roles', twice))).toThrow(
			/"list_roles" has an input "line".* 'x-n8n'/,
		);
	});

	it('is taken inside the collection, where the node has none of its own', () => {
		const entry = withInput('list_roles', { resource: rowText });
		expect(operationRow(entry)['fields']).toMatchObject({ resource: { place: 'collection' } });
	});
});

describe('what the editor shows of a step that has not run', () => {
	const shown = (method: OperationEntry['method'], shape: OperationEntry['output']['shape']) => {
		const entry = operation('get_plan');
		const schema = objectOf({ note: { type: 'string' } });
		const [first, second] = actionSchemas([
			{ ...entry, method, output: { ...entry.output, shape, schema } },
		]);
		expect(second?.schema).toEqual(first?.schema);
		return first;
	};

	it.each([
		['GET', 'one', { note: { type: 'string' } }],
		['POST', 'nothing', { success: { type: 'boolean' } }],
		['DELETE', 'nothing', { deleted: { type: 'boolean' } }],
		['DELETE', 'one', { note: { type: 'string' }, deleted: { type: 'boolean' } }],
	] as const)('of a %s that answers with %s', (method, shape, properties) => {
		expect(shown(method, shape)).toEqual({
			path: 'v1.0.0/plan/get.json',
			schema: { type: 'object', properties, version: 1 },
		});
	});
});

describe('what the editor shows of a delivery that has not come', () => {
	/** Two events whose data has one key, each with its own idea of it. */
	function together(one: FieldSchema, other: FieldSchema): unknown {
		const events: Pick<EventEntry, 'data' | 'variants'>[] = [one, other].map((it) => ({
			data: objectOf({ it }),
			variants: [],
		}));
		const { schema } = triggerSchema(events);
		const { data } = schema['properties'] as { data: { properties: { it: unknown } } };
		return JSON.parse(JSON.stringify(data.properties.it));
	}
	const list = (items?: FieldSchema): FieldSchema => ({
		type: 'array',
		...(items === undefined ? {} : { items }),
	});
	const map = (values: FieldSchema): FieldSchema => ({
		type: 'object',
		additionalProperties: values,
	});
	const [text, whole] = [{ type: 'string' }, { type: 'integer' }] as const;

	it.each<[string, FieldSchema, FieldSchema, object]>([
		['has the type that both say', text, text, text],
		['has either type', text, whole, { type: ['string', 'integer'] }],
		[
			'has each of several types once',
			{ type: ['string', 'null'] },
			text,
			{ type: ['string', 'null'] },
		],
		['has any type where one says nothing', text, {}, {}],
		['has any type where the other says nothing', {}, text, {}],
		[
			'has elements of either kind',
			list(text),
			list(whole),
			list({ type: ['string', 'integer'] } as const),
		],
		['has the elements that one names', list(text), list(), list(text)],
		['has the elements that the other names', list(), list(text), list(text)],
		['is a list whose elements nobody names', list(), list(), { type: 'array' }],
		['has values of either kind', map(text), map(whole), map({ type: ['string', 'integer'] })],
		[
			'has the keys of both',
			objectOf({ b: text }),
			objectOf({ a: whole }),
			objectOf({ a: whole, b: text }),
		],
		['has the keys of one', objectOf({ b: text }), { type: 'object' }, objectOf({ b: text })],
		['has the keys of the other', { type: 'object' }, objectOf({ b: text }), objectOf({ b: text })],
	])('a key %s', (_, one, other, expected) => {
		expect(together(one, other)).toEqual(expected);
	});

	it('counts every shape of an event', () => {
		const event = {
			data: objectOf({ a: text }),
			variants: [{ name: 'short', data: objectOf({ b: whole }), evidence: 'inferred', source: '' }],
		} as const;
		expect(triggerSchema([event]).schema['properties']).toMatchObject({
			data: objectOf({ a: text, b: whole }),
		});
	});
});

describe('the row of an operation', () => {
	it('names the collection where 1.4.0 kept its limit there, though nothing stands in it today', () => {
		expect(operationRow(withInput('list_webhook_events', {}))).toMatchObject({
			collection: 'webhookDeliveryFilters',
			paging: { version1: { in: 'collection', limit: 'limit' } },
		});
	});

	it.each(['create_project', 'get_plan'])('names none for %s without inputs', (key) => {
		expect(operationRow(withInput(key, {}))).not.toHaveProperty('collection');
	});

	it('has no paging for a search that answers every row that matches', () => {
		expect(operationRow(operation('find_plan_by_name'))).not.toHaveProperty('paging');
	});
});

describe('the form of the action node', () => {
	const form = (entry: OperationEntry) =>
		actionProperties(
			resources.filter(({ key }) => key === entry.resource),
			[entry],
		);
	const shows = (entry: OperationEntry, name: string) =>
		form(entry)
			.filter((property) => property.name === name)
			.map((property) => (property['displayOptions'] as { show: object }).show);

	it('asks for the limit of 1.4.0 whatever else is chosen: that form had no switch for all rows', () => {
		const list = operation('list_activity');
		const entry = withInput(list.key, {}, { output: { ...list.output, paging: 'pages' } });
		expect(shows(entry, 'activityLimit')).toEqual([{ resource: ['activity'], '@version': [1] }]);
		expect(shows(entry, 'limit')).toEqual([
			{ resource: ['activity'], '@version': [{ _cnd: { gte: 2 } }], returnAll: [false] },
		]);
	});

	it('says "many" once, in front', () => {
		const list = operation('list_activity');
		const entry = withInput(list.key, {}, { summary: 'Reads what the page Find shows.' });
		expect(form(entry).find(({ name }) => name === 'operation')?.['options']).toMatchObject([
			{ name: 'Get Many', description: 'Read what the page Find shows' },
		]);
	});

	it('is the same in both versions where nothing differs', () => {
		const entry = withInput(
			'list_activity',
			{ row: rowText },
			{ input: { ...objectOf({ row: rowText }), required: ['row'] } },
		);
		expect(shows(entry, 'row')).toEqual([{ resource: ['activity'] }]);
	});
});

describe('the protocol beside the nodes', () => {
	it('has the files that are committed there', async () => {
		const committed = readdirSync(join(repoRoot, 'packages/n8n-nodes-memberpass/nodes/protocol'));
		const files = await protocolFiles(repoRoot);
		expect(files.map(({ name }) => name).sort()).toEqual(committed.sort());
		expect(committed).toContain('signature.ts');
	});

	const newFolder = useFolders('protocol');

	it('is every source but what nodes have no use for, with imports as CommonJS has them', async () => {
		const root = newFolder();
		const folder = join(root, 'shared/protocol/src');
		mkdirSync(folder, { recursive: true });
		for (const name of ['a.ts', 'from-catalogue.ts', 'index.ts', 'notes.md', '.tsx']) {
			writeFileSync(join(folder, name), "export { b } from './b.ts';\n");
		}
		expect(await protocolFiles(root)).toEqual([
			{ name: 'a.ts', source: "export { b } from './b';\n" },
		]);
	});
});
