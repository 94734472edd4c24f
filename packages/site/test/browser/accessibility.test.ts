import { overhang, violations } from '../../../../shared/testing/src/browser.ts';
import { kinds, phone } from './kinds.ts';
import { screenshot, useVisits } from './visits.ts';

const { open, useOpen } = useVisits();

/** Without JavaScript it is another page: see site.test.ts. */
const notThere = ['not there', '/404.html'] as const;

describe.each([...kinds, notThere])('%s', (kind, path) => {
	// One visit for all three: a page is loaded in the time that axe takes for two.
	it('has nothing that axe finds, in the light, in the dark and on a phone, which it fits', async () => {
		const page = await open(path, { colorScheme: 'light' });
		expect(await violations(page)).toEqual([]);
		await screenshot(page, `${kind}-desktop-light`);

		await page.emulateMedia({ colorScheme: 'dark' });
		await page.locator('html.dark').waitFor({ state: 'attached' });
		expect(await violations(page, 'colours')).toEqual([]);
		await screenshot(page, `${kind}-desktop-dark`);

		await page.setViewportSize(phone.viewport);
		expect(await overhang(page)).toBe(0);
		expect(await violations(page)).toEqual([]);
		await screenshot(page, `${kind}-phone`);
	});
});

describe('the check for accessibility', () => {
	const opened = useOpen('/');

	/** What axe finds in a page that a script has changed, for as long as it looks. */
	async function foundIn(change: string, what: 'everything' | 'colours'): Promise<string[]> {
		const page = opened();
		await page.evaluate(change);
		const found = await violations(page, what);
		await page.evaluate("document.querySelector('main').lastElementChild.remove()");
		return found;
	}

	it('finds a button without a name', async () => {
		const found = await foundIn(
			"document.querySelector('main').append(document.createElement('button'))",
			'everything',
		);
		expect(found).toEqual([expect.stringContaining('critical button-name')]);
	});

	it.each([
		['its colour', "texts[4].style.color = '#777'", [5]],
		['its ground', "texts[4].style.background = '#999'", [5]],
		['how opaque it is', "texts[4].style.opacity = '.5'", [5]],
		['the ground that all lie on', "list.style.background = '#999'", [1, 2, 3]],
		[
			'not being disabled, as those before it',
			"for (const one of texts.slice(0, 3)) one.ariaDisabled = 'true'; list.style.color = '#777'",
			[4, 5, 6],
		],
		['nothing', 'void texts', []],
	])('finds which of many texts is too pale, by %s', async (_, change, places) => {
		const found = await foundIn(
			`{
			const list = document.createElement('div');
			list.style.cssText = 'background: #ddd; color: #444';
			const texts = ['one', 'two', 'three', 'four', 'five', 'six'].map((text) => {
				const one = document.createElement('p');
				one.className = 'pale';
				one.style.color = 'inherit';
				one.textContent = text;
				return one;
			});
			list.append(...texts);
			document.querySelector('main').append(list);
			${change};
		}`,
			'colours',
		);
		expect(found).toEqual(
			places.map((place) => `serious color-contrast: .pale:nth-child(${place})`),
		);
	});
});
