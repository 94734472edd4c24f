import { once } from 'node:events';
import { connect } from 'node:net';

import { RealClock, startSandbox } from '../src/index.ts';
import { ask, sandboxWith, useSandbox } from './support/sandbox.ts';

/** Sends bytes as they are; resolves with everything that came back. */
function bare(url: string, bytes: string | Buffer): Promise<string> {
	return new Promise((resolve) => {
		const { hostname, port } = new URL(url);
		const socket = connect(Number(port), hostname);
		let text = '';
		socket.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
		socket.on('error', () => undefined);
		socket.on('close', () => resolve(text));
		// Nothing more will come from here: the server answers what it can, and closes.
		socket.on('connect', () => socket.end(bytes));
	});
}

/** One for all that comes in: it has to stand all of it. */
const shared = useSandbox({ rateLimits: false });

const envelope = {
	code: expect.any(String),
	message: expect.any(String),
	docs_url: expect.any(String),
	remediation: expect.any(String),
	request_id: expect.stringMatching(/^req_/),
};

describe('whatever comes in', () => {
	it.each([
		['half a JSON text', '{"name":', 400, 'MALFORMED_REQUEST'],
		['no JSON', 'name=x', 400, 'MALFORMED_REQUEST'],
		['a list', '[1,2]', 400, 'MALFORMED_REQUEST'],
		['a text', '"name"', 400, 'MALFORMED_REQUEST'],
		['__proto__', '{"__proto__":{"admin":true},"name":"A fine name"}', 400, 'MALFORMED_REQUEST'],
		['constructor.prototype', '{"constructor":{"prototype":{}}}', 400, 'MALFORMED_REQUEST'],
		['an empty body', '', 422, 'VALIDATION_FAILED'],
		['null', 'null', 422, 'VALIDATION_FAILED'],
		['a null byte in a text', '{"name":"a\\u0000"}', 422, 'VALIDATION_FAILED'],
		[
			'as much nesting as is read',
			`{"name":${'['.repeat(32)}${']'.repeat(32)}}`,
			422,
			'VALIDATION_FAILED',
		],
		['one more', `{"name":${'['.repeat(33)}${']'.repeat(33)}}`, 400, 'MALFORMED_REQUEST'],
		['deep nesting', `{"name":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400, 'MALFORMED_REQUEST'],
	])('%s: the envelope', async (_name, raw, status, code) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/v1/projects', { raw });
		expect([reply.status, reply.at('error.code')]).toEqual([status, code]);
		expect(reply.at('error')).toMatchObject(envelope);
	});

	it('an event that is nested too deeply is refused, or no list with it could be read any more', async () => {
		const sandbox = shared();
		const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
		const raw = `{"type":"plan.created","data":{"x":${deep}}}`;
		const reply = await ask(sandbox, 'POST', '/_sandbox/events', { raw });
		expect([reply.status, reply.at('error.message')]).toEqual([
			400,
			'The body is nested too deeply.',
		]);
		expect((await ask(sandbox, 'GET', '/_sandbox/events')).status).toBe(200);
	});

	it.each([
		[1_048_576, 422],
		[1_048_577, 413],
	])('a body of %d bytes: %d', async (size, status) => {
		const frame = '{"name":""}';
		const raw = frame.replace('""', `"${'x'.repeat(size - frame.length)}"`);
		expect((await ask(shared(), 'POST', '/v1/projects', { raw })).status).toBe(status);
	});

	it('10 MB: 413, and the next request is served', async () => {
		const sandbox = shared();
		const raw = JSON.stringify({ name: 'x'.repeat(10_000_000) });
		const reply = await ask(sandbox, 'POST', '/v1/projects', { raw });
		expect([reply.status, reply.at('error.code')]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(200);
	});

	it.each([
		['text/plain', 415],
		['application/x-www-form-urlencoded', 415],
		['multipart/form-data; boundary=x', 415],
		['application/xml', 415],
		['nonsense', 415],
		['application/json; charset=utf-8', 201],
	])('a body of type %s: %d', async (type, status) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/v1/projects', {
			raw: '{"name":"A fine name"}',
			headers: { 'content-type': type },
		});
		expect(reply.status).toBe(status);
	});

	it.each([
		['GET', '/', 200],
		['GET', '/v1', 404],
		['GET', '/v1/', 404],
		['GET', '/v2/projects', 404],
		['GET', '/v1/unicorns', 404],
		['GET', '/v1/projects/', 404],
		['GET', '/v1/projects/%00', 404],
		['GET', '/v1/projects/..%2f..%2fetc%2fpasswd', 404],
		['GET', `/v1/projects/${'x'.repeat(3_000)}`, 404],
		['GET', '/v1/projects/__proto__', 404],
		['GET', '/v1/projects/constructor', 404],
		['GET', '/_sandbox/unicorns', 404],
		['PUT', '/v1/projects', 405],
		['DELETE', '/v1/projects', 405],
		['PATCH', '/v1/subscriptions', 405],
		['POST', '/v1/teams', 405],
		['OPTIONS', '/v1/projects', 405],
		['POST', '/openapi.json', 405],
		['POST', '/openapi-json', 404],
	])('%s %s: %d in the envelope', async (method, path, status) => {
		const sandbox = shared();
		const reply = await ask(sandbox, method, path);
		expect(reply.status).toBe(status);
		if (status !== 200) expect(reply.at('error')).toMatchObject(envelope);
	});

	it.each([
		['/v1/projects', 'GET, POST'],
		['/v1/projects/prj_1', 'GET, PATCH, DELETE'],
	])('a wrong method of %s is told the right ones: %s', async (path, methods) => {
		const reply = await ask(shared(), 'PUT', path);
		expect(reply.headers.get('allow')).toBe(methods);
		expect(reply.at('error.message')).toBe('The path exists, but not with this method.');
	});

	it.each([
		['no HTTP', 'hello\r\n\r\n'],
		['a broken header', 'GET /v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nbroken\r\n\r\n'],
		['a control character in a header', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\u0001b\r\n\r\n'],
		['no host, which HTTP/1.1 asks for', 'GET /v1/projects HTTP/1.1\r\n\r\n'],
		['a space in the path', 'GET /v1/pro jects HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
		[
			'two lengths',
			'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
		],
		['a length that is none', 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n'],
		['TLS', Buffer.from('16030100a50100', 'hex')],
	])('%s: 400 with the envelope', async (_name, bytes) => {
		const sandbox = shared();
		const text = await bare(sandbox.url, bytes);
		expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
		const [, json = '{}'] = text.split('\r\n\r\n');
		expect(JSON.parse(json)).toEqual({ error: envelope });
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(200);
	});

	it('a wish to be connected to elsewhere: 405 with the envelope', async () => {
		const text = await bare(
			shared().url,
			'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n',
		);
		const [head = '', json = '{}'] = text.split('\r\n\r\n');
		expect(head).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
		expect(JSON.parse(json)).toEqual({
			error: {
				...envelope,
				code: 'METHOD_NOT_ALLOWED',
				message: 'The sandbox is no proxy.',
				remediation: 'Use its address as the base URL.',
			},
		});
	});

	it('who is told so and stays does not keep the sandbox from closing', async () => {
		const sandbox = await startSandbox();
		const { hostname, port } = new URL(sandbox.url);
		const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
		socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
		await once(socket, 'data');
		await sandbox.close();
		socket.destroy();
		await expect(fetch(sandbox.url)).rejects.toThrow('fetch failed');
	});

	it('an expectation that nobody knows is ignored: the answer is that of the call', async () => {
		const text = await bare(
			shared().url,
			'GET /v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: tea\r\nConnection: close\r\n\r\n',
		);
		expect(text).toMatch(/^HTTP\/1\.1 401 /);
		expect(text).toContain('"AUTHENTICATION_REQUIRED"');
	});

	it('32 KB of headers: 431 with the envelope', async () => {
		const sandbox = shared();
		const junk = `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(32_768)}\r\n\r\n`;
		const text = await bare(sandbox.url, junk);
		expect(text).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
		expect(text).toContain('"HEADERS_TOO_LARGE"');
	});

	it('a path that cannot be decoded: the envelope', async () => {
		const sandbox = shared();
		const text = await bare(
			sandbox.url,
			`GET /v1/projects/%zz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
		);
		expect(text).toMatch(/^HTTP\/1\.1 400 /);
		expect(text).toContain('"request_id":"req_');
	});

	it.each([
		[
			'in the middle',
			'POST /v1/projects HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{',
		],
		['before it is told that it cannot be connected', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
	])('a client that goes away %s does no harm', async (_, bytes) => {
		const sandbox = shared();
		const { hostname, port } = new URL(sandbox.url);
		await Promise.all(
			Array.from({ length: 20 }, async () => {
				const socket = connect(Number(port), hostname);
				await once(socket, 'connect');
				socket.write(bytes);
				socket.resetAndDestroy();
			}),
		);
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(200);
	});

	it('a mistake of the sandbox itself is a plain 500 without a trace', async () => {
		const told: unknown[] = [];
		const sandbox = await sandboxWith({ onError: (error) => told.push(error) });
		// A table that throws stands for any mistake.
		sandbox.state.projects.values = () => {
			throw new Error('secret detail at /home/someone');
		};
		const reply = await ask(sandbox, 'GET', '/v1/projects');
		expect([reply.status, reply.at('error.code')]).toEqual([500, 'SERVER_ERROR']);
		expect(reply.text).not.toMatch(/secret detail|\.ts|node_modules/);
		expect(told).toHaveLength(1);
	});
});

