import fc from 'fast-check';

/** Halves of a pair are no characters. */
const [firstHalf, halves] = [0xd800, 0x800];

/**
 * One code point, any. The inputs are those of fast-check's own unit `binary`, which makes a table of all of them where
 * it is first used: that takes a second.
 */
export const anyCodePoint: fc.Arbitrary<string> = fc.nat({ max: 0x10_ffff - halves }).map(
	(index) => String.fromCodePoint(index < firstHalf ? index : index + halves),
	// Back again, for texts of fast-check's own, such as names of prototypes.
	(value) => {
		const point = typeof value === 'string' ? value.codePointAt(0) : undefined;
		if (point === undefined || value !== String.fromCodePoint(point)) throw new Error('not one');
		if (point >= firstHalf && point < firstHalf + halves) throw new Error('half of one');
		return point < firstHalf ? point : point - halves;
	},
);
