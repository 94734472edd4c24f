import { events, type FieldSchema, operations } from '@memberpass/catalogue';

/** Reads samples and results: their dotted paths, and whether a value is of the type its field states. */

/** Dotted keys of a value; the rows of a list share `[]`. */
export function keysOf(value: unknown, path = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((one) => keysOf(one, `${path}[]`));
	if (typeof value === 'object' && value !== null) {
		return Object.entries(value).flatMap(([key, one]) =>
			keysOf(one, path === '' ? key : `${path}.${key}`),
		);
	}
	return path === '' ? [] : [path];
}

/** The values of a sample at a dotted path; `[]` stands for every row. */
function valuesAt(value: unknown, path: string): unknown[] {
	return path
		.split(/\.|(?=\[\])/)
		.reduce<unknown[]>(
			(values, part) =>
				part === '[]'
					? values.flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : []))
					: values.map((one) => (one as Readonly<Record<string, unknown>> | null)?.[part]),
			[value],
		);
}

function isOfType(value: unknown, type: string): boolean {
	switch (type) {
		case 'boolean':
			return typeof value === 'boolean';
		case 'integer':
			return Number.isInteger(value);
		case 'number':
			return typeof value === 'number';
		case 'datetime':
			// A day, or a moment with its zone.
			return (
				typeof value === 'string' &&
				/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?$/.test(value)
			);
		default:
			return typeof value === 'string';
	}
}

/** An output field, as far as it says what stands under a key. */
export interface OutputField {
	readonly key: string;
	readonly type?: string;
}

/**
 * What a sample or a result holds otherwise than its output fields say: a value of another type, or with
 * `unknown: 'refused'` one that no field names. A null stands for "not told" and is of every type.
 */
export function misfits(
	outputFields: readonly OutputField[],
	value: unknown,
	unknown: 'allowed' | 'refused',
): string[] {
	const types = new Map(outputFields.map(({ key, type }) => [key, type ?? 'string']));
	return [...new Set(keysOf(value))].flatMap((path) => {
		const type = types.get(path.replaceAll('.', '__').replaceAll('[]__', '[]'));
		if (type === undefined) {
			return unknown === 'allowed' || isInMap(path) ? [] : [`${path} has no field`];
		}
		return valuesAt(value, path)
			.filter((one) => one !== null && one !== undefined && !isOfType(one, type))
			.map((one) => `${path} is no ${type}: ${JSON.stringify(one)}`);
	});
}

/** Where the schemas have free maps, as paths of samples. */
const maps: readonly string[] = [
	...events.flatMap(({ data, variants }) =>
		[data, ...variants.map((variant) => variant.data)].flatMap((each) => mapsBelow(each, 'data.')),
	),
	...operations.flatMap(({ output }) => mapsBelow(output.schema, '')),
];

function mapsBelow({ properties = {} }: FieldSchema, prefix: string): readonly string[] {
	return Object.entries(properties).flatMap(([key, field]) => [
		...(typeof field.additionalProperties === 'object' ? [prefix + key] : []),
		...mapsBelow(field, `${prefix}${key}.`),
		...(field.items === undefined ? [] : mapsBelow(field.items, `${prefix}${key}[].`)),
	]);
}

/** The keys of a free map are not known beforehand, so there is no field for them. */
export const isInMap = (path: string): boolean =>
	maps.some((map) => path === map || path.startsWith(`${map}.`));
