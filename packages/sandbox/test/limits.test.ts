import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { ApiError } from '../src/errors.ts';
import { type Clock, type Sandbox, type Switches, VirtualClock } from '../src/index.ts';
import { RateLimiter } from '../src/limits.ts';
import { standardSwitches } from '../src/switches.ts';
import { minute, second } from '../src/time.ts';
import { ask, idsOf, sandboxWith } from './support/sandbox.ts';

/** Reads as often as that down one connection, one request right behind the other. The statuses, in order. */
async function readTimes(count: number, sandbox: Sandbox): Promise<number[]> {
	const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
	await once(socket, 'connect');
	const request = (connection: string): string =>
		`GET /v1/teams/current HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${sandbox.token}\r\nConnection: ${connection}\r\n\r\n`;
	socket.write(request('keep-alive').repeat(count - 1) + request('close'));
	const statuses = [...(await text(socket)).matchAll(/HTTP\/1\.1 (\d{3}) /g)];
	return statuses.map(([, status]) => Number(status));
}

const read = (sandbox: Sandbox, token = sandbox.token) =>
	ask(sandbox, 'GET', '/v1/teams/current', { token });

const served = (statuses: readonly number[]): number =>
	statuses.filter((status) => status === 200).length;

describe('how often a token may call', () => {
	it('300 times a minute; the 301st gets 429 with Retry-After, and the next minute is free', async () => {
		const sandbox = await sandboxWith();
		expect(served(await readTimes(300, sandbox))).toBe(300);
		await sandbox.advance(20 * second);
		const refused = await read(sandbox);
		expect(refused.status).toBe(429);
		expect(refused.at('error')).toMatchObject({
			code: 'RATE_LIMITED',
			message: 'Too many requests.',
			remediation: 'Wait for the time in Retry-After.',
		});
		expect(refused.headers.get('retry-after')).toBe('40');
		await sandbox.advance(40 * second);
		expect((await read(sandbox)).status).toBe(200);
	});

	it('counts each token for itself', async () => {
		const sandbox = await sandboxWith();
		expect((await readTimes(301, sandbox)).at(-1)).toBe(429);
		expect((await read(sandbox, sandbox.projectToken)).status).toBe(200);
	});

	it('5 webhook tests a minute', async () => {
		const sandbox = await sandboxWith();
		const path = `/v1/webhook-endpoints/${idsOf(sandbox).endpoint}/test`;
		const replies: Awaited<ReturnType<typeof ask>>[] = [];
		for (let index = 0; index < 6; index++) replies.push(await ask(sandbox, 'POST', path));
		expect(replies.map((reply) => reply.status)).toEqual([202, 202, 202, 202, 202, 429]);
		expect(replies[5]?.headers.get('retry-after')).toBe('60');
		expect((await read(sandbox)).status).toBe(200);
		await sandbox.advance(minute);
		expect((await ask(sandbox, 'POST', path)).status).toBe(202);
	});

	it.each([
		['seconds', '60'],
		['absent', null],
	] as const)('Retry-After as %s: %s', async (retryAfter, header) => {
		const sandbox = await sandboxWith({ switches: { retryAfter } });
		expect(served(await readTimes(300, sandbox))).toBe(300);
		const refused = await read(sandbox);
		expect(refused.status).toBe(429);
		expect(refused.headers.get('retry-after')).toBe(header);
	});

	it('Retry-After as a date counts from the time of the answer, whatever time the sandbox has', async () => {
		const sandbox = await sandboxWith({ switches: { retryAfter: 'date' } });
		expect(served(await readTimes(300, sandbox))).toBe(300);
		const { headers } = await read(sandbox);
		const [until = '', sent = ''] = ['retry-after', 'date'].map((name) => headers.get(name) ?? '');
		// As RFC 9110 writes it. Both have whole seconds, and the one may be rounded up where the other is down.
		expect(until).toMatch(/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
		expect([60, 61, 62]).toContain((Date.parse(until) - Date.parse(sent)) / 1000);
	});

	it('answers carry X-RateLimit headers only where so switched, refusals too', async () => {
		const sandbox = await sandboxWith();
		const left = async (path: string): Promise<unknown> => {
			const { status, headers } = await ask(sandbox, 'GET', path);
			const told = (name: string) => headers.get(`x-ratelimit-${name}`);
			return [status, told('limit'), told('remaining')];
		};
		expect(await left('/v1/teams/current')).toEqual([200, null, null]);
		sandbox.switches.rateLimitHeaders = 'x_ratelimit';
		expect(await left('/v1/teams/current')).toEqual([200, '300', '298']);
		expect(await left('/v1/teams/tem_none')).toEqual([404, '300', '297']);
	});

	describe('how long to wait', () => {
		const limiterOf = (clock: Clock, change: Partial<Switches> = {}) => {
			const limiter = new RateLimiter(clock, { ...standardSwitches(), ...change });
			const take = (count: number): void => {
				for (let index = 0; index < count; index++) limiter.request('tok_1');
			};
			const refusal = (): ApiError['details']['headers'] => {
				try {
					limiter.request('tok_1');
				} catch (error) {
					if (error instanceof ApiError) return error.details.headers;
				}
				throw new Error('It was served.');
			};
			return { take, refusal, retryAfter: () => refusal()?.['Retry-After'] };
		};

		it.each([
			[0, '60'],
			[58_500, '2'],
			[59_000, '1'],
			[59_999, '1'],
		])('is told in whole seconds, never too few: after %d ms %s', async (ms, told) => {
			const clock = new VirtualClock();
			const { take, retryAfter } = limiterOf(clock);
			take(300);
			await clock.advance(ms);
			expect(retryAfter()).toBe(told);
		});

		it('is until the hour is over after 10,000 calls in it, whatever the minutes say', async () => {
			const clock = new VirtualClock();
			const { take, retryAfter } = limiterOf(clock);
			// All but the last use their minute up.
			for (const count of [...Array<number>(33).fill(300), 99]) {
				take(count);
				await clock.advance(minute);
			}
			take(1);
			// 34 minutes of the hour have passed.
			expect(retryAfter()).toBe('1560');
			await clock.advance(26 * minute);
			take(1);
		});

		it('is until the hour is over where the minute and the hour are used up', async () => {
			const clock = new VirtualClock();
			const { take, refusal } = limiterOf(clock, { rateLimitHeaders: 'x_ratelimit' });
			for (const count of [...Array<number>(32).fill(300), 100]) {
				take(count);
				await clock.advance(minute);
			}
			take(300);
			expect(refusal()).toEqual({
				'Retry-After': '1620',
				'X-RateLimit-Limit': '10000',
				'X-RateLimit-Remaining': '0',
			});
		});

		it('is a second at least, though the minute may end while the answer is made', () => {
			const setTimer = () => () => undefined;
			const times: number[] = [];
			const { take, retryAfter } = limiterOf({ now: () => times.shift() ?? 0, setTimer });
			take(300);
			times.push(59_999, 59_999, 60_000);
			expect(retryAfter()).toBe('1');
		});

		it('as a date has no fractions, and is never too early', () => {
			const { take, retryAfter } = limiterOf(new VirtualClock(), { retryAfter: 'date' });
			take(300);
			const now = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-06-01T09:00:00.200Z'));
			expect(retryAfter()).toBe('Mon, 01 Jun 2026 09:01:01 GMT');
			now.mockRestore();
		});
	});

	it('can be switched off for measurements', async () => {
		const sandbox = await sandboxWith({ rateLimits: false });
		expect(served(await readTimes(320, sandbox))).toBe(320);
	});
});
