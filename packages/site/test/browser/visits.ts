import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { screenshotsIn, until, useTabs } from '../../../../shared/testing/src/browser.ts';
import { serveSite, type SiteServer } from '../../src/server.ts';
import { repoRoot, requireDist } from '../support.ts';

/** Pictures for whoever wants to look at what a person sees. */
export const screenshot = screenshotsIn(join(repoRoot, 'packages/site/.artifacts'));

/** A key that is pressed before the scripts listen is lost, for people too: they press again, tests do not. */
const isAlive = "document.querySelector('#app')?.__vue_app__ !== undefined";

export interface Visits {
	readonly url: () => string;
	/** Opens a page. It is closed after the test. */
	readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
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
	const { tab } = useTabs({
		judgeRequest: ({ protocol, origin, href }) =>
			protocol === 'data:' || origin === url() ? null : `asked ${href}`,
	});
	return {
		url,
		async open(path, options = {}) {
			const page = await tab(options);
			await page.goto(url() + path);
			if (options.javaScriptEnabled !== false) await until(page, isAlive);
			return page;
		},
	};
}
