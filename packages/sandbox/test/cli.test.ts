import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import {
	runNode,
	type Started,
	startNode,
	until,
	useCleanups,
	useFolders,
} from '../../../shared/testing/src/in-tests.ts';
import { ensureProgram, programs } from '../../../shared/testing/src/programs.ts';
import { readOptions } from '../src/cli-options.ts';
import { explainFailure } from '../src/command.ts';
import { startSandbox } from '../src/index.ts';

const program = join(__dirname, '../src/cli.ts');

const cleanup = useCleanups();
const newFolder = useFolders('sandbox');

/** Starts the command. Where the test does not end it, it is ended after it. */
function start(...args: readonly string[]): Started {
	const started = startNode([program, ...args]);
	cleanup(() => started.child.kill('SIGKILL'));
	return started;
}

/** Starts one that is to go on, and waits until it says the last that it says by itself. */
async function startReady(): Promise<Started> {
	const started = start('--port', '0');
	let isOver = false;
	void started.ended.then(() => (isOver = true));
	await until(() => isOver || started.stdout().includes('Ctrl+C stops it.'));
	expect(started.stderr()).toBe('');
	return started;
}

/** What the command does with its command line. */
async function startFrom(args: readonly string[]): Promise<string> {
	const sandbox = await startSandbox(readOptions(args) ?? {});
	await sandbox.close();
	return 'It started.';
}

const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

