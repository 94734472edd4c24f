import { until } from '../../../../shared/testing/src/in-tests.ts';
import { day } from '../../src/time.ts';
import type { EngineChange } from '../../src/webhooks/types.ts';
import { bench, newest, outcomes, receive, verdict } from './support.ts';

describe('who gets an event', () => {
	it.each([
		['an endpoint of the team', {}, {}, true],
		['an endpoint of another team', { teamId: 'tem_2' }, {}, false],
		['an endpoint for other events', { events: ['payment.succeeded'] }, {}, false],
		['an endpoint with a wildcard, because there are none', { events: ['*'] }, {}, false],
		['an endpoint that is off', { isActive: false }, {}, false],
		['an endpoint of the same project', { projectId: 'prj_1' }, {}, true],
		['an endpoint of another project', { projectId: 'prj_2' }, {}, false],
		['an endpoint of all projects, for an event of the account', {}, { project_id: null }, true],
		[
			'an endpoint of a project, for an event of the account',
			{ projectId: 'prj_1' },
			{ project_id: null },
			false,
		],
	])('%s', async (_name, input, event, expected) => {
		const receiver = await receive();
		const { add, emit, engine } = bench();
		add(receiver.url, input);
		await emit(event);
		expect(receiver.arrivals).toHaveLength(expected ? 1 : 0);
		expect(engine.listDeliveries()).toHaveLength(expected ? 1 : 0);
	});

	it('an endpoint of a project gets events of the account where so chosen, still not those of other projects', async () => {
		const receiver = await receive();
		const { add, emit } = bench({ switches: { accountEvents: 'send' } });
		add(receiver.url, { projectId: 'prj_1' });
		await emit({ project_id: null });
		await emit({ project_id: 'prj_2' });
		expect(receiver.ids()).toEqual(['evt_001']);
	});

	it('every endpoint that listens, each with its own secret', async () => {
		const [one, two] = [await receive(500), await receive()];
		const { add, emit, clock, last } = bench();
		const first = add(one.url);
		const second = add(two.url);
		await emit();
		expect(first.secret).not.toBe(second.secret);
		expect(verdict(newest(one.arrivals), clock.now(), first.secret)).toBe('ok');
		expect(verdict(newest(two.arrivals), clock.now(), second.secret)).toBe('ok');
		expect(verdict(newest(two.arrivals), clock.now(), first.secret)).toBe('mismatch');
		expect([last(first.id).status, last(second.id).status]).toEqual(['failed', 'delivered']);
	});
});

