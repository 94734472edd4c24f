#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { buildPackages, prepare, requireBuilds } from '../build.ts';
import type { Announcement, Outcome } from '../demo/outcome.ts';
import { summary } from '../demo/table.ts';
import { directEnvironment } from '../direct.ts';
import { endWithThis } from '../../../testing/src/child.ts';
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
const demo = join(root, 'shared/proof/src/demo');
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

/** Runs one platform in a process of its own, on its own runtime. Resolves with what went wrong, or null. */
function runPlatform(platform: string, node: string): Promise<string | null> {
	return new Promise((resolve) => {
		const child = endWithThis(
			spawn(
				node,
				[
					'--disable-warning=ExperimentalWarning',
					join(demo, `${platform}.ts`),
					root,
					...options.only,
				],
				{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: directEnvironment() },
			),
		);
		let errors = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
		createInterface({ input: child.stdout }).on('line', (line) => {
			if (!line.startsWith('{"platform"')) return;
			const message = JSON.parse(line) as Outcome | Announcement;
			if ('total' in message) {
				totals.set(platform, message.total);
				note(`${platform}: ${message.engine}\n`);
			} else outcomes.push(message);
			showProgress();
		});
		child.on('error', (error) => resolve(error.message));
		child.on('close', (code) => {
			const done = outcomes.filter((one) => one.platform === platform).length;
			const complete = totals.has(platform) && done === totals.get(platform);
			resolve(
				code === 0 && complete ? null : `${platform} stopped after ${done} outcomes.\n${errors}`,
			);
		});
	});
}

async function main(): Promise<number> {
	const start = Date.now();
	if (options.build) {
		await prepare(root, 'generating', 'node', ['shared/generate/src/main.ts']);
		await buildPackages(root);
	} else requireBuilds(root);
	const broken = await Promise.all([
		runPlatform('zapier', join(root, 'node_modules/node22/bin/node')),
		runPlatform('n8n', process.execPath),
		runPlatform('make', process.execPath),
	]);
	note(`\r${outcomes.length} sent in ${Math.round((Date.now() - start) / 1000)} s\n`);
	process.stdout.write(
		options.json ? outcomes.map((one) => `${JSON.stringify(one)}\n`).join('') : summary(outcomes),
	);
	const faults = broken.filter((one) => one !== null);
	for (const fault of faults) note(`${fault}\n`);
	if (outcomes.length === 0) note('Nothing was sent. Check --only.\n');
	return faults.length === 0 && outcomes.length > 0 && outcomes.every((one) => one.fault === null)
		? 0
		: 1;
}

await runCommand(main);
