import type { FieldSchema } from '@memberpass/catalogue';
import { isJsonObject, type JsonObject } from '@memberpass/protocol';

import { omit } from '../../../packages/sandbox/src/omit.ts';
import {
	type Description,
	type EventFacts,
	type Key,
	type KeySet,
	keysOf,
	type RouteFacts,
	routeName,
} from './drift.ts';
import { eventTypePattern, typeName } from './shape.ts';

/**
 * Readers of the host's machine-readable files. None of them could be seen, so each takes any form in which the names
 * can be recognised: lists of texts, lists of objects, objects keyed by name, at any depth.
 */

export const hostFiles = [
	'openapi.json',
	'abilities.json',
	'error-codes.json',
	'webhook-events.json',
] as const;
export type HostFile = (typeof hostFiles)[number];

const abilityPattern = /^[a-z][a-z-]*:[a-z][a-z-]*$/;
const codePattern = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/;
const oneWordCode = /^[A-Z]{4,}$/;

const nameKeys = ['type', 'event', 'name', 'code', 'key', 'id', 'slug'];

/** The name an object goes by, if one of its usual keys holds a text of the wanted form. */
function nameOf(value: JsonObject, pattern: RegExp): string | null {
	for (const key of nameKeys) {
		const name = value[key];
		if (typeof name !== 'string') continue;
		// Under its own key a code of one word is a code; elsewhere it may be a method or a currency.
		if (pattern.test(name) || (key === 'code' && oneWordCode.test(name))) return name;
	}
	return null;
}

/** Beyond this it is no description of an API, whatever it is; every name of one side is held against those of the other. */
const mostNames = 10_000;
const isPlausible = (found: ReadonlyMap<string, unknown>): boolean => found.size <= mostNames;

/** Everything that has a name of the wanted form, with the object that describes it. */
function named(value: unknown, pattern: RegExp): Map<string, JsonObject> {
	const found = new Map<string, JsonObject>();
	const walk = (one: unknown): void => {
		if (Array.isArray(one)) {
			for (const item of one) {
				if (typeof item === 'string' && pattern.test(item)) found.set(item, found.get(item) ?? {});
				else walk(item);
			}
			return;
		}
		if (!isJsonObject(one)) return;
		const name = nameOf(one, pattern);
		if (name !== null) {
			found.set(name, one);
			// What describes it may hold samples, whose names are not declarations.
			return;
		}
		for (const [key, inner] of Object.entries(one)) {
			if (pattern.test(key)) {
				found.set(
					key,
					isJsonObject(inner) ? inner : typeof inner === 'number' ? { status: inner } : {},
				);
			} else walk(inner);
		}
	};
	walk(value);
	return isPlausible(found) ? found : new Map<string, JsonObject>();
}

/** Null where no ability can be recognised. */
export function readAbilities(file: unknown): Description['abilities'] {
	const found = named(file, abilityPattern);
	return found.size === 0 ? null : new Set(found.keys());
}

export function readErrorCodes(file: unknown): Description['errorCodes'] {
	const found = named(file, codePattern);
	if (found.size === 0) return null;
	return new Map(
		[...found].map(([code, facts]) => {
			const status = ['status', 'http_status', 'status_code', 'http_code']
				.map((key) => Number(facts[key]))
				.find((one) => Number.isInteger(one) && one >= 100 && one <= 599);
			return [code, { status: status ?? null }];
		}),
	);
}

export function readEvents(file: unknown): Description['events'] {
	const found = named(file, eventTypePattern);
	if (found.size === 0) return null;
	return new Map(
		[...found].map(([type, facts]): [string, EventFacts] => [
			type,
			{ abilities: abilitiesIn(facts), data: payloadOf(facts) },
		]),
	);
}

const abilityKeys = [
	'required_ability',
	'required_abilities',
	'required_scopes',
	'x-required-scopes',
	'x-required-abilities',
	'ability',
	'abilities',
	'scopes',
	'permission',
];

function abilitiesIn(facts: JsonObject): readonly string[] | null {
	for (const key of abilityKeys) {
		if (!Object.hasOwn(facts, key)) continue;
		const texts = [facts[key]].flat().filter((one) => typeof one === 'string');
		return texts.filter((one) => abilityPattern.test(one));
	}
	return null;
}

function payloadOf(facts: JsonObject): KeySet | null {
	for (const key of ['data', 'data_schema', 'payload_schema', 'schema', 'payload']) {
		const schema = facts[key];
		if (!isJsonObject(schema) || !isJsonObject(schema['properties'])) continue;
		const inner = schema['properties']['data'];
		// The schema may be that of the whole delivery.
		const isEnvelope = isJsonObject(inner) && 'type' in schema['properties'];
		return { keys: keysOf(asSchema(isEnvelope ? inner : schema)), depth: 'deep', exact: true };
	}
	for (const key of ['payload_keys', 'keys', 'fields', 'properties']) {
		const list = facts[key];
		if (!Array.isArray(list)) continue;
		const names = list.flatMap((one: unknown) =>
			typeof one === 'string'
				? [one]
				: isJsonObject(one) && typeof one['name'] === 'string'
					? [one['name']]
					: [],
		);
		return {
			keys: new Map(names.map((name) => [name, { types: [], required: false }])),
			depth: names.some((name) => name.includes('.')) ? 'deep' : 'top',
			exact: false,
		};
	}
	for (const key of ['sample', 'example', 'payload', 'data']) {
		const sample = facts[key];
		if (!isJsonObject(sample)) continue;
		const { data } = sample;
		const body = isJsonObject(data) && 'type' in sample ? data : sample;
		return { keys: keysOfSample(body, ''), depth: 'deep', exact: false };
	}
	return null;
}

