import type { PlainInputField } from 'zapier-platform-core';

/** What saved Zaps and maps depend on: keys, inputs and outputs of every operation. */
export interface Surface {
	readonly authentication: Readonly<Record<string, string>>;
	readonly triggers: Readonly<Record<string, OperationSurface>>;
	readonly creates: Readonly<Record<string, OperationSurface>>;
	readonly searches: Readonly<Record<string, OperationSurface>>;
}

interface OperationSurface {
	readonly label: string;
	readonly noun: string;
	/** Key -> type, with `required` and `list` where they hold, and the values of a closed choice. */
	readonly inputs: Readonly<Record<string, string>>;
	/** Dotted keys of the sample, `[]` for the rows of a list. */
	readonly sample: readonly string[];
}

interface Definition {
	readonly key: string;
	readonly noun: string;
	readonly display: { readonly label?: string };
	readonly operation: { readonly inputFields?: readonly unknown[]; readonly sample?: object };
}

/** The part of an app, or of its serialised definition, that the report is made of. */
interface Described {
	readonly authentication?: { readonly fields?: readonly unknown[] };
	readonly triggers?: Readonly<Record<string, Definition>>;
	readonly creates?: Readonly<Record<string, Definition>>;
	readonly searches?: Readonly<Record<string, Definition>>;
}

/**
 * Reads an app into the report that is committed, so that a review sees every change of what users rely on: a
 * renamed key breaks saved Zaps.
 */
export function surfaceOf(app: Described): Surface {
	return {
		authentication: inputsOf(app.authentication?.fields ?? []),
		triggers: operationsOf(app.triggers ?? {}),
		creates: operationsOf(app.creates ?? {}),
		searches: operationsOf(app.searches ?? {}),
	};
}

function operationsOf(
	definitions: Readonly<Record<string, Definition>>,
): Record<string, OperationSurface> {
	return sorted(
		Object.values(definitions).map((one) => [
			one.key,
			{
				label: one.display.label ?? '',
				noun: one.noun,
				inputs: inputsOf(one.operation.inputFields ?? []),
				sample: keysOf(one.operation.sample, '').sort(),
			},
		]),
	);
}

function inputsOf(fields: readonly unknown[]): Record<string, string> {
	return sorted(
		fields.filter(isPlainField).map((field): [string, string] => {
			const values = Array.isArray(field.choices)
				? field.choices.map((one) => (typeof one === 'string' ? one : one.value))
				: [];
			return [
				field.key,
				[
					field.type ?? 'string',
					...(field.required === true ? ['required'] : []),
					...(field.list === true ? ['list'] : []),
					// The 71 events are named by the triggers above.
					...(values.length > 0 && values.length < 40 ? [values.join('|')] : []),
				].join(' '),
			];
		}),
	);
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

function keysOf(value: unknown, path: string): string[] {
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

/** By code unit, not by locale: the report must have the same bytes everywhere. */
function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
	return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
