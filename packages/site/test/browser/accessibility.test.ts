import type { Page } from 'playwright-core';

import { overhang, violations } from '../../../../shared/testing/src/browser.ts';
import { kinds, phone } from './kinds.ts';
import { screenshot, useVisits } from './visits.ts';

const { open } = useVisits();

async function darken(page: Page): Promise<void> {
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.locator('html.dark').waitFor({ state: 'attached' });
}

/** Without JavaScript it is another page: see site.test.ts. */
const notThere = ['not there', '/404.html'] as const;

describe.each([...kinds, notThere])('%s', (kind, path) => {
	// Not more often: which colours a text and its ground have does not depend on the width.
	it('has nothing that axe finds, in the light and on a phone in the dark, which it fits', async () => {
		const page = await open(path, { colorScheme: 'light' });
		expect(await violations(page)).toEqual([]);
		await screenshot(page, `${kind}-desktop-light`);

		await darken(page);
		await screenshot(page, `${kind}-desktop-dark`);
		await page.setViewportSize(phone.viewport);
		expect(await overhang(page)).toBe(0);
		expect(await violations(page)).toEqual([]);
		await screenshot(page, `${kind}-phone`);
	});
});

describe('what a phone hides', () => {
	it('has colours that axe takes in the dark: the menus beside and above the page', async () => {
		const page = await open('/events/subscription.past_due.html');
		await darken(page);
		for (const menu of ['.VPNavBarMenu', '.VPSidebar', '.VPDocAsideOutline']) {
			expect([menu, await page.locator(menu).isVisible()]).toEqual([menu, true]);
		}
		expect(await violations(page, 'colours')).toEqual([]);
	});
});

describe('the check for accessibility', () => {
	it('finds a button without a name', async () => {
		const page = await open('/');
		await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
		expect(await violations(page)).toEqual([expect.stringContaining('critical button-name')]);
	});
});
