import { defineComponent, h } from 'vue';

import type { Use } from '../../../src/abilities.ts';
import { data } from './uses.data.ts';

interface Row {
	readonly ability: string;
	readonly uses: string[];
}

function rows(): readonly Row[] {
	const found = new Map<string, string[]>();
	const add = (use: Use): void => {
		for (const ability of [...use.needs, ...use.alsoNeeds]) {
			found.set(ability, [...(found.get(ability) ?? []), use.label]);
		}
	};
	data.events.forEach(add);
	data.operations.forEach(add);
	return [...found]
		.map(([ability, uses]) => ({ ability, uses: uses.sort() }))
		.sort((a, b) => (a.ability < b.ability ? -1 : 1));
}

/** Every ability with what it is for; the token helper for who has no JavaScript. */
export const AbilityTable = defineComponent({
	name: 'AbilityTable',
	setup() {
		const all = rows();
		return () =>
			h('dl', { class: 'fields' }, [
				...all.map(({ ability, uses }) =>
					h('div', { class: 'field' }, [
						h('dt', [h('code', ability)]),
						h('dd', [h('p', uses.join(', '))]),
					]),
				),
			]);
	},
});
