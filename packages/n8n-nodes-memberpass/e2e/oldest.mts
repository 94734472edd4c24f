import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import { directEnvironment } from '../../../shared/testing/src/direct.ts';
import { unpack } from './package.mts';
import { given, packageFolder, repoRoot, temporaryFolder } from './stage.mts';

export interface Count {
	readonly passed: number;
	readonly failed: number;
}

/** Tests of the package that run the engine as users do. */
const files = [
	'action',
	'every-operation',
	'examples',
	'inputs',
	'lifecycle',
	'lists',
	'load',
	'recordings',
	'requests',
	'saved-workflows',
	'signatures',
	'subscription',
	'switches',
	'trigger',
	'webhooks',
] as const;

/** What cannot be tried there, and why. */
const leftOut: Readonly<Record<string, string>> = {
	'n8n evaluates no expression there': 'the old engine does not start such a workflow',
	'takes what the agent fills in': 'the old server puts that into another part of the run data',
	'has only parameters that its nodes know': 'the old engine is asked for that in another way',
};

export interface JestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numRuntimeErrorTestSuites: number;
	readonly testResults: readonly {
		readonly name: string;
		readonly message: string;
		readonly assertionResults: readonly { readonly status: string }[];
	}[];
}

/** Runs the tests of the package with the packed package beside the oldest n8n-core that it supports, until told to end. */
export async function runOldest(show: (line: string) => void, signal: AbortSignal): Promise<Count> {
	const folder = temporaryFolder();
	try {
		const report = join(folder.path, 'report.json');
		await jest(besideOldest(folder.path), report, signal);
		for (const [name, reason] of Object.entries(leftOut))
			show(`     left out: ${name} (${reason})`);
		return judge(JSON.parse(readFileSync(report, 'utf8')) as JestReport, files, show);
	} finally {
		folder.remove();
	}
}

/** A folder where the package finds the old n8n and no other. */
function besideOldest(folder: string): string {
	const modules = join(folder, 'node_modules');
	const own = join(modules, 'n8n-nodes-memberpass');
	mkdirSync(modules);
	unpack(given('tarball'), own);
	for (const name of ['n8n-core', 'n8n-workflow', 'reflect-metadata']) {
		symlinkSync(join(given('oldest'), 'node_modules', name), join(modules, name));
	}
	return own;
}

async function jest(own: string, report: string, signal: AbortSignal): Promise<void> {
	const names = Object.keys(leftOut).join('|');
	const args = [
		join(repoRoot, 'node_modules/jest/bin/jest.js'),
		...['--json', `--outputFile=${report}`, '--testNamePattern', `^(?!.*(?:${names}))`],
		// What is judged is what a test finds, not how busy the machine is.
		'--testTimeout=120000',
		...files.map((name) => `test/${name}\\.test`),
	];
	const child = spawn(process.execPath, args, {
		cwd: packageFolder,
		stdio: 'ignore',
		signal,
		env: { ...directEnvironment(), MEMBERPASS_N8N_PACKAGE: own },
	});
	// Failed tests are in the report; without a report, reading it fails.
	await new Promise((done, fail) => child.on('close', done).on('error', fail));
}

/**
 * What the report says, told and counted. jest says nothing of a file that is not there, so one without a passed test
 * fails: it was renamed, or left out whole.
 */
export function judge(
	report: JestReport,
	names: readonly string[],
	show: (line: string) => void,
): Count {
	const silent = new Set(names);
	for (const { name, message, assertionResults } of report.testResults) {
		const passed = assertionResults.filter((one) => one.status === 'passed').length;
		const title = relative(packageFolder, name);
		if (passed > 0 || message !== '') silent.delete(basename(name, '.test.mts'));
		show(message === '' ? `ok   ${title} (${passed} tests)` : `FAIL ${title}\n${message}`);
	}
	for (const name of silent) show(`FAIL test/${name}.test.mts\nNo test of it ran.`);
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests + report.numRuntimeErrorTestSuites + silent.size,
	};
}
