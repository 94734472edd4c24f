import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { events, isOfSuccessor, operations } from '@memberpass/catalogue';

import { dayInWords, readFacts, waitInWords } from '../src/facts.ts';
import { handWritten } from '../src/pages.ts';
import { repoRoot } from './support.ts';

describe('facts in words', () => {
	it.each([
		[10, '10 seconds'],
		[120, '2 minutes'],
		[3600, '1 hour'],
		[86_400, '24 hours'],
	])('%d is %s', (seconds, words) => {
		expect(waitInWords(seconds)).toBe(words);
	});

	it('the waits between the attempts of a delivery are the documented ones', () => {
		expect(readFacts().retryWaits).toBe(
			'10 seconds, 30 seconds, 2 minutes, 10 minutes, 1 hour, 6 hours, 24 hours',
		);
	});

	it('the attempts of a delivery go on for 31 hours, the sum of the documented waits', () => {
		// 10 s + 30 s + 2 min + 10 min + 1 h + 6 h + 24 h.
		expect(readFacts().retryTime).toBe('about 31 hours');
	});

	it('the numbers of what there is are those of the catalogue', () => {
		expect(readFacts().counts).toEqual({ events: 71, actions: 24, searches: 35 });
	});

	it('a date is a day in any time zone', () => {
		expect(dayInWords('2027-08-14')).toBe('14 August 2027');
	});
});

it('the reasons why a token is refused are those that the messages give', () => {
	expect(readFacts().refusedTokens).toMatch(
		/^MemberPass refuses a token that was revoked, .* \(sbt_…\)\.$/,
	);
});

describe('the guides', () => {
	const guide = (name: string): string =>
		readFileSync(join(repoRoot, 'packages/site/pages/guides', `${name}.md`), 'utf8');

	it('are in the search and in the sidebar, each as it is called', () => {
		const names = readdirSync(join(repoRoot, 'packages/site/pages/guides'))
			.filter((file) => file !== 'index.md')
			.map((file) => file.replace('.md', ''));
		const listed = new Map(handWritten.map((row) => [row.id, row]));
		expect([...listed.keys()].sort()).toEqual(
			[...names.map((name) => `/guides/${name}.html`), '/token.html'].sort(),
		);
		for (const name of names) {
			const { label, summary } = listed.get(`/guides/${name}.html`) ?? {};
			expect(guide(name)).toContain(`---\ntitle: ${label}\ndescription: ${summary}\n---\n`);
		}
	});

	it('promise nobody more attempts than the waits add up to', () => {
		expect(guide('rotate-a-secret')).toContain('sent again for {{ facts.retryTime }}');
		expect(guide('rotate-a-secret')).not.toMatch(/days/);
	});

	it('on Make gives the reasons for a 401, which Make only shows as it came', () => {
		expect(guide('connect-make')).toMatch(/\*\*401\.\*\* .*\{\{ facts\.refusedTokens \}\}/);
	});

	it('on the successor link every entry that warns of it', () => {
		const hit = [
			...events
				.filter(({ caveats }) => caveats.some(({ text }) => isOfSuccessor(text)))
				.map(({ type }) => `/events/${type}.md`),
			...operations
				.filter(({ caveats }) => caveats.some(isOfSuccessor))
				.map(({ key, kind }) => `/${kind === 'search' ? 'searches' : 'actions'}/${key}.md`),
		];
		expect(hit).toHaveLength(9);
		for (const link of hit) expect(guide('successor-host')).toContain(`](${link})`);
	});

	it('on the successor do not promise that the bridge hides what changed', () => {
		expect(guide('successor-host')).toContain('It is not known whether the bridge hides');
		expect(guide('successor-host')).not.toContain('Nothing has to change');
	});
});
