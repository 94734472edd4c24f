import { type FieldSchema, type ObjectSchema, typeOf } from '@memberpass/catalogue';
import type { JsonObject } from '@memberpass/protocol';
import type { PlainOutputField } from 'zapier-platform-core';

/**
 * What comes out of a step, read from a schema: the static sample and the labels of its fields. Both are made by
 * the same walk, so they cannot disagree.
 */

type Fields = Pick<FieldSchema, 'properties' | 'required'>;

/**
 * The keys that are always there: required ones, and derived ones, because those are added whenever their source is
 * there. A key that may be absent is none of them: a user who maps it would find nothing.
 */
export function sampleKeysOf(schema: Fields): readonly (readonly [string, FieldSchema])[] {
	const required = new Set(schema.required ?? []);
	return Object.entries(schema.properties ?? {}).filter(
		([key, field]) => required.has(key) || field['x-derived'] === true,
	);
}

/** An example object with every key that is always there. */
export function sampleOf(schema: Fields): JsonObject {
	return Object.fromEntries(sampleKeysOf(schema).map(([key, field]) => [key, exampleOf(field)]));
}

function exampleOf(field: FieldSchema): unknown {
	const [example] = field.examples ?? [];
	if (example !== undefined) return example;
	if (field.properties !== undefined) return sampleOf(field);
	switch (typeOf(field)) {
		case 'array':
			return field.items === undefined ? [] : [exampleOf(field.items)];
		case 'object':
			return {};
		case 'boolean':
			return true;
		case 'integer':
		case 'number':
			return 1;
		default:
			return field.title ?? '';
	}
}

/**
 * Labels and types of the fields below a schema, in Zapier's notation: `data__plan__id`, `providers[]`, `groups[]key`.
 * Free maps have no field: their keys are not known beforehand, and Zapier shows them under their own names.
 */
export function outputFieldsOf(schema: FieldSchema, prefix = ''): PlainOutputField[] {
	return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
		const path = prefix + key;
		if (field.properties !== undefined) return outputFieldsOf(field, `${path}__`);
		const type = typeOf(field);
		if (type !== 'object' && type !== 'array') return [outputField(path, field, key)];
		if (field.items === undefined) return [];
		return field.items.properties === undefined
			? [outputField(`${path}[]`, field.items, field.title ?? key)]
			: outputFieldsOf(field.items, `${path}[]`);
	});
}

function outputField(key: string, field: FieldSchema, fallback: string): PlainOutputField {
	return { key, label: field.title ?? fallback, type: outputType(field) };
}

function outputType(field: FieldSchema): NonNullable<PlainOutputField['type']> {
	const type = typeOf(field);
	if (type === 'boolean' || type === 'integer' || type === 'number') return type;
	return field.format === 'date-time' || field.format === 'date' ? 'datetime' : 'string';
}

/** An object schema whose first key is `id`, for results that Zapier needs an id of. */
export function withIdFirst(schema: ObjectSchema, title: string, example: string): ObjectSchema {
	return {
		...schema,
		properties: { id: { type: 'string', title, examples: [example] }, ...schema.properties },
		required: [...new Set(['id', ...(schema.required ?? [])])],
	};
}
