import type { ServerResponse } from 'node:http';

import { until } from '../../../../shared/testing/src/in-tests.ts';
import { RealClock } from '../../src/clock.ts';
import { day } from '../../src/time.ts';
import { bench, newest, outcomes, receive, verdict } from './support.ts';

/** docs.memberpass.net/webhooks/retries-and-delivery: wait before each attempt, and when that is after 09:00:00. */
const curve = [
	['at once', '2026-06-01T09:00:00Z'],
	['10 s', '2026-06-01T09:00:10Z'],
	['30 s', '2026-06-01T09:00:40Z'],
	['2 min', '2026-06-01T09:02:40Z'],
	['10 min', '2026-06-01T09:12:40Z'],
	['1 h', '2026-06-01T10:12:40Z'],
	['6 h', '2026-06-01T16:12:40Z'],
	['24 h', '2026-06-02T16:12:40Z'],
] as const;

describe('a delivery that fails', () => {
	it('is tried eight times, each after its documented wait, and is dead then', async () => {
		const receiver = await receive(500);
		const { add, emit, clock, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		await clock.advance(4 * day);
		expect(last(id).attempts.map(({ number, at }) => [number, at])).toEqual(
			curve.map(([, at], index) => [index + 1, at]),
		);
		expect(last(id)).toMatchObject({ status: 'dead', nextAttemptAt: null });
		expect(receiver.arrivals).toHaveLength(8);
		await clock.advance(30 * day);
		expect(receiver.arrivals).toHaveLength(8);
	});

	it.each(curve.slice(1).map(([wait, at], index) => [index + 2, wait, at] as const))(
		'says when attempt %i is due, %s after the one before',
		async (number, _wait, at) => {
			const receiver = await receive(500);
			const { add, emit, clock, last } = bench();
			const { id } = add(receiver.url);
			await emit();
			const due = Date.parse(at);
			await clock.advance(due - 1 - clock.now());
			expect(last(id)).toMatchObject({ status: 'failed', nextAttemptAt: at });
			expect(receiver.arrivals).toHaveLength(number - 1);
			await clock.advance(1);
			expect(receiver.arrivals).toHaveLength(number);
		},
	);

	it('ends where the receiver recovers', async () => {
		const receiver = await receive(503);
		const { add, emit, clock, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		await clock.advance(10_000);
		receiver.answer = 200;
		await clock.advance(4 * day);
		expect(outcomes(last(id).attempts)).toEqual([503, 503, 200]);
		expect(last(id)).toMatchObject({ status: 'delivered', nextAttemptAt: null });
	});

	it('sends the same bytes and the same id on every attempt', async () => {
		const receiver = await receive(500);
		const { add, emit, clock } = bench();
		add(receiver.url);
		await emit();
		await clock.advance(4 * day);
		expect(new Set(receiver.arrivals.map(({ body }) => body.toString('hex'))).size).toBe(1);
		expect(new Set(receiver.ids())).toEqual(new Set(['evt_001']));
	});

	it.each([
		['fresh', 'ok', 'ok', '1780304440'],
		['first', 'ok', 'stale', '1780304400'],
	] as const)(
		'with a %s signature is %s at first and %s on the day after',
		async (signatureTime, atFirst, later, thirdTime) => {
			const receiver = await receive(500);
			const { add, emit, clock } = bench({ switches: { signatureTime } });
			const { secret } = add(receiver.url);
			await emit();
			expect(verdict(newest(receiver.arrivals), clock.now(), secret)).toBe(atFirst);
			await clock.advance(40_000);
			expect(newest(receiver.arrivals).headers['mp-signature']).toMatch(
				new RegExp(`^t=${thirdTime},v1=[0-9a-f]{64}$`),
			);
			await clock.advance(Date.parse('2026-06-02T16:12:40Z') - clock.now());
			expect(receiver.arrivals).toHaveLength(8);
			expect(verdict(newest(receiver.arrivals), clock.now(), secret)).toBe(later);
		},
	);

	it.each([
		['after_last_attempt', '2026-06-02T16:12:40Z'],
		['after_72_hours', '2026-06-05T16:12:40Z'],
	] as const)('is dead %s where so chosen', async (deadLetter, deadAt) => {
		const receiver = await receive(500);
		const { add, emit, clock, last } = bench({ switches: { deadLetter } });
		const { id } = add(receiver.url);
		await emit();
		await clock.advance(Date.parse(deadAt) - 1 - clock.now());
		expect(last(id).status).toBe('failed');
		await clock.advance(1);
		expect(last(id).status).toBe('dead');
		expect(last(id).attempts).toHaveLength(8);
		expect(receiver.arrivals).toHaveLength(8);
	});

	it('that is being tried again is not due later, and is not forgotten', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench({ keep: 1, timeoutMs: 60_000 });
		const { id } = add(receiver.url);
		await emit();
		const open: ServerResponse[] = [];
		receiver.answer = (response) => open.push(response);
		const moved = clock.advance(10_000);
		await until(() => open.length === 1);
		expect(last(id)).toMatchObject({ status: 'failed', nextAttemptAt: null });
		add((await receive()).url, { events: ['team.updated'] });
		void emit({ type: 'team.updated' });
		expect(engine.listDeliveries({ endpointId: id })).toHaveLength(1);
		newest(open).end();
		await moved;
		expect(last(id).status).toBe('delivered');
	});

	it('that is still under way when a clock is moved is booked at the time it was sent', async () => {
		const receiver = await receive((response) => {
			setTimeout(() => {
				response.statusCode = 500;
				response.end();
			}, 30);
		});
		const { add, emit, clock, last } = bench();
		const { id } = add(receiver.url);
		void emit();
		await clock.advance(10_000);
		expect(last(id).attempts.map(({ at }) => at)).toEqual([
			'2026-06-01T09:00:00Z',
			'2026-06-01T09:00:10Z',
		]);
	});
});

it('on a clock 1,000 times as fast the second attempt comes ten milliseconds after the first', async () => {
	const receiver = await receive(500);
	const clock = new RealClock(1_000);
	const { add, emit, engine, last } = bench({ clock });
	const { id } = add(receiver.url);
	await emit();
	receiver.answer = 200;
	await until(() => last(id).status === 'delivered');
	await engine.close();
	clock.close();
	expect(outcomes(last(id).attempts)).toEqual([500, 200]);
	const [first, second] = last(id).attempts.map(({ at }) => Date.parse(at));
	expect(Number(second) - Number(first)).toBeGreaterThanOrEqual(10_000);
});

describe('a replay', () => {
	it('puts a dead delivery back: pending, no attempts, the whole curve again', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		await clock.advance(4 * day);
		expect(engine.retryDelivery(last(id).id)).toMatchObject({
			status: 'pending',
			attempts: [],
			nextAttemptAt: null,
		});
		await engine.settle();
		expect(last(id)).toMatchObject({ status: 'failed', nextAttemptAt: '2026-06-05T09:00:10Z' });
		await clock.advance(4 * day);
		expect(receiver.arrivals).toHaveLength(16);
		expect(last(id).status).toBe('dead');
	});

	it('of a failed delivery does not wait for its next attempt, and takes its place', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		receiver.answer = 200;
		engine.retryDelivery(last(id).id);
		await engine.settle();
		await clock.advance(4 * day);
		expect(outcomes(last(id).attempts)).toEqual([200]);
		expect(receiver.arrivals).toHaveLength(2);
	});

	it('and a test are not begun once the sandbox is closed', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		await engine.close();
		expect(engine.retryDelivery(last(id).id)?.status).toBe('failed');
		expect(engine.testEndpoint(id)).toBeNull();
		expect(outcomes(last(id).attempts)).toEqual([500]);
	});

	it('ignores what an attempt brings back that was under way before', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench({ timeoutMs: 60_000 });
		const { id } = add(receiver.url);
		await emit();
		const late: ServerResponse[] = [];
		receiver.answer = (response) => {
			late.push(response);
			receiver.answer = 200;
		};
		const moved = clock.advance(10_000);
		await until(() => late.length === 1);
		engine.retryDelivery(last(id).id);
		await until(() => last(id).status === 'delivered');
		newest(late).end('late');
		await moved;
		await engine.settle();
		expect(outcomes(last(id).attempts)).toEqual([200]);
		expect(last(id).attempts[0]?.response?.body).toBe('answer 200');
		expect(receiver.arrivals).toHaveLength(3);
	});

	it('leaves one alone that is on its way', async () => {
		const receiver = await receive();
		const { add, emit, engine, last } = bench();
		const { id } = add(receiver.url);
		const sent = emit();
		expect(engine.retryDelivery(last(id).id)).toMatchObject({ status: 'pending' });
		await sent;
		await engine.settle();
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('leaves a delivered one alone', async () => {
		const receiver = await receive();
		const { add, emit, engine, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		expect(engine.retryDelivery(last(id).id)).toMatchObject({ status: 'delivered' });
		await engine.settle();
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('is sent even where the endpoint is off', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		await clock.advance(4 * day);
		engine.updateEndpoint(id, { is_active: false });
		receiver.answer = 200;
		engine.retryDelivery(last(id).id);
		await engine.settle();
		expect(last(id).status).toBe('delivered');
	});

	it('that fails is not tried again while the endpoint is off', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		engine.updateEndpoint(id, { is_active: false });
		engine.retryDelivery(last(id).id);
		await engine.settle();
		await clock.advance(4 * day);
		expect(outcomes(last(id).attempts)).toEqual([500, 'Not sent: the endpoint is switched off.']);
		expect(last(id).attempts.map(({ number }) => number)).toEqual([1, 2]);
		expect(receiver.arrivals).toHaveLength(2);
	});

	it('is signed anew even where retries are not', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench({ switches: { signatureTime: 'first' } });
		const { id, secret } = add(receiver.url);
		await emit();
		await clock.advance(4 * day);
		engine.retryDelivery(last(id).id);
		await engine.settle();
		expect(verdict(newest(receiver.arrivals), clock.now(), secret)).toBe('ok');
	});

	it('of what does not exist, or whose endpoint is gone, is null', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, last } = bench();
		const { id } = add(receiver.url);
		await emit();
		const delivery = last(id);
		engine.removeEndpoint(id);
		expect(engine.retryDelivery(delivery.id)).toBeNull();
		expect(engine.retryDelivery('whd_none')).toBeNull();
	});
});

