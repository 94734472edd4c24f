import type { Property } from './property.ts';

/** One property of one operation, before equal ones are put together. */
export interface Shown {
	readonly resource: string;
	readonly operation: string;
	/** Node versions that show it. */
	readonly versions: 'all' | 1 | 2;
	readonly property: Property;
	/** Shown only while other parameters have these values. */
	readonly only?: Readonly<Record<string, readonly unknown[]>>;
}

/**
 * Puts equal properties of several operations into one, with display options that show it for exactly these
 * operations. n8n shows a property for every combination of the resources and the operations it names, so only
 * resources with the same set of operations can share one.
 *
 * @param operationsOf All operations of a resource: a property that all of them show needs to name the resource only.
 */
export function mergeShown(
	shown: readonly Shown[],
	operationsOf: (resource: string) => readonly string[],
): readonly Property[] {
	const groups = new Map<string, Shown[]>();
	for (const one of shown) {
		const key = JSON.stringify([one.versions, one.property, one.only]);
		groups.set(key, [...(groups.get(key) ?? []), one]);
	}
	return [...groups.values()].flatMap((group) => splitGroup(group, operationsOf));
}

function splitGroup(
	group: readonly Shown[],
	operationsOf: (resource: string) => readonly string[],
): readonly Property[] {
	const [first] = group;
	if (first === undefined) return [];
	const byResource = new Map<string, string[]>();
	for (const { resource, operation } of group) {
		byResource.set(resource, [...(byResource.get(resource) ?? []), operation]);
	}
	const bySet = new Map<string, { resources: string[]; operations: readonly string[] | null }>();
	for (const [resource, operations] of byResource) {
		const whole = operationsOf(resource).every((one) => operations.includes(one));
		const key = whole ? '' : [...operations].sort().join();
		const entry = bySet.get(key) ?? { resources: [], operations: whole ? null : operations };
		entry.resources.push(resource);
		bySet.set(key, entry);
	}
	return [...bySet.values()].map(({ resources, operations }) => ({
		...first.property,
		displayOptions: {
			show: {
				resource: resources,
				...(operations === null ? {} : { operation: operations }),
				...versionCondition(first.versions),
				...first.only,
			},
		},
	}));
}

/** Display options that show a property in some versions of the node only. */
export function versionCondition(versions: Shown['versions']): Readonly<Record<string, unknown>> {
	if (versions === 'all') return {};
	return { '@version': versions === 1 ? [1] : [{ _cnd: { gte: versions } }] };
}
