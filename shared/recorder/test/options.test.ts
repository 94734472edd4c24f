import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';

import { driftHelp, runDrift } from '../src/drift-run.ts';
import { type Environment, readRecordOptions, recordHelp } from '../src/options.ts';
import { table } from '../src/report.ts';

const environment = (env: Readonly<Record<string, string>>): Environment => ({
	env,
	fixtures: '/repo/fixtures',
	resolve: (path) => (path.startsWith('/') ? path : `/here/${path}`),
});
const live = { MEMBERPASS_TOKEN: 'mpt_live_1_x' };
const local = {
	...live,
	MEMBERPASS_ORIGIN: 'http://127.0.0.1:4010',
	MEMBERPASS_ALLOW_LOOPBACK: '1',
};
const read = (args: readonly string[], env: Readonly<Record<string, string>> = live) =>
	readRecordOptions(args, environment(env), platform);

it('without options the live API is read gently, and the fixtures of the repository are the target', () => {
	expect(read([])).toEqual({
		origin: 'https://api.memberpass.net',
		token: 'mpt_live_1_x',
		live: true,
		out: '/repo/fixtures',
		rate: 4,
		tunnel: null,
		listen: 0,
		waitMs: 15_000,
		writes: null,
		currency: null,
		report: null,
		breadth: 5,
		maxPages: 2,
		dryRun: false,
	});
});

it('a sandbox may be recorded into a folder of its own', () => {
	expect(read(['--out', 'x', '--report', 'r.json', '--rate', '100'], local)).toMatchObject({
		origin: 'http://127.0.0.1:4010',
		live: false,
		out: '/here/x',
		report: '/here/r.json',
		rate: 100,
	});
});

it('what another host answers is no recording of the live API, however public it is', () => {
	const env = { ...live, MEMBERPASS_ORIGIN: 'https://sandbox.example.org' };
	expect(read(['--out', 'x'], env)).toMatchObject({
		origin: 'https://sandbox.example.org',
		live: false,
		out: '/here/x',
	});
	expect(read(['--dry-run'], env)).toMatchObject({ live: false, dryRun: true });
	for (const args of [
		['--rate', '6'],
		['--tunnel', 'http://x.example.com', '--listen', '80'],
	]) {
		expect(() => read(['--out', 'x', ...args], env)).toThrow(/--rate must be|https address/);
	}
	const ours = { ...live, MEMBERPASS_ORIGIN: 'https://api.memberpass.net/v1/' };
	expect(read([], ours)).toMatchObject({ live: true, out: '/repo/fixtures' });
});

it('every figure goes to its bounds', () => {
	const most = ['--rate', '5', '--breadth', '100', '--max-pages', '100', '--wait', '3600'];
	expect(read(most)).toMatchObject({ rate: 5, breadth: 100, maxPages: 100, waitMs: 3_600_000 });
	const least = ['--rate', '0.1', '--breadth', '1', '--max-pages', '1', '--wait', '0'];
	expect(read(least)).toMatchObject({ rate: 0.1, breadth: 1, maxPages: 1, waitMs: 0 });
});

it.each([
	[['--tunnel', 'https://x.example.com/a', '--listen', '80'], live, 'https://x.example.com/a', 80],
	[
		['--out', 'x', '--tunnel', 'http://127.0.0.1:0', '--listen', '0'],
		local,
		'http://127.0.0.1:0/',
		0,
	],
])('a tunnel is taken with its port: %j', (args, env, href, listen) => {
	const options = read(args, env);
	expect([options?.tunnel?.href, options?.listen]).toEqual([href, listen]);
});

it('a token is taken without the blanks around it, a currency with writes', () => {
	const options = read(['--writes', 'drafts', '--currency', 'cur_1'], {
		MEMBERPASS_TOKEN: ' mpt_live_1_x\n',
	});
	expect(options).toMatchObject({ token: 'mpt_live_1_x', writes: 'drafts', currency: 'cur_1' });
});

