import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Validator } from '@seriousme/openapi-schema-validator';

import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import { runNode, useFolders } from '../../../shared/testing/src/in-tests.ts';
import {
	ask,
	at,
	exampleCall,
	idsOf,
	remembering,
	type Row,
	routeTable,
	sandboxWith,
	useSandbox,
} from './support/sandbox.ts';
import { faultsOf } from './support/schema.ts';

const shared = useSandbox();
const newFolder = useFolders('openapi');

/** Each is the same for all tests, and large. */
const document = remembering(
	async (path: string) => (await ask(shared(), 'GET', path, { token: null })).json,
);

describe('/openapi.json', () => {
	it('passes a strict validator as OpenAPI 3.1', async () => {
		const json = await document('/openapi.json');
		const result = await new Validator().validate(json as Parameters<Validator['validate']>[0]);
		expect(result.errors ?? []).toEqual([]);
		expect([result.valid, at(json, 'openapi')]).toEqual([true, '3.1.0']);
	});

	it('has every route with its ability, its errors and its idempotency key', async () => {
		const json = await document('/openapi.json');
		const operations = Object.values(at(json, 'paths') as Record<string, Record<string, object>>)
			.flatMap((path) => Object.entries(path))
			.map(([method, operation]) => ({ method, operation }));
		// With the two calls of triggers; three searches share the path of a list.
		expect(operations).toHaveLength(expectedCounts.operations + 2 - 3);
		for (const { method, operation } of operations) {
			expect(Object.keys(at(operation, 'responses') as object)).toEqual(
				expect.arrayContaining(['401', '403', '404', '422', '429', '500']),
			);
			expect(at(operation, 'security')).toEqual([{ bearer: [] }]);
			const keyed = JSON.stringify(at(operation, 'parameters')).includes('IdempotencyKey');
			expect(keyed).toBe(method !== 'get');
		}
		const paths = at(json, 'paths') as Record<string, unknown>;
		expect(at(paths['/v1/projects'], 'post.x-required-scopes')).toEqual(['project:create']);
		expect(at(paths['/v1/tokens'], 'get.x-required-scopes')).toEqual([]);
	});

	it('shows of every answer and of every body an example that fits its own schema', async () => {
		const json = await document('/openapi.json');
		const shown = contentsIn(json);
		expect(shown.length).toBeGreaterThan(100);
		for (const { where, schema, example } of shown) {
			expect([where, example]).toEqual([where, expect.any(Object)]);
			expect([where, faultsOf(schema, example)]).toEqual([where, []]);
		}
	});

	it('shows an example of every parameter that says what to find', async () => {
		const json = await document('/openapi.json');
		const paging = ['limit', 'per_page', 'page', 'cursor'];
		const bare = operationsIn(json)
			.flatMap(({ id, operation }) =>
				(at(operation, 'parameters') as readonly Row[]).map((row) => [id, row] as const),
			)
			.filter(([, row]) => row['$ref'] === undefined && !paging.includes(String(row['name'])))
			.filter(([, { schema }]) => (at(schema, 'examples') ?? at(schema, 'default')) === undefined)
			.map(([id, row]) => `${id} ${String(row['name'])}`);
		expect(bare).toEqual([]);
	});

	it.each(
		routeTable.filter(([, { input }]) =>
			Object.values(input.properties).some((field) => field['x-in'] === 'body'),
		),
	)('shows a body for %s that is taken, with a name and IDs of the account', async (key, entry) => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const json = await document('/openapi.json');
		const example = contentsIn(json).find(({ where }) => where === `${key} body`)?.example as Row;
		expect(Object.keys(example)).not.toEqual([]);
		const own: Row = {
			name: 'A fine new name',
			currency_id: ids.currency_id,
			resources: [ids.resources],
			// The account has no second bot.
			bot_id: undefined,
		};
		const body = Object.fromEntries(
			Object.entries(example).map(([name, value]) => [name, name in own ? own[name] : value]),
		);
		const reply = await ask(sandbox, entry.method, exampleCall(entry, ids).path, { body });
		expect(reply.at('error')).toBeUndefined();
		expect([200, 201, 202]).toContain(reply.status);
	});

	it('names the refusals of an operation that others do not have, under the status they come with', async () => {
		const json = await document('/openapi.json');
		const said = operationsIn(json).flatMap(({ id, operation }) =>
			Object.entries(operation['responses'] as Row).flatMap(([status, response]) =>
				['TEAM_TIER_REQUIRED', 'SUBSCRIPTION_ALREADY_ACTIVE']
					.filter((code) => String(at(response, 'description')).includes(code))
					.map((code) => `${id} ${status} ${code}`),
			),
		);
		expect(said.sort()).toEqual([
			'cancel_subscription 409 SUBSCRIPTION_ALREADY_ACTIVE',
			'create_project 403 TEAM_TIER_REQUIRED',
			'update_project 403 TEAM_TIER_REQUIRED',
		]);
	});

	it('makes a client that compiles and works, with an existing generator', async () => {
		const sandbox = shared();
		const ids = idsOf(sandbox);
		const cwd = newFolder();
		const { text } = await ask(sandbox, 'GET', '/openapi.json', { token: null });
		writeFileSync(join(cwd, 'openapi.json'), text);
		writeFileSync(join(cwd, 'package.json'), '{"type":"module"}');
		writeFileSync(join(cwd, 'program.mts'), clientProgram);
		symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
		const generator = join(root, 'node_modules/openapi-typescript/bin/cli.js');
		expect(await runNode([generator, 'openapi.json', '-o', 'api.d.ts'], { cwd })).toMatchObject({
			code: 0,
		});
		// The generated types accept the calls of the program, and refuse what it marks as wrong.
		expect(await runNode([compiler, ...compilerFlags, 'program.mts'], { cwd })).toEqual({
			code: 0,
			stdout: '',
			stderr: '',
		});
		const { project, plan } = ids;
		const said = await runNode(['program.mts', sandbox.url, sandbox.token, project, plan], { cwd });
		expect(JSON.parse(said.stdout)).toEqual({
			members: 5,
			transactions: expect.any(Number),
			made: 'A fine project',
			refused: { name: ['The name field must be at least 5 characters.'] },
		});
	});
});

