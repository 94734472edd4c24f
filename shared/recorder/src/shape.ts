import {
	type EventEntry,
	eventByType,
	errorCodes,
	type FieldSchema,
	type ObjectSchema,
	typesOf,
} from '@memberpass/catalogue';
import { isJsonObject, type JsonObject } from '@memberpass/protocol';

import type { DifferenceKind } from './types.ts';

/** A difference inside one answer or delivery; whoever collects them adds what it is about. */
export interface ShapeFault {
	readonly kind: DifferenceKind;
	readonly where: string;
	readonly expected: string;
	readonly seen: string;
}

/** The JSON type of a value, with `integer` apart from `number`. */
export function typeName(value: unknown): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	return Number.isInteger(value) ? 'integer' : typeof value;
}

/** Whether a JSON type is one of these; anything is where none is named. */
export const fits = (seen: string, types: readonly string[]): boolean =>
	types.length === 0 || types.includes(seen) || (seen === 'integer' && types.includes('number'));

const formats: Readonly<Record<string, (value: string) => boolean>> = {
	'date-time': (value) =>
		/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(value) &&
		!Number.isNaN(Date.parse(value)),
	date: (value) => /^\d{4}-\d{2}-\d{2}$/.test(value),
	uri: (value) => URL.canParse(value),
	email: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
};

/** `subscription.past_due`, `project.bot.connected`. */
export const eventTypePattern = /^[a-z]+(?:_[a-z]+)*(?:\.[a-z]+(?:_[a-z]+)*){1,2}$/;

/** A value that may be shown in a report: a word of a vocabulary, never a sentence or a name. */
export const isWord = (value: string): boolean => /^[a-z][a-z0-9_.:-]{0,39}$/.test(value);

/** A key as a report may show it: a map may be keyed by addresses or ids, and those are nobody's business. */
export const safeKey = (key: string): string =>
	/^[A-Za-z][A-Za-z_-]{0,40}\d{0,2}$/.test(key) ? key : '*';

/** Where an object says nothing about its keys, every key is as expected. */
const isAnything = (schema: FieldSchema): boolean =>
	Object.keys(schema.properties ?? {}).length === 0 &&
	typeof schema.additionalProperties !== 'object';

/**
 * Holds a value against a schema of the catalogue. Unlike a validator it reports keys that the schema does not know,
 * because those are what MemberPass has and the catalogue has not.
 *
 * @param where Dotted path for the report; `[]` for the rows of a list, `*` for the names of a map.
 */
export function shapeFaults(schema: FieldSchema, value: unknown, where: string): ShapeFault[] {
	const types = typesOf(schema);
	const seen = typeName(value);
	if (!fits(seen, types)) {
		return [{ kind: 'other type', where, expected: types.join(' or '), seen }];
	}
	if (typeof value === 'string') return textFaults(schema, value, where);
	if (Array.isArray(value)) {
		const { items } = schema;
		return items === undefined ? [] : value.flatMap((one) => shapeFaults(items, one, `${where}[]`));
	}
	return isJsonObject(value) ? objectFaults(schema, value, where) : [];
}

function textFaults(schema: FieldSchema, value: string, where: string): ShapeFault[] {
	const isFormat = schema.format === undefined ? undefined : formats[schema.format];
	if (isFormat !== undefined && value !== '' && !isFormat(value)) {
		return [
			{
				kind: 'other format',
				where,
				expected: schema.format ?? '',
				seen: 'a text of another form',
			},
		];
	}
	const known = [...(schema['x-known-values'] ?? []), ...(schema.enum ?? [])];
	if (known.length > 0 && !known.includes(value)) {
		return [
			{
				kind: 'new value',
				where,
				expected: 'a listed value',
				seen: isWord(value) ? value : 'a text',
			},
		];
	}
	return [];
}

