import {
	events,
	familyOf,
	type FieldSchema,
	operation,
	type OperationEntry,
	operations,
	type PickList,
	pickLists,
	resources,
} from '@memberpass/catalogue';

import type { Use, Uses } from './abilities.ts';

/** What the token helper chooses from, read off the catalogue. */
export function readUses(): Uses {
	return {
		events: events.map((entry) => ({
			id: entry.type,
			label: entry.label,
			group: familyOf(entry).label,
			needs: [entry.ability],
			alsoNeeds: entry.alsoNeeds,
			// Zapier's and n8n's triggers offer a list of projects where an event belongs to one.
			lists: familyOf(entry).scope === 'project' ? abilitiesOfList('projects') : [],
		})),
		operations: operations.map(operationUse),
		forEvents: abilityOf('create_webhook_endpoint'),
		forConnection: abilityOf('get_current_team'),
	};
}

function operationUse(entry: OperationEntry): Use {
	const lists = Object.values(entry.input.properties)
		.flatMap(pickOf)
		.flatMap((pick) => [...abilitiesOfProjects(pick), ...abilitiesOfList(pick)]);
	return {
		id: entry.key,
		label: entry.label,
		group: resources.find(({ key }) => key === entry.resource)?.label ?? entry.resource,
		needs: entry.ability === null ? [] : [entry.ability],
		alsoNeeds: entry.alsoNeeds,
		lists: [...new Set(lists)],
	};
}

function pickOf(field: FieldSchema): readonly string[] {
	const pick = field['x-pick'] ?? field.items?.['x-pick'];
	return pick === undefined ? [] : [pick];
}

/** Where a list depends on a project, the form offers projects for it, or the lists of all projects. */
function abilitiesOfProjects(pick: string): readonly string[] {
	return listOf(pick)?.needs.includes('project') === true ? abilitiesOfList('projects') : [];
}

function listOf(pick: string): PickList | undefined {
	return Object.entries(pickLists).find(([name]) => name === pick)?.[1];
}

function abilitiesOfList(pick: string): readonly string[] {
	const list = listOf(pick);
	const ability = list === undefined ? null : operation(list.operation).ability;
	return ability === null ? [] : [ability];
}

function abilityOf(key: string): string {
	const { ability } = operation(key);
	if (ability === null) throw new Error(`${key} has no ability.`);
	return ability;
}
