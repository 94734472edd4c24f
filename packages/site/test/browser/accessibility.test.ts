import type { Page } from 'playwright-core';

import { overhang, violations } from '../../../../shared/testing/src/browser.ts';
import { desktop, kinds, phone } from './kinds.ts';
import { screenshot, useVisits } from './visits.ts';

const { open } = useVisits();

async function darken(page: Page): Promise<void> {
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.locator('html.dark').waitFor({ state: 'attached' });
}

/** Without JavaScript it is another page: see site.test.ts. */
const notThere = ['not there', '/404.html'] as const;

describe.each([...kinds, notThere])('%s', (kind, path) => {
	it('has nothing that axe finds in the light, nor in its colours on a phone in the dark, which it fits', async () => {
		const page = await open(path, { colorScheme: 'light' });
		expect(await violations(page)).toEqual([]);
		await screenshot(page, `${kind}-desktop-light`);

		await darken(page);
		await screenshot(page, `${kind}-desktop-dark`);
		await page.setViewportSize(phone.viewport);
		expect(await overhang(page)).toBe(0);
		expect(await violations(page, 'colours')).toEqual([]);
		await screenshot(page, `${kind}-phone`);
	});
});

describe('what surrounds every page', () => {
	// On each of them axe would take longer for it than for the page.
	it('has nothing that axe finds on a phone, nor in the colours that only a desktop shows in the dark', async () => {
		const page = await open('/events/subscription.past_due.html', phone);
		const areVisible = (): Promise<boolean[]> =>
			Promise.all(
				['.VPNavBarHamburger', '.VPNavBarMenu', '.VPDocAsideOutline'].map((one) =>
					page.locator(one).isVisible(),
				),
			);
		expect(await areVisible()).toEqual([true, false, false]);
		expect(await violations(page)).toEqual([]);

		await page.setViewportSize(desktop.viewport);
		await darken(page);
		expect(await areVisible()).toEqual([false, true, true]);
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
