#!/usr/bin/env node
import { join, relative } from 'node:path';

import { inBuildTurn } from '../turn.ts';
import { runProgram, showProgram } from '../child.ts';
import { runCommand } from '../command-line.ts';
import { compileCacheIn } from '../compile-cache.ts';
import { directEnvironment } from '../direct.ts';
import { escapeRegExp } from '../escape-reg-exp.ts';
import { reasonsNotRun } from '../not-run.ts';
import { temporaryFolder } from '../temporary.ts';
import { buildsBefore, groupsOf, type TestGroup } from '../test-groups.ts';

const help = `Runs tests of the workspace it is started in, with jest.

  npm test                          those that belong to no group
  npm run test:browser              those below test/browser, where the workspace has such a script
  npm test -- fields -t 'a name'    whatever else is given goes to jest
  npm test -- --help                this text

Builds first what the tests run, where that has changed. Leaves the counts in .test-result.json, or in .test-result.GROUP.json. Exits with jest's code.
`;

const root = join(import.meta.dirname, '../../../..');

/**
 * Tests of a build that is missing fail by the thousand, and those of an old one pass whatever the source says. Below
 * turbo ("npm test" of the whole) it has been built.
 */
async function build(group: TestGroup): Promise<boolean> {
	const tasks = process.env['TURBO_HASH'] === undefined ? buildsBefore(root, group) : [];
	if (tasks.length === 0) return true;
	process.stderr.write(`Building ${tasks.join(' ')}, where it has changed …\n`);
	const args = ['run', ...tasks, '--output-logs=errors-only'];
	const { code, stdout, stderr } = await inBuildTurn(root, () =>
		runProgram('turbo', args, { cwd: root }),
	);
	if (code !== 0) process.stderr.write(stdout + stderr);
	return code === 0;
}

async function main(args: readonly string[]): Promise<number> {
	if (args.includes('--help')) {
		process.stdout.write(help);
		return 0;
	}
	const at = args.indexOf('--group');
	const name = at < 0 ? null : (args[at + 1] ?? '');
	const rest = at < 0 ? args : args.toSpliced(at, 2);
	const groups = groupsOf(root, relative(root, process.cwd()));
	const own = groups.find(({ group }) => group === name);
	if (own === undefined) {
		process.stderr.write(`There is no script "test${name === null ? '' : `:${name}`}" here.\n`);
		return 1;
	}
	if (!(await build(own))) return 1;
	const others = groups.flatMap(({ group }) => (group === null ? [] : [`/test/${group}/`]));
	const choice =
		own.group === null
			? // jest puts its folder into a pattern as it is.
				others.map((path) => `--testPathIgnorePatterns=^${escapeRegExp(process.cwd() + path)}`)
			: [`--roots=<rootDir>/test/${own.group}`];
	// First what was given: jest takes every word behind an option of patterns for one more pattern.
	const given = rest.some((one) => /^(?:-w|--maxWorkers)/.test(one))
		? // The script's own word on processes gives way.
			rest.filter((one) => one !== '--runInBand')
		: rest;
	const flags = [...given, '--json', `--outputFile=${own.result}`, ...choice];
	// A browser and an engine leave folders behind where their test is ended before it can remove them.
	const { path: TMPDIR, remove } = temporaryFolder('memberpass-tests-');
	const code = await showProgram('jest', flags, {
		cwd: process.cwd(),
		env: {
			...directEnvironment(),
			...compileCacheIn(join(root, '.cache/compiled')),
			TMPDIR,
			// Room for objects that die young, which is nearly all of them in tests, saves a tenth of the processor time.
			NODE_OPTIONS: '--max-semi-space-size=32',
		},
	});
	remove();
	for (const line of reasonsNotRun(own.result)) process.stderr.write(`${line}\n`);
	return code;
}

await runCommand(() => main(process.argv.slice(2)));
