/** JSON with sorted keys: equal values give equal text, whatever order their keys came in. */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value)
			.filter(([, one]) => one !== undefined)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([name, one]) => `${JSON.stringify(name)}:${canonicalJson(one)}`);
		return `{${entries.join(',')}}`;
	}
	return value === undefined ? 'null' : JSON.stringify(value);
}
