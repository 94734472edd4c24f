import { addPolicy, addWayBack, readBase, styleWithoutScript } from '../src/html.ts';

describe('the policy of a page', () => {
	const policyOf = (page: string): string =>
		/Content-Security-Policy" content="([^"]*)"/.exec(addPolicy(page))?.[1] ?? '';

	it('allows the scripts that are in it, by their hash and once each, and no others', () => {
		// printf 'alert(1)' | openssl dgst -sha256 -binary | base64
		const hash = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
		const scripts =
			'<script>alert(1)</script><script type="module">alert(1)</script><script async src="/a.js"></script>';
		expect(policyOf(`<head>${scripts}</head>`)).toBe(
			`default-src 'none'; script-src 'self' ${hash}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'`,
		);
		expect(policyOf('<head></head>')).toContain("; script-src 'self'; style-src");
	});

	it('is not left out without a word where a page has no head', () => {
		expect(() => addPolicy('<html><body></body></html>')).toThrow('has no <head>');
	});
});

describe('the page for what is not there', () => {
	it('has a way back without JavaScript, from below any folder', () => {
		expect(
			addWayBack('<body><div id="app"></div></body>', '/a/b/', [{ text: 'Q & A', link: '/q&a/' }]),
		).toBe(
			'<body><div id="app"></div>\n    <noscript><main class="vp-doc not-found"><h1>Page not found</h1><ul><li><a href="/a/b/">To the first page</a></li><li><a href="/a/b/q&amp;a/">Q &amp; A</a></li></ul></main></noscript></body>',
		);
	});
});

describe('the place of the site on its host', () => {
	it.each(['/', '/memberpass-integrations/', '/a/b/'])('may be %s', (base) => {
		expect(readBase(base)).toBe(base);
	});

	it.each([
		'',
		'docs',
		'/docs',
		'//evil.example/',
		'https://example.com/',
		'/a b/',
		'/"><script>/',
	])('cannot be "%s"', (base) => {
		expect(() => readBase(base)).toThrow('SITE_BASE must be a path');
	});
});

describe('readers without JavaScript', () => {
	it('get the dark colours of the theme from their system', () => {
		expect(styleWithoutScript('.dark {\n\t--a: #000;\n}\n')).toContain(
			'@media (prefers-color-scheme:dark){:root{color-scheme:dark;--a: #000;}',
		);
	});

	it('are not forgotten when the theme changes', () => {
		expect(() => styleWithoutScript(':root {}')).toThrow('".dark { … }"');
	});
});
