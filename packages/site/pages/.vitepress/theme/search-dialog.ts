import { useRouter, withBase } from 'vitepress';
import { computed, defineComponent, h, nextTick, onMounted, ref, type VNode } from 'vue';

import { createSearch, type Hit } from '../../../src/search.ts';
import { data } from './search.data.ts';

const search = createSearch(data);

const suggestions = ['payment failed', 'cancel subscription', 'gift codes', 'find plan', 'verify'];

/**
 * The search over all pages: answers with every key. The arrows move through the results, which are plain links, so
 * that a middle click or a screen reader finds what it knows.
 */
export const SearchDialog = defineComponent({
	name: 'SearchDialog',
	emits: ['closed'],
	setup(_, { emit }) {
		const router = useRouter();
		const dialog = ref<HTMLDialogElement | null>(null);
		const query = ref('');
		const hits = computed(() => search(query.value));
		onMounted(() => dialog.value?.showModal());

		const open = (hit: Hit): void => {
			dialog.value?.close();
			void router.go(withBase(hit.id));
		};
		const focusOn = (index: number): void => {
			const stops = dialog.value?.querySelectorAll<HTMLElement>('input, .hits a');
			stops?.[Math.min(Math.max(index, 0), stops.length - 1)]?.focus();
		};
		const onKeydown = (event: KeyboardEvent): void => {
			// Arrows and Enter belong to the input method while a word is being composed, in Japanese for instance.
			if (event.isComposing) return;
			const stops = [...(dialog.value?.querySelectorAll<HTMLElement>('input, .hits a') ?? [])];
			const at = stops.indexOf(document.activeElement as HTMLElement);
			const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
			if (step !== undefined) {
				event.preventDefault();
				focusOn(at + step);
			} else if (event.key === 'Enter' && at === 0 && hits.value[0] !== undefined) {
				event.preventDefault();
				open(hits.value[0]);
			} else if (event.key.length === 1 && at > 0 && !event.ctrlKey && !event.metaKey) {
				// Who goes on typing means the field.
				focusOn(0);
			}
		};

		const said = computed(() => {
			if (query.value.trim() === '') return '';
			const [first] = hits.value;
			if (first === undefined) return 'Nothing found.';
			const count = hits.value.length === 1 ? '1 result' : `${hits.value.length} results`;
			return `${count}. First: ${first.label}.`;
		});
		return () =>
			h(
				'dialog',
				{
					ref: dialog,
					class: 'search-dialog',
					'aria-label': 'Search this site',
					onClose: () => emit('closed'),
					onKeydown,
					// The dialog itself is only hit beside its content: on the backdrop.
					onClick: (event: MouseEvent) => {
						if (event.target === dialog.value) dialog.value?.close();
					},
				},
				[
					h('div', { class: 'search-panel' }, [
						h('div', { class: 'search-field' }, [
							h('input', {
								// Not a search field: there Escape would clear it first, and close only the second time.
								type: 'text',
								enterkeyhint: 'go',
								'aria-label': 'Events, actions, searches, recipes and guides',
								placeholder: 'Event, action, search or key',
								autocomplete: 'off',
								autocapitalize: 'off',
								spellcheck: false,
								value: query.value,
								onInput: ({ target }: Event) => {
									query.value = (target as HTMLInputElement).value;
								},
							}),
							h('button', { type: 'button', onClick: () => dialog.value?.close() }, 'Close'),
						]),
						h('p', { class: 'visually-hidden', role: 'status' }, said.value),
						query.value.trim() === ''
							? tryThese((words) => {
									query.value = words;
									void nextTick(() => focusOn(0));
								})
							: hits.value.length === 0
								? h('p', { class: 'nothing' }, 'Nothing found. Try fewer words.')
								: h(
										'ul',
										{ class: 'hits' },
										hits.value.map((hit) => h('li', { key: hit.id }, [hitLink(hit, open)])),
									),
					]),
				],
			);
	},
});

function tryThese(use: (words: string) => void): VNode {
	return h('p', { class: 'nothing' }, [
		'Try ',
		suggestions.map((words) => h('button', { type: 'button', onClick: () => use(words) }, words)),
	]);
}

function hitLink(hit: Hit, open: (hit: Hit) => void): VNode {
	return h(
		'a',
		{
			href: withBase(hit.id),
			onClick: (event: MouseEvent) => {
				if (event.ctrlKey || event.metaKey || event.shiftKey) return;
				event.preventDefault();
				open(hit);
			},
		},
		[
			h('span', { class: 'hit-kind' }, hit.kind),
			h('span', { class: 'hit-label' }, hit.label),
			hit.name === '' ? null : h('code', hit.name),
			h('span', { class: 'hit-summary' }, hit.summary),
		],
	);
}
