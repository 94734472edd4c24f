import { connect } from 'node:net';

import { Faults } from '../src/faults.ts';
import type { Sandbox } from '../src/index.ts';
import { seededRandom } from '../src/random.ts';
import { ask, sandboxWith, useSandbox } from './support/sandbox.ts';

const body = { name: 'A fine project' };

/** For calls that change nothing, whatever comes of them. */
const shared = useSandbox({ rateLimits: false });

interface Raw {
	readonly text: string;
	/** How the connection ended. */
	readonly end: 'closed' | 'reset' | 'open';
}

/** How long to listen: to the end, or until nothing came for a moment. */
type Patience = 'to the end' | 'a moment' | 'a moment after the first bytes';

/** Sends bytes over a bare socket and takes down what comes back. */
function exchange(
	sandbox: Sandbox,
	bytes: string,
	patience: Patience = 'to the end',
): Promise<Raw> {
	return new Promise((resolve) => {
		const { hostname, port } = new URL(sandbox.url);
		const socket = connect(Number(port), hostname);
		let text = '';
		const finish = (end: Raw['end']): void => {
			clearTimeout(timer);
			socket.destroy();
			resolve({ text, end });
		};
		let timer: NodeJS.Timeout | undefined;
		const listenOn = (): void => {
			clearTimeout(timer);
			timer = setTimeout(() => finish('open'), 50);
		};
		socket.on('data', (chunk: Buffer) => {
			text += chunk.toString('utf8');
			if (patience === 'a moment after the first bytes') listenOn();
		});
		socket.on('error', () => finish('reset'));
		socket.on('end', () => finish('closed'));
		socket.on('connect', () => {
			socket.write(bytes);
			if (patience === 'a moment') listenOn();
		});
	});
}

function request(sandbox: Sandbox, fault: string, write = false): string {
	const content = JSON.stringify(body);
	return [
		`${write ? 'POST' : 'GET'} /v1/projects HTTP/1.1`,
		'Host: 127.0.0.1',
		`Authorization: Bearer ${sandbox.token}`,
		`X-Sandbox-Fault: ${fault}`,
		...(write
			? [
					'Idempotency-Key: k1',
					'Content-Type: application/json',
					`Content-Length: ${content.length}`,
				]
			: []),
		'Connection: close',
		'',
		write ? content : '',
	].join('\r\n');
}

