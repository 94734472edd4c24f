import {
	cellsOf,
	type Figure,
	type Judged,
	meets,
	type Report,
	write,
} from '../../../testing/src/figures.ts';
import { table } from '../../../testing/src/markdown.ts';

/** All reports of one run, as committed in `benchmarks.json`. */
export interface Collection {
	/** Day of the run, ISO 8601. */
	readonly date: string;
	readonly machine: string;
	/** Versions of what is measured against: name -> version. */
	readonly versions: Readonly<Record<string, string>>;
	readonly reports: readonly Report[];
}

/** Ratios move with the machine by some percent; more than this is a change of the code. */
const tolerance = 0.25;

/**
 * What got worse, a sentence each: a judged number that is not measured any more, that missed its aim although it met it
 * before, or that is worse than before by more than the tolerance. Times are not looked at.
 */
export function regressions(before: Collection, now: Collection): readonly string[] {
	const measured = new Map(named(now).map(([name, { judged }]) => [name, judged]));
	return named(before).flatMap(([name, { judged: was }]) => {
		if (was === undefined) return [];
		const is = measured.get(name);
		// A ratio of nothing is NaN, which JSON has as null: neither is worse than any number.
		if (is === undefined || !Number.isFinite(is.value))
			return [`${name} is not measured any more.`];
		const said = `${name}: ${write(is.value)} ${is.as}, was ${write(was.value)}`;
		if (meets(was) && !meets(is)) return [`${said}; the aim is ${write(is.aim ?? 0)}.`];
		return isWorse(was, is) ? [`${said}.`] : [];
	});
}

function named(collection: Collection): readonly (readonly [string, Figure])[] {
	return collection.reports.flatMap(({ of, figures }) =>
		figures.map((figure) => [`${of}: ${figure.name}`, figure] as const),
	);
}

function isWorse(was: Judged, is: Judged): boolean {
	return is.better === 'lower'
		? is.value > was.value * (1 + tolerance)
		: is.value < was.value * (1 - tolerance);
}

/** The table of README.md. */
export function tableOf({ date, machine, versions, reports }: Collection): string {
	const against = Object.entries(versions)
		.map(([name, version]) => `${name} ${version}`)
		.join(', ');
	return [
		`Measured on ${date}: ${machine}; ${against}. Median (range) where there were several runs.`,
		'',
		table(
			['of', 'figure', 'ours', 'beside it', 'aim'],
			reports.flatMap(({ of, figures }) => figures.map((figure) => [of, ...cellsOf(figure)])),
		),
	].join('\n');
}
