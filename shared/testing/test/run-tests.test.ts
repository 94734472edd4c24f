import { spawn, spawnSync } from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { type TemporaryFolder, temporaryFolder } from '../src/temporary.ts';

const root = join(__dirname, '../../..');
const sources = 'shared/testing/src';
let temporary: TemporaryFolder;
afterEach(() => temporary.remove());
const at = (path: string): string => join(temporary.path, path);

function write(path: string, text: string): void {
	mkdirSync(dirname(at(path)), { recursive: true });
	writeFileSync(at(path), text);
}

/**
 * A program that notes how it was called, leaves what a test says it leaves, and ends as that says. Types, lint and format
 * leave nothing: they run beside the tests, and two copies of one file at a time are in each other's way.
 */
function program(name: string, more = ''): void {
	write(
		`bin/${name}`,
		`#!/bin/sh
echo "${name} $* TZ=$TZ" >> '${at('called')}'
case "$*" in *check:own*) ;; *)
	[ ! -d '${at('leaves')}' ] || cp -R '${at('leaves')}/.' '${temporary.path}'
	[ ! -f '${at('once')}' ] || rm -r '${at('leaves')}'
esac
${more}
exit $(cat '${at(`${name}-ends`)}' 2>/dev/null || echo 0)
`,
	);
	chmodSync(at(`bin/${name}`), 0o755);
}

const passed = (count: number, more: object = {}): string =>
	JSON.stringify({
		numPassedTests: count,
		numFailedTests: 0,
		numRuntimeErrorTestSuites: 0,
		...more,
	});

beforeEach(() => {
	// A folder may be called like that.
	temporary = temporaryFolder('memberpass-run-tests-(1)-');
	for (const path of [
		'bin/run-tests.ts',
		'bin/test.ts',
		'turn.ts',
		'child.ts',
		'compile-cache.ts',
		'command-line.ts',
		'direct.ts',
		'escape-reg-exp.ts',
		'not-run.ts',
		'temporary.ts',
		'test-groups.ts',
	]) {
		cpSync(join(root, sources, path), at(join(sources, path)));
	}
	write('package.json', '{"type":"module"}');
	write('shared/testing/package.json', '{"name":"testing","type":"module"}');
	write('packages/notes.txt', 'no workspace');
	write(
		'packages/one/package.json',
		'{"name":"one","scripts":{"test":"","test:slow":"","tests":"","pretest":"","build":""}}',
	);
	write(
		'turbo.json',
		'{"tasks":{"test":{"dependsOn":["build"]},"test:slow":{"dependsOn":["two#build","other"]}}}',
	);
	turbo([]);
	program('jest');
});

/** A turbo that has such tasks to run, and notes whose turn it was when it built. */
function turbo(taskIds: readonly string[]): void {
	const tasks = taskIds.map((taskId) => ({
		taskId,
		task: taskId.replace(/.*#/, ''),
		command: taskId.startsWith('empty') ? '<NONEXISTENT>' : 'node build.mts',
	}));
	program(
		'turbo',
		`case "$*" in
*--dry=json) echo '${JSON.stringify({ tasks })}';;
*#build) readlink '${at('.cache/build.pid')}' > '${at('builder')}';;
esac`,
	);
}

function run(command: string, cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
	const { TURBO_HASH: _, ...own } = process.env;
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[at(join(sources, 'bin', command)), ...args],
		{
			cwd: at(cwd),
			encoding: 'utf8',
			env: {
				...own,
				NODE_OPTIONS: '',
				TZ: 'UTC',
				PATH: `${at('bin')}${delimiter}${process.env['PATH'] ?? ''}`,
				...env,
			},
		},
	);
	const called = existsSync(at('called'))
		? readFileSync(at('called'), 'utf8').trim().split('\n')
		: [];
	return { status, stdout, stderr, called, last: stdout.trim().split('\n').at(-1) };
}

const results = 'packages/one/.test-result';

