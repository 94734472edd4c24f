import { createHash } from 'node:crypto';

import { limits } from '@memberpass/catalogue';
import { canonicalJson } from '@memberpass/protocol';

import type { Clock } from './clock.ts';
import { ApiError } from './errors.ts';
import type { Switches } from './switches.ts';
import { hour } from './time.ts';

/** An answer as it went out; kept as bytes so that a replay cannot differ. */
export interface StoredAnswer {
	readonly status: number;
	/** Null where there is no body. */
	readonly contentType: string | null;
	readonly body: string;
}

interface Entry {
	readonly fingerprint: string;
	readonly answer: StoredAnswer;
	readonly expiresAt: number;
}

/** What a key turned out to be. */
export type KeyReading =
	| { readonly kind: 'fresh'; readonly finish: (answer: StoredAnswer | null) => void }
	| { readonly kind: 'replay'; readonly answer: StoredAnswer };

/**
 * Keys kept at most. Documented are 24 hours and no bound; a day at the full rate would be 240,000 keys a token, more
 * than a process on a laptop should hold. Beyond it the oldest go first.
 */
const keysKept = 50_000;

/** Identifies a request: method, path and body. */
export function fingerprint(method: string, path: string, body: unknown): string {
	return createHash('sha256')
		.update(`${method} ${path}\n${canonicalJson(body)}`)
		.digest('base64');
}

/**
 * Replays the 2xx of a key for 24 hours; failures are forgotten, so that a call can be repeated under its key.
 * Source: docs.memberpass.net/api. Everything beyond that is a switch.
 */
export class IdempotencyKeys {
	readonly #clock: Clock;
	readonly #switches: Readonly<Switches>;
	/** In the order they were made, so that the first ones are the oldest. */
	readonly #kept = new Map<string, Entry>();
	readonly #running = new Map<string, Promise<void>>();

	constructor(clock: Clock, switches: Readonly<Switches>) {
		this.#clock = clock;
		this.#switches = switches;
	}

	get size(): number {
		return this.#kept.size;
	}

	/**
	 * Opens a write. A `fresh` one must be finished with its 2xx, or with null after a failure.
	 *
	 * @param scope Token or team id, as switched.
	 */
	async open(scope: string, key: string, print: string): Promise<KeyReading> {
		const name = `${scope} ${key}`;
		for (let running = this.#running.get(name); running !== undefined;) {
			if (this.#switches.concurrentKey === 'conflict') {
				throw new ApiError('IDEMPOTENCY_KEY_IN_USE');
			}
			await running;
			running = this.#running.get(name);
		}
		this.#dropExpired();
		const kept = this.#kept.get(name);
		if (kept !== undefined) {
			if (kept.fingerprint === print || this.#switches.reusedKey === 'replay') {
				return { kind: 'replay', answer: kept.answer };
			}
			if (this.#switches.reusedKey !== 'execute') {
				const status = this.#switches.reusedKey === 'unprocessable' ? 422 : 409;
				throw new ApiError('IDEMPOTENCY_KEY_REUSED', { status });
			}
		}
		const { promise, resolve: done } = Promise.withResolvers<undefined>();
		this.#running.set(name, promise);
		return {
			kind: 'fresh',
			finish: (answer) => {
				if (answer !== null) {
					// Deleted first: a key that is set again keeps its old place in the order.
					this.#kept.delete(name);
					this.#kept.set(name, {
						fingerprint: print,
						answer,
						expiresAt: this.#clock.now() + limits.idempotentReplayHours * hour,
					});
				}
				this.#running.delete(name);
				done(undefined);
			},
		};
	}

	#dropExpired(): void {
		const now = this.#clock.now();
		for (const [name, entry] of this.#kept) {
			if (entry.expiresAt > now && this.#kept.size <= keysKept) return;
			this.#kept.delete(name);
		}
	}
}
