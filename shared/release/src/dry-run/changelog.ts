/**
 * The section of one version in a changelog, read as Zapier's `promote` reads it: from the first heading of level 1
 * to 4 that holds the version, to the next heading of its level or a higher one.
 *
 * Source: zapier-platform-cli 19.1.0, src/utils/changelog.js (behaviour, not code).
 *
 * @returns The text, or null where the version has no section.
 */
export function sectionOf(markdown: string, version: string): string | null {
	const lines = markdown.split(/\r\n|\r|\n/);
	const start = lines.findIndex((line) => /^#{1,4} /.test(line) && line.includes(version));
	if (start < 0) return null;
	const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 1;
	const rest = lines.slice(start + 1);
	const end = rest.findIndex((line) => {
		const hashes = /^#+(?= )/.exec(line)?.[0].length ?? 0;
		return hashes > 0 && hashes <= level;
	});
	return (end < 0 ? rest : rest.slice(0, end)).join('\n').trim();
}

/** An operation that a line of the changelog speaks of, as Zapier links it: `trigger/new_plan`. */
export interface Mention {
	readonly kind: 'trigger' | 'create' | 'search';
	readonly key: string;
}

/**
 * What a section mentions, for the check that every key exists. `linked` where Zapier's `promote` links it: only behind
 * a word that says what became of it, in the same line.
 *
 * Source: zapier-platform-cli 19.1.0, src/utils/metadata.js (behaviour, not code).
 */
export function mentionsOf(section: string): readonly (Mention & { readonly linked: boolean })[] {
	return section.split('\n').flatMap((line) =>
		[...line.matchAll(/\b(trigger|create|search)\/(\w+)/g)].map(({ index, 1: kind, 2: key }) => ({
			kind: kind as Mention['kind'],
			key: key ?? '',
			linked: line
				.slice(0, index)
				.split(' ')
				.some((word) => becomes.test(word)),
		})),
	);
}

const becomes = /^(fix|fixed|fixes|adds?|added|improve[sd]?|improvements?|update[sd]?|new)$/i;
