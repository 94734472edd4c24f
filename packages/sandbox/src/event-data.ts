import {
	eventByType,
	type EventEntry,
	type FieldSchema,
	type ObjectSchema,
	typesOf,
} from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';

import type { Switches } from './switches.ts';

/** Facts an event's data is drawn from; see `shapeData`. */
export type Facts = Readonly<Record<string, unknown>>;

type Properties = Pick<ObjectSchema, 'properties' | 'required'>;

/** The first example a schema gives, or the simplest value that fits it. */
export function exampleOf(schema: FieldSchema): unknown {
	const [example] = schema.examples ?? [];
	if (example !== undefined) return example;
	const [known] = schema['x-known-values'] ?? [];
	if (schema.enum?.[0] !== undefined) return schema.enum[0];
	if (known !== undefined) return known;
	if (schema.default !== undefined) return schema.default;
	const [type = 'string'] = typesOf(schema);
	if (schema.properties !== undefined) {
		return Object.fromEntries(
			Object.entries(schema.properties)
				.filter(([, field]) => field['x-derived'] !== true)
				.map(([key, field]) => [key, exampleOf(field)]),
		);
	}
	switch (type) {
		case 'array':
			return schema.items === undefined ? [] : [exampleOf(schema.items)];
		case 'object':
			return {};
		case 'boolean':
			return true;
		case 'integer':
		case 'number':
			return Math.max(1, schema.minimum ?? 1);
		default:
			return 'example';
	}
}

/**
 * Draws an event's data from facts, in the shape a schema asks for. A null where the schema wants a value is left out:
 * MemberPass drops what it does not have ("may be missing"). Facts that are missing come from the examples.
 */
export function shapeData(
	schema: Properties,
	facts: Facts,
	wants: (key: string, field: FieldSchema) => boolean = () => true,
): Record<string, unknown> {
	const required = new Set(schema.required ?? []);
	const data: Record<string, unknown> = {};
	for (const [key, field] of Object.entries(schema.properties)) {
		// Derived keys are added by receivers; MemberPass itself does not send them.
		if (field['x-derived'] === true) continue;
		const fact = Object.hasOwn(facts, key) ? facts[key] : undefined;
		if (
			field.properties !== undefined &&
			(isJsonObject(fact) || (fact === undefined && required.has(key)))
		) {
			const inner = { properties: field.properties, required: field.required ?? [] };
			data[key] = shapeData(inner, isJsonObject(fact) ? fact : {}, wants);
		} else if (fact !== undefined && wants(key, field)) {
			if (fact !== null || typesOf(field).length === 0 || typesOf(field).includes('null')) {
				data[key] = fact;
			}
		} else if (required.has(key)) {
			data[key] = exampleOf(field);
		}
	}
	return data;
}

/** The schema of an event's data under the shape that is switched on. */
export function dataSchema(entry: EventEntry, shape: Switches['eventShape']): ObjectSchema {
	const names = { flat: [], nested: ['nested', 'family'], manifest: ['manifest'] }[shape];
	const variant = entry.variants.find((one) => (names as readonly string[]).includes(one.name));
	return variant?.data ?? entry.data;
}

/** Facts that an event fired by hand takes from the account; states and times come from the event's own examples. */
const accountKeys: ReadonlySet<string> = new Set([
	'telegram_user_id',
	'email',
	'name',
	'handle',
	'title',
	'chat_id',
	'price',
	'currency',
	'amount',
	'code',
	'description',
	'bot_name',
	'bot_url',
	'role_code',
	'external_payment_id',
]);

/** The data of an event fired by hand: the documented example, pointing at rows that exist. */
export function sampleData(
	entry: EventEntry,
	facts: Facts,
	switches: Readonly<Switches>,
): Record<string, unknown> {
	return shapeData(
		dataSchema(entry, switches.eventShape),
		facts,
		(key, field) =>
			field['x-id'] !== undefined ||
			// Amounts of billing events are the creator's, not a subscriber's.
			(entry.family !== 'billing' && (accountKeys.has(key) || field.items?.['x-id'] !== undefined)),
	);
}

/** The entry of a type the sandbox itself sends; a wrong type is a mistake in our own code. */
export function knownEvent(type: string): EventEntry {
	const entry = eventByType(type);
	if (entry === undefined) throw new Error(`The catalogue has no event "${type}".`);
	return entry;
}