const operationsIn = (document: unknown): readonly { id: string; operation: Row }[] =>
	Object.values(at(document, 'paths') as Record<string, Record<string, Row>>)
		.flatMap((path) => Object.values(path))
		.map((operation) => ({ id: String(operation['operationId']), operation }));

/** Every body and every answer that is JSON, with what it refers to put in its place. */
function contentsIn(
	document: unknown,
): readonly { where: string; schema: object; example: unknown }[] {
	const resolved = <T>(value: T): T => {
		const place: unknown = at(value, '$ref');
		return typeof place === 'string'
			? (at(document, place.replace('#/', '').replaceAll('/', '.')) as T)
			: value;
	};
	return operationsIn(document).flatMap(({ id, operation }) =>
		[
			['body', operation['requestBody']] as const,
			...Object.entries(operation['responses'] as Row),
		].flatMap(([name, held]) => {
			const content = at(resolved(held), 'content') as Row | undefined;
			const json = content?.['application/json'];
			return json === undefined
				? []
				: [
						{
							where: `${id} ${name}`,
							schema: resolved(at(json, 'schema') as object),
							example: at(json, 'example'),
						},
					];
		}),
	);
}

const root = join(__dirname, '../../..');

/** The compiler that checks this repository. */
const compiler = join(
	createRequire(join(root, 'shared/testing/package.json')).resolve('typescript/package.json'),
	'../bin/tsc',
);

const compilerFlags = [
	...['--noEmit', '--strict', '--skipLibCheck', '--module', 'NodeNext', '--target', 'ES2023'],
	...['--lib', 'ES2023,DOM', '--types', 'node'],
];

