import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { showProgram } from '../../../testing/src/child.ts';
import { directEnvironment } from '../../../testing/src/direct.ts';
import type { Report } from './judge.ts';
import type { Target } from './targets.ts';
import { copyTree } from '../tree.ts';

/**
 * Runs the mutants of a target in a copy of the repository, and leaves Stryker's reports in the folder.
 *
 * @param folder Where the copy and the reports go.
 * @param only Files to mutate, at least one, below the workspace; null for all of the target.
 * @param sample Mutates one window of lines in so many; 1 mutates all.
 * @throws Error where Stryker could not do its work; what it said is on the console.
 */
export async function runTarget(
	root: string,
	target: Target,
	folder: string,
	only: readonly string[] | null,
	sample: number,
): Promise<Report> {
	const tree = join(folder, 'tree');
	copyTree(root, tree);
	const cwd = join(tree, target.workspace);
	mkdirSync(join(cwd, '.mutation'), { recursive: true });
	writeFileSync(join(cwd, '.mutation/build.sh'), buildScript(tree, cwd, target));
	const report = join(folder, 'report.json');
	rmSync(report, { force: true });
	writeFileSync(
		join(cwd, 'stryker.config.json'),
		JSON.stringify({
			mutate: windows(cwd, only ?? [target.mutate], sample),
			testRunner: 'resident',
			plugins: [join(import.meta.dirname, 'runner.ts')],
			coverageAnalysis: 'perTest',
			dryRunTimeoutMinutes: 20,
			// Endless loops are counted, not timed; a busy machine must not pass for one.
			timeoutMS: 600_000,
			buildCommand: 'sh .mutation/build.sh',
			inPlace: true,
			cleanTempDir: 'always',
			concurrency: 2,
			reporters: ['progress-append-only', 'json', 'html'],
			jsonReporter: { fileName: report },
			htmlReporter: { fileName: join(folder, 'report.html') },
			// The rule is applied to the report, together with the list of known survivors.
			thresholds: { high: 95, low: target.breakAt, break: null },
			warnings: { slow: false },
			allowConsoleColors: false,
		}),
	);
	const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	const code = await showProgram('nice', ['-n', '10', process.execPath, stryker, 'run'], {
		cwd,
		env: { ...directEnvironment(), NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
	});
	if (code !== 0) throw new Error(`Stryker ended with ${code}.`);
	return JSON.parse(readFileSync(report, 'utf8')) as Report;
}

const windowLines = 8;

/** Stryker's form for parts of files. Evenly spread and the same each time, so that two samples can be compared. */
function windows(cwd: string, patterns: readonly string[], sample: number): readonly string[] {
	if (sample === 1) return patterns;
	return globSync([...patterns], { cwd })
		.sort()
		.flatMap((path) => {
			const lines = readFileSync(join(cwd, path), 'utf8').split('\n').length;
			const step = windowLines * sample;
			return Array.from({ length: Math.ceil(lines / step) }, (_, index) => {
				// From the middle on: the first lines of a file are imports.
				const start = index * step + Math.floor(step / 2) + 1;
				return `${path}:${start}-${start + windowLines - 1}`;
			}).filter((_, index) => index * step + Math.floor(step / 2) < lines);
		});
}

/** The tests stop at the first that notices: the quick ones go first. */
function rank({ first }: Target, path: string): number {
	const index = first.indexOf(path);
	return index < 0 ? first.length : index;
}

/** A word of a shell, whatever is in it: checkouts lie in folders with spaces too. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

function buildScript(tree: string, cwd: string, target: Target): string {
	const tests = globSync('test/**/*.test.{ts,mts}', { cwd })
		.filter((path) => target.withoutTests[path] === undefined)
		.sort((a, b) => rank(target, a) - rank(target, b) || (a < b ? -1 : 1));
	const setup = [
		relative(cwd, join(tree, 'shared/testing/src/setup.ts')),
		...globSync('test/setup.ts', { cwd }),
	];
	const bundle = [join(import.meta.dirname, 'bundle.ts'), ...setup, '--', ...tests];
	return [
		'set -e',
		...(target.build === null ? [] : [target.build]),
		`node ${bundle.map(quoted).join(' ')}\n`,
	].join('\n');
}
