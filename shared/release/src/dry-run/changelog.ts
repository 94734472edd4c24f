import type { Surface } from '../surface.ts';

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

/** What an operation of each kind that a changelog mentions is called on the surface. */
const kinds = { trigger: 'triggers', create: 'creates', search: 'searches' } as const;

/** Behind one of these words, in the same line, Zapier's `promote` links a mention such as `trigger/new_plan`. */
const becomes = /^(fix|fixed|fixes|adds?|added|improve[sd]?|improvements?|update[sd]?|new)$/i;

/**
 * What is wrong with the operations that a section of the Zapier app's changelog mentions: one that the app has not, or
 * one that `promote` would not link.
 *
 * Source: zapier-platform-cli 19.1.0, src/utils/metadata.js (behaviour, not code).
 */
export function mentionFaults(section: string, surface: Surface): readonly string[] {
	return section.split('\n').flatMap((line) =>
		[...line.matchAll(/\b(trigger|create|search)\/(\w+)/g)].flatMap(
			({ index, 0: mention, 1: kind, 2: key }) => {
				if (!Object.hasOwn(surface, `${kinds[kind as keyof typeof kinds]}.${key}`)) {
					return [`mentions ${mention}, which is not there`];
				}
				const before = line.slice(0, index).split(' ');
				return before.some((word) => becomes.test(word))
					? []
					: [
							`mentions ${mention} without Add, Update or Fix before it in its line, so "promote" would not link it`,
						];
			},
		),
	);
}
