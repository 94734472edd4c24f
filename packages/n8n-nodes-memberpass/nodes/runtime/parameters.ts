import type { IExecuteFunctions } from 'n8n-workflow';

import type { InputValues } from '../protocol/input';
import { isJsonObject, type WireField, type WireOperation } from '../protocol/wire';
import { type NodeField, type NodeOperation, placeOf } from './types';

/** The form of one node and item. */
export interface Form {
	readonly version: number;
	/** A parameter at the top level; null where the form does not show it. */
	top(name: string): unknown;
	/** A value inside the collection of the operation; undefined where the user did not add it. */
	inside(name: string): unknown;
}

/** Reads the form that n8n holds for an item. */
export function formOf(
	context: IExecuteFunctions,
	{ collection }: NodeOperation,
	itemIndex: number,
): Form {
	const top = (name: string): unknown => context.getNodeParameter(name, itemIndex, null);
	// Read once: n8n evaluates all its expressions each time that one of its values is asked for.
	const inside = collection === undefined ? null : top(collection);
	return {
		version: context.getNode().typeVersion,
		top,
		inside: (name) => (isJsonObject(inside) ? inside[name] : undefined),
	};
}

/**
 * The values a user gave, by their names on the wire, still unchecked.
 *
 * What was left alone is left out. An empty text counts as left alone, except in Update Fields of version 2: there
 * the user added the field and emptied it, which clears it. In version 1 an expression that gave null did, because 1.x
 * sent it.
 */
export function readParameters(operation: NodeOperation, form: Form): InputValues {
	const updates = operation.wire.method === 'PATCH';
	const values: Record<string, unknown> = {};
	for (const [name, field] of Object.entries(operation.fields)) {
		const place = placeOf(field, form.version);
		const given = plainValue(
			place === 'top' ? form.top(field.parameter) : form.inside(field.parameter),
		);
		if (given === '' && !(updates && form.version >= 2)) continue;
		// 1.x asked `days > 0`, so an expression may give any number or text that is not.
		if (place === 'top' && field.absent !== undefined && Number(given) <= field.absent) continue;
		if (form.version >= 2) values[name] = given;
		else values[name] = given === null && updates ? '' : translated(field, given);
	}
	return values;
}

function translated({ translate }: NodeField, given: unknown): unknown {
	const spelling = String(given);
	return translate !== undefined && Object.hasOwn(translate, spelling)
		? translate[spelling]
		: given;
}

/** A picked record as its id, a date as ISO 8601; everything else as it is. */
export function plainValue(given: unknown): unknown {
	if (Array.isArray(given)) return given.map(plainValue);
	if (given instanceof Date) {
		return Number.isNaN(given.getTime()) ? String(given) : given.toISOString();
	}
	if (!isJsonObject(given)) return given;
	if ('mode' in given && 'value' in given) return given['value'];
	// A date of n8n's expressions (luxon).
	const toISO = given['toISO'];
	return typeof toISO === 'function' ? (toISO.call(given) as unknown) : given;
}

/** How many rows to read: null for all. */
export interface Wanted {
	readonly rows: number | null;
	/** Where an earlier page ended; only forms of version 1 can say so. */
	readonly cursor: string | null;
}

const defaultLimit = 50;

/** Reads Return All and Limit, wherever the form of this version has them. */
export function readWanted(operation: NodeOperation, form: Form): Wanted {
	const { paging } = operation;
	if (paging === undefined) return { rows: null, cursor: null };
	const old = form.version >= 2 ? undefined : paging.version1;
	const read = (name: string): unknown =>
		old?.in === 'collection' ? form.inside(name) : form.top(name);
	const cursor = old?.cursor === true ? read('cursor') : undefined;
	const hasAll = old === undefined ? paging.returnAll : old.returnAll;
	const all = hasAll && isTrue(read('returnAll'));
	return {
		rows: all ? null : limitOf(read(old?.limit ?? 'limit')),
		cursor: typeof cursor === 'string' && cursor.trim() !== '' ? cursor.trim() : null,
	};
}

/** Simplify is on unless it was switched off; version 1 never had it. */
export function readSimplify(form: Form): boolean {
	return form.version >= 2 && isTrue(form.top('simplify'));
}

const isTrue = (given: unknown): boolean => given === true || given === 'true';

/** An expression or an agent may give a text; what is no count falls back to the default of the form. */
function limitOf(given: unknown): number {
	const count = Number(given ?? defaultLimit);
	return Number.isSafeInteger(count) && count >= 1 ? count : defaultLimit;
}

/** The same list, from where an earlier page ended, one page only: what 1.x did with a cursor. */
export function fromCursor(operation: WireOperation, cursor: string | null): WireOperation {
	if (cursor === null) return operation;
	const field: WireField = {
		name: 'cursor',
		label: 'Cursor',
		in: 'query',
		type: 'string',
		required: false,
	};
	return { ...operation, paging: 'limit', fields: [...operation.fields, field] };
}
