import { type IdKind, idKinds } from '@memberpass/catalogue';

import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** Crockford's alphabet: no I, L, O, U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Crockford's base 32, padded to a length; what is longer loses its first digits. */
function base32(value: number, length: number): string {
	let rest = value;
	let text = '';
	for (let index = 0; index < length; index++) {
		text = (digits[rest % 32] ?? '0') + text;
		rest = Math.floor(rest / 32);
	}
	return text;
}

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
		// Six digits count, ten are drawn: unique for a billion ids, and in order within one millisecond.
		let id = base32(Math.max(0, Math.floor(at)), 10) + base32(counter++, 6);
		for (let index = 0; index < 10; index++) id += digits[random.integer(0, 31)] ?? '0';
		return id;
	};
	return { ulid, next: (kind, at) => idKinds[kind].prefix + ulid(at) };
}
