import { isJsonObject, type WireField, type WireOperation } from './wire.ts';

/** Something about one input that MemberPass would refuse, said before any request is sent. */
export interface InputProblem {
	readonly field: string;
	readonly label: string;
	/** Full sentence that says what to do. */
	readonly message: string;
}

export type InputValues = Readonly<Record<string, unknown>>;

export type InputResult =
	| { readonly ok: true; readonly values: InputValues }
	| { readonly ok: false; readonly problems: readonly InputProblem[] };

const trueWords = new Set(['true', '1', 'yes', 'on']);
const falseWords = new Set(['false', '0', 'no', 'off']);

/** What a value becomes, or the rest of the sentence "'Label' …". */
type Read = { readonly value: unknown } | { readonly fault: string };

/**
 * Reads untrusted inputs by an operation's fields: texts that platforms send for numbers, flags and lists are
 * converted, everything else is checked, and all problems are told at once.
 *
 * What holds nothing is not given: `null`, a blank text, a list or an object without anything in it, in which platforms
 * hand over what an earlier step left empty. Only free text in a body is cleared by an empty text: a platform that cannot
 * tell "left empty" from "cleared" must drop it first. An ID in a path may stand in a list of one.
 */
export function readInput(operation: WireOperation, raw: InputValues): InputResult {
	const values: Record<string, unknown> = {};
	const problems: InputProblem[] = [];
	const known = new Map(operation.fields.map((field) => [field.name, field]));

	for (const name of Object.keys(raw)) {
		if (!known.has(name) && raw[name] !== undefined) {
			problems.push({
				field: name,
				label: name,
				message: `'${name}' is not an input of this operation. Remove it.`,
			});
		}
	}
	for (const field of operation.fields) {
		const given = onlyOneOf(field, Object.hasOwn(raw, field.name) ? raw[field.name] : undefined);
		if (isAbsent(field, given)) {
			if (field.required) {
				problems.push(problem(field, 'is required. Fill it in.'));
			}
			continue;
		}
		const read = readValue(field, given);
		if ('fault' in read) problems.push(problem(field, read.fault));
		else values[field.name] = read.value;
	}
	for (const group of operation.exclusive) {
		// A flag that is off excludes nothing.
		const set = group.filter((name) => values[name] !== undefined && values[name] !== false);
		if (set.length > 1) {
			const labels = set.map((name) => `'${known.get(name)?.label ?? name}'`).join(' and ');
			problems.push({
				field: set[1] ?? '',
				label: known.get(set[1] ?? '')?.label ?? '',
				message: `${labels} cannot be used together. Keep one of them.`,
			});
		}
	}
	if (operation.method === 'PATCH' && problems.length === 0 && !hasBodyValue(operation, values)) {
		problems.push({
			field: '',
			label: '',
			message: 'Nothing to update: fill in at least one field.',
		});
	}
	return problems.length > 0 ? { ok: false, problems } : { ok: true, values };
}

function hasBodyValue(operation: WireOperation, values: InputValues): boolean {
	return operation.fields.some((field) => field.in === 'body' && values[field.name] !== undefined);
}

function problem(field: WireField, rest: string): InputProblem {
	return { field: field.name, label: field.label, message: `'${field.label}' ${rest}` };
}

/** The ID of a linked record, as a lookup column of a table holds it: in a list, some with blank places around it. */
function onlyOneOf(field: WireField, given: unknown): unknown {
	if (field.in !== 'path' || !Array.isArray(given)) return given;
	const filled = given.filter((one) => !isNothing(one));
	return filled.length === 1 ? filled[0] : given;
}

function isAbsent(field: WireField, given: unknown): boolean {
	if (given === '') return !mayBeCleared(field);
	return isNothing(given) || (field.type === 'array' && toElements(given)?.length === 0);
}

function isNothing(given: unknown): boolean {
	if (given === undefined || given === null) return true;
	if (typeof given === 'string') return given.trim() === '';
	if (Array.isArray(given)) return given.every(isNothing);
	return isJsonObject(given) && Object.keys(given).length === 0;
}

/** Free text in a body may be emptied on purpose. */
function mayBeCleared(field: WireField): boolean {
	return (
		field.in === 'body' &&
		field.type === 'string' &&
		!field.required &&
		field.enum === undefined &&
		field.format === undefined &&
		field.pattern === undefined &&
		(field.minLength ?? 0) === 0
	);
}

function readValue(field: WireField, given: unknown): Read {
	switch (field.type) {
		case 'boolean':
			return readFlag(given);
		case 'integer':
		case 'number':
			return readNumber(field, given);
		case 'array':
			return readArray(field, given);
		case 'string':
			return readText(field, given);
	}
}

