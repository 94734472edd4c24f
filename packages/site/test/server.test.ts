import { mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import nock from 'nock';

import { showProgram } from '../../../shared/testing/src/child.ts';
import { runNode } from '../../../shared/testing/src/in-tests.ts';
import { temporaryFolder } from '../../../shared/testing/src/temporary.ts';
import { explainFailure } from '../../sandbox/src/command.ts';
import { find, readPort, serveSite, type SiteServer, withSlash } from '../src/server.ts';

const files: Readonly<Record<string, string>> = {
	'site/index.html': 'first page',
	'site/404.html': 'not here',
	'site/events/index.html': 'events',
	'site/events/subscription.past_due.html': 'past due',
	'site/both.html': 'page',
	'site/both': 'file without an extension',
	'site/assets/app.js': 'app()',
	'site/assets/font.woff2': 'font',
	'site/vp.css': 'a {}',
	'site/icon.svg': '<svg/>',
	'site/search.json': '{}',
	'site/recipe.bin': 'bytes',
	'package.json': 'above',
	'site-of-another/secret.html': 'beside',
	'site.html': 'beside, with the name of the folder',
};
const temporary = temporaryFolder('memberpass-site-');
const folder = join(temporary.path, 'site');
let site: SiteServer;
beforeAll(async () => {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(temporary.path, path)), { recursive: true });
		writeFileSync(join(temporary.path, path), text);
	}
	site = await serveSite(folder, 0);
});
afterAll(async () => {
	await site.close();
	temporary.remove();
});

interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

/** What the server really sends: fetch would unpack it. */
const ask = (
	path: string,
	method = 'GET',
	headers: Record<string, string> = {},
	from = site.url,
): Promise<Answer> =>
	new Promise((resolve, reject) => {
		request(`${from}${path}`, { method, headers, agent: false }, (response) => {
			const chunks: Buffer[] = [];
			response
				.on('data', (chunk: Buffer) => void chunks.push(chunk))
				.on('error', reject)
				.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						headers: response.headers,
						body: Buffer.concat(chunks),
					}),
				);
		})
			.on('error', reject)
			.end();
	});

it('the site is not served before it is built, and it says what to do', async () => {
	const missing = join(tmpdir(), 'memberpass-no-such-site');
	await expect(serveSite(missing, 0)).rejects.toThrow(
		new RangeError(
			`There is no built site in ${missing}. Build it: npm run build -w memberpass-site.`,
		),
	);
});

const cli = join(__dirname, '../src/cli.ts');

it.each(['65536', '1e3', '-1', '', 'many'])('"%s" is no port', (port) => {
	expect(() => readPort(port)).toThrow(
		new RangeError(`--port must be a whole number from 0 to 65535, not "${port}".`),
	);
});

it('npm run site refuses a port that is none in a line', async () => {
	expect(await runNode([cli, '--port=65536', '--no-build'])).toEqual({
		code: 1,
		stdout: '',
		stderr: '--port must be a whole number from 0 to 65535, not "65536".\n',
	});
});

it('npm run site says that a port is taken before it builds', async () => {
	const other = createServer();
	await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
	const { port } = other.address() as AddressInfo;
	const ran = await runNode([cli, `--port=${port}`]);
	other.close();
	expect(ran).toEqual({
		code: 1,
		stdout: '',
		stderr: 'The port is taken. Choose another with --port, or 0 for any.\n',
	});
});

it('npm run site says in a line that the program is missing which builds it', async () => {
	const { path: cwd, remove } = temporaryFolder('memberpass-site-');
	const missing: unknown = await showProgram('no-such-program', [], { cwd }).catch(
		(error: unknown) => error,
	);
	remove();
	expect(explainFailure(missing)).toBe(
		'There is no no-such-program on the PATH. "npm run" finds what npm has installed.',
	);
});

describe('a path', () => {
	it.each([
		['/', 'index.html'],
		['/events/', 'events/index.html'],
		['/events/subscription.past_due.html', 'events/subscription.past_due.html'],
		['/events/subscription.past_due', 'events/subscription.past_due.html'],
		['/events/subscription.past_due?x=1#y', 'events/subscription.past_due.html'],
		['/events/subscription%2Epast_due', 'events/subscription.past_due.html'],
		['/both', 'both'],
	])('%s is the file %s', (target, file) => {
		expect(find(folder, target)).toBe(join(folder, file));
		expect(find(`${folder}/`, target)).toBe(join(folder, file));
	});

	it.each([
		'/../package.json',
		'/..%2fpackage.json',
		'/%2e%2e/package.json',
		'/events/..%2f..%2fpackage.json',
		'/..\\package.json',
		'/..%2fsite-of-another/secret',
		'/..%2fsite',
		'/%00',
		'/index.html%00',
		'/%',
		'//evil.example/x',
		'//',
		'/assets',
		'/assets/',
		'/no-such-page',
	])('%s is nothing: a folder, no file, or outside of the site', (target) => {
		expect(find(folder, target)).toBeNull();
	});
});

