import {
	isOfSuccessor,
	n8nOperationKey,
	type OperationEntry,
	type Resource,
} from '@memberpass/catalogue';

import { description, imperative, sentenceCase, sortBy } from './copy.ts';
import { mergeShown, type Shown, versionCondition } from './display.ts';
import { defaultOperations, defaultResource, legacy, type LegacyPaging } from './legacy.ts';
import { fieldProperty, type Property } from './property.ts';
import { simplePaths } from './simple.ts';
import { pagingOf, type Placement, placements } from './table.ts';

/** Every property of the action node. */
export function actionProperties(
	resources: readonly Resource[],
	operations: readonly OperationEntry[],
): readonly Property[] {
	const namesOf = (resource: string): readonly string[] =>
		operations.filter((one) => one.resource === resource).map((one) => one.n8n.operation);
	const merge = (shownOf: (entry: OperationEntry) => readonly Shown[]): readonly Property[] =>
		mergeShown(operations.flatMap(shownOf), namesOf);
	return [
		resourceProperty(resources),
		...resources.flatMap((resource) =>
			operationProperties(
				resource,
				operations.filter((one) => one.resource === resource.key),
			),
		),
		// In this order, because a merged property stands where its first operation put it.
		...merge(topProperties),
		...merge(pagingProperties),
		...merge(simplifyProperties),
		...merge(collectionProperties),
	];
}

function resourceProperty(resources: readonly Resource[]): Property {
	return {
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: sortBy(
			resources.map(({ key, label }) => ({ name: label, value: key })),
			(option) => option.name,
		),
		default: defaultResource,
	};
}

/**
 * Saved nodes of version 1 do not store an operation that was the default. For two resources it was one that
 * destroys; nobody who picks a resource in a new node should find "Ban" chosen.
 */
function operationProperties(
	resource: Resource,
	operations: readonly OperationEntry[],
): readonly Property[] {
	const find = (operation: string | undefined): OperationEntry | undefined =>
		operations.find((entry) => entry.n8n.operation === operation);
	const first = find(defaultOperations[resource.key]);
	if (first === undefined) {
		throw new Error(
			`The n8n node has no operation to show first for the resource "${resource.key}". Name it in defaultOperations (shared/generate/src/emitters/n8n/legacy.ts), once and for all.`,
		);
	}
	const harmless = first.destructive === 'no' ? first : (find('list') ?? first);
	if (harmless === first) return [operationProperty(resource, operations, first, 'all')];
	return [
		operationProperty(resource, operations, harmless, 2),
		operationProperty(resource, operations, first, 1),
	];
}

function operationProperty(
	resource: Resource,
	operations: readonly OperationEntry[],
	preselected: OperationEntry,
	versions: Shown['versions'],
): Property {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource.key], ...versionCondition(versions) } },
		options: sortBy(
			operations.map((entry) => ({
				name: entry.n8n.name,
				value: entry.n8n.operation,
				action: sentenceCase(entry.n8n.action),
				description: operationDescription(entry),
			})),
			(option) => option.name,
		),
		default: preselected.n8n.operation,
	};
}

/**
 * n8n wants "many" in the description of Get Many; the catalogue's sentence says what they are. A write says what
 * comes of it as well, and what may have gone with the successor says that: this text is what an agent goes by when it
 * chooses.
 */
function operationDescription(entry: OperationEntry): string {
	const order = imperative(entry.summary);
	if (entry.n8n.name.startsWith('Get Many')) {
		return description(order.replace(/^Find (the |all |your )?/, 'Get many '));
	}
	const told = entry.caveats.filter(
		(caveat, index) => isOfSuccessor(caveat) || (index === 0 && entry.method !== 'GET'),
	);
	return description([order, ...told].join(' '));
}

const shownFor =
	(entry: OperationEntry) =>
	(versions: Shown['versions'], property: Property): Shown => ({
		resource: entry.resource,
		operation: entry.n8n.operation,
		versions,
		property,
	});

/** Shows one property for both versions where they agree, one for each where they do not. */
function perVersion(
	entry: OperationEntry,
	of: (version: 1 | 2) => Property | null,
): readonly Shown[] {
	const show = shownFor(entry);
	const [one, two] = [of(1), of(2)];
	if (two !== null && JSON.stringify(one) === JSON.stringify(two)) {
		return [show('all', two)];
	}
	return [...(two === null ? [] : [show(2, two)]), ...(one === null ? [] : [show(1, one)])];
}

