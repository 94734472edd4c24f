import { RealClock, VirtualClock } from '../src/clock.ts';
import { addCycle, iso } from '../src/time.ts';

describe('virtual time', () => {
	it('stands still until it is moved', async () => {
		const clock = new VirtualClock(1_000);
		expect(clock.now()).toBe(1_000);
		await clock.advance(500);
		expect(clock.now()).toBe(1_500);
	});

	it('runs timers in the order of their times, each at its own time', async () => {
		const clock = new VirtualClock(0);
		const seen: (readonly [string, number])[] = [];
		clock.setTimer(300, () => void seen.push(['late', clock.now()]));
		clock.setTimer(100, () => void seen.push(['early', clock.now()]));
		clock.setTimer(100, () => void seen.push(['early too', clock.now()]));
		clock.setTimer(301, () => void seen.push(['too late', clock.now()]));
		await clock.advance(300);
		expect(seen).toEqual([
			['early', 100],
			['early too', 100],
			['late', 300],
		]);
	});

	it('waits for a timer that works before the next, and runs timers that were set on the way', async () => {
		const clock = new VirtualClock(0);
		const seen: string[] = [];
		clock.setTimer(10, async () => {
			await new Promise((resolve) => setTimeout(resolve, 20));
			seen.push('first');
			clock.setTimer(10, () => void seen.push('set on the way'));
		});
		clock.setTimer(15, () => void seen.push('second'));
		await clock.advance(20);
		expect(seen).toEqual(['first', 'second', 'set on the way']);
	});

	it('does not run a timer that was cancelled', async () => {
		const clock = new VirtualClock(0);
		const cancel = clock.setTimer(10, () => {
			throw new Error('It ran.');
		});
		cancel();
		await clock.advance(100);
		expect(clock.nextDue()).toBeNull();
	});

	it('a timer that throws fails its own advance and no later one', async () => {
		const clock = new VirtualClock(0);
		clock.setTimer(10, () => {
			throw new Error('broken');
		});
		await expect(clock.advance(20)).rejects.toThrow('broken');
		await clock.advance(20);
		expect(clock.now()).toBe(30);
	});

	it('never moves back, for a timer that was due already or for a negative time', async () => {
		const clock = new VirtualClock(1_000);
		const seen: number[] = [];
		clock.setTimer(-500, () => void seen.push(clock.now()));
		expect(clock.nextDue()).toBe(1_000);
		await clock.advance(-500);
		expect([seen, clock.now()]).toEqual([[1_000], 1_000]);
	});

	it('moves that are asked for at once follow each other', async () => {
		const clock = new VirtualClock(0);
		await Promise.all([clock.advance(10), clock.advance(10)]);
		expect(clock.now()).toBe(20);
	});
});

describe('real time', () => {
	it('passes faster by its scale', async () => {
		const clock = new RealClock(1_000);
		const start = clock.now();
		const ran = new Promise<number>((resolve) => {
			clock.setTimer(20_000, () => resolve(clock.now() - start));
		});
		const passed = await ran;
		clock.close();
		expect(passed).toBeGreaterThanOrEqual(20_000);
		// At the machine's own pace it would have taken that long.
		expect(passed).toBeLessThan(20_000 * 1_000);
	});

	it('runs nothing before its time, though a timeout may end a millisecond early', async () => {
		let real = 1_000;
		const now = jest.spyOn(Date, 'now').mockImplementation(() => real);
		try {
			const clock = new RealClock(1_000);
			const ran = new Promise<number>((resolve) => {
				clock.setTimer(20_000, () => resolve(clock.now()));
			});
			real = 1_019;
			setTimeout(() => (real = 1_020), 40);
			expect(await ran).toBe(21_000);
			clock.close();
		} finally {
			now.mockRestore();
		}
	});

	it('does not fire at once what is due in more than 24.8 days', async () => {
		const clock = new RealClock();
		let ran = false;
		clock.setTimer(2 ** 31 + 1_000, () => {
			ran = true;
		});
		await new Promise((resolve) => setTimeout(resolve, 30));
		clock.close();
		expect(ran).toBe(false);
	});

	it('waits in legs that a timeout can hold, and keeps no process alive for them', () => {
		const timeout = jest.spyOn(globalThis, 'setTimeout');
		const clock = new RealClock();
		clock.setTimer(2 ** 31 + 1_000, () => undefined);
		const [call] = timeout.mock.calls;
		const timer = timeout.mock.results[0]?.value as NodeJS.Timeout;
		clock.close();
		timeout.mockRestore();
		expect([call?.[1], timer.hasRef()]).toEqual([2_147_483_647, false]);
	});

	it('runs nothing any more once it is closed', async () => {
		const clock = new RealClock();
		let ran = false;
		clock.setTimer(1, () => {
			ran = true;
		});
		clock.close();
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(ran).toBe(false);
	});

	it.each([
		[
			'throws',
			() => {
				throw new Error('Nothing works.');
			},
		],
		['rejects', () => Promise.reject(new Error('Nothing works.'))],
	])('tells of a timer that %s, and runs the next', async (_, fail) => {
		const told: unknown[] = [];
		const clock = new RealClock(1, (error) => told.push(error));
		clock.setTimer(0, fail);
		await new Promise<void>((resolve) => clock.setTimer(2, resolve));
		clock.close();
		expect(told).toEqual([new Error('Nothing works.')]);
	});

	it.each([0, -1, NaN, Infinity])('a scale of %d is refused', (scale) => {
		expect(() => new RealClock(scale)).toThrow(RangeError);
	});
});

describe('a billing cycle', () => {
	it.each([
		['2026-01-31T10:00:00Z', 'months', 1, '2026-02-28T10:00:00Z'],
		['2024-02-29T10:00:00Z', 'years', 1, '2025-02-28T10:00:00Z'],
		['2026-05-18T10:00:00Z', 'months', 12, '2027-05-18T10:00:00Z'],
		['2026-05-18T10:00:00Z', 'weeks', 2, '2026-06-01T10:00:00Z'],
		['2026-12-31T10:00:00Z', 'days', 1, '2027-01-01T10:00:00Z'],
	])('%s and %s × %d is %s', (from, cycle, count, to) => {
		expect(iso(addCycle(Date.parse(from), cycle, count) ?? 0)).toBe(to);
	});

	it('a lifetime has no end', () => {
		expect(addCycle(0, 'lifetime', 1)).toBeNull();
	});
});
