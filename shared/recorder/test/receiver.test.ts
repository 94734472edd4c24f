import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

import { platform } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';
import nock from 'nock';

import { type Receiver, startReceiver } from '../src/deliveries.ts';

/** Sockets are real here: whoever sends to a receiver is another program. */
beforeAll(() => nock.restore());

const now = Date.parse('2026-11-27T12:00:00Z');
const secret = 'mps_example_of_a_test';
const event = JSON.stringify({
	id: 'evt_01JV9K3PZM4T8QX6WBNRH2C5DJ',
	type: 'plan.created',
	created_at: '2026-11-27T12:00:00Z',
	api_version: '2026-05-01',
	project_id: null,
	data: {},
});

const receivers: Receiver[] = [];
const servers: Server[] = [];
afterEach(async () => {
	for (const receiver of receivers.splice(0)) await receiver.close();
	for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function receiverAt(tunnel = 'http://127.0.0.1:0', port = 0): Promise<Receiver> {
	const receiver = await startReceiver(new URL(tunnel), port, platform, { now: () => now });
	receivers.push(receiver);
	receiver.secrets.push(secret);
	return receiver;
}

interface Sent {
	readonly url?: string;
	readonly method?: string;
	readonly body?: string;
	/** Null sends none. */
	readonly signature?: string | null;
}

async function send(receiver: Receiver, sent: Sent = {}): Promise<number> {
	const { url = receiver.url, method = 'POST', body = event } = sent;
	const signed = signBody(Buffer.from(body), secret, now / 1000, null);
	const { signature = signed } = sent;
	const response = await fetch(url, {
		method,
		...(method === 'GET' ? {} : { body }),
		headers: signature === null ? {} : { [platform.headers.signature]: signature },
	});
	await response.text();
	return response.status;
}

describe('a receiver keeps what the secret of the endpoint signed, and nothing else', () => {
	it('a delivery, byte for byte', async () => {
		const receiver = await receiverAt();
		expect(await send(receiver)).toBe(200);
		expect(receiver.deliveries.map(({ body }) => body)).toEqual([event]);
		expect(receiver.refused).toBe(0);
	});

	const old = now / 1000 - 301;
	it.each<readonly [string, Sent]>([
		['no signature', { signature: null }],
		[
			'the signature of another secret',
			{ signature: signBody(Buffer.from(event), 'other', now / 1000, null) },
		],
		[
			'the signature of another body',
			{ signature: signBody(Buffer.from('{}'), secret, now / 1000, null) },
		],
		[
			'a signature of five minutes ago',
			{ signature: signBody(Buffer.from(event), secret, old, null) },
		],
		['signed JSON that is no event', { body: '{"hello":"world"}' }],
		['signed text', { body: 'hello' }],
		['nothing, signed', { body: '' }],
	])('%s: 401, so that MemberPass tries again', async (_name, sent) => {
		const receiver = await receiverAt();
		expect(await send(receiver, sent)).toBe(401);
		expect([receiver.deliveries, receiver.refused]).toEqual([[], 1]);
	});

	it('a delivery that comes before the secret is known is refused until it is', async () => {
		const receiver = await receiverAt();
		receiver.secrets.length = 0;
		expect(await send(receiver)).toBe(401);
		receiver.secrets.push(secret);
		expect(await send(receiver)).toBe(200);
	});

	it('another path or another method: 404', async () => {
		const receiver = await receiverAt();
		const { origin, pathname } = new URL(receiver.url);
		const others = ['/', '/recorder-', `${pathname}x`, `${pathname}/x`];
		const statuses = [];
		for (const path of others) statuses.push(await send(receiver, { url: origin + path }));
		statuses.push(await send(receiver, { method: 'GET' }), await send(receiver, { method: 'PUT' }));
		expect(statuses).toEqual([404, 404, 404, 404, 404, 404]);
		expect([receiver.deliveries, receiver.refused]).toEqual([[], 0]);
	});

	it('more than a megabyte: 404, and what fits is kept', async () => {
		const receiver = await receiverAt();
		const filled = (bytes: number): string => event + ' '.repeat(bytes - event.length);
		expect(await send(receiver, { body: filled(1024 * 1024 + 1) })).toBe(404);
		expect(receiver.deliveries).toEqual([]);
		expect(await send(receiver, { body: filled(1024 * 1024) })).toBe(200);
	});
});

describe('the address of a receiver', () => {
	it('cannot be guessed, and is below that of the tunnel, which may cut its own part off', async () => {
		const [one, two] = [await receiverAt('http://127.0.0.1:0/tunnel/'), await receiverAt()];
		const { origin, pathname } = new URL(one.url);
		expect(pathname).toMatch(/^\/tunnel\/recorder-[0-9a-f]{24}$/);
		expect(new URL(two.url).pathname).toMatch(/^\/recorder-[0-9a-f]{24}$/);
		expect(new URL(two.url).pathname).not.toBe(pathname.slice('/tunnel'.length));
		const short = origin + pathname.slice('/tunnel'.length);
		expect(await send(one, { url: `${short}?x=1` })).toBe(200);
	});

	it('is of this machine only', async () => {
		const receiver = await receiverAt();
		// Whoever listens on every address listens on this one, too.
		const socket = connect(Number(new URL(receiver.url).port), '127.0.0.2');
		const reached = await new Promise<boolean>((resolve) => {
			socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		});
		socket.destroy();
		expect(reached).toBe(false);
	});

	it('that is taken is told with what to do', async () => {
		const server = createServer();
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		await expect(receiverAt('https://tunnel.example.com', port)).rejects.toThrow(
			`Port ${port} is taken. Choose another with --listen.`,
		);
	});

	it('is let go although somebody holds a line open', async () => {
		const receiver = await receiverAt();
		const socket = connect(Number(new URL(receiver.url).port), '127.0.0.1');
		const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
		socket.on('error', () => undefined);
		await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
		socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n');
		await receiver.close();
		receivers.length = 0;
		await closed;
	});
});
