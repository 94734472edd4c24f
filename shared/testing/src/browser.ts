import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';

import { ensureProgram, programs } from './programs.ts';

/** A real browser for tests and figures. Not part of the index: only who needs a browser loads one. */

/** Starts the browser. @throws Error where it is not there and cannot be installed. */
export async function launchChromium(): Promise<Browser> {
	return await chromium.launch({
		executablePath: ensureProgram(programs.chromium),
		// The first start on a busy machine reads 300 MB from the disk.
		timeout: 180_000,
		args: [
			'--headless',
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	});
}

/** The browser of a test file. Call it at the top of the file. */
export function useBrowser(): () => Browser {
	// A page is judged by what it shows, not by how busy the machine is.
	jest.setTimeout(180_000);
	let browser: Browser | null = null;
	beforeAll(async () => {
		browser = await launchChromium();
	}, 300_000);
	afterAll(() => browser?.close());
	return () => {
		if (browser === null) throw new Error('The browser is not there yet.');
		return browser;
	};
}

/** What axe finds, in a form that says what to repair. */
export async function violations(page: Page): Promise<string[]> {
	// In the page itself, and without the details of what is in order: the same findings in a sixth of the time.
	// Half a megabyte that the page has already is not sent again.
	const isThere = await page.evaluate<boolean>("typeof axe === 'object'");
	const { violations: found } = await new AxeBuilder(isThere ? { page, axeSource: ';' } : { page })
		.setLegacyMode()
		.options({ resultTypes: ['violations'] })
		.analyze();
	return found.flatMap(({ id, impact, nodes }) =>
		nodes.map(({ target }) => `${impact ?? 'unknown'} ${id}: ${target.join(' ')}`),
	);
}

/**
 * Takes screenshots for whoever wants to look at what a person sees. They take a fifth of the time of the tests, so that
 * these take them only where MEMBERPASS_SCREENSHOTS is set.
 *
 * @param folder is made, and told to git as one to ignore.
 */
export function screenshotsIn(
	folder: string,
	isWanted = process.env['MEMBERPASS_SCREENSHOTS'] !== undefined,
): (page: Page, name: string) => Promise<void> {
	return async (page, name) => {
		if (!isWanted) return;
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, '.gitignore'), '*\n');
		await page.screenshot({ path: join(folder, `${name}.png`) });
	};
}

/** Presses Tab until an element has the focus. @throws Error where the keyboard does not reach it. */
export async function tabTo(page: Page, selector: string, most = 40): Promise<void> {
	for (let presses = 0; presses < most; presses++) {
		await page.keyboard.press('Tab');
		if ((await page.locator(`${selector}:focus`).count()) > 0) return;
	}
	throw new Error(`${most} presses of Tab did not reach ${selector}.`);
}

/** How many pixels the page is wider than the window. */
export async function overhang(page: Page): Promise<number> {
	return Number(
		await page.evaluate(
			'document.documentElement.scrollWidth - document.documentElement.clientWidth',
		),
	);
}
