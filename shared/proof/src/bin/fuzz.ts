#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type CorpusEntry, corpusPath, readCorpus } from '../fuzz/corpus.ts';
import type { Finding } from '../fuzz/run.ts';
import type { Target } from '../fuzz/target.ts';
import {
	countOption,
	numberOption,
	parseOptions,
	refuseOptions,
	runCommand,
} from '../../../testing/src/command-line.ts';

const help = `Feeds random input to everything that reads from outside, until a rule breaks.

  npm run fuzz                     10,000 inputs for each target
  npm run fuzz -- --runs N         N inputs for each
  npm run fuzz -- --minutes M      again and again, with other seeds, for M minutes
  npm run fuzz -- --seed N         the inputs of a seed; random where absent, and printed
  npm run fuzz -- --only TEXT      targets whose name contains TEXT
  npm run fuzz -- --save           keep what is found in ${corpusPath}
  npm run fuzz -- --list           name the targets and their rules
  npm run fuzz -- --help           this text

fast-check makes the inputs, and reduces what it finds to the smallest input that fails. The corpus is tried first, and in
the tests every time. Exits 1 if a rule broke.
`;

const { values } = parseOptions(help, {
	options: {
		runs: { type: 'string', default: '10000' },
		minutes: { type: 'string' },
		seed: { type: 'string' },
		only: { type: 'string', default: '' },
		save: { type: 'boolean', default: false },
		list: { type: 'boolean', default: false },
	},
});

const root = join(import.meta.dirname, '../../../..');

interface Plan {
	readonly seed: number;
	readonly runs: number;
	/** Milliseconds, or null for one round. */
	readonly time: number | null;
}

function readPlan(): Plan {
	const seed =
		values.seed === undefined
			? Math.floor(Math.random() * 2 ** 31)
			: numberOption('seed', values.seed, 'a whole number', Number.isInteger);
	const runs = countOption('runs', values.runs);
	const isTime = (one: number) => one > 0 && Number.isFinite(one);
	const time =
		values.minutes === undefined
			? null
			: numberOption('minutes', values.minutes, 'a number above 0', isTime) * 60_000;
	return { seed, runs, time };
}

/** What takes the inputs is loaded after what needs none of it: with the sandbox it takes a second. */
const engine = () => import('../fuzz/run.ts');

async function chosenTargets(): Promise<readonly Target[]> {
	const { allTargets } = await engine();
	const targets = allTargets().filter((target) => target.name.includes(values.only));
	if (targets.length === 0) {
		refuseOptions(`No target has "${values.only}" in its name. Name them with --list.`);
	}
	return targets;
}

function note(text: string): void {
	process.stderr.write(text);
}

/** Everything in the corpus for a target that breaks its rule. */
async function replay(target: Target): Promise<Finding[]> {
	const findings: Finding[] = [];
	for (const { input, target: name } of readCorpus(root)) {
		if (name !== target.name) continue;
		try {
			await target.check(input);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			findings.push({ target: name, input, seed: 0, runs: 0, reason });
		}
	}
	return findings;
}

async function fuzz(
	{ seed, runs, time }: Plan,
	targets: readonly Target[],
): Promise<readonly Finding[]> {
	const { fuzzTarget } = await engine();
	const findings: Finding[] = [];
	for (const target of targets) findings.push(...(await replay(target)));
	const start = Date.now();
	const isOver = (): boolean => time === null || Date.now() - start >= time;
	for (let round = 0; findings.length === 0; round++) {
		for (const target of targets) {
			const before = Date.now();
			const finding = await fuzzTarget(target, seed + round, runs);
			const count = Math.max(1, Math.round(runs * target.weight));
			const ms = Date.now() - before;
			note(
				`seed ${seed + round}  ${target.name.padEnd(20)} ${
					finding === null
						? `${String(count).padStart(8)} inputs, ${Math.round((count * 1_000) / Math.max(1, ms))} a second`
						: 'BROKEN'
				}\n`,
			);
			if (finding !== null) findings.push(finding);
			if (time !== null && isOver()) break;
		}
		if (isOver()) break;
	}
	for (const target of targets) await target.close?.();
	return findings;
}

async function save(findings: readonly Finding[]): Promise<void> {
	const { format, resolveConfig } = await import('prettier');
	const path = join(root, corpusPath);
	const kept = JSON.parse(readFileSync(path, 'utf8')) as CorpusEntry[];
	const added = findings.map(({ target, input, reason, seed }) => ({
		target,
		input,
		why: `${reason} (seed ${seed})`,
	}));
	const options = { ...(await resolveConfig(path)), filepath: path };
	writeFileSync(path, await format(JSON.stringify([...kept, ...added], null, '\t'), options));
	note(`${added.length} added to ${corpusPath}. Say in "why" what was mended.\n`);
}

async function main(): Promise<number> {
	const plan = readPlan();
	const targets = await chosenTargets();
	if (values.list) {
		// In one piece: "| head" closes the pipe after the first.
		process.stdout.write(targets.map(({ name, rule }) => `${name}: ${rule}\n`).join(''));
		return 0;
	}
	const findings = await fuzz(plan, targets);
	for (const { target, input, seed, runs, reason } of findings) {
		const where =
			runs === 0
				? `in ${corpusPath}`
				: `again: npm run fuzz -- --seed ${seed} --runs ${values.runs} --only '${target}'`;
		process.stdout.write(`${target}: ${reason}\n  ${JSON.stringify(input)}\n  ${where}\n`);
	}
	const found = findings.filter(({ runs }) => runs > 0);
	if (values.save && found.length > 0) await save(found);
	process.stdout.write(
		findings.length === 0
			? `Every rule held (${targets.length} targets, seed ${plan.seed}).\n`
			: `${findings.length} broken.\n`,
	);
	return findings.length === 0 ? 0 : 1;
}

await runCommand(main);
