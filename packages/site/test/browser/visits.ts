import { join } from 'node:path';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { screenshotsIn } from '../../../../shared/testing/src/browser.ts';
import { serveSite, type SiteServer } from '../../src/server.ts';
import { repoRoot, requireDist } from '../support.ts';

/** Pictures for whoever wants to look at what a person sees. */
export const screenshot = screenshotsIn(join(repoRoot, 'packages/site/.artifacts'));

/** A key that is pressed before the scripts listen is lost, for people too: they press again, tests do not. */
const isAlive = "document.querySelector('#app')?.__vue_app__ !== undefined";

export interface Visits {
	readonly url: () => string;
	/** Opens a page. Its context is closed after the test. */
	readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
}

/**
 * The built site on a port of this machine, and pages of it. A test fails where the console of a page said anything
 * wrong, or where a page asked any other host for anything.
 */
export function useVisits(browser: () => Browser): Visits {
	let site: SiteServer | null = null;
	const closers: (() => Promise<unknown>)[] = [];
	const complaints: string[] = [];
	const url = (): string => {
		if (site === null) throw new Error('The site is not served yet.');
		return site.url;
	};
	beforeAll(async () => {
		site = await serveSite(requireDist(), 0);
	});
	afterAll(() => site?.close());
	afterEach(async () => {
		for (const close of closers.splice(0)) await close();
		expect(complaints.splice(0)).toEqual([]);
	});
	return {
		url,
		async open(path, options = {}) {
			const context = await browser().newContext({
				viewport: { width: 1360, height: 900 },
				reducedMotion: 'reduce',
				locale: 'en-GB',
				...options,
			});
			closers.push(() => context.close());
			const page = await context.newPage();
			// Generous: on two cores the browser shares its time with other tests.
			page.setDefaultTimeout(60_000);
			page.on('console', (message) => {
				if (['error', 'warning'].includes(message.type())) {
					complaints.push(`${message.type()}: ${message.text()}`);
				}
			});
			page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
			page.on('request', (request) => {
				const { protocol, origin } = new URL(request.url());
				if (protocol !== 'data:' && origin !== url()) complaints.push(`asked ${request.url()}`);
			});
			await page.goto(url() + path);
			if (options.javaScriptEnabled !== false) await page.waitForFunction(isAlive);
			return page;
		},
	};
}
