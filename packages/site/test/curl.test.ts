import type { IncomingHttpHeaders } from 'node:http';

import { operation, operations } from '@memberpass/catalogue';
import { loadRecordings } from '@memberpass/testing';
import fc from 'fast-check';

import { anyCodePoint } from '../../../shared/testing/src/any-code-point.ts';
import { runProgram } from '../../../shared/testing/src/child.ts';
import { type LocalServer, serve } from '../../../shared/testing/src/local-server.ts';
import { ensureProgram, programs } from '../../../shared/testing/src/programs.ts';
import { curlCommand, quote } from '../src/curl.ts';
import { repoRoot } from './support.ts';

interface Received {
	readonly method: string | undefined;
	readonly url: string | undefined;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** Runs a script in the shell that the pages promise it works in, which must not block the process that answers it. */
const shell = async (script: string) =>
	await runProgram('sh', ['-eu', '-c', script], {
		cwd: '.',
		env: { ...process.env, MEMBERPASS_TOKEN: 'a-token-for-tests' },
	});

describe('a word for the shell', () => {
	const word = fc
		.string({ unit: anyCodePoint })
		.map((text) => text.replaceAll('\0', '').toWellFormed());

	it('arrives as it was, whatever stands in it', async () => {
		await fc.assert(
			// Several at once: a shell takes longer to start than to read them.
			fc.asyncProperty(fc.array(word, { minLength: 8, maxLength: 16 }), async (words) => {
				const { stdout } = await shell(`printf '%s\\0' ${words.map(quote).join(' ')}`);
				expect(stdout.split('\0').slice(0, -1)).toEqual(words);
			}),
			{ numRuns: 10, examples: [[['it\'s $HOME `id` \\ " \n!', '-n', '@file']]] },
		);
	});
});

describe('the curl command of every operation', () => {
	const received: Received[] = [];
	let server: LocalServer;
	let origin = '';
	beforeAll(() => {
		for (const program of [programs.curl, programs.openssl]) ensureProgram(program);
	}, 300_000);
	beforeAll(async () => {
		server = await serve(({ method, url, headers }, response, body) => {
			received.push({ method, url, headers, body: body.toString('utf8') });
			response.end('{}');
		});
		origin = server.origin;
	});
	afterAll(() => server.close());

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
		const command = curlCommand(operation(key), input, origin);
		// What changes nothing needs no key, so its first line is the call.
		expect(command.split(/[= ]/, 1)).toEqual([wanted.method === 'GET' ? 'curl' : 'KEY']);
		expect(await shell(command)).toEqual({
			code: 0,
			stdout: '{}',
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
		await shell(`${draw}\n${call.join('\n')}\n${call.join('\n')}`);
		await shell(command);
		const keys = received.map(({ headers }) => headers['idempotency-key']);
		expect(keys[0]).toBe(keys[1]);
		expect(keys[2]).not.toBe(keys[0]);
	});

	it('carries hostile text unharmed', async () => {
		received.length = 0;
		const name = `Bob's "plan" $(id) \`id\` \\ %s {{x}} \u{1F680}\n<script>`;
		await shell(
			curlCommand(operation('create_project'), { name, handle: 'bobs-community' }, origin),
		);
		expect(JSON.parse(received[0]?.body ?? '{}')).toMatchObject({ name });
	});

	it('is not made of what MemberPass would refuse', () => {
		expect(() => curlCommand(operation('create_plan'), { name: 'x' })).toThrow(
			/create_plan: .*'Project' is required/,
		);
	});
});