describe('what cannot be right is refused with what to do', () => {
	it.each<[string, readonly string[], Readonly<Record<string, string>>, RegExp]>([
		['no token', [], {}, /MEMBERPASS_TOKEN is not set\. Mint a token/],
		['a token with a line break', [], { MEMBERPASS_TOKEN: 'a\nb' }, /characters that no token has/],
		[
			'loopback without leave',
			[],
			{ ...live, MEMBERPASS_ORIGIN: 'http://127.0.0.1:1' },
			/must start with https/,
		],
		[
			'plain http',
			[],
			{ ...live, MEMBERPASS_ORIGIN: 'http://api.example.com' },
			/must start with https/,
		],
		[
			'a sandbox as source of fixtures',
			[],
			local,
			/^http:\/\/127\.0\.0\.1:4010 is not the live API: name a folder of its own with --out/,
		],
		[
			'another host as source of fixtures',
			[],
			{ ...live, MEMBERPASS_ORIGIN: 'https://sandbox.example.org' },
			/^https:\/\/sandbox\.example\.org is not the live API/,
		],
		[
			'the fixtures of the repository for a sandbox',
			['--out', '/repo/fixtures'],
			local,
			/is not the live API/,
		],
		[
			'a rate beyond what is gentle',
			['--rate', '50'],
			live,
			/--rate must be a number from 0\.1 to 5/,
		],
		['a rate that is next to none', ['--rate', '0.09'], live, /not "0\.09"/],
		['a rate that is empty', ['--rate', ' '], live, /not " "/],
		['no project to look through', ['--breadth', '0'], live, /whole number from 1 to 100, not "0"/],
		['more than there are', ['--breadth', '101'], live, /whole number from 1 to 100, not "101"/],
		['half a page', ['--max-pages', '1.5'], live, /whole number from 1 to 100, not "1\.5"/],
		['a wait without end', ['--wait', '3601'], live, /number from 0 to 3600, not "3601"/],
		[
			'a tunnel to any port',
			['--tunnel', 'https://x.example.com', '--listen', '0'],
			live,
			/--listen must be a whole number from 1 to 65535/,
		],
		['a tunnel that is no address', ['--tunnel', 'x', '--listen', '80'], live, /https address/],
		[
			'a tunnel with a query, which deliveries would lose',
			['--tunnel', 'https://x.example.com/?a=1', '--listen', '80'],
			live,
			/https address/,
		],
		[
			'a tunnel of another kind, even to a sandbox',
			['--out', 'x', '--tunnel', 'ftp://127.0.0.1', '--listen', '80'],
			local,
			/https address/,
		],
		['a rate that is no number', ['--rate', 'fast'], live, /not "fast"/],
		['a tunnel without a port', ['--tunnel', 'https://x.example.com'], live, /go together/],
		['a port without a tunnel', ['--listen', '80'], live, /go together/],
		[
			'a tunnel without https',
			['--tunnel', 'http://x.example.com', '--listen', '80'],
			live,
			/https address/,
		],
		['a currency without writes', ['--currency', 'cur_1'], live, /--currency is for --writes/],
		['an unknown option', ['--wrties', 'x'], live, /See --help/],
	])('%s', (_, args, env, message) => {
		expect(() => read(args, env)).toThrow(message);
	});

	it.each<[string, readonly string[], RegExp]>([
		['two sources', ['--files', 'a', '--origin', 'https://a.example.com'], /not both/],
		['an origin with a path', ['--origin', 'https://a.example.com/x'], /must not contain a path/],
		['an unknown option', ['--wat'], /See --help/],
		['a folder without the files', ['--files', 'nowhere'], /Nothing could be compared/],
	])('drift: %s', async (_, args, message) => {
		await expect(runDrift(args, environment({}), platform)).rejects.toThrow(message);
	});
});

it('help needs no token and names every option', async () => {
	expect(read(['--help'], {})).toBeNull();
	await expect(runDrift(['--help'], environment({}), platform)).resolves.toBeNull();
	for (const option of [
		'out',
		'report',
		'dry-run',
		'rate',
		'breadth',
		'max-pages',
		'tunnel',
		'listen',
		'wait',
		'writes',
		'currency',
	]) {
		expect(recordHelp).toContain(`--${option}`);
	}
	for (const option of ['origin', 'files', 'json']) expect(driftHelp).toContain(`--${option}`);
});

it('a table has columns as wide as they must be', () => {
	expect(
		table(
			['a', 'bb'],
			[
				['long', 'x'],
				['', 'yyy'],
			],
		),
	).toBe('a     bb\n----  ---\nlong  x\n      yyy');
});

describe('on the command line', () => {
	const command = (name: string, ...args: readonly string[]) =>
		spawnSync(process.execPath, [join(__dirname, `../src/bin/${name}.ts`), ...args], {
			encoding: 'utf8',
			env: { PATH: process.env['PATH'] ?? '' },
		});

	it.each([
		['record', recordHelp],
		['drift', driftHelp],
	])('%s --help prints the help and nothing else', (name, help) => {
		expect(command(name, '--help')).toMatchObject({ status: 0, stdout: help, stderr: '' });
	});

	it.each([
		['record', [], /^MEMBERPASS_TOKEN is not set\. .*\nNothing was written\.\n$/],
		['drift', ['--files', 'nowhere'], /^Nothing could be compared\./],
	])('%s says what is wrong in plain words and exits 1', (name, args, message) => {
		const { status, stderr } = command(name, ...args);
		expect(stderr).toMatch(message);
		expect(status).toBe(1);
	});
});
