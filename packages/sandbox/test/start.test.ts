import { networkInterfaces } from 'node:os';

import { memberPass } from '@memberpass/catalogue';

import { useCleanups } from '../../../shared/testing/src/in-tests.ts';
import { type Sandbox, type SandboxOptions, startSandbox, VirtualClock } from '../src/index.ts';
import { second } from '../src/time.ts';
import { ask, sandboxWith } from './support/sandbox.ts';

const cleanup = useCleanups();

/** With time that passes by itself, as users start it. */
async function startReal(options: SandboxOptions): Promise<Sandbox> {
	const sandbox = await startSandbox(options);
	cleanup(() => sandbox.close());
	return sandbox;
}

describe('a sandbox that is started', () => {
	it('where every address of the machine is asked for is shown at one that can be called', async () => {
		const { url } = await sandboxWith({ host: '0.0.0.0', allowRemote: true });
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
	});

	const hasIpv6 = Object.values(networkInterfaces())
		.flat()
		.some((one) => one?.address === '::1');
	const atIpv6 = 'at ::1 is shown in brackets';
	(hasIpv6 ? it : it.skip)(
		hasIpv6 ? atIpv6 : `${atIpv6} (not run: this machine has no IPv6)`,
		async () => {
			const { url } = await sandboxWith({ host: '::1' });
			expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
		},
	);

	it('has the addresses and the tokens of the platform it is started for', async () => {
		const platform = {
			...memberPass,
			apiBasePath: '/v9',
			tokenPrefixes: { live: 'new_live_', test: 'new_test_' },
		};
		const sandbox = await sandboxWith({ platform });
		expect(sandbox.apiUrl).toBe(`${sandbox.url}/v9`);
		expect(sandbox.token).toMatch(/^new_test_/);
		expect((await ask(sandbox, 'GET', '/v9/projects')).status).toBe(200);
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(404);
	});

	it.each([
		['nothing beyond this machine', {}, []],
		['to other machines where that is allowed', { allowRemote: true }, ['https://203.0.113.7/a']],
	])('delivers %s', async (_, options, expected) => {
		const sent: string[] = [];
		const sandbox = await sandboxWith({
			...options,
			send: async ({ url }) => {
				sent.push(url);
				return { status: 200, headers: {}, body: '' };
			},
		});
		const body = { name: 'Elsewhere', url: 'https://203.0.113.7/a', events: ['plan.created'] };
		await ask(sandbox, 'POST', '/v1/webhook-endpoints', { body });
		sandbox.fire('plan.created');
		await sandbox.engine.settle();
		expect(sent).toEqual(expected);
	});

	it.each([-0.1, 1.1, NaN])('with a share of failures of %d is refused', async (failShare) => {
		await expect(startSandbox({ failShare })).rejects.toThrow(
			new RangeError(`The share of failures must be between 0 and 1, not ${failShare}.`),
		);
	});

	it('lives faster by its scale, and tells of what fails when its time comes', async () => {
		const told: unknown[] = [];
		const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
		cleanup(() => now.mockRestore());
		const { clock } = await startReal({ scaleTime: 60, onError: (error) => told.push(error) });
		now.mockReturnValue(1_001_000);
		expect(clock.now()).toBe(1_060_000);
		await new Promise<void>((resolve) => {
			clock.setTimer(0, () => {
				resolve();
				throw new Error('Nothing works.');
			});
		});
		expect(told).toEqual([new Error('Nothing works.')]);
	});

	it.each([
		[true, ['https://203.0.113.7/hook'], 'delivered'],
		[false, [], 'failed'],
	])('delivers elsewhere, by the means it is given: %s', async (allowRemote, urls, status) => {
		const sent: string[] = [];
		const sandbox = await sandboxWith({
			allowRemote,
			send: async ({ url }) => {
				sent.push(url);
				return { status: 200, headers: {}, body: '' };
			},
		});
		// RFC 5737: an address that no machine has.
		const [url, events] = ['https://203.0.113.7/hook', ['plan.created']];
		await ask(sandbox, 'POST', '/v1/webhook-subscriptions', { body: { name: 'Far', url, events } });
		sandbox.fire('plan.created');
		await sandbox.engine.settle();
		expect([sent, sandbox.engine.listDeliveries()[0]?.status]).toEqual([urls, status]);
	});

	it('ends once: nothing answers and nothing is delivered any more, and its end can be asked for again', async () => {
		const sandbox = await sandboxWith();
		await Promise.all([sandbox.close(), sandbox.close()]);
		await expect(fetch(sandbox.url)).rejects.toThrow('fetch failed');
		const events = sandbox.engine.recentEvents().length;
		sandbox.fire('plan.created');
		expect(sandbox.engine.recentEvents()).toHaveLength(events);
	});
});

it('time is moved only where it is not real', async () => {
	const still = await sandboxWith();
	const before = still.clock.now();
	await still.advance(second);
	expect([still.clock instanceof VirtualClock, still.clock.now()]).toEqual([true, before + second]);
	const running = await startReal({});
	await expect(running.advance(second)).rejects.toThrow('Time is real here and cannot be moved.');
});

describe('a seed', () => {
	const snapshot = async (seed: string) => {
		const { state, token } = await sandboxWith({ seed });
		return { token, ids: [...state.members.keys()], payments: [...state.payments.values()] };
	};

	it('gives the same account, ids and token each time', async () => {
		expect(await snapshot('one')).toEqual(await snapshot('one'));
	});

	it('gives another account than another seed', async () => {
		const [one, two] = [await snapshot('one'), await snapshot('two')];
		expect(one.token).not.toBe(two.token);
		expect(one.ids).not.toEqual(two.ids);
	});

	it('gives the same token on another day', async () => {
		const early = await sandboxWith({
			clock: new VirtualClock(Date.parse('2026-02-11T00:00:00Z')),
		});
		const late = await sandboxWith({ clock: new VirtualClock(Date.parse('2027-12-30T00:00:00Z')) });
		expect(early.token).toBe(late.token);
		expect(early.otherToken).toBe(late.otherToken);
	});
});