/** Uses the generated types and the client the way a user would. */
const clientProgram = `
import createClient from 'openapi-fetch';
import type { paths } from './api.js';

const [url = '', token = '', project = '', plan = ''] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { authorization: 'Bearer ' + token } });

const members = await client.GET('/v1/projects/{project}/members', {
	params: { path: { project }, query: { status: 'customer', limit: 5 } },
});
const status: string | undefined = members.data?.data[0]?.status;
void status;
const report = await client.GET('/v1/analytics/earnings', {
	params: { query: { 'plan_ids[]': [plan, 'pln_x'], period: '90d' } },
});
const made = await client.POST('/v1/projects', {
	params: { header: { 'Idempotency-Key': 'k1' } },
	body: { name: 'A fine project' },
});
const refused = await client.POST('/v1/projects', {
	params: { header: { 'Idempotency-Key': 'k2' } },
	body: { name: 'abc' },
});
// @ts-expect-error a write needs its key
const keyless = () => client.POST('/v1/projects', { body: { name: 'A fine project' } });
const cycle = () => client.POST('/v1/projects/{project}/plans', {
	params: { path: { project }, header: { 'Idempotency-Key': 'k3' } },
	// @ts-expect-error the cycle is one of five
	body: { name: 'Weekly', price: 9.5, currency_id: 'cur_1', billing_cycle: 'monthly', resources: ['rsc_1'] },
});
void keyless;
void cycle;
console.log(JSON.stringify({
	members: members.data?.data.length,
	transactions: report.data?.data.totals.transactions,
	made: made.data?.data.name,
	refused: refused.error?.error.fields,
}));
`;

describe('the other machine-readable files', () => {
	it.each([
		['/abilities.json', 61, 'name'],
		['/error-codes.json', 18, 'code'],
		['/webhook-events.json', expectedCounts.events, 'type'],
	])('%s lists %d', async (path, count, key) => {
		const sandbox = shared();
		const { json } = await ask(sandbox, 'GET', path, { token: null });
		expect([at(json, 'version'), at(json, 'count')]).toEqual(['2026-05-01', count]);
		const items = at(json, 'items') as readonly Record<string, unknown>[];
		expect(new Set(items.map((item) => item[key])).size).toBe(count);
	});

	it('codes of the sandbox are marked as unknown', async () => {
		const sandbox = shared();
		const { json } = await ask(sandbox, 'GET', '/error-codes.json', { token: null });
		const items = at(json, 'items') as readonly Record<string, unknown>[];
		const unknown = items.filter((item) => item['evidence'] === 'unknown');
		const known = items.filter((item) => item['evidence'] !== 'unknown');
		expect(known.map((item) => item['code'])).toEqual([
			'AUTHENTICATION_REQUIRED',
			'TOKEN_MISSING_ABILITY',
			'TEAM_TIER_REQUIRED',
			'RESOURCE_NOT_FOUND',
			'VALIDATION_FAILED',
			'RATE_LIMITED',
			'SUBSCRIPTION_ALREADY_ACTIVE',
		]);
		expect(unknown).toHaveLength(11);
	});

	it('events carry the keys of the later copy of the file: name, family, required_ability, payload_keys', async () => {
		const json = await document('/webhook-events.json');
		const items = at(json, 'items') as readonly Record<string, unknown>[];
		expect(items.find((item) => item['name'] === 'plan.sync_completed')).toMatchObject({
			family: 'plan',
			required_ability: 'project-subscription-plan:view-any',
			payload_keys: ['plan_id', 'providers', 'synced_at'],
		});
		// What we add ourselves is on no wire.
		expect(items.find((item) => item['name'] === 'role.deleted')).toMatchObject({
			payload_keys: ['role', 'team_id'],
		});
	});

	it('events that MemberPass does not send yet say so', async () => {
		const json = await document('/webhook-events.json');
		const items = at(json, 'items') as readonly Record<string, unknown>[];
		expect(items.filter((item) => item['firing'] === false).map((item) => item['type'])).toEqual([
			'subscription.refunded',
			'payment.refunded',
		]);
	});
});
