/** An entry of a zip, as adm-zip lists it. */
export interface ZipEntry {
	readonly entryName: string;
	readonly isDirectory: boolean;
}

/** What source.zip may hold. Zapier keeps it beside the app, and the tool packs whatever lies in the folder. */
const sources = new Set([
	'.gitignore',
	'.zapierapprc',
	'CHANGELOG.md',
	'dist/index.js',
	'index.js',
	'package.json',
]);

/** @throws Error where source.zip holds anything else, or nothing. */
export function checkSource(entries: readonly ZipEntry[]): void {
	const files = entries.filter(({ isDirectory }) => !isDirectory).map((one) => one.entryName);
	const more = files.filter((name) => !sources.has(name));
	if (more.length > 0) throw new Error(`source.zip would give away ${more.join(', ')}.`);
	if (files.length === 0) throw new Error('source.zip is empty.');
}
