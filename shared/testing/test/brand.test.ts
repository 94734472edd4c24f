import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';

import { checkoutFiles } from '../src/checkout-files.ts';

const root = join(__dirname, '../../..');

/** What a renamed product changes on the wire. Pages of the documentation are sources, and stay what they are. */
const facts = [
	...[platform.apiOrigin, platform.pages.app, platform.pages.portal].map(
		(url) => new URL(url).host,
	),
	// Of both prefixes what they begin with: a pattern spells it once.
	...Object.values(platform.tokenPrefixes).map((prefix) => `${prefix.split('_')[0] ?? ''}_`),
	platform.headers.signature,
	platform.headers.eventId,
	platform.headers.eventName,
	platform.webhookUserAgent,
];

/** "attempt_count" is none of them. */
const pattern = new RegExp(
	`(?<![A-Za-z])(?:${facts.map((fact) => fact.replaceAll('.', '\\.')).join('|')})`,
	'i',
);

/** Where one is spelled all the same, and why. */
const exceptions: Readonly<Record<string, string>> = {
	'packages/n8n-nodes-memberpass/compare/behaviour.mts': 'drives 1.4.0, which knows no other name',
	'packages/n8n-nodes-memberpass/compare/figures.mts': 'drives 1.4.0, which knows no other name',
	'packages/n8n-nodes-memberpass/e2e/server.test.mts': 'expected values of a test',
	'packages/n8n-nodes-memberpass/e2e/stage.mts': 'expected values of a test',
	'packages/sandbox/src/rules.ts': 'says what a page says, beside its address',
	'packages/sandbox/src/switches.ts': 'says what a page says, beside its address',
	'shared/catalogue/src/operations/distribution.ts': 'an example, as the page shows it',
	'shared/catalogue/src/platform.ts': 'the one place',
	'shared/proof/src/faults/table.ts': 'expected values of a test',
	'shared/proof/src/flood/run.ts': 'finds tokens in what must hold none',
	'shared/recorder/src/scrub.ts': 'hides the tokens of both hosts',
	'shared/testing/src/redaction.ts': 'expected values of three tests',
	'shared/testing/src/secret-scan.ts': 'finds the tokens of both hosts',
};

const generated = new Set(
	JSON.parse(
		readFileSync(join(root, 'shared/generate/generated-files.json'), 'utf8'),
	) as readonly string[],
);

const isComment = (line: string): boolean => /^\s*(\*|\/\/|\/\*|#|<!--)/.test(line);

const spelled = (path: string): boolean => {
	const code = readFileSync(join(root, path), 'utf8')
		.split('\n')
		.filter((line) => !isComment(line))
		.join('\n');
	return pattern.test(code);
};

it('an origin, a token prefix and a header of the brand are spelled in one place', () => {
	const sources = checkoutFiles(root, '*.ts', '*.mts', '*.js', '*.mjs', '*.html').filter(
		(path) => !generated.has(path) && !/(^|\/)(test|vendor)\//.test(path),
	);
	expect(sources.length).toBeGreaterThan(300);
	expect(sources.filter(spelled).sort()).toEqual(Object.keys(exceptions).sort());
});
