import http from 'node:http';
import https from 'node:https';

import nock from 'nock';

import { moduleAddress, runNode } from '../src/in-tests.ts';

function get(url: string): Promise<number> {
	return new Promise((resolve, reject) => {
		http.get(url, (response) => resolve(response.resume().statusCode ?? 0)).on('error', reject);
	});
}

describe('the test set-up', () => {
	it.each(['api.memberpass.net', '127.0.0.1.example.com', 'not-localhost'])(
		'refuses every host beyond loopback: %s',
		async (host) => {
			await expect(get(`http://${host}/v1/teams`)).rejects.toThrow(/Disallowed net connect/);
		},
	);

	it('lets loopback through', async () => {
		const server = http.createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
		await new Promise((resolve) => server.once('listening', resolve));
		const { port } = server.address() as { port: number };
		await expect(get(`http://127.0.0.1:${port}/`)).resolves.toBe(200);
		await new Promise((resolve) => server.close(resolve));
	});

	it('lets no test wait longer than 50 ms by the clock', async () => {
		expect(() => setTimeout(() => undefined, 51)).toThrow(
			'A test waits 51 ms by the clock. Wait for what is to happen, or 50 ms at most.',
		);
		await new Promise((resolve) => setTimeout(resolve, 50));
		await new Promise<void>((resolve) => setTimeout(resolve));
	});

	it('lets no test pass that expects nothing', () => {
		expect(expect.getState()).toMatchObject({ isExpectingAssertions: true });
	});

	it('tells a list that holds nothing known from an empty one', () => {
		expect([undefined]).not.toEqual([]);
		expect({ messages: ['a'] }).not.toEqual({ messages: ['a', undefined] });
		expect([{ gone: undefined }]).toEqual([{}]);
	});

	it('lets no test pass that leaves an expected request unsent', () => {
		const names = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'] as const;
		const hooks = names.map((name) => jest.spyOn(globalThis, name).mockReturnValue(undefined));
		const left = ['GET https://api.memberpass.net/v1/teams'];
		jest.isolateModules(() => {
			const cleanAll = (): void => void left.splice(0);
			const fake = { restore: () => undefined, pendingMocks: () => [...left], cleanAll };
			jest.doMock('nock', () => ({ __esModule: true, default: fake }));
			jest.requireActual('../src/setup.ts');
		});
		const afterEachTest = hooks[2]?.mock.calls.map(([hook]) => hook as () => void) ?? [];
		for (const hook of hooks) hook.mockRestore();
		jest.dontMock('nock');
		expect(afterEachTest).toHaveLength(1);
		expect(() => afterEachTest[0]?.()).toThrow(
			'These requests were expected and never sent:\nGET https://api.memberpass.net/v1/teams',
		);
		// The next one has nothing to do with them.
		expect(() => afterEachTest[0]?.()).not.toThrow();
	});

	it('leaves no handle open below a TLS socket that nock answered on', async () => {
		const open = (): number =>
			process.getActiveResourcesInfo().filter((one) => one === 'TCPSocketWrap').length;
		const before = open();
		nock('https://api.memberpass.net').get('/v1/teams').times(3).reply(200, { data: [] });
		const ask = (): Promise<void> =>
			new Promise((resolve, reject) => {
				https
					.get('https://api.memberpass.net/v1/teams', (response) => response.resume())
					.on('close', resolve)
					.on('error', reject);
			});
		for (const _ of [1, 2, 3]) await ask();
		await new Promise((resolve) => setTimeout(resolve, 10));
		// Sockets of the tests before may have gone meanwhile.
		expect(open()).toBeLessThanOrEqual(before);
	});

	it('answers from nock where a test says so', async () => {
		nock('http://api.memberpass.net').get('/v1/teams').reply(204);
		await expect(get('http://api.memberpass.net/v1/teams')).resolves.toBe(204);
	});
});

it('what other workspaces import by name leaves their requests alone: the build of the site reads fixtures', async () => {
	const script = `
		const before = fetch;
		await import(${JSON.stringify(moduleAddress(__dirname, '../src/index.ts'))});
		process.stdout.write(String(fetch === before));
	`;
	const { stdout, stderr } = await runNode(['--input-type=module', '--eval', script]);
	expect([stdout, stderr]).toEqual(['true', '']);
});
