import { memberPass, type RouteEntry, route } from '@memberpass/catalogue';
import { type Effects, readList, type RetryPolicy, toWire } from '@memberpass/protocol';

import type { Sandbox, Switches } from '../src/index.ts';
import { standardSwitches } from '../src/switches.ts';
import { ask, populate, sandboxWith, useSandbox } from './support/sandbox.ts';

const policy: RetryPolicy = {
	maxTries: 1,
	timeoutMs: 5_000,
	firstWaitMs: 1,
	maxWaitMs: 1,
	maxRetryAfterMs: 1,
	deadlineMs: 10_000,
};

function effectsFor(sandbox: Sandbox): Effects {
	return {
		send: async (request) => {
			const response = await fetch(request.url, {
				method: request.method,
				headers: { ...request.headers, authorization: `Bearer ${sandbox.token}` },
			});
			return { status: response.status, headers: {}, body: await response.text() };
		},
		sleep: async () => undefined,
		now: () => 0,
		random: () => 0,
	};
}

/** Reads a list to its end with the code that both platforms use. */
function readAll(sandbox: Sandbox, entry: RouteEntry, values: Readonly<Record<string, unknown>>) {
	return readList(toWire(entry), values, effectsFor(sandbox), {
		request: { platform: memberPass, origin: sandbox.url },
		call: { platform: memberPass, policy },
		wanted: null,
	});
}

const account = useSandbox({ rateLimits: false });

/** The account of all the tests that only read, with these switches and no others. */
function shared(switches: Partial<Switches> = {}): Sandbox {
	Object.assign(account().switches, standardSwitches(), switches);
	return account();
}

