import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { overhang, tabTo, violations } from '../../../../shared/testing/src/browser.ts';
import { queries } from '../queries.ts';
import { repoRoot } from '../support.ts';
import { judge } from './judge.ts';
import { desktop, kinds, phone } from './kinds.ts';
import { darken, screenshot, untilAlive, useVisits } from './visits.ts';

const { open, useOpen, url } = useVisits();

async function openSearch(page: Page): Promise<void> {
	await page.keyboard.press('/');
	await page.locator('.search-field input:focus').waitFor();
}

/** What no script is needed for is in one style, which every page has: these are the layouts that it must serve. */
const layouts = ['home', 'events', 'action', 'recipe', 'guide', 'token helper'];

describe.each(kinds.filter(([kind]) => layouts.includes(kind)))('%s', (kind, path) => {
	it('can be read without JavaScript', async () => {
		const page = await open(path, { javaScriptEnabled: false, colorScheme: 'dark' });
		expect(await page.locator('main h1').isVisible()).toBe(true);
		expect(await page.locator('.site-footer nav a').count()).toBeGreaterThan(4);
		for (const dead of [
			'.search-button',
			'button.copy-code',
			'.VPNavBarHamburger',
			'.VPNavBarAppearance',
		]) {
			const all = await page.locator(dead).all();
			// Not every page has code to copy.
			if (dead !== 'button.copy-code') expect([dead, all.length]).not.toEqual([dead, 0]);
			for (const one of all) expect(await one.isVisible()).toBe(false);
		}
		// Dark, although the switch that usually says so is a script. The default theme's light ground is white.
		expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
			'rgb(27, 27, 31)',
		);
		await screenshot(page, `${kind}-without-script`);
	});
});

describe('the search', () => {
	/** That it knows all of them is shown without a browser. */
	const oneOfEachKind = new Map(queries.map((query) => [query[1].split('/')[1], query])).values();

	it('finds with the keyboard what people type, and opens the first result with Enter', async () => {
		const page = await open('/');
		await openSearch(page);
		const field = page.locator('.search-field input');
		for (const [query, first] of oneOfEachKind) {
			// Emptied first, so that the list before is not taken for the answer.
			await field.fill('');
			await page.locator('.hits').waitFor({ state: 'detached' });
			await field.fill(query);
			expect([query, await page.locator('.hits a').first().getAttribute('href')]).toEqual([
				query,
				first,
			]);
		}
		await field.fill('past_due');
		await screenshot(page, 'search-dialog');
		await page.keyboard.press('Enter');
		await page.waitForURL('**/events/subscription.past_due.html');
		await page.locator('h1', { hasText: 'Subscription Past Due' }).waitFor();
		await page.locator('.search-dialog').waitFor({ state: 'detached' });
	});

	it('has nothing that axe finds on a phone, which it fits, in the light and in the dark', async () => {
		const page = await open('/', phone);
		await page.locator('.search-button').first().click();
		await page.locator('.search-field input').fill('subscription');
		await page.locator('.hits a').first().waitFor();
		expect(await violations(page)).toEqual([]);
		expect(await overhang(page)).toBe(0);
		// What a dialog cuts off makes the page no wider.
		const cut = `[...document.querySelectorAll('.hits a')].filter(
			(hit) => hit.scrollWidth > hit.clientWidth || hit.getBoundingClientRect().right > innerWidth).length`;
		expect(await page.evaluate(cut)).toBe(0);
		await screenshot(page, 'search-phone-light');

		await darken(page);
		expect(await violations(page, 'colours')).toEqual([]);
		await screenshot(page, 'search-phone-dark');
	});
});

describe('the search that could not be loaded', () => {
	it('says so, and comes with the page when that is loaded again', async () => {
		const page = await open('/');
		await page.route('**/search-dialog.*.js', (route) =>
			route.fulfill({ contentType: 'text/javascript', body: "throw new Error('broken')" }),
		);
		// Where an earlier test left the pointer on the button, the page just opened has the search already.
		await page.reload();
		await untilAlive(page);
		await page.keyboard.press('/');
		const button = page.locator('.search-button', { hasText: 'Reload' }).first();
		await button.waitFor();
		await page
			.locator('[role=status]', { hasText: 'The search could not be loaded. Reload the page.' })
			.waitFor({ state: 'attached' });
		await page.unrouteAll();
		await Promise.all([page.waitForEvent('load'), button.click()]);
		await untilAlive(page);
		await page.locator('.search-button', { hasText: 'Search' }).first().click();
		await page.locator('.search-field input:focus').waitFor();
	});
});

