import type { PlainInputField } from 'zapier-platform-core';

/** What saved Zaps and maps depend on: keys, inputs and outputs of every operation. */
export interface Surface {
	readonly authentication: Readonly<Record<string, string>>;
	readonly triggers: Readonly<Record<string, OperationSurface>>;
	readonly creates: Readonly<Record<string, OperationSurface>>;
	readonly searches: Readonly<Record<string, OperationSurface>>;
	/** Search -> the create that follows it when nothing is found. */
	readonly searchOrCreates: Readonly<Record<string, string>>;
}

interface OperationSurface {
	readonly label: string;
	readonly noun: string;
	/** Only where it is: users cannot choose it. */
	readonly hidden?: true;
	/** Key -> type, with `required` and `list` where they hold, and the values of a closed choice. */
	readonly inputs: Readonly<Record<string, string>>;
	/** Dotted keys of the sample, `[]` for the rows of a list. */
	readonly sample: readonly string[];
}

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
 * Reads an app into the report that is committed, so that a review sees every change of what users rely on: a
 * renamed key breaks saved Zaps.
 */
export function surfaceOf(app: Described): Surface {
	return {
		authentication: inputsOf(app.authentication?.fields ?? []),
		triggers: operationsOf(app.triggers ?? {}),
		creates: operationsOf(app.creates ?? {}),
		searches: operationsOf(app.searches ?? {}),
		searchOrCreates: sorted(
			Object.values(app.searchOrCreates ?? {}).map(({ search, create }) => [search, create]),
		),
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
				...(one.display.hidden === true ? { hidden: true as const } : {}),
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

/** What users of a published version rely on, and the version. Committed as `surface.released.json`. */
export interface Released {
	readonly version: string;
	readonly surface: Surface;
}

/**
 * What a published app loses in the new one, a line for each: operations that are gone or hidden (Zapier's check C001),
 * inputs that are gone, of another type or required now (C002), sample keys that are gone (C003), pairs and fields of
 * the connection that are gone. What is new breaks nothing.
 */
export function breaksOf(released: Surface, now: Surface): readonly string[] {
	const kinds = ['triggers', 'creates', 'searches'] as const;
	return [
		...inputBreaks('authentication', released.authentication, now.authentication),
		...kinds.flatMap((kind) =>
			Object.entries(released[kind]).flatMap(([key, before]) => {
				const at = `${kind}.${key}`;
				const after = now[kind][key];
				if (after === undefined) return [`${at} is gone (C001)`];
				const gone = before.sample.filter((one) => !after.sample.includes(one));
				return [
					...(after.hidden === true && before.hidden !== true ? [`${at} is hidden (C001)`] : []),
					...inputBreaks(at, before.inputs, after.inputs),
					...gone.map((one) => `${at}: the sample has no ${one} (C003)`),
				];
			}),
		),
		...Object.entries(released.searchOrCreates).flatMap(([search, create]) =>
			now.searchOrCreates[search] === create ? [] : [`searchOrCreates.${search} is gone (C001)`],
		),
	];
}

function inputBreaks(
	at: string,
	before: Readonly<Record<string, string>>,
	after: Readonly<Record<string, string>>,
): string[] {
	const gone = Object.entries(before).flatMap(([key, was]) => {
		const is = after[key];
		if (is === undefined) return [`${at}: the input ${key} is gone (C002)`];
		const [oldType, ...oldMarks] = was.split(' ');
		const [newType, ...newMarks] = is.split(' ');
		const isSame =
			oldType === newType &&
			oldMarks.includes('list') === newMarks.includes('list') &&
			(oldMarks.includes('required') || !newMarks.includes('required'));
		return isSame ? [] : [`${at}: the input ${key} was "${was}" and is "${is}" (C002)`];
	});
	const demanded = Object.entries(after).flatMap(([key, is]) =>
		before[key] === undefined && is.split(' ').includes('required')
			? [`${at}: the new input ${key} is required, so every saved Zap lacks it (C002)`]
			: [],
	);
	return [...gone, ...demanded];
}

/** The breaks that the version does not announce: none where its first number is higher than the released one. */
export function unannouncedBreaks(
	released: Released,
	now: Surface,
	version: string,
): readonly string[] {
	const major = (written: string): number => Number(written.split('.')[0]);
	return major(version) > major(released.version) ? [] : breaksOf(released.surface, now);
}
