import { operation, platform } from '@memberpass/catalogue';
import nock from 'nock';

import { type LocalServer, serve } from '../../testing/src/local-server.ts';
import { type ClientOptions, HttpClient, isOfHost, type Time } from '../src/client.ts';
import type { Outcome } from '../src/types.ts';

/** Sockets are real here: the client is what sends. */
beforeAll(() => nock.restore());

const servers: LocalServer[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) await server.close();
});

/** A client of a server that gives these answers, and then the last of them again. */
async function clientOf(
	answers: readonly (readonly [number, object | string])[],
	more: Partial<Pick<ClientOptions, 'rate' | 'time'>> = {},
): Promise<HttpClient> {
	let asked = 0;
	const server = await serve((_, response) => {
		const [status, body] = answers[Math.min(asked++, answers.length - 1)] ?? [500, {}];
		response
			.writeHead(status, { 'content-type': 'application/json' })
			.end(typeof body === 'string' ? body : JSON.stringify(body));
	});
	servers.push(server);
	return new HttpClient({
		platform,
		origin: server.origin,
		token: 'mpt_test_1_x',
		rate: 1_000,
		signal: new AbortController().signal,
		time: standingStill(),
		...more,
	});
}

/** Time that only passes where somebody waits. */
function standingStill(waits: number[] = []): Time {
	let now = 0;
	return {
		now: () => now,
		pause: (ms) => {
			waits.push(ms);
			now += ms;
			return Promise.resolve();
		},
	};
}

/** The outcome of a list of these pages. */
async function outcomeOf(pages: readonly object[], maxPages: number): Promise<Outcome> {
	const client = await clientOf(pages.map((body) => [200, body]));
	return (await client.run(operation('list_plans'), { project: 'prj_1' }, { maxPages })).outcome;
}

const page = (ids: readonly string[], hasMore: boolean): object => ({
	data: ids.map((id) => ({ id })),
	meta: { has_more: hasMore },
});

it.each([
	[1, 2, false],
	[2, 4, false],
	[3, 6, true],
	[9, 6, true],
])(
	'of three pages, %i at most give %i rows: that they are all is said only where they are (%p)',
	async (maxPages, count, whole) => {
		const pages = [page(['a', 'b'], true), page(['c', 'd'], true), page(['e', 'f'], false)];
		const outcome = await outcomeOf(pages, maxPages);
		expect(outcome).toEqual({ ok: true, rows: expect.any(Array), whole });
		expect(outcome.ok && outcome.rows.length).toBe(count);
	},
);

it('a list that breaks off is a problem, not a shorter list', async () => {
	const outcome = await outcomeOf([page(['a', 'b'], true)], 9);
	expect(outcome).toMatchObject({ ok: false, problem: { kind: 'incomplete' } });
});

it('a recording shows the answer that counts; those before it, which asked to wait or failed, are kept apart', async () => {
	const client = await clientOf([
		[503, {}],
		[503, {}],
		[200, { data: { id: 'prj_1' } }],
	]);
	const { exchanges } = await client.run(operation('get_project'), { project: 'prj_1' });
	expect(exchanges.map(({ status }) => status)).toEqual([200]);
	expect(client.retried.map(({ status }) => status)).toEqual([503, 503]);
	expect(client.sent).toBe(3);
});

it('an answer behind a byte order mark is what it is without', async () => {
	const client = await clientOf([[200, '\uFEFF{"data":{"id":"prj_1"}}']]);
	const { exchanges, outcome } = await client.run(operation('get_project'), { project: 'prj_1' });
	expect(exchanges.map(({ body }) => body)).toEqual(['{"data":{"id":"prj_1"}}']);
	expect(outcome).toEqual({ ok: true, rows: [{ id: 'prj_1' }], whole: true });
});

it.each([
	['object', '{"a":', '}'],
	['list', '[', ']'],
])('an answer that is nested without end is none: %s', async (_, open, close) => {
	const deep = `${open.repeat(20_000)}1${close.repeat(20_000)}`;
	const client = await clientOf([[200, `{"data":{"id":"prj_1","x":${deep}}}`]]);
	const { exchanges, outcome } = await client.run(operation('get_project'), { project: 'prj_1' });
	expect(exchanges).toEqual([]);
	expect(outcome).toMatchObject({ ok: false, problem: { kind: 'unexpected' } });
});

it('requests go out at the rate that was asked for, and no faster after a pause', async () => {
	const waits: number[] = [];
	const time = standingStill(waits);
	const client = await clientOf([[200, { data: { id: 'prj_1' } }]], { rate: 4, time });
	const ask = async (): Promise<unknown> =>
		await client.run(operation('get_project'), { project: 'prj_1' });
	await ask();
	await ask();
	await ask();
	expect(waits).toEqual([250, 250]);
	await time.pause(10_000, new AbortController().signal);
	await ask();
	await ask();
	expect(waits).toEqual([250, 250, 10_000, 250]);
});

it.each([
	['network', true],
	['timeout', true],
	['server', true],
	['rate_limited', true],
	['unexpected', true],
	['unreadable', true],
	['unauthenticated', false],
	['forbidden', false],
	['not_found', false],
	['conflict', false],
	['invalid', false],
	['refused', false],
	['incomplete', false],
] as const)('a problem that is "%s" is of the host: %s', (kind, expected) => {
	expect(isOfHost(kind)).toBe(expected);
});
