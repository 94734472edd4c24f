type Job = () => Promise<void>;

interface Waiting {
	readonly job: Job;
	readonly done: () => void;
}

/** A receiver that takes longer than this (real milliseconds) no longer holds up what comes after. */
const patienceMs = 250;
/** Never more than this many at once to one receiver. */
const mostAtOnce = 16;

/**
 * What is on its way to one endpoint. A healthy receiver gets one delivery after the other, so that events arrive in
 * the order they were emitted; a slow one gets the next after a moment, so that one stalled answer does not hold the
 * queue for ten seconds. Every endpoint has a lane of its own: none waits for another.
 */
export class Lane {
	#waiting: Waiting[] = [];
	/** First entry that has not started; taking from the front of a long array would move the rest each time. */
	#head = 0;
	#active = 0;
	#overlap = false;
	#patience: NodeJS.Timeout | null = null;

	/** Resolves when the job has ended. The job must not reject. */
	run(job: Job): Promise<void> {
		return new Promise((done) => {
			this.#waiting.push({ job, done });
			this.#pump();
		});
	}

	#pump(): void {
		while (
			this.#head < this.#waiting.length &&
			(this.#active === 0 || (this.#overlap && this.#active < mostAtOnce))
		) {
			const next = this.#waiting[this.#head++];
			if (next !== undefined) this.#start(next);
		}
		if (this.#head === this.#waiting.length) {
			this.#waiting = [];
			this.#head = 0;
			this.#calm();
		} else if (!this.#overlap && this.#patience === null) {
			this.#patience = setTimeout(() => {
				this.#patience = null;
				this.#overlap = true;
				this.#pump();
			}, patienceMs);
			this.#patience.unref();
		}
	}

	#start({ job, done }: Waiting): void {
		this.#active++;
		this.#overlap = false;
		this.#calm();
		void job().finally(() => {
			this.#active--;
			done();
			this.#pump();
		});
	}

	#calm(): void {
		if (this.#patience !== null) clearTimeout(this.#patience);
		this.#patience = null;
	}
}
