import {
	createServer,
	type IncomingMessage,
	request,
	type Server,
	type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { ownConnection } from './server.mts';

/** Something that listens on a port of this machine. */
export interface Service {
	readonly port: number;
	stop(): Promise<void>;
}

/**
 * Passes each request on to the port it is told, which may be some time in coming. Answers 502 where nobody is behind it.
 *
 * @param tls has it speak TLS to whoever asks.
 */
export async function startProxy(
	portFor: (incoming: IncomingMessage) => number | Promise<number>,
	tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<Service> {
	const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
		const port = await portFor(incoming);
		// Whoever asked is gone.
		if (outgoing.closed) return;
		const { url: path, method, headers } = incoming;
		const options = { host: '127.0.0.1', port, path, method, agent: false };
		// What is behind it does not know by which name it was asked for.
		const own = tls === undefined ? ownConnection : { ...ownConnection, host: `127.0.0.1:${port}` };
		const passed = request({ ...options, headers: { ...headers, ...own } }, (answer) => {
			outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(outgoing);
		});
		passed.on('error', () => {
			if (outgoing.headersSent) outgoing.destroy();
			else outgoing.writeHead(502).end();
		});
		incoming.pipe(passed);
	};
	const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void =>
		void pass(incoming, outgoing);
	return await listening(
		tls === undefined ? createServer(answer) : createSecureServer(tls, answer),
	);
}

/** The server on a free port, with a way to stop it that waits for no connection. */
export async function listening(server: Server): Promise<Service> {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		port: (server.address() as AddressInfo).port,
		stop: async () =>
			await new Promise((done) => {
				server.closeAllConnections();
				server.close(() => done());
			}),
	};
}
