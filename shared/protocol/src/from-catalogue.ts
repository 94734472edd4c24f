import {
	type EventEntry,
	type FieldSchema,
	limits,
	type ObjectSchema,
	type RouteEntry,
	typeOf,
} from '@memberpass/catalogue';

import type { Alternatives, FieldType, WireField, WireOperation } from './wire.ts';

/** Largest pages the API is known to accept. */
const pageSizes = {
	none: limits.pageSize,
	pages: limits.pageSize,
	cursor: limits.cursorPageSize,
	limit: limits.cursorPageSize,
} as const;

/** Compiles an operation of the catalogue into its wire form. */
export function toWire(entry: RouteEntry): WireOperation {
	const required = new Set(entry.input.required ?? []);
	return {
		name: entry.key,
		method: entry.method,
		path: entry.path,
		fields: Object.entries(entry.input.properties).map(([name, schema]) =>
			toField(name, schema, required.has(name)),
		),
		exclusive: entry.exclusive,
		shape: entry.output.shape,
		paging: entry.output.paging,
		pageSize: entry.output.pageSize ?? pageSizes[entry.output.paging],
		beside: entry.output.beside,
		match: entry.match,
		ability: entry.ability,
	};
}

const bounds = [
	'format',
	'pattern',
	'minimum',
	'maximum',
	'minLength',
	'maxLength',
	'minItems',
] as const;

function toField(name: string, schema: FieldSchema, required: boolean): WireField {
	const place = schema['x-in'];
	if (place === undefined) throw new Error(`Input "${name}" does not say where it travels (x-in).`);
	return {
		name,
		label: schema.title ?? name,
		in: place,
		type: typeOf(schema) as FieldType,
		required,
		...(schema.items === undefined
			? {}
			: { items: typeOf(schema.items) as Exclude<FieldType, 'array'> }),
		...(schema.enum === undefined ? {} : { enum: schema.enum.map(String) }),
		...helpOf(schema),
		...(place === 'body' && schema['x-id'] !== undefined ? { isId: true } : {}),
		...Object.fromEntries(
			bounds.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]])),
		),
	};
}

/** A pattern says nothing to people: the description of its field says in words what it asks for, an example shows it. */
function helpOf({ pattern, description, examples = [] }: FieldSchema): Pick<WireField, 'help'> {
	if (pattern === undefined || description === undefined) return {};
	const [example] = examples;
	return {
		help: typeof example === 'string' ? `${description} For example: ${example}.` : description,
	};
}

/** Collects `x-also-at` of an event's data, in the order of the schema, parents before children. */
export function toAlternatives(entry: Pick<EventEntry, 'data'>): Alternatives {
	const found: Record<string, readonly string[]> = {};
	const walk = (schema: Pick<ObjectSchema, 'properties'>, prefix: string): void => {
		for (const [key, field] of Object.entries(schema.properties)) {
			const path = prefix + key;
			const also = field['x-also-at'];
			if (also !== undefined && also.length > 0) found[path] = also;
			if (field.properties !== undefined) walk({ properties: field.properties }, `${path}.`);
		}
	};
	walk(entry.data, '');
	return found;
}
