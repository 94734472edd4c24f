import {
	type Component,
	defineComponent,
	h,
	onBeforeUnmount,
	onMounted,
	ref,
	shallowRef,
} from 'vue';

import { announce } from './announce.ts';

/** Fetched when somebody is about to search, never before. */
const load = () => import('./search-dialog.ts');
/** Whoever does search is told of what went wrong. */
const prepare = (): void => void load().catch(() => undefined);

const isTyping = (target: EventTarget | null): boolean =>
	target instanceof HTMLElement &&
	(target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

let made = 0;
/** The one of several buttons on a page that answers to the keys. */
let firstMounted: number | null = null;

/** Opens the search: by a click, with `/`, or with Ctrl+K and ⌘K. */
export const SearchButton = defineComponent({
	name: 'SearchButton',
	inheritAttrs: false,
	setup(_, { attrs }) {
		const dialog = shallowRef<Component | null>(null);
		const word = ref('Search');
		const number = ++made;
		const open = async (): Promise<void> => {
			try {
				dialog.value = (await load()).SearchDialog;
				word.value = 'Search';
			} catch {
				// The site cannot be reached, or was built anew since this page came.
				if (word.value === 'Reload') location.reload();
				word.value = 'Reload';
				announce('The search could not be loaded. Reload the page.');
			}
		};
		const close = (): void => {
			dialog.value = null;
		};
		const onKey = (event: KeyboardEvent): void => {
			const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
			const isSlash = event.key === '/' && !isTyping(event.target);
			if (!isChord && !isSlash) return;
			event.preventDefault();
			// Another button may have opened it already: a second one would lie on top of it.
			if (number === firstMounted && document.querySelector('.search-dialog') === null) {
				void open();
			}
		};
		onMounted(() => {
			firstMounted ??= number;
			document.addEventListener('keydown', onKey);
		});
		onBeforeUnmount(() => {
			if (firstMounted === number) firstMounted = null;
			document.removeEventListener('keydown', onKey);
		});
		return () => [
			h(
				'button',
				{
					...attrs,
					type: 'button',
					class: ['search-button needs-script', attrs['class']],
					'aria-haspopup': 'dialog',
					'aria-keyshortcuts': '/ Control+K Meta+K',
					onPointerenter: prepare,
					onFocus: prepare,
					onClick: () => void open(),
				},
				[h('span', { class: 'search-word' }, word.value), h('kbd', { 'aria-hidden': 'true' }, '/')],
			),
			dialog.value === null ? null : h(dialog.value, { onClosed: close }),
		];
	},
});