describe('the server', () => {
	// It would answer for an address that nobody listens on, and keep half a request to itself.
	beforeAll(() => nock.restore());

	it.each([
		['/', 'text/html; charset=utf-8', 'no-cache'],
		['/assets/app.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
		['/assets/font.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
		['/vp.css', 'text/css; charset=utf-8', 'no-cache'],
		['/icon.svg', 'image/svg+xml', 'no-cache'],
		['/search.json', 'application/json; charset=utf-8', 'no-cache'],
		['/recipe.bin', 'application/octet-stream', 'no-cache'],
	])('says what %s is, lets nobody guess, and how long it stays', async (path, type, cache) => {
		const { status, headers } = await ask(path);
		expect([status, headers]).toEqual([
			200,
			expect.objectContaining({
				'content-type': type,
				'x-content-type-options': 'nosniff',
				'cache-control': cache,
				vary: 'Accept-Encoding',
			}),
		]);
	});

	it.each([
		['/', 'br, gzip', 'gzip', 'first page'],
		['/search.json', 'gzip', 'gzip', '{}'],
		['/icon.svg', 'gzip', 'gzip', '<svg/>'],
		['/', 'br, xgzip', undefined, 'first page'],
		['/', undefined, undefined, 'first page'],
		['/assets/font.woff2', 'gzip', undefined, 'font'],
	])('sends %s to who takes %s packed as %s', async (path, takes, packed, text) => {
		const answer = await ask(path, 'GET', takes === undefined ? {} : { 'Accept-Encoding': takes });
		expect(answer.headers['content-encoding']).toBe(packed);
		expect(String(packed === 'gzip' ? gunzipSync(answer.body) : answer.body)).toBe(text);
	});

	it.each([
		['/events', '/events/'],
		['/events?x=1', '/events/'],
	])('sends who asks for the folder %s to its page', async (path, location) => {
		const { status, headers } = await ask(path);
		expect([status, headers.location]).toEqual([302, location]);
	});

	it.each([
		['/assets', null],
		['/%', null],
		['http://[', null],
		// Two slashes would begin the address of another host.
		['/.//events', '/events/'],
	])('sends who asks for %s to nothing but a page of its own: %s', (path, location) => {
		expect(withSlash(folder, path)).toBe(location);
	});

	it('answers 404 with the page for that where nothing is there', async () => {
		const { status, body } = await ask('/nothing');
		expect([status, String(body)]).toEqual([404, 'not here']);
	});

	it('sends the headers alone where only they are asked for', async () => {
		const { status, headers, body } = await ask('/', 'HEAD');
		expect([status, headers['content-type'], body.length]).toEqual([
			200,
			'text/html; charset=utf-8',
			0,
		]);
	});

	it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
		'takes no %s, and says what it takes',
		async (method) => {
			const { status, headers, body } = await ask('/', method);
			expect([status, headers.allow, body.length]).toEqual([405, 'GET, HEAD', 0]);
		},
	);

	it('listens on this machine alone', async () => {
		const port = Number(new URL(site.url).port);
		// A server on all addresses could be reached by this one too.
		const reached = new Promise((resolve) => {
			const socket = connect(port, '127.0.0.2');
			socket.on('connect', () => resolve(socket.destroy())).on('error', resolve);
		});
		expect(await reached).toMatchObject({ syscall: 'connect', address: '127.0.0.2' });
		expect(new URL(site.url).hostname).toBe('127.0.0.1');
	});

	it('fails with the code of Node where the port is taken', async () => {
		const port = Number(new URL(site.url).port);
		await expect(serveSite(folder, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
	});

	it('goes on after a reader that leaves half-way', async () => {
		const left = new Promise((resolve) => {
			const asked = request(`${site.url}/`, { agent: false }, (response) => {
				response.on('close', resolve).destroy();
			});
			asked.on('error', resolve).end();
		});
		await left;
		expect((await ask('/')).status).toBe(200);
	});

	it('stops at once, whoever has a request half sent', async () => {
		const other = await serveSite(folder, 0);
		const socket = connect(Number(new URL(other.url).port), '127.0.0.1');
		await new Promise((resolve) => socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n', resolve));
		// The server has read the half before it answers a whole one.
		await ask('/', 'GET', {}, other.url);
		const left = new Promise((resolve) => socket.on('error', resolve).on('close', resolve));
		await other.close();
		await left;
		expect(socket.destroyed).toBe(true);
	});
});
