import Type, { type Static, type TProperties, type TSchema } from 'typebox';

/**
 * The field vocabulary: JSON Schema 2020-12 values with inferred TypeScript types (TypeBox), plus the
 * annotations that every projection reads. A schema here *is* the JSON that reaches OpenAPI or a docs page.
 */

/** How sure we are of a fact. `recorded` is reserved for what was seen on the live API. */
export type Evidence = 'documented' | 'inferred' | 'recorded';

/** Where an input travels in the request. */
export type InputPlace = 'path' | 'query' | 'body';

/** Annotations on top of JSON Schema. All optional; `x-` keys are legal in JSON Schema and OpenAPI 3.1. */
export interface Annotations {
	/** Label for humans, Title Case: "Plan ID". */
	title?: string;
	/** What the field means, one or two sentences, units included. */
	description?: string;
	/** First element is the canonical example used in samples. */
	examples?: readonly unknown[];
	/** Values MemberPass is known to use where the set is open: shown as help, never enforced. */
	'x-known-values'?: readonly string[];
	/** Human labels of `enum` or known values, of all or of none: without them they are derived from the values. */
	'x-labels'?: Readonly<Record<string, string>>;
	/** Which kind of id this string is, e.g. `plan`. */
	'x-id'?: string;
	/** Place of an input in the request. */
	'x-in'?: InputPlace;
	/** List an id is picked from; a key of `pickLists`. */
	'x-pick'?: string;
	/** Keys of a row that a search text is part of; the one that identifies best comes first. */
	'x-part-of'?: readonly string[];
	/** Parameter name in n8n where it differs from the derived one (names of 1.4.0 are kept for saved workflows). */
	'x-n8n'?: string;
	/** Event data: dotted paths below `data` (or `^project_id` for the envelope) where other shapes carry this value. */
	'x-also-at'?: readonly string[];
	/** True for a key no documented shape carries, which the projections add so that automations work on every shape. */
	'x-derived'?: true;
	/** Evidence of this field where it differs from its entry's. */
	'x-evidence'?: Evidence;
	/** Source of this field where it differs from its entry's. */
	'x-source'?: string;
	/** Why the catalogue says this where sources contradict. One line. */
	'x-decision'?: string;
}

/** The flat reading of a property that projections work on. */
export interface FieldSchema extends Annotations {
	type?: string | readonly string[];
	enum?: readonly (string | number | boolean)[];
	format?: string;
	pattern?: string;
	default?: unknown;
	minimum?: number;
	maximum?: number;
	minLength?: number;
	maxLength?: number;
	minItems?: number;
	items?: FieldSchema;
	properties?: Readonly<Record<string, FieldSchema>>;
	required?: readonly string[];
	additionalProperties?: boolean | FieldSchema;
}

/** The JSON types of a schema, `null` included; none where it allows anything. */
export const typesOf = ({ type = [] }: Pick<FieldSchema, 'type'>): readonly string[] =>
	typeof type === 'string' ? [type] : type;

/** The one type of a schema that may be null besides; text where none is written. */
export const typeOf = (schema: Pick<FieldSchema, 'type'>): string =>
	typesOf(schema).find((one) => one !== 'null') ?? 'string';

/** An object schema as projections read it. */
export interface ObjectSchema extends FieldSchema {
	type: 'object';
	properties: Readonly<Record<string, FieldSchema>>;
}

/** What a field says besides its title and description. */
export type Options = FieldSchema;

/** Plain text. */
export const text = (title: string, description: string, options: Options = {}) =>
	Type.String({ title, description, ...options });

/** Whole number. */
export const integer = (title: string, description: string, options: Options = {}) =>
	Type.Integer({ title, description, ...options });

/** Number with decimals; only where MemberPass itself sends a JSON number. */
export const number = (title: string, description: string, options: Options = {}) =>
	Type.Number({ title, description, ...options });

/** True or false. */
export const flag = (title: string, description: string, options: Options = {}) =>
	Type.Boolean({ title, description, ...options });

/** One of a closed set. For outputs prefer {@link text} with `x-known-values`: MemberPass may add a value any day. */
export const choice = <const V extends string>(
	title: string,
	description: string,
	values: readonly V[],
	options: Options = {},
) => Type.Unsafe<V>({ type: 'string', title, description, enum: [...values], ...options });

/** Absolute https URL. */
export const url = (title: string, description: string, options: Options = {}) =>
	Type.String({ title, description, format: 'uri', ...options });

/** List of values of one kind. */
export const list = <S extends TSchema>(
	title: string,
	description: string,
	items: S,
	options: Options = {},
) => Type.Array(items, { title, description, ...options });

/**
 * An object that keeps what it does not know: payload schemas stay open (`additionalProperties: true`),
 * because MemberPass adds keys without notice.
 */
export const object = <P extends TProperties>(properties: P, options: Options = {}) =>
	Type.Object(properties, { additionalProperties: true, ...options });

/** A map from names to anything, e.g. the `changes` of an update. */
export const map = <S extends TSchema>(
	title: string,
	description: string,
	value: S,
	options: Options = {},
) =>
	Type.Unsafe<Record<string, Static<S>>>({
		type: 'object',
		title,
		description,
		additionalProperties: value,
		...options,
	});

/** A value whose type is not documented, e.g. one side of a change. Prefer every other function. */
export const anything = (title: string, description: string) =>
	Type.Unknown({ title, description });

/** The key may be absent. */
export const optional = <S extends TSchema>(schema: S) => Type.Optional(schema);

/** The value may be null. Written as a type pair, because every projection reads `type`, none reads `anyOf`. */
export const nullable = <S extends TSchema>(schema: S) => {
	const { type, ...rest } = required(schema) as S & { type: string };
	return Type.Unsafe<Static<S> | null>({ ...rest, type: [type, 'null'] });
};

/** The same schema with more or other annotations. Wrap in {@link optional} last. */
export const annotate = <S extends TSchema>(schema: S, options: Options) =>
	Type.Unsafe<Static<S>>({ ...required(schema), ...options });

/**
 * Refuses what {@link optional} made: its mark does not survive a copy, and the key would silently be required.
 *
 * @throws Error that names the field by its title.
 */
function required<S extends TSchema>(schema: S): S {
	if (!Type.IsOptional(schema)) return schema;
	const { title = 'A field' } = schema as Annotations;
	throw new Error(
		`"${title}" is wrapped in optional(...) too early, and would be required. Write optional(...) on the outside: optional(inBody(nullable(...))).`,
	);
}

/** Places of an input in the request. */
export const inPath = <S extends TSchema>(schema: S) => annotate(schema, { 'x-in': 'path' });
export const inQuery = <S extends TSchema>(schema: S) => annotate(schema, { 'x-in': 'query' });
export const inBody = <S extends TSchema>(schema: S) => annotate(schema, { 'x-in': 'body' });

/**
 * Reads a TypeBox object as the plain JSON Schema that projections and emitters use.
 *
 * @throws Error for anything else: to the compiler, fields without {@link object} around them are a schema too.
 */
export function plain(schema: TSchema): ObjectSchema {
	const read = JSON.parse(JSON.stringify(schema)) as ObjectSchema;
	if (typeof read.properties === 'object') return read;
	throw new Error(
		`Where an object belongs, an entry has ${JSON.stringify(read).slice(0, 100)}… Write object({ … }).`,
	);
}
