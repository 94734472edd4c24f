import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface LocalServer {
	/** Without a slash at its end. */
	readonly origin: string;
	/** Ends it, whatever connections are open. */
	close(): Promise<void>;
}

/** Starts an HTTP server on a free port of 127.0.0.1, which answers a request as soon as its body is there. */
export async function serve(
	answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown,
): Promise<LocalServer> {
	const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		await answer(request, response, await buffer(request));
	};
	const server = createServer((request, response) => {
		// Whoever breaks off while sending, or cannot be answered, ends no more than the one connection.
		take(request, response).catch(() => response.destroy());
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${port}`,
		close: async () => {
			const closed = once(server, 'close');
			server.close().closeAllConnections();
			await closed;
		},
	};
}
