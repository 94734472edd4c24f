import { events, operations } from '@memberpass/catalogue';
import { recipes } from '@memberpass/catalogue/recipes';

import { readPages, searchDocuments } from '../src/pages.ts';
import { createSearch, type SearchDocument } from '../src/search.ts';
import { queries } from './queries.ts';
import { repoRoot } from './support.ts';

const documents = searchDocuments(readPages(repoRoot));
const search = createSearch(documents);

describe('whoever types', () => {
	it.each(queries)('"%s" finds %s first', (query, first) => {
		expect(search(query)[0]?.id).toBe(first);
	});

	it.each(events.map(({ type, label }) => [type, label] as const))(
		'%s or its label finds the event first',
		(type, label) => {
			expect(search(type)[0]).toMatchObject({ id: `/events/${type}.html`, kind: 'Event' });
			expect(search(label)[0]).toMatchObject({ id: `/events/${type}.html`, kind: 'Event' });
		},
	);

	it.each(operations.map(({ key, label }) => [key, label] as const))(
		'%s or its label finds the operation first',
		(key, label) => {
			expect(search(key)[0]?.name).toBe(key);
			expect(search(label)[0]?.name).toBe(key);
		},
	);

	it.each(recipes.map(({ key, title }) => [title, key] as const))(
		'%s finds the recipe first',
		(title, key) => {
			expect(search(title)[0]).toMatchObject({ id: `/recipes/${key}.html`, kind: 'Recipe' });
		},
	);

	it.each([
		[
			'slack',
			[
				'churn-saver',
				'failed-payment-escalation',
				'gift-code-campaign',
				'trial-nudge',
				'weekly-digest',
				'welcome-flow',
			],
		],
		[
			'mailjet',
			[
				'churn-saver',
				'failed-payment-escalation',
				'gift-code-campaign',
				'trial-nudge',
				'welcome-flow',
			],
		],
		['hubspot', ['churn-saver', 'welcome-flow']],
		['airtable', ['gift-code-campaign', 'welcome-flow']],
		['notion', ['audit-trail']],
	])('the name of the app %s finds the recipes that use it', (app, keys) => {
		const found = search(app).filter(({ kind }) => kind === 'Recipe');
		expect(found.map(({ id }) => id).sort()).toEqual(keys.map((key) => `/recipes/${key}.html`));
	});

	it.each([
		['nothing', ''],
		['spaces', '   '],
		['only punctuation', '. _ -'],
		['something that is not there', 'zzzzqqq'],
		['markup', '<img src=x onerror=alert(1)>'],
		['a regular expression', '.*(['],
	])('%s gets no answer and no error', (_, query) => {
		expect(search(query)).toEqual([]);
	});

	it('gets of each page what it is, and how it is called', () => {
		expect(search('subscription.past_due')[0]).toEqual({
			id: '/events/subscription.past_due.html',
			kind: 'Event',
			label: 'Subscription Past Due',
			name: 'subscription.past_due',
			summary: events.find(({ type }) => type === 'subscription.past_due')?.summary,
		});
		expect(search('events').find(({ kind }) => kind === 'List')?.id).toBe('/events/');
	});

	it('goes over pages of every kind', () => {
		const kinds: Record<string, number> = {};
		for (const { kind } of documents) kinds[kind] = (kinds[kind] ?? 0) + 1;
		expect(kinds).toEqual({
			Event: 71,
			Action: 26,
			Search: 35,
			Read: 6,
			Recipe: 7,
			List: 5,
			Guide: 9,
			Tool: 1,
		});
	});

	it('gets twelve pages, or no more than asked for', () => {
		expect(search('subscription')).toHaveLength(12);
		expect(search('subscription', 5)).toHaveLength(5);
	});

	const pageOf = (id: string, kind: string, label: string, words = ''): SearchDocument => ({
		id,
		kind,
		label,
		name: '',
		summary: '',
		words,
	});

	it.each<[string, string, readonly SearchDocument[], readonly string[]]>([
		[
			'only what holds every word',
			'gift code',
			[pageOf('a', 'Guide', 'Gift'), pageOf('b', 'Guide', 'Gift code')],
			['b'],
		],
		[
			'a word of the summary',
			'checkout',
			[{ ...pageOf('a', 'Event', 'New'), summary: 'At a checkout.' }],
			['a'],
		],
		['what is only begun', 'subscr', [pageOf('a', 'Event', 'Subscription')], ['a']],
		['a long word with a typo', 'subscriptoin', [pageOf('a', 'Event', 'Subscription')], ['a']],
		['no other short word', 'plan', [pageOf('a', 'Event', 'Clan')], []],
		[
			'an exact label before many words',
			'plan',
			[pageOf('a', 'Event', 'Plan plan', 'plan plan plan'), pageOf('b', 'Read', 'Plan')],
			['b', 'a'],
		],
		[
			'an exact key before many words',
			'create_plan',
			[
				pageOf('a', 'Event', 'Create plan, plan, plan', 'create plan create plan'),
				{ ...pageOf('b', 'Read', 'Other'), name: 'create_plan' },
			],
			['b', 'a'],
		],
		[
			'what people look for before guides and reads',
			'plan',
			[
				pageOf('a', 'Read', 'A plan'),
				pageOf('b', 'Guide', 'A plan'),
				pageOf('c', 'Action', 'A plan'),
			],
			['c', 'b', 'a'],
		],
	])('finds %s', (_, query, documents, ids) => {
		expect(createSearch(documents)(query).map(({ id }) => id)).toEqual(ids);
	});
});
