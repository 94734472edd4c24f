/**
 * What has to be there. A file that is written with a gap in its place would look as if nothing were wrong.
 *
 * @throws Error that names what is missing.
 */
export function present<T>(value: T | null | undefined, what: string): T {
	if (value === null || value === undefined) throw new Error(`There is no ${what}.`);
	return value;
}
