import { events, operations } from '@memberpass/catalogue';
import { recipes } from '@memberpass/catalogue/recipes';

import { type Committed, readCommitted } from './committed.ts';
import { eventPage } from './page/event.ts';
import { eventsPage, operationLists } from './page/lists.ts';
import { operationPage } from './page/operation.ts';
import { hrefOf, type Page } from './page/page.ts';
import { recipePage, recipesPage } from './page/recipe.ts';
import type { SearchDocument } from './search.ts';

/**
 * Every page that is made from the catalogue and from what the packages ship.
 *
 * @param root absolute path of the repository.
 * @throws Error naming the entry that has no fixture, recording or row: the build stops.
 */
export function readPages(root: string): readonly Page[] {
	return makePages(readCommitted(root));
}

export function makePages(committed: Committed): readonly Page[] {
	return [
		eventsPage(),
		...events.map((entry) => eventPage(entry, committed)),
		...operationLists(),
		...operations.map((entry) => operationPage(entry, committed)),
		recipesPage(),
		...recipes.map((recipe) => recipePage(recipe, committed)),
	];
}

/** The guides and tools, which are written by hand; the search should find them too. */
export const handWritten: readonly SearchDocument[] = [
	guide(
		'connect-zapier',
		'Connect Zapier',
		'From a token to a running Zap in five minutes.',
		'zap start install error test fails',
	),
	guide(
		'connect-n8n',
		'Connect n8n',
		'From a token to a running workflow in five minutes.',
		'start install community node credential error',
	),
	guide(
		'connect-make',
		'Connect Make',
		'From a token to a running scenario in five minutes.',
		'start install integromat scenario keychain blueprint import paste error 401 403 422',
	),
	guide(
		'choose-a-platform',
		'Choose a platform',
		'Zapier, n8n, Make or your own code.',
		'compare difference which rate limits 429 lists pages pagination curl code',
	),
	guide(
		'verify-a-webhook',
		'Verify a webhook',
		'Check the signature of a delivery, in eight languages.',
		'signature hmac node javascript python php laravel go ruby java perl csharp code',
	),
	guide(
		'duplicates-and-order',
		'Duplicates and order',
		'What to do when an event comes twice, late or in the wrong order.',
		'dedupe idempotent idempotency key retry twice at least once sequence',
	),
	guide(
		'trigger-does-not-fire',
		'A trigger does not fire',
		'Something happened, and your automation did not start. Where to look, and what to do.',
		'trouble troubleshoot debug nothing arrives stopped missing silent disabled dead delivery log 401',
	),
	guide(
		'rotate-a-secret',
		'Rotate a secret',
		'Change the signing secret without losing a delivery.',
		'rotation signing leaked v0',
	),
	guide(
		'successor-host',
		'The move to Subscriby',
		'What changes with the successor host, and until when the old one answers.',
		'rename successor deprecated bridge sunset',
	),
	{
		id: '/token.html',
		kind: 'Tool',
		label: 'Token helper',
		name: '',
		summary: 'Tick what you use and see which abilities your token needs.',
		words: 'ability abilities permission scope mint api key',
	},
];

function guide(name: string, label: string, summary: string, words: string): SearchDocument {
	return { id: `/guides/${name}.html`, kind: 'Guide', label, name: '', summary, words };
}

/** What the search goes over. */
export function searchDocuments(pages: readonly Page[]): readonly SearchDocument[] {
	return [
		...pages.map(({ path, title, description, found }) => ({
			id: path.endsWith('/index') ? `/${path.slice(0, -'index'.length)}` : hrefOf(path),
			label: title,
			summary: description,
			...found,
		})),
		...handWritten,
	];
}
