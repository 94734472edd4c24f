import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { platform } from '@memberpass/catalogue';
import { defineConfig } from 'vitepress';

import { addPolicy, addWayBack, readBase, styleWithoutScript } from '../../src/html.ts';
import {
	eventSidebar,
	guideSidebar,
	operationSidebar,
	recipeSidebar,
} from '../../src/navigation.ts';
import { sections } from '../../src/sections.ts';

const here = import.meta.dirname;
const base = readBase(process.env['SITE_BASE'] ?? '/');
const vitepress = dirname(createRequire(import.meta.url).resolve('vitepress/package.json'));
const read = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');
const themeStyles =
	read(vitepress, 'dist/client/theme-default/styles/vars.css') + read(here, 'theme/style.css');

/** The button that VitePress puts into code blocks says nothing aloud; ours is a word, and copies the exact text. */
const copyButton =
	'<button type="button" class="copy-code" aria-label="Copy this code">Copy</button>';

export default defineConfig({
	base,
	lang: 'en',
	title: `${platform.name} integrations`,
	titleTemplate: `:title | ${platform.name} integrations`,
	description: `Reference of ${platform.name} on Zapier, n8n and Make.`,
	outDir: join(here, '../../dist'),
	cacheDir: join(here, '../../.cache/vitepress'),
	metaChunk: true,
	head: [
		['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }],
		['noscript', {}, `<style>${styleWithoutScript(themeStyles)}</style>`],
	],
	markdown: {
		theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
		config(markdown) {
			const { fence } = markdown.renderer.rules;
			markdown.renderer.rules.fence = (...parts) =>
				(fence?.(...parts) ?? '').replace(
					/<button title="[^"]*" class="copy"><\/button>/,
					copyButton,
				);
		},
	},
	themeConfig: {
		logo: { src: '/icon.svg', alt: '' },
		siteTitle: platform.name,
		nav: [...sections],
		sidebar: {
			'/events/': eventSidebar(),
			'/actions/': operationSidebar('action', 'extra'),
			'/searches/': operationSidebar('search'),
			'/reads/': operationSidebar('read'),
			'/recipes/': recipeSidebar(),
			'/guides/': guideSidebar(),
			'/token': guideSidebar(),
		},
		outline: { level: [2, 3], label: 'On this page' },
		docFooter: { prev: false, next: false },
		externalLinkIcon: true,
	},
	transformPageData(page) {
		const { description } = page.params ?? {};
		return typeof description === 'string' ? { description } : undefined;
	},
	transformHtml: (html, _, { page }) =>
		addPolicy(page === '404.md' ? addWayBack(html, base, sections) : html),
});
