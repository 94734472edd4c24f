import type { InputValues } from './input.ts';
import type { WireField, WireOperation, WirePlatform } from './wire.ts';

/** A request ready to send, without the bearer token: the transport adds that, and only for `origin`. */
export interface ApiRequest {
	readonly operation: string;
	readonly method: WireOperation['method'];
	readonly origin: string;
	/** Absolute URL with encoded path and query. */
	readonly url: string;
	/** Path below the origin, encoded. */
	readonly path: string;
	readonly query: readonly (readonly [string, string])[];
	readonly headers: Readonly<Record<string, string>>;
	/** JSON text, or null where nothing is sent. */
	readonly body: string | null;
}

export interface RequestOptions {
	readonly platform: Pick<WirePlatform, 'apiBasePath' | 'headers'>;
	/** Scheme and host, no trailing slash. */
	readonly origin: string;
	/** Required for writes: MemberPass wants it on every POST, PATCH, PUT and DELETE. */
	readonly idempotencyKey: string | null;
	/** Paging parameters, merged into the query. */
	readonly page?: readonly (readonly [string, string])[];
}

/** A path value that cannot be sent. The message is for users. */
export class PathValueError extends Error {
	override readonly name = 'PathValueError';
	readonly field: string;
	constructor(field: string, message: string) {
		super(message);
		this.field = field;
	}
}

/** True for methods that change something. */
export function isWrite(method: WireOperation['method']): boolean {
	return method !== 'GET';
}

/**
 * Builds the request of an operation from checked values.
 *
 * - Path values are percent-encoded. An empty one would turn `DELETE /plans/{plan}` into `DELETE /plans/`, so it is
 *   refused here whatever the caller checked before.
 * - List values in a query repeat `name[]`, and flags are 1 and 0: MemberPass runs on Laravel (inferred from its
 *   token kind, Sanctum), whose `boolean` rule refuses the texts "true" and "false".
 * - Query parameters are sorted, so that the same input always gives the same bytes.
 * - A body is sent only if there is something in it.
 */
export function buildRequest(
	operation: WireOperation,
	values: InputValues,
	options: RequestOptions,
): ApiRequest {
	const path = options.platform.apiBasePath + fillPath(operation, values);
	const query = buildQuery(operation, values, options.page ?? []);
	const body = buildBody(operation, values);
	const search = query
		.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
		.join('&');
	return {
		operation: operation.name,
		method: operation.method,
		origin: options.origin,
		path,
		query,
		url: `${options.origin}${path}${search === '' ? '' : `?${search}`}`,
		headers: {
			Accept: 'application/json',
			...(body === null ? {} : { 'Content-Type': 'application/json' }),
			...idempotencyHeader(operation, options),
		},
		body,
	};
}

function idempotencyHeader(
	operation: WireOperation,
	options: RequestOptions,
): Record<string, string> {
	if (!isWrite(operation.method)) return {};
	const value = options.idempotencyKey;
	if (value === null || !/^[\x21-\x7e]{1,255}$/.test(value)) {
		throw new Error(
			`"${operation.name}" changes data and needs an idempotency key of 1 to 255 visible ASCII characters.`,
		);
	}
	return { [options.platform.headers.idempotency]: value };
}

function fillPath(operation: WireOperation, values: InputValues): string {
	return operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
		const field = operation.fields.find((one) => one.name === name && one.in === 'path');
		return encodeSegment(name, field?.label ?? name, values[name]);
	});
}

/** Encodes one path value, or refuses it. */
export function encodeSegment(field: string, label: string, value: unknown): string {
	const written =
		typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
	if (written === '') {
		throw new PathValueError(field, `'${label}' is empty. Choose or enter a value.`);
	}
	// URL parsers resolve "." and ".." even when percent-encoded: such a value would address another route.
	if (written === '.' || written === '..') {
		throw new PathValueError(field, `'${label}' cannot be "${written}". Enter an ID.`);
	}
	if (!written.isWellFormed()) {
		throw new PathValueError(field, `'${label}' contains broken characters. Enter an ID.`);
	}
	return encodeURIComponent(written);
}

function buildQuery(
	operation: WireOperation,
	values: InputValues,
	page: readonly (readonly [string, string])[],
): (readonly [string, string])[] {
	const query = operation.fields
		.filter((field) => field.in === 'query')
		.flatMap((field) => queryOf(field, values[field.name]));
	// A cursor is the server's own text: broken text in it must not end in an exception.
	const whole = page.map(([name, value]) => [name, value.toWellFormed()] as const);
	return [...query, ...whole].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function queryOf(field: WireField, value: unknown): (readonly [string, string])[] {
	if (value === undefined || value === null || value === '') return [];
	if (Array.isArray(value)) return value.map((one) => [`${field.name}[]`, scalar(one)] as const);
	return [[field.name, scalar(value)]];
}

function scalar(value: unknown): string {
	if (typeof value === 'boolean') return value ? '1' : '0';
	return String(value).toWellFormed();
}

function buildBody(operation: WireOperation, values: InputValues): string | null {
	const entries = operation.fields
		.filter((field) => field.in === 'body' && values[field.name] !== undefined)
		.map((field) => [field.name, values[field.name]] as const);
	return entries.length === 0 ? null : JSON.stringify(Object.fromEntries(entries));
}
