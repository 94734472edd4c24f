#!/usr/bin/env node
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { inBuildTurn, inTurn } from '../turn.ts';
import { type Ran, runProgram, showProgram } from '../child.ts';
import { runCommand } from '../command-line.ts';
import { reasonsNotRun } from '../not-run.ts';
import { allGroups, type TestGroup } from '../test-groups.ts';

const help = `Runs every check that must pass before a commit, and counts the results.

  npm test                      all workspaces
  npm test -- --filter=NAME     one workspace (any option of "turbo run" works)
  npm test -- --force           without turbo's cache
  npm run test:hostile          the tests alone, twice, each time in another order, time zone and language
  npm test -- --help            this text

The tests of each workspace, among them that generated files are up to date, and of the whole: types, lint and format;
all cached by turbo. Ends in what was not run here and why, and in one line "N passed, N failed"; exits 1 if anything failed.
`;

const root = join(import.meta.dirname, '../../../..');
const groups = allGroups(root);
const scripts = [...new Set(groups.map(({ script }) => script))];

/**
 * Where a test that means UTC, the Gregorian calendar, ASCII digits or English letters without saying so breaks: a zone
 * off the hour, "i" whose capital is "İ"; a zone with a quarter and summer time, another calendar and other digits.
 */
const hostile = [
	{ TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' },
	{ TZ: 'Pacific/Chatham', LC_ALL: 'fa_IR.UTF-8', LANG: 'fa_IR.UTF-8' },
];

/** As many workspaces as there are cores; each tests in two processes, so that one that waits leaves room. */
const concurrency = '--concurrency=100%';

/** What is checked beside the tests: types and our lint by workspace. n8n's own lint is a test of the n8n package. */
const checksBeside = ['//#format:check', 'check:own'];

interface Count {
	readonly passed: number;
	readonly failed: number;
}

/** What turbo is asked for; a task that fails keeps no other from running. */
const turbo = (tasks: readonly string[], options: readonly string[]): readonly string[] => [
	'run',
	...tasks,
	'--continue=always',
	'--output-logs=new-only',
	...options,
];

/** Runs the tests with their output shown. True if all passed. */
async function test(
	title: string,
	options: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
	process.stdout.write(`\n== ${title}\n`);
	const args = turbo(scripts, [concurrency, ...options]);
	const code = await showProgram('turbo', args, { cwd: root, env: { ...process.env, ...env } });
	if (code !== 0) process.stdout.write(`== ${title}: FAILED\n`);
	return code === 0;
}

/**
 * Builds before the tests do, in turn: for the minutes that they take, others need not wait. What cannot be built fails
 * again in the tests, where it is shown.
 *
 * @returns false where turbo takes no such options, which it says.
 */
async function buildFirst(args: readonly string[]): Promise<boolean> {
	const plan = ['run', ...scripts, ...args, '--dry=json'];
	const { code, stdout, stderr } = await runProgram('turbo', plan, { cwd: root });
	if (code !== 0) {
		process.stderr.write(`${stderr}See "npm test -- --help".\n`);
		return false;
	}
	const { tasks } = JSON.parse(stdout) as {
		readonly tasks: readonly Readonly<Record<'taskId' | 'task' | 'command', string>>[];
	};
	const builds = tasks
		// Turbo also plans those of workspaces that have nothing to build.
		.filter(({ task, command }) => task === 'build' && command !== '<NONEXISTENT>')
		.map(({ taskId }) => taskId);
	if (builds.length === 0) return true;
	process.stderr.write('Building what has changed …\n');
	await inBuildTurn(root, () => runProgram('turbo', ['run', ...builds], { cwd: root }));
	return true;
}

/** A test file that could not even be loaded counts as one failure. */
function read({ workspace, script, result }: TestGroup): Count {
	try {
		const counts = JSON.parse(readFileSync(join(root, workspace, result), 'utf8')) as {
			numPassedTests: number;
			numFailedTests: number;
			numRuntimeErrorTestSuites: number;
		};
		return {
			passed: counts.numPassedTests,
			failed: counts.numFailedTests + counts.numRuntimeErrorTestSuites,
		};
	} catch {
		process.stdout.write(`"${script}" of ${workspace} left no test result.\n`);
		return { passed: 0, failed: 1 };
	}
}

/** A result of an earlier run must not be counted again; turbo puts cached ones back. */
function forget(): void {
	for (const { workspace, result } of groups)
		rmSync(join(root, workspace, result), { force: true });
}

/** Of all groups, or, where only some were to run, of those that did. */
function count(filtered: boolean): Count {
	const counts = groups
		.filter(({ workspace, result }) => !filtered || existsSync(join(root, workspace, result)))
		.map(read);
	return {
		passed: counts.reduce((sum, one) => sum + one.passed, 0),
		failed: counts.reduce((sum, one) => sum + one.failed, 0),
	};
}

/** Says of each workspace what was not run here, and why. */
function tellNotRun(): void {
	const lines = groups.flatMap(({ workspace, result }) =>
		reasonsNotRun(join(root, workspace, result)).map((line) => `${workspace}: ${line}`),
	);
	if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** Prints the last line. Failed checks count where all tests passed: a failure of types or lint is never swallowed. */
function conclude({ passed, failed: failedTests }: Count, checks: readonly boolean[]): number {
	const failed = failedTests > 0 ? failedTests : checks.filter((ok) => !ok).length;
	process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
	return failed === 0 ? 0 : 1;
}

/** The tests alone, in each hostile place; jest draws another order each time. */
async function runHostile(args: readonly string[]): Promise<number> {
	const filtered = args.some((arg) => arg.startsWith('--filter'));
	const checks: boolean[] = [];
	const sum = { passed: 0, failed: 0 };
	for (const env of hostile) {
		forget();
		const title = `tests, TZ=${env.TZ} LC_ALL=${env.LC_ALL}`;
		checks.push(await test(title, ['--force', ...args], env));
		const { passed, failed } = count(filtered);
		sum.passed += passed;
		sum.failed += failed;
	}
	return conclude(sum, checks);
}

async function main(args: readonly string[]): Promise<number> {
	if (args.includes('--help') || args.includes('-h')) {
		process.stdout.write(help);
		return 0;
	}
	// Two at once would count each other's results.
	return await inTurn(join(root, '.cache/test.pid'), 'running the tests here', () =>
		args.includes('--hostile')
			? runHostile(args.filter((arg) => arg !== '--hostile'))
			: runAll(args),
	);
}

async function runAll(args: readonly string[]): Promise<number> {
	const filtered = args.some((arg) => arg.startsWith('--filter'));
	// They need no build, which leaves a core free, so they do not wait for it. What they say is shown after the tests:
	// among lines of those nobody would see it.
	const checked = runProgram('turbo', turbo(checksBeside, ['--concurrency=1', ...args]), {
		cwd: root,
	});
	// It is told of below; a failure that comes before would end everything with a trace.
	checked.catch(() => undefined);
	// Without the cache it would be built twice.
	if (!args.includes('--force') && !(await buildFirst(args))) return 1;
	forget();
	const tested = await test('tests', args);
	const checks = [tested, await tellChecks(checked)];
	tellNotRun();
	return conclude(count(filtered), checks);
}

async function tellChecks(checked: Promise<Ran>): Promise<boolean> {
	const title = '== types, lint and format';
	process.stdout.write(`\n${title}\n`);
	const { code, stdout, stderr } = await checked;
	process.stdout.write(`${stdout}${stderr}${code === 0 ? '' : `${title}: FAILED\n`}`);
	return code === 0;
}

await runCommand(() => main(process.argv.slice(2)));