const pending = (title: string) => ({ status: 'pending', title });
/** What jest leaves of tests that cannot run here, beside one that passed and one that a filter left out. */
const notRun = {
	testResults: [
		{
			assertionResults: [
				pending('asks (skipped: set ZONE, and be online)'),
				{ status: 'passed', title: 'runs (not run: is only in its name)' },
				pending('in Go (not run: no go here)'),
			],
		},
		{
			assertionResults: [
				pending('asks again (skipped: set ZONE, and be online)'),
				pending('has another name (in Go)'),
			],
		},
	],
};

describe('npm test', () => {
	const test = (...args: readonly string[]) => run('run-tests.ts', '.', args);

	it('counts the tests of every group, and is content when all passed', () => {
		write(`leaves/${results}.json`, passed(3));
		write(`leaves/${results}.slow.json`, passed(4));
		expect(test()).toMatchObject({ status: 0, last: '7 passed, 0 failed' });
	});

	it.each<[string, string | null, string]>([
		['a test that failed', passed(3, { numFailedTests: 2 }), '7 passed, 2 failed'],
		[
			'a file that could not be loaded',
			passed(3, { numRuntimeErrorTestSuites: 1 }),
			'7 passed, 1 failed',
		],
		['a group that left no result', null, '4 passed, 1 failed'],
		['a result that was half written', '{"numPassedTests":', '4 passed, 1 failed'],
	])('fails on %s', (_, result, last) => {
		if (result !== null) write(`leaves/${results}.json`, result);
		write(`leaves/${results}.slow.json`, passed(4));
		expect(test()).toMatchObject({ status: 1, last });
	});

	it('says before its last line what was not run, how many and why, and nothing of what was left out by choice', () => {
		write(`leaves/${results}.json`, passed(3, notRun));
		write(`leaves/${results}.slow.json`, passed(4));
		const { status, stdout } = test();
		expect(status).toBe(0);
		expect(stdout).toMatch(
			/\n\npackages\/one: 1 not run: no go here\npackages\/one: 2 not run: set ZONE, and be online\n\n7 passed, 0 failed\n$/,
		);
	});

	it('does not count the result of an earlier run again', () => {
		write(`${results}.json`, passed(3));
		write(`${results}.slow.json`, passed(4));
		expect(test()).toMatchObject({ status: 1, last: '0 passed, 2 failed' });
	});

	it.each([
		['types, lint or format', 'check:own', 'types, lint and format'],
		['the run of them', 'test:slow', 'tests'],
	])('fails where %s did, though every test passed', (_, task, title) => {
		write(`leaves/${results}.json`, passed(3));
		write(`leaves/${results}.slow.json`, passed(4));
		program('turbo', `case "$*" in *${task}*) exit 2;; esac`);
		const { status, last, stdout } = test('--force');
		expect([status, last]).toEqual([1, '7 passed, 1 failed']);
		expect(stdout.match(/^== .*: FAILED$/gm)).toEqual([`== ${title}: FAILED`]);
	});

	it('shows what types, lint and format say behind all that the tests say, not in between', () => {
		write(`leaves/${results}.json`, passed(3));
		write(`leaves/${results}.slow.json`, passed(4));
		program('turbo', 'case "$*" in *check:own*) echo checks;; *) sleep 0.1; echo tests;; esac');
		expect(test('--force').stdout).toBe(
			'\n== tests\ntests\n\n== types, lint and format\nchecks\n\n7 passed, 0 failed\n',
		);
	});

	it('says in one line that there is no turbo', () => {
		rmSync(at('bin/turbo'));
		const { status, stderr } = run('run-tests.ts', '.', ['--force'], { PATH: at('bin') });
		expect([status, stderr]).toEqual([
			1,
			'There is no turbo on the PATH. "npm run" finds what npm has installed.\n',
		]);
	});

	it('says once that turbo does not know an option, and misses no result', () => {
		program('turbo', "echo 'no such option' >&2; exit 1");
		expect(test('--wrong')).toMatchObject({
			status: 1,
			stdout: '',
			stderr: 'no such option\nSee "npm test -- --help".\n',
		});
	});

	it('of one workspace misses nothing of the others, and fails with it', () => {
		write(`leaves/${results}.json`, passed(3));
		const last = '3 passed, 0 failed';
		expect(test('--filter=one')).toMatchObject({ status: 0, last, stderr: '' });
		write('turbo-ends', '1');
		// The tests, and what is checked beside them.
		expect(test('--filter=one', '--force')).toMatchObject({
			status: 1,
			last: '3 passed, 2 failed',
		});
	});

	it('runs the tests of every group and all checks, whatever fails', () => {
		const { called } = test('--force');
		const flags = '--continue=always --output-logs=new-only';
		expect(called.toSorted()).toEqual([
			`turbo run //#format:check check:own ${flags} --concurrency=1 --force TZ=UTC`,
			`turbo run test test:slow ${flags} --concurrency=100% --force TZ=UTC`,
		]);
	});

	it('builds what the chosen tests need before they run, while nobody else builds', () => {
		turbo(['one#test', 'one#build', 'empty#build', 'two#build']);
		write(`leaves/${results}.json`, passed(3));
		const { status, called } = test('--filter=one');
		expect(status).toBe(0);
		const checking = 'turbo run //#format:check';
		expect(called.filter((line) => !line.startsWith(checking))).toEqual([
			'turbo run test test:slow --filter=one --dry=json TZ=UTC',
			'turbo run one#build two#build TZ=UTC',
			'turbo run test test:slow --continue=always --output-logs=new-only --concurrency=100% --filter=one TZ=UTC',
		]);
		expect(called.filter((line) => line.startsWith(checking))).toHaveLength(1);
		expect(readFileSync(at('builder'), 'utf8')).toMatch(/^\d+\n$/);
	});

	it('in hostile places runs the tests twice, in two time zones, without the cache, and counts both', () => {
		write(`leaves/${results}.json`, passed(3));
		write(`leaves/${results}.slow.json`, passed(4, { numFailedTests: 1 }));
		const { status, last, called } = test('--hostile');
		expect([status, last]).toEqual([1, '14 passed, 2 failed']);
		expect(called.map((line) => line.replace(/.* TZ=/, ''))).toEqual([
			'Asia/Kolkata',
			'Pacific/Chatham',
		]);
		for (const line of called) {
			expect(line).toContain(
				'turbo run test test:slow --continue=always --output-logs=new-only --concurrency=100% --force TZ=',
			);
		}
	});

	it('in the second hostile place does not count the results of the first', () => {
		write(`leaves/${results}.json`, passed(3));
		write(`leaves/${results}.slow.json`, passed(4));
		write('once', '');
		expect(test('--hostile')).toMatchObject({ status: 1, last: '7 passed, 2 failed' });
	});

	it('waits until those are over that run in this checkout already', async () => {
		mkdirSync(at('.cache'));
		symlinkSync(String(process.pid), at('.cache/test.pid'));
		const child = spawn(process.execPath, [at(join(sources, 'bin/run-tests.ts')), '--filter=one'], {
			env: { ...process.env, NODE_OPTIONS: '' },
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		const said = await new Promise((resolve) => {
			child.stderr.setEncoding('utf8').once('data', resolve);
		});
		child.kill();
		expect(said).toBe(
			`Process ${process.pid} is running the tests here, as ${at('.cache/test.pid')} says. Waiting until that file is gone …\n`,
		);
		expect(existsSync(at('called'))).toBe(false);
	});

	it('explains itself, and runs nothing', () => {
		expect(test('--help')).toMatchObject({
			status: 0,
			stdout: expect.stringContaining('npm run test:hostile'),
			called: [],
		});
	});
});

describe('npm test in a workspace', () => {
	const test = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
		run('test.ts', 'packages/one', args, env);

	it('builds what the tests run, then runs those that are in no group', () => {
		const { status, called } = test(['fields', '-t', 'a name']);
		expect(status).toBe(0);
		expect(called).toEqual([
			'turbo run one#build --output-logs=errors-only TZ=UTC',
			expect.stringMatching(
				/^jest fields -t a name --json --outputFile=\.test-result\.json --testPathIgnorePatterns=\S+ TZ=UTC$/,
			),
		]);
		const ignored = new RegExp(/--testPathIgnorePatterns=(\S+)/.exec(called[1] ?? '')?.[1] ?? '');
		expect(
			['test/slow/a.test.ts', 'test/slow.test.ts', 'test/fields/test/slow/a.test.ts'].filter(
				(path) => ignored.test(at(join('packages/one', path))),
			),
		).toEqual(['test/slow/a.test.ts']);
	});

	it('runs a group alone, with what that needs', () => {
		expect(test(['--group', 'slow']).called).toEqual([
			'turbo run two#build --output-logs=errors-only TZ=UTC',
			'jest --json --outputFile=.test-result.slow.json --roots=<rootDir>/test/slow TZ=UTC',
		]);
	});

	it.each([
		[['--runInBand', 'fields'], 'jest --runInBand fields --json'],
		[['--runInBand', '--maxWorkers=1'], 'jest --maxWorkers=1 --json'],
	])('of %j takes what was given before what the script says of processes', (args, words) => {
		const [called = ''] = test(args, { TURBO_HASH: 'x' }).called;
		expect(called.slice(0, words.length)).toBe(words);
	});

	it('has what Node compiles kept in this checkout', () => {
		program('jest', `echo "$NODE_COMPILE_CACHE" >> '${at('called')}'`);
		expect(test([], { TURBO_HASH: 'x' }).called).toEqual([
			expect.stringMatching(/^jest /),
			at('.cache/compiled'),
		]);
	});

	it('builds nothing below turbo, which has done so', () => {
		expect(test([], { TURBO_HASH: 'x' }).called).toEqual([expect.stringMatching(/^jest /)]);
	});

	it('runs no test of an old build where the build failed', () => {
		program('turbo', 'echo said; echo told >&2');
		write('turbo-ends', '3');
		expect(test([])).toMatchObject({
			status: 1,
			called: [expect.stringMatching(/^turbo /)],
			stderr: 'Building one#build, where it has changed …\nsaid\ntold\n',
		});
	});

	it('sends nothing through a proxy: tests talk to this machine', () => {
		program('jest', 'echo "jest ${HTTP_PROXY:-direct} ${https_proxy:-direct} ${LANG:-none}"');
		const proxy = 'http://127.0.0.1:9';
		expect(test([], { HTTP_PROXY: proxy, https_proxy: proxy, LANG: 'C' }).stdout).toBe(
			'jest direct direct C\n',
		);
	});

	it('leaves no temporary file of a test behind', () => {
		program('jest', 'echo left > "$TMPDIR/file"; echo "$TMPDIR"');
		const { status, last } = test([]);
		expect([status, last]).toEqual([0, expect.stringContaining('memberpass-tests-')]);
		expect(existsSync(last ?? '')).toBe(false);
	});

	it('says what was not run, how many and why', () => {
		write(`leaves/${results}.json`, passed(3, notRun));
		expect(test([])).toMatchObject({
			status: 0,
			stderr: expect.stringMatching(
				/(^|\n)1 not run: no go here\n2 not run: set ZONE, and be online\n$/,
			),
		});
	});

	it('ends as jest does', () => {
		write('jest-ends', '5');
		expect(test([]).status).toBe(5);
	});

	it.each([
		[['--group', 'fast'], 'test:fast'],
		[['--group'], 'test:'],
	])('refuses the group of %j, which has no script', (args, script) => {
		expect(test(args)).toMatchObject({
			status: 1,
			stderr: `There is no script "${script}" here.\n`,
			called: [],
		});
	});

	it('explains itself, and runs nothing', () => {
		expect(test(['--help'])).toMatchObject({
			status: 0,
			stdout: expect.stringContaining('npm run test:browser'),
			called: [],
		});
	});
});
