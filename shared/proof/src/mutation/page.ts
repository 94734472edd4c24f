import { type KnownSurvivor, percentOf, type TargetRecord } from './judge.ts';
import type { Target } from './targets.ts';

const head = `# Mutation testing

A mutant is the code with one small thing changed: a \`<\` that became \`<=\`, a condition that is always true, a text
that is gone. A test suite that still passes does not test that line. [Stryker](https://stryker-mutator.io) makes every
such change to the code below; \`npm run mutation -- --help\` says how to run it. The tables are written by that command,
and a test fails if they do not fit the records in [\`mutation\`](mutation), where each known survivor is listed with the
reason why it is left alone. A survivor that is not listed fails the run; so does an entry that no longer survives.

The tests run in jest's own engine, loaded once and kept from one mutant to the next: Stryker's runner for jest loads
every test file anew for each mutant, which took fifty times as long. Mutants that act while modules load get freshly
loaded tests. A mutant counts as noticed only if the test that failed passes without it and fails with it again. Where
it does not, because an earlier mutant left something behind or a test grew old while it stayed loaded, the mutant is
tried once more as the first of a new process, and the run says so.
`;

/** The page with the figures: one table for each target, and what is known to survive, by reason. */
export function renderPage(
	all: readonly { readonly target: Target; readonly record: TargetRecord }[],
): string {
	return [head, ...all.map(({ target, record }) => section(target, record))].join('\n');
}

function section(target: Target, { day, sample, scores, known }: TargetRecord): string {
	const title = `## ${target.name}: \`${target.workspace}/${target.mutate}\`\n`;
	if (day === null) return `${title}\nNot run yet.\n`;
	const total = scores.reduce((sum, score) => sum + score.of, 0);
	return [
		title,
		`${percentOf(scores).toFixed(2)} % of ${total} mutants were noticed on ${day} by`,
		`\`npm run mutation -- ${target.name}${sample === 1 ? '' : ` --sample ${sample}`} --write\`; at least ${target.breakAt} % must be.`,
		...(sample === 1
			? []
			: [
					`An estimate: one window of eight lines in ${sample} was mutated, evenly spread over the files.`,
				]),
		'',
		'| file | mutants | noticed | % |',
		'| --- | --: | --: | --: |',
		...scores.map(
			(score) =>
				`| \`${score.file}\` | ${score.of} | ${score.noticed} | ${percentOf([score]).toFixed(2)} |`,
		),
		'',
		...reasons(known),
		...leftOut(target),
	].join('\n');
}

function reasons(known: readonly KnownSurvivor[]): string[] {
	if (known.length === 0) return [];
	const counts = [...Map.groupBy(known, (one) => one.reason)].map(
		([reason, group]) => [reason, group.length] as const,
	);
	return [
		'Known survivors, by reason:',
		'',
		...counts.sort(([, x], [, y]) => y - x).map(([reason, count]) => `- ${count}: ${reason}`),
		'',
	];
}

function leftOut({ withoutTests }: Target): string[] {
	const files = Object.entries(withoutTests);
	if (files.length === 0) return [];
	return [
		'Tests that did not take part:',
		'',
		...files.map(([path, reason]) => `- \`${path}\`: ${reason}`),
		'',
	];
}
