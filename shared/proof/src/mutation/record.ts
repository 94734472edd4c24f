import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Judgement, Score, Survivor, TargetRecord } from './judge.ts';
import { renderPage } from './page.ts';
import { type Target, targets } from './targets.ts';

/** The form of the committed file: survivors with the same reason share it. */
interface RecordFile {
	readonly day: string | null;
	readonly sample: number;
	readonly scores: readonly Score[];
	readonly survivors: readonly { readonly reason: string; readonly mutants: readonly Survivor[] }[];
}

const folder = 'shared/proof/mutation';
export const pagePath = 'shared/proof/MUTATION.md';

/** Reads what is committed of a target; nothing is known of one that never ran. */
export function readRecord(root: string, target: Target): TargetRecord {
	const path = join(root, folder, `${target.name}.json`);
	if (!existsSync(path)) return { day: null, sample: 1, scores: [], known: [] };
	const { day, sample, scores, survivors } = JSON.parse(readFileSync(path, 'utf8')) as RecordFile;
	const known = survivors.flatMap(({ reason, mutants }) =>
		mutants.map((mutant) => ({ ...mutant, reason })),
	);
	return { day, sample, scores, known };
}

/**
 * The record after a run. A run of some files leaves what is recorded of the others; new survivors have no reason yet.
 *
 * @throws Error where single files would be added to what is only a sample.
 */
export function recordAfter(
	before: TargetRecord,
	run: {
		readonly day: string;
		readonly sample: number;
		/** Whether all files of the target had their turn. */
		readonly whole: boolean;
		readonly scores: readonly Score[];
		readonly judgement: Judgement;
	},
): TargetRecord {
	if (!run.whole && before.sample !== 1) {
		throw new Error('What is recorded is a sample: record a run of the whole target first.');
	}
	const again = new Set(run.scores.map(({ file }) => file));
	const others = run.whole ? [] : before.scores.filter(({ file }) => !again.has(file));
	return {
		day: run.day,
		sample: run.sample,
		scores: [...others, ...run.scores].sort((a, b) => (a.file < b.file ? -1 : 1)),
		known: [
			...before.known.filter((one) => !run.judgement.outdated.includes(one)),
			...run.judgement.unknown.map((one) => ({ ...one, reason: '' })),
		],
	};
}

/** Writes the record of a target, and the page with the figures of all. Returns the paths. */
export function writeRecord(root: string, target: Target, record: TargetRecord): string[] {
	const byReason = Map.groupBy(record.known, (one) => one.reason);
	const file: RecordFile = {
		day: record.day,
		sample: record.sample,
		scores: record.scores,
		survivors: [...byReason].map(([reason, mutants]) => ({
			reason,
			mutants: mutants.map(({ file: path, line, change }) => ({ file: path, line, change })),
		})),
	};
	const path = `${folder}/${target.name}.json`;
	writeFileSync(join(root, path), `${JSON.stringify(file, null, '\t')}\n`);
	return [path, writePage(root)];
}

/** Writes the page with the figures of all targets. Returns its path. */
export function writePage(root: string): string {
	writeFileSync(join(root, pagePath), pageOf(root));
	return pagePath;
}

/** The page as the committed records give it. */
export function pageOf(root: string): string {
	return renderPage(targets.map((target) => ({ target, record: readRecord(root, target) })));
}
