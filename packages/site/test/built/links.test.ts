import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { find } from '../../src/server.ts';
import { requireDist } from '../support.ts';

const dist = requireDist();
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((path) =>
	path.endsWith('.html'),
);
const texts = new Map(files.map((path) => [path, readFileSync(join(dist, path), 'utf8')]));

const all = (text: string, pattern: RegExp): string[] =>
	[...text.matchAll(pattern)].map(([, value = '']) => value.replaceAll('&amp;', '&'));

describe('in the built pages', () => {
	it('there are at least as many as the catalogue has entries', () => {
		expect(files.length).toBeGreaterThan(150);
	});

	it('every link inside the site, every anchor and every file leads somewhere', () => {
		const inside = [...texts].flatMap(([path, text]) =>
			all(text, /\s(?:href|src)="([^"]*)"/g)
				.filter((href) => !/^(https?:|mailto:|data:)/.test(href))
				.map((href) => ({ here: `/${path.split(sep).join('/')}`, href })),
		);
		const broken = inside.flatMap(({ here, href }) => {
			const target = new URL(href, `http://localhost${here}`);
			const file = find(dist, target.pathname);
			if (file === null) return [`${here} -> ${href}: no such page`];
			// What stands behind the # of the token helper is a choice, not a place.
			if (target.hash === '' || target.hash.includes('=')) return [];
			const anchor = decodeURIComponent(target.hash.slice(1));
			const there = texts.get(relative(dist, file)) ?? '';
			return there.includes(`id="${anchor}"`) ? [] : [`${here} -> ${href}: no such place`];
		});
		expect(inside.length).toBeGreaterThan(10 * files.length);
		expect(broken).toEqual([]);
	});

	it('no two places of a page have the same name', () => {
		const twice: string[] = [];
		for (const [path, text] of texts) {
			const ids = all(text, /\sid="([^"]*)"/g);
			twice.push(
				...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${path}: ${id}`),
			);
		}
		expect(twice).toEqual([]);
	});

	it('nothing is loaded from another host, and every page forbids it', () => {
		for (const [path, text] of texts) {
			const loaded = [
				...all(text, /\s(?:src|srcset|poster)=["']?((?:https?:)?\/\/[^"'\s>]*)/g),
				...all(text, /<link[^>]*\shref=["']?((?:https?:)?\/\/[^"'\s>]*)/g),
			];
			expect([path, loaded]).toEqual([path, []]);
			expect(text).toContain(`content="default-src 'none'; script-src 'self' 'sha256-`);
		}
	});

	it('every page has the style of those who run no scripts', () => {
		const styles = new Set(
			[...texts.values()].map(
				(text) => all(text, /<noscript>(<style>.+?<\/style>)<\/noscript>/g)[0],
			),
		);
		expect([...styles]).toEqual([expect.stringContaining('prefers-color-scheme:dark')]);
	});

	it('code has no colour that the snippet in Ruby lacks, which is the one whose colours are judged', () => {
		const colours = (text: string): readonly string[] =>
			[...new Set(all(text, /(--shiki-(?:light|dark):#\w+)/g))].sort();
		const guide = texts.get(join('guides', 'verify-a-webhook.html')) ?? '';
		const [ruby = ''] = all(guide, /<div class="language-rb(.*?)<\/pre>/gs);
		expect(colours(ruby)).toEqual(colours([...texts.values()].join('')));
		expect(colours(ruby).length).toBeGreaterThan(1);
	});

	it('every page has one heading of the first level and a title of its own', () => {
		const pages = [...texts].filter(([path]) => path !== '404.html');
		for (const [path, text] of pages) {
			expect([path, all(text, /(<h1)[\s>]/g).length]).toEqual([path, 1]);
		}
		const titles = pages.flatMap(([, text]) => all(text, /<title>([^<]+)<\/title>/g));
		expect(new Set(titles).size).toBe(pages.length);
	});
});
