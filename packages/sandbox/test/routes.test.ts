import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { operationFixturePath, type RouteEntry, routes } from '@memberpass/catalogue';

import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import type { Sandbox } from '../src/index.ts';
import {
	ask,
	at,
	exampleCall,
	idsOf,
	remembering,
	type Reply,
	type Row,
	routeTable,
	sandboxWith,
	useSandbox,
} from './support/sandbox.ts';
import { faultsOf } from './support/schema.ts';

const writes = routeTable.filter(([, entry]) => entry.method !== 'GET');

interface Recorded {
	readonly status: number;
	readonly body: unknown;
}

/** The answer of the recording named "success". */
function firstResponse(file: string): Recorded {
	const { recordings } = JSON.parse(readFileSync(file, 'utf8')) as {
		recordings: { name: string; exchanges: { response: Recorded }[] }[];
	};
	const found = recordings.find((one) => one.name === 'success')?.exchanges[0]?.response;
	if (found === undefined) throw new Error(`${file} has no recording named "success".`);
	return found;
}

const keysOf = (value: unknown): string[] => Object.keys(value ?? {}).toSorted();

/** For reads and for what is refused: neither changes anything. */
const shared = useSandbox({ rateLimits: false });

/** What a call of a fresh account answers, once for both tests that look at it. */
const answerOf = remembering(async (entry: RouteEntry): Promise<Reply> => {
	const sandbox = entry.method === 'GET' ? shared() : await sandboxWith();
	const { path, body } = exampleCall(entry, idsOf(sandbox));
	return ask(sandbox, entry.method, path, { body });
});

/** The operations that the sandbox's own description has; three searches are told of under the list that they read. */
const describedOf = remembering(async (path: string): Promise<readonly Row[]> => {
	const { json } = await ask(shared(), 'GET', path, { token: null });
	const paths = at(json, 'paths') as Readonly<Record<string, Readonly<Record<string, Row>>>>;
	return Object.values(paths).flatMap((methods) => Object.values(methods));
});