describe('the dialog of the search', () => {
	const opened = useOpen('/');

	it('walks the results with the arrows, says how many there are, and closes with Escape', async () => {
		const page = opened();
		await page.keyboard.press('Control+k');
		await page.locator('.search-field input:focus').waitFor();
		await page.keyboard.type('payment failed');
		await page
			.locator('.search-dialog [role=status]', {
				hasText: /^\d+ results\. First: Payment Failed\.$/,
			})
			.waitFor({ state: 'attached' });
		await page.keyboard.press('ArrowDown');
		await page.keyboard.press('ArrowDown');
		expect(await page.locator('.hits li:nth-child(2) a:focus').count()).toBe(1);
		await page.keyboard.type('zzzz');
		expect(await page.locator('.search-field input').inputValue()).toBe('payment failedzzzz');
		await page.locator('.nothing').waitFor();
		await page.keyboard.press('Escape');
		await page.locator('.search-dialog').waitFor({ state: 'detached' });
	});

	it('leaves Enter and the arrows to who composes a word', async () => {
		const page = opened();
		await openSearch(page);
		await page.keyboard.type('payment failed');
		await page.locator('.hits a').first().waitFor();
		for (const key of ['ArrowDown', 'Enter']) {
			await page.locator('.search-field input').dispatchEvent('keydown', {
				key,
				isComposing: true,
			});
		}
		expect(await page.locator('.search-field input:focus').count()).toBe(1);
		expect(await page.locator('.search-dialog').count()).toBe(1);
		expect(new URL(page.url()).pathname).toBe('/');
		await page.keyboard.press('Escape');
		await page.locator('.search-dialog').waitFor({ state: 'detached' });
	});

	it('is open once, by whichever button and key', async () => {
		const page = opened();
		await page.locator('.search-button.in-page').click();
		await page.locator('.search-field input:focus').waitFor();
		await page.keyboard.press('Control+k');
		await page.keyboard.press('Escape');
		await page.locator('.search-dialog').waitFor({ state: 'detached' });
	});

	it('offers words to try, and closes by its button and by a click beside it', async () => {
		const page = opened();
		await openSearch(page);
		await page.getByRole('button', { name: 'gift codes' }).click();
		await page.locator('.search-field input:focus').waitFor();
		expect(await page.locator('.hits a').first().getAttribute('href')).toBe(
			'/recipes/gift-code-campaign.html',
		);
		await page.getByRole('button', { name: 'Close' }).click();
		await page.locator('.search-dialog').waitFor({ state: 'detached' });
		await openSearch(page);
		await page.locator('.search-panel').click();
		expect(await page.locator('.search-dialog').count()).toBe(1);
		await page.mouse.click(5, 500);
		await page.locator('.search-dialog').waitFor({ state: 'detached' });
	});
});

describe('copying', () => {
	const permissions = ['clipboard-read', 'clipboard-write'];
	const clipboard = (page: Page): Promise<string> =>
		page.evaluate('navigator.clipboard.readText()');

	it('puts exactly the payload of the fixture on the clipboard', async () => {
		const page = await open('/events/subscription.past_due.html', { permissions });
		await page.locator('#payload ~ .language-json .copy-code').first().click();
		await page.locator('.copy-code', { hasText: 'Copied' }).waitFor();
		const fixture = JSON.parse(
			readFileSync(join(repoRoot, 'fixtures/events/subscription/past_due.json'), 'utf8'),
		) as { body: string };
		expect(await clipboard(page)).toBe(JSON.stringify(JSON.parse(fixture.body), null, 2));
		await page.locator('[role=status]', { hasText: 'Copied' }).waitFor({ state: 'attached' });
	});

	it('puts exactly the bytes of the committed Make module on the clipboard', async () => {
		const page = await open('/actions/create_plan.html', { permissions });
		await page.getByRole('button', { name: 'Copy Create Plan, Make modules' }).click();
		await page.locator('.action', { hasText: 'Copied' }).waitFor();
		const committed = readFileSync(
			join(repoRoot, 'packages/make/clipboard/actions/create_plan.json'),
			'utf8',
		);
		expect(await clipboard(page)).toBe(committed);
	});

	it('downloads exactly the bytes of the committed blueprint', async () => {
		const page = await open('/events/payment.failed.html');
		const coming = page.waitForEvent('download');
		await page.locator('a[download="payment.failed.verified.json"]').click();
		const download = await coming;
		expect(download.suggestedFilename()).toBe('payment.failed.verified.json');
		expect(readFileSync(await download.path())).toEqual(
			readFileSync(join(repoRoot, 'packages/make/blueprints/events/payment.failed.verified.json')),
		);
	});

	it('puts a command on the clipboard that a shell takes as it is', async () => {
		const page = await open('/actions/ban_member.html', { permissions });
		await page.locator('#curl ~ .language-sh .copy-code').click();
		await page.locator('.copy-code', { hasText: 'Copied' }).waitFor();
		expect((await clipboard(page)).split('\n').slice(0, 4)).toEqual([
			'KEY=$(openssl rand -hex 16)',
			"curl -sS -X POST 'https://api.memberpass.net/v1/projects/prj_01JT2B7M4QX9ZC5RKE8WNHV3DA/members/usr_01JV9K3PZM4T8QX6WBNRH2C5DJ/ban' \\",
			'  -H "Authorization: Bearer $MEMBERPASS_TOKEN" \\',
			'  -H "Idempotency-Key: $KEY" \\',
		]);
	});

	it('says so where the browser refuses', async () => {
		const page = await open('/actions/ban_member.html');
		await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
		await page.locator('.copy-code').first().click();
		await page.locator('.copy-code', { hasText: 'Copying was refused' }).waitFor();
		await page.evaluate("navigator.clipboard.write = () => Promise.reject(new Error('no'))");
		await page.getByRole('button', { name: 'Copy Ban Member, Make modules' }).click();
		await page
			.locator('.action', { hasText: 'Copying was refused: open the file instead' })
			.waitFor();
	});
});

