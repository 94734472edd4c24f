import { createHash, createHmac } from 'node:crypto';

/**
 * A simulation of the IML functions that the templates use, by their documentation (help.make.com: general, text,
 * array and math functions). It is not Make's engine. Where the documentation leaves something open, {@link Reading}
 * has a switch, and the tests run under every combination: a template is only right if it is right under all.
 */

/** What the documentation leaves open. */
export interface Reading {
	/** A function that is given nothing where it wants text or a list: takes it as empty, or fails. */
	readonly absentArguments: 'empty' | 'error';
	/** A variable that is set to an empty text: is that text, or does not exist. */
	readonly emptyVariables: 'kept' | 'dropped';
	/** The operator "exists": whether an empty text exists. */
	readonly emptyText: 'exists' | 'does not exist';
	/** What a text operator of a filter compares where there is nothing: an empty text, or the word for nothing. */
	readonly absentText: 'empty' | 'null';
	/** The operator "matches pattern": finds the pattern anywhere, or wants the whole text to be it. */
	readonly patterns: 'search' | 'whole';
}

const choices: { readonly [Name in keyof Reading]: readonly Reading[Name][] } = {
	absentArguments: ['empty', 'error'],
	emptyVariables: ['kept', 'dropped'],
	emptyText: ['exists', 'does not exist'],
	absentText: ['empty', 'null'],
	patterns: ['search', 'whole'],
};

