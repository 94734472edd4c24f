import type { Outcome } from './outcome.ts';

const platforms = ['zapier', 'n8n', 'make'] as const;

/** `12/12`, or nothing where a platform has no such thing. */
function score(outcomes: readonly Outcome[]): string {
	const good = outcomes.filter((outcome) => outcome.fault === null).length;
	return outcomes.length === 0 ? '-' : `${good}/${outcomes.length}`;
}

/**
 * Whether all is well. Where nothing was sent, nothing is.
 *
 * @param stopped How many platforms did not get to their end.
 */
export const isGood = (outcomes: readonly Outcome[], stopped: number): boolean =>
	stopped === 0 && outcomes.length > 0 && outcomes.every(({ fault }) => fault === null);

const headings: Readonly<Record<Outcome['kind'], string>> = {
	event: 'Deliveries, by family of events',
	operation: 'Recordings, by resource',
	refusal: 'What must be refused',
	scene: 'Scenes against the sandbox',
};

const groupOf = (outcome: Outcome): string => outcome.group;
const nameOf = (outcome: Outcome): string => outcome.name;

/**
 * One line per family and per resource, the totals, and every failure with its reason.
 *
 * @param stopped How many platforms did not get to their end, each of which counts as one failure more.
 */
export function summary(outcomes: readonly Outcome[], stopped = 0): string {
	const lines: string[] = [];
	const row = (cells: readonly string[]): void => {
		const [first = '', ...rest] = cells;
		lines.push(`  ${first.padEnd(72)}${rest.map((cell) => cell.padStart(10)).join('')}`);
	};
	for (const kind of ['event', 'operation', 'refusal', 'scene'] as const) {
		const ofKind = outcomes.filter((outcome) => outcome.kind === kind);
		lines.push('', headings[kind]);
		row(['', ...platforms]);
		const lineOf = kind === 'scene' ? nameOf : groupOf;
		for (const group of new Set(ofKind.map(lineOf))) {
			const ofGroup = ofKind.filter((outcome) => lineOf(outcome) === group);
			row([
				group,
				...platforms.map((name) => score(ofGroup.filter((one) => one.platform === name))),
			]);
		}
		row([
			'in all',
			...platforms.map((name) => score(ofKind.filter((one) => one.platform === name))),
		]);
	}
	const failed = outcomes.filter((outcome) => outcome.fault !== null);
	if (failed.length > 0) {
		lines.push('', 'Failed');
		for (const one of failed) {
			lines.push(`  ${one.platform} ${one.group}, ${one.name}: ${one.fault ?? ''}`);
		}
	}
	lines.push('', `${outcomes.length - failed.length} passed, ${failed.length + stopped} failed`);
	return `${lines.join('\n')}\n`;
}
