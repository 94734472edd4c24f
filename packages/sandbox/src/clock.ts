/** Time as the sandbox sees it. Everything that waits or expires asks a clock, so that a test can move it. */
export interface Clock {
	/** Unix milliseconds. */
	now(): number;
	/**
	 * Runs something once, `delayMs` of this clock's milliseconds from now.
	 *
	 * `run` may return a promise: {@link VirtualClock.advance} waits for it before the next timer. It must settle
	 * without this clock being moved; a limit on a live socket (10 s for a receiver) is therefore measured in real
	 * time, never with this method: a receiver does not live in virtual time.
	 *
	 * @returns Cancels the timer; harmless when it ran already.
	 */
	setTimer(delayMs: number, run: () => void | Promise<void>): () => void;
}

/** `setTimeout` fires at once above this, so longer waits are walked in legs. */
const longestTimeoutMs = 2 ** 31 - 1;

/** The machine's clock, or a faster one: with a scale of 60 a minute passes in a second. */
export class RealClock implements Clock {
	readonly #scale: number;
	readonly #start: number;
	readonly #timers = new Set<NodeJS.Timeout>();
	readonly #onError: (error: unknown) => void;

	/**
	 * @param scale Sandbox milliseconds per real millisecond; above 0.
	 * @param onError Told of a timer that failed: nobody waits for it, and it must not end the process.
	 */
	constructor(scale = 1, onError: (error: unknown) => void = () => undefined) {
		if (!(scale > 0) || !Number.isFinite(scale)) {
			throw new RangeError(`The time scale must be a number above 0, not ${scale}.`);
		}
		this.#scale = scale;
		this.#start = Date.now();
		this.#onError = onError;
	}

	now(): number {
		return Math.round(this.#start + (Date.now() - this.#start) * this.#scale);
	}

	setTimer(delayMs: number, run: () => void | Promise<void>): () => void {
		let timer: NodeJS.Timeout | null = null;
		const due = this.now() + delayMs;
		const wait = (): void => {
			const realMs = Math.max(0, due - this.now()) / this.#scale;
			const next = setTimeout(
				() => {
					this.#timers.delete(next);
					// Node's timeout may end up to a millisecond early, which is a second of a fast clock.
					if (this.now() < due) wait();
					else void this.#run(run);
				},
				Math.min(realMs, longestTimeoutMs),
			);
			// A retry that is due in a day must not keep the process alive after the server closed.
			next.unref();
			timer = next;
			this.#timers.add(next);
		};
		wait();
		return () => {
			if (timer === null) return;
			clearTimeout(timer);
			this.#timers.delete(timer);
		};
	}

	async #run(run: () => void | Promise<void>): Promise<void> {
		try {
			await run();
		} catch (error) {
			this.#onError(error);
		}
	}

	/** Drops every timer. */
	close(): void {
		for (const timer of this.#timers) clearTimeout(timer);
		this.#timers.clear();
	}
}

interface Timer {
	readonly due: number;
	readonly run: () => void | Promise<void>;
}

/** A clock that stands still until it is told to move. */
export class VirtualClock implements Clock {
	#now: number;
	/** In the order they were set. */
	#timers: Timer[] = [];
	#moving: Promise<void> = Promise.resolve();

	/** @param start Unix milliseconds; a fixed day by default, so that two runs print the same times. */
	constructor(start = Date.parse('2026-06-01T09:00:00Z')) {
		this.#now = start;
	}

	now(): number {
		return this.#now;
	}

	setTimer(delayMs: number, run: () => void | Promise<void>): () => void {
		const timer: Timer = { due: this.#now + Math.max(0, delayMs), run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((one) => one !== timer);
		};
	}

	/** When the next timer is due, in unix milliseconds, or null. */
	nextDue(): number | null {
		return this.#next()?.due ?? null;
	}

	/**
	 * Moves the clock and runs what falls due on the way, in order, each timer at its own time and finished before
	 * the next. Timers set on the way run too. A second call waits for the first.
	 */
	advance(ms: number): Promise<void> {
		const move = this.#moving.then(() => this.#walk(this.#now + Math.max(0, ms)));
		// A timer that throws fails its own call, not every later one.
		this.#moving = move.catch(() => undefined);
		return move;
	}

	async #walk(end: number): Promise<void> {
		await settle();
		for (let timer = this.#next(); timer !== undefined && timer.due <= end; timer = this.#next()) {
			const current = timer;
			this.#timers = this.#timers.filter((one) => one !== current);
			this.#now = current.due;
			await current.run();
			await settle();
		}
		this.#now = end;
	}

	/** Of several that are due at once, the one that was set first. */
	#next(): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.#timers) {
			if (first === undefined || timer.due < first.due) first = timer;
		}
		return first;
	}
}

/** Lets promise callbacks that are ready run, so that timers they set are seen. */
function settle(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
