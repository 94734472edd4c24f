#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runProgram } from '../../../testing/src/child.ts';
import { parseOptions, runCommand } from '../../../testing/src/command-line.ts';
import { putBackAtEnd } from '../../../testing/src/temporary.ts';

const help = `Measures how long the tests take after a change of one file, with turbo's cache.

  npm run bench:tests                every workspace
  npm run bench:tests -- NAME...     these, for example memberpass-zapier
  npm run bench:tests -- --help      this text

Runs everything once, so that turbo has it; then, for each workspace, adds a comment to a source file, runs the tests of
that workspace and the tests of everything, and puts the file back. Leave the machine alone meanwhile: about 15 minutes.
Prints a table. Exits 1 if a test fails, or if the checkout has changes that are not committed.
`;

/** The source that is changed in each workspace: one that much of it uses. */
const sources = new Map([
	['@memberpass/catalogue', 'shared/catalogue/src/schema.ts'],
	['@memberpass/protocol', 'shared/protocol/src/request.ts'],
	['@memberpass/generate', 'shared/generate/src/files.ts'],
	['@memberpass/testing', 'shared/testing/src/fixtures.ts'],
	['@memberpass/proof', 'shared/proof/src/run-child.ts'],
	['@memberpass/recorder', 'shared/recorder/src/walk.ts'],
	['@memberpass/release', 'shared/release/src/surface.ts'],
	['memberpass-zapier', 'packages/zapier/src/triggers.ts'],
	['n8n-nodes-memberpass', 'packages/n8n-nodes-memberpass/nodes/runtime/execute.ts'],
	['memberpass-make', 'packages/make/src/simulate.ts'],
	['memberpass-sandbox', 'packages/sandbox/src/server.ts'],
	['memberpass-site', 'packages/site/src/markdown.ts'],
]);

const root = join(import.meta.dirname, '../../../..');
const note = (text: string): void => void process.stderr.write(text);

interface Run {
	readonly seconds: number;
	/** The last line: "N passed, N failed". */
	readonly counts: string;
}

/** @throws Error with the end of what was said, where a test fails. */
async function runTests(...args: readonly string[]): Promise<Run> {
	const start = performance.now();
	const { code, stdout, stderr } = await runProgram('npm', ['test', '--', ...args], {
		cwd: root,
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	const seconds = Math.round((performance.now() - start) / 1000);
	if (code !== 0) throw new Error(`${stdout}${stderr}`.slice(-10_000));
	return { seconds, counts: stdout.trim().split('\n').at(-1) ?? '' };
}

/**
 * The n8n package carries a copy of the protocol, and its tests fail where that is another.
 *
 * @throws Error with what went wrong.
 */
function regenerate(path: string): void {
	if (!path.startsWith('shared/protocol/')) return;
	const { status, stderr } = spawnSync('npm', ['run', 'generate'], { cwd: root, encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
}

/** Changes a file, runs, and puts it back. */
async function touched(path: string, ...args: readonly string[]): Promise<Run> {
	const before = readFileSync(join(root, path));
	// Not "finally" alone: Ctrl-C would leave somebody's source changed.
	const putBack = putBackAtEnd(() => {
		writeFileSync(join(root, path), before);
		regenerate(path);
	});
	try {
		// Turbo may know an earlier change: this one is new.
		appendFileSync(join(root, path), `// ${String(Date.now())}\n`);
		regenerate(path);
		return await runTests(...args);
	} finally {
		putBack();
	}
}

async function measure(names: readonly string[]): Promise<void> {
	note('everything, so that it is cached …\n');
	await runTests();
	const rows: string[] = [];
	for (const name of names) {
		const path = sources.get(name) ?? '';
		note(`${path} …\n`);
		const own = await touched(path, `--filter=${name}`);
		const all = await touched(path);
		rows.push(`| ${path} | ${own.seconds} s, ${own.counts} | ${all.seconds} s, ${all.counts} |\n`);
	}
	process.stdout.write(
		`| changed | tests of its workspace | tests of everything |\n| --- | --- | --- |\n${rows.join('')}`,
	);
}

async function main(): Promise<number> {
	const { positionals } = parseOptions(help, { allowPositionals: true });
	const unknown = positionals.filter((name) => !sources.has(name));
	if (unknown.length > 0) {
		note(`${unknown.join(', ')}: not one of ${[...sources.keys()].join(', ')}.\n`);
		return 1;
	}
	const changes = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' });
	if (changes.status !== 0) {
		note(
			`Git has to say first that no file has changes: ${changes.error?.message ?? changes.stderr}\n`,
		);
		return 1;
	}
	if (changes.stdout !== '') {
		note(`Commit or stash first: files are changed and put back.\n${changes.stdout}`);
		return 1;
	}
	await measure(positionals.length > 0 ? positionals : [...sources.keys()]);
	return 0;
}

await runCommand(main);
