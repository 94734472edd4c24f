import { wrongWith } from './outcome.ts';
import type { FloodResult } from './run.ts';

type Results = readonly (readonly [platform: string, result: FloodResult])[];

/** What the command prints. Texts end with a line break. */
export interface FloodReport {
	/** The figures: a table, or one line of JSON. */
	readonly out: string;
	readonly verdict: string;
	readonly isGood: boolean;
}

/** @param machine What it ran on, in words. */
export function reportOf(results: Results, machine: string, asJson: boolean): FloodReport {
	const wrong = results.flatMap(([name, { outcome, leakedLines }]) =>
		[
			...wrongWith(outcome),
			...(leakedLines > 0 ? [`${leakedLines} lines of the log hold a secret`] : []),
		].map((one) => `${name}: ${one}`),
	);
	return {
		out: asJson
			? `${JSON.stringify({ machine, ...Object.fromEntries(results) })}\n`
			: `${results.map(([name, { runtime }]) => `${name}: ${runtime}\n`).join('')}${machine}\n\n${table(results)}\n`,
		verdict: wrong.length === 0 ? 'All is well.\n' : `${wrong.join('\n')}\n`,
		isGood: wrong.length === 0,
	};
}

const megabytes = (bytes: number | undefined): string =>
	`${((bytes ?? 0) / 1_048_576).toFixed(1)} MB`;

function table(results: Results): string {
	const rows: readonly (readonly [string, (result: FloodResult) => string | number])[] = [
		['deliveries', ({ outcome }) => outcome.sent],
		['  genuine', ({ outcome }) => outcome.genuine],
		['    of them repeated', ({ outcome }) => outcome.repeated],
		['  forged', ({ outcome }) => outcome.forged],
		['    in so many ways', ({ outcome }) => outcome.ways],
		['    that cannot come on this platform', ({ outcome }) => outcome.impossible],
		['genuine ones lost', ({ outcome }) => outcome.lost],
		['forged ones accepted', ({ outcome }) => outcome.accepted],
		['forged ones neither', ({ outcome }) => outcome.unexplained],
		['secrets in what came out', ({ outcome }) => outcome.leaked],
		['secrets in the log', ({ leakedLines }) => leakedLines],
		['memory after a fifth', ({ outcome }) => megabytes(outcome.heap[1])],
		['memory at the end', ({ outcome }) => megabytes(outcome.heap.at(-1))],
		['seconds in the trigger', ({ outcome }) => outcome.seconds.toFixed(1)],
		[
			'deliveries a second',
			({ outcome }) => Math.round((outcome.sent - outcome.impossible) / outcome.seconds),
		],
	];
	const line = (cells: readonly (string | number)[]): string =>
		`${String(cells[0]).padEnd(40)}${cells
			.slice(1)
			.map((cell) => String(cell).padStart(12))
			.join('')}\n`;
	return (
		line(['', ...results.map(([name]) => name)]) +
		rows.map(([title, cell]) => line([title, ...results.map(([, one]) => cell(one))])).join('')
	);
}
