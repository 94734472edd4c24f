import { defineAsyncComponent, defineComponent, h, onBeforeUnmount, onMounted, ref } from 'vue';

/** Fetched when somebody is about to search, never before. */
const load = () => import('./search-dialog.ts');
const SearchDialog = defineAsyncComponent(async () => (await load()).SearchDialog);

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
		const isOpen = ref(false);
		const number = ++made;
		const onKey = (event: KeyboardEvent): void => {
			const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';
			const isSlash = event.key === '/' && !isTyping(event.target);
			if (!isChord && !isSlash) return;
			event.preventDefault();
			// Another button may have opened it already: a second one would lie on top of it.
			if (number === firstMounted && document.querySelector('.search-dialog') === null) {
				isOpen.value = true;
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
					onPointerenter: () => void load(),
					onFocus: () => void load(),
					onClick: () => (isOpen.value = true),
				},
				[h('span', { class: 'search-word' }, 'Search'), h('kbd', { 'aria-hidden': 'true' }, '/')],
			),
			isOpen.value ? h(SearchDialog, { onClosed: () => (isOpen.value = false) }) : null,
		];
	},
});
