import { type IdKind, idKinds } from '@memberpass/catalogue';

import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Crockford's alphabet: no I, L, O, U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Makes ids as MemberPass prints them: a prefix and a ULID. */
export interface Ids {
	/** @param at Unix milliseconds the id is dated to; the clock's time where absent. */
	next(kind: IdKind, at?: number): string;
	/** A bare ULID. */
	ulid(at?: number): string;
}

/**
 * Ids that depend on the seed and the clock alone, so that two runs with one seed agree. They sort by time and, within
 * a millisecond, by the order they were made in.
 */
export function createIds(clock: Clock, random: Random): Ids {
	let counter = 0;
	const ulid = (at = clock.now()): string => {
		let time = Math.max(0, Math.floor(at));
		let stamp = '';
		for (let index = 0; index < 10; index++) {
			stamp = (digits[time % 32] ?? '0') + stamp;
			time = Math.floor(time / 32);
		}
		// Six digits count, ten are drawn: unique for a billion ids, and in order within one millisecond.
		let count = counter++;
		let order = '';
		for (let index = 0; index < 6; index++) {
			order = (digits[count % 32] ?? '0') + order;
			count = Math.floor(count / 32);
		}
		let tail = '';
		for (let index = 0; index < 10; index++) tail += digits[random.integer(0, 31)] ?? '0';
		return stamp + order + tail;
	};
	return { ulid, next: (kind, at) => idKinds[kind].prefix + ulid(at) };
}
