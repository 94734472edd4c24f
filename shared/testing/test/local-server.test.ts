import { once } from 'node:events';
import { connect } from 'node:net';

import nock from 'nock';

import { type LocalServer, serve } from '../src/local-server.ts';

beforeAll(() => nock.restore());

let server: LocalServer | null = null;
afterEach(() => server?.close());

const post = async (body: string): Promise<string> => {
	const { origin } = server ?? { origin: '' };
	const response = await fetch(origin, { method: 'POST', body });
	return `${response.status} ${await response.text()}`;
};

it('a server of a test answers when the body is there', async () => {
	server = await serve((_, response, body) => response.end(`took ${body.toString()}`));
	expect(await post('héllo')).toBe('200 took héllo');
});

it('a server of a test lives on after an answer that failed, and after somebody who broke off', async () => {
	const bodies: string[] = [];
	server = await serve((_, response, body) => {
		bodies.push(body.toString());
		if (bodies.length === 1) throw new Error('No answer.');
		response.end('fine');
	});
	await expect(post('first')).rejects.toThrow('fetch failed');
	const socket = connect(Number(new URL(server.origin).port), '127.0.0.1');
	await once(socket, 'connect');
	socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf');
	socket.destroy();
	await once(socket, 'close');
	expect(await post('second')).toBe('200 fine');
	expect(bodies).toEqual(['first', 'second']);
});

it('a server of a test ends although somebody waits for its answer', async () => {
	const asked = Promise.withResolvers<null>();
	const silent = await serve(() => asked.resolve(null));
	const answer = fetch(silent.origin).catch(() => 'ended');
	await asked.promise;
	await silent.close();
	expect(await answer).toBe('ended');
});