describe('who may reach it', () => {
	it.each(['0.0.0.0', '::', '192.168.1.20', 'example.com', ''])(
		'it does not listen on %j without being told, and says why',
		async (host) => {
			await expect(startSandbox({ host })).rejects.toThrow(
				/will not listen on .*: whoever reaches it can read its tokens/,
			);
		},
	);

	it('it listens there when allowed', async () => {
		const sandbox = await sandboxWith({ host: '0.0.0.0', allowRemote: true });
		expect((await ask(sandbox, 'GET', '/v1/projects')).status).toBe(200);
	});

	it('where it cannot listen it leaves no clock running', async () => {
		const clock = new RealClock();
		const end = jest.spyOn(clock, 'close');
		const port = Number(new URL(shared().url).port);
		await expect(startSandbox({ clock, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
		expect(end).toHaveBeenCalledTimes(1);
	});

	it.each([
		'evil.example',
		'evil.example:4010',
		'127.0.0.1.evil.example',
		'localhost.evil.example',
	])('a call for host %s is refused: a web page could have rebound its name', async (host) => {
		const sandbox = shared();
		const text = await bare(
			sandbox.url,
			`GET /_sandbox HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
		);
		expect(text).toMatch(/^HTTP\/1\.1 421 /);
		expect(text).not.toContain('mpt_');
	});

	it('a call of HTTP/1.0, which names no host, is served', async () => {
		const text = await bare(shared().url, 'GET /_sandbox HTTP/1.0\r\n\r\n');
		expect(text).toMatch(/^HTTP\/1\.1 200 /);
	});

	it('the control routes refuse a page of another origin', async () => {
		const sandbox = shared();
		const statuses: number[] = [];
		for (const origin of [
			'https://evil.example',
			sandbox.url,
			sandbox.url.replace('http:', 'https:'),
		]) {
			const body = { type: 'plan.created' };
			const reply = await ask(sandbox, 'POST', '/_sandbox/events', { body, headers: { origin } });
			statuses.push(reply.status);
		}
		expect(statuses).toEqual([421, 201, 201]);
	});
});
