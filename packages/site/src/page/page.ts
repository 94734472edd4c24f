import { type Choice, writeHash } from '../abilities.ts';
import type { SearchDocument } from '../search.ts';

/** One page made from the catalogue. */
export interface Page {
	/** Below the root of the site, without extension: `events/subscription.past_due`. */
	readonly path: string;
	readonly title: string;
	/** One sentence, for search engines and link previews. */
	readonly description: string;
	/** Markdown below the heading. */
	readonly body: string;
	/** How the search sees it. */
	readonly found: Pick<SearchDocument, 'kind' | 'name' | 'words' | 'fields'>;
}

/** Where the page of an event is. */
export const eventPath = (type: string): string => `events/${type}`;

// What only n8n offers stands among the actions: it changes something, and who looks for it looks there.
const folders = { action: 'actions', search: 'searches', read: 'reads', extra: 'actions' } as const;

/** Where the page of an operation is. */
export const operationPath = (entry: {
	readonly kind: keyof typeof folders;
	readonly key: string;
}): string => `${folders[entry.kind]}/${entry.key}`;

/** Link target of a page. Spelled with its extension, because event types end in what looks like one. */
export const hrefOf = (path: string): string => `/${path}.html`;

/** The token helper with everything ticked that a page is about. */
export const tokenHelper = (ticked: Partial<Pick<Choice, 'events' | 'operations'>>): string =>
	`/token.html#${writeHash({ platform: 'zapier', events: [], operations: [], ...ticked })}`;

/** Most readers want one platform. On a phone the table of contents is a tap away, this is not. */
export const jumps =
	'Use it in [Zapier](#zapier), [n8n](#n8n), [Make](#make) or with [curl](#curl).';