describe('a list of 250 rows', () => {
	beforeAll(() => populate(account()));
	const membersOf = ({ seeded }: Sandbox): string => `/v1/projects/${seeded.project.id}/members`;

	it.each(['has_more', 'last_page', 'next_cursor'] as const)(
		'is read whole, each row once, under %s',
		async (paging) => {
			const sandbox = shared({ paging });
			const result = await readAll(sandbox, route('list_members'), {
				project: sandbox.seeded.project.id,
			});
			if (!result.ok) throw new Error(result.problem.message);
			expect(result.rows).toHaveLength(250);
			expect(new Set(result.rows.map((row) => row['id'])).size).toBe(250);
			expect(result.requests).toBe(3);
		},
	);

	it.each(['has_more', 'last_page', 'next_cursor'] as const)(
		'gives up its last row to a find-by search although filters are ignored, under %s',
		async (paging) => {
			const sandbox = shared({ paging, listFilters: 'ignored' });
			const result = await readAll(sandbox, route('find_subscriber_by_telegram_id'), {
				project: sandbox.seeded.project.id,
				telegram_id: '700100000',
			});
			if (!result.ok) throw new Error(result.problem.message);
			expect(result.rows.map((row) => row['chat_id'])).toEqual(['700100000']);
		},
	);

	it.each([
		['has_more', { page: 2, limit: 100, total: 250, has_more: true }],
		['last_page', { current_page: 2, last_page: 3, per_page: 100, total: 250 }],
	] as const)('says under %s: %j', async (paging, meta) => {
		const sandbox = shared({ paging });
		const path = `${membersOf(sandbox)}?page=2&per_page=100&limit=100`;
		expect((await ask(sandbox, 'GET', path)).at('meta')).toEqual(meta);
	});

	it('has 25 rows on a page that nobody sized, newest first', async () => {
		const sandbox = shared();
		const { rows } = await ask(sandbox, 'GET', membersOf(sandbox));
		const joined = rows.map((row) => String(row['joined_at']));
		expect(rows).toHaveLength(25);
		expect(joined).toEqual(joined.toSorted().toReversed());
	});

	it('goes on behind the row of a cursor, also where rows before it are gone', async () => {
		const sandbox = await sandboxWith({ switches: { paging: 'next_cursor' } });
		populate(sandbox);
		const path = `${membersOf(sandbox)}?per_page=10`;
		const all = (await ask(sandbox, 'GET', path.replace('10', '20'))).rows.map((row) => row['id']);
		const first = await ask(sandbox, 'GET', path);
		const cursor = String(first.at('meta.next_cursor'));
		const next = async () => (await ask(sandbox, 'GET', `${path}&cursor=${cursor}`)).rows;
		expect((await next()).map((row) => row['id'])).toEqual(all.slice(10));
		for (const { id } of first.rows.slice(0, 2)) sandbox.state.members.delete(String(id));
		expect((await next()).map((row) => row['id'])).toEqual(all.slice(10));
		const single = `${membersOf(sandbox)}?per_page=1`;
		const behind = String((await ask(sandbox, 'GET', single)).at('meta.next_cursor'));
		const { rows } = await ask(sandbox, 'GET', `${single}&cursor=${behind}`);
		expect(rows.map((row) => row['id'])).toEqual([all[3]]);
	});

	it('goes on with the next row although the last one that was seen is gone', async () => {
		const sandbox = await sandboxWith({ switches: { paging: 'next_cursor' } });
		populate(sandbox);
		const path = `${membersOf(sandbox)}?per_page=10`;
		const all = (await ask(sandbox, 'GET', path.replace('10', '20'))).rows.map((row) => row['id']);
		const first = await ask(sandbox, 'GET', path);
		sandbox.state.members.delete(String(first.rows.at(-1)?.['id']));
		const cursor = String(first.at('meta.next_cursor'));
		const second = await ask(sandbox, 'GET', `${path}&cursor=${cursor}`);
		expect(second.rows.map((row) => row['id']).slice(0, 9)).toEqual(all.slice(10, 19));
	});

	it.each([
		['has_more', 'meta.has_more', true, false],
		['next_cursor', 'meta.next_cursor', expect.any(String), null],
	] as const)(
		'ends with a page that is full to the last row: %s',
		async (paging, at, more, end) => {
			const sandbox = shared({ paging });
			const seen = async (size: number): Promise<unknown> =>
				(await ask(sandbox, 'GET', `/v1/projects?per_page=${size}`)).at(at);
			expect([await seen(2), await seen(3)]).toEqual([more, end]);
		},
	);

	it.each([
		['{', null],
		['{}', null],
		['[]', null],
		['[5,1]', null],
		['["prj_none"]', null],
		['["prj_none",1.5]', null],
		['["prj_none","1"]', null],
		['["prj_none",-5]', 3],
		['["prj_none",9007199254740991]', 0],
		['[null,1]', null],
	])(
		'a cursor of %s, as anybody may make one up, gives %j rows or is refused',
		async (text, count) => {
			const sandbox = shared({ paging: 'next_cursor' });
			const cursor = Buffer.from(text).toString('base64url');
			const reply = await ask(sandbox, 'GET', `/v1/projects?cursor=${cursor}`);
			expect(reply.status).toBe(count === null ? 422 : 200);
			expect(reply.rows).toHaveLength(count ?? 0);
		},
	);

	it('is empty behind its last page', async () => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', `${membersOf(sandbox)}?page=11`);
		expect([reply.rows, reply.at('meta.has_more')]).toEqual([[], false]);
	});
});

