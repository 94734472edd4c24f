import type { ServerResponse } from 'node:http';

import { operation } from '@memberpass/catalogue';
import { toWire } from '@memberpass/protocol';

import { serve } from '../../../shared/testing/src/local-server.ts';
import { guarded } from '../src/failure.ts';
import { ask, openSession, orFail, readRowsOf, runLimits } from '../src/session.ts';
import { allowLoopback, probe, thrownBy, token } from './support.ts';

allowLoopback();

describe('a server that stalls', () => {
	const team = toWire(operation('get_current_team'));
	const limitsOf = (timeoutMs: number) => ({
		budgetMs: 20_000,
		policy: { ...runLimits.policy, timeoutMs, firstWaitMs: 1 },
	});
	/** Short enough to wait for: for tries that are to be given up. Where it is too short for a busy machine, it grows. */
	const shortMs = 200;
	const limits = limitsOf(shortMs);
	const codeOf = (result: unknown): unknown => (result as { code?: unknown }).code;
	/** More than any machine needs, for what must come before a time limit. */
	const patient = { budgetMs: 90_000, policy: { ...limits.policy, timeoutMs: 60_000 } };

	/** Serves on a real socket: mocks know neither stalls nor cut bodies. */
	async function against(
		listener: (response: ServerResponse) => void,
		{ budgetMs, policy }: typeof limits,
	) {
		// Each try asks for its limit once. On a busy machine it may be given up before it has arrived at the server.
		let asked = 0;
		let arrived = 0;
		const own = {
			budgetMs,
			policy: Object.create(policy, {
				timeoutMs: {
					get() {
						asked++;
						return policy.timeoutMs;
					},
				},
			}) as typeof policy,
		};
		const server = await serve((_, response) => {
			arrived++;
			listener(response);
		});
		const perform = guarded(async (z, bundle) => {
			const session = openSession(z, bundle, own);
			return [{ tries: orFail(await ask(session, team, {}, null)).tries }];
		});
		try {
			const authData = { api_token: token, api_origin: server.origin };
			const result = await probe(perform, { authData }).catch(
				async (error: unknown) => await thrownBy(Promise.reject(error as Error)),
			);
			return { asked, arrived, result };
		} finally {
			await server.close();
		}
	}

	it.each<[string, (response: ServerResponse) => void]>([
		['before the headers', () => undefined],
		[
			'inside the body',
			(response) => response.writeHead(200, { 'content-length': '100' }).write('{'),
		],
	])('%s is given up and asked a second time, with a timer of its own', async (_, stall) => {
		let tried = 0;
		const policy = {
			...limits.policy,
			/** The first try is cut short; the second has all the time that a busy machine may need. */
			get timeoutMs() {
				return (tried++ === 0 ? limits : patient).policy.timeoutMs;
			},
		};
		const { result } = await against(
			(response) => {
				if (tried === 1) stall(response);
				else response.writeHead(200).end('{"data":{"id":"tem_1"}}');
			},
			{ ...patient, policy },
		);
		expect(result).toEqual([{ tries: 2 }]);
	});

	it.each<[string, Record<string, string>, string]>([
		// The client of Zapier's core does not notice that this one was cut: the timer ends it.
		['that told its length', { 'content-length': '100' }, 'timeout'],
		['sent in chunks', {}, 'network'],
	])('in the middle of a body %s, and hangs up, is an error', async (_, headers, code) => {
		const cut = (limitMs: number) =>
			against((response) => {
				response.writeHead(200, headers).write('{"data":{"id":"tem_1"}}', () => {
					response.destroy();
				});
			}, limitsOf(limitMs));
		let { asked, result } = await cut(shortMs);
		// Again where a busy machine took longer than the limit. Not a long one at once: the client leaves its timer running.
		for (
			let limitMs = 2 * shortMs;
			code !== 'timeout' && codeOf(result) === 'timeout';
			limitMs *= 2
		) {
			({ asked, result } = await cut(limitMs));
		}
		expect(asked).toBe(2);
		expect(result).toMatchObject({ name: 'AppError', code });
	});

	it('is given up even if the client never ends', async () => {
		const request = () => new Promise(() => undefined);
		const bundle = { authData: { api_token: token } };
		const policy = { ...limits.policy, maxTries: 1, timeoutMs: 10 };
		// The time of the run is no help: it outlasts the test.
		const own = { budgetMs: 600_000, policy };
		const session = openSession({ request } as never, bundle as never, own);
		await expect(ask(session, team, {}, null)).resolves.toMatchObject({
			problem: { kind: 'timeout' },
		});
	});

	it('sends nothing once the time of the run is used up', async () => {
		const request = jest.fn();
		const bundle = { authData: { api_token: token } };
		const session = openSession({ request } as never, bundle as never, { ...limits, budgetMs: 0 });
		await expect(ask(session, team, {}, null)).resolves.toMatchObject({
			problem: { kind: 'timeout' },
		});
		expect(request).not.toHaveBeenCalled();
	});

	describe('while the clock stands still but for what the test lets pass', () => {
		let passedMs = 0;
		let clock: { mockRestore(): void };
		beforeEach(() => {
			const start = Date.now();
			passedMs = 0;
			clock = jest.spyOn(Date, 'now').mockImplementation(() => start + passedMs);
		});
		afterEach(() => clock.mockRestore());

		it('in the middle of a long list is an error, never half the list', async () => {
			let page = 0;
			const request = () => {
				if (++page === 3) passedMs = 1_500;
				const content = JSON.stringify({ data: [{ id: page }], meta: { has_more: true } });
				return Promise.resolve({ status: 200, headers: new Headers(), content });
			};
			const bundle = { authData: { api_token: token } };
			const own = { ...patient, budgetMs: 1_500 };
			const session = openSession({ request } as never, bundle as never, own);
			const roles = toWire(operation('list_roles'));
			const result = await readRowsOf(session, roles, {}, null);
			expect(result).toMatchObject({
				ok: false,
				problem: {
					kind: 'incomplete',
					message:
						'The list could not be read to its end: reading it takes longer than the 30 seconds that Zapier gives a step.',
				},
			});
			expect(page).toBe(3);
		});

		/** A list of which one page is asked for, answered as that time has passed. */
		const listAnswered = async (status: number, afterMs: number) => {
			const request = () => {
				passedMs = afterMs;
				const content = JSON.stringify({ data: [] });
				return Promise.resolve({ status, headers: new Headers(), content });
			};
			const bundle = { authData: { api_token: token } };
			const own = { ...patient, budgetMs: 1_500 };
			const session = openSession({ request } as never, bundle as never, own);
			return await readRowsOf(session, toWire(operation('list_roles')), {}, null);
		};

		it('no more is no trouble: a list whose last page came as the time of the run was used up is whole', async () => {
			await expect(listAnswered(200, 1_501)).resolves.toMatchObject({ ok: true, rows: [] });
		});

		it('no more does not hide why a list was refused', async () => {
			await expect(listAnswered(403, 1_501)).resolves.toMatchObject({
				problem: { kind: 'forbidden' },
			});
		});

		it('not, is waited for without a timer that stays', async () => {
			const timers = () =>
				process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
			const before = timers();
			await listAnswered(200, 0);
			// Timers of the tests before may have ended meanwhile.
			expect(timers()).toBeLessThanOrEqual(before);
		});
	});

	it('on one page of a list, with time left for the run, is a time-out', async () => {
		const request = () => new Promise(() => undefined);
		const bundle = { authData: { api_token: token } };
		const policy = { ...limits.policy, maxTries: 1, timeoutMs: 10 };
		const session = openSession({ request } as never, bundle as never, { ...limits, policy });
		const result = await readRowsOf(session, toWire(operation('list_roles')), {}, null);
		expect(result).toMatchObject({ problem: { kind: 'timeout' } });
	});

	it('and says when to come back is left alone that long', async () => {
		const bundle = { authData: { api_token: token } };
		const { effects } = openSession({} as never, bundle as never);
		const start = performance.now();
		await effects.sleep(20);
		// A timer may end up to a millisecond early.
		expect(performance.now() - start).toBeGreaterThanOrEqual(19);
	});

	it('for good is reported as such', async () => {
		const { asked, result } = await against(() => undefined, limits);
		expect(asked).toBe(2);
		expect(result).toMatchObject({ name: 'AppError', code: 'timeout' });
	});

	it('is not asked again when the time of the run is used up', async () => {
		const seen = (limitMs: number) =>
			against(() => undefined, { ...limitsOf(limitMs), budgetMs: limitMs });
		let { arrived, result } = await seen(shortMs);
		for (let limitMs = 2 * shortMs; arrived === 0; limitMs *= 2) {
			({ arrived, result } = await seen(limitMs));
		}
		expect(arrived).toBe(1);
		expect(result).toMatchObject({ name: 'AppError', code: 'timeout' });
	});

	it('cannot make a step last longer than the 30 seconds Zapier gives it', () => {
		const { policy, budgetMs } = runLimits;
		expect(policy.deadlineMs + policy.timeoutMs).toBeLessThanOrEqual(budgetMs);
		expect(budgetMs).toBeLessThan(30_000);
	});
});