describe('a secret', () => {
	it('is in the answer that made it and nowhere else', async () => {
		const receiver = await receive();
		const { add, emit, engine } = bench();
		const changes: EngineChange[] = [];
		engine.onChange((change) => changes.push(change));
		const { id, secret } = add(receiver.url);
		await emit();
		const next = engine.rotateSecret(id, 'dashboard');
		await emit();
		expect(next).toMatch(/^mps_sandbox_[0-9a-f]{32}$/);
		expect(secret).toMatch(/^mps_sandbox_[0-9a-f]{32}$/);
		const shown = JSON.stringify([engine.listEndpoints(), engine.listDeliveries(), changes]);
		expect(shown).not.toContain(secret);
		expect(shown).not.toContain(String(next));
	});

	/** docs.memberpass.net/webhooks/security: the dashboard signs with both for 24 hours, the API with the new one alone. */
	it.each([
		['dashboard', 'at once', 0, /^t=\d+,v0=[0-9a-f]{64},v1=[0-9a-f]{64}$/, 'ok', 'ok'],
		[
			'dashboard',
			'just before 24 h',
			day - 1,
			/^t=\d+,v0=[0-9a-f]{64},v1=[0-9a-f]{64}$/,
			'ok',
			'ok',
		],
		['dashboard', 'at 24 h', day, /^t=\d+,v1=[0-9a-f]{64}$/, 'mismatch', 'ok'],
		['api', 'at once', 0, /^t=\d+,v1=[0-9a-f]{64}$/, 'mismatch', 'ok'],
	] as const)('rotated over the %s, %s', async (by, _when, later, header, withOld, withNew) => {
		const receiver = await receive();
		const { add, emit, engine, clock } = bench();
		const { id, secret } = add(receiver.url);
		const next = String(engine.rotateSecret(id, by));
		await clock.advance(later);
		await emit();
		const arrival = newest(receiver.arrivals);
		expect(arrival.headers['mp-signature']).toMatch(header);
		expect(verdict(arrival, clock.now(), secret)).toBe(withOld);
		expect(verdict(arrival, clock.now(), next)).toBe(withNew);
	});

	it.each([
		['dashboard', 'mismatch', 'ok', 'ok'],
		['api', 'mismatch', 'mismatch', 'ok'],
	] as const)(
		'rotated twice, last over the %s, leaves at most the one before it',
		async (by, first, second, third) => {
			const receiver = await receive();
			const { add, emit, engine, clock } = bench();
			const { id, secret } = add(receiver.url);
			const middle = String(engine.rotateSecret(id, 'dashboard'));
			const last = String(engine.rotateSecret(id, by));
			await emit();
			const verdicts = [secret, middle, last].map((one) =>
				verdict(newest(receiver.arrivals), clock.now(), one),
			);
			expect(verdicts).toEqual([first, second, third]);
		},
	);

	it.each([
		['new_only', 'mismatch', 'mismatch'],
		['both', 'ok', 'mismatch'],
	] as const)(
		'rotated over the API, with apiRotation %s: the old one is %s at once and %s after 24 h',
		async (apiRotation, atOnce, later) => {
			const receiver = await receive();
			const { add, emit, engine, clock, switches } = bench();
			switches.apiRotation = apiRotation;
			const { id, secret } = add(receiver.url);
			const next = String(engine.rotateSecret(id, 'api'));
			for (const [passed, old] of [
				[0, atOnce],
				[day, later],
			] as const) {
				await clock.advance(passed);
				await emit();
				const arrival = newest(receiver.arrivals);
				expect(verdict(arrival, clock.now(), secret)).toBe(old);
				expect(verdict(arrival, clock.now(), next)).toBe('ok');
			}
		},
	);

	it('rotated between two attempts signs the second with the new one', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock } = bench();
		const { id } = add(receiver.url);
		await emit();
		const next = String(engine.rotateSecret(id, 'api'));
		await clock.advance(10_000);
		expect(verdict(newest(receiver.arrivals), clock.now(), next)).toBe('ok');
	});

	it('of an endpoint that does not exist is null, as is its change', () => {
		const { engine } = bench();
		expect(engine.rotateSecret('whe_none', 'api')).toBeNull();
		expect(engine.updateEndpoint('whe_none', { is_active: true })).toBeNull();
	});
});