/** Every combination. */
export const readings: readonly Reading[] = Object.entries(choices).reduce<readonly object[]>(
	(all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
	[{}],
	// Each object has each key of `choices` by now.
) as readonly Reading[];

export const usualReading: Reading = {
	absentArguments: 'empty',
	emptyVariables: 'kept',
	emptyText: 'does not exist',
	absentText: 'empty',
	patterns: 'search',
};

/** A function that fails, or a use of it that the documentation does not describe. */
export class ImlError extends Error {
	override readonly name = 'ImlError';
}

export type Value = unknown;

export const isAbsent = (value: Value): value is null | undefined =>
	value === null || value === undefined;

/** True for null, nothing and the empty text. */
const isEmpty = (value: Value): boolean => isAbsent(value) || value === '';

/**
 * A value where text is expected: lists are joined with a comma and a space, as Make shows them, and a date is written
 * as ISO 8601 (help.make.com/type-coercion).
 */
export function toText(value: Value): string {
	if (isAbsent(value)) return '';
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean') return String(value);
	if (Array.isArray(value)) return value.map(toText).join(', ');
	if (value instanceof Date) return value.toISOString();
	throw new ImlError('What a collection becomes inside a text is not documented.');
}

interface Definition {
	/** Fewest and most arguments. */
	readonly arity: readonly [number, number];
	readonly run: (args: readonly Value[], reading: Reading) => Value;
}

const many = Number.POSITIVE_INFINITY;

const text = (value: Value, reading: Reading): string => {
	if (typeof value === 'string') return value;
	if (isAbsent(value) && reading.absentArguments === 'empty') return '';
	throw new ImlError(`Text was expected, not ${kindOf(value)}.`);
};

const list = (value: Value, reading: Reading): readonly Value[] => {
	if (Array.isArray(value)) return value;
	if (isAbsent(value) && reading.absentArguments === 'empty') return [];
	throw new ImlError(`A list was expected, not ${kindOf(value)}.`);
};

const numeric = (value: Value): number => {
	if (typeof value === 'number') return value;
	throw new ImlError(`A number was expected, not ${kindOf(value)}.`);
};

const kindOf = (value: Value): string => (Array.isArray(value) ? 'a list' : typeof value);

/** What others call an object. */
export const isCollection = (value: Value): value is Readonly<Record<string, Value>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const define = (arity: readonly [number, number], run: Definition['run']): Definition => ({
	arity,
	run,
});

/** Own keys only: a field called "constructor" is a field. */
export const valueAt = (value: Value, key: string): Value =>
	typeof value === 'object' && value !== null && Object.hasOwn(value, key)
		? (value as Readonly<Record<string, Value>>)[key]
		: undefined;

/** By name. The set is the one of the generator's `ImlFunction`; a test compares them. */
export const functions: Readonly<Record<string, Definition>> = {
	add: define([2, many], ([array, ...values], reading) => [...list(array, reading), ...values]),
	contains: define([2, 2], ([where, what], reading) =>
		Array.isArray(where)
			? where.includes(what)
			: text(where, reading).includes(text(what, reading)),
	),
	encodeURL: define([1, 1], ([value], reading) => {
		const written = text(value, reading);
		if (!written.isWellFormed()) throw new ImlError('Half a character cannot be encoded.');
		return encodeURIComponent(written);
	}),
	first: define([1, 1], ([array], reading) => list(array, reading)[0]),
	flatten: define([1, 2], ([array, depth = 1], reading) =>
		list(array, reading).flat(numeric(depth)),
	),
	floor: define([1, 1], ([value]) => Math.floor(numeric(value))),
	formatNumber: define([2, 4], ([value, decimals, point = ',', thousands = '.']) => {
		if (isEmpty(point) || isEmpty(thousands)) {
			throw new ImlError('What an empty separator does is not documented.');
		}
		const [whole = '', ...rest] = numeric(value).toFixed(numeric(decimals)).split('.');
		const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, () => toText(thousands));
		return [grouped, ...rest].join(toText(point));
	}),
	if: define([3, 3], ([condition, yes, no]) => (isTrue(condition) ? yes : no)),
	ifempty: define([2, 2], ([value, other]) => (isEmpty(value) ? other : value)),
	join: define([2, 2], ([array, separator], reading) => {
		const elements = list(array, reading);
		if (elements.some(Array.isArray)) {
			throw new ImlError('What join makes of a list in a list is not documented.');
		}
		return elements.map(toText).join(text(separator, reading));
	}),
	last: define([1, 1], ([array], reading) => list(array, reading).at(-1)),
	length: define([1, 1], ([value], reading) =>
		Array.isArray(value) ? value.length : text(value, reading).length,
	),
	lower: define([1, 1], ([value], reading) => text(value, reading).toLowerCase()),
	map: define([2, 4], ([array, key, filterKey, filterValue], reading) =>
		list(array, reading)
			.filter(
				(one) =>
					filterKey === undefined ||
					toText(filterValue)
						.split(',')
						.includes(toText(valueAt(one, toText(filterKey)))),
			)
			.map((one) => valueAt(one, toText(key))),
	),
	parseNumber: define([1, 2], ([value, separator = '.'], reading) => {
		const written = text(value, reading).trim();
		if (separator !== '.' || !/^-?\d+(\.\d+)?$/.test(written)) {
			throw new ImlError(`"${written}" is no number.`);
		}
		return Number(written);
	}),
	pick: define([2, many], ([collection, ...keys]) => {
		if (!isCollection(collection)) throw new ImlError('A collection was expected.');
		return Object.fromEntries(
			keys.map(toText).flatMap((key) => {
				const one = valueAt(collection, key);
				return one === undefined ? [] : [[key, one]];
			}),
		);
	}),
	remove: define([2, many], ([array, ...values], reading) =>
		list(array, reading).filter((one) => !values.includes(one)),
	),
	replace: define([3, 3], ([value, search, replacement], reading) => {
		const written = text(value, reading);
		const [, source, flags] = /^\/(.+)\/([gimsuy]*)$/s.exec(text(search, reading)) ?? [];
		if (source === undefined) {
			throw new ImlError('Which occurrences a plain replace takes is not documented.');
		}
		return written.replace(new RegExp(source, flags), text(replacement, reading));
	}),
	sha256: define([1, 4], ([value, encoding = 'hex', key, keyEncoding], reading) => {
		if (encoding !== 'hex' || keyEncoding !== undefined) {
			throw new ImlError('Only hexadecimal digests with a text key are simulated.');
		}
		// Without a key, or with an empty one, the plain hash: what anybody can compute. The worst case.
		const hash = isEmpty(key) ? createHash('sha256') : createHmac('sha256', text(key, reading));
		return hash.update(text(value, reading)).digest('hex');
	}),
	split: define([2, 2], ([value, separator], reading) =>
		text(value, reading).split(text(separator, reading)),
	),
	substring: define([3, 3], ([value, start, end], reading) =>
		text(value, reading).substring(Number(start), Number(end)),
	),
	switch: define([3, many], ([value, ...cases]) => {
		const at = cases.findIndex(
			(one, index) => index % 2 === 0 && index + 1 < cases.length && one === value,
		);
		if (at >= 0) return cases[at + 1];
		return cases.length % 2 === 1 ? cases.at(-1) : undefined;
	}),
	toString: define([1, 1], ([value], reading) => {
		// Make's guides use it to make JSON of a collection; of a list no source speaks.
		if (Array.isArray(value))
			throw new ImlError('What toString makes of a list is not documented.');
		return isAbsent(value) ? text(value, reading) : toText(value);
	}),
	trim: define([1, 1], ([value], reading) => text(value, reading).trim()),
};

/** What counts as true in `if`. */
function isTrue(value: Value): boolean {
	if (typeof value !== 'boolean') throw new ImlError('Only true and false are conditions.');
	return value;
}

export interface Clock {
	/** Unix milliseconds. */
	readonly now: number;
	/** A new UUID each time. */
	uuid(): string;
}

/** Words of the language, by name. */
export const words: Readonly<Record<string, (clock: Clock) => Value>> = {
	emptystring: () => '',
	emptyarray: () => [],
	space: () => ' ',
	newline: () => '\n',
	carriagereturn: () => '\r',
	tab: () => '\t',
	true: () => true,
	false: () => false,
	null: () => null,
	timestamp: (clock) => Math.floor(clock.now / 1000),
	uuid: (clock) => clock.uuid(),
};
