import { isJsonObject, type JsonObject, type WireOperation } from './wire.ts';

/**
 * The object of a `{ data: {…} }` answer with the keys beside `data` that belong to it (the one-time `secret`).
 * A bare object is taken as it is, and a list of one object for that object. Null where the answer holds no object.
 */
export function readOne(
	operation: Pick<WireOperation, 'beside'>,
	json: unknown,
): JsonObject | null {
	if (!isJsonObject(json)) return onlyOneOf(json);
	const data = json['data'];
	const one = data === undefined ? json : onlyOneOf(data);
	const beside = operation.beside.filter((name) => json[name] !== undefined);
	// A secret is shown only once: it is a result even where nothing else came.
	if (one === null && beside.length === 0) return null;
	return { ...one, ...Object.fromEntries(beside.map((name) => [name, json[name]])) };
}

function onlyOneOf(data: unknown): JsonObject | null {
	const one: unknown = Array.isArray(data) && data.length === 1 ? data[0] : data;
	return isJsonObject(one) ? one : null;
}

/**
 * True for an answer without anything in it, or with nothing in its `data` and nothing beside it that belongs to the
 * result. PHP, below Laravel, writes `{}` as `[]`.
 */
export function isEmptyAnswer({ beside }: Pick<WireOperation, 'beside'>, json: unknown): boolean {
	if (isNothing(json)) return true;
	if (!isJsonObject(json) || !Object.hasOwn(json, 'data')) return false;
	return isNothing(json['data']) && beside.every((name) => json[name] === undefined);
}

function isNothing(value: unknown): boolean {
	if (value === null || value === undefined) return true;
	return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The rows of a `{ data: […] }` answer, or of a bare array. Null where there is no list. */
export function readRows(json: unknown): readonly JsonObject[] | null {
	const data = isJsonObject(json) ? json['data'] : json;
	return Array.isArray(data) && data.every(isJsonObject) ? data : null;
}

/** Id of a row as text; null for one that has none, such as a figure of a report. */
export function rowId({ id }: JsonObject): string | null {
	return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/** The rows that really match what was searched for, exact spelling first: MemberPass may ignore a filter. */
export function matchingRows(
	rows: readonly JsonObject[],
	field: string,
	wanted: unknown,
): readonly JsonObject[] {
	const exact = String(wanted).trim().normalize('NFC');
	const folded = exact.toLowerCase();
	const ranked = rows.flatMap((row) => {
		const value = row[field];
		if (typeof value !== 'string' && typeof value !== 'number') return [];
		const found = String(value).trim().normalize('NFC');
		return found.toLowerCase() === folded ? [{ row, rank: found === exact ? 0 : 1 }] : [];
	});
	return ranked.sort((a, b) => a.rank - b.rank).map(({ row }) => row);
}
