/** Reads samples: their dotted paths, and whether a value is of the type its field states. */

/** Dotted paths of a value; the rows of a list share `[]`. */
export function pathsOf(value: unknown, path = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${path}[]`));
	if (typeof value === 'object' && value !== null) {
		return Object.entries(value).flatMap(([key, one]) =>
			pathsOf(one, path === '' ? key : `${path}.${key}`),
		);
	}
	return path === '' ? [] : [path];
}

/** The values of a sample at a dotted path; `[]` stands for every row. */
export function valuesAt(value: unknown, path: string): unknown[] {
	return path
		.split(/\.|(?=\[\])/)
		.reduce<unknown[]>(
			(values, part) =>
				part === '[]'
					? values.flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : []))
					: values.map((one) => (one as Record<string, unknown>)[part]),
			[value],
		);
}

export function isOfType(value: unknown, type: string): boolean {
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