describe('memberpass-sandbox', () => {
	it('ends quietly where nobody reads what it says, as a program that SIGPIPE ended', async () => {
		const { child, ended, stderr } = start('--port', '0');
		child.stdout?.destroy();
		expect([await ended, stderr()]).toEqual([141, '']);
	});

	it('prints a base URL and a token that work, and what to try first', async () => {
		const { child, ended, stdout, stderr } = await startReady();
		const url = found(stdout(), /Base URL +(\S+)/);
		const token = found(stdout(), /Token +(\S+)/);
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
		expect(stdout()).toContain(`curl -s ${url}/projects -H 'Authorization: Bearer ${token}'`);
		const response = await fetch(`${url}/projects`, {
			headers: { authorization: `Bearer ${token}` },
		});
		expect(response.status).toBe(200);
		const switches = found(stdout(), /leaves open: (\S+)/);
		expect(switches).toBe(url.replace('/v1', '/#behaviour'));
		expect(await (await fetch(switches)).text()).toContain('<a href="#behaviour">');
		child.kill('SIGINT');
		expect([await ended, stderr()]).toEqual([0, '']);
	});

	it('prints commands that work as they are, where there is no program but curl', async () => {
		const folder = newFolder();
		symlinkSync(ensureProgram(programs.curl), join(folder, 'curl'));
		const { stdout } = await startReady();
		const commands = stdout().match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? [];
		const answers = commands.map((command) =>
			execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8', env: { PATH: folder } }),
		);
		expect(answers).toEqual([
			expect.stringContaining('"data":[{"id":"prj_'),
			expect.stringContaining('"data":{"id":"whe_'),
			expect.stringContaining('"type":"subscription.created"'),
		]);
	});

	it('stops on SIGTERM too, also with a client that hangs on', async () => {
		const { child, ended, stdout } = await startReady();
		const url = found(stdout(), /Page +(\S+)\//);
		const stream = await fetch(`${url}/_sandbox/deliveries/stream`);
		child.kill('SIGTERM');
		expect(await ended).toBe(0);
		await stream.body?.cancel().catch(() => undefined);
	});

	it('takes its options', async () => {
		const options = readOptions([
			...['--port', '0', '--seed', 'mine', '--paging', 'last_page', '--virtual-time'],
			...['--switch', 'missingKey=accept', '--switch', 'writeStatus=200', '--latency', '5'],
			...['--fail', '0.25', '--allow-remote'],
		]);
		expect(options).toMatchObject({ latencyMs: 5, failShare: 0.25, allowRemote: true });
		const sandbox = await startSandbox({ ...options, allowRemote: false });
		try {
			const state = await (await fetch(`${sandbox.url}/_sandbox`)).text();
			expect(JSON.parse(state)).toMatchObject({
				data: {
					seed: 'mine',
					time: 'virtual',
					switches: { paging: 'last_page', missingKey: 'accept', writeStatus: '200' },
				},
			});
		} finally {
			await sandbox.close();
		}
	});

	it('takes options to their bounds', () => {
		const most = [
			'--port',
			'65535',
			'--scale-time',
			'1000000',
			'--latency',
			'600000',
			'--fail',
			'1',
		];
		expect(readOptions(most)).toMatchObject({
			port: 65_535,
			scaleTime: 1_000_000,
			latencyMs: 600_000,
			failShare: 1,
		});
	});

	it('without options is what its help says', () => {
		expect(readOptions([])).toEqual({
			port: 4010,
			host: '127.0.0.1',
			allowRemote: false,
			seed: 'memberpass',
			scaleTime: 1,
			switches: {},
			latencyMs: 0,
			failShare: 0,
		});
	});

	it('has help', async () => {
		const { code, stdout } = await runNode([program, '--help']);
		expect(code).toBe(0);
		for (const option of ['--port', '--seed', '--scale-time', '--paging', '--latency', '--fail']) {
			expect(stdout).toContain(option);
		}
	});

	it.each([
		[['--port', 'many'], '--port must be a number from 0 to 65535, not "many".'],
		[['--port', ' '], '--port must be a number from 0 to 65535, not " ".'],
		[['--port', '65536'], '--port must be a number from 0 to 65535, not "65536".'],
		[['--port=-1'], '--port must be a number from 0 to 65535, not "-1".'],
		[['--scale-time', '0'], '--scale-time must be a number from 0.001 to 1000000, not "0".'],
		[['--scale-time', '1e7'], '--scale-time must be a number from 0.001 to 1000000, not "1e7".'],
		[['--latency', '600001'], '--latency must be a number from 0 to 600000, not "600001".'],
		[['--switch', '=accept'], '--switch takes NAME=VALUE, not "=accept".'],
		[['--port', '4010.5'], '--port must be a whole number, not "4010.5".'],
		[
			['--virtual-time', '--scale-time', '60'],
			'--scale-time is for time that passes by itself: leave --virtual-time out.',
		],
		[
			// RFC 6761: a name that is never there. RFC 5737: an address that no machine has.
			['--host', 'nowhere.invalid', '--allow-remote'],
			'This machine has no such address to listen on. Choose another with --host.',
		],
		[
			['--host', '203.0.113.7', '--allow-remote'],
			'This machine has no such address to listen on. Choose another with --host.',
		],
		[['--fail', '2'], '--fail must be a number from 0 to 1, not "2".'],
		[['--paging', 'x'], 'paging: Must be one of: has_more, last_page, next_cursor.'],
		[['--switch', 'paging'], '--switch takes NAME=VALUE, not "paging".'],
		[['--switch', 'unicorns=1'], 'unicorns: There is no such switch.'],
		[['--host', '0.0.0.0'], 'whoever reaches it can read its tokens'],
		[['--unicorns'], "Unknown option '--unicorns'"],
	])('%j is refused in one clear line', async (args, message) => {
		const failed = await startFrom(args).catch((error: unknown) => explainFailure(error));
		expect(failed).toContain(message);
		expect(failed).not.toContain('    at ');
	});

	it('ends with that line and with 1 where it is refused', async () => {
		expect(await runNode([program, '--fail', '2'])).toEqual({
			code: 1,
			stdout: '',
			stderr: '--fail must be a number from 0 to 1, not "2".\n',
		});
	});

	it('says which Node it needs where this one is older', async () => {
		const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;
		const data = `data:text/javascript,${encodeURIComponent(older)}`;
		const { code, stdout, stderr } = await runNode(['--import', data, program, '--port', '0']);
		expect([code, stdout + stderr]).toEqual([
			1,
			'The sandbox needs Node 22 or newer, and this is Node 20.20.2.\n',
		]);
		const { engines } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as {
			engines: object;
		};
		expect(engines).toEqual({ node: '>=22' });
	});

	it('shows the trace of what is not the fault of whoever started it', () => {
		expect(explainFailure(new TypeError('no such thing'))).toMatch(
			/^TypeError: no such thing\n {4}at /,
		);
		expect(explainFailure('thrown')).toBe('thrown');
	});

	it('says that a port may not be used', () => {
		const refused = Object.assign(new Error('listen EACCES'), {
			code: 'EACCES',
			syscall: 'listen',
		});
		expect(explainFailure(refused)).toBe(
			'This port may not be used: those below 1024 need more rights. Choose another with --port.',
		);
	});

	it('does not take a folder that may not be written for a port', () => {
		const message = "EACCES: permission denied, mkdir '/srv/checkout/.cache'";
		const refused = Object.assign(new Error(message), { code: 'EACCES', syscall: 'mkdir' });
		expect(explainFailure(refused)).toBe(message);
	});

	it('says that a port is taken', async () => {
		const other = createServer().listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as AddressInfo;
		const failed = await startFrom(['--port', String(port)]).catch((error: unknown) =>
			explainFailure(error),
		);
		other.close();
		expect(failed).toBe('The port is taken. Choose another with --port, or 0 for any.');
	});
});
