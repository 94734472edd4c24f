import type { FieldSchema, OperationEntry } from '@memberpass/catalogue';
import type { InputValues, JsonObject } from '@memberpass/protocol';

/**
 * The rows of a list that are what was asked for, the best match first. A Zap works on the first row only, and a
 * server that ignores a filter (MemberPass's successor ignores one) would make it write to a stranger.
 *
 * Compared are optional filters whose name is a key of the row, such as `status`, or the plural of one, such as
 * `statuses`, and flags that ask for what is on, such as `active_only`: required inputs are the question itself, and
 * MemberPass knows some of their values under two names. A row without the key is kept, because no page shows every row.
 */
export function bestFirst(
	entry: Entry,
	values: InputValues,
	rows: readonly JsonObject[],
): readonly JsonObject[] {
	const filters = filtersOf(entry, values);
	const kept = rows.filter((row) =>
		filters.every(({ key, wanted }) => {
			const found = row[key];
			if (wanted === true) return found !== false;
			return typeof found !== 'string' || wanted.has(folded(found));
		}),
	);
	const text = searchTextOf(entry, values);
	return text === null ? kept : ranked(kept, text);
}

type Entry = Pick<OperationEntry, 'input' | 'output'>;

/** Whether {@link bestFirst} may leave out rows or change their order: then the best may stand behind the first few. */
export function mayLeaveOut(entry: Entry, values: InputValues): boolean {
	return filtersOf(entry, values).length > 0 || searchTextOf(entry, values) !== null;
}

interface Filter {
	/** Key of the row that is compared. */
	readonly key: string;
	/** What it may hold, as {@link folded} writes it; true where it must not be off. */
	readonly wanted: ReadonlySet<string> | true;
}

function filtersOf({ input, output }: Entry, values: InputValues): readonly Filter[] {
	const keys = Object.keys(output.schema.properties);
	return Object.entries(values).flatMap(([name, given]): Filter[] => {
		const flag = given === true ? keys.find((one) => name === `${one}_only`) : undefined;
		if (flag !== undefined) return [{ key: flag, wanted: true }];
		const words = [given].flat().filter((one) => typeof one === 'string');
		const key = keys.find((one) =>
			Array.isArray(given) ? [`${one}s`, `${one}es`].includes(name) : one === name,
		);
		const isFilter = key !== undefined && input.required?.includes(name) !== true;
		return isFilter && words.length > 0 ? [{ key, wanted: new Set(words.map(folded)) }] : [];
	});
}

/** A text that is searched for in several keys of a row, or null where none is. */
function searchTextOf({ input }: Pick<Entry, 'input'>, values: InputValues): SearchText | null {
	for (const [name, schema] of Object.entries<FieldSchema>(input.properties)) {
		const wanted = values[name];
		const keys = schema['x-part-of'];
		if (keys !== undefined && typeof wanted === 'string') return { keys, wanted: folded(wanted) };
	}
	return null;
}

interface SearchText {
	readonly keys: readonly string[];
	readonly wanted: string;
}

/**
 * Whole values before parts, the key that identifies best before others; else in the order of the server. A row that has
 * none of the keys comes last: it cannot be compared, and MemberPass found it.
 */
function ranked(rows: readonly JsonObject[], { keys, wanted }: SearchText): readonly JsonObject[] {
	return rows
		.flatMap((row) => {
			const found = keys.map((key) => {
				const value = row[key];
				return typeof value === 'string' ? folded(value) : '';
			});
			const whole = found.indexOf(wanted);
			if (whole !== -1) return [{ row, rank: whole }];
			if (found.some((one) => one.includes(wanted))) return [{ row, rank: keys.length }];
			return keys.every((key) => row[key] === undefined) ? [{ row, rank: keys.length + 1 }] : [];
		})
		.sort((a, b) => a.rank - b.rank)
		.map(({ row }) => row);
}

/** As databases compare text: without case and accents. */
function folded(text: string): string {
	return text.trim().normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