function objectFaults(schema: FieldSchema, value: JsonObject, where: string): ShapeFault[] {
	if (isAnything(schema)) return [];
	const inside = (key: string): string =>
		where === '' ? safeKey(key) : `${where}.${safeKey(key)}`;
	const properties = schema.properties ?? {};
	const missing = (schema.required ?? [])
		.filter((key) => !Object.hasOwn(value, key))
		.map((key): ShapeFault => ({
			kind: 'missing field',
			where: inside(key),
			expected: typesOf(properties[key] ?? {}).join(' or '),
			seen: 'absent',
		}));
	const others = Object.entries(value).flatMap(([key, one]): ShapeFault[] => {
		const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
		if (field !== undefined) return shapeFaults(field, one, inside(key));
		const { additionalProperties } = schema;
		return typeof additionalProperties === 'object'
			? shapeFaults(additionalProperties, one, inside('*'))
			: [{ kind: 'new field', where: inside(key), expected: 'absent', seen: typeName(one) }];
	});
	return [...missing, ...others];
}

const text: FieldSchema = { type: 'string' };

/** The documented envelope of a refusal. */
const refusal: ObjectSchema = {
	type: 'object',
	required: ['error'],
	properties: {
		error: {
			type: 'object',
			required: ['code', 'message', 'docs_url', 'remediation', 'request_id'],
			properties: {
				code: text,
				message: text,
				docs_url: text,
				remediation: text,
				request_id: text,
				fields: { type: 'object', additionalProperties: { type: 'array', items: text } },
				context: { type: 'object' },
			},
		},
	},
};

/**
 * What is not as documented in a refusal: its envelope, its code, the status of its code.
 *
 * @param body Undefined where it is no JSON.
 */
export function refusalFaults(status: number, body: unknown): ShapeFault[] {
	if (body === undefined) {
		return [{ kind: 'other type', where: '', expected: 'object', seen: 'no JSON' }];
	}
	const faults = shapeFaults(refusal, body, '');
	const error = isJsonObject(body) && isJsonObject(body['error']) ? body['error'] : {};
	const { code } = error;
	if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{0,60}$/.test(code)) return faults;
	const known = (errorCodes as Readonly<Record<string, { readonly status: number | null }>>)[code];
	if (known === undefined) {
		return [
			...faults,
			{
				kind: 'unknown code',
				where: 'error.code',
				expected: 'a listed code',
				seen: `${status} ${code}`,
			},
		];
	}
	return known.status === null || known.status === status
		? faults
		: [
				...faults,
				{ kind: 'other status', where: code, expected: String(known.status), seen: String(status) },
			];
}

const envelope: ObjectSchema = {
	type: 'object',
	required: ['id', 'type', 'created_at', 'api_version', 'project_id', 'data'],
	properties: {
		id: text,
		type: text,
		created_at: { type: 'string', format: 'date-time' },
		api_version: text,
		project_id: { type: ['string', 'null'] },
		data: { type: 'object' },
	},
};

/**
 * Holds an event against its entry: the envelope, and `data` against whichever documented shape it is closest to.
 *
 * Where that is not the canonical one, the shape itself is the difference, not each of its keys.
 */
export function eventFaults(event: JsonObject): ShapeFault[] {
	const faults = shapeFaults(envelope, event, '');
	const { type, data } = event;
	const entry = typeof type === 'string' ? eventByType(type) : undefined;
	if (entry === undefined) {
		const seen = typeof type === 'string' && isWord(type) ? type : 'a text';
		return [...faults, { kind: 'unknown event', where: 'type', expected: 'a listed event', seen }];
	}
	const [best] = shapesOf(entry)
		.map((shape) => ({ ...shape, faults: shapeFaults(shape.data, data, 'data') }))
		// Stable: the canonical shape comes first and wins a tie.
		.sort((a, b) => a.faults.length - b.faults.length);
	if (best === undefined) return faults;
	return [
		...faults,
		...(best.name === null
			? []
			: [{ kind: 'event shape' as const, where: 'data', expected: 'flat', seen: best.name }]),
		...best.faults,
	];
}

const shapesOf = (entry: EventEntry): { name: string | null; data: ObjectSchema }[] => [
	{ name: null, data: entry.data },
	...entry.variants.map(({ name, data }) => ({ name, data })),
];
