import { createHash } from 'node:crypto';

import { html } from './markdown.ts';
import { notFound } from './sections.ts';

/**
 * Adds a content security policy to a finished page: nothing but the site itself may be loaded, and of the scripts in
 * the page only those that are there now. Styles in attributes are how the code blocks get their colours.
 *
 * @throws Error where the page has no place for it.
 */
export function addPolicy(page: string): string {
	const hashes = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
		([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
	);
	const policy = [
		"default-src 'none'",
		`script-src 'self' ${[...new Set(hashes)].join(' ')}`.trim(),
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
	].join('; ');
	if (!page.includes('<head>')) throw new Error('A page has no <head> for its policy.');
	return page.replace(
		'<head>',
		`<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`,
	);
}

/**
 * Puts a way back into the page for what is not there. VitePress makes that page in the browser, so that without
 * JavaScript it would be empty.
 *
 * @param base where the site stands on its host: the page is served below any folder, so its links are absolute.
 * @param sections links as `/events/`, below that place.
 */
export function addWayBack(
	page: string,
	base: string,
	sections: readonly { readonly text: string; readonly link: string }[],
): string {
	const links = [{ text: notFound.linkText, link: '/' }, ...sections].map(
		({ text, link }) => `<li><a href="${html(base + link.slice(1))}">${html(text)}</a></li>`,
	);
	const said = `<main class="vp-doc not-found"><h1>${notFound.title}</h1><ul>${links.join('')}</ul></main>`;
	return page.replace('<div id="app"></div>', `$&\n    <noscript>${said}</noscript>`);
}

/**
 * Style for readers without JavaScript: what cannot work disappears, and the dark colours follow the system, because
 * the switch that usually sets them is a script.
 *
 * @param variables text of the theme's style sheets that hold `.dark { … }` blocks.
 * @throws Error where there is none: dark readers would get white pages without a word.
 */
export function styleWithoutScript(variables: string): string {
	const dark = [...variables.matchAll(/^\.dark \{\n([\s\S]*?)^\}/gm)].map(([, block = '']) =>
		block.trim(),
	);
	if (dark.length === 0) throw new Error('The theme has no block ".dark { … }" any more.');
	return [
		'.needs-script,.VPNavBarHamburger,.VPNavBarAppearance,.VPNavBarExtra,.VPLocalNav,button.copy-code{display:none!important}',
		'.without-script{display:block!important}',
		`@media (prefers-color-scheme:dark){:root{color-scheme:dark;${dark.join('')}}.vp-code span{color:var(--shiki-dark)!important}}`,
	]
		.join('')
		.replaceAll(/\s*\n\s*/g, '');
}

/**
 * Where on its host the site will stand, for the links.
 *
 * @throws Error where it is not a path between slashes: every link of the site would be wrong.
 */
export function readBase(text: string): string {
	if (/^\/(?:[\w.~-]+\/)*$/.test(text)) return text;
	throw new Error(`SITE_BASE must be a path that begins and ends with a slash, not "${text}".`);
}
