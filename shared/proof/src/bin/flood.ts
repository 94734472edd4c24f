#!/usr/bin/env node
import { cpus } from 'node:os';
import { join } from 'node:path';

import { buildPackages } from '../build.ts';
import { reportOf } from '../flood/report.ts';
import { runFlood } from '../flood/run.ts';
import {
	numberOption,
	parseOptions,
	refuseOptions,
	runCommand,
} from '../../../testing/src/command-line.ts';

const help = `Sends webhooks through the built triggers of both platforms, many of them forged.

  npm run flood                    50,000 deliveries to each: of every event, a tenth repeated, all out of order, 5 %
                                   forged in every way of shared/testing/vectors/signatures.json
  npm run flood -- --count N       N deliveries
  npm run flood -- --forged P      P percent forged
  npm run flood -- --seed TEXT     other deliveries; the same seed makes the same ones
  npm run flood -- --only NAME     n8n or zapier alone
  npm run flood -- --json          print the outcomes as JSON
  npm run flood -- --help          this text

Builds the packages first. Nothing is sent over a network: the trigger of n8n runs in the real n8n-core, the one of
Zapier in the real core on Node 22. Exits 1 if a forged delivery was accepted, a genuine one lost,
a secret or a signature showed in what came out or in a log, or memory grew.
`;

const { values } = parseOptions(help, {
	options: {
		count: { type: 'string', default: '50000' },
		forged: { type: 'string', default: '5' },
		seed: { type: 'string', default: 'flood' },
		only: { type: 'string' },
		json: { type: 'boolean', default: false },
	},
});

const root = join(import.meta.dirname, '../../../..');
const names = (['n8n', 'zapier'] as const).filter(
	(name) => values.only === undefined || values.only === name,
);

function readOptions(): { count: number; forgedShare: number; seed: string } {
	const isCount = (one: number) => Number.isInteger(one) && one >= 10 && one <= 10_000_000;
	const count = numberOption('count', values.count, 'a whole number from 10 to 10000000', isCount);
	const isPercent = (one: number) => one >= 0 && one <= 100;
	const percent = numberOption('forged', values.forged, 'a number from 0 to 100', isPercent);
	if (names.length === 0) refuseOptions(`--only takes n8n or zapier, not "${values.only}".`);
	return { count, forgedShare: percent / 100, seed: values.seed };
}

const sent = new Map<string, number>();
let shown = 0;

function showProgress(total: number): void {
	const text = [...sent].map(([name, count]) => `${name} ${count} of ${total}`).join(', ');
	if (process.stderr.isTTY) process.stderr.write(`\r${text}`);
	else if (Date.now() - shown > 5_000) process.stderr.write(`${text}\n`);
	else return;
	shown = Date.now();
}

async function main(): Promise<number> {
	const options = readOptions();
	await buildPackages(root);
	const results = await Promise.all(
		names.map(async (name) => {
			const result = await runFlood(name, root, options, (count) => {
				sent.set(name, count);
				showProgress(options.count);
			});
			return [name, result] as const;
		}),
		// Behind the line that shows the progress.
	).finally(() => process.stderr.write('\n'));
	const machine = `${cpus()[0]?.model ?? 'an unknown processor'}, ${cpus().length} cores`;
	const { out, verdict, isGood } = reportOf(results, machine, values.json);
	process.stdout.write(out);
	// Whoever wants JSON reads it by machine: nothing else may stand there.
	(values.json ? process.stderr : process.stdout).write(verdict);
	return isGood ? 0 : 1;
}

await runCommand(main);
