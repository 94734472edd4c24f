import { limits, type OutputShape } from '@memberpass/catalogue';

import { addError, type FieldErrors } from './errors.ts';
import type { Switches } from './switches.ts';

/** What a client may ask of a list. */
export interface PageRequest {
	readonly page: number;
	readonly size: number;
	readonly cursor: string | null;
}

/** Sizes without a wish: docs.memberpass.net/mcp/tools/list-projects says 25, /list-transactions and /get-activity-log 50. */
const usualSize = { pages: 25, cursor: 50, limit: 50 } as const;

/** Most rows that a page of a list may have. */
export function largestPage(output: Pick<OutputShape, 'paging' | 'pageSize'>): number {
	const keyset = output.paging === 'cursor' || output.paging === 'limit';
	return output.pageSize ?? (keyset ? limits.cursorPageSize : limits.pageSize);
}

/**
 * Reads `limit`, `per_page`, `page` and `cursor`. No source says which one counts, so all are understood.
 *
 * @returns What is wrong with them too; `wanted` counts where nothing is.
 */
export function readPageRequest(
	output: Pick<OutputShape, 'paging' | 'pageSize'>,
	query: Readonly<Record<string, unknown>>,
): { readonly wanted: PageRequest; readonly fields: FieldErrors } {
	const fields: FieldErrors = {};
	if (output.paging === 'none') return { wanted: { page: 1, size: 0, cursor: null }, fields };
	const most = largestPage(output);
	const whole = (name: string, max: number): number | null => {
		const value = query[name];
		if (value === undefined || value === '') return null;
		const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : NaN;
		if (Number.isNaN(number)) addError(fields, name, `The ${name} field must be an integer.`);
		else if (number < 1) addError(fields, name, `The ${name} field must be at least 1.`);
		else if (number > max) {
			addError(fields, name, `The ${name} field must not be greater than ${max}.`);
		}
		return number;
	};
	const [perPage, limit] = [whole('per_page', most), whole('limit', most)];
	const size = perPage ?? limit ?? usualSize[output.paging];
	const page = whole('page', 1_000_000) ?? 1;
	const { cursor } = query;
	if (cursor !== undefined && cursor !== '' && readCursor(cursor) === null) {
		addError(fields, 'cursor', 'The cursor field format is invalid.');
	}
	return { wanted: { page, size, cursor: typeof cursor === 'string' ? cursor : null }, fields };
}

export interface Page {
	readonly rows: readonly object[];
	readonly meta: Readonly<Record<string, unknown>> | null;
}

/**
 * Cuts a page out of a list and describes it in the shape that is switched on.
 *
 * @param unpaged Documented as a list that comes whole, with `meta.total` only; paged all the same under the shapes
 *   that the published package expects everywhere.
 */
export function cutPage(
	rows: readonly object[],
	output: Pick<OutputShape, 'paging'>,
	wanted: PageRequest,
	shape: Switches['paging'],
	meta: Readonly<Record<string, unknown>>,
	unpaged: boolean,
): Page {
	const { page, size } = wanted;
	if (output.paging === 'none') return { rows, meta: Object.keys(meta).length === 0 ? null : meta };
	if (output.paging === 'limit') {
		const facts = Object.keys(meta).length === 0 ? null : { ...meta, limit: size };
		return { rows: rows.slice(0, size), meta: facts };
	}
	if (output.paging === 'cursor' || shape === 'next_cursor') {
		const start = startOf(rows, wanted.cursor);
		const cut = rows.slice(start, start + size);
		const more = start + size < rows.length;
		const next = more ? writeCursor(cut.at(-1), start + size) : null;
		return { rows: cut, meta: { next_cursor: next, ...meta } };
	}
	if (shape === 'has_more' && unpaged) return { rows, meta: { ...meta, total: rows.length } };
	const start = (page - 1) * size;
	const cut = rows.slice(start, start + size);
	const facts =
		shape === 'last_page'
			? {
					current_page: page,
					last_page: Math.max(1, Math.ceil(rows.length / size)),
					per_page: size,
					total: rows.length,
				}
			: { page, limit: size, total: rows.length, has_more: start + size < rows.length };
	return { rows: cut, meta: { ...facts, ...meta } };
}

const idOf = (row: object | undefined): unknown =>
	row !== undefined && 'id' in row ? row.id : null;

/** Opaque to clients: the last row seen, and its place in case it is gone by then. */
function writeCursor(last: object | undefined, place: number): string {
	return Buffer.from(JSON.stringify([idOf(last), place])).toString('base64url');
}

function readCursor(cursor: unknown): { readonly id: string; readonly place: number } | null {
	if (typeof cursor !== 'string') return null;
	let read: unknown;
	try {
		read = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
	} catch {
		return null;
	}
	if (!Array.isArray(read)) return null;
	const [id, place] = read as unknown[];
	if (typeof id !== 'string' || !Number.isSafeInteger(place)) return null;
	return { id, place: Number(place) };
}

function startOf(rows: readonly object[], cursor: string | null): number {
	const after = readCursor(cursor);
	if (after === null) return 0;
	const index = rows.findIndex((row) => idOf(row) === after.id);
	// Where the last row seen is gone, what came behind it has moved up by one.
	return index >= 0 ? index + 1 : Math.max(0, after.place - 1);
}
