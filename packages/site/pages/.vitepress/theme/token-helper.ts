import { computed, defineComponent, h, onBeforeUnmount, onMounted, ref, type VNode } from 'vue';

import {
	abilitiesFor,
	type Choice,
	type PlatformChoice,
	platformChoices,
	readHash,
	type Use,
	withoutAbility,
	writeHash,
} from '../../../src/abilities.ts';
import { announce } from './announce.ts';
import { copyText } from './copy.ts';
import { data } from './uses.data.ts';

const platformNames: Readonly<Record<PlatformChoice, string>> = {
	zapier: 'Zapier',
	n8n: 'n8n',
	make: 'Make',
	code: 'Code of your own',
};

const empty: Choice = { platform: 'zapier', events: [], operations: [] };

/** Tick what you use, read off the abilities. What is ticked stands in the address, so that it can be shared. */
export const TokenHelper = defineComponent({
	name: 'TokenHelper',
	setup() {
		const choice = ref<Choice>(empty);
		const filter = ref('');
		const needed = computed(() => abilitiesFor(data, choice.value));
		const ownerOnly = computed(() => withoutAbility(data, choice.value));

		const fromAddress = (): void => {
			// Headings have addresses too: who jumps to one has not unticked anything.
			choice.value = readHash(data, location.hash) ?? choice.value;
		};
		onMounted(() => {
			fromAddress();
			window.addEventListener('hashchange', fromAddress);
		});
		onBeforeUnmount(() => window.removeEventListener('hashchange', fromAddress));

		const set = (change: Partial<Choice>): void => {
			choice.value = { ...choice.value, ...change };
			// Not location.hash: a step back should leave the page, not untick the last box.
			history.replaceState(history.state, '', `#${writeHash(choice.value)}`);
			const count = needed.value.length;
			announce(count === 1 ? '1 ability' : `${count} abilities`);
		};
		const toggle = (list: 'events' | 'operations', id: string): void => {
			const old = choice.value[list];
			set({ [list]: old.includes(id) ? old.filter((one) => one !== id) : [...old, id] });
		};

		const box = (list: 'events' | 'operations', use: Use): VNode =>
			h('label', { key: use.id, class: 'tick' }, [
				h('input', {
					type: 'checkbox',
					checked: choice.value[list].includes(use.id),
					onChange: () => toggle(list, use.id),
				}),
				h('span', use.label),
				h('code', use.id),
			]);

		const group = (
			list: 'events' | 'operations',
			name: string,
			uses: readonly Use[],
		): VNode | null => {
			const words = filter.value
				.toLowerCase()
				.split(/[\s_.]+/)
				.filter(Boolean);
			const shown = uses.filter((use) => {
				const text = `${use.label} ${use.id.replaceAll(/[_.]/g, ' ')}`.toLowerCase();
				return words.every((word) => text.includes(word));
			});
			if (shown.length === 0) return null;
			return h('fieldset', { key: `${list} ${name}` }, [
				h('legend', name),
				...shown.map((use) => box(list, use)),
			]);
		};
		const groups = (list: 'events' | 'operations'): VNode[] => {
			const names = [...new Set(data[list].map((use) => use.group))];
			const shown = names.flatMap(
				(name) =>
					group(
						list,
						name,
						data[list].filter((use) => use.group === name),
					) ?? [],
			);
			return shown.length > 0 ? shown : [h('p', { key: list }, 'Nothing matches these words.')];
		};

		return () =>
			h('div', { class: 'token-helper needs-script' }, [
				h('section', { class: 'result', 'aria-labelledby': 'abilities-needed' }, [
					h('h2', { id: 'abilities-needed', tabindex: '-1' }, 'Your token needs'),
					needed.value.length === 0
						? h('p', 'Nothing yet: tick what you use.')
						: h(
								'ul',
								needed.value.map(({ ability, because }) =>
									h('li', { key: ability }, [
										h('code', ability),
										h('span', { class: 'because' }, ` for ${because.join(', ')}`),
									]),
								),
							),
					ownerOnly.value.length === 0
						? null
						: h(
								'p',
								`These need no ability, and reach only the API tokens of the same owner: ${ownerOnly.value.join(', ')}.`,
							),
					h('p', { class: 'file-offer' }, [
						h(
							'button',
							{
								type: 'button',
								class: 'action main',
								disabled: needed.value.length === 0,
								onClick: ({ currentTarget }: MouseEvent) =>
									void copyText(
										currentTarget as HTMLElement,
										needed.value.map(({ ability }) => ability).join('\n'),
									),
							},
							'Copy the list',
						),
						h(
							'button',
							{
								type: 'button',
								class: 'action',
								onClick: () => set({ events: [], operations: [] }),
							},
							'Untick everything',
						),
					]),
				]),
				h('fieldset', { class: 'platforms' }, [
					h('legend', 'Where you use it'),
					...platformChoices.map((platform) =>
						h('label', { key: platform, class: 'tick' }, [
							h('input', {
								type: 'radio',
								name: 'platform',
								value: platform,
								checked: choice.value.platform === platform,
								onChange: () => set({ platform }),
							}),
							h('span', platformNames[platform]),
						]),
					),
				]),
				h('label', { class: 'filter' }, [
					h('span', 'Show only'),
					h('input', {
						type: 'search',
						value: filter.value,
						placeholder: 'past due',
						onInput: ({ target }: Event) => {
							filter.value = (target as HTMLInputElement).value;
						},
					}),
				]),
				h('h2', { id: 'events', tabindex: '-1' }, 'Events'),
				h('div', { class: 'ticks' }, groups('events')),
				h('h2', { id: 'operations', tabindex: '-1' }, 'Actions, searches and reads'),
				h('div', { class: 'ticks' }, groups('operations')),
			]);
	},
});
