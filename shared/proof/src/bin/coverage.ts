#!/usr/bin/env node
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { mergeProcessCovs, type ProcessCov } from '@bcoe/v8-coverage';
import toIstanbul from 'v8-to-istanbul';

import { buildPackages } from '../build.ts';
import { type FileCoverage, type Istanbul, summarise, wrongWith } from '../coverage.ts';
import { showProgram } from '../../../testing/src/child.ts';
import { parseOptions, refuseOptions, runCommand } from '../../../testing/src/command-line.ts';
import { directEnvironment } from '../../../testing/src/direct.ts';
import { temporaryFolder } from '../../../testing/src/temporary.ts';

const least = 95;

/** What is measured: the protocol, the projections, and what Make's templates are checked with. */
const targets = [
	{
		name: 'protocol',
		workspace: 'shared/protocol',
		files: 'src/**/*.ts',
		outside: null,
		without: [],
	},
	{
		name: 'zapier',
		workspace: 'packages/zapier',
		files: 'src/**/*.ts',
		outside: null,
		// What these run is in processes of their own, or was run by the other files already.
		without: ['test/round-trip', 'test/tools'],
	},
	{
		name: 'n8n',
		workspace: 'packages/n8n-nodes-memberpass',
		files: '',
		// n8n loads what was built with Node's own require, where jest sees nothing.
		outside: 'dist/nodes/runtime',
		without: ['test/e2e', 'test/package', 'test/load'],
	},
	{
		name: 'emitters',
		workspace: 'shared/generate',
		files: 'src/emitters/**/*.ts',
		outside: null,
		// What these run is in processes of their own.
		without: ['test/command'],
	},
	{
		name: 'make',
		workspace: 'packages/make',
		files: 'src/**/*.ts',
		outside: null,
		without: [],
	},
] as const;
type Target = (typeof targets)[number];

const help = `Shows which branches the tests run, file by file.

  npm run coverage                every target
  npm run coverage -- n8n         one of them: ${targets.map((one) => one.name).join(', ')}
  npm run coverage -- --help      this text

Builds the packages, runs the tests of each workspace, and prints the share of branches for each file of the protocol,
of the projections, and of the validator and simulation for Make. A function that no test calls is a branch not taken, and
a file that none loads has none. Exits 1 if a file has less than ${least} %, if there is no file, or if a test fails.
Uncovered lines of the n8n package are those of its built files.
`;

const root = join(import.meta.dirname, '../../../..');
const { positionals } = parseOptions(help, { allowPositionals: true });

async function jest(
	target: Target,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
): Promise<void> {
	const without = target.without.map((path) => `--testPathIgnorePatterns=${path}`);
	const code = await showProgram(
		'jest',
		['--silent', '--runInBand', '--reporters=default', ...without, ...args],
		{
			cwd: join(root, target.workspace),
			stdio: ['ignore', 'ignore', 'inherit'],
			env: { ...directEnvironment(), ...env },
		},
	);
	if (code !== 0) throw new Error(`The tests of ${target.name} failed.`);
}

async function insideJest(target: Target, folder: string): Promise<FileCoverage[]> {
	await jest(
		target,
		[
			'--coverage',
			'--coverageProvider=v8',
			`--collectCoverageFrom=${target.files}`,
			// The tests start these in processes of their own.
			'--collectCoverageFrom=!src/bin/**',
			`--coverageDirectory=${folder}`,
			'--coverageReporters=json',
		],
		{},
	);
	const map = JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')) as Istanbul;
	return summarise(map, join(root, target.workspace));
}

async function outsideJest(target: Target, folder: string, files: string): Promise<FileCoverage[]> {
	const prefix = pathToFileURL(join(root, target.workspace, files)).href;
	await jest(target, [], { NODE_V8_COVERAGE: folder });
	const runs = readdirSync(folder).map((name) => {
		const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessCov;
		return { result: result.filter((script) => script.url.startsWith(prefix)) };
	});
	const found: FileCoverage[] = [];
	const unseen = new Set(globSync(`${files}/**/*.js`, { cwd: join(root, target.workspace) }));
	for (const script of mergeProcessCovs(runs).result) {
		const converter = toIstanbul(new URL(script.url).pathname);
		await converter.load();
		converter.applyCoverage(script.functions);
		found.push(...summarise(converter.toIstanbul(), join(root, target.workspace)));
	}
	for (const { file } of found) unseen.delete(file);
	// A file that no test loads is in no report of V8.
	return [...found, ...[...unseen].map((file) => ({ file, percent: 0, lines: [1] }))];
}

async function measure(target: Target): Promise<boolean> {
	process.stdout.write(`${target.name} …\n`);
	const folder = temporaryFolder('memberpass-coverage-');
	const files =
		target.outside === null
			? await insideJest(target, folder.path)
			: await outsideJest(target, folder.path, target.outside);
	folder.remove();
	for (const { file, percent, lines } of files.sort((a, b) => (a.file < b.file ? -1 : 1))) {
		const where = lines.length === 0 ? '' : `  not taken: ${lines.join(', ')}`;
		process.stdout.write(`  ${percent.toFixed(1).padStart(5)} %  ${file}${where}\n`);
	}
	const wrong = wrongWith(files, least);
	for (const line of wrong) process.stdout.write(`  ${line}\n`);
	return wrong.length === 0;
}

async function main(): Promise<number> {
	const unknown = positionals.filter((name) => !targets.some((one) => one.name === name));
	if (unknown.length > 0) refuseOptions(`There is no target "${unknown.join('", "')}".`);
	await buildPackages(root);
	let enough = true;
	for (const target of targets) {
		if (positionals.length > 0 && !positionals.includes(target.name)) continue;
		enough = (await measure(target)) && enough;
	}
	return enough ? 0 : 1;
}

await runCommand(main);
