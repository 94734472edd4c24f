#!/usr/bin/env node
import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { templateFiles } from '../../../shared/generate/src/emitters/make.ts';
import { templates } from '../../../shared/generate/src/emitters/make/templates.ts';
import { validateFile } from '../src/validate.ts';

const help = `Measures how fast the templates are generated from the catalogue and validated. Writes nothing unless told to.

  npm run bench -w memberpass-make [-- OPTIONS]

  --rounds N     measured rounds (15); the median counts
  --json [FILE]  print the figures as JSON, or write them to FILE with --json=FILE
  --help         this text

A round makes every template and its text, and validates every file from that text, as it is read from disk.
`;

const { values: options } = parseArgs({
	args: process.argv.slice(2).map((arg) => (arg === '--json' ? '--json=-' : arg)),
	options: {
		rounds: { type: 'string', default: '15' },
		json: { type: 'string' },
		help: { type: 'boolean', default: false },
	},
});

interface Round {
	readonly generateMs: number;
	readonly validateMs: number;
	readonly files: number;
}

function round(): Round {
	const begin = performance.now();
	const texts = templates()
		.flatMap(templateFiles)
		.map(({ content }) => content);
	const generated = performance.now();
	for (const text of texts) {
		const problems = validateFile(JSON.parse(text));
		if (problems.length > 0)
			throw new Error(`A template has a problem: ${JSON.stringify(problems)}`);
	}
	const validated = performance.now();
	return {
		generateMs: generated - begin,
		validateMs: validated - generated,
		files: texts.length,
	};
}

function spread(numbers: readonly number[]): { median: number; min: number; max: number } {
	const sorted = [...numbers].sort((a, b) => a - b);
	const at = (index: number): number => sorted.at(index) ?? Number.NaN;
	return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(-1) };
}

function main(): number {
	if (options.help) {
		process.stdout.write(help);
		return 0;
	}
	const count = Number(options.rounds);
	if (!Number.isInteger(count) || count < 1) {
		process.stderr.write('--rounds must be 1 or more.\n');
		return 1;
	}
	process.stderr.write('warming up …\n');
	for (let index = 0; index < 3; index++) round();
	process.stderr.write(`measuring ${count} rounds …\n`);
	const rounds = Array.from({ length: count }, round);
	const perSecond = (ms: (one: Round) => number): ReturnType<typeof spread> =>
		spread(rounds.map((one) => Math.round((one.files / ms(one)) * 1000)));
	const figures = {
		machine: `${cpus()[0]?.model.trim() ?? 'unknown'} x ${cpus().length}, Node ${process.versions.node}`,
		files: rounds[0]?.files ?? 0,
		generatedPerSecond: perSecond((one) => one.generateMs),
		validatedPerSecond: perSecond((one) => one.validateMs),
		bothPerSecond: perSecond((one) => one.generateMs + one.validateMs),
	};
	const json = `${JSON.stringify(figures, null, '\t')}\n`;
	if (options.json === '-') {
		process.stdout.write(json);
		return 0;
	}
	const row = (name: string, { median, min, max }: ReturnType<typeof spread>): string =>
		`| ${name} | ${median} (${min} to ${max}) |`;
	process.stdout.write(
		[
			`${figures.files} files; ${figures.machine}`,
			'',
			'| figure | files a second: median (range) |',
			'| --- | --- |',
			row('generated', figures.generatedPerSecond),
			row('validated', figures.validatedPerSecond),
			row('generated and validated', figures.bothPerSecond),
			'',
		].join('\n'),
	);
	if (options.json !== undefined) {
		writeFileSync(options.json, json);
		process.stderr.write(`wrote ${options.json}\n`);
	}
	return 0;
}

process.exitCode = main();
