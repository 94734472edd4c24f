import { n8nOperationKey, type OperationEntry } from '@memberpass/catalogue';
import { toWire } from '@memberpass/protocol';

import { legacy } from './legacy.ts';
import { simplePaths } from './simple.ts';
import { absentValue, fieldProperty, parameterName, pickOf } from './property.ts';

/** Where each input of an operation stands in the form. */
export interface Placement {
	readonly field: string;
	readonly parameter: string;
	readonly place: 'top' | 'collection';
	/** Place in forms of version 1, where it is another. */
	readonly placeInVersion1: 'top' | 'collection';
	readonly required: boolean;
}

/** Parameters that every operation may have; an input of that name would be read in their place. */
const ownParameters = ['resource', 'operation', 'returnAll', 'limit', 'simplify'];

/**
 * Required inputs and those of 1.4.0's top level come first, the others go into the collection.
 *
 * @throws Error where two parameters would have the same name.
 */
export function placements(entry: OperationEntry): readonly Placement[] {
	const rows = placed(entry);
	const taken = {
		top: new Set([...ownParameters, entry.n8n.collection]),
		collection: new Set<string>(),
	};
	for (const { field, parameter, place } of rows) {
		if (taken[place].has(parameter)) {
			throw new Error(
				`"${entry.key}" has an input "${field}" that would be the second parameter "${parameter}" of its form in n8n. Give the input an 'x-n8n' with another name.`,
			);
		}
		taken[place].add(parameter);
	}
	return rows;
}

function placed(entry: OperationEntry): readonly Placement[] {
	const required = new Set(entry.input.required ?? []);
	const { atTop = {}, inCollection = [] } = legacy[n8nOperationKey(entry)] ?? {};
	return Object.entries(entry.input.properties).map(([field, schema]) => {
		const isTop = required.has(field) || entry.n8n.topLevel.includes(field);
		const onlyThen = field in atTop;
		return {
			field,
			parameter: parameterName(field, schema),
			place: isTop && !onlyThen ? 'top' : 'collection',
			placeInVersion1: (isTop && !inCollection.includes(field)) || onlyThen ? 'top' : 'collection',
			required: required.has(field),
		};
	});
}

/** Whether a list offers Return All, only a Limit, or neither. */
export function pagingOf(entry: OperationEntry): 'none' | 'limit' | 'all' {
	// A find-by search answers every row that matches: a limit would have nothing to say.
	if (entry.match !== null) return 'none';
	const { paging } = entry.output;
	return paging === 'pages' || paging === 'cursor' ? 'all' : paging;
}

/** The row of one operation in `operations.ts`. */
export function operationRow(entry: OperationEntry): Readonly<Record<string, unknown>> {
	const old = legacy[n8nOperationKey(entry)];
	const rows = placements(entry);
	const inCollection = rows.some((row) => row.place === 'collection');
	const paging = pagingOf(entry);
	const { fields, ...wire } = toWire(entry);
	const unnamed = new Map(fields.map(({ name, ...field }) => [name, field]));
	return {
		wire,
		fields: Object.fromEntries(
			rows.map((row) => [row.field, { ...unnamed.get(row.field), ...reading(entry, row) }]),
		),
		...(inCollection || old?.paging?.in === 'collection'
			? { collection: entry.n8n.collection }
			: {}),
		...(paging === 'none'
			? {}
			: { paging: { returnAll: paging === 'all', version1: old?.paging } }),
		simple: simplePaths(entry) ?? undefined,
		hintInVersion1: Object.values(old?.byHand ?? {})[0],
	};
}

/** How the form holds one input. */
function reading(entry: OperationEntry, row: Placement): Readonly<Record<string, unknown>> {
	const schema = entry.input.properties[row.field] ?? {};
	const inputs = Object.keys(entry.input.properties);
	const context = { required: row.required, inputs, inCollection: false, asText: false };
	return {
		// As the form calls it, so that a message names what the user sees.
		label: fieldProperty(row.field, schema, context).displayName,
		parameter: row.parameter,
		place: row.place,
		...(row.placeInVersion1 === row.place ? {} : { placeInVersion1: row.placeInVersion1 }),
		...(row.placeInVersion1 === 'top' ? { absent: absentValue(schema, context) } : {}),
		...(pickOf(schema) === null ? {} : { locator: true }),
		translate: legacy[n8nOperationKey(entry)]?.translate?.[row.field],
	};
}
