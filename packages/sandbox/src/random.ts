/** A seeded stream of numbers: the same seed gives the same community, the same ids and the same jitter. */
export interface Random {
	/** In [0, 1). */
	next(): number;
	/** Whole number in [min, max]. */
	integer(min: number, max: number): number;
	/** One of the values; throws on an empty list. */
	pick<T>(values: readonly T[]): T;
	/** Lower-case hex digits. */
	hex(digits: number): string;
	/** A stream of its own, so that what one part draws does not shift another. */
	fork(label: string): Random;
}

// Taken once: where tests run in a context of their own, looking up a global costs more than the draw.
const { imul, floor } = Math;

/** FNV-1a: spreads seeds and labels over 32 bits. */
function hash(text: string): number {
	let value = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		value = imul(value ^ text.charCodeAt(index), 0x01000193);
	}
	return value >>> 0;
}

/**
 * Not for secrets of the real world: whoever knows the seed knows every draw. The sandbox signs nothing worth
 * stealing and listens on this machine only.
 */
export function seededRandom(seed: string): Random {
	let state = hash(seed);
	// mulberry32
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const integer = (min: number, max: number): number => min + floor(next() * (max - min + 1));
	return {
		next,
		integer,
		pick: (values) => {
			const value = values[integer(0, values.length - 1)];
			if (value === undefined) throw new RangeError('There is nothing to pick from.');
			return value;
		},
		hex: (digits) => Array.from({ length: digits }, () => integer(0, 15).toString(16)).join(''),
		fork: (label) => seededRandom(`${seed}/${label}`),
	};
}
