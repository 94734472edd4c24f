import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const program = join(__dirname, '../src/cli.ts');

interface Run {
	readonly out: () => string;
	readonly err: () => string;
	readonly until: (text: string) => Promise<void>;
	readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

const running: ReturnType<typeof spawn>[] = [];
afterEach(() => {
	for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(...args: readonly string[]): Run {
	// jest's own options for Node are none of the program's business.
	const env = { ...process.env, NODE_OPTIONS: '' };
	const child = spawn(process.execPath, [program, ...args], {
		env,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.push(child);
	let out = '';
	let err = '';
	child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
	child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
	const ended = once(child, 'exit').then(([code]) => code as number | null);
	return {
		out: () => out,
		err: () => err,
		until: async (text) => {
			while (!out.includes(text)) {
				const over = await Promise.race([
					once(child.stdout, 'data').then(() => false),
					ended.then(() => true),
				]);
				if (over && !out.includes(text)) throw new Error(`It ended without "${text}": ${err}`);
			}
		},
		stop: (signal) => {
			if (signal !== undefined) child.kill(signal);
			return ended;
		},
	};
}

const found = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

describe('memberpass-sandbox', () => {
	it('prints a base URL and a token that work, and what to try first', async () => {
		const run = start('--port', '0');
		await run.until('Ctrl+C stops it.');
		const url = found(run.out(), /Base URL +(\S+)/);
		const token = found(run.out(), /Token +(\S+)/);
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
		expect(run.out()).toContain(`curl -s ${url}/projects -H 'Authorization: Bearer ${token}'`);
		const response = await fetch(`${url}/projects`, {
			headers: { authorization: `Bearer ${token}` },
		});
		expect(response.status).toBe(200);
		expect(await run.stop('SIGINT')).toBe(0);
		expect(run.err()).toBe('');
	});

	it('stops on SIGTERM too, also with a client that hangs on', async () => {
		const run = start('--port', '0');
		await run.until('Ctrl+C stops it.');
		const url = found(run.out(), /Page +(\S+)\//);
		const stream = await fetch(`${url}/_sandbox/deliveries/stream`);
		expect(await run.stop('SIGTERM')).toBe(0);
		await stream.body?.cancel().catch(() => undefined);
	});

	it('takes its options', async () => {
		const run = start(
			...['--port', '0', '--seed', 'mine', '--paging', 'last_page', '--virtual-time'],
			...['--switch', 'missingKey=accept', '--switch', 'writeStatus=200', '--latency', '5'],
		);
		await run.until('Ctrl+C stops it.');
		const url = found(run.out(), /Page +(\S+)\//);
		const state = await (await fetch(`${url}/_sandbox`)).text();
		expect(JSON.parse(state)).toMatchObject({
			data: {
				seed: 'mine',
				time: 'virtual',
				switches: { paging: 'last_page', missingKey: 'accept', writeStatus: '200' },
			},
		});
		expect(await run.stop('SIGINT')).toBe(0);
	});

	it('has help', async () => {
		const run = start('--help');
		expect(await run.stop()).toBe(0);
		for (const option of ['--port', '--seed', '--scale-time', '--paging', '--latency', '--fail']) {
			expect(run.out()).toContain(option);
		}
	});

	it.each([
		[['--port', 'many'], '--port must be a number from 0 to 65535, not "many".'],
		[['--fail', '2'], '--fail must be a number from 0 to 1, not "2".'],
		[['--paging', 'x'], 'paging: Must be one of: has_more, last_page, next_cursor.'],
		[['--switch', 'paging'], '--switch wants NAME=VALUE, not "paging".'],
		[['--switch', 'unicorns=1'], 'unicorns: There is no such switch.'],
		[['--host', '0.0.0.0'], 'whoever reaches it can read its tokens'],
		[['--unicorns'], "Unknown option '--unicorns'"],
	])('%j ends with one clear line', async (args, message) => {
		const run = start(...args);
		expect(await run.stop()).toBe(1);
		expect(run.err()).toContain(message);
		expect(run.err()).not.toContain('    at ');
	});

	it('says that a port is taken', async () => {
		const first = start('--port', '0');
		await first.until('Ctrl+C stops it.');
		const port = found(first.out(), /127\.0\.0\.1:(\d+)\/v1/);
		const second = start('--port', port);
		expect(await second.stop()).toBe(1);
		expect(second.err()).toBe('The port is taken. Choose another with --port, or 0 for any.\n');
		await first.stop('SIGINT');
	});
});
