import type { Sandbox } from '../src/index.ts';
import { hour, minute, second } from '../src/time.ts';
import { ask, idsOf, type Reply, sandboxWith } from './support/sandbox.ts';

async function times(count: number, run: () => Promise<Reply>): Promise<Reply[]> {
	const replies: Reply[] = [];
	for (let index = 0; index < count; index++) replies.push(await run());
	return replies;
}

const read = (sandbox: Sandbox, token = sandbox.token) =>
	ask(sandbox, 'GET', '/v1/teams/current', { token });

const countOf = (replies: readonly Reply[], status: number): number =>
	replies.filter((reply) => reply.status === status).length;

describe('how often a token may call', () => {
	it('300 times a minute; the 301st gets 429 with Retry-After, and the next minute is free', async () => {
		const sandbox = await sandboxWith();
		const replies = await times(300, () => read(sandbox));
		expect(countOf(replies, 200)).toBe(300);
		await sandbox.advance(20 * second);
		const refused = await read(sandbox);
		expect([refused.status, refused.at('error.code')]).toEqual([429, 'RATE_LIMITED']);
		expect(refused.headers.get('retry-after')).toBe('40');
		await sandbox.advance(40 * second);
		expect((await read(sandbox)).status).toBe(200);
	});

	it('counts each token for itself', async () => {
		const sandbox = await sandboxWith();
		await times(301, () => read(sandbox));
		expect((await read(sandbox, sandbox.projectToken)).status).toBe(200);
	});

	it('10,000 times an hour, whatever the minutes say', async () => {
		const sandbox = await sandboxWith();
		let served = 0;
		for (let index = 0; index < 34; index++) {
			served += countOf(await times(index === 33 ? 101 : 300, () => read(sandbox)), 200);
			if (index < 33) await sandbox.advance(minute);
		}
		expect(served).toBe(10_000);
		const refused = await read(sandbox);
		expect(refused.status).toBe(429);
		// 33 minutes of the hour have passed.
		expect(refused.headers.get('retry-after')).toBe(String(27 * 60));
		await sandbox.advance(hour);
		expect((await read(sandbox)).status).toBe(200);
	});

	it('5 webhook tests a minute', async () => {
		const sandbox = await sandboxWith();
		const path = `/v1/webhook-endpoints/${idsOf(sandbox)['endpoint'] ?? ''}/test`;
		const replies = await times(6, () => ask(sandbox, 'POST', path));
		expect(replies.map((reply) => reply.status)).toEqual([202, 202, 202, 202, 202, 429]);
		expect(replies[5]?.headers.get('retry-after')).toBe('60');
		expect((await read(sandbox)).status).toBe(200);
		await sandbox.advance(minute);
		expect((await ask(sandbox, 'POST', path)).status).toBe(202);
	});

	it.each([
		['seconds', '60'],
		['date', 'Mon, 01 Jun 2026 09:01:00 GMT'],
		['absent', null],
	] as const)('Retry-After as %s: %s', async (retryAfter, header) => {
		const sandbox = await sandboxWith({ switches: { retryAfter } });
		const [refused] = (await times(301, () => read(sandbox))).slice(-1);
		expect(refused?.headers.get('retry-after')).toBe(header);
	});

	it('answers carry X-RateLimit headers only where so switched', async () => {
		const sandbox = await sandboxWith();
		const plain = await read(sandbox);
		sandbox.switches.rateLimitHeaders = 'x_ratelimit';
		const told = await read(sandbox);
		expect(plain.headers.get('x-ratelimit-limit')).toBeNull();
		expect(told.headers.get('x-ratelimit-limit')).toBe('300');
		expect(told.headers.get('x-ratelimit-remaining')).toBe('298');
	});

	it('can be switched off for measurements', async () => {
		const sandbox = await sandboxWith({ rateLimits: false });
		const replies = await times(320, () => read(sandbox));
		expect(countOf(replies, 200)).toBe(320);
	});
});