/** Names in a source by which what carries out a route reads its inputs. */
const namesRead = (source: string): readonly string[] =>
	[
		...source.matchAll(/\b(?:\w+(?:Of|able)\((?:call\.)?input, |equals\(call, |\binput\[)'(\w+)'/g),
	].map(([, name = '']) => name);

it('what carries out the routes reads no input that none of them has: it would be empty for ever', () => {
	const known = new Set(routes.flatMap(({ input }) => Object.keys(input.properties)));
	const read = globSync('src/routes/*.ts', { cwd: join(__dirname, '..') }).flatMap((path) =>
		namesRead(readFileSync(join(__dirname, '..', path), 'utf8')),
	);
	expect(read.length).toBeGreaterThan(50);
	expect(read.filter((name) => !known.has(name))).toEqual([]);
});

describe('every route of the catalogue', () => {
	it('is an operation or one of the two calls of triggers', () => {
		expect(routes).toHaveLength(expectedCounts.operations + 2);
	});

	it.each(routeTable)('%s answers in the shape of the catalogue', async (_key, entry) => {
		const reply = await answerOf(entry);
		expect([200, 201, 202, 204]).toContain(reply.status);
		const { shape, schema, beside } = entry.output;
		if (shape === 'nothing') {
			expect(reply.text).toBe('');
			return;
		}
		expect(reply.headers.get('content-type')).toBe('application/json');
		const outside = beside.filter((name) => reply.at(name) !== undefined);
		const rows: readonly Row[] =
			shape === 'many'
				? reply.rows
				: [{ ...reply.data, ...Object.fromEntries(outside.map((name) => [name, reply.at(name)])) }];
		expect(rows.length).toBeGreaterThan(0);
		for (const row of rows) {
			expect(faultsOf(schema, row)).toEqual([]);
			expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(row)));
		}
	});

	it.each(routeTable)('%s answers as /openapi.json describes it', async (key, entry) => {
		const operations = await describedOf('/openapi.json');
		const described = operations.find(({ operationId, 'x-also-known-as': others = [] }) =>
			[operationId, ...(others as readonly string[])].includes(key),
		);
		const reply = await answerOf(entry);
		const response = at(described, `responses.${reply.status}`);
		expect(response).toBeDefined();
		const content = at(response, 'content') as Row | undefined;
		if (content === undefined) expect(reply.text).toBe('');
		else {
			const { schema } = content['application/json'] as { schema: object };
			expect(faultsOf(schema, reply.json)).toEqual([]);
		}
	});

	it.each(routeTable)(
		'%s has the status of the recording made from its page',
		async (_key, entry) => {
			const fixtures = join(__dirname, '../../../fixtures', operationFixturePath(entry));
			const recorded = firstResponse(fixtures);
			const reply = await answerOf(entry);
			expect(reply.status).toBe(recorded.status);
			expect(keysOf(reply.json)).toEqual(keysOf(recorded.body));
			const meta = at(recorded.body, 'meta');
			if (meta !== undefined) expect(keysOf(reply.at('meta'))).toEqual(keysOf(meta));
		},
	);
});

it('the owner of a team is listed first, then who joined first', async () => {
	const sandbox = await sandboxWith();
	const { teamMembers } = sandbox.state;
	const owned = teamMembers.map((row) => ({ ...row, is_owner: row.name === 'Jonas Weber' }));
	teamMembers.splice(0, owned.length, ...owned.reverse());
	const { rows } = await ask(sandbox, 'GET', `/v1/teams/${sandbox.seeded.team.id}/members`);
	expect(rows.map((row) => row['name'])).toEqual(['Jonas Weber', 'Nora Lindqvist', 'Priya Patel']);
});

it('a project counts what is in it, without leads, and takes that and nothing else along when it is deleted', async () => {
	const sandbox = await sandboxWith();
	const { plans, resources, members, subscriptions, payments, accessCodes, paymentMethods } =
		sandbox.state;
	const path = `/v1/projects/${sandbox.seeded.project.id}`;
	const { data } = await ask(sandbox, 'GET', path);
	expect(data['counts']).toEqual({ plans: 4, resources: 3, subscribers: 29, payment_methods: 3 });
	const tables = [plans, resources, members, subscriptions, payments, accessCodes, paymentMethods];
	const sizes = () => tables.map(({ size }) => size);
	expect(sizes()).toEqual([6, 6, 43, 40, 86, 8, 6]);
	await ask(sandbox, 'DELETE', path);
	expect(sizes()).toEqual([2, 3, 11, 11, 30, 0, 3]);
});

/** Status and code of a refusal, which has the documented envelope whatever it refuses. */
function refusalOf(reply: Reply): readonly [status: number, code: unknown] {
	expect(keysOf(reply.json)).toEqual(['error']);
	expect(reply.at('error')).toMatchObject({
		code: expect.any(String),
		message: expect.any(String),
		docs_url: expect.stringMatching(/^https:\/\/docs\.memberpass\.net\//),
		remediation: expect.any(String),
		request_id: expect.stringMatching(/^req_/),
	});
	return [reply.status, reply.at('error.code')];
}

describe('what every route refuses', () => {
	it.each(routeTable)('%s without a token: 401', async (_key, entry) => {
		const sandbox = shared();
		const { path, body } = exampleCall(entry, idsOf(sandbox));
		const reply = await ask(sandbox, entry.method, path, { body, token: null });
		expect(refusalOf(reply)).toEqual([401, 'AUTHENTICATION_REQUIRED']);
	});

	it.each(routeTable.filter(([, entry]) => entry.ability !== null))(
		'%s without its ability: 403 that names it',
		async (_key, entry) => {
			const sandbox = shared();
			const others = sandbox.seeded.token.abilities.filter((one) => one !== entry.ability);
			const { plain } = sandbox.mint({ abilities: others });
			const { path, body } = exampleCall(entry, idsOf(sandbox));
			const reply = await ask(sandbox, entry.method, path, { body, token: plain });
			expect(refusalOf(reply)).toEqual([403, 'TOKEN_MISSING_ABILITY']);
			expect(reply.at('error.context')).toEqual({ required_ability: entry.ability });
		},
	);

	it.each(routeTable.filter(([, entry]) => entry.ability !== null))(
		'%s is content with its ability alone',
		async (_key, entry) => {
			const sandbox = shared();
			const { plain } = sandbox.mint({ abilities: [entry.ability ?? ''] });
			const { path } = exampleCall(entry, idsOf(sandbox));
			// Without a key a write gets no further than this, which is far enough.
			const reply = await ask(sandbox, entry.method, path, { key: null, token: plain });
			expect(reply.status).toBe(entry.method === 'GET' ? 200 : 400);
		},
	);

	it.each(writes)('%s without Idempotency-Key', async (_key, entry) => {
		const sandbox = shared();
		const { path, body } = exampleCall(entry, idsOf(sandbox));
		const reply = await ask(sandbox, entry.method, path, { body, key: null });
		expect(refusalOf(reply)).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED']);
	});

	it.each(routeTable.filter(([, entry]) => entry.path.includes('{')))(
		'%s of another team looks like one that does not exist: 404',
		async (_key, entry) => {
			const sandbox = shared();
			const ids = idsOf(sandbox);
			const { path, body } = exampleCall(entry, ids);
			const foreign = await ask(sandbox, entry.method, path, { body, token: sandbox.otherToken });
			const missing = await ask(sandbox, entry.method, exampleCall(entry, {}).path, { body });
			expect(refusalOf(foreign)).toEqual([404, 'RESOURCE_NOT_FOUND']);
			expect(missing.status).toBe(404);
			// Nothing tells the two apart, so nobody learns which ids exist.
			for (const key of ['code', 'message', 'docs_url', 'remediation', 'fields', 'context']) {
				expect(foreign.at(`error.${key}`)).toEqual(missing.at(`error.${key}`));
			}
		},
	);

	describe('what a path names must be within what it names before: anything else looks like a missing one', () => {
		/** Rows that exist, but not where the path looks for them. */
		const elsewhere = (sandbox: Sandbox): Readonly<Record<string, string | undefined>> => {
			const { state, seeded } = sandbox;
			// Of another project of the same team: only the path stands between.
			const inSibling = <T extends { readonly id: string; readonly project_id: string }>(
				rows: ReadonlyMap<string, T>,
			): string | undefined =>
				[...rows.values()].find(
					({ project_id: id }) =>
						id !== seeded.project.id && state.projects.get(id)?.team_id === seeded.team.id,
				)?.id;
			const code = [...state.accessCodes.values()][0];
			const stranger = state.teamMembers.find((row) => row.team_id !== seeded.team.id);
			return {
				plan: inSibling(state.plans),
				member: inSibling(state.members),
				method: inSibling(state.paymentMethods),
				resource: inSibling(state.resources),
				teamMember: stranger?.id,
				access_code: code?.id,
				// Another plan of the same project than that of the access code.
				other_plan: [...state.plans.values()].find(
					(row) => row.project_id === code?.project_id && row.id !== code.plan_id,
				)?.id,
			};
		};

		it.each([
			['GET', '/projects/:none', 'project'],
			['GET', '/projects/{project}/plans/:plan', 'plan'],
			['GET', '/projects/{project}/plans/:plan/access-codes', 'plan'],
			['DELETE', '/projects/{project}/plans/:other_plan/access-codes/:access_code', 'access code'],
			['DELETE', '/projects/{project}/plans/{plan}/access-codes/:none', 'access code'],
			['GET', '/projects/{project}/members/:member', 'member'],
			['GET', '/projects/{project}/payment-methods/:method', 'payment method'],
			['GET', '/projects/{project}/resources/:resource', 'resource'],
			['GET', '/subscriptions/:none', 'subscription'],
			['GET', '/teams/:none', 'team'],
			['GET', '/teams/{team}/members/:none', 'team member'],
			['GET', '/teams/{team}/members/:teamMember', 'team member'],
			['GET', '/groups/:none', 'group'],
			['GET', '/roles/:none', 'role'],
			['GET', '/tokens/:none', 'token'],
			['DELETE', '/webhook-endpoints/:none', 'webhook endpoint'],
			['DELETE', '/webhook-subscriptions/:none', 'webhook subscription'],
		])('%s %s: no %s', async (method, pattern, noun) => {
			const sandbox = shared();
			const ids = idsOf(sandbox);
			const others: Readonly<Record<string, string | undefined>> = {
				...elsewhere(sandbox),
				none: 'none',
			};
			const named = (name: string, from: Readonly<Record<string, string | undefined>>): string => {
				const id = from[name];
				if (id === undefined) throw new Error(`The seed has no ${name} for this.`);
				return id;
			};
			const path = pattern
				.replace(/\{(\w+)\}/g, (_, name: string) => named(name, ids))
				.replace(/:(\w+)/g, (_, name: string) => named(name, others));
			const reply = await ask(sandbox, method, `/v1${path}`);
			expect([reply.status, reply.at('error.message')]).toEqual([
				404,
				`No ${noun} was found for this ID.`,
			]);
		});

		it('and a member of the team is the one that was asked for', async () => {
			const sandbox = shared();
			const { team, teamMember } = idsOf(sandbox);
			const reply = await ask(sandbox, 'GET', `/v1/teams/${team}/members/${teamMember}`);
			expect(reply.data['id']).toBe(teamMember);
		});
	});
});
