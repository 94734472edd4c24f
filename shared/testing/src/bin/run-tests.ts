#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const help = `Runs everything that must hold before a commit, and counts it.

  npm test                      all workspaces
  npm test -- --filter=NAME     one workspace (any option of "turbo run" works)
  npm test -- --force           without turbo's cache
  npm test -- --help            this text

In turn: the tests, types and lint of each workspace (cached by turbo), the lint and format of the whole, and the
check that generated files are up to date. Ends in one line "N passed, N failed" and exits 1 if anything failed.
`;

const root = join(import.meta.dirname, '../../../..');
const resultName = '.test-result.json';

interface Count {
	readonly passed: number;
	readonly failed: number;
}

function workspaces(): readonly string[] {
	return ['shared', 'packages'].flatMap((group) =>
		readdirSync(join(root, group), { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map((entry) => join(root, group, entry.name)),
	);
}

function scriptsOf(workspace: string): Readonly<Record<string, string>> {
	const text = readFileSync(join(workspace, 'package.json'), 'utf8');
	return (JSON.parse(text) as { scripts?: Record<string, string> }).scripts ?? {};
}

/** Runs a command with its output shown. True if it exited with 0. */
function run(title: string, command: string, args: readonly string[]): boolean {
	process.stdout.write(`\n== ${title}\n`);
	const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
	if (status !== 0) process.stdout.write(`== ${title}: FAILED\n`);
	return status === 0;
}

/** A test file that could not even be loaded counts as one failure. */
function read(workspace: string): Count {
	try {
		const result = JSON.parse(readFileSync(join(workspace, resultName), 'utf8')) as {
			numPassedTests: number;
			numFailedTests: number;
			numRuntimeErrorTestSuites: number;
		};
		return {
			passed: result.numPassedTests,
			failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
		};
	} catch {
		process.stdout.write(`${workspace} left no test result.\n`);
		return { passed: 0, failed: 1 };
	}
}

function main(args: readonly string[]): number {
	if (args.includes('--help')) {
		process.stdout.write(help);
		return 0;
	}
	const filtered = args.some((arg) => arg.startsWith('--filter'));
	// A result of an earlier run must not be counted again; turbo puts cached ones back.
	for (const workspace of workspaces()) rmSync(join(workspace, resultName), { force: true });
	const checks = [
		run('tests, types and lint of each workspace', 'turbo', [
			'run',
			'test',
			'typecheck',
			'lint',
			'--continue=always',
			'--output-logs=new-only',
			...args,
		]),
		...(filtered
			? []
			: [
					run('lint', 'eslint', ['.', '--cache', '--cache-location', '.cache/eslint/']),
					run('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
					run('generated files', 'node', ['shared/generate/src/main.ts', '--check']),
				]),
	];
	const tested = workspaces().filter((workspace) => scriptsOf(workspace)['test'] !== undefined);
	const counts = filtered ? [] : tested.map(read);
	const passed = counts.reduce((sum, count) => sum + count.passed, 0);
	const failedTests = counts.reduce((sum, count) => sum + count.failed, 0);
	const failedChecks = checks.filter((ok) => !ok).length;
	// A failed turbo run whose tests all passed is a failure of types or lint: never swallow it.
	const failed = failedTests > 0 ? failedTests : failedChecks;
	process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
	return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
