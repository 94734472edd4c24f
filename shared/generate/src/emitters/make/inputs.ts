import { eventPick, type FieldSchema, type RouteEntry, typeOf } from '@memberpass/catalogue';

import type { Step } from './flow.ts';
import { call, equal, type Expression, keyword, literal, type Operand } from './iml.ts';

/**
 * The inputs of an operation as a Make user fills them in, and the expressions that give them their types again: a
 * variable step knows text only, and a mapped value may come with any type.
 */
export interface Input {
	/** Key of the catalogue, and name of the variable. */
	readonly name: string;
	readonly label: string;
	readonly place: 'path' | 'query' | 'body';
	readonly kind: Kind;
	readonly required: boolean;
	/** What stands in the field until it is filled in. Left there, or emptied, the input counts as not given. */
	readonly placeholder: string;
	/** Optional free text of a change: may be emptied on purpose. */
	readonly clearable: boolean;
}

export type Kind =
	'text' | 'free text' | 'date' | 'number' | 'whole number' | 'true or false' | 'list';

/** The inputs in the order of the catalogue. */
export function inputsOf(entry: Pick<RouteEntry, 'input' | 'method'>): readonly Input[] {
	const required = new Set(entry.input.required ?? []);
	return Object.entries(entry.input.properties).map(([name, schema]) => {
		const place = schema['x-in'];
		if (place === undefined) throw new Error(`Input "${name}" does not say where it travels.`);
		const kind = kindOf(schema);
		const label = schema.title ?? name;
		return {
			name,
			label,
			place,
			kind,
			required: required.has(name),
			placeholder: placeholderOf(label, wantedOf(schema, kind), required.has(name)),
			clearable: entry.method === 'PATCH' && mayBeEmpty(schema),
		};
	});
}

function kindOf(schema: FieldSchema): Kind {
	switch (typeOf(schema)) {
		case 'array':
			return 'list';
		case 'boolean':
			return 'true or false';
		case 'integer':
			return 'whole number';
		case 'number':
			return 'number';
		default:
			if (schema.format === 'date') return 'date';
			return isFree(schema) ? 'free text' : 'text';
	}
}

/** Nothing is known about its form, so spaces at its ends may be meant. */
const isFree = (schema: FieldSchema): boolean =>
	schema['x-in'] === 'body' &&
	schema.enum === undefined &&
	schema.format === undefined &&
	schema.pattern === undefined &&
	schema['x-id'] === undefined;

/** The rule of the protocol (`mayBeCleared` in shared/protocol/src/input.ts), but what is one of a set has no empty value. */
const mayBeEmpty = (schema: FieldSchema): boolean =>
	isFree(schema) &&
	typeOf(schema) === 'string' &&
	(schema.minLength ?? 0) === 0 &&
	schema['x-known-values'] === undefined;

export const words: Readonly<Record<Kind, string>> = {
	text: 'text',
	'free text': 'text',
	date: 'date as YYYY-MM-DD',
	number: 'number',
	'whole number': 'whole number',
	'true or false': 'true or false',
	list: 'list with commas',
};

/** What to enter. Make has no lists to choose from here, so the values of a set are all named. */
function wantedOf(schema: FieldSchema, kind: Kind): string {
	const one = schema.items ?? schema;
	const what =
		one['x-id'] !== undefined
			? 'ID'
			: one['x-pick'] === eventPick
				? 'event type'
				: alternatives([...(one.enum ?? schema['x-known-values'] ?? [])].map(String));
	if (what === '') return words[kind];
	if (kind !== 'list') return what;
	return `list of ${what === 'ID' || what === 'event type' ? `${what}s` : what}, with commas`;
}

/** `a, b or c`. */
const alternatives = (values: readonly string[]): string =>
	[values.slice(0, -1).join(', '), ...values.slice(-1)].filter((part) => part !== '').join(' or ');

/** `<required text: Plan Name>`. It tells what to enter, and is recognised by comparison with the whole of it. */
export function placeholderOf(label: string, wanted: string, required: boolean): string {
	return `<${required ? 'required' : 'optional'} ${wanted}: ${label}>`;
}

/** True where a field still holds its placeholder, was emptied, or holds nothing but blanks. */
export function isUnfilled(step: Step, input: Input): Expression {
	if (input.kind === 'list') return equal(call('join', listOf(step, input), ','), empty);
	// What toString makes of nothing is not documented, so it gets an empty text.
	const written = call('trim', call('toString', call('ifempty', step.out(input.name), empty)));
	return equal(call('ifempty', written, input.placeholder), input.placeholder);
}