describe('the token helper', () => {
	it('has nothing that axe finds, and fits a phone', async () => {
		const page = await open('/token.html#for=n8n&events=payment.failed&does=create_plan');
		expect(await judge(page, 'token helper')).toEqual([]);
	});

	it('works with the keyboard, and keeps what is ticked in the address', async () => {
		const page = await open('/token.html#for=code');
		await tabTo(page, '.filter input', 60);
		await page.keyboard.type('past due');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Space');
		expect(await page.locator('.result li code').allTextContents()).toEqual([
			'project-subscription:view-any',
			'webhook-endpoint:manage',
		]);
		await page.waitForURL((url) => url.hash === '#for=code&events=subscription.past_due');
		await page.locator('[role=status]', { hasText: '2 abilities' }).waitFor({ state: 'attached' });

		const shared = await open(`/token.html${new URL(page.url()).hash}`);
		await shared.locator('.result li').first().waitFor();
		expect(await shared.locator('.tick input[type=checkbox]:checked').count()).toBe(1);
		expect(await shared.locator('.result li').count()).toBe(2);
	});

	it('copies one ability on each line, and says so where there is no clipboard', async () => {
		const page = await open('/token.html#for=code&events=subscription.past_due', {
			permissions: ['clipboard-read', 'clipboard-write'],
		});
		const copy = page.getByRole('button', { name: /^Cop/ });
		await copy.click();
		await page.locator('.action.main', { hasText: 'Copied' }).waitFor();
		expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
			'project-subscription:view-any\nwebhook-endpoint:manage',
		);
		await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
		await copy.click();
		await page.locator('.action.main', { hasText: 'Copying was refused' }).waitFor();
	});

	it('asks where it is used, says what needs no ability, and unticks everything', async () => {
		const page = await open('/token.html#for=make&does=get_plan,list_tokens');
		const needed = page.locator('.result li code');
		await needed.first().waitFor();
		expect(await needed.allTextContents()).toEqual(['project-subscription-plan:view']);
		expect(await page.locator('.result > p').first().textContent()).toBe(
			'These need no ability, and reach only the API tokens of the same owner: Find API Tokens.',
		);
		await page.getByRole('radio', { name: 'Zapier' }).check();
		expect(await needed.allTextContents()).toEqual([
			'project-subscription-plan:view',
			'project-subscription-plan:view-any',
			'project:view-any',
			'team:view',
		]);
		await page.getByRole('button', { name: 'Untick everything' }).click();
		expect(await page.locator('.result > p').first().textContent()).toBe(
			'Nothing yet: tick what you use.',
		);
		expect(await page.getByRole('button', { name: 'Copy the list' }).isDisabled()).toBe(true);
		expect(await page.locator('input:checked').count()).toBe(1);
		expect(new URL(page.url()).hash).toBe('#for=zapier');
	});

	it('is filled in by the link of an event', async () => {
		const page = await open('/events/subscription.past_due.html');
		await page.getByRole('link', { name: 'Add it in the token helper' }).click();
		await page.waitForURL('**/token.html#**');
		await page.locator('.result li').first().waitFor();
		expect(await page.locator('.result li code').allTextContents()).toContain(
			'project-subscription:view-any',
		);
	});

	it('without JavaScript is a table of the same facts', async () => {
		const page = await open('/token.html', { javaScriptEnabled: false });
		expect(await page.locator('.token-helper').isVisible()).toBe(false);
		expect(await page.locator('.without-script').isVisible()).toBe(true);
		const row = page.locator('.field', {
			has: page.locator('dt', { hasText: /^project-user:update$/ }),
		});
		expect(await row.locator('dd').textContent()).toBe('Ban Member, Kick Member, Unban Member');
	});
});