describe('lists of other kinds', () => {
	it('webhook endpoints come newest first, like every list', async () => {
		const sandbox = await sandboxWith();
		const url = 'https://hooks.example.com/memberpass';
		for (const name of ['First', 'Second', 'Third']) {
			const body = { name, url, events: ['plan.created'] };
			await ask(sandbox, 'POST', '/v1/webhook-endpoints', { body });
			await sandbox.advance(1000);
		}
		const { rows } = await ask(sandbox, 'GET', '/v1/webhook-endpoints');
		expect(rows.map((row) => [row['name'], row['is_active']])).toEqual([
			['Third', true],
			['Second', true],
			['First', true],
		]);
	});

	it('transactions are paged by cursor under every shape, as their page prints it', async () => {
		for (const paging of ['has_more', 'last_page', 'next_cursor'] as const) {
			const sandbox = shared({ paging });
			const project = sandbox.seeded.project.id;
			const path = `/v1/analytics/transactions?project_id=${project}&period=all&limit=20`;
			const first = await ask(sandbox, 'GET', path);
			expect(first.rows).toHaveLength(20);
			expect(first.at('meta')).toEqual({
				next_cursor: expect.any(String),
				project_id: project,
			});
			const result = await readAll(sandbox, route('list_transactions'), {
				project_id: project,
				period: 'all',
			});
			const total = [...sandbox.state.payments.values()].filter(
				(row) => row.project_id === project,
			);
			expect(result.ok && result.rows.length).toBe(total.length);
		}
	});

	it.each([
		['', 50],
		['&limit=2', 2],
		['&limit=', 50],
		['&cursor=', 50],
	])(
		'past events are the newest 50, or as many as asked, without a word on more: %j',
		async (query, count) => {
			const sandbox = shared();
			const fired = Array.from({ length: 60 }, () => sandbox.fire('member.kicked').id);
			const reply = await ask(sandbox, 'GET', `/v1/webhook-events?type=member.kicked${query}`);
			expect(reply.rows.map((row) => row['id'])).toEqual(fired.toReversed().slice(0, count));
			expect(reply.at('meta')).toBeUndefined();
		},
	);

	it('the activity of a row is the newest 50, with their number; of 10,000 lines the oldest goes', async () => {
		const sandbox = await sandboxWith();
		const { state, seeded } = sandbox;
		const path = `/v1/projects/${seeded.project.id}`;
		const rename = (name: string) => ask(sandbox, 'PATCH', path, { body: { name } });
		await rename('A fine name');
		const line = state.activity.at(-1);
		if (line === undefined) throw new Error('Nothing was written down.');
		state.activity.splice(0, Infinity, ...Array.from({ length: 10_000 }, () => ({ ...line })));
		await rename('A finer name');
		expect(state.activity).toHaveLength(10_000);
		const activity = `/v1/activity?subject_type=project&subject_id=${seeded.project.id}`;
		expect((await ask(sandbox, 'GET', `${activity}&limit=200`)).rows).toHaveLength(200);
		const list = await ask(sandbox, 'GET', activity);
		expect(list.rows).toHaveLength(50);
		expect(list.at('meta')).toMatchObject({ total: 10_000, limit: 50 });
	});

	it('a page that cannot be read is refused by lists that have pages, and by nothing else', async () => {
		const sandbox = shared();
		const { project } = sandbox.seeded;
		const statuses = [];
		for (const path of ['/v1/projects', `/v1/projects/${project.id}`, '/v1/teams/current']) {
			statuses.push((await ask(sandbox, 'GET', `${path}?page=x&cursor=!`)).status);
		}
		expect(statuses).toEqual([422, 200, 200]);
	});

	it('a page with more than one thing wrong is told all of them', async () => {
		const sandbox = await sandboxWith();
		const reply = await ask(sandbox, 'GET', '/v1/projects?per_page=many&limit=101&page=0&cursor=!');
		expect(reply.at('error.fields')).toEqual({
			per_page: ['The per_page field must be an integer.'],
			limit: ['The limit field must not be greater than 100.'],
			page: ['The page field must be at least 1.'],
			cursor: ['The cursor field format is invalid.'],
		});
	});

	it('small lists come whole, with their total only', async () => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', '/v1/roles?limit=1&page=2');
		expect([reply.rows.length, reply.at('meta')]).toEqual([3, { total: 3 }]);
	});

	it.each(['last_page', 'next_cursor'] as const)(
		'small lists are paged as the package expects, under %s',
		async (paging) => {
			const sandbox = shared({ paging });
			expect((await ask(sandbox, 'GET', '/v1/roles?limit=1')).rows).toHaveLength(1);
			const result = await readAll(sandbox, route('list_roles'), {});
			expect(result.ok && result.rows.length).toBe(3);
		},
	);

	it('the owner is the first of the team, without a role; the others come by joining', async () => {
		const sandbox = await sandboxWith();
		const path = `/v1/teams/${sandbox.seeded.team.id}/members`;
		const { rows } = await ask(sandbox, 'GET', path);
		expect(rows.map((row) => [row['is_owner'], row['role_id'] === null])).toEqual([
			[true, true],
			[false, false],
			[false, false],
		]);
		expect(String(rows[1]?.['joined_at']) < String(rows[2]?.['joined_at'])).toBe(true);
		sandbox.state.teamMembers.reverse();
		expect((await ask(sandbox, 'GET', path)).rows).toEqual(rows);
	});
});
