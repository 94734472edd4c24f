import type { PlainInputField } from 'zapier-platform-core';

import app from '../../../../../packages/zapier/src/index.ts';
import {
	input,
	type Line,
	output,
	type Surface,
	thing,
	toSurface,
} from '../../../../release/src/surface.ts';

interface Definition {
	readonly key: string;
	readonly noun: string;
	readonly display: { readonly label?: string; readonly hidden?: boolean };
	readonly operation: { readonly inputFields?: readonly unknown[]; readonly sample?: object };
}

/** The part of an app, or of its serialised definition, that the report is made of. */
interface Described {
	readonly authentication?: { readonly fields?: readonly unknown[] };
	readonly triggers?: Readonly<Record<string, Definition>>;
	readonly creates?: Readonly<Record<string, Definition>>;
	readonly searches?: Readonly<Record<string, Definition>>;
	readonly searchOrCreates?: Readonly<
		Record<string, { readonly search: string; readonly create: string }>
	>;
}

/**
 * What saved Zaps rely on: keys, inputs and sample keys of every operation (Zapier's checks C001 to C003), the fields
 * of the connection, and which search is followed by which action.
 */
export function surfaceOf(described: Described): Surface {
	const { triggers = {}, creates = {}, searches = {}, searchOrCreates = {} } = described;
	return toSurface([
		['authentication', thing('connection')],
		...inputLines('authentication', described.authentication?.fields ?? []),
		...Object.entries({ triggers, creates, searches }).flatMap(([kind, definitions]) =>
			Object.values(definitions).flatMap((one) => operationLines(kind, one)),
		),
		...Object.values(searchOrCreates).map(({ search, create }): Line => [
			`searchOrCreates.${search} + ${create}`,
			thing('pair'),
		]),
	]);
}

/** The surface of the app in this checkout. */
export const zapierSurface = (): Surface => surfaceOf(app);

function operationLines(kind: string, { key, noun, display, operation }: Definition): Line[] {
	const owner = `${kind}.${key}`;
	return [
		[owner, thing(`${display.label ?? ''} (${noun})`, display.hidden === true)],
		...inputLines(owner, operation.inputFields ?? []),
		...keysOf(operation.sample, '').map((path): Line => [
			`${owner} > ${path}`,
			output({ type: 'sample' }),
		]),
	];
}

function inputLines(owner: string, fields: readonly unknown[]): Line[] {
	return fields.filter(isPlainField).map((field): Line => {
		const values = Array.isArray(field.choices)
			? field.choices.map((one) => (typeof one === 'string' ? one : one.value))
			: [];
		return [
			`${owner} < ${field.key}`,
			input({
				type: field.type ?? 'string',
				required: field.required === true,
				list: field.list === true,
				// The events are named by the triggers.
				values: values.length < 40 ? values : [],
			}),
		];
	});
}

/** Fields may be functions in Zapier's types; this app has none. Texts between fields hold no value. */
function isPlainField(field: unknown): field is PlainInputField {
	return (
		typeof field === 'object' &&
		field !== null &&
		'key' in field &&
		!('type' in field && field.type === 'copy')
	);
}

/** Dotted keys of a sample, `[]` for the elements of a list. */
function keysOf(value: unknown, path: string): readonly string[] {
	if (Array.isArray(value)) {
		return [...new Set(value.flatMap((one) => keysOf(one, `${path}[]`)))];
	}
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value);
		if (entries.length > 0) {
			return entries.flatMap(([key, one]) => keysOf(one, path === '' ? key : `${path}.${key}`));
		}
	}
	return path === '' ? [] : [path];
}
