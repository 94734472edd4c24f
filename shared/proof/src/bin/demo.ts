#!/usr/bin/env node
import { join } from 'node:path';

import { buildPackages, prepare, requireBuilds } from '../build.ts';
import { runChild } from '../run-child.ts';
import type { Announcement, Outcome } from '../demo/outcome.ts';
import { isGood, summary } from '../demo/table.ts';
import { parseOptions, runCommand } from '../../../testing/src/command-line.ts';

const help = `Sends every event and every operation through all three platforms, offline.

  npm run demo                       generate, build, then send everything through every platform
  npm run demo -- --only WORD        only fixtures whose type or operation contains WORD (may be repeated)
  npm run demo -- --no-build         use what is built already
  npm run demo -- --json             print the outcomes as JSON lines instead of the table
  npm run demo -- --help             this text

Every fixture delivery is signed now and sent through the built Zapier app (real core, on Node 22, Zapier's runtime),
the built n8n trigger (real n8n-core) and the Make templates (in a simulation: Make has no engine that runs here).
Every operation runs through all three against its recordings. Forged deliveries and refused writes are part of it
and must be refused. Exits 1 if anything failed.
`;

const { values: options } = parseOptions(help, {
	options: {
		only: { type: 'string', multiple: true, default: [] },
		build: { type: 'boolean', default: true },
		json: { type: 'boolean', default: false },
	},
	allowNegative: true,
});

const root = join(import.meta.dirname, '../../../..');
const note = (text: string): void => {
	process.stderr.write(text);
};

const totals = new Map<string, number>();
const outcomes: Outcome[] = [];
let shown = 0;

/** A line every two seconds, or one line that moves on a terminal. */
function showProgress(): void {
	const total = [...totals.values()].reduce((sum, one) => sum + one, 0);
	const text = `${outcomes.length} of ${total} sent`;
	if (process.stderr.isTTY) note(`\r${text}`);
	else if (Date.now() - shown > 2_000) note(`${text}\n`);
	else return;
	shown = Date.now();
}

/** Runs one platform in a process of its own. Resolves with what went wrong, or null. */
async function runPlatform(platform: Outcome['platform']): Promise<string | null> {
	let errors = '';
	const code = await runChild(root, {
		platform,
		script: `demo/${platform}.ts`,
		args: [root, ...options.only],
		onErrorLine: (line) => (errors += `${line}\n`),
		onLine(line) {
			if (!line.startsWith('{"platform"')) return;
			const message = JSON.parse(line) as Outcome | Announcement;
			if ('total' in message) {
				totals.set(platform, message.total);
				note(`${platform}: ${message.engine}\n`);
			} else outcomes.push(message);
			showProgress();
		},
	});
	const done = outcomes.filter((one) => one.platform === platform).length;
	if (code === 0 && done === totals.get(platform)) return null;
	return `${platform} stopped after ${done} outcomes.\n${errors}`;
}

async function main(): Promise<number> {
	const start = Date.now();
	if (options.build) {
		await prepare(root, 'generating', 'node', ['shared/generate/src/main.ts']);
		await buildPackages(root);
	} else requireBuilds(root);
	const broken = await Promise.all((['zapier', 'n8n', 'make'] as const).map(runPlatform));
	note(`\r${outcomes.length} sent in ${Math.round((Date.now() - start) / 1000)} s\n`);
	const faults = broken.filter((one) => one !== null);
	for (const fault of faults) note(`${fault}\n`);
	process.stdout.write(
		options.json
			? outcomes.map((one) => `${JSON.stringify(one)}\n`).join('')
			: summary(outcomes, faults.length),
	);
	if (outcomes.length === 0) note('Nothing was sent. Check --only.\n');
	return isGood(outcomes, faults.length) ? 0 : 1;
}

await runCommand(main);
