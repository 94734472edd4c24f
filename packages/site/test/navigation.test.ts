import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { recipes } from '@memberpass/catalogue/recipes';

import { eventSidebar, guideSidebar, operationSidebar, recipeSidebar } from '../src/navigation.ts';
import { repoRoot } from './support.ts';

const count = (groups: readonly { readonly items: readonly unknown[] }[]): number =>
	groups.reduce((sum, { items }) => sum + items.length, 0);

describe('the sidebar', () => {
	it('lists each event once, with its family', () => {
		const groups = eventSidebar();
		expect([groups.length, count(groups)]).toEqual([12, 71]);
		expect(groups.find(({ text }) => text === 'Payment')?.items).toEqual([
			{ text: 'Payment Failed', link: '/events/payment.failed.html' },
			{ text: 'Payment Pending', link: '/events/payment.pending.html' },
			{ text: 'Payment Refunded', link: '/events/payment.refunded.html' },
			{ text: 'Payment Succeeded', link: '/events/payment.succeeded.html' },
		]);
	});

	it('lists operations of the kinds that a section is about, without resources that have none', () => {
		const searches = operationSidebar('search');
		expect([count(operationSidebar('action')), count(searches)]).toEqual([24, 35]);
		expect(count(operationSidebar('action', 'extra'))).toBe(26);
		expect(
			[...operationSidebar('action'), ...searches].filter(({ items }) => items.length === 0),
		).toEqual([]);
		expect(searches.find(({ text }) => text === 'Bot')?.items).toEqual([
			{ text: 'Find Bot Status', link: '/searches/get_bot_status.html' },
		]);
	});

	it('lists each recipe by its title', () => {
		expect(recipeSidebar()).toEqual([
			{
				text: 'Recipes',
				link: '/recipes/',
				items: recipes.map(({ key, title }) => ({ text: title, link: `/recipes/${key}.html` })),
			},
		]);
	});

	it('lists every page that is written by hand, as the page calls itself', () => {
		const folder = join(repoRoot, 'packages/site/pages');
		const guides = readdirSync(join(folder, 'guides')).filter((name) => name !== 'index.md');
		const written = [...guides.map((name) => `guides/${name}`), 'token.md'].map((path) => ({
			text: /^title: (.*)$/m.exec(readFileSync(join(folder, path), 'utf8'))?.[1],
			link: `/${path.replace(/\.md$/, '.html')}`,
		}));
		const sections = guideSidebar();
		expect(sections).toMatchObject([{ text: 'Guides', link: '/guides/' }]);
		const items = sections.flatMap((section) => section.items);
		const byLink = (a: { link: string }, b: { link: string }) => (a.link < b.link ? -1 : 1);
		expect(items.sort(byLink)).toEqual(written.sort(byLink));
	});
});
