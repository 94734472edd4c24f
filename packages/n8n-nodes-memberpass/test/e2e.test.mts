import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runProgram } from '../../../shared/testing/src/child.ts';
import { hasEnded } from '../../../shared/testing/src/ended.ts';
import { runNode } from '../../../shared/testing/src/in-tests.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../shared/testing/src/temporary.ts';
import { install } from '../e2e/install.mts';
import { judge } from '../e2e/oldest.mts';

/** The command around the end-to-end tests; the tests themselves need gigabytes and run with `npm run e2e:n8n`. */
const command = async (...args: readonly string[]) =>
	await runNode(['--disable-warning=ExperimentalWarning', 'e2e/main.mts', ...args]);

test('the end-to-end command says what it does, and installs nothing to say it', async () => {
	const { code, stdout } = await command('--help');
	expect(code).toBe(0);
	expect(stdout).toContain('npm run e2e:n8n -- --only server');
	expect(stdout).toContain('127.0.0.1 only');
});

test.each([
	[['--only', 'nothing'], 'There is no part "nothing". There are: server'],
	[['--onyl', 'server'], "Unknown option '--onyl'"],
])('the end-to-end command refuses %p', async (args, message) => {
	const { code, stderr } = await command(...args);
	expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});

test('a file of tests that did not run in the oldest n8n is a failure: jest says nothing of one that is not there', () => {
	const shown: string[] = [];
	const ran = (name: string, status: string, message = '') => ({
		name: join(process.cwd(), 'test', `${name}.test.mts`),
		message,
		assertionResults: [{ status }, { status: 'pending' }],
	});
	const report = {
		numPassedTests: 1,
		numFailedTests: 1,
		numRuntimeErrorTestSuites: 0,
		testResults: [
			ran('trigger', 'passed'),
			ran('lists', 'failed', '● lists'),
			ran('load', 'pending'),
		],
	};
	const names = ['trigger', 'lists', 'load', 'renamed'];
	expect(judge(report, names, (line) => shown.push(line))).toEqual({ passed: 1, failed: 3 });
	expect(shown).toEqual([
		'ok   test/trigger.test.mts (1 tests)',
		'FAIL test/lists.test.mts\n● lists',
		'ok   test/load.test.mts (0 tests)',
		'FAIL test/load.test.mts\nNo test of it ran.',
		'FAIL test/renamed.test.mts\nNo test of it ran.',
	]);
});

/** Runs a script in a process of its own, in the folder of the package. */
const script = async (lines: string) =>
	await runNode(['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', lines]);

test('the end-to-end command is ended by a signal in one way only: its own', async () => {
	const { stdout } = await script(`
		await import('./e2e/oldest.mts');
		console.log(process.listenerCount('SIGINT'), process.listenerCount('SIGTERM'));
	`);
	expect(stdout).toBe('0 0\n');
});

test.each(['SIGINT', 'SIGTERM'])(
	'programs of end-to-end tests are ended with them by %s',
	async (signal) => {
		const { code, stdout } = await script(`
		const { startChild } = await import('./e2e/children.mts');
		const child = startChild('sh', ['-c', 'echo $$; exec sleep 600'], { logFile: '/dev/null' });
		while (child.log() === '') await new Promise((next) => setTimeout(next, 5));
		console.log(child.log());
		process.kill(process.pid, '${signal}');
		await new Promise(() => setTimeout(() => {}, 60_000));
	`);
		expect([code, stdout]).toEqual([1, expect.stringMatching(/^\d+\s*$/)]);
		expect(await hasEnded(Number(stdout))).toBe(true);
	},
);

describe('an installation on demand', () => {
	let folder: TemporaryFolder;
	/** Holds the one installation that the tests begin with, each with a copy. */
	let installed: string;
	let cache: string;
	const firstNotes: string[] = [];
	const notes: string[] = [];
	const wanted = () => ({
		name: 'thing',
		packages: { thing: `file:${join(folder.path, 'thing-1.0.0.tgz')}` },
		rebuild: [],
	});
	beforeAll(async () => {
		folder = temporaryFolder('memberpass-install-');
		const source = join(folder.path, 'thing');
		mkdirSync(source);
		writeFileSync(
			join(source, 'package.json'),
			JSON.stringify({ name: 'thing', version: '1.0.0', scripts: { install: 'touch ran' } }),
		);
		await runProgram('npm', ['pack', '--silent', '--pack-destination', folder.path], {
			cwd: source,
			env: { ...process.env, NODE_OPTIONS: '' },
		});
		installed = join(folder.path, 'installed');
		await install(installed, wanted(), (line) => firstNotes.push(line));
	});
	afterAll(() => folder.remove());
	let tests = 0;
	beforeEach(() => {
		cache = join(folder.path, `cache-${++tests}`);
		cpSync(installed, cache, { recursive: true, verbatimSymlinks: true });
	});
	afterEach(() => notes.splice(0));
	const note = (line: string): void => void notes.push(line);

	test('installs what is missing, without install scripts, and leaves nothing unfinished', () => {
		const modules = join(installed, 'thing/node_modules/thing');
		expect(existsSync(join(modules, 'package.json'))).toBe(true);
		expect(existsSync(join(modules, 'ran'))).toBe(false);
		expect(readdirSync(installed)).toEqual(['thing']);
		expect(firstNotes[0]).toBe('installing thing …');
	});

	test('does not install again what is whole', async () => {
		await install(cache, wanted(), note);
		expect(notes).toEqual([]);
	});

	test('does not use one that was broken off: it installs anew', async () => {
		rmSync(join(cache, 'thing/.complete.json'));
		rmSync(join(cache, 'thing/node_modules/thing'), { recursive: true });
		const made = await install(cache, wanted(), note);
		expect(existsSync(join(made, 'node_modules/thing/package.json'))).toBe(true);
	});

	test('leaves nothing behind where npm fails, and says what npm said', async () => {
		const missing = {
			name: 'other',
			packages: { other: `file:${folder.path}/missing.tgz` },
			rebuild: [],
		};
		await expect(install(cache, missing, note)).rejects.toThrow(/npm install .* failed[^]*missing/);
		expect(readdirSync(cache)).toEqual(['thing']);
	});
});
