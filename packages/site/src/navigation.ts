import {
	events,
	families,
	operations,
	type OperationEntry,
	resources,
} from '@memberpass/catalogue';
import { recipes } from '@memberpass/catalogue/recipes';

import { eventPath, hrefOf, operationPath } from './page/page.ts';
import { handWritten } from './pages.ts';

/** The part of VitePress's sidebar that is used here. */
export interface SidebarGroup {
	readonly text: string;
	readonly link?: string;
	readonly items: { readonly text: string; readonly link: string }[];
}

export function eventSidebar(): SidebarGroup[] {
	return families.map(({ key, label }) => ({
		text: label,
		items: events
			.filter(({ family }) => family === key)
			.map(({ type, label: text }) => ({ text, link: hrefOf(eventPath(type)) })),
	}));
}

/** Operations of some kinds, by resource. */
export function operationSidebar(...kinds: readonly OperationEntry['kind'][]): SidebarGroup[] {
	return resources.flatMap(({ key, label }) => {
		const items = operations
			.filter((entry) => entry.resource === key && kinds.includes(entry.kind))
			.map((entry) => ({ text: entry.label, link: hrefOf(operationPath(entry)) }));
		return items.length === 0 ? [] : [{ text: label, items }];
	});
}

export function recipeSidebar(): SidebarGroup[] {
	return [
		{
			text: 'Recipes',
			link: '/recipes/',
			items: recipes.map(({ key, title }) => ({ text: title, link: hrefOf(`recipes/${key}`) })),
		},
	];
}

export function guideSidebar(): SidebarGroup[] {
	return [
		{
			text: 'Guides',
			link: '/guides/',
			items: handWritten.map(({ label, id }) => ({ text: label, link: id })),
		},
	];
}