describe('a fault on demand', () => {
	it.each([
		['reset', 'reset', 'to the end'],
		['close', 'closed', 'to the end'],
		['stall', 'open', 'a moment'],
	] as const)('%s: the connection is %s without a byte', async (fault, end, patience) => {
		const sandbox = await sandboxWith();
		const count = sandbox.state.projects.size;
		const raw = await exchange(sandbox, request(sandbox, fault, true), patience);
		expect(raw).toEqual({ end, text: '' });
		expect(sandbox.state.projects.size).toBe(count);
	});

	it.each([
		['cut_body', 'closed', 'to the end'],
		['stall_body', 'open', 'a moment after the first bytes'],
	] as const)('%s: the answer stops halfway, the write was done', async (fault, end, patience) => {
		const sandbox = await sandboxWith();
		const count = sandbox.state.projects.size;
		const raw = await exchange(sandbox, request(sandbox, fault, true), patience);
		const [head = '', sent = ''] = raw.text.split('\r\n\r\n');
		const announced = Number(/content-length: (\d+)/i.exec(head)?.[1]);
		expect(raw.end).toBe(end);
		expect(sent.length).toBe(Math.ceil(announced / 2));
		expect([head.slice(0, 12), sent.slice(0, 13)]).toEqual(['HTTP/1.1 201', '{"data":{"id"']);
		expect(sandbox.state.projects.size).toBe(count + 1);
	});

	it('cut_body: breaks off an answer, too, where there would have been none', async () => {
		const sandbox = await sandboxWith();
		const { id } = sandbox.seeded.project;
		const raw = await exchange(
			sandbox,
			request(sandbox, 'cut_body', true).replace('POST /v1/projects', `DELETE /v1/projects/${id}`),
		);
		expect(raw.text).toMatch(/^HTTP\/1\.1 200 OK\r\n.*content-length: 2\r\n.*\r\n\r\n\{$/is);
		expect(sandbox.state.projects.has(id)).toBe(false);
	});

	it('slow_headers: nothing comes for a while, then the answer', async () => {
		const sandbox = await sandboxWith();
		const raw = await exchange(sandbox, request(sandbox, 'slow_headers; ms=300'), 'a moment');
		expect([raw.end, raw.text]).toEqual(['open', '']);
		const start = performance.now();
		const headers = { 'x-sandbox-fault': 'slow_headers; ms=120' };
		expect((await ask(sandbox, 'GET', '/v1/projects', { headers })).status).toBe(200);
		expect(performance.now() - start).toBeGreaterThan(100);
	});

	it.each([
		['html', 200],
		['html; status=502', 502],
	])('%s: a page instead of JSON, with %d', async (fault, status) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', '/v1/projects', {
			headers: { 'x-sandbox-fault': fault },
		});
		expect([reply.status, reply.headers.get('content-type')]).toEqual([
			status,
			'text/html; charset=utf-8',
		]);
		expect(reply.text).toMatch(/^<!DOCTYPE html>/);
	});

	it.each([
		['seconds', /^2$/],
		['zero', /^0$/],
		['date', /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/],
		['past_date', /GMT$/],
		['iso_date', /^\d{4}-\d\d-\d\dT/],
		['negative', /^-5$/],
		['decimal', /^1\.5$/],
		['exponent', /^1e9$/],
		['huge', /^9999999999$/],
		['empty', /^$/],
		['junk', /^soon$/],
		['absent', null],
	])('rate_limited with Retry-After as %s', async (form, header) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', '/v1/projects', {
			headers: { 'x-sandbox-fault': `rate_limited; retry_after=${form}` },
		});
		expect([reply.status, reply.at('error.code')]).toEqual([429, 'RATE_LIMITED']);
		if (header === null) expect(reply.headers.get('retry-after')).toBeNull();
		else expect(reply.headers.get('retry-after')).toMatch(header);
	});

	it('error_after_write: 500 although it was done; the same key gets the answer, nothing is done twice', async () => {
		const sandbox = await sandboxWith();
		const count = sandbox.state.projects.size;
		const lost = await ask(sandbox, 'POST', '/v1/projects', {
			body,
			key: 'k1',
			headers: { 'x-sandbox-fault': 'error_after_write' },
		});
		const again = await ask(sandbox, 'POST', '/v1/projects', { body, key: 'k1' });
		expect([lost.status, lost.at('error.code')]).toEqual([500, 'SERVER_ERROR']);
		expect(again.status).toBe(201);
		expect(sandbox.state.projects.size).toBe(count + 1);
	});

	it.each([
		['cut_body', 'to the end'],
		['stall_body', 'a moment after the first bytes'],
	] as const)('after %s, listened to %s, the same key gets the answer', async (fault, patience) => {
		const sandbox = await sandboxWith();
		const count = sandbox.state.projects.size;
		await exchange(sandbox, request(sandbox, fault, true), patience);
		const again = await ask(sandbox, 'POST', '/v1/projects', { body, key: 'k1' });
		expect(again.status).toBe(201);
		expect(sandbox.state.projects.size).toBe(count + 1);
	});

	it('error: 503 in the envelope, nothing done', async () => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/v1/projects', {
			body,
			headers: { 'x-sandbox-fault': 'error' },
		});
		expect([reply.status, reply.at('error.code')]).toEqual([503, 'SERVICE_UNAVAILABLE']);
		const headers = { 'x-sandbox-fault': 'error; status=500' };
		const other = await ask(sandbox, 'GET', '/v1/projects', { headers });
		expect([other.status, other.at('error.code')]).toEqual([500, 'SERVER_ERROR']);
	});

	it('latency: the call waits before it is carried out', async () => {
		const sandbox = await sandboxWith();
		const count = sandbox.state.projects.size;
		const waiting = exchange(sandbox, request(sandbox, 'latency; ms=300', true), 'a moment');
		expect(await waiting).toEqual({ end: 'open', text: '' });
		expect(sandbox.state.projects.size).toBe(count);
		const headers = { 'x-sandbox-fault': 'latency; ms=80' };
		const start = performance.now();
		expect((await ask(sandbox, 'POST', '/v1/projects', { body, headers })).status).toBe(201);
		expect(performance.now() - start).toBeGreaterThan(70);
	});

	it.each([
		['redirect', 'http://127.0.0.1:9/elsewhere'],
		['redirect; to=http://127.0.0.1:9/x', 'http://127.0.0.1:9/x'],
	])('%s: to %s, with nothing done', async (fault, location) => {
		const sandbox = shared();
		const count = sandbox.state.projects.size;
		const headers = { 'x-sandbox-fault': fault };
		const reply = await ask(sandbox, 'POST', '/v1/projects', { body, headers });
		expect([reply.status, reply.headers.get('location')]).toEqual([302, location]);
		expect(sandbox.state.projects.size).toBe(count);
	});

	it('empty: a 200 without a body, with nothing done', async () => {
		const sandbox = shared();
		const count = sandbox.state.projects.size;
		const headers = { 'x-sandbox-fault': 'empty' };
		const token = sandbox.mint();
		const call = { body, headers, token: token.plain };
		const reply = await ask(sandbox, 'POST', '/v1/projects', call);
		expect([reply.status, reply.text, reply.headers.get('content-length')]).toEqual([200, '', '0']);
		expect(sandbox.state.projects.size).toBe(count);
		expect(token.last_used_at).toBeNull();
	});

	it.each([
		['earthquake', 'kind must be one of: reset, close'],
		['error; statsu=500', 'there is no statsu; there are kind, ms, status, retry_after, to.'],
		['error; __proto__=500', 'there is no __proto__; there are kind, ms, status, retry_after, to.'],
		['error; 500', 'after the kind come name=value, with ; between.'],
		['error; =500', 'after the kind come name=value, with ; between.'],
		['error; status=', 'status must be between 200 and 599.'],
	])('%s, which cannot be, is named', async (fault, message) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', '/v1/projects', {
			headers: { 'x-sandbox-fault': fault },
		});
		expect(reply.status).toBe(400);
		expect(String(reply.at('error.message'))).toContain(message);
	});
});

