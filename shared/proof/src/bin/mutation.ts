#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';

import {
	holds,
	judge,
	percentOf,
	type Report,
	scoresOf,
	type Survivor,
	survivorsOf,
} from '../mutation/judge.ts';
import { readRecord, recordAfter, writePage, writeRecord } from '../mutation/record.ts';
import { runTarget } from '../mutation/stryker.ts';
import { type Target, targets } from '../mutation/targets.ts';
import {
	countOption,
	parseOptions,
	refuseOptions,
	runCommand,
} from '../../../testing/src/command-line.ts';
import { inTurn } from '../../../testing/src/turn.ts';

const quick = targets
	.filter(({ isQuick }) => isQuick)
	.map(({ name }) => name)
	.join(' or ');
const help = `Changes the code in thousands of small ways and checks whether the tests notice.

  npm run mutation                       every target, some minutes each
  npm run mutation -- protocol           one target: ${targets.map((one) => one.name).join(', ')}
  npm run mutation -- --changed          only files that differ from the main branch; all files of
                                         ${quick} where its tests differ (a whole run of the others takes half an hour)
  npm run mutation -- --changed --base X ... from the commit or branch X
  npm run mutation -- zapier --file 'src/f*.ts'   only these files, below the workspace of the target
  npm run mutation -- zapier --sample 8  one window of lines in eight, for an estimate in an eighth of the time
  npm run mutation -- protocol --write   records the figures and the survivors; of some files with --file or --changed
  npm run mutation -- --page             writes MUTATION.md again, after the list of survivors was edited
  npm run mutation -- --help             this text

Works in copies of the repository below .cache/mutation, where report.html of each target shows every mutant. Fails
if a mutant survives that shared/proof/mutation does not list with a reason, if a listed one no longer survives, and
if fewer mutants of a whole target are noticed than it demands. --write puts new survivors at the end of the list
without a reason; npm test fails until somebody writes one, or better a test.
`;

const { values: options, positionals } = parseOptions(help, {
	allowPositionals: true,
	options: {
		base: { type: 'string', default: 'main' },
		changed: { type: 'boolean', default: false },
		file: { type: 'string', multiple: true, default: [] },
		sample: { type: 'string', default: '1' },
		page: { type: 'boolean', default: false },
		write: { type: 'boolean', default: false },
	},
});
const root = join(import.meta.dirname, '../../../..');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Files that differ from where the branch left the base, uncommitted ones included. */
function changedFiles(base: string): readonly string[] {
	const git = (...args: string[]): string => {
		const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
		if (status !== 0) throw new Error(`Cannot compare with "${base}": ${stderr.trim()}`);
		return stdout.trim();
	};
	const fork = git('merge-base', base, 'HEAD');
	return [
		...git('diff', '--name-only', '--diff-filter=d', fork).split('\n'),
		...git('ls-files', '--others', '--exclude-standard').split('\n'),
	];
}

/** @throws Error where a pattern fits no file of the target. */
function filesOf(target: Target, patterns: readonly string[]): readonly string[] {
	return patterns.flatMap((pattern) => {
		const files = globSync(pattern, { cwd: join(root, target.workspace) }).filter((path) =>
			matchesGlob(path, target.mutate),
		);
		if (files.length > 0) return files;
		throw new Error(
			`"${pattern}" is no file of the target ${target.name}, which are ${target.workspace}/${target.mutate}. See --help.`,
		);
	});
}

/** The files of a target that are to be mutated, or null for all of them. */
function selection(target: Target): readonly string[] | null {
	if (options.file.length > 0) return filesOf(target, options.file);
	if (!options.changed) return null;
	const own = changedFiles(options.base)
		.filter((path) => path.startsWith(`${target.workspace}/`))
		.map((path) => path.slice(target.workspace.length + 1));
	if (target.isQuick && own.some((path) => path.startsWith('test/'))) return null;
	return own.filter((path) => matchesGlob(path, target.mutate));
}

function show(title: string, survivors: readonly Survivor[]): void {
	if (survivors.length === 0) return;
	say(title);
	for (const { file, line, change } of survivors) say(`  ${file}: ${change}\n    in: ${line}`);
}

/** True where the target holds what is demanded. */
function report(
	target: Target,
	found: Report,
	{ whole, sample }: { readonly whole: boolean; readonly sample: number },
): boolean {
	const scores = scoresOf(found);
	const survivors = survivorsOf(found);
	const record = readRecord(root, target);
	// Where all files had mutants, an entry for another file is for one that is gone.
	const files = new Set([
		...Object.keys(found.files),
		...(whole ? record.known.map((one) => one.file) : []),
	]);
	const judgement = judge(survivors, record.known, files);
	const { unknown } = judgement;
	// A sample says nothing of the lines between its windows, unless the list was made from the same windows.
	const outdated = sample === 1 || sample === record.sample ? judgement.outdated : [];
	for (const score of scores) {
		say(
			`  ${percentOf([score]).toFixed(2).padStart(6)} %  ${score.noticed} of ${score.of}  ${score.file}`,
		);
	}
	show('These survived and are not listed: write a test, or list them with a reason.', unknown);
	show('These are listed, but are noticed by now or gone: take them off the list.', outdated);
	const percent = percentOf(scores);
	say(
		`${target.name}: ${percent.toFixed(2)} % noticed, ${unknown.length} unknown, ${outdated.length} outdated`,
	);
	if (options.write) {
		const day = new Date().toISOString().slice(0, 10);
		const next = recordAfter(record, { day, sample, whole, scores, judgement });
		for (const path of writeRecord(root, target, next)) say(`wrote ${path}`);
	}
	const least = whole ? target.breakAt : null;
	if (least !== null && percent < least) say(`${target.name} demands ${least} %.`);
	return holds(scores, { unknown, outdated }, least);
}

async function main(): Promise<number> {
	if (options.page) {
		say(`wrote ${writePage(root)}`);
		return 0;
	}
	const strangers = positionals.filter((name) => !targets.some((one) => one.name === name));
	if (strangers.length > 0) refuseOptions(`There is no target "${strangers.join('", "')}".`);
	if (options.file.length > 0 && positionals.length !== 1) {
		refuseOptions('--file needs one target.');
	}
	const sample = countOption('sample', options.sample);
	if (options.write && sample > 1 && (options.file.length > 0 || options.changed)) {
		refuseOptions('--write takes a sample of whole targets only.');
	}
	const chosen =
		positionals.length === 0 ? targets : targets.filter((one) => positionals.includes(one.name));
	const verdicts: boolean[] = [];
	for (const target of chosen) {
		const only = selection(target);
		if (only?.length === 0) {
			say(`${target.name}: nothing changed`);
			continue;
		}
		const start = Date.now();
		const folder = join(root, '.cache/mutation', target.name);
		const found = await inTurn(`${folder}.pid`, `at work in ${folder}`, () =>
			runTarget(root, target, folder, only, sample),
		);
		say(`\n== ${target.name}, ${Math.round((Date.now() - start) / 1000)} s`);
		verdicts.push(report(target, found, { whole: only === null, sample }));
	}
	return verdicts.every(Boolean) ? 0 : 1;
}

await runCommand(main);
