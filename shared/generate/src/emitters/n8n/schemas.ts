import {
	type EventEntry,
	events,
	type FieldSchema,
	n8nOperationKey,
	type ObjectSchema,
	operations,
	type OperationEntry,
} from '@memberpass/catalogue';

import { simplePaths } from './simple.ts';

/** A file below `__schema__`: n8n shows it as the output of a node that has not run yet. */
export interface SchemaFile {
	readonly path: string;
	readonly schema: Readonly<Record<string, unknown>>;
}

type Shape = Readonly<Record<string, unknown>>;

/**
 * Types and names only: the editor shows nothing else, and a closed set of values may grow any day. What is undefined
 * does not get into the JSON.
 */
function shapeOf(field: FieldSchema): Shape {
	const { properties, items, additionalProperties } = field;
	return {
		type: field.type,
		properties:
			properties === undefined
				? undefined
				: Object.fromEntries(
						Object.entries(properties).map(([name, inner]) => [name, shapeOf(inner)]),
					),
		items: items === undefined ? undefined : shapeOf(items),
		additionalProperties:
			typeof additionalProperties === 'object' ? shapeOf(additionalProperties) : undefined,
	};
}

const objectOf = (properties: Shape): Shape => ({ type: 'object', properties, version: 1 });

/** One output item of an operation. */
function itemSchema(entry: OperationEntry, version: 1 | 2): Shape {
	const { shape, schema } = entry.output;
	const whole = shape === 'nothing' ? {} : (shapeOf(schema)['properties'] as Shape);
	if (entry.method === 'DELETE') return objectOf({ ...whole, deleted: { type: 'boolean' } });
	if (shape === 'nothing') return objectOf({ success: { type: 'boolean' } });
	const paths = version === 2 ? simplePaths(entry) : null;
	if (paths === null) return objectOf(whole);
	return objectOf(
		Object.fromEntries(paths.map((path) => [path.replace('.', '_'), shapeAt(schema, path)])),
	);
}

function shapeAt(schema: ObjectSchema, path: string): Shape {
	const field = path
		.split('.')
		.reduce<FieldSchema | undefined>((outer, key) => outer?.properties?.[key], schema);
	return shapeOf(field ?? {});
}

/** Schemas of the action node. Version 2 shows what Simplify, which is on unless switched off, leaves. */
export function actionSchemas(
	entries: readonly OperationEntry[] = operations,
): readonly SchemaFile[] {
	return entries.flatMap((entry) =>
		([1, 2] as const).map((version) => ({
			path: `v${version}.0.0/${n8nOperationKey(entry).replace('.', '/')}.json`,
			schema: itemSchema(entry, version),
		})),
	);
}

/**
 * Schema of the trigger: the envelope with the keys of every event below `data`. n8n knows one schema for a node
 * without resources; which of the keys come depends on the event.
 */
export function triggerSchema(
	entries: readonly Pick<EventEntry, 'data' | 'variants'>[] = events,
): SchemaFile {
	const shapes = entries.flatMap((entry) => [
		entry.data,
		...entry.variants.map((variant) => variant.data),
	]);
	return {
		path: 'v1.0.0.json',
		schema: objectOf({
			id: { type: 'string' },
			type: { type: 'string' },
			created_at: { type: 'string' },
			api_version: { type: 'string' },
			project_id: { type: ['string', 'null'] },
			data: shapes.map(shapeOf).reduce(merged),
		}),
	};
}

const typesOf = ({ type }: Shape): readonly unknown[] =>
	type === undefined ? [] : Array.isArray(type) ? type : [type];

/** A schema that accepts what either accepts; where one says nothing, so does the result. */
function merged(one: Shape, other: Shape): Shape {
	const types = [...new Set([...typesOf(one), ...typesOf(other)])];
	if (typesOf(one).length === 0 || typesOf(other).length === 0) return {};
	return {
		type: types.length === 1 ? types[0] : types,
		properties: mergedProperties(one['properties'], other['properties']),
		items: mergedPart(one['items'], other['items']),
		additionalProperties: mergedPart(one['additionalProperties'], other['additionalProperties']),
	};
}

function mergedPart(one: unknown, other: unknown): Shape | undefined {
	if (one === undefined || other === undefined) return (one ?? other) as Shape | undefined;
	return merged(one as Shape, other as Shape);
}

function mergedProperties(one: unknown, other: unknown): Shape | undefined {
	if (one === undefined || other === undefined) return (one ?? other) as Shape | undefined;
	const [first, second] = [one as Shape, other as Shape];
	return Object.fromEntries(
		[...new Set([...Object.keys(first), ...Object.keys(second)])]
			.sort()
			.map((name) => [name, mergedPart(first[name], second[name])]),
	);
}
