import { withBase } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { defineComponent, h, onBeforeUnmount, onMounted } from 'vue';

import { notFound, sections } from '../../../src/sections.ts';
import { announcement } from './announce.ts';
import { copyBlock } from './copy.ts';
import { SearchButton } from './search-button.ts';

/** The header's menu is a script on phones; these links are always there. */
const footerLinks = sections.flatMap((section) =>
	section.link === '/searches/' ? [section, { text: 'Other reads', link: '/reads/' }] : [section],
);

/** The default layout with the search in the header, links at the end, and the live region. */
export const Layout = defineComponent({
	name: 'SiteLayout',
	setup() {
		const onClick = ({ target }: MouseEvent): void => {
			if (target instanceof HTMLElement && target.matches('button.copy-code'))
				void copyBlock(target);
		};
		onMounted(() => document.addEventListener('click', onClick));
		onBeforeUnmount(() => document.removeEventListener('click', onClick));
		return () =>
			h(DefaultTheme.Layout, null, {
				// VitePress's own has no main, and a link whose spoken name is not the one that is read.
				'not-found': () =>
					h('main', { class: 'vp-doc not-found' }, [
						h('h1', notFound.title),
						h('p', notFound.advice),
						h(
							'ul',
							[{ text: notFound.linkText, link: '/' }, ...sections].map(({ text, link }) =>
								h('li', h('a', { href: withBase(link) }, text)),
							),
						),
					]),
				'nav-bar-content-before': () => h(SearchButton, { class: 'in-header' }),
				'layout-bottom': () => [
					h('footer', { class: 'site-footer' }, [
						h(
							'nav',
							{ 'aria-label': 'Sections' },
							footerLinks.map(({ text, link }) => h('a', { href: withBase(link) }, text)),
						),
						h('p', 'Made from the catalogue. Nothing on this site is loaded from anywhere else.'),
					]),
					h(
						'div',
						{ class: 'visually-hidden', role: 'status', 'aria-live': 'polite' },
						announcement.value,
					),
				],
			});
	},
});
