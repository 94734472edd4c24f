import { operations, type Platform } from '@memberpass/catalogue';
import { isWrite, type JsonObject } from '@memberpass/protocol';

import { type Client, HttpClient, rowsOf, type Time } from './client.ts';
import { eventOf, recordDeliveries, startReceiver } from './deliveries.ts';
import { isWhole } from './fixtures.ts';
import type { Judge } from './judge.ts';
import type { RecordOptions } from './options.ts';
import { findThrowAway } from './throw-away.ts';
import { type Attempt, type Delivery, type Gap, Trouble } from './types.ts';
import { walkReads } from './walk.ts';
import { recordWrites } from './writes.ts';

export interface RecordIo {
	/** The report. */
	readonly print: (text: string) => void;
	/** Progress. */
	readonly note: (text: string) => void;
	/** Stops the recording; what it made is removed and nothing is written. */
	readonly signal: AbortSignal;
	readonly time: Time;
	readonly platform: Platform;
	/** Where the committed fixtures are: what they say of a status is what is expected. */
	readonly repoRoot: string;
}

/** What a run asks the API and what came back, before anything is scrubbed or written. */
export class Session {
	readonly attempts: Attempt[] = [];
	readonly gaps: Gap[] = [];
	deliveries: readonly Delivery[] = [];
	readonly #client: Client;
	/** Has no part in the user's signal: it only removes what was made. */
	readonly #cleaner: Client;
	readonly #options: RecordOptions;
	readonly #io: RecordIo;
	readonly #judge: Judge;
	readonly #secrets: string[];

	constructor(options: RecordOptions, io: RecordIo, judge: Judge, secrets: string[]) {
		const { platform, signal, time } = io;
		const { origin, token, rate } = options;
		const common = { platform, origin, token, rate, time };
		this.#client = new HttpClient({ ...common, signal });
		this.#cleaner = new HttpClient({ ...common, signal: new AbortController().signal });
		this.#options = options;
		this.#io = io;
		this.#judge = judge;
		this.#secrets = secrets;
	}

	/** Requests, retries included. */
	get sent(): number {
		return this.#client.sent + this.#cleaner.sent;
	}

	/** @throws Trouble where nothing can be recorded, or something could not be taken back. */
	async run(): Promise<void> {
		const { writes, tunnel } = this.#options;
		// First of all: a wrong handle must stop everything before anything is done.
		const project = writes === null ? null : await findThrowAway(this.#client, writes);
		await this.#read();
		if (tunnel === null) await this.#write(project);
		else await this.#receive(tunnel, project);
		this.#observeWaits();
		this.#nameGaps(project !== null);
	}

	async #read(): Promise<void> {
		const { breadth, maxPages } = this.#options;
		this.#take(
			await walkReads({
				client: this.#client,
				onAttempt: this.#onAttempt,
				onStep: (key, done, total) => this.#io.note(`[${done}/${total}] ${key}`),
				breadth,
				maxPages,
			}),
		);
		if (this.attempts.some(({ outcome }) => outcome.ok)) return;
		const said = this.attempts.flatMap(({ outcome }) =>
			outcome.ok ? [] : [outcome.problem.message],
		);
		throw new Trouble(
			`Not one call was answered with what it asks for, so there is nothing to record. The first was told: ${said[0] ?? 'nothing'}`,
		);
	}

	async #write(project: JsonObject | null): Promise<void> {
		if (project === null) return;
		const { note, signal, time } = this.#io;
		note('writing inside the throw-away project');
		this.#take(
			await recordWrites({
				client: this.#client,
				cleaner: this.#cleaner,
				project,
				currencyId: this.#options.currency ?? currencyIn(this.attempts),
				signal,
				time,
				onAttempt: this.#onAttempt,
				observe: this.#observe,
			}),
		);
	}

	/** Listens while it writes: what the writes cause is delivered. */
	async #receive(tunnel: URL, project: JsonObject | null): Promise<void> {
		const { platform, signal, time, note } = this.#io;
		const { listen, waitMs } = this.#options;
		const receiver = await startReceiver(tunnel, listen, platform, time);
		try {
			const projectId = project?.['id'];
			this.#take(
				await recordDeliveries({
					client: this.#client,
					cleaner: this.#cleaner,
					receiver,
					signal,
					time,
					waitMs,
					projectId: typeof projectId === 'string' ? projectId : null,
					onAttempt: this.#onAttempt,
					onNote: note,
					observe: this.#observe,
					meanwhile: () => this.#write(project),
				}),
			);
		} finally {
			// Also where it failed: the host may say a secret back in what it failed with.
			this.#secrets.push(...receiver.secrets);
			await receiver.close();
		}
		this.deliveries = receiver.deliveries;
		for (const delivery of receiver.deliveries) {
			this.#judge.delivery(delivery.headers, eventOf(delivery), platform.headers.eventId);
		}
	}

	#observeWaits(): void {
		for (const { headers } of this.#client.retried) {
			const wait = headers['retry-after'];
			if (wait === undefined) continue;
			const seen = /^\d+$/.test(wait) ? 'whole seconds' : 'a date';
			this.#judge.observe('Retry-After', 'every call', seen);
		}
	}

	#nameGaps(wrote: boolean): void {
		for (const attempt of this.attempts) {
			if (!attempt.keep || isWhole(attempt)) continue;
			const { outcome, entry } = attempt;
			const reason = outcome.ok
				? `it has more than ${this.#options.maxPages} pages: raise --max-pages`
				: `no answer that can be kept: ${outcome.problem.kind.replace('_', ' ')}`;
			this.gaps.push({ subject: entry.key, reason });
		}
		const told = new Set([
			...this.attempts.map(({ entry }) => entry.key),
			...this.gaps.map(({ subject }) => subject),
		]);
		for (const { key, method } of operations) {
			if (told.has(key) || (isWrite(method) && !wrote)) continue;
			this.gaps.push({ subject: key, reason: 'nothing in this run calls it' });
		}
	}

	readonly #onAttempt = (attempt: Attempt): void => {
		this.#judge.judge(attempt);
		const last = attempt.exchanges.at(-1);
		this.#io.note(`    ${attempt.name}: ${last === undefined ? 'no answer' : String(last.status)}`);
	};

	readonly #observe: Judge['observe'] = (topic, subject, seen) => {
		this.#judge.observe(topic, subject, seen);
	};

	#take(result: { readonly attempts: readonly Attempt[]; readonly gaps: readonly Gap[] }): void {
		this.attempts.push(...result.attempts);
		this.gaps.push(...result.gaps);
	}
}

/** No route lists currencies, but other answers name them. */
function currencyIn(attempts: readonly Attempt[]): string | null {
	for (const row of attempts.flatMap(rowsOf)) {
		const id = row['currency_id'];
		if (typeof id === 'string') return id;
	}
	return null;
}
