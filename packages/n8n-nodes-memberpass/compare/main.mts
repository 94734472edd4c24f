#!/usr/bin/env node
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';

import type { Measurements } from './measure.mts';

const help = `Runs this package and the vendor's n8n-nodes-memberpass 1.4.0 in the same n8n-core, one after the other,
and prints what each does and takes. 1.4.0 is fetched with npm once and kept in .cache (not committed).

  npm run compare:n8n            about two minutes; build the package first
  npm run compare:n8n -- --json  the same as JSON
  npm run compare:n8n -- --help  this text

What is measured, each package in a process of its own:
  delivery    the trigger alone, median of 2,000; the floor is HMAC, comparison and JSON.parse
  reads       1,000 items, one read each, from a server that answers after 20 ms
  writes      1,000 items, one write each, through a bucket of 300 in 10 s that answers 429 with Retry-After
  rows        one list of 10,000 rows in pages of 100
`;

const exec = promisify(execFile);
const repoRoot = join(import.meta.dirname, '../../..');
const ours = join(repoRoot, 'packages/n8n-nodes-memberpass');
const release = 'n8n-nodes-memberpass@1.4.0';

/** Folder of 1.4.0, fetched if it is not there yet. */
async function vendorFolder(): Promise<string> {
	const folder = join(repoRoot, '.cache/compare-n8n');
	const unpacked = join(folder, 'package');
	if (existsSync(join(unpacked, 'package.json'))) return unpacked;
	mkdirSync(folder, { recursive: true });
	const { stdout } = await exec('npm', ['pack', release, '--silent'], { cwd: folder });
	await exec('tar', ['-xzf', stdout.trim()], { cwd: folder });
	return unpacked;
}

async function measure(folder: string, typeVersion: number): Promise<Measurements> {
	const { stdout } = await exec(
		process.execPath,
		[
			'--disable-warning=ExperimentalWarning',
			join(import.meta.dirname, 'measure.mts'),
			repoRoot,
			folder,
			String(typeVersion),
		],
		{ maxBuffer: 10_000_000 },
	);
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measurements;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const rows: readonly (readonly [string, (one: Measurements) => string])[] = [
	['Delivery without a signature', (one) => one.unsigned],
	['Delivery with a forged signature', (one) => one.forged],
	[
		'One signed delivery',
		(one) =>
			`${one.deliveryUs.toFixed(0)} µs (${(one.deliveryUs / one.floorUs).toFixed(1)} × the floor)`,
	],
	['Create a plan in the sandbox', (one) => one.plan],
	['A list of 250 rows, paged as documented', (one) => `${one.pagedRows} rows`],
	[
		'10,000 rows',
		({ rows: { count, requests, ms, heapMb } }) =>
			`${count} in ${requests} requests, ${seconds(ms)}, ${heapMb.toFixed(0)} MB`,
	],
	['1,000 reads at 20 ms', ({ reads }) => `${reads.count} in order, ${seconds(reads.ms)}`],
	[
		'1,000 writes, 300 in 10 s',
		({ writes }) =>
			`${writes.succeeded} done, ${writes.duplicates} twice, ${seconds(writes.ms)} (bucket: ${seconds(writes.leastMs)})`,
	],
	['Description of the action node', (one) => `${(one.descriptionBytes / 1_000).toFixed(0)} kB`],
	['Loading both nodes', (one) => `${one.loadMs.toFixed(0)} ms`],
];

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			help: { type: 'boolean', default: false },
			json: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	if (!existsSync(join(ours, 'dist'))) throw new Error('Build the package first: npm run build.');
	const { version } = JSON.parse(readFileSync(join(ours, 'package.json'), 'utf8')) as {
		readonly version: string;
	};
	const theirFolder = await vendorFolder();
	const own = await measure(ours, 2);
	const theirs = await measure(theirFolder, 1);
	if (values.json) {
		process.stdout.write(`${JSON.stringify({ [version]: own, '1.4.0': theirs }, null, '\t')}\n`);
		return;
	}
	const table = [
		['', version, '1.4.0'],
		...rows.map(([name, write]) => [name, write(own), write(theirs)]),
	];
	const widths = [0, 1, 2].map((column) =>
		Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
	);
	for (const cells of table) {
		const line = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
		process.stdout.write(`${line.trimEnd()}\n`);
	}
}

await main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
