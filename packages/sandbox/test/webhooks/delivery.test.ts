import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { until, useCleanups } from '../../../../shared/testing/src/in-tests.ts';
import { day } from '../../src/time.ts';
import { Lane } from '../../src/webhooks/engine-lane.ts';
import { sandboxWith } from '../support/sandbox.ts';
import { type Answer, bench, newest, outcomes, receive, verdict } from './support.ts';

const cleanup = useCleanups();

/** What answers in other ways than HTTP. Its port; it is closed after the test. */
async function listen(answer: (socket: Socket) => void): Promise<number> {
	const server = createServer((socket) => {
		socket.on('error', () => undefined);
		answer(socket);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	cleanup(() => server.close());
	return (server.address() as AddressInfo).port;
}

describe('a delivery', () => {
	it('is a POST of the envelope, and of nothing else', async () => {
		const receiver = await receive();
		const { add, emit } = bench();
		add(receiver.url);
		await emit();
		const { method, path, body } = newest(receiver.arrivals);
		expect([method, path]).toEqual(['POST', '/hook']);
		expect(body.toString()).toBe(
			'{"id":"evt_001","type":"subscription.created","created_at":"2026-06-01T09:00:00Z","api_version":"2026-05-01","project_id":"prj_1","data":{"subscription_id":"sub_1","note":"Zoë"}}',
		);
	});

	it('comes on a connection of its own', async () => {
		const ports: unknown[] = [];
		const receiver = await receive((response) => {
			ports.push(response.socket?.remotePort);
			response.end();
		});
		const { add, emit } = bench();
		add(receiver.url);
		await emit();
		await emit();
		expect(new Set(ports).size).toBe(2);
	});

	it('carries the documented headers', async () => {
		const receiver = await receive();
		const { add, emit } = bench();
		const { secret } = add(receiver.url);
		await emit();
		const { headers, body } = newest(receiver.arrivals);
		// 2026-06-01T09:00:00Z in Unix seconds; the digest by Node's own HMAC.
		const digest = createHmac('sha256', secret).update('1780304400.').update(body).digest('hex');
		expect(headers).toMatchObject({
			'content-type': 'application/json',
			'user-agent': 'MemberPass-Webhooks/1.0',
			'mp-signature': `t=1780304400,v1=${digest}`,
			'mp-event-id': 'evt_001',
			'mp-event-name': 'subscription.created',
			'content-length': String(body.length),
		});
	});

	it('is accepted by the holder of the secret and by nobody else', async () => {
		const receiver = await receive();
		const { add, emit, clock } = bench();
		const { secret } = add(receiver.url);
		await emit();
		const arrival = newest(receiver.arrivals);
		expect(verdict(arrival, clock.now(), secret)).toBe('ok');
		expect(verdict(arrival, clock.now(), 'another')).toBe('mismatch');
	});

	it('is dated by the time of the machine unless told otherwise, because the receiver lives there', async () => {
		const receiver = await receive();
		const { add, emit } = bench({ signatureNow: () => Date.now() });
		const { secret } = add(receiver.url);
		await emit();
		expect(verdict(newest(receiver.arrivals), Date.now(), secret)).toBe('ok');
	});

	it.each([
		['with_prefix', 'evt_001'],
		['without_prefix', '001'],
	] as const)('names its event in the header %s', async (eventIdHeader, expected) => {
		const receiver = await receive();
		const { add, emit } = bench({ switches: { eventIdHeader } });
		add(receiver.url);
		await emit();
		expect(receiver.ids()).toEqual([expected]);
		expect(newest(receiver.arrivals).body.toString()).toContain('"id":"evt_001"');
	});

	it.each([
		['event', 1],
		['delivery', 2],
	] as const)('has an id per %s', async (eventIdPer, different) => {
		const [one, two] = [await receive(500), await receive()];
		const { add, emit, clock } = bench({ switches: { eventIdPer } });
		add(one.url);
		add(two.url);
		await emit();
		await clock.advance(10_000);
		expect(one.arrivals).toHaveLength(2);
		// A retry keeps the id under both.
		expect(new Set([...one.ids(), ...two.ids()]).size).toBe(different);
	});

	it.each<readonly [string, Answer, 'delivered' | 'failed', string | number]>([
		['200', 200, 'delivered', 200],
		['201', 201, 'delivered', 201],
		['204', 204, 'delivered', 204],
		['299', 299, 'delivered', 299],
		['300', 300, 'failed', 300],
		['301 without a place to go', 301, 'failed', 301],
		['304', 304, 'failed', 304],
		['400', 400, 'failed', 400],
		['410, which is not documented as special', 410, 'failed', 410],
		['500', 500, 'failed', 500],
		[
			'a connection that is closed without an answer',
			(response) => response.destroy(),
			'failed',
			'The receiver closed the connection without an answer.',
		],
		[
			'an answer that breaks off',
			(response) => {
				response.writeHead(200, { 'Content-Length': '100' });
				response.write('half', () => response.destroy());
			},
			'failed',
			'The receiver hung up in the middle of its answer.',
		],
	])('answered with %s counts as it should', async (_name, answer, status, outcome) => {
		const receiver = await receive(answer);
		const { add, emit, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		expect(last(id).status).toBe(status);
		expect(outcomes(last(id).attempts)).toEqual([outcome]);
	});

	it('does not follow a redirect', async () => {
		const target = await receive();
		const receiver = await receive((response) => {
			response.writeHead(307, { Location: target.url });
			response.end();
		});
		const { add, emit, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		expect(last(id).status).toBe('failed');
		expect(last(id).attempts[0]?.response).toMatchObject({
			status: 307,
			headers: { location: target.url },
		});
		expect(target.arrivals).toEqual([]);
	});

	it('fails where nothing listens', async () => {
		const gone = createServer().listen(0, '127.0.0.1');
		await once(gone, 'listening');
		const { port } = gone.address() as AddressInfo;
		await new Promise((resolve) => gone.close(resolve));
		const { add, emit, last } = bench();
		const { id } = add(`http://127.0.0.1:${port}/`);
		await emit();
		expect(outcomes(last(id).attempts)).toEqual(['Nothing listens at this address.']);
	});

	it('fails where the answer is not HTTP', async () => {
		const port = await listen((socket) => {
			socket.once('data', () => socket.end('hello\r\n\r\n'));
		});
		const { add, emit, last } = bench();
		const { id } = add(`http://127.0.0.1:${port}/`);
		await emit();
		expect(outcomes(last(id).attempts)).toEqual(['The answer is not HTTP.']);
	});

	it('speaks TLS to an https address, and sends nothing where that fails', async () => {
		const heard: Buffer[] = [];
		const port = await listen((socket) => {
			socket.once('data', (bytes) => {
				heard.push(bytes);
				socket.end('hello');
			});
		});
		const { add, emit, last } = bench();
		const { id } = add(`https://127.0.0.1:${port}/`);
		await emit();
		expect(last(id).status).toBe('failed');
		// 22 is a handshake of TLS (RFC 8446, 5.1).
		expect(heard.map((bytes) => bytes[0])).toEqual([22]);
	});

	it('fails where the answer is a change of protocol, which nobody asked for', async () => {
		let hungUp = false;
		const port = await listen((socket) => {
			socket.on('close', () => (hungUp = true));
			socket.on('data', () => {
				socket.write(
					'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
				);
			});
		});
		const { add, emit, last } = bench();
		const { id } = add(`http://127.0.0.1:${port}/`);
		await emit();
		await until(() => hungUp);
		expect(last(id)).toMatchObject({
			status: 'failed',
			attempts: [{ response: { status: 101, body: '' } }],
		});
	});

	it.each<readonly [string, Answer]>([
		['never answers', () => undefined],
		[
			'starts an answer and never ends it',
			(response) => {
				response.writeHead(200);
				response.write('…');
			},
		],
	])('gives up on a receiver that %s', async (_name, answer) => {
		const receiver = await receive(answer);
		const { add, emit, last } = bench({ timeoutMs: 60 });
		const { id } = add(receiver.url);
		await emit();
		expect(last(id).status).toBe('failed');
		expect(outcomes(last(id).attempts)).toEqual(['No answer within 0.06 seconds.']);
	});

	it('waits for a receiver that is slow but in time', async () => {
		const receiver = await receive((response) => void setTimeout(() => response.end(), 40));
		const { add, emit, last } = bench({ timeoutMs: 5_000 });
		const { id } = add(receiver.url);
		await emit();
		expect(last(id).status).toBe('delivered');
		expect(last(id).attempts[0]?.durationMs).toBeGreaterThanOrEqual(35);
		expect(last(id).attempts[0]?.durationMs).toBeLessThan(5_000);
	});

	it('has ten seconds by default', async () => {
		const receiver = await receive(() => undefined);
		const { add, engine, emit, last } = bench();
		const { id } = add(receiver.url);
		jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
		try {
			const sent = emit();
			while (receiver.arrivals.length === 0) await new Promise((resolve) => setImmediate(resolve));
			jest.advanceTimersByTime(9_999);
			await new Promise((resolve) => setImmediate(resolve));
			expect(last(id).status).toBe('pending');
			jest.advanceTimersByTime(1);
			await sent;
		} finally {
			jest.useRealTimers();
		}
		await engine.settle();
		expect(outcomes(last(id).attempts)).toEqual(['No answer within 10 seconds.']);
	});

	it('gives up after another time where the sandbox is started with one', async () => {
		const receiver = await receive(() => undefined);
		const sandbox = await sandboxWith({ deliveryTimeoutMs: 60 });
		sandbox.engine.addEndpoint({
			name: 'Silent',
			url: receiver.url,
			events: ['plan.created'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
		});
		sandbox.fire('plan.created');
		await sandbox.engine.settle();
		const { attempts } = newest(sandbox.engine.listDeliveries());
		expect(outcomes(attempts)).toEqual(['No answer within 0.06 seconds.']);
	});
});

describe('the log of a delivery', () => {
	it('keeps what was sent and what came back', async () => {
		const receiver = await receive((response) => {
			response.writeHead(422, { 'X-Reason': 'because' });
			response.end('{"no":true}');
		});
		const { add, emit, last } = bench();
		const { id } = add(receiver.url);
		// What happened earlier is delivered now.
		await emit({ created_at: '2026-05-31T09:00:00Z' });
		const { attempts, ...rest } = last(id);
		expect(rest).toMatchObject({
			endpointId: id,
			status: 'failed',
			createdAt: '2026-06-01T09:00:00Z',
			nextAttemptAt: '2026-06-01T09:00:10Z',
			teamId: 'tem_1',
			event: { id: 'evt_001' },
		});
		expect(attempts).toEqual([
			{
				number: 1,
				at: '2026-06-01T09:00:00Z',
				request: {
					url: receiver.url,
					headers: {
						'Content-Type': 'application/json',
						'User-Agent': 'MemberPass-Webhooks/1.0',
						'MP-Signature': newest(receiver.arrivals).headers['mp-signature'],
						'MP-Event-Id': 'evt_001',
						'MP-Event-Name': 'subscription.created',
					},
					body: newest(receiver.arrivals).body.toString(),
				},
				response: {
					status: 422,
					headers: expect.objectContaining({ 'x-reason': 'because' }),
					body: '{"no":true}',
				},
				error: null,
				durationMs: expect.any(Number),
			},
		]);
	});

	it.each([
		['4,096 bytes', 'x'.repeat(4_096), 'x'.repeat(4_096)],
		['more', 'x'.repeat(4_097), 'x'.repeat(4_096)],
		['a character across the limit', `${'x'.repeat(4_095)}é`, 'x'.repeat(4_095)],
		['a broken character at the end', Buffer.from('x\xc3', 'latin1'), 'x\ufffd'],
		[
			'a broken character at the limit',
			Buffer.from(`${'x'.repeat(4_095)}\xc3`, 'latin1'),
			`${'x'.repeat(4_095)}\ufffd`,
		],
		['200 KB in several pieces', 'ab'.repeat(100_000), 'ab'.repeat(2_048)],
	])('keeps the first 4 KB of an answer: %s', async (_name, sent, kept) => {
		const receiver = await receive((response) => response.end(sent));
		const { add, emit, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		expect(last(id).attempts[0]?.response?.body).toBe(kept);
	});

	it('stops reading an answer that never ends, and hangs up', async () => {
		let hungUp = false;
		const receiver = await receive((response) => {
			response.on('close', () => (hungUp = true));
			const more = (): void => {
				while (!response.destroyed && response.write('y'.repeat(65_536)));
				if (!response.destroyed) response.once('drain', more);
			};
			more();
		});
		const { add, emit, last } = bench({ timeoutMs: 5_000 });
		const { id } = add(receiver.url);
		await emit();
		expect(last(id).status).toBe('delivered');
		expect(last(id).attempts[0]?.response?.body).toHaveLength(4_096);
		await until(() => hungUp);
	});

	it('is bounded to 5,000 where nobody says otherwise, as the events are', async () => {
		const { emit, engine } = bench();
		for (let count = 0; count < 5_001; count++) await emit();
		expect(engine.recentEvents()).toHaveLength(5_000);
		expect(engine.recentEvents().at(-1)?.id).toBe('evt_002');
	});

	it('is bounded: the oldest finished deliveries and the oldest events go first', async () => {
		const receiver = await receive();
		const { add, emit, engine } = bench({ keep: 3 });
		const failing = await receive(500);
		const kept = add(failing.url, { events: ['team.updated'] });
		add(receiver.url);
		await emit({ type: 'team.updated' });
		for (let count = 0; count < 5; count++) await emit();
		// The failed one waits for its retry and is the oldest; it stays.
		expect(engine.listDeliveries().map(({ event }) => event.id)).toEqual([
			'evt_006',
			'evt_005',
			'evt_001',
		]);
		expect(engine.listDeliveries({ endpointId: kept.id })).toHaveLength(1);
		expect(engine.recentEvents().map(({ id }) => id)).toEqual(['evt_006', 'evt_005', 'evt_004']);
	});

	it.each([
		['died', 'http://127.0.0.1:9/', 'dead'],
		['are held, because their address is elsewhere', 'https://hooks.example.com/', 'failed'],
	])('forgets the oldest of those that %s, too', async (_name, url, status) => {
		const { add, emit, engine, clock } = bench({
			keep: 2,
			send: () => Promise.reject(new Error('Nobody is there.')),
		});
		const { id } = add(url);
		for (let count = 0; count < 3; count++) {
			await emit();
			await clock.advance(4 * day);
		}
		expect(
			engine.listDeliveries({ endpointId: id }).map((row) => [row.event.id, row.status]),
		).toEqual([
			['evt_003', status],
			['evt_002', status],
		]);
	});

	it('forgets the oldest of what waits for an endpoint that is off, so that it does not grow', async () => {
		const receiver = await receive();
		const { add, emit, engine } = bench({ keep: 2, switches: { whileDisabled: 'queue' } });
		const { id } = add(receiver.url, { isActive: false });
		for (let count = 0; count < 4; count++) await emit();
		engine.updateEndpoint(id, { is_active: true });
		await engine.settle();
		expect(receiver.ids()).toEqual(['evt_003', 'evt_004']);
	});
});

describe('endpoints', () => {
	it('do not wait for each other', async () => {
		const [stuck, healthy] = [await receive(() => undefined), await receive()];
		const { add, engine, emit } = bench({ timeoutMs: 60_000 });
		add(stuck.url);
		add(healthy.url);
		void emit();
		void emit();
		await until(() => healthy.arrivals.length === 2);
		expect(healthy.ids()).toEqual(['evt_001', 'evt_002']);
		await engine.close();
	});

	it('that answer get events in the order they happened', async () => {
		const receiver = await receive();
		const { add, engine, emit } = bench();
		add(receiver.url);
		for (let count = 0; count < 40; count++) void emit();
		await engine.settle();
		expect(receiver.ids()).toEqual(
			Array.from({ length: 40 }, (_, index) => `evt_${String(index + 1).padStart(3, '0')}`),
		);
	});

	it('that answer get one delivery at a time', async () => {
		let open = 0;
		let most = 0;
		const receiver = await receive((response) => {
			most = Math.max(most, ++open);
			setTimeout(() => {
				open--;
				response.end();
			}, 10);
		});
		const { add, engine, emit } = bench();
		add(receiver.url);
		for (let count = 0; count < 5; count++) void emit();
		await engine.settle();
		expect([receiver.arrivals.length, most]).toEqual([5, 1]);
	});

	it('that stall do not hold up what comes after for long', async () => {
		const receiver = await receive(() => undefined);
		const { add, engine, emit } = bench({ timeoutMs: 60_000 });
		add(receiver.url);
		for (let count = 0; count < 3; count++) void emit();
		await until(() => receiver.arrivals.length === 3);
		expect(receiver.ids()).toEqual(['evt_001', 'evt_002', 'evt_003']);
		await engine.close();
	});

	describe('and never answer', () => {
		beforeEach(() => jest.useFakeTimers());
		afterEach(() => jest.useRealTimers());

		/** A lane, and when each of its jobs began; none of them ends. */
		function stuck(): { readonly add: (name: string) => void; readonly began: readonly string[] } {
			const lane = new Lane();
			const began: string[] = [];
			const start = Date.now();
			const job = (name: string) => (): Promise<void> => {
				began.push(`${name} after ${Date.now() - start} ms`);
				return new Promise(() => undefined);
			};
			return { add: (name) => void lane.run(job(name)), began };
		}

		it('get one more each quarter of a second, whenever it was emitted', () => {
			const { add, began } = stuck();
			add('a');
			add('b');
			jest.advanceTimersByTime(100);
			add('c');
			jest.advanceTimersByTime(10_000);
			expect(began).toEqual(['a after 0 ms', 'b after 250 ms', 'c after 500 ms']);
		});

		it('get sixteen at most', () => {
			const { add, began } = stuck();
			for (let count = 0; count < 20; count++) add('one');
			jest.advanceTimersByTime(60_000);
			expect(began).toHaveLength(16);
		});
	});
});