/** The value, or another one where nothing is given. */
function orElse(step: Step, input: Input, other: Expression): Expression {
	return input.required
		? step.out(input.name)
		: call('if', isUnfilled(step, input), other, step.out(input.name));
}

const empty = keyword('emptystring');

/** By splitting and joining: the documentation leaves open whether `replace` takes the first or every occurrence. */
export const replaceAll = (value: Expression, part: Operand, other: Operand): Expression =>
	call('join', call('split', value, part), other);

const commas = (value: Expression): Expression => call('split', value, ',');

/**
 * A list from what a user typed with commas, or mapped as a list. Elements are ids, event types and addresses, which
 * hold neither commas nor blanks: a blank or a line break ends one too, or two ids on lines of their own would become
 * one that does not exist. Empty ones are dropped.
 */
export function listFrom(value: Expression): Expression {
	const joined = call('join', call('flatten', call('add', keyword('emptyarray'), value)), ',');
	const blanks = ['space', 'newline', 'carriagereturn', 'tab'] as const;
	const parts = blanks.reduce((text, blank) => replaceAll(text, keyword(blank), ','), joined);
	return call('remove', commas(parts), empty);
}

/** The elements of a list; none where it is not given, or where an earlier step left all its places empty. */
function listOf(step: Step, { name, placeholder }: Input): Expression {
	const given = call('ifempty', step.out(name), empty);
	return listFrom(call('if', equal(given, placeholder), empty, given));
}

/** One of two values by what a user may write for a flag; anything else goes on as it is, for MemberPass to refuse. */
function flag(value: Expression, yes: Expression, no: Expression): Expression {
	const word = call('lower', call('trim', call('toString', value)));
	const isOneOf = (all: string): Expression => call('contains', commas(literal(all)), word);
	return call(
		'if',
		isOneOf('true,1,yes,on'),
		yes,
		call('if', isOneOf('false,0,no,off'), no, value),
	);
}

/** The value with the type that the catalogue asks for in a body. Meaningless where an optional input is not given. */
export function typed(step: Step, input: Input): Expression {
	const given = orElse(step, input, empty);
	switch (input.kind) {
		case 'number':
		case 'whole number':
			return plainNumber(call('trim', call('toString', orElse(step, input, literal('0')))));
		case 'true or false':
			return flag(given, keyword('true'), keyword('false'));
		case 'list':
			return listOf(step, input);
		case 'free text':
			return call('toString', given);
		case 'date':
			return day(given);
		case 'text':
			return call('trim', call('toString', given));
	}
}

/**
 * A number that is written with digits and a point. What parseNumber makes of anything else is not documented: it could
 * take 12,50 for 1250. So that goes on as it is, for MemberPass to refuse, if the function does not fail.
 */
function plainNumber(text: Expression): Expression {
	const rest = call('replace', text, '/^-?[0-9]+([.][0-9]+)?$/', empty);
	return call('if', equal(rest, empty), call('parseNumber', text, '.'), text);
}

/** A date without the time of day that a moment has. Anything else stays whole: a part of it could be another date. */
const day = (value: Expression): Expression =>
	call('replace', call('trim', call('toString', value)), '/[T ][0-9][0-9]:.*$/', empty);

/** The value as one part of a path or query, encoded. */
export function encoded(step: Step, input: Input): Expression {
	const given = orElse(step, input, empty);
	switch (input.kind) {
		case 'true or false':
			// Laravel refuses the words "true" and "false" in a query.
			return call('encodeURL', flag(given, literal('1'), literal('0')));
		case 'date':
			return call('encodeURL', day(given));
		case 'list':
			throw new Error(`"${input.name}" is a list: each element is a parameter of its own.`);
		case 'text':
		case 'free text':
		case 'number':
		case 'whole number':
			return call('encodeURL', call('trim', call('toString', given)));
	}
}

/** The elements of a list in a query, encoded, with `separator` between them. */
export function encodedList(step: Step, input: Input, separator: string): Expression {
	const elements = call('join', listOf(step, input), ',');
	// Encoded in one go: the comma that joins them becomes %2C, and no other comma can be left.
	return replaceAll(call('encodeURL', elements), '%2C', separator);
}
