#!/usr/bin/env node
import { existsSync, globSync, utimesSync } from 'node:fs';
import { join, relative } from 'node:path';

import { showProgram } from '../child.ts';
import { runCommand } from '../command-line.ts';
import { compiler } from '../compiler.ts';

const help = `Checks the types of everything: each folder with a "tsconfig.json".

  npm run typecheck              all of them, in one run of the compiler, which reads what they share once
  npm run typecheck -- FOLDER    those in a folder
  npm run typecheck -- --list    only name them
  npm run typecheck -- --help    this text

Where a folder has a "tsconfig.check.json" that one counts. What did not change since the last run, and uses nothing that
did, is not checked again. Exits 1 if anything is wrong.
`;

const root = join(import.meta.dirname, '../../../..');

function projects(): readonly string[] {
	// Two stars pass no folder whose name begins with a dot.
	return globSync(
		['{shared,packages}/*/**/tsconfig.json', 'packages/site/pages/.*/*/tsconfig.json'],
		{
			cwd: root,
			exclude: (path) => /(^|\/)(node_modules|dist|build|\.cache)$/.test(path),
		},
	)
		.map((path) => path.replace(/json$/, 'check.json'))
		.map((path) => (existsSync(join(root, path)) ? path : path.replace(/check\.json$/, 'json')))
		.sort();
}

/**
 * Makes the compiler compare what files hold with what it noted beside each configuration in its last run. By itself it
 * looks only for files that are newer than its note, and those that npm unpacks, or that are moved here, never are.
 */
function distrustTimes(configurations: readonly string[]): void {
	for (const path of configurations) {
		const note = join(root, path.replace(/json$/, 'tsbuildinfo'));
		if (existsSync(note)) utimesSync(note, 0, 0);
	}
}

async function main(args: readonly string[]): Promise<number> {
	const found = projects();
	if (args[0] === '--list') {
		process.stdout.write(found.map((path) => `${path}\n`).join(''));
		return 0;
	}
	if (args[0] === '--help' || args[0] === '-h') {
		process.stdout.write(help);
		return 0;
	}
	const folder = relative(root, args[0] ?? root);
	const chosen = found.filter((path) => folder === '' || path.startsWith(`${folder}/`));
	if (chosen.length === 0 || args.length > 1) {
		process.stderr.write(`There is nothing to check in ${args.join(' ')}.\n\n${help}`);
		return 1;
	}
	process.stdout.write(`Checking the types of ${chosen.length} folders.\n`);
	distrustTimes(chosen);
	const code = await showProgram(
		process.execPath,
		[compiler, '--build', '--incremental', '--noEmit', '--singleThreaded', ...chosen],
		{ cwd: root },
	);
	if (code === 0) process.stdout.write('All types are right.\n');
	return code === 0 ? 0 : 1;
}

await runCommand(() => main(process.argv.slice(2)));
