import { spawn, spawnSync } from 'node:child_process';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { operation, operations } from '@memberpass/catalogue';
import { loadRecordings } from '@memberpass/testing';
import fc from 'fast-check';

import { ensureProgram, programs } from '../../../shared/testing/src/programs.ts';
import { curlCommand, quote } from '../src/curl.ts';
import { repoRoot } from './support.ts';

interface Received {
	readonly method: string | undefined;
	readonly url: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** Runs a script in the shell that the pages promise it works in. */
const shell = (script: string) => spawnSync('sh', ['-eu', '-c', script], { encoding: 'utf8' });

describe('a word for the shell', () => {
	it('arrives as it was, whatever stands in it', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				const clean = text.replaceAll('\0', '').toWellFormed();
				expect(shell(`printf %s ${quote(clean)}`).stdout).toBe(clean);
			}),
			{ numRuns: 60, examples: [['it\'s $HOME `id` \\ " \n!'], ['-n'], ['@file']] },
		);
	});
});

describe('the curl command of every operation', () => {
	const received: Received[] = [];
	let server: Server;
	let origin = '';
	beforeAll(() => {
		for (const program of [programs.curl, programs.openssl]) ensureProgram(program);
	}, 300_000);
	beforeAll(async () => {
		server = createServer((request, response) => {
			const parts: Buffer[] = [];
			request.on('data', (part: Buffer) => parts.push(part));
			request.on('end', () => {
				const { method, url, headers } = request;
				received.push({ method, url, headers, body: Buffer.concat(parts).toString('utf8') });
				response.end('{}');
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(
		() =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
			}),
	);

	/** The shell must not block the process that answers it. */
	async function run(script: string): Promise<{ status: number | null; stderr: string }> {
		const child = spawn('sh', ['-eu', '-c', script], {
			env: { ...process.env, MEMBERPASS_TOKEN: 'a-token-for-tests' },
		});
		let stderr = '';
		child.stderr.on('data', (part: Buffer) => (stderr += part.toString('utf8')));
		return await new Promise((resolve) => {
			child.on('close', (status) => resolve({ status, stderr }));
		});
	}

	const rows = loadRecordings(repoRoot)
		.filter((file) => operations.some(({ key }) => key === file.operation))
		.flatMap((file) => {
			const recording = file.recordings.find(({ output }) => output !== null);
			const first = recording?.exchanges[0];
			return recording === undefined || first === undefined
				? []
				: [[file.operation, recording.input, first.request] as const];
		});

	it('is tried for each of them', () => {
		expect(rows.map(([key]) => key).sort()).toEqual(operations.map(({ key }) => key).sort());
	});

	it.each(rows)('%s sends the recorded request', async (key, input, wanted) => {
		received.length = 0;
		expect(await run(curlCommand(operation(key), input, origin))).toEqual({
			status: 0,
			stderr: '',
		});
		const [got] = received;
		const url = new URL(got?.url ?? '', origin);
		expect(got?.method).toBe(wanted.method);
		expect(url.pathname).toBe(wanted.path);
		// A page asks for what the user filled in; the page size is the platforms' own choice.
		const paging = new Set(['page', 'per_page', 'limit']);
		const query = Object.entries(wanted.query).flatMap(([name, value]) =>
			[value].flat().map((one) => [name, one]),
		);
		const unpaged = (pairs: readonly (readonly string[])[]): unknown =>
			pairs.filter(([name = '']) => !paging.has(name)).sort();
		expect(unpaged([...url.searchParams])).toEqual(unpaged(query));
		expect(got?.body === '' ? null : JSON.parse(got?.body ?? '')).toEqual(wanted.body);
		expect(got?.headers.authorization).toBe('Bearer a-token-for-tests');
		expect(got?.headers['content-type']).toBe(
			wanted.body === null ? undefined : 'application/json',
		);
		const idempotency = got?.headers['idempotency-key'];
		if (wanted.method === 'GET') expect(idempotency).toBeUndefined();
		else expect(idempotency).toMatch(/^[0-9a-f]{32}$/);
	});

	it('keeps its key when only the second command is run again, and draws another when both are', async () => {
		received.length = 0;
		const command = curlCommand(
			operation('ban_member'),
			{ project: 'prj_1', member: 'usr_1' },
			origin,
		);
		const [draw = '', ...call] = command.split('\n');
		await run(`${draw}\n${call.join('\n')}\n${call.join('\n')}`);
		await run(command);
		const keys = received.map(({ headers }) => headers['idempotency-key']);
		expect(keys[0]).toBe(keys[1]);
		expect(keys[2]).not.toBe(keys[0]);
	});

	it('carries hostile text unharmed', async () => {
		received.length = 0;
		const name = `Bob's "plan" $(id) \`id\` \\ %s {{x}} \u{1F680}\n<script>`;
		await run(curlCommand(operation('create_project'), { name, handle: 'bobs-community' }, origin));
		expect(JSON.parse(received[0]?.body ?? '{}')).toMatchObject({ name });
	});

	it('is not made of what MemberPass would refuse', () => {
		expect(() => curlCommand(operation('create_plan'), { name: 'x' })).toThrow(
			/create_plan: .*'Project' is required/,
		);
	});
});