describe('a test delivery', () => {
	it('is a made-up subscription.created through the normal queue, signed with the current secret', async () => {
		const receiver = await receive();
		const { add, engine, clock } = bench();
		const { id, secret } = add(receiver.url, { events: ['team.updated'], projectId: 'prj_9' });
		const deliveryId = engine.testEndpoint(id);
		expect(engine.listDeliveries().map((one) => [one.id, one.status])).toEqual([
			[deliveryId, 'pending'],
		]);
		await engine.settle();
		const arrival = newest(receiver.arrivals);
		expect(verdict(arrival, clock.now(), secret)).toBe('ok');
		expect(arrival.headers['mp-event-name']).toBe('subscription.created');
		// The keys that docs.memberpass.net/webhooks/events/subscription/created prints.
		expect(JSON.parse(arrival.body.toString())).toEqual({
			id: expect.stringMatching(/^evt_/),
			type: 'subscription.created',
			created_at: '2026-06-01T09:00:00Z',
			api_version: '2026-05-01',
			project_id: 'prj_9',
			data: expect.objectContaining({
				subscription_id: expect.any(String),
				plan_id: expect.any(String),
				subscriber_id: expect.any(String),
			}),
		});
		expect(engine.recentEvents()).toEqual([]);
	});

	/** Keys of the event's page, of the family's page, and no key that only the projections add. */
	it.each([
		['flat', ['subscription_id', 'plan_id', 'subscriber_id', 'trial_ends_at', 'access_code']],
		['nested', ['subscription', 'plan', 'subscriber']],
	] as const)('has the %s shape where so chosen', async (eventShape, keys) => {
		const receiver = await receive();
		const { add, engine } = bench({ switches: { eventShape } });
		engine.testEndpoint(add(receiver.url).id);
		await engine.settle();
		const { data } = JSON.parse(newest(receiver.arrivals).body.toString()) as { data: object };
		expect(Object.keys(data)).toEqual(expect.arrayContaining([...keys]));
		expect('subscription' in data).toBe(eventShape === 'nested');
	});

	it('reaches an endpoint that is off', async () => {
		const receiver = await receive();
		const { add, engine } = bench();
		engine.testEndpoint(add(receiver.url, { isActive: false }).id);
		await engine.settle();
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('is of some project where the endpoint listens to all of them', async () => {
		const receiver = await receive();
		const { add, engine } = bench();
		engine.testEndpoint(add(receiver.url).id);
		await engine.settle();
		expect(JSON.parse(newest(receiver.arrivals).body.toString())).toMatchObject({
			project_id: expect.stringMatching(/^prj_/),
		});
	});

	it('to an endpoint that does not exist is null', () => {
		expect(bench().engine.testEndpoint('whe_none')).toBeNull();
	});
});

describe('faults on demand', () => {
	it('a duplicate is the same delivery twice', async () => {
		const receiver = await receive();
		const { add, emit, engine, last } = bench();
		const { id } = add(receiver.url);
		engine.inject({ kind: 'duplicate', times: 1 });
		await emit();
		await emit();
		expect(receiver.ids()).toEqual(['evt_001', 'evt_001', 'evt_002']);
		expect(receiver.arrivals[0]?.body).toEqual(receiver.arrivals[1]?.body);
		expect(last(id).status).toBe('delivered');
	});

	it('a duplicate that the receiver refuses changes nothing', async () => {
		const receiver = await receive((response) => {
			response.statusCode = receiver.arrivals.length === 1 ? 200 : 409;
			response.end();
		});
		const { add, emit, engine, last, state, clock } = bench();
		const { id } = add(receiver.url);
		engine.inject({ kind: 'duplicate', times: 1 });
		await emit();
		await clock.advance(4 * day);
		expect(outcomes(last(id).attempts)).toEqual([200, 409]);
		expect(last(id).status).toBe('delivered');
		expect(state(id)).toEqual([true, 0, null]);
	});

	it('a duplicate that is under way when the sandbox closes leaves nothing in the log', async () => {
		const receiver = await receive((response) => {
			if (receiver.arrivals.length === 1) response.end();
		});
		const { add, emit, engine, last } = bench({ timeoutMs: 60_000 });
		const { id } = add(receiver.url);
		engine.inject({ kind: 'duplicate', times: 1 });
		void emit();
		await until(() => receiver.arrivals.length === 2);
		await engine.close();
		expect(outcomes(last(id).attempts)).toEqual([200]);
	});

	it('a duplicate that may not be sent any more is no failure of what was delivered', async () => {
		const receiver = await receive();
		let asked = 0;
		const { add, emit, engine, last } = bench({
			resolve: async () => [
				asked++ === 0 ? { address: '127.0.0.1', family: 4 } : { address: '203.0.113.7', family: 4 },
			],
		});
		const { id } = add(`http://localhost:${receiver.port}/`);
		engine.inject({ kind: 'duplicate', times: 1 });
		await emit();
		expect(last(id).status).toBe('delivered');
		expect(outcomes(last(id).attempts)).toEqual([
			200,
			'Not sent: the sandbox delivers to this machine only, and this address is elsewhere.',
		]);
		expect(receiver.arrivals).toHaveLength(1);
	});

	it('a reordered delivery comes after the next one, and never again', async () => {
		const receiver = await receive();
		const { add, emit, engine, clock } = bench();
		add(receiver.url);
		engine.inject({ kind: 'reorder', times: 1 });
		for (let count = 0; count < 3; count++) await emit();
		await clock.advance(60_000);
		expect(receiver.ids()).toEqual(['evt_002', 'evt_001', 'evt_003']);
	});

	it('a reordered delivery that nothing follows comes a minute later', async () => {
		const receiver = await receive();
		const { add, emit, engine, clock, last } = bench();
		const { id } = add(receiver.url);
		engine.inject({ kind: 'reorder', times: 1 });
		await emit();
		expect(last(id)).toMatchObject({ status: 'pending', nextAttemptAt: '2026-06-01T09:01:00Z' });
		await clock.advance(60_000);
		expect(receiver.ids()).toEqual(['evt_001']);
		// Nothing is left for this one to overtake.
		await emit();
		expect(receiver.ids()).toEqual(['evt_001', 'evt_002']);
	});

	it('happen to the endpoint they are meant for', async () => {
		const [one, two] = [await receive(), await receive()];
		const { add, emit, engine } = bench();
		add(one.url);
		const { id } = add(two.url);
		engine.inject({ kind: 'duplicate', times: 2, endpointId: id });
		await emit();
		await emit();
		expect([one.arrivals.length, two.arrivals.length]).toEqual([2, 4]);
	});

	it.each([0, -1, 1.5, NaN])('do not happen %d times', (times) => {
		expect(() => bench().engine.inject({ kind: 'duplicate', times })).toThrow(RangeError);
	});
});

describe('the engine', () => {
	it('lists deliveries and events newest first, by what is asked', async () => {
		const [good, bad] = [await receive(), await receive(500)];
		const { add, emit, engine } = bench();
		add(good.url);
		const { id } = add(bad.url, { events: ['team.updated'], teamId: 'tem_2' });
		await emit();
		await emit({ type: 'team.updated', teamId: 'tem_2', project_id: null });
		await emit();
		const deliveries = (filter: Parameters<typeof engine.listDeliveries>[0]) =>
			engine.listDeliveries(filter).map(({ event }) => event.id);
		const events = (filter: Parameters<typeof engine.recentEvents>[0]) =>
			engine.recentEvents(filter).map((event) => event.id);
		expect(deliveries({})).toEqual(['evt_003', 'evt_002', 'evt_001']);
		expect(deliveries({ limit: 1 })).toEqual(['evt_003']);
		expect(deliveries({ status: 'failed' })).toEqual(['evt_002']);
		expect(deliveries({ teamId: 'tem_1' })).toEqual(['evt_003', 'evt_001']);
		expect(deliveries({ endpointId: id })).toEqual(['evt_002']);
		expect(events({})).toEqual(['evt_003', 'evt_002', 'evt_001']);
		expect(events({ type: 'team.updated' })).toEqual(['evt_002']);
		expect(events({ projectId: null })).toEqual(['evt_002']);
		expect(events({ projectId: 'prj_1', limit: 1 })).toEqual(['evt_003']);
		expect(events({ teamId: 'tem_2' })).toEqual(['evt_002']);
		expect(engine.listEndpoints('tem_2').map((endpoint) => endpoint.id)).toEqual([id]);
	});

	it('tells whoever listens what changed, and survives a listener that throws', async () => {
		const receiver = await receive(500);
		const { add, emit, engine } = bench();
		const seen: string[] = [];
		engine.onChange(() => {
			throw new Error('the page went away');
		});
		const stop = engine.onChange((change) => {
			seen.push(
				change.kind === 'delivery'
					? `delivery ${change.delivery.status} ${change.delivery.attempts.length}`
					: change.kind === 'endpoint'
						? `endpoint ${change.endpoint.consecutive_failures}`
						: change.kind,
			);
		});
		const { id } = add(receiver.url);
		await emit();
		engine.removeEndpoint(id);
		stop();
		await emit();
		expect(seen).toEqual([
			'endpoint 0',
			'event',
			'delivery pending 0',
			'delivery failed 1',
			'endpoint 1',
			'delivery dead 2',
			'endpoint_removed',
		]);
	});

	it('sends nothing more to an endpoint that was removed, and keeps its log', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock } = bench();
		const { id } = add(receiver.url);
		await emit();
		expect(engine.removeEndpoint(id)).toBe(true);
		expect(engine.removeEndpoint(id)).toBe(false);
		await emit();
		await clock.advance(4 * day);
		expect(receiver.arrivals).toHaveLength(1);
		expect(engine.listEndpoints()).toEqual([]);
		expect(
			engine.listDeliveries().map(({ status, attempts }) => [status, outcomes(attempts)]),
		).toEqual([['dead', [500, 'Not sent: the endpoint was deleted.']]]);
	});

	it('leaves what was over as it was when an endpoint is removed, and what is for others', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench();
		const { id: removed } = add(receiver.url);
		const { id: other } = add(receiver.url, { events: ['team.updated'] });
		await emit();
		await clock.advance(4 * day);
		receiver.answer = 200;
		await emit();
		receiver.answer = 500;
		await emit({ type: 'team.updated' });
		engine.removeEndpoint(removed);
		expect(
			engine
				.listDeliveries({ endpointId: removed })
				.map(({ status, attempts }) => [status, attempts.length]),
		).toEqual([
			['delivered', 1],
			['dead', 8],
		]);
		expect(last(other)).toMatchObject({ status: 'failed', attempts: [{ number: 1 }] });
		await clock.advance(10_000);
		expect(last(other).attempts).toHaveLength(2);
	});

	it('sends nothing to an endpoint that was removed while its name was looked up', async () => {
		const receiver = await receive();
		let found = (): void => undefined;
		const { add, emit, engine, last } = bench({
			resolve: () =>
				new Promise((resolve) => {
					found = () => resolve([{ address: '127.0.0.1', family: 4 }]);
				}),
		});
		const { id } = add(`http://localhost:${receiver.port}/`);
		const sent = emit();
		await new Promise((resolve) => setImmediate(resolve));
		engine.removeEndpoint(id);
		found();
		await sent;
		expect(receiver.arrivals).toEqual([]);
		expect(outcomes(last(id).attempts)).toEqual(['Not sent: the endpoint was deleted.']);
	});

	it('ends what waited for an endpoint to be switched on when that is removed', async () => {
		const receiver = await receive(500);
		const { add, emit, engine, clock, last } = bench({ switches: { whileDisabled: 'queue' } });
		const { id } = add(receiver.url);
		await emit();
		engine.updateEndpoint(id, { is_active: false });
		await clock.advance(10_000);
		engine.removeEndpoint(id);
		expect(last(id).status).toBe('dead');
		expect(outcomes(last(id).attempts)).toEqual([500, 'Not sent: the endpoint was deleted.']);
	});

	it('sends what waited for one endpoint to that one when another is switched on', async () => {
		const [one, two] = [await receive(), await receive()];
		const { add, emit, engine } = bench({ switches: { whileDisabled: 'queue' } });
		const { id } = add(one.url, { isActive: false });
		add(two.url, { isActive: false });
		await emit();
		engine.updateEndpoint(id, { is_active: true });
		await engine.settle();
		expect([one.ids(), two.ids()]).toEqual([['evt_001'], []]);
	});

	it('leaves no timer behind where everything was delivered', async () => {
		const timers = (): number =>
			process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
		const receiver = await receive();
		const { add, emit, clock } = bench();
		add(receiver.url);
		const before = timers();
		await emit();
		// Timers of the tests before may have ended meanwhile.
		expect(timers()).toBeLessThanOrEqual(before);
		expect(clock.nextDue()).toBeNull();
	});

	it('leaves no timer and no open request behind when it is closed', async () => {
		const [stuck, failing] = [await receive(() => undefined), await receive(500)];
		const { add, emit, engine, clock, last } = bench({ timeoutMs: 60_000 });
		const waiting = add(stuck.url);
		add(failing.url, { events: ['team.updated'] });
		await emit({ type: 'team.updated' });
		let isOver = false;
		void emit().then(() => (isOver = true));
		void emit();
		await until(() => stuck.arrivals.length > 0);
		expect(clock.nextDue()).not.toBeNull();
		await engine.close();
		expect([isOver, clock.nextDue()]).toEqual([true, null]);
		expect(last(waiting.id)).toMatchObject({ status: 'pending', attempts: [] });
		await emit();
		expect(engine.recentEvents()).toHaveLength(3);
		await engine.close();
	});

	it('leaves what still waits as it is when it is closed, also for an endpoint that is off', async () => {
		const receiver = await receive(() => undefined);
		const { add, emit, engine, last } = bench({ timeoutMs: 60_000 });
		const { id } = add(receiver.url);
		void emit();
		void emit();
		await until(() => receiver.arrivals.length > 0);
		engine.updateEndpoint(id, { is_active: false });
		await engine.close();
		expect(last(id)).toMatchObject({ status: 'pending', attempts: [] });
	});

	it('makes the same ids and secrets of the same seed', () => {
		const [one, two] = [bench(), bench()];
		expect(one.add('http://127.0.0.1:9/')).toEqual(two.add('http://127.0.0.1:9/'));
	});
});
