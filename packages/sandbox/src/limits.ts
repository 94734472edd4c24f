import { limits } from '@memberpass/catalogue';

import type { Clock } from './clock.ts';
import { ApiError } from './errors.ts';
import type { Switches } from './switches.ts';
import { hour, minute } from './time.ts';

interface Window {
	readonly endsAt: number;
	count: number;
}

interface Bucket {
	readonly name: string;
	readonly most: number;
	readonly lengthMs: number;
}

/** Per token. Source: docs.memberpass.net/api. */
const general: readonly Bucket[] = [
	{ name: 'minute', most: limits.requestsPerMinute, lengthMs: minute },
	{ name: 'hour', most: limits.requestsPerHour, lengthMs: hour },
];

/** Per token. Source: docs.memberpass.net/webhooks/testing-and-debugging. */
const webhookTests: readonly Bucket[] = [
	{ name: 'webhook-test', most: limits.webhookTestsPerMinute, lengthMs: minute },
];

/**
 * Counts requests in windows that open with the first request (Laravel's way; no page says which). A refused request
 * does not count.
 */
export class RateLimiter {
	readonly #clock: Clock;
	readonly #switches: Readonly<Switches>;
	readonly #windows = new Map<string, Window>();

	constructor(clock: Clock, switches: Readonly<Switches>) {
		this.#clock = clock;
		this.#switches = switches;
	}

	/** Counts a request of a token, or throws RATE_LIMITED. Returns the headers an answer carries. */
	request(tokenId: string): Record<string, string> {
		return this.#take(tokenId, general);
	}

	/** Counts a webhook test of a token, or throws RATE_LIMITED. */
	webhookTest(tokenId: string): void {
		this.#take(tokenId, webhookTests);
	}

	#take(tokenId: string, buckets: readonly Bucket[]): Record<string, string> {
		const windows = buckets.map((bucket) => ({ bucket, window: this.#window(tokenId, bucket) }));
		const [longest] = windows
			.filter(({ bucket, window }) => window.count >= bucket.most)
			.toSorted((one, other) => other.window.endsAt - one.window.endsAt);
		if (longest !== undefined) {
			throw rateLimited(
				longest.window.endsAt - this.#clock.now(),
				this.#switches,
				this.#told(longest),
			);
		}
		for (const { window } of windows) window.count++;
		const [first] = windows;
		return first === undefined ? {} : this.#told(first);
	}

	/** What is left of a limit, as the headers of an answer say it. */
	#told({ bucket, window }: { bucket: Bucket; window: Window }): Record<string, string> {
		if (this.#switches.rateLimitHeaders === 'none') return {};
		return {
			'X-RateLimit-Limit': String(bucket.most),
			'X-RateLimit-Remaining': String(bucket.most - window.count),
		};
	}

	#window(tokenId: string, bucket: Bucket): Window {
		const key = `${bucket.name} ${tokenId}`;
		const now = this.#clock.now();
		const open = this.#windows.get(key);
		if (open !== undefined && open.endsAt > now) return open;
		const fresh = { endsAt: now + bucket.lengthMs, count: 0 };
		this.#windows.set(key, fresh);
		return fresh;
	}
}

/** 429 with what is left, which is nothing, and the wait in the form that is switched on. */
function rateLimited(
	waitMs: number,
	switches: Readonly<Switches>,
	left: Readonly<Record<string, string>>,
): ApiError {
	const headers: Record<string, string> = { ...left };
	if (switches.retryAfter === 'seconds') {
		headers['Retry-After'] = String(Math.max(1, Math.ceil(waitMs / 1000)));
	} else if (switches.retryAfter === 'date') {
		// Clients compare dates with their own clock, so the machine's time counts. Rounded up: the date has no fractions,
		// and too early means another refusal.
		const at = Math.ceil((Date.now() + waitMs) / 1000) * 1000;
		headers['Retry-After'] = new Date(at).toUTCString();
	}
	return new ApiError('RATE_LIMITED', {
		message: 'Too many requests.',
		remediation: 'Wait for the time in Retry-After.',
		headers,
	});
}
