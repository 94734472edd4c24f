import {
	type Bump,
	bumpBetween,
	bumps,
	compare,
	type Comparison,
	isEnough,
	neededBump,
	raised,
} from './surface.ts';
import type { Published } from './workspaces.ts';

/** A pending note of what changed, as `changeset` writes it. */
export interface PendingChange {
	readonly id: string;
	readonly releases: readonly { readonly name: string; readonly type: Bump }[];
}

/** What `npm run release:check` says of one package. */
export interface Verdict {
	readonly name: string;
	readonly comparison: Comparison;
	readonly needed: Bump;
	/** From the published version to the one that the pending changes lead to. */
	readonly announced: Bump;
	readonly next: string;
	readonly isEnough: boolean;
}

/** Judges whether a package's version rises as much as its surface changed since the last release. */
export function judge(
	{ name, version, surface, released }: Published,
	pending: readonly PendingChange[],
): Verdict {
	const comparison = compare(released.surface, surface);
	const needed = neededBump(comparison);
	const next = raised(version, pendingBump(name, pending));
	const announced = bumpBetween(released.version, next);
	return { name, comparison, needed, announced, next, isEnough: isEnough(announced, needed) };
}

/** The largest rise that a pending change asks for. */
function pendingBump(name: string, pending: readonly PendingChange[]): Bump {
	const asked = pending.flatMap(({ releases }) =>
		releases.filter((release) => release.name === name).map(({ type }) => type),
	);
	return bumps.findLast((bump) => asked.includes(bump)) ?? 'none';
}

/** Announcements for packages that are not there: they raise no version, and `changeset version` stumbles over them. */
export const misaddressed = (
	pending: readonly PendingChange[],
	names: readonly string[],
): readonly string[] =>
	pending.flatMap(({ id, releases }) =>
		releases
			.filter(({ name }) => !names.includes(name))
			.map(
				({ name }) =>
					`.changeset/${id}.md is for "${name}", which is no package here. Name one of: ${names.join(', ')}.`,
			),
	);

/** The verdict in words, a line each; what breaks comes with its names. */
export function explain(verdict: Verdict, releasedVersion: string): readonly string[] {
	const { name, comparison, needed, next } = verdict;
	const { breaks, additions, changes } = comparison;
	const summary = `${name} ${next} against ${releasedVersion}: ${breaks.length} broken, ${additions.length} new, ${changes.length} otherwise changed`;
	if (verdict.isEnough) return [summary];
	return [
		`${summary}. That needs a ${needed} release, and the version rises by ${verdict.announced}.`,
		...breaks.slice(0, 20).map((line) => `  ${line}`),
		...(breaks.length > 20 ? [`  … and ${breaks.length - 20} more`] : []),
		needed === 'major'
			? `  Keep what is gone, or run "npm run changeset" and choose major for ${name}.`
			: `  Run "npm run changeset" and choose ${needed} for ${name}.`,
	];
}
