#!/usr/bin/env node
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { endWithThis } from '../../../shared/testing/src/child.ts';
import { parseOptions, runCommand } from '../../../shared/testing/src/command-line.ts';
import { reportTo } from '../../../shared/testing/src/figures.ts';
import { directEnvironment } from '../../../shared/testing/src/direct.ts';
import { makeOnce } from '../../../shared/testing/src/make-once.ts';
import type { Row } from './bench.mts';
import type { Comparison } from './measure.mts';
import { reportOf } from './report.mts';

const help = `Runs this package and the vendor's n8n-nodes-memberpass 1.4.0 in the same n8n-core, one after the other,
and prints what each does and how long it takes, as a Markdown table. 1.4.0 is fetched with npm once and kept in .cache (not
committed). Progress is printed to stderr.

  npm run compare:n8n                      about three minutes; build the package first
  npm run compare:n8n -- --json FILE       writes the figures to FILE as well
  npm run compare:n8n -- --help            this text

What is measured, each package in a process of its own:
  loading     both node files, n8n-workflow being there
  delivery    the trigger's own time, median of 20,000; the floor is HMAC, comparison and JSON.parse, taken in turns
  reads       1,000 items, one read each, from a server that answers after 20 ms
  writes      1,000 items, one write each, through a bucket of 300 in 10 s that answers 429 with Retry-After
  rows        one list of 10,000 rows in pages of 100; memory is the heap's peak over its size before
`;

const exec = promisify(execFile);
const repoRoot = join(import.meta.dirname, '../../..');
const ours = join(repoRoot, 'packages/n8n-nodes-memberpass');
const vendorVersion = '1.4.0';

/** Folder of 1.4.0, fetched if it is not there yet. */
async function vendorFolder(): Promise<string> {
	const folder = join(repoRoot, '.cache/compare-n8n');
	const release = `n8n-nodes-memberpass@${vendorVersion}`;
	await makeOnce(folder, release, async (unfinished) => {
		process.stderr.write(`Fetching ${release} into ${folder}\n`);
		const { stdout } = await exec('npm', ['pack', release, '--silent'], { cwd: unfinished });
		await exec('tar', ['-xzf', stdout.trim()], { cwd: unfinished });
	});
	return join(folder, 'package');
}

/** Runs measure.mts and passes on what it says of its progress. */
async function compare(name: string, folder: string, typeVersion: number): Promise<Comparison> {
	const child = endWithThis(
		spawn(
			process.execPath,
			[
				'--expose-gc',
				'--disable-warning=ExperimentalWarning',
				join(import.meta.dirname, 'measure.mts'),
				repoRoot,
				folder,
				String(typeVersion),
			],
			{ stdio: ['ignore', 'pipe', 'pipe'], env: directEnvironment() },
		),
	);
	let written = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		process.stderr.write(text.replace(/^(?=.)/gm, `${name}  `));
	});
	const code = await new Promise<number | null>((done, fail) => {
		child.on('error', fail).on('close', done);
	});
	if (code !== 0) throw new Error(`Comparing ${name} ended with code ${code}.`);
	return JSON.parse(written.trim().split('\n').at(-1) ?? '') as Comparison;
}

type Line = readonly [string, string, string];

/** Rows of both beside each other. */
function beside(own: readonly Row[], theirs: readonly Row[]): readonly Line[] {
	return own.map(({ name, text }) => {
		const their = theirs.find((row) => row.name === name)?.text ?? '';
		return [name, text, their];
	});
}

function markdown(lines: readonly Line[]): string {
	const widths = [0, 1, 2].map((column) =>
		Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
	);
	const rule = widths.map((width) => '-'.repeat(width));
	const [head, ...rest] = lines.map((cells) =>
		cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)),
	);
	return [head ?? [], rule, ...rest].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		options: { json: { type: 'string' } },
	});
	const save = reportTo(values.json);
	if (!existsSync(join(ours, 'dist'))) throw new Error('Build the package first: npm run build.');
	const { version } = JSON.parse(readFileSync(join(ours, 'package.json'), 'utf8')) as {
		readonly version: string;
	};
	const theirFolder = await vendorFolder();
	const own = await compare(version, ours, 2);
	const theirs = await compare(vendorVersion, theirFolder, 1);
	const head: Line = ['', version, vendorVersion];
	process.stdout.write(markdown([head, ...beside(own.behaviour, theirs.behaviour)]));
	process.stdout.write(`\n${markdown([head, ...beside(own.figures, theirs.figures)])}`);
	save(reportOf(own, theirs));
	return 0;
}

await runCommand(main);