const placeIn = (row: Placement, version: 1 | 2): Placement['place'] =>
	version === 1 ? row.placeInVersion1 : row.place;

/**
 * Chosen in a new form, although the field may be left out if another is filled in: as it opens, the form is one that
 * MemberPass takes.
 */
const preselected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'accessCode.bulkGenerate': { expiry_preset: '1_month' },
};

function propertyOf(entry: OperationEntry, row: Placement, version: 1 | 2): Property {
	const old = version === 1 ? legacy[n8nOperationKey(entry)] : undefined;
	const schema = entry.input.properties[row.field] ?? {};
	const property = fieldProperty(row.field, schema, {
		required: row.required,
		inputs: Object.keys(entry.input.properties),
		inCollection: placeIn(row, version) === 'collection',
		asText: old?.asText?.includes(row.field) ?? false,
		defaultValue:
			version === 1 ? old?.atTop?.[row.field] : preselected[n8nOperationKey(entry)]?.[row.field],
	});
	if (old?.newlyRequired?.includes(row.field) !== true) return property;
	// A key without a value is left out of the literal.
	return { ...property, required: undefined };
}

function topProperties(entry: OperationEntry): readonly Shown[] {
	const rows = placements(entry);
	return [...rows.filter((row) => row.required), ...rows.filter((row) => !row.required)].flatMap(
		(row) =>
			perVersion(entry, (version) =>
				placeIn(row, version) === 'top' ? propertyOf(entry, row, version) : null,
			),
	);
}

const returnAll = (defaultValue: boolean): Property => ({
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: defaultValue,
	description: 'Whether to return all results or only up to a given limit',
});

const limit = (name: string): Property => ({
	displayName: 'Limit',
	name,
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
});

/** Limit shows only while Return All is off. */
function pagingProperties(entry: OperationEntry): readonly Shown[] {
	const paging = pagingOf(entry);
	if (paging === 'none') return [];
	const old = legacy[n8nOperationKey(entry)]?.paging;
	const hasAll = paging === 'all';
	return [
		...perVersion(entry, (version) => {
			if (!hasAll || (version === 1 && old !== undefined)) return null;
			// Version 1 had no such switch on these lists and always read them whole.
			return returnAll(version === 1);
		}),
		...perVersion(entry, (version) => {
			if (version === 1 && old?.in === 'collection') return null;
			const name = version === 1 && old !== undefined ? old.limit : 'limit';
			return limit(name);
		}).map((shown) => (hasAll && shown.property.name === 'limit' ? { ...shown, only } : shown)),
	];
}

const only = { returnAll: [false] };

/** Version 1 keeps giving everything: saved workflows read fields that Simplify would drop. */
function simplifyProperties(entry: OperationEntry): readonly Shown[] {
	if (simplePaths(entry) === null) return [];
	return [
		shownFor(entry)(2, {
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		}),
	];
}

function collectionProperties(entry: OperationEntry): readonly Shown[] {
	return perVersion(entry, (version) => collection(entry, version));
}

function collection(entry: OperationEntry, version: 1 | 2): Property | null {
	const paging = version === 1 ? legacy[n8nOperationKey(entry)]?.paging : undefined;
	const options = sortBy(
		[
			...placements(entry)
				.filter((row) => placeIn(row, version) === 'collection')
				.map((row) => propertyOf(entry, row, version)),
			...(paging?.in === 'collection' ? legacyPaging(paging) : []),
		],
		(option) => option.displayName,
	);
	if (options.length === 0) return null;
	return {
		displayName: collectionTitle(entry),
		name: entry.n8n.collection,
		type: 'collection',
		placeholder: collectionTitle(entry) === 'Filters' ? 'Add Filter' : 'Add Field',
		default: {},
		options,
	};
}

function legacyPaging(paging: LegacyPaging): readonly Property[] {
	return [
		...(paging.returnAll ? [returnAll(false)] : []),
		limit(paging.limit),
		...(paging.cursor
			? [
					{
						displayName: 'Cursor',
						name: 'cursor',
						type: 'string',
						default: '',
						description: 'Where an earlier page ended. If set, only one page is read.',
					},
				]
			: []),
	];
}

function collectionTitle(entry: OperationEntry): string {
	// Where a link leads is no filter, although a read takes it.
	if (entry.n8n.collection === 'deepLinkTarget') return 'Link Target';
	if (entry.method === 'GET') return 'Filters';
	return entry.method === 'PATCH' ? 'Update Fields' : 'Additional Fields';
}