describe('an endpoint that fails', () => {
	it('is switched off after 20 failures in a row across events', async () => {
		const receiver = await receive(500);
		const { add, emit, state } = bench();
		const { id } = add(receiver.url);
		for (let count = 0; count < 19; count++) await emit();
		expect(state(id)).toEqual([true, 19, null]);
		await emit();
		expect(state(id)).toEqual([false, 20, '2026-06-01T09:00:00Z']);
	});

	it('counts from the start again after one success', async () => {
		const receiver = await receive(500);
		const { add, emit, state } = bench();
		const { id } = add(receiver.url);
		for (let count = 0; count < 19; count++) await emit();
		receiver.answer = 200;
		await emit();
		expect(state(id)).toEqual([true, 0, null]);
		receiver.answer = 500;
		await emit();
		expect(state(id)).toEqual([true, 1, null]);
		receiver.answer = 200;
		await emit();
		expect(state(id)).toEqual([true, 0, null]);
	});

	it.each([
		['attempt', [true, 16, null]],
		['delivery', [true, 2, null]],
	] as const)('counts each failed %s where so chosen', async (failureCount, expected) => {
		const receiver = await receive(500);
		const { add, emit, clock, state } = bench({ switches: { failureCount } });
		const { id } = add(receiver.url);
		await emit();
		await emit();
		await clock.advance(4 * day);
		expect(state(id)).toEqual(expected);
	});

	it.each([
		['drop', ['evt_021', 'evt_023']],
		['queue', ['evt_001', 'evt_021', 'evt_022', 'evt_023']],
	] as const)(
		'switched on again gets what was emitted meanwhile: %s',
		async (whileDisabled, got) => {
			const receiver = await receive(500);
			const { add, emit, engine, clock, state } = bench({ switches: { whileDisabled } });
			const { id } = add(receiver.url);
			for (let count = 0; count < 20; count++) await emit();
			receiver.answer = 200;
			receiver.arrivals.length = 0;
			await clock.advance(4 * day);
			expect(receiver.arrivals).toEqual([]);
			engine.updateEndpoint(id, { is_active: true });
			await emit();
			engine.updateEndpoint(id, { is_active: false });
			await emit();
			engine.updateEndpoint(id, { is_active: true });
			await emit();
			expect(state(id)).toEqual([true, 0, null]);
			expect(receiver.ids()).toEqual(expect.arrayContaining([...got]));
			expect(receiver.arrivals).toHaveLength(whileDisabled === 'queue' ? 23 : 2);
		},
	);

	it('switched on again starts with no failures', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, state } = bench();
		const { id } = add(receiver.url);
		for (let count = 0; count < 20; count++) await emit();
		expect(engine.updateEndpoint(id, { is_active: true })).toMatchObject({
			is_active: true,
			disabled_at: null,
			consecutive_failures: 0,
		});
		await emit();
		expect(state(id)).toEqual([true, 1, null]);
	});

	it('lets what is not sent when it is switched off, and a retry that falls due then, die, to be replayed', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock } = bench();
		const { id } = add(receiver.url);
		void emit();
		// It waits for the one before.
		const waiting = emit();
		engine.updateEndpoint(id, { is_active: false });
		await waiting;
		await clock.advance(10_000);
		const off = 'Not sent: the endpoint is switched off.';
		expect(
			engine.listDeliveries().map(({ status, attempts }) => [status, outcomes(attempts)]),
		).toEqual([
			['dead', [off]],
			['dead', [500, off]],
		]);
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('switched off by hand has not been disabled by MemberPass', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, state } = bench();
		const { id } = add(receiver.url);
		for (let count = 0; count < 19; count++) await emit();
		engine.updateEndpoint(id, { is_active: false });
		// A test is sent all the same.
		engine.testEndpoint(id);
		await engine.settle();
		expect(state(id)).toEqual([false, 20, null]);
	});
});
