import { violations } from '../../../../shared/testing/src/browser.ts';
import { judge } from './judge.ts';
import { kinds } from './kinds.ts';
import { useVisits } from './visits.ts';

const { open } = useVisits();

/** Seven of the guide's eight snippets, for which axe takes longer than for any page: the one in Ruby has all colours of code. */
const otherSnippets = 'div[class*="language-"]:not(.language-rb)';

// The token helper, and what is not there, are judged in site.test.ts: so both files take as long.
describe.each(kinds.filter(([kind]) => kind !== 'token helper'))('%s', (kind, path) => {
	it('has nothing that axe finds, and fits a phone', async () => {
		const page = await open(path);
		expect(await judge(page, kind, kind === 'guide' ? otherSnippets : null)).toEqual([]);
	});
});

describe('the check for accessibility', () => {
	it('finds a button without a name', async () => {
		const page = await open('/');
		await page.evaluate("document.querySelector('main').append(document.createElement('button'))");
		expect(await violations(page)).toEqual([expect.stringContaining('critical button-name')]);
	});
});
