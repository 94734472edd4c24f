import { readRows, rowId } from './response.ts';
import { isJsonObject, type JsonObject, type WirePaging } from './wire.ts';

/**
 * Reading a list page by page. MemberPass's own accounts of paging differ (Laravel's `meta.last_page`, `has_more`,
 * a keyset `next_cursor`), so all three are asked for together and whichever the answer shows is followed.
 */
export interface PageState {
	readonly paging: WirePaging;
	readonly pageSize: number;
	/** Rows wanted in all, or null for all there are. */
	readonly wanted: number | null;
	readonly page: number;
	readonly cursor: string | null;
	readonly collected: number;
	/** Fingerprints of the first row of each page and of each cursor, to notice a server that goes in circles. */
	readonly seen: readonly string[];
}

export interface PageResult {
	readonly rows: readonly JsonObject[];
	/** How to go on, or null at the end. */
	readonly next: PageState | null;
	/** Why the list is not whole although there is no next page; null where it is whole. */
	readonly incomplete: string | null;
}

/** More pages than any account can hold: a server that never ends is stopped here, and said to be. */
const maxPages = 1_000;

/**
 * @param pageSize Largest page of this list.
 * @param wanted Rows to read at most; null reads all. No page is larger than that.
 */
export function firstPage(paging: WirePaging, pageSize: number, wanted: number | null): PageState {
	// A list that has no second page is asked for everything at once: MemberPass refuses what is too much, with a reason,
	// where a smaller page would be half of what was wanted and look like all of it. For the same reason a list of several
	// pages is asked for whole ones, though not every row of the last is wanted: it may have no second page after all.
	const largest = paging === 'limit' ? Infinity : pageSize;
	return {
		paging,
		pageSize: wanted === null ? pageSize : Math.max(1, Math.min(largest, wanted)),
		wanted,
		page: 1,
		cursor: null,
		collected: 0,
		seen: [],
	};
}

/** Query parameters that ask for a page. `limit`, `per_page` and `page` go together: no source says which one counts. */
export function pageQuery(state: PageState): readonly (readonly [string, string])[] {
	const size = String(state.pageSize);
	switch (state.paging) {
		case 'none':
			return [];
		case 'limit':
		case 'cursor':
			return [...cursorQuery(state), ['limit', size]];
		case 'pages':
			return state.cursor === null
				? [
						['limit', size],
						['page', String(state.page)],
						['per_page', size],
					]
				: [...cursorQuery(state), ['limit', size], ['per_page', size]];
	}
}

function cursorQuery(state: PageState): (readonly [string, string])[] {
	return state.cursor === null ? [] : [['cursor', state.cursor]];
}

/** Reads one page and says how to go on. Null where the answer is no list. */
export function readPage(state: PageState, json: unknown): PageResult | null {
	const all = readRows(json);
	if (all === null) return null;
	const room = state.wanted === null ? all.length : state.wanted - state.collected;
	const rows = all.slice(0, Math.max(0, room));
	const collected = state.collected + rows.length;
	if (state.wanted !== null && collected >= state.wanted) {
		return { rows, next: null, incomplete: null };
	}
	const meta = factsOf(json);
	const following = followingPage(state, meta, all);
	if (following === null)
		return { rows, next: null, incomplete: shortfall(state, meta, collected) };

	const first = all[0] === undefined ? null : `row ${fingerprint(all[0])}`;
	const marks = [first, following.cursor === null ? null : `cursor ${following.cursor}`];
	const repeated = marks.some((mark) => mark !== null && state.seen.includes(mark));
	if (repeated && !following.claimed) {
		// A full page without paging facts, then the same page again: this list is not paged, and was whole at once,
		// unless MemberPass counts more.
		return { rows: [], next: null, incomplete: shortfall(state, meta, state.collected) };
	}
	const stop = repeated
		? `page ${state.page} repeated what was read before.`
		: all.length === 0
			? `page ${state.page} was empty although more was announced.`
			: state.page >= maxPages
				? `it has more than ${maxPages} pages.`
				: null;
	if (stop !== null) return { rows: repeated ? [] : rows, next: null, incomplete: stop };
	return {
		rows,
		incomplete: null,
		next: {
			...state,
			collected,
			page: state.page + 1,
			cursor: following.cursor,
			seen: [...state.seen, ...marks.filter((mark) => mark !== null)],
		},
	};
}

/** The paging facts of an answer: in its `meta`, as every account has them, or beside the rows, as Laravel has them by itself. */
function factsOf(json: unknown): JsonObject {
	if (!isJsonObject(json)) return {};
	return isJsonObject(json['meta']) ? json['meta'] : json;
}

/** A number, also as text: Laravel gives `per_page` back as the text that it was asked with, and PHP others as well. */
function countOf(value: unknown): number | null {
	if (typeof value === 'number') return value;
	return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null;
}

const yes: readonly unknown[] = [true, 1, '1', 'true'];
const no: readonly unknown[] = [false, 0, '0', 'false'];

/** A flag in any spelling of PHP. One that is not understood would be no fact, and "more" be taken for the end. */
function flagOf(value: unknown): boolean | null {
	if (yes.includes(value)) return true;
	return no.includes(value) ? false : null;
}

interface Following {
	readonly cursor: string | null;
	/** True where the answer itself says that there is more, false where we only suspect it. */
	readonly claimed: boolean;
}

/** Whether a page follows, by the first paging fact that the answer shows. */
function followingPage(
	state: PageState,
	meta: JsonObject,
	rows: readonly JsonObject[],
): Following | null {
	if (state.paging === 'none' || state.paging === 'limit') return null;
	const cursor = meta['next_cursor'];
	if (typeof cursor === 'number' || (typeof cursor === 'string' && cursor !== '')) {
		return { cursor: String(cursor), claimed: true };
	}
	const last = countOf(meta['last_page']);
	if (last !== null) {
		const current = countOf(meta['current_page']) ?? state.page;
		return current < last ? { cursor: null, claimed: true } : null;
	}
	const hasMore = flagOf(meta['has_more']);
	if (hasMore !== null) return hasMore ? { cursor: null, claimed: true } : null;
	if (cursor === null || state.paging === 'cursor') return null;
	// No paging fact at all. A full page may have a successor; asking costs one request, not asking may cost rows. The
	// server may give smaller pages than it was asked for, and say so.
	const sizes = [countOf(meta['per_page']), countOf(meta['limit'])];
	const isFull = rows.length >= state.pageSize || (rows.length > 0 && sizes.includes(rows.length));
	return isFull ? { cursor: null, claimed: false } : null;
}

/** MemberPass counted more rows than came. */
function shortfall(state: PageState, meta: JsonObject, collected: number): string | null {
	const total = countOf(meta['total']) ?? 0;
	if (state.paging === 'none' || state.paging === 'limit') return null;
	return collected < total ? `${collected} of ${total} rows came.` : null;
}

function fingerprint(row: JsonObject): string {
	return rowId(row) ?? JSON.stringify(row);
}
