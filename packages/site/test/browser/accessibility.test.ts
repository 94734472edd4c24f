import { overhang, violations } from '../../../../shared/testing/src/browser.ts';
import { kinds, phone } from './kinds.ts';
import { darken, screenshot, useVisits } from './visits.ts';

const { open } = useVisits();

/** Without JavaScript it is another page: see site.test.ts. */
const notThere = ['not there', '/404.html'] as const;

/** Seven of the guide's eight snippets, for which axe takes longer than for any page: the one in Ruby has all colours of code. */
const otherSnippets = 'div[class*="language-"]:not(.language-rb)';

describe.each([...kinds, notThere])('%s', (kind, path) => {
	it('has nothing that axe finds in the light, nor in its colours on a phone in the dark, which it fits', async () => {
		const page = await open(path, { colorScheme: 'light' });
		const except = kind === 'guide' ? otherSnippets : null;
		expect(await violations(page, 'everything', except)).toEqual([]);
		await screenshot(page, `${kind}-desktop-light`);

		await darken(page);
		await screenshot(page, `${kind}-desktop-dark`);
		await page.setViewportSize(phone.viewport);
		expect(await overhang(page)).toBe(0);
		expect(await violations(page, 'colours', except)).toEqual([]);
		await screenshot(page, `${kind}-phone`);
	});
});

describe('the check for accessibility', () => {
	it('finds a button without a name', async () => {
		const page = await open('/');
		await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
		expect(await violations(page)).toEqual([expect.stringContaining('critical button-name')]);
	});
});
