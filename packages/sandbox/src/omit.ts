/** A copy without some keys. */
export function omit<T extends object, K extends keyof T>(
	row: T,
	...keys: readonly K[]
): Omit<T, K> {
	const copy: Partial<T> = { ...row };
	for (const key of keys) Reflect.deleteProperty(copy, key);
	return copy as Omit<T, K>;
}
