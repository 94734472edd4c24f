/** When a process wanted to run and could not, because the machine was busy, and for how many milliseconds. */
export interface Starving {
	/** When it could again, by the same clock as everything it is compared with. */
	readonly at: number;
	readonly ms: number;
}

/** The most that a process was starved in any stretch of so many milliseconds after a time. */
export function mostStarved(
	starving: readonly Starving[],
	since: number,
	stretchMs: number,
): number {
	const times = starving.filter(({ at }) => at > since);
	const sums = times.map(({ at: end }) =>
		times
			.filter(({ at }) => at > end - stretchMs && at <= end)
			.reduce((sum, { ms }) => sum + ms, 0),
	);
	return Math.max(0, ...sums);
}

export interface Attempt<T> {
	readonly result: T;
	/** False where the machine was too busy for the result to say anything. */
	readonly counts: boolean;
}

export interface Task<T> {
	/** Times faster than real that the clock may go while it runs. */
	readonly speed: number;
	/** Runs it once, on a clock of this speed. */
	attempt(speed: number): Promise<Attempt<T>>;
}

export interface Queue<T> {
	/** Tasks that run at the same time, so that their waits overlap. */
	readonly width: number;
	/** After so many runs of a task the last result is taken, whether it counts or not: a test then judges it. */
	readonly mostRuns: number;
	setSpeed(speed: number): void;
	/** Waits before the first task of each of those that run at the same time. */
	stagger(index: number, speed: number): Promise<void>;
	/** Takes the one result of each task. */
	done(result: T): void;
}

/**
 * Runs tasks, those of one speed together and the fastest first. One whose result does not count is run again, on a
 * clock of half the speed, on which as much starving counts for less, and never on one slower than real.
 */
export async function runQueue<T>(tasks: readonly Task<T>[], queue: Queue<T>): Promise<void> {
	let left = tasks.map((task) => ({ task, speed: task.speed, runsLeft: queue.mostRuns }));
	while (left.length > 0) {
		const speed = Math.max(...left.map((one) => one.speed));
		queue.setSpeed(speed);
		const waiting = left.filter((one) => one.speed === speed);
		left = left.filter((one) => one.speed !== speed);
		const work = async (): Promise<void> => {
			for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
				const { result, counts } = await one.task.attempt(speed);
				const runsLeft = one.runsLeft - 1;
				if (counts || runsLeft === 0) queue.done(result);
				else left.push({ ...one, speed: Math.max(1, speed / 2), runsLeft });
			}
		};
		await Promise.all(
			Array.from({ length: Math.min(queue.width, waiting.length) }, async (_, index) => {
				await queue.stagger(index, speed);
				await work();
			}),
		);
	}
}
