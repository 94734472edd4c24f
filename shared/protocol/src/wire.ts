/**
 * What the protocol needs to know of an operation or an event, as plain data. The catalogue is compiled into these
 * shapes (see `from-catalogue.ts`), so that a platform carries a small table instead of the catalogue itself.
 */

export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'array';
export type FieldPlace = 'path' | 'query' | 'body';

/** One input of an operation. */
export interface WireField {
	readonly name: string;
	/** Label that users see, for messages. */
	readonly label: string;
	readonly in: FieldPlace;
	readonly type: FieldType;
	readonly required: boolean;
	/** Type of the elements of an array. */
	readonly items?: Exclude<FieldType, 'array'>;
	readonly enum?: readonly string[];
	readonly format?: string;
	readonly pattern?: string;
	/** What the pattern asks for, in words. */
	readonly help?: string;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minItems?: number;
	/** An ID in a body: unlike other text there, it has no space at its ends. */
	readonly isId?: true;
}

export type WirePaging = 'none' | 'pages' | 'cursor' | 'limit';

/** One operation on the wire. */
export interface WireOperation {
	readonly name: string;
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Below the base path, with `{input}` placeholders. */
	readonly path: string;
	readonly fields: readonly WireField[];
	readonly exclusive: readonly (readonly string[])[];
	readonly shape: 'one' | 'many' | 'nothing';
	readonly paging: WirePaging;
	/** Largest page to ask for. */
	readonly pageSize: number;
	/** Keys beside `data` that belong to the result. */
	readonly beside: readonly string[];
	readonly match: { readonly input: string; readonly field: string } | null;
	/** Ability to name when MemberPass refuses without naming one. */
	readonly ability: string | null;
}

/** Where a canonical key of an event is found on other shapes: canonical dotted path -> other dotted paths. */
export type Alternatives = Readonly<Record<string, readonly string[]>>;

/** The brand facts the protocol uses; a structural part of the catalogue's `Platform`. */
export interface WirePlatform {
	readonly name: string;
	readonly apiOrigin: string;
	readonly apiBasePath: string;
	readonly headers: { readonly idempotency: string; readonly signature: string };
	readonly tokenPrefixes: { readonly live: string; readonly test: string };
	readonly otherNames: readonly { readonly name: string; readonly tokenPrefix: string }[];
	readonly pages: { readonly mint: string };
}

/** Any JSON object. */
export type JsonObject = { [key: string]: unknown };

/** True for an object that is neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