describe('faults for requests to come', () => {
	it('hit the next matching ones and no others', async () => {
		const sandbox = await sandboxWith();
		const rule = { kind: 'error', status: 500, times: 2, operation: 'list_projects' };
		await ask(sandbox, 'POST', '/_sandbox/faults', { body: rule });
		const statuses: number[] = [];
		for (const path of ['/v1/teams', '/v1/projects', '/v1/projects', '/v1/projects']) {
			statuses.push((await ask(sandbox, 'GET', path)).status);
		}
		expect(statuses).toEqual([200, 500, 500, 200]);
	});

	it('are none the fewer for one that has been suffered', async () => {
		const sandbox = await sandboxWith();
		sandbox.faults.add({ kind: 'error', status: 500, operation: 'list_projects', times: 1 });
		sandbox.faults.add({ kind: 'error', status: 502, operation: 'list_teams', times: 1 });
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(500);
		expect((await ask(sandbox, 'GET', '/v1/teams')).status).toBe(502);
	});

	it('are chosen by method and start of the path', async () => {
		const sandbox = await sandboxWith();
		sandbox.faults.add({ kind: 'html', times: 1, method: 'POST', path: '/v1/projects' });
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(200);
		const reply = await ask(sandbox, 'POST', '/v1/projects', { body });
		expect(reply.text).toMatch(/^<!DOCTYPE/);
	});

	it.each([
		[{ kind: 'error', status: 200 }],
		[{ kind: 'error', status: 599 }],
		[{ kind: 'latency', ms: 0 }],
		[{ kind: 'latency', ms: 600_000 }],
		[{ kind: 'redirect', to: '/x' }],
		[{ kind: 'rate_limited', retry_after: 'date' }],
		[{ kind: 'error', method: 'POST', operation: 'create_plan', path: '/v1/projects' }],
	])('%j waits, as it was given, once', async (rule) => {
		const sandbox = shared();
		expect((await ask(sandbox, 'POST', '/_sandbox/faults', { body: rule })).status).toBe(201);
		const list = await ask(sandbox, 'GET', '/_sandbox/faults');
		const { retry_after: retryAfter, ...same } = { retry_after: undefined, ...rule };
		expect(list.at('data.waiting')).toEqual([
			{ ...same, ...(retryAfter === undefined ? {} : { retryAfter }), times: 1, left: 1 },
		]);
		sandbox.faults.clear();
	});

	it('are written in a header with blanks or without, and a method in any case', async () => {
		const sandbox = await sandboxWith();
		for (const fault of ['redirect;to=/x', ' redirect ; to = /x ; ']) {
			const headers = { 'x-sandbox-fault': fault };
			const reply = await ask(sandbox, 'GET', '/v1/projects', { headers });
			expect([reply.status, reply.headers.get('location')]).toEqual([302, '/x']);
		}
		const rule = { kind: 'error', status: 503, method: 'get', path: '/v1/proj' };
		await ask(sandbox, 'POST', '/_sandbox/faults', { body: rule });
		expect((await ask(sandbox, 'GET', '/v1/teams')).status).toBe(200);
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(503);
	});

	it('can be taken back', async () => {
		const sandbox = await sandboxWith();
		sandbox.faults.add({ kind: 'error', times: 100 });
		sandbox.faults.share = 1;
		await ask(sandbox, 'DELETE', '/_sandbox/faults');
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(200);
	});

	it.each<[string, readonly object[]]>([
		['kind must be one of: reset, close, stall,', [{ kind: 'earthquake' }, { kind: 7 }]],
		[
			'times must be a whole number above 0.',
			[
				{ kind: 'error', times: 0 },
				{ kind: 'error', times: 1.5 },
			],
		],
		[
			'Must be a whole number above 0.',
			[
				{ kind: 'duplicate_delivery', times: 1.5 },
				{ kind: 'reorder_delivery', times: 0 },
			],
		],
		[
			'ms must be between 0 and 600000.',
			[-1, 600_001, true, '', [5], { toString: 1 }].map((ms) => ({ kind: 'latency', ms })),
		],
		[
			'status must be between 200 and 599.',
			[199, 600, 500.5, [500]].map((status) => ({ kind: 'error', status })),
		],
		[
			'retry_after must be one of: seconds, zero, date,',
			['never', ['date']].map((form) => ({ kind: 'rate_limited', retry_after: form })),
		],
		[
			'to must be an address.',
			[['/x'], 'http://127.0.0.1/\r\nX-More: 1'].map((to) => ({ kind: 'redirect', to })),
		],
		// What would never match, or would match everything.
		[
			'method must be one of: GET, HEAD, POST, PATCH, DELETE.',
			[['POST'], 'PUSH'].map((method) => ({ kind: 'error', method })),
		],
		[
			'operation must be a key such as create_plan.',
			['create_plans', ['create_plan']].map((operation) => ({ kind: 'error', operation })),
		],
		[
			'path must be the start of one, such as /v1/projects.',
			['v1/projects', 7].map((path) => ({ kind: 'error', path })),
		],
		['there is no oparation; there are kind,', [{ kind: 'error', oparation: 'create_plan' }]],
	])('are refused where %s', async (told, rules) => {
		const sandbox = shared();
		for (const body of rules) {
			const reply = await ask(sandbox, 'POST', '/_sandbox/faults', { body });
			const fields = Object.values(reply.at('error.fields') as object);
			expect([reply.status, fields]).toEqual([422, [[expect.stringContaining(told)]]]);
		}
	});

	it('come by chance, in the share that the sandbox is started with', async () => {
		const sandbox = await sandboxWith({ failShare: 1 });
		expect(sandbox.faults.share).toBe(1);
		const status = await ask(sandbox, 'GET', '/v1/teams').then(
			(reply) => reply.status,
			() => 'broken',
		);
		expect(status).not.toBe(200);
	});

	it('come by chance as all that a service that is ill answers, the same ones with the same seed', () => {
		const read = { method: 'GET', path: '/v1/teams', operations: ['list_teams'] };
		const run = (): readonly string[] => {
			const faults = new Faults(seededRandom('chance'), 0.25);
			return Array.from({ length: 1_000 }, () => JSON.stringify(faults.take(read)));
		};
		const seen = run();
		expect(run()).toEqual(seen);
		const found = seen.filter((one) => one !== 'null');
		expect(found.length).toBeGreaterThan(200);
		expect(found.length).toBeLessThan(300);
		expect([...new Set(found)].toSorted()).toEqual([
			'{"kind":"cut_body"}',
			'{"kind":"error","status":500}',
			'{"kind":"error","status":503}',
			'{"kind":"error_after_write"}',
			'{"kind":"html","status":502}',
			'{"kind":"rate_limited","retryAfter":"seconds"}',
			'{"kind":"reset"}',
		]);
	});
});

it('latency holds up every call of the API', async () => {
	const sandbox = await sandboxWith({ latencyMs: 80 });
	const start = performance.now();
	await ask(sandbox, 'GET', '/v1/projects');
	expect(performance.now() - start).toBeGreaterThan(70);
});

it('a stalled request does not keep the sandbox from closing', async () => {
	const sandbox = await sandboxWith();
	const headers = { 'x-sandbox-fault': 'stall' };
	const stalled = ask(sandbox, 'GET', '/v1/projects', { headers }).catch(String);
	await new Promise((resolve) => setTimeout(resolve, 50));
	await sandbox.close();
	expect(await stalled).toBe('TypeError: fetch failed');
});
