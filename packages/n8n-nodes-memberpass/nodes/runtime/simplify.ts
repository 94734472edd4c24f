import { isJsonObject, type JsonObject } from '../protocol/wire';

/**
 * The chosen values of a row, nested ones under a flat name (`counts.plans` as `counts_plans`). A value that did not
 * come is left out, so that an absent one is not taken for an empty one.
 */
export function simplified(row: JsonObject, paths: readonly string[]): JsonObject {
	const kept: Record<string, unknown> = {};
	for (const path of paths) {
		const value = valueAt(row, path);
		if (value !== undefined) kept[path.replace('.', '_')] = value;
	}
	return kept;
}

function valueAt(row: JsonObject, path: string): unknown {
	const [head = '', inner] = path.split('.');
	const value = row[head];
	if (inner === undefined) return value;
	return isJsonObject(value) ? value[inner] : undefined;
}
