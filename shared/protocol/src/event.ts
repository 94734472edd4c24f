import { type Alternatives, isJsonObject, type JsonObject } from './wire.ts';

/** The envelope of every delivery (docs.memberpass.net/webhooks/event-reference). Unknown keys are kept. */
export interface WebhookEvent extends JsonObject {
	id: string;
	type: string;
	data: JsonObject;
}

export type DeliveryReading =
	| { readonly ok: true; readonly event: WebhookEvent }
	| { readonly ok: false; readonly reason: string };

/**
 * Reads the body of a verified delivery. Invalid UTF-8 becomes replacement characters and a byte order mark is
 * dropped, both after verification: the signature covers the bytes as they came.
 */
export function readDelivery(body: Uint8Array): DeliveryReading {
	let parsed: unknown;
	try {
		parsed = JSON.parse(new TextDecoder('utf-8').decode(body));
	} catch {
		return { ok: false, reason: 'The delivery is not JSON.' };
	}
	return readEvent(parsed);
}

/** Checks that a value is an event envelope: an object with a text `id` and `type` and an object `data`. */
export function readEvent(value: unknown): DeliveryReading {
	if (!isJsonObject(value)) return { ok: false, reason: 'The delivery is not a JSON object.' };
	const { id, type } = value;
	// PHP, below Laravel, writes `{}` as `[]`.
	const data = Array.isArray(value['data']) && value['data'].length === 0 ? {} : value['data'];
	if (typeof id !== 'string' || id === '')
		return { ok: false, reason: 'The delivery has no event ID.' };
	if (typeof type !== 'string' || type === '') {
		return { ok: false, reason: 'The delivery has no event type.' };
	}
	if (!isJsonObject(data)) return { ok: false, reason: 'The delivery has no data.' };
	return { ok: true, event: { ...value, id, type, data } };
}

/**
 * Adds the canonical keys that a shape of an event lacks, so that an automation built on one shape keeps working on
 * another. It adds; it never renames, overwrites or drops, and it leaves its input alone.
 *
 * @param alternatives For each canonical path below `data`, where other shapes carry the value: paths below `data`,
 *   or `^name` for a key of the envelope.
 */
export function canonicalise(event: WebhookEvent, alternatives: Alternatives): WebhookEvent {
	let data: JsonObject = event.data;
	for (const [path, places] of Object.entries(alternatives)) {
		if (valueAt(data, path) !== undefined) continue;
		const found = places
			// Read from the data as it came: a key added a moment ago must not feed another.
			.map((place) => (place.startsWith('^') ? event[place.slice(1)] : valueAt(event.data, place)))
			.find((value) => value !== undefined);
		if (found !== undefined) data = withValueAt(data, path.split('.'), found);
	}
	return data === event.data ? event : { ...event, data };
}

function valueAt(data: JsonObject, path: string): unknown {
	let current: unknown = data;
	for (const key of path.split('.')) {
		if (!isJsonObject(current) || !Object.hasOwn(current, key)) return undefined;
		current = current[key];
	}
	return current;
}

/** A copy with a value added; the same object where a key on the way already holds something else. */
function withValueAt(data: JsonObject, [key = '', ...rest]: string[], value: unknown): JsonObject {
	if (rest.length === 0) return { ...data, [key]: value };
	const inner = Object.hasOwn(data, key) ? data[key] : {};
	if (!isJsonObject(inner)) return data;
	return { ...data, [key]: withValueAt(inner, rest, value) };
}
