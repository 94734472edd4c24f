/** What Stryker's JSON report holds of a mutant; see its mutation-testing-report-schema. */
export interface ReportedMutant {
	readonly mutatorName: string;
	readonly replacement?: string | undefined;
	readonly status: string;
	/** Lines and columns, from 1; the end is exclusive. */
	readonly location: {
		readonly start: { readonly line: number; readonly column: number };
		readonly end: { readonly line: number; readonly column: number };
	};
}

/** Stryker's JSON report, as far as it is read here. */
export interface Report {
	readonly files: Readonly<
		Record<string, { readonly source: string; readonly mutants: readonly ReportedMutant[] }>
	>;
}

/** How the tests of a file did. */
export interface Score {
	readonly file: string;
	/** Mutants that some test noticed, those that ran into an endless loop included. */
	readonly noticed: number;
	/** All mutants that could be run. */
	readonly of: number;
}

/** A mutant that no test noticed, named so that it is found again when lines move. */
export interface Survivor {
	readonly file: string;
	/** The line of source where it starts, trimmed. */
	readonly line: string;
	/** What was changed, and into what. */
	readonly change: string;
}

/** A survivor that is known, and why it is left alone. */
export interface KnownSurvivor extends Survivor {
	readonly reason: string;
}

const noticed = new Set(['Killed', 'Timeout']);
/** What ended the process, or was not proven, twice: no test says anything for certain. */
const unproven = 'RuntimeError';
const unnoticed = new Set(['Survived', 'NoCoverage', unproven]);

/**
 * The score of each file with mutants, sorted by name.
 *
 * @throws Error where a mutant has a status that is neither noticed nor not: it must not fall out of the sum.
 */
export function scoresOf(report: Report): Score[] {
	return Object.entries(report.files)
		.map(([file, { mutants }]) => {
			for (const { status } of mutants) {
				if (!noticed.has(status) && !unnoticed.has(status)) {
					throw new Error(`${file} has a mutant of the status "${status}".`);
				}
			}
			const hits = mutants.filter((mutant) => noticed.has(mutant.status)).length;
			return { file, noticed: hits, of: mutants.length };
		})
		.filter((score) => score.of > 0)
		.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Percent of the mutants that were noticed, rounded down to two digits: 89.999 is not 90. Of none, none was. */
export function percentOf(scores: readonly Pick<Score, 'noticed' | 'of'>[]): number {
	const sum = (key: 'noticed' | 'of'): number =>
		scores.reduce((total, score) => total + score[key], 0);
	return sum('of') === 0 ? 0 : Math.floor((sum('noticed') * 10_000) / sum('of')) / 100;
}

/** The mutants that nothing noticed, in the order of the source. */
export function survivorsOf(report: Report): Survivor[] {
	return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
		const lines = source.split('\n');
		return mutants
			.filter((mutant) => unnoticed.has(mutant.status))
			.sort((a, b) => place(a) - place(b))
			.map((mutant) => ({
				file,
				line: (lines[mutant.location.start.line - 1] ?? '').trim(),
				change: `${short(textAt(lines, mutant))} → ${short(mutant.replacement ?? '')}`,
			}));
	});
}

const place = ({ location: { start } }: ReportedMutant): number =>
	start.line * 10_000 + start.column;

function textAt(lines: readonly string[], { location: { start, end } }: ReportedMutant): string {
	return lines
		.slice(start.line - 1, end.line)
		.map((line, index, all) =>
			line.slice(
				index === 0 ? start.column - 1 : 0,
				index === all.length - 1 ? end.column - 1 : undefined,
			),
		)
		.join(' ');
}

/** One line that is still readable, the same for the same text. */
function short(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length <= 120 ? line : `${line.slice(0, 80)} … ${line.slice(-30)}`;
}

export interface Judgement {
	/** Survivors that the list does not know. */
	readonly unknown: readonly Survivor[];
	/** Entries of the list that are noticed by now, or whose code is gone. */
	readonly outdated: readonly KnownSurvivor[];
}

/**
 * Compares what survived with the list of known survivors. The list holds each as often as it survives.
 *
 * @param files Files that had mutants: entries for others say nothing.
 */
export function judge(
	survivors: readonly Survivor[],
	known: readonly KnownSurvivor[],
	files: ReadonlySet<string>,
): Judgement {
	const left = known.filter((one) => files.has(one.file));
	const unknown = survivors.filter((survivor) => {
		const index = left.findIndex(
			(one) =>
				one.file === survivor.file && one.line === survivor.line && one.change === survivor.change,
		);
		if (index >= 0) left.splice(index, 1);
		return index < 0;
	});
	return { unknown, outdated: left };
}

/**
 * Whether a run holds what is demanded.
 *
 * @param least Percent of its mutants that must be noticed; null for a run of some files, of which nothing is demanded.
 */
export const holds = (
	scores: readonly Score[],
	{ unknown, outdated }: Judgement,
	least: number | null,
): boolean =>
	unknown.length === 0 && outdated.length === 0 && (least === null || percentOf(scores) >= least);

/** What is committed of a target: the figures of its last whole run, and what is known to survive. */
export interface TargetRecord {
	/** Day of the run, UTC; null before the first. */
	readonly day: string | null;
	/** One window of lines in so many was mutated; 1 is all. */
	readonly sample: number;
	readonly scores: readonly Score[];
	readonly known: readonly KnownSurvivor[];
}
