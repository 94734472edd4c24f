import MiniSearch, { type SearchResult } from 'minisearch';

/** One page, as the search knows it. */
export interface SearchDocument {
	/** Path below the root of the site. */
	readonly id: string;
	/** What kind of page it is, as shown: "Event", "Action". */
	readonly kind: string;
	readonly label: string;
	/** Event type or operation key; empty for other pages. */
	readonly name: string;
	readonly summary: string;
	/** Other words people may type: labels of platforms, keys, routes. */
	readonly words: string;
	/** Words in the names of its fields; absent where it has none. */
	readonly fields?: string;
}

export interface Hit {
	readonly id: string;
	readonly kind: string;
	readonly label: string;
	readonly name: string;
	readonly summary: string;
}

/** Answers queries; see {@link createSearch}. */
export type Search = (query: string, most?: number) => readonly Hit[];

/** Reads that only serve forms come after what people look for. */
const kindBoost: Readonly<Record<string, number>> = { Read: 0.6, Guide: 0.9 };

/**
 * A search over all pages. Every word must be found; the last may be unfinished, and a long word may have a typo.
 * What is typed exactly (a label, an event type, a key) comes first.
 */
export function createSearch(documents: readonly SearchDocument[]): Search {
	const index = new MiniSearch<SearchDocument>({
		fields: ['label', 'name', 'words', 'summary', 'fields'],
		storeFields: ['kind', 'label', 'name', 'summary'],
		searchOptions: {
			combineWith: 'AND',
			prefix: true,
			fuzzy: (term) => (term.length > 4 ? 0.2 : false),
			boost: { label: 6, name: 5, words: 2, fields: 0.2 },
			boostDocument: (_id, _term, stored) => kindBoost[String(stored?.['kind'])] ?? 1,
		},
	});
	index.addAll(documents);
	return (query, most = 12) => {
		const typed = normalise(query);
		return index
			.search(query)
			.map(toHit)
			.map((hit, rank) => ({ hit, rank, exact: exactness(hit, typed) }))
			.sort((a, b) => b.exact - a.exact || a.rank - b.rank)
			.slice(0, most)
			.map(({ hit }) => hit);
	};
}

function toHit(result: SearchResult): Hit {
	const text = (key: string): string => String(result[key] ?? '');
	return {
		id: String(result.id),
		kind: text('kind'),
		label: text('label'),
		name: text('name'),
		summary: text('summary'),
	};
}

/** `Subscription.past_due` and `subscription past due` are the same to who types them. */
const normalise = (text: string): string =>
	text
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)
		.join(' ');

function exactness(hit: Hit, typed: string): number {
	return normalise(hit.label) === typed || normalise(hit.name) === typed ? 1 : 0;
}
