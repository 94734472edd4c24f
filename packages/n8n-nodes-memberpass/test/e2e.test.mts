import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasEnded } from '../../../shared/testing/src/ended.ts';
import { install } from '../e2e/install.mts';
import { judge } from '../e2e/oldest.mts';

/** The command around the end-to-end tests; the tests themselves need gigabytes and run with `npm run e2e:n8n`. */
const command = (...args: readonly string[]) => {
	const { status, stdout, stderr } = spawnSync(process.execPath, ['e2e/main.mts', ...args], {
		encoding: 'utf8',
		env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
	});
	return { status, stdout, stderr };
};

test('the end-to-end command says what it does, and installs nothing to say it', () => {
	const { status, stdout } = command('--help');
	expect(status).toBe(0);
	expect(stdout).toContain('npm run e2e:n8n -- --only server');
	expect(stdout).toContain('127.0.0.1 only');
});

test.each([
	[['--only', 'nothing'], 'There is no part "nothing". There are: server'],
	[['--onyl', 'server'], "Unknown option '--onyl'"],
])('the end-to-end command refuses %p', (args, message) => {
	const { status, stderr } = command(...args);
	expect([status, stderr.includes(message)]).toEqual([1, true]);
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
const script = (lines: string) =>
	spawnSync(process.execPath, ['--input-type=module', '--eval', lines], {
		encoding: 'utf8',
		env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
	});

test('the end-to-end command is ended by a signal in one way only: its own', () => {
	const { stdout } = script(`
		await import('./e2e/oldest.mts');
		console.log(process.listenerCount('SIGINT'), process.listenerCount('SIGTERM'));
	`);
	expect(stdout).toBe('0 0\n');
});

test.each(['SIGINT', 'SIGTERM'])(
	'programs of end-to-end tests are ended with them by %s',
	async (signal) => {
		const { status, stdout } = script(`
		const { startChild } = await import('./e2e/children.mts');
		const child = startChild('sh', ['-c', 'echo $$; exec sleep 600'], { logFile: '/dev/null' });
		while (child.log() === '') await new Promise((next) => setTimeout(next, 5));
		console.log(child.log());
		process.kill(process.pid, '${signal}');
		await new Promise(() => setTimeout(() => {}, 60_000));
	`);
		expect([status, stdout]).toEqual([1, expect.stringMatching(/^\d+\s*$/)]);
		expect(await hasEnded(Number(stdout))).toBe(true);
	},
);

describe('an installation on demand', () => {
	let folder: string;
	let cache: string;
	const notes: string[] = [];
	const wanted = () => ({
		name: 'thing',
		packages: { thing: `file:${join(folder, 'thing-1.0.0.tgz')}` },
		rebuild: [],
	});
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'memberpass-install-'));
		const source = join(folder, 'thing');
		mkdirSync(source);
		writeFileSync(
			join(source, 'package.json'),
			JSON.stringify({ name: 'thing', version: '1.0.0', scripts: { install: 'touch ran' } }),
		);
		const env = { ...process.env, NODE_OPTIONS: '' };
		execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source, env });
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	beforeEach(() => {
		cache = mkdtempSync(join(folder, 'cache-'));
		notes.splice(0);
	});
	const note = (line: string): void => void notes.push(line);

	test('installs what is missing, without install scripts, and leaves nothing unfinished', async () => {
		const made = await install(cache, wanted(), note);
		expect(existsSync(join(made, 'node_modules/thing/package.json'))).toBe(true);
		expect(existsSync(join(made, 'node_modules/thing/ran'))).toBe(false);
		expect(readdirSync(cache)).toEqual(['thing']);
		expect(notes[0]).toBe('installing thing …');
	});

	test('does not install again what is whole', async () => {
		await install(cache, wanted(), note);
		notes.splice(0);
		await install(cache, wanted(), note);
		expect(notes).toEqual([]);
	});

	test('does not use one that was broken off: it installs anew', async () => {
		await install(cache, wanted(), note);
		rmSync(join(cache, 'thing/.complete.json'));
		rmSync(join(cache, 'thing/node_modules/thing'), { recursive: true });
		const made = await install(cache, wanted(), note);
		expect(existsSync(join(made, 'node_modules/thing/package.json'))).toBe(true);
	});

	test('leaves nothing behind where npm fails, and says what npm said', async () => {
		const missing = {
			name: 'other',
			packages: { other: `file:${folder}/missing.tgz` },
			rebuild: [],
		};
		await expect(install(cache, missing, note)).rejects.toThrow(/npm install .* failed[^]*missing/);
		expect(readdirSync(cache)).toEqual([]);
	});
});
