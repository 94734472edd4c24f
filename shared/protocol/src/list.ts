import {
	type ApiProblem,
	incomparableProblem,
	incompleteProblem,
	unreadableProblem,
} from './errors.ts';
import type { InputValues } from './input.ts';
import { firstPage, pageQuery, readPage } from './pagination.ts';
import { buildRequest, type RequestOptions } from './request.ts';
import { matchingRows, rowId } from './response.ts';
import { call, type CallOptions, type Effects } from './transport.ts';
import type { JsonObject, WireOperation } from './wire.ts';

export type ListResult =
	| { readonly ok: true; readonly rows: readonly JsonObject[]; readonly requests: number }
	| { readonly ok: false; readonly problem: ApiProblem };

export interface ListOptions {
	readonly request: Omit<RequestOptions, 'page' | 'idempotencyKey'>;
	readonly call: Omit<CallOptions, 'ability'>;
	/** Rows to read at most; null reads all. */
	readonly wanted: number | null;
}

/**
 * Reads a list to its end or to `wanted` rows. A list that breaks off is a problem, never a shorter list.
 *
 * A row that comes again on a later page is given once: a record that is added while a list is read, newest first,
 * pushes the others down.
 *
 * A find-by search (`operation.match`) reads on until an exact match is found, because the server may ignore its
 * filter, and answers only rows that match. Where no row has the key that is compared, it is a problem: no page shows
 * every row, and "nothing found" would be a guess.
 */
export async function readList(
	operation: WireOperation,
	values: InputValues,
	effects: Effects,
	options: ListOptions,
): Promise<ListResult> {
	const { match } = operation;
	const rows: JsonObject[] = [];
	const notBefore = rowsOnce();
	const wanted = match === null ? options.wanted : null;
	let state: ReturnType<typeof firstPage> | null = firstPage(
		operation.paging,
		operation.pageSize,
		wanted,
	);
	let requests = 0;
	let isEmpty = true;
	let isComparable = false;
	while (state !== null) {
		const request = buildRequest(operation, values, {
			...options.request,
			idempotencyKey: null,
			page: pageQuery(state),
		});
		const result = await call(request, effects, { ...options.call, ability: operation.ability });
		requests++;
		if (!result.ok) {
			// The list is there, since its first page was: "nothing found" would lose the rows that came.
			const isGone = result.problem.kind === 'not_found' && requests > 1;
			return isGone ? broken(`page ${state.page} was not found.`) : result;
		}
		const page = readPage(state, result.json);
		if (page === null) {
			return { ok: false, problem: unreadableProblem(result.status, options.call.platform) };
		}
		const fresh = notBefore(page.rows);
		const found = match === null ? fresh : matchingRows(fresh, match.field, values[match.input]);
		rows.push(...found);
		isEmpty &&= fresh.length === 0;
		isComparable ||= match !== null && fresh.some((row) => row[match.field] !== undefined);
		const exact =
			match !== null && found.some((row) => String(row[match.field]) === values[match.input]);
		if (exact) break;
		if (page.incomplete !== null) return broken(page.incomplete);
		state = page.next;
	}
	if (match === null) return { ok: true, rows, requests };
	if (!isEmpty && !isComparable) {
		return { ok: false, problem: incomparableProblem(match.field, options.call.platform) };
	}
	const ranked = matchingRows(rows, match.field, values[match.input]);
	return { ok: true, rows: ranked.slice(0, options.wanted ?? ranked.length), requests };
}

function broken(reason: string): ListResult {
	return { ok: false, problem: incompleteProblem(reason) };
}

/** Given page after page, leaves out the rows that an earlier page held. A row without an id is never left out. */
function rowsOnce(): (rows: readonly JsonObject[]) => readonly JsonObject[] {
	const seen = new Set<string | null>();
	return (rows) => {
		const fresh = rows.filter((row) => !seen.has(rowId(row)));
		for (const row of rows) seen.add(rowId(row));
		seen.delete(null);
		return fresh;
	};
}
