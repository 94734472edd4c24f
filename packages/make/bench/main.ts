#!/usr/bin/env node

import { templateFiles } from '../../../shared/generate/src/emitters/make.ts';
import { templates } from '../../../shared/generate/src/emitters/make/templates.ts';
import {
	reportText,
	reportTo,
	type Report,
	type Spread,
	spreadOf,
} from '../../../shared/testing/src/figures.ts';
import { validateFile } from '../src/validate.ts';
import { countOption, parseOptions, runCommand } from '../../../shared/testing/src/command-line.ts';

const help = `Measures how fast the templates are generated from the catalogue and validated.

  npm run bench -w memberpass-make                 print a table
  npm run bench -w memberpass-make -- --json FILE  write the figures as JSON as well
  npm run bench -w memberpass-make -- --rounds N   measured rounds (15); the median counts
  npm run bench -w memberpass-make -- --help       this text

A round makes every template and its text, and validates every file from that text, as it is read from disk.
`;

const { values: options } = parseOptions(help, {
	options: {
		rounds: { type: 'string', default: '15' },
		json: { type: 'string' },
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
		if (problems.length > 0) {
			throw new Error(`A template has a problem: ${JSON.stringify(problems)}`);
		}
	}
	return {
		generateMs: generated - begin,
		validateMs: performance.now() - generated,
		files: texts.length,
	};
}

function measure(count: number): Report {
	process.stderr.write('warming up …\n');
	for (let index = 0; index < 3; index++) round();
	process.stderr.write(`measuring ${count} rounds …\n`);
	const rounds = Array.from({ length: count }, round);
	const perSecond = (ms: (one: Round) => number): Spread =>
		spreadOf(rounds.map((one) => Math.round((one.files / ms(one)) * 1000)));
	return {
		of: 'packages/make',
		command: 'npm run bench -w memberpass-make',
		figures: [
			{ name: 'Files for Make', unit: 'files', ours: rounds[0]?.files ?? 0 },
			{
				name: 'Templates generated',
				unit: 'a second',
				ours: perSecond(({ generateMs }) => generateMs),
			},
			{
				name: 'Templates validated',
				unit: 'a second',
				ours: perSecond(({ validateMs }) => validateMs),
			},
			{
				name: 'Templates generated and validated',
				unit: 'a second',
				ours: perSecond(({ generateMs, validateMs }) => generateMs + validateMs),
			},
		],
	};
}

function main(): number {
	const save = reportTo(options.json);
	const report = measure(countOption('rounds', options.rounds));
	process.stdout.write(reportText(report));
	save(report);
	return 0;
}

await runCommand(main);
