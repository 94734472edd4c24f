import fc from 'fast-check';

import { anyCodePoint } from '../src/any-code-point.ts';

it('is any code point, and never half of one', () => {
	const points = fc.sample(anyCodePoint, { seed: 1, numRuns: 2_000 });
	expect(
		points.filter(
			(one) => String.fromCodePoint(one.codePointAt(0) ?? 0) !== one || !one.isWellFormed(),
		),
	).toEqual([]);
	const numbers = points.map((one) => one.codePointAt(0) ?? -1);
	expect(Math.min(...numbers)).toBe(0);
	expect(Math.max(...numbers)).toBe(0x10_ffff);
});

it('makes texts with names of prototypes in them', () => {
	const texts = fc.sample(fc.string({ unit: anyCodePoint }), { seed: 1, numRuns: 2_000 });
	expect(texts.some((text) => text.includes('__proto__'))).toBe(true);
});

it.each(['', 'ab', '\ud800', 7])('takes %j for no code point', (value) => {
	expect(anyCodePoint.canShrinkWithoutContext(value)).toBe(false);
});

it.each(['\0', '\ud7ff', '\ue000', '\u{10ffff}'])('knows %j again', (value) => {
	expect(anyCodePoint.canShrinkWithoutContext(value)).toBe(true);
});
