import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { screenshotsIn, until, useTabs } from '../../../../shared/testing/src/browser.ts';
import { serveSite, type SiteServer } from '../../src/server.ts';
import { repoRoot, requireDist } from '../support.ts';

/** Pictures for whoever wants to look at what a person sees. */
export const screenshot = screenshotsIn(join(repoRoot, 'packages/site/.artifacts'));

/** A key that is pressed before the scripts listen is lost, for people too: they press again, tests do not. */
export async function untilAlive(page: Page): Promise<void> {
	await until(page, "document.querySelector('#app')?.__vue_app__ !== undefined");
}

export async function darken(page: Page): Promise<void> {
	await page.emulateMedia({ colorScheme: 'dark' });
	await page.locator('html.dark').waitFor({ state: 'attached' });
}

export interface Visits {
	readonly url: () => string;
	/** Opens a page. It is closed after the test. */
	readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
	/** One page for all tests of a `describe`: each of them leaves it as the others need it. */
	readonly useOpen: (path: string, options?: BrowserContextOptions) => () => Page;
}

/**
 * The built site on a port of this machine, and pages of it in a browser. A test fails where the console of a page said
 * anything wrong, or where a page asked any other host for anything.
 */
export function useVisits(): Visits {
	let site: SiteServer | null = null;
	const url = (): string => {
		if (site === null) throw new Error('The site is not served yet.');
		return site.url;
	};
	beforeAll(async () => {
		site = await serveSite(requireDist(), 0);
	});
	afterAll(() => site?.close());
	const { lend, tab } = useTabs({
		judgeRequest: ({ protocol, origin, href }) =>
			protocol === 'data:' || origin === url() ? null : `asked ${href}`,
	});
	const load = async (page: Page, path: string, options: BrowserContextOptions): Promise<Page> => {
		await page.goto(url() + path);
		if (options.javaScriptEnabled !== false) await untilAlive(page);
		return page;
	};
	return {
		url,
		open: async (path, options = {}) => load(await tab(options), path, options),
		useOpen(path, options = {}) {
			let lent: Awaited<ReturnType<typeof lend>> | null = null;
			beforeAll(async () => {
				lent = await lend(options);
				await load(lent[0], path, options);
			});
			afterAll(() => lent?.[1]());
			return () => {
				if (lent === null) throw new Error('The page is not open yet.');
				return lent[0];
			};
		},
	};
}
