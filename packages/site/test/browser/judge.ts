import type { Page } from 'playwright-core';

import { overhang, violations } from '../../../../shared/testing/src/browser.ts';
import { phone } from './kinds.ts';
import { darken, screenshot } from './visits.ts';

/**
 * What axe finds on a page that was opened in the light, and in its colours in the dark, on a phone. What a phone shows
 * otherwise surrounds every page, and is judged once.
 *
 * @param name of the screenshots.
 * @param except a selector of what is not judged.
 * @returns a line each, and one where the page does not fit the phone.
 */
export async function judge(
	page: Page,
	name: string,
	except: string | null = null,
): Promise<string[]> {
	const light = await violations(page, 'everything', except);
	await screenshot(page, `${name}-desktop-light`);
	await darken(page);
	await screenshot(page, `${name}-desktop-dark`);
	await page.setViewportSize(phone.viewport);
	await screenshot(page, `${name}-phone`);
	const dark = await violations(page, 'colours', except);
	const tooWide = await overhang(page);
	return [...light, ...dark, ...(tooWide === 0 ? [] : [`${tooWide} pixels wider than a phone`])];
}
