import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

import { platform } from '@memberpass/catalogue';
import {
	type ApiProblem,
	type InputValues,
	type JsonObject,
	signBody,
	unreadableProblem,
} from '@memberpass/protocol';
import nock from 'nock';

import type { Client } from '../src/client.ts';
import { eventOf, type Receiver, recordDeliveries, startReceiver } from '../src/deliveries.ts';

/** Sockets are real here: whoever sends to a receiver is another program. */
beforeAll(() => nock.restore());

const now = Date.parse('2026-11-27T12:00:00Z');
const secret = 'mps_example_of_a_test';
const event = JSON.stringify({
	id: 'evt_01JV9K3PZM4T8QX6WBNRH2C5DJ',
	type: 'plan.created',
	created_at: '2026-11-27T12:00:00Z',
	api_version: '2026-05-01',
	project_id: null,
	data: {},
});

const receivers: Receiver[] = [];
const servers: Server[] = [];
afterEach(async () => {
	for (const receiver of receivers.splice(0)) await receiver.close();
	for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function receiverAt(tunnel = 'http://127.0.0.1:0', port = 0): Promise<Receiver> {
	const receiver = await startReceiver(new URL(tunnel), port, platform, { now: () => now });
	receivers.push(receiver);
	receiver.secrets.push(secret);
	return receiver;
}

interface Sent {
	readonly url?: string;
	readonly method?: string;
	readonly body?: string;
	/** Null sends none. */
	readonly signature?: string | null;
}

async function send(receiver: Receiver, sent: Sent = {}): Promise<number> {
	const { url = receiver.url, method = 'POST', body = event } = sent;
	const signed = signBody(Buffer.from(body), secret, now / 1000, null);
	const { signature = signed } = sent;
	const response = await fetch(url, {
		method,
		...(method === 'GET' ? {} : { body }),
		headers: signature === null ? {} : { [platform.headers.signature]: signature },
	});
	await response.text();
	return response.status;
}

describe('a receiver keeps what the secret of the endpoint signed, and nothing else', () => {
	it('a delivery, byte for byte', async () => {
		const receiver = await receiverAt();
		expect(await send(receiver)).toBe(200);
		expect(receiver.deliveries.map(({ body }) => body)).toEqual([event]);
		expect(receiver.refused).toBe(0);
	});

	it('a delivery behind a byte order mark, which is no reason to lose the recording', async () => {
		const receiver = await receiverAt();
		expect(await send(receiver, { body: `\uFEFF${event}` })).toBe(200);
		expect(receiver.deliveries.map(eventOf)).toEqual([JSON.parse(event)]);
	});

	const old = now / 1000 - 301;
	it.each<readonly [string, Sent]>([
		['no signature', { signature: null }],
		[
			'the signature of another secret',
			{ signature: signBody(Buffer.from(event), 'other', now / 1000, null) },
		],
		[
			'the signature of another body',
			{ signature: signBody(Buffer.from('{}'), secret, now / 1000, null) },
		],
		[
			'a signature of five minutes ago',
			{ signature: signBody(Buffer.from(event), secret, old, null) },
		],
		['signed JSON that is no event', { body: '{"hello":"world"}' }],
		['signed text', { body: 'hello' }],
		[
			'what is nested without end, signed',
			{ body: event.replace('{}', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`) },
		],
		['nothing, signed', { body: '' }],
	])('%s: 401, so that MemberPass tries again', async (_name, sent) => {
		const receiver = await receiverAt();
		expect(await send(receiver, sent)).toBe(401);
		expect([receiver.deliveries, receiver.refused]).toEqual([[], 1]);
	});

	it('a delivery that comes before the secret is known is refused until it is', async () => {
		const receiver = await receiverAt();
		receiver.secrets.length = 0;
		expect(await send(receiver)).toBe(401);
		receiver.secrets.push(secret);
		expect(await send(receiver)).toBe(200);
	});

	it('another path or another method: 404', async () => {
		const receiver = await receiverAt();
		const { origin, pathname } = new URL(receiver.url);
		const others = ['/', '/recorder-', `${pathname}x`, `${pathname}/x`];
		const statuses = [];
		for (const path of others) statuses.push(await send(receiver, { url: origin + path }));
		statuses.push(await send(receiver, { method: 'GET' }), await send(receiver, { method: 'PUT' }));
		expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
		expect([receiver.deliveries, receiver.refused]).toEqual([[], 0]);
	});

	it('more than a megabyte: 404, and what fits is kept', async () => {
		const receiver = await receiverAt();
		const filled = (bytes: number): string => event + ' '.repeat(bytes - event.length);
		expect(await send(receiver, { body: filled(1024 * 1024 + 1) })).toBe(404);
		expect(receiver.deliveries).toEqual([]);
		expect(await send(receiver, { body: filled(1024 * 1024) })).toBe(200);
	});
});

describe('the address of a receiver', () => {
	it('cannot be guessed, and is below that of the tunnel, which may cut its own part off', async () => {
		const [one, two] = [await receiverAt('http://127.0.0.1:0/tunnel/'), await receiverAt()];
		const { origin, pathname } = new URL(one.url);
		expect(pathname).toMatch(/^\/tunnel\/recorder-[0-9a-f]{24}$/);
		expect(new URL(two.url).pathname).toMatch(/^\/recorder-[0-9a-f]{24}$/);
		expect(new URL(two.url).pathname).not.toBe(pathname.slice('/tunnel'.length));
		const short = origin + pathname.slice('/tunnel'.length);
		expect(await send(one, { url: `${short}?x=1` })).toBe(200);
	});

	it('is of this machine only', async () => {
		const receiver = await receiverAt();
		// Whoever listens on every address listens on this one, too.
		const socket = connect(Number(new URL(receiver.url).port), '127.0.0.2');
		const reached = await new Promise<boolean>((resolve) => {
			socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		});
		socket.destroy();
		expect(reached).toBe(false);
	});

	it('that is taken is told with what to do', async () => {
		const server = createServer();
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await expect(receiverAt('https://tunnel.example.com', port)).rejects.toThrow(
			`Port ${port} is taken. Choose another with --listen.`,
		);
	});

	it('is let go although somebody holds a line open', async () => {
		const receiver = await receiverAt();
		const socket = connect(Number(new URL(receiver.url).port), '127.0.0.1');
		const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
		socket.on('error', () => undefined);
		await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
		socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n');
		await receiver.close();
		receivers.length = 0;
		await closed;
		expect(socket.destroyed).toBe(true);
	});
});

describe('an endpoint that is made for a receiver', () => {
	type Rows = readonly JsonObject[];
	type Answer = Rows | Partial<ApiProblem>;
	const problem = (change: Partial<ApiProblem>): ApiProblem => ({
		...unreadableProblem(500, platform),
		...change,
	});

	/** An account with one endpoint of somebody else, whose calls are answered as told, else with success. */
	function account(answers: Readonly<Record<string, (calls: number) => Answer | null>> = {}) {
		const calls: string[] = [];
		const bodies: InputValues[] = [];
		const pages: number[] = [];
		const run: Client['run'] = (entry, input, more = {}) => {
			const id = input['endpoint'];
			calls.push(typeof id === 'string' ? `${entry.key} ${id}` : entry.key);
			bodies.push(input);
			if (more.maxPages !== undefined) pages.push(more.maxPages);
			const count = calls.filter((call) => call.split(' ')[0] === entry.key).length;
			const made = entry.key.startsWith('create_webhook');
			const answer =
				answers[entry.key]?.(count) ??
				(made
					? [
							{
								id: `${entry.key.endsWith('endpoint') ? 'whe' : 'whs'}_${count}`,
								secret: `mps_${count}`,
							},
						]
					: []);
			return Promise.resolve({
				entry,
				name: more.name ?? 'success',
				input,
				exchanges: [],
				keep: true,
				outcome: Array.isArray(answer)
					? { ok: true, rows: answer as Rows, whole: true }
					: { ok: false, problem: problem(answer as Partial<ApiProblem>) },
			});
		};
		return { calls, bodies, pages, client: { run, sent: 0, retried: [] } };
	}

	async function recordWith(
		answers: Readonly<Record<string, (calls: number) => Answer | null>> = {},
		cleanup: Readonly<Record<string, (url: string) => Answer>> = {},
		change: {
			readonly signal?: AbortSignal;
			readonly pause?: (receiver: Receiver) => Promise<void>;
		} = {},
	) {
		const receiver = await receiverAt();
		const observed: (readonly string[])[] = [];
		const doing = account(answers);
		const cleaning = account(
			Object.fromEntries(
				Object.entries(cleanup).map(([key, answer]) => [key, () => answer(receiver.url)]),
			),
		);
		const result = recordDeliveries({
			client: doing.client,
			cleaner: cleaning.client,
			receiver,
			signal: change.signal ?? new AbortController().signal,
			time: { now: () => now, pause: () => change.pause?.(receiver) ?? Promise.resolve() },
			waitMs: 300,
			projectId: null,
			onAttempt: () => undefined,
			onNote: () => undefined,
			observe: (...one) => observed.push(one),
			meanwhile: () => Promise.resolve(),
		});
		const ended = await result.then(
			({ gaps }) => ({ gaps, error: '' }),
			(error: unknown) => ({ gaps: [], error: String(error) }),
		);
		return { ...ended, doing, cleaning, receiver, observed };
	}

	const whyNothing = (gaps: readonly { readonly subject: string; readonly reason: string }[]) =>
		gaps.find(({ subject }) => subject === 'test delivery')?.reason;

	it('that nothing reaches is told, and how it may be found out', async () => {
		const { gaps } = await recordWith();
		expect(whyNothing(gaps)).toBe(
			'nothing came: check that the tunnel leads to the port of --listen',
		);
	});

	it('that only others reach is told so', async () => {
		const pause = async (receiver: Receiver): Promise<void> => {
			await send(receiver, { signature: null });
		};
		const { gaps } = await recordWith({}, {}, { pause });
		expect(whyNothing(gaps)).toBe('1 came whose signature does not verify');
	});

	it('that a delivery reaches has no such gap', async () => {
		const pause = async (receiver: Receiver): Promise<void> => {
			await send(receiver);
		};
		expect(whyNothing((await recordWith({}, {}, { pause })).gaps)).toBeUndefined();
	});

	it('is left alone and removed when the user stops it', async () => {
		const controller = new AbortController();
		const { error, doing, cleaning } = await recordWith(
			{},
			{ list_webhook_endpoints: (url) => [{ id: 'whe_1', url }] },
			{
				signal: controller.signal,
				pause: () => {
					controller.abort();
					return Promise.resolve();
				},
			},
		);
		expect(error).toContain('Interrupted');
		expect(doing.calls).not.toContain('rotate_webhook_secret whe_1');
		expect(cleaning.calls).toEqual(['list_webhook_endpoints', 'delete_webhook_endpoint whe_1']);
	});

	it('does without the events that the token may not have, and names them', async () => {
		const { gaps, doing } = await recordWith({
			create_webhook_endpoint: (calls) =>
				calls === 1 ? { kind: 'forbidden', missingAbility: 'project-user:view-any' } : null,
		});
		expect(gaps[0]).toEqual({
			subject: 'events that need project-user:view-any',
			reason: 'the token lacks it',
		});
		const [all, fewer] = doing.bodies.map(({ events }) => events as readonly string[]);
		expect(all).toContain('member.joined');
		expect(fewer).not.toContain('member.joined');
		expect(fewer).toContain('subscription.created');
	});

	it.each([
		['that no event needs', { missingAbility: 'fly:high' }],
		['that it is not told', { missingAbility: null }],
	])('is given up where the token lacks an ability %s', async (_name, refusal) => {
		const { error, doing } = await recordWith({
			create_webhook_endpoint: () => ({ ...refusal, message: 'Not you.' }),
		});
		expect(error).toContain('The webhook endpoint could not be made: Not you.');
		expect(doing.calls).toEqual(['create_webhook_endpoint']);
	});

	it.each([
		['secret', { id: 'whe_1' }],
		['id', { secret: 'mps_1' }],
	])('is removed where its answer has no %s', async (_missing, row) => {
		const { error, cleaning } = await recordWith(
			{ create_webhook_endpoint: () => [row] },
			{
				list_webhook_endpoints: (url) => [
					{ id: 'whe_other', url: 'https://example.com/' },
					{ id: 'whe_1', url },
				],
			},
		);
		expect(error).toContain('has no id or no secret');
		expect(cleaning.calls).toEqual(['list_webhook_endpoints', 'delete_webhook_endpoint whe_1']);
	});

	it.each<[string, Answer]>([
		['shows another address', [{ id: 'whe_1', url: 'https://elsewhere.example.com/' }]],
		['does not show it', [{ id: 'whe_other' }]],
		['is not there', { kind: 'server' }],
	])('that could not be removed is removed by its id where the list %s', async (_list, answer) => {
		const fails = (): Answer => ({ kind: 'server' });
		const { cleaning, error } = await recordWith(
			{ delete_webhook_endpoint: fails, delete_webhook_subscription: fails },
			{ list_webhook_endpoints: () => answer },
		);
		expect(cleaning.calls).toEqual([
			'list_webhook_endpoints',
			'delete_webhook_endpoint whe_1',
			'delete_webhook_endpoint whs_1',
		]);
		expect(error).toBe('');
	});

	it('that may be there although no answer said so is named by its address where there is no list', async () => {
		const { error, receiver } = await recordWith(
			{ create_webhook_endpoint: () => ({ kind: 'timeout' }) },
			{ list_webhook_endpoints: () => ({ kind: 'server' }) },
		);
		expect(error).toBe(
			`Trouble: These webhook endpoints could not be removed, please remove them by hand: any with the address ${receiver.url}.`,
		);
	});

	it('that was refused is not looked for by hand', async () => {
		const { error } = await recordWith(
			{ create_webhook_endpoint: () => ({ kind: 'forbidden', message: 'Not you.' }) },
			{ list_webhook_endpoints: () => ({ kind: 'forbidden' }) },
		);
		expect(error).toBe('Trouble: The webhook endpoint could not be made: Not you.');
	});

	it('is looked for in the whole list', async () => {
		const { cleaning } = await recordWith();
		expect(cleaning.pages).toEqual([50]);
	});

	it('of another run is left alone and named: that run may be going on', async () => {
		const name = 'Recorder, removed when it is done';
		const { cleaning, observed } = await recordWith(
			{},
			{
				list_webhook_endpoints: (url) => [
					{ id: 'whe_1', name, url },
					{ id: 'whe_8', name, url: 'https://elsewhere.example.com/a' },
					{ id: 'whe_9', name, url: 'https://elsewhere.example.com/b' },
					{ id: 'whe_other', name: 'Ours' },
				],
			},
		);
		expect(cleaning.calls).toEqual(['list_webhook_endpoints', 'delete_webhook_endpoint whe_1']);
		expect(observed).toEqual([
			[
				'clean-up',
				'2 × webhook endpoint "Recorder, removed when it is done"',
				'left behind by another run: if none is going on, remove it by hand',
			],
		]);
	});

	it.each([
		['not_found', ''],
		[
			'server',
			'Trouble: These webhook endpoints could not be removed, please remove them by hand: whe_1.',
		],
	] as const)('whose removal ends with %s: %j', async (kind, said) => {
		const { error } = await recordWith(
			{},
			{
				list_webhook_endpoints: (url) => [{ id: 'whe_1', url }],
				delete_webhook_endpoint: () => ({ kind }),
			},
		);
		expect(error).toBe(said);
	});
});
