import { events, operations } from '@memberpass/catalogue';

import { readPages, searchDocuments } from '../src/pages.ts';
import { createSearch } from '../src/search.ts';
import { queries } from './queries.ts';
import { repoRoot } from './support.ts';

const search = createSearch(searchDocuments(readPages(repoRoot)));

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

	it('gets no more than asked for', () => {
		expect(search('subscription', 5)).toHaveLength(5);
	});
});
