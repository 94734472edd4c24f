import { type RouteEntry, typeOf } from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';

import { addError, ApiError, type FieldErrors } from './errors.ts';
import type { Switches } from './switches.ts';

/** Inputs of a call: path, query and body together, as the catalogue lists them. */
export type Input = Readonly<Record<string, unknown>>;

/**
 * A body, a query or the parts of a path, which may be missing.
 *
 * @throws ApiError where it is there and no object.
 */
export function bodyOf(body: unknown): Input {
	if (body === undefined || body === null) return {};
	if (!isJsonObject(body)) {
		throw new ApiError('MALFORMED_REQUEST', { message: 'The body must be a JSON object.' });
	}
	return body;
}

/** The part of an ajv error that messages are made of. */
export interface SchemaError {
	readonly keyword: string;
	readonly instancePath: string;
	readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Turns the texts of a query into what the schema asks for. What cannot be read stays a text, and validation says so.
 * Lists are read in PHP's form, `plan_ids[]=a` or `plan_ids[0]=a`, or with commas, as the switch says.
 */
export function readQuery(
	entry: RouteEntry,
	query: Readonly<Record<string, unknown>>,
	lists: Switches['queryLists'],
): Input {
	const input: Record<string, unknown> = {};
	for (const [written, value] of Object.entries(query)) {
		const list = lists === 'commas' ? null : /^([^[\]]+)\[\d*\]$/.exec(written);
		const name = list?.[1] ?? written;
		// A name given twice: PHP keeps the last.
		const values: readonly unknown[] = Array.isArray(value) ? value : [value];
		if (list !== null) {
			const before = input[name];
			const kept: readonly unknown[] = Array.isArray(before) ? before : [];
			input[name] = [...kept, ...values];
		} else {
			input[name] = values.at(-1);
		}
	}
	for (const [name, schema] of Object.entries(entry.input.properties)) {
		const value = input[name];
		if (schema['x-in'] !== 'query' || typeof value !== 'string') continue;
		// Laravel turns empty texts into null before it validates.
		if (value === '') Reflect.deleteProperty(input, name);
		else if (lists === 'commas' && typeOf(schema) === 'array') input[name] = value.split(',');
		else input[name] = fromText(typeOf(schema), value);
	}
	return input;
}

function fromText(type: string, value: string): unknown {
	switch (type) {
		case 'integer':
			return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
		case 'number':
			return /^-?\d{1,15}(\.\d+)?$/.test(value) ? Number(value) : value;
		case 'boolean':
			return value === '1' || value === 'true'
				? true
				: value === '0' || value === 'false'
					? false
					: value;
		default:
			return value;
	}
}

/** Trims texts, as Laravel does before it validates. */
export function readBody(body: Readonly<Record<string, unknown>>): Input {
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [
			name,
			typeof value === 'string' ? value.trim() : value,
		]),
	);
}

/** "custom_expiry_amount" as messages say it. */
export const spoken = (name: string): string => name.replaceAll('_', ' ');

/** Says what ajv found in Laravel's words, under the names Laravel uses (`events.0`). */
export function fieldErrors(errors: readonly SchemaError[], input: Input): FieldErrors {
	const fields: FieldErrors = {};
	for (const error of errors) {
		const missing = error.params['missingProperty'];
		const path = error.instancePath.split('/').slice(1);
		const name = [...path, ...(typeof missing === 'string' ? [missing] : [])]
			.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
			.join('.');
		const [first = ''] = path;
		addError(fields, name, messageOf(error, spoken(name), input[first]));
	}
	return fields;
}

function messageOf(error: SchemaError, name: string, value: unknown): string {
	const limit = error.params['limit'];
	const most = typeof limit === 'number' ? limit : 0;
	switch (error.keyword) {
		case 'required':
			return `The ${name} field is required.`;
		case 'type':
			return value === null
				? `The ${name} field is required.`
				: `The ${name} field must be ${typeWords(error.params['type'])}.`;
		case 'enum':
			return `The selected ${name} is invalid.`;
		case 'minLength':
			return value === ''
				? `The ${name} field is required.`
				: `The ${name} field must be at least ${most} characters.`;
		case 'maxLength':
			return `The ${name} field must not be greater than ${most} characters.`;
		case 'minimum':
			return `The ${name} field must be at least ${most}.`;
		case 'maximum':
			return `The ${name} field must not be greater than ${most}.`;
		case 'minItems':
			return `The ${name} field must have at least ${most} items.`;
		case 'format':
			return error.params['format'] === 'uri'
				? `The ${name} field must be a valid URL.`
				: `The ${name} field must be a valid date.`;
		default:
			return `The ${name} field format is invalid.`;
	}
}

function typeWords(type: unknown): string {
	switch (type) {
		case 'boolean':
			return 'true or false';
		case 'integer':
			return 'an integer';
		case 'array':
			return 'an array';
		case 'object':
			return 'an object';
		default:
			return `a ${String(type)}`;
	}
}

/** Of a group of inputs at most one may be set. A false flag counts as not set. */
export function exclusiveErrors(entry: RouteEntry, input: Input): FieldErrors {
	const fields: FieldErrors = {};
	for (const group of entry.exclusive) {
		const set = group.filter((name) => input[name] !== undefined && input[name] !== false);
		const [first, ...others] = set;
		if (first === undefined) continue;
		for (const name of others) {
			addError(
				fields,
				name,
				`The ${spoken(name)} field is prohibited when ${spoken(first)} is present.`,
			);
		}
	}
	return fields;
}

/** What a server says of empty texts that reads them as null where no null may be. */
export function emptyTextErrors(entry: RouteEntry, input: Input): FieldErrors {
	const fields: FieldErrors = {};
	for (const [name, schema] of Object.entries(entry.input.properties)) {
		// A required one, or one that must have a length, is refused without this.
		const isBare = schema['x-in'] === 'body' && (schema.minLength ?? 0) === 0;
		if (isBare && input[name] === '') {
			addError(fields, name, `The ${spoken(name)} field must be a string.`);
		}
	}
	return fields;
}

/** All errors of several checks, a field's first finding first. */
export function mergeErrors(...all: readonly FieldErrors[]): FieldErrors {
	const fields: FieldErrors = {};
	for (const one of all) {
		for (const [name, messages] of Object.entries(one)) {
			for (const message of messages) addError(fields, name, message);
		}
	}
	return fields;
}

/** Inputs without those that are wrong already, so that later checks can trust the types of the rest. */
export function withoutErrors(input: Input, fields: FieldErrors): Input {
	const wrong = new Set(Object.keys(fields).map((name) => name.split('.')[0] ?? name));
	return Object.fromEntries(Object.entries(input).filter(([name]) => !wrong.has(name)));
}
