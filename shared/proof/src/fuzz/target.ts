import fc from 'fast-check';

import { anyCodePoint } from '../../../testing/src/any-code-point.ts';

/** JSON that a corpus can keep: bytes are base64. */
export type Kept =
	string | number | boolean | null | readonly Kept[] | { readonly [key: string]: Kept };

/** Something that takes untrusted input, and the rule that it must keep for every one. */
export interface Target {
	readonly name: string;
	/** The rule, as a sentence. */
	readonly rule: string;
	/** Share of the runs: what opens sockets is slow. */
	readonly weight: number;
	/** Makes inputs. */
	readonly inputs: fc.Arbitrary<Kept>;
	/** Resolves where the rule holds for an input; rejects or throws with what broke it. */
	readonly check: (input: Kept) => void | Promise<void>;
	readonly close?: () => Promise<void>;
}

/** Makes a target whose inputs have a type of their own. */
export function targetOf<Input extends Kept>(
	definition: Omit<Target, 'inputs' | 'check'> & {
		readonly inputs: fc.Arbitrary<Input>;
		readonly check: (input: Input) => void | Promise<void>;
	},
): Target {
	return {
		...definition,
		// The corpus holds what the same arbitrary made.
		check: (input) => definition.check(input as Input),
	};
}

/** Fails with a message that says what was expected. */
export function must(holds: boolean, what: string): asserts holds {
	if (!holds) throw new Error(`It does not hold that ${what}.`);
}

/** Text as attackers write it: any code unit, names of prototypes, separators of URLs and headers. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
	fc.string({ unit: anyCodePoint, maxLength: 40 }),
	fc.string({ unit: 'grapheme', maxLength: 20 }),
	fc.string({
		unit: fc.constantFrom(
			...[
				'/',
				'\\',
				'.',
				'..',
				'%',
				'%2e',
				'%2f',
				'?',
				'#',
				'&',
				'=',
				',',
				';',
				':',
				'@',
				'{',
				'}',
			],
			...['[', ']', ' ', '\t', '\n', '\r', '\0', '\u202e', '\ud800', '\udc00', '\ufeff', '"', "'"],
			...['a', 'Z', '0', '9', 'é', '🎟', '__proto__', 'constructor', 'toString', 'prototype'],
		),
		maxLength: 12,
	}),
	fc.constantFrom('', ' ', '.', '..', 'null', 'undefined', '[object Object]', '__proto__', '{{x}}'),
);

const encoded = fc.string({ unit: anyCodePoint, maxLength: 10 }).map(encodeURIComponent);
const maybe = (before: string) =>
	fc.oneof(
		fc.constant(''),
		encoded.map((text) => before + text),
	);

/** A web address with anything in its path, query and fragment. fast-check's own needs the table of its unit `binary`. */
export const webAddress: fc.Arbitrary<string> = fc
	.tuple(
		fc.constantFrom('http://', 'https://'),
		fc.webAuthority(),
		fc.array(encoded, { maxLength: 4 }).map((all) => all.map((one) => `/${one}`).join('')),
		maybe('?'),
		maybe('#'),
	)
	.map((parts) => parts.join(''));

export const hostileBytes: fc.Arbitrary<string> = fc
	.uint8Array({ maxLength: 200 })
	.map((bytes) => Buffer.from(bytes).toString('base64'));

/** JSON of any shape, with keys that hurt. */
export const hostileJson: fc.Arbitrary<Kept> = fc
	.jsonValue({ maxDepth: 4, stringUnit: anyCodePoint })
	.map((value) => value as Kept);

/** A value as the bytes of its JSON, in the form that a corpus keeps. */
export const asJsonBytes = (value: unknown): string =>
	Buffer.from(JSON.stringify(value)).toString('base64');

export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