function keysOfSample(sample: JsonObject, prefix: string): Map<string, Key> {
	const found = new Map<string, Key>();
	for (const [name, value] of Object.entries(sample)) {
		// A null says nothing of the type.
		found.set(prefix + name, { types: value === null ? [] : [typeName(value)], required: false });
		const [first] = Array.isArray(value) ? (value as unknown[]) : [];
		const inner = Array.isArray(value) ? first : value;
		if (!isJsonObject(inner)) continue;
		const at = `${prefix}${name}${Array.isArray(value) ? '[]' : ''}.`;
		for (const [path, key] of keysOfSample(inner, at)) found.set(path, key);
	}
	return found;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** `/openapi.json`, 3.0 or 3.1. */
export function readOpenApi(file: unknown, basePath: string): Description['routes'] {
	if (!isJsonObject(file) || !isJsonObject(file['paths'])) return null;
	const found = new Map<string, RouteFacts>();
	const look = (value: unknown): JsonObject => resolve(file, value);
	const expand = createExpand(file);
	for (const [path, raw] of Object.entries(file['paths'])) {
		const item = look(raw);
		for (const method of methods) {
			if (!isJsonObject(item[method])) continue;
			const operation = item[method];
			const shared: unknown[] = Array.isArray(item['parameters']) ? item['parameters'] : [];
			const own: unknown[] = Array.isArray(operation['parameters']) ? operation['parameters'] : [];
			const inputs = new Map<string, Key>();
			for (const parameter of [...shared, ...own].map(look)) {
				if (parameter['in'] !== 'query' || typeof parameter['name'] !== 'string') continue;
				const schema = expand(parameter['schema']);
				inputs.set(parameter['name'].replace(/\[\]$/, ''), {
					...keyOf(schema),
					required: parameter['required'] === true,
				});
			}
			const body = expand(contentOf(look(operation['requestBody'])));
			for (const [name, key] of keysOf(body)) {
				if (!/[.[]/.test(name)) inputs.set(name, key);
			}
			found.set(routeName(method, path, basePath), {
				abilities: scopesOf(operation),
				inputs: { keys: inputs, depth: 'top', exact: true },
				answer: answerOf(look, expand, operation),
			});
		}
	}
	return found.size === 0 || !isPlausible(found) ? null : found;
}

const keyOf = (schema: FieldSchema): Key =>
	keysOf({ properties: { one: schema } }).get('one') ?? { types: [], required: false };

function scopesOf(operation: JsonObject): readonly string[] | null {
	const named = abilitiesIn(operation);
	if (named !== null) return named;
	const security: unknown = operation['security'];
	if (!Array.isArray(security)) return null;
	const scopes = security
		.filter(isJsonObject)
		.flatMap((one) => Object.values(one).flat())
		.filter((one): one is string => typeof one === 'string' && abilityPattern.test(one));
	// An empty list there is usual and means nothing.
	return scopes.length === 0 ? null : scopes;
}

/** The schema of a body: JSON before anything else. */
function contentOf(body: JsonObject): unknown {
	const content = body['content'];
	if (!isJsonObject(content)) return undefined;
	const media = content['application/json'] ?? Object.values(content)[0];
	return isJsonObject(media) ? media['schema'] : undefined;
}

function answerOf(
	look: (value: unknown) => JsonObject,
	expand: Expand,
	operation: JsonObject,
): KeySet | null {
	const responses = operation['responses'];
	if (!isJsonObject(responses)) return null;
	// Numbers come first, in their order; "2XX" stands for every success.
	const status = Object.keys(responses).find((one) => /^2(?:\d\d|XX)$/i.test(one));
	if (status === undefined) return null;
	const schema = expand(contentOf(look(responses[status])));
	const properties = schema.properties ?? {};
	const { data } = properties;
	const beside = omit(properties, 'data', 'meta', 'links');
	const row = data?.items ?? data ?? schema;
	if (row.properties === undefined) return null;
	const keys = keysOf(row);
	// The catalogue counts what stands beside `data` to the row.
	if (data !== undefined) {
		const required = schema.required ?? [];
		for (const [path, key] of keysOf({ properties: beside, required })) {
			if (!keys.has(path) || key.required) keys.set(path, key);
		}
	}
	return { keys, depth: 'deep', exact: true };
}

/** Follows a local reference; one that leads nowhere leads to an empty object. */
function resolve(file: JsonObject, value: unknown): JsonObject {
	let current: unknown = value;
	for (let hops = 0; hops < 10 && isJsonObject(current); hops++) {
		const reference = current['$ref'];
		if (typeof reference !== 'string') return current;
		current = reference.startsWith('#/')
			? reference
					.slice(2)
					.split('/')
					.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
					.reduce<unknown>((at, part) => (isJsonObject(at) ? at[part] : undefined), file)
			: undefined;
	}
	return isJsonObject(current) ? current : {};
}

/** Reads schemas without references and `allOf`, in the form that {@link keysOf} reads. */
type Expand = (value: unknown) => FieldSchema;

/** References and compositions on the way to a key; more than any description needs. */
const mostSteps = 8;
/** `data`, the keys of a row and the keys inside those: the catalogue goes no deeper. */
const mostLevels = 3;

/**
 * Schemas of a host may contain themselves and each other, so that a tree of them has no end; that is what the bounds
 * are for. Each schema is expanded once for each distance.
 */
function createExpand(file: JsonObject): Expand {
	const known = new Map<string, WeakMap<JsonObject, FieldSchema>>();
	const expand = (value: unknown, steps: number, levels: number): FieldSchema => {
		if (steps > mostSteps || levels > mostLevels) return {};
		const schema = resolve(file, value);
		const distance = `${steps} ${levels}`;
		const here = known.get(distance) ?? new WeakMap<JsonObject, FieldSchema>();
		known.set(distance, here);
		const before = here.get(schema);
		if (before !== undefined) return before;
		const expanded = flattened(
			schema,
			(part) => expand(part, steps + 1, levels),
			(inner) => expand(inner, steps + 1, levels + 1),
		);
		here.set(schema, expanded);
		return expanded;
	};
	return (value) => expand(value, 0, 0);
}

function flattened(schema: JsonObject, expand: Expand, expandInner: Expand): FieldSchema {
	const parts: readonly unknown[] = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
	const merged = parts.map(expand);
	const anyOf: unknown = schema['anyOf'] ?? schema['oneOf'];
	const choices = Array.isArray(anyOf) ? anyOf.map(expand) : [];
	const own = asSchema(schema);
	const properties = isJsonObject(schema['properties'])
		? Object.fromEntries(
				Object.entries(schema['properties']).map(([name, field]) => [name, expandInner(field)]),
			)
		: {};
	const all = Object.assign(
		{},
		...merged.map((one) => one.properties ?? {}),
		properties,
	) as Readonly<Record<string, FieldSchema>>;
	const types = [own, ...merged, ...choices].flatMap((one) => one.type ?? []);
	const required = [...merged, own].flatMap((one) => one.required ?? []);
	return {
		...(types.length === 0 ? {} : { type: [...new Set(types)] }),
		...(own.enum === undefined ? {} : { enum: own.enum }),
		...(Object.keys(all).length === 0 ? {} : { properties: all }),
		...(required.length === 0 ? {} : { required: [...new Set(required)] }),
		...(schema['items'] === undefined ? {} : { items: expand(schema['items']) }),
	};
}

/** The parts of a JSON Schema that are compared, from a value that may be anything. */
function asSchema(value: JsonObject): FieldSchema {
	const texts = (one: unknown): string[] =>
		[one].flat().filter((item): item is string => typeof item === 'string');
	const types = texts(value['type']);
	// OpenAPI 3.0 says it with a flag.
	if (value['nullable'] === true) types.push('null');
	const values = value['enum'];
	const { properties, items } = value;
	return {
		...(types.length === 0 ? {} : { type: types }),
		...(Array.isArray(values)
			? { enum: values.filter((one) => typeof one === 'string' || typeof one === 'number') }
			: {}),
		...(Array.isArray(value['required']) ? { required: texts(value['required']) } : {}),
		...(isJsonObject(properties)
			? {
					properties: Object.fromEntries(
						Object.entries(properties).map(([name, field]) => [
							name,
							asSchema(isJsonObject(field) ? field : {}),
						]),
					),
				}
			: {}),
		...(isJsonObject(items) ? { items: asSchema(items) } : {}),
	};
}

/** What the files say, with the names of those that say nothing that can be recognised. */
export function readDescription(
	files: Readonly<Partial<Record<HostFile, unknown>>>,
	basePath: string,
): { readonly host: Description; readonly unreadable: readonly HostFile[] } {
	const host: Description = {
		routes: readOpenApi(files['openapi.json'], basePath),
		abilities: readAbilities(files['abilities.json']),
		errorCodes: readErrorCodes(files['error-codes.json']),
		events: readEvents(files['webhook-events.json']),
	};
	const parts: readonly (readonly [HostFile, unknown])[] = [
		['openapi.json', host.routes],
		['abilities.json', host.abilities],
		['error-codes.json', host.errorCodes],
		['webhook-events.json', host.events],
	];
	return {
		host,
		unreadable: parts
			.filter(([name, part]) => Object.hasOwn(files, name) && part === null)
			.map(([name]) => name),
	};
}
