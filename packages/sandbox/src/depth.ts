/** Whether a value is nested deeper than that. Does not recurse itself, as what walks a value from outside may. */
export function isDeeper(value: unknown, most: number): boolean {
	let level: unknown[] = [value];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > most) return true;
		level = level.flatMap((one): unknown[] =>
			typeof one === 'object' && one !== null ? Object.values(one) : [],
		);
	}
	return false;
}
