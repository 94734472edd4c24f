import { mostStarved, runQueue } from '../src/faults/queue.ts';

interface Plan {
	readonly name: string;
	readonly speed: number;
	/** Whether each run counts, in turn; the last for ever. */
	readonly counts: readonly boolean[];
}

/** Runs tasks that do nothing but say when they ran. */
async function run(
	plans: readonly Plan[],
	{ width = 48, mostRuns = 4 } = {},
): Promise<{
	readonly log: readonly string[];
	readonly done: readonly string[];
	readonly most: number;
}> {
	const log: string[] = [];
	const done: string[] = [];
	let [clock, running, most] = [0, 0, 0];
	await runQueue(
		plans.map(({ name, speed, counts }) => {
			let runs = 0;
			return {
				speed,
				async attempt(now: number) {
					log.push(`${name} at ${now}, clock ${clock}`);
					most = Math.max(most, ++running);
					await new Promise(setImmediate);
					running--;
					const verdict = counts[Math.min(runs, counts.length - 1)] ?? false;
					return { result: `${name} ${++runs}`, counts: verdict };
				},
			};
		}),
		{
			width,
			mostRuns,
			setSpeed: (speed) => (clock = speed),
			stagger: () => Promise.resolve(),
			done: (result) => done.push(result),
		},
	);
	return { log, done, most };
}

it('tasks of one speed run together, the fastest first, each on a clock of its speed', async () => {
	const plan = (name: string, speed: number): Plan => ({ name, speed, counts: [true] });
	const { log, done } = await run([plan('slow', 1), plan('fast', 6), plan('other', 1)]);
	expect(log).toEqual(['fast at 6, clock 6', 'slow at 1, clock 1', 'other at 1, clock 1']);
	expect(done).toEqual(['fast 1', 'slow 1', 'other 1']);
});

it('a task whose result does not count runs again at half the speed, and only the result that counts is taken', async () => {
	const { log, done } = await run([{ name: 'task', speed: 6, counts: [false, false, true] }]);
	expect(log).toEqual(['task at 6, clock 6', 'task at 3, clock 3', 'task at 1.5, clock 1.5']);
	expect(done).toEqual(['task 3']);
});

it('no task runs slower than real, and the last of its runs is taken, whether it counts or not', async () => {
	const { log, done } = await run([{ name: 'task', speed: 2, counts: [false] }]);
	expect(log).toEqual([
		'task at 2, clock 2',
		'task at 1, clock 1',
		'task at 1, clock 1',
		'task at 1, clock 1',
	]);
	expect(done).toEqual(['task 4']);
});

it('each task gives one result, however many run at once and again', async () => {
	const plans = Array.from({ length: 20 }, (_, index) => ({
		name: String(index),
		speed: [1, 3, 6][index % 3] ?? 1,
		counts: [index % 4 !== 0, true],
	}));
	const { done, most } = await run(plans, { width: 3 });
	expect(most).toBe(3);
	expect(done.map((result) => result.split(' ')[0]).sort()).toEqual(
		plans.map(({ name }) => name).sort(),
	);
});

it.each([
	['nothing', [], 0, 0],
	['what was before', [[90, 40]], 100, 0],
	[
		'what came in one stretch, together',
		[
			[110, 20],
			[140, 30],
		],
		100,
		50,
	],
	[
		'the worst stretch, where they lie apart',
		[
			[110, 20],
			[300, 30],
			[340, 5],
		],
		100,
		35,
	],
] as const)('starving: %s', (_, times, since, most) => {
	const starving = times.map(([at, ms]) => ({ at, ms }));
	expect(mostStarved(starving, since, 50)).toBe(most);
});