describe('the filter of the token helper', () => {
	const opened = useOpen('/token.html');

	it('takes a slash as what it is, and opens no search', async () => {
		const page = opened();
		await page.locator('.filter input').fill('');
		await page.locator('.filter input').focus();
		await page.keyboard.type('a/b');
		expect(await page.locator('.search-dialog').count()).toBe(0);
		expect(await page.locator('.filter input').inputValue()).toBe('a/b');
	});

	it('says so where nothing has the words that are looked for', async () => {
		const page = opened();
		await page.locator('.filter input').fill('zzzz');
		expect(await page.locator('.ticks').allTextContents()).toEqual([
			'Nothing matches these words.',
			'Nothing matches these words.',
		]);
	});
});

describe('with the keyboard alone', () => {
	it('the first stop skips to the content, and every stop can be seen', async () => {
		const page = await open('/events/subscription.past_due.html');
		await page.keyboard.press('Tab');
		expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe(
			'Skip to content',
		);
		const unseen: string[] = [];
		for (let presses = 0; presses < 30; presses++) {
			await page.keyboard.press('Tab');
			const [name, style, width] = await page.evaluate<[string, string, string]>(`(() => {
				const element = document.activeElement;
				const { outlineStyle, outlineWidth } = getComputedStyle(element);
				return [element.outerHTML.slice(0, 80), outlineStyle, outlineWidth];
			})()`);
			if (style === 'none' || width === '0px') unseen.push(name);
		}
		expect(unseen).toEqual([]);
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

describe('a page', () => {
	it('fits windows of every width', async () => {
		const page = await open('/actions/create_plan.html');
		// An iPad upright has 768 to 834.
		for (const width of [320, 480, 767, 768, 834, 959, 960, 1279, 1280]) {
			await page.setViewportSize({ width, height: 800 });
			expect([width, await overhang(page)]).toEqual([width, 0]);
		}
	});

	it('has its menu on a tablet', async () => {
		const page = await open('/events/', { viewport: { width: 800, height: 1000 } });
		await page.locator('.VPNavBarHamburger').click();
		await page.locator('.VPNavScreen').getByRole('link', { name: 'Token helper' }).click();
		await page.waitForURL('**/token.html');
	});

	it('is dark on white on paper, with nothing to click, whatever the screen shows', async () => {
		const page = await open('/events/member.joined.html', { colorScheme: 'dark' });
		await page.locator('html.dark').waitFor({ state: 'attached' });
		await page.emulateMedia({ media: 'print' });
		const styles = `['body', '.lead', '.field code', '.vp-code span'].map(
			(one) => getComputedStyle(document.querySelector(one)).color)`;
		const light = (colour: string): boolean =>
			(colour.match(/\d+/g) ?? []).every((part) => Number(part) > 127);
		expect((await page.evaluate<string[]>(styles)).filter(light)).toEqual([]);
		expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
			'rgb(255, 255, 255)',
		);
		for (const part of ['.VPNav', '.VPSidebar', '.copy-code', '.file-offer', '.site-footer']) {
			expect([part, await page.locator(part).first().isVisible()]).toEqual([part, false]);
		}
		await page.emulateMedia({ media: 'screen' });
	});
});

describe('what is not there', () => {
	it('has nothing that axe finds, and fits a phone', async () => {
		expect(await judge(await open('/404.html'), 'not there')).toEqual([]);
	});

	it('is said with a 404 and a way back, without JavaScript too', async () => {
		const answer = await fetch(`${url()}/no/such/page`);
		expect(answer.status).toBe(404);
		const [, said = ''] = /<noscript>(<main.*)<\/noscript>/.exec(await answer.text()) ?? [];
		expect(said).toContain('<h1>Page not found</h1>');
		expect([...said.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
			'/',
			'/events/',
			'/actions/',
			'/searches/',
			'/recipes/',
			'/guides/',
			'/token.html',
		]);
	});
});

describe('a tab that is used again', () => {
	it.each(['once', 'twice'])('holds nothing of the test before: %s', async () => {
		const page = await open('/');
		const state = `[localStorage.getItem('a'), document.cookie, innerWidth,
			matchMedia('(prefers-color-scheme: dark)').matches]`;
		expect(await page.evaluate(state)).toEqual([null, '', 1360, false]);
		await page.evaluate("localStorage.setItem('a', 'b'), (document.cookie = 'a=b')");
		await page.setViewportSize(phone.viewport);
		await page.emulateMedia({ colorScheme: 'dark' });
		expect(await page.evaluate(state)).toEqual(['b', 'a=b', 390, true]);
	});
});