function readFlag(given: unknown): Read {
	if (typeof given === 'boolean') return { value: given };
	const word =
		typeof given === 'string' || typeof given === 'number'
			? String(given).trim().toLowerCase()
			: '';
	if (trueWords.has(word)) return { value: true };
	if (falseWords.has(word)) return { value: false };
	return { fault: 'must be true or false.' };
}

function readNumber(field: WireField, given: unknown): Read {
	const whole = field.type === 'integer';
	// Whoever writes 29,50 takes that for a number.
	const kind = whole ? 'a whole number' : 'a number such as 29.50';
	const written = typeof given === 'string' ? given.trim() : given;
	// Number('') is 0 and Number('1e9') a billion: only plain decimals are taken from text.
	const value =
		typeof written === 'number'
			? written
			: typeof written === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(written)
				? Number(written)
				: Number.NaN;
	if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
		return { fault: `must be ${kind}.` };
	}
	if (field.minimum !== undefined && value < field.minimum) {
		return { fault: `must be ${field.minimum} or more.` };
	}
	if (field.maximum !== undefined && value > field.maximum) {
		return { fault: `must be ${field.maximum} or less.` };
	}
	return { value };
}

function readArray(field: WireField, given: unknown): Read {
	const elements = toElements(given);
	if (elements === null) return { fault: 'must be a list of values.' };
	if (elements.length < (field.minItems ?? 0)) {
		return { fault: `needs at least ${field.minItems} values.` };
	}
	const element: WireField = { ...field, type: field.items ?? 'string' };
	const read: unknown[] = [];
	for (const one of elements) {
		const result = readValue(element, one);
		if ('fault' in result) return { fault: `contains an invalid value, which ${result.fault}` };
		read.push(result.value);
	}
	return { value: read };
}

/**
 * Platforms hand lists over as arrays, as comma-separated text or as JSON text, and as any of these inside an array where
 * a whole list was mapped into one row. MemberPass takes lists of ids, event types and addresses alone: none of them holds
 * a comma, spaces around one mean nothing, and a blank one is none.
 */
function toElements(given: unknown): readonly unknown[] | null {
	if (typeof given === 'string') return fromText(given);
	if (typeof given === 'number') return [given];
	if (!Array.isArray(given)) return null;
	const rows = given
		.filter((row) => !isNothing(row))
		.map((row: unknown) =>
			typeof row === 'string' || Array.isArray(row) ? toElements(row) : [row],
		);
	return rows.includes(null) ? null : rows.flat();
}

function fromText(text: string): readonly unknown[] | null {
	if (!text.trim().startsWith('[')) {
		return text
			.split(',')
			.map((one) => one.trim())
			.filter((one) => one !== '');
	}
	try {
		return toElements(JSON.parse(text));
	} catch {
		return null;
	}
}

function readText(field: WireField, given: unknown): Read {
	if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'bigint') {
		return { fault: 'must be text.' };
	}
	const isFreeText =
		field.in === 'body' &&
		field.enum === undefined &&
		field.format === undefined &&
		field.isId === undefined;
	const value = isFreeText ? String(given) : String(given).trim();
	if (field.enum !== undefined && !field.enum.includes(value)) {
		return { fault: `must be one of ${field.enum.join(', ')}.` };
	}
	if (field.format === 'date') return readDay(value);
	if (field.format === 'date-time' && Number.isNaN(Date.parse(value))) {
		return { fault: 'must be a date and time such as 2026-05-18T10:05:00Z.' };
	}
	if (field.format === 'uri' && !isWebAddress(value)) {
		return { fault: 'must be a full web address that starts with https://.' };
	}
	// Laravel counts characters, not UTF-16 units: an emoji is one.
	const length = Array.from(value).length;
	if (length < (field.minLength ?? 0)) {
		return { fault: `must have at least ${field.minLength} characters; it has ${length}.` };
	}
	if (field.maxLength !== undefined && length > field.maxLength) {
		return { fault: `must have at most ${field.maxLength} characters; it has ${length}.` };
	}
	if (field.pattern !== undefined && !new RegExp(field.pattern, 'u').test(value)) {
		return { fault: `is not valid. ${field.help ?? `It must match ${field.pattern}.`}` };
	}
	return { value };
}

/** A calendar day; a moment is cut to its day, because date pickers and spreadsheets add a time. */
function readDay(value: string): Read {
	const day = /^(\d{4}-\d{2}-\d{2})([T ].*)?$/.exec(value)?.[1];
	// The round trip refuses days that do not exist, such as 2026-02-30.
	const time = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
	if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day) {
		return { fault: 'must be a date such as 2026-05-18.' };
	}
	return { value: day };
}

function isWebAddress(value: string): boolean {
	// A parsable address of these two schemes has a host.
	return /^https?:\/\//i.test(value) && URL.canParse(value);
}
