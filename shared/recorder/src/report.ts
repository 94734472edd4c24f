import type { Difference, Gap, Observation } from './types.ts';

/** What a recording found out. Holds no private value. */
export interface Report {
	readonly recordedAt: string;
	readonly origin: string;
	readonly apiVersion: string;
	readonly requests: number;
	/** Operation keys with the cases that were recorded. */
	readonly operations: Readonly<Record<string, readonly string[]>>;
	/** Event types of verified deliveries. */
	readonly deliveries: readonly string[];
	readonly differences: readonly Difference[];
	readonly observations: readonly Observation[];
	readonly gaps: readonly Gap[];
	/** Below the target folder. */
	readonly written: readonly string[];
}

/** Said of what a run that was killed has left in the account. Nobody else may remove it: that run may still be going on. */
export const leftBehind = 'left behind by another run: if none is going on, remove it by hand';

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const widths = head.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const line = (cells: readonly string[]): string =>
		cells
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd();
	return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

export function reportText(report: Report): string {
	const { differences, observations, gaps } = report;
	const part = (title: string, text: string): string => `${title}\n\n${text}\n`;
	const cases = Object.values(report.operations).flat().length;
	return [
		part(
			`Recorded ${Object.keys(report.operations).length} operations (${cases} cases) and ${report.deliveries.length} deliveries with ${report.requests} requests; API version ${report.apiVersion}.`,
			report.written.length === 0
				? 'No file was written.'
				: `Wrote ${report.written.length} files.`,
		),
		part(
			`${differences.length} differences from the catalogue`,
			differences.length === 0
				? 'None.'
				: table(
						['what', 'operation or event', 'where', 'catalogue', 'seen', 'times'],
						differences.map((one) => [
							one.kind,
							one.subject,
							one.where,
							one.expected,
							one.seen,
							String(one.count),
						]),
					),
		),
		...(observations.length === 0
			? []
			: [
					part(
						'Seen, where the documentation leaves it open',
						table(
							['question', 'of', 'answer'],
							observations.map((one) => [one.topic, one.subject, one.seen]),
						),
					),
				]),
		...(gaps.length === 0
			? []
			: [
					part(
						'Not recorded',
						table(
							['what', 'why'],
							gaps.map((one) => [one.subject, one.reason]),
						),
					),
				]),
	].join('\n');
}
