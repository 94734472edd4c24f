import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a platform makes of one delivery that came over the network. */
export type Receive = (
	path: string,
	headers: IncomingHttpHeaders,
	body: Buffer,
) => Promise<{ readonly status: number; readonly items: readonly unknown[] }>;

/** A receiver of deliveries on this machine, in front of a platform's trigger. */
export interface Receiver {
	/** Without a slash at its end. */
	readonly url: string;
	/** Everything that became a run, in the order it came. */
	readonly items: readonly unknown[];
	/** Answers of the next deliveries, instead of the platform's: a receiver that is down. */
	failNext(times: number): void;
	close(): Promise<void>;
}

export async function openReceiver(receive: Receive): Promise<Receiver> {
	const items: unknown[] = [];
	let failing = 0;
	const server = createServer((request, response) => {
		const answer = async (): Promise<void> => {
			const body = await buffer(request);
			if (failing > 0) {
				failing--;
				response.writeHead(503).end('down');
				return;
			}
			const result = await receive(request.url ?? '/', request.headers, body);
			items.push(...result.items);
			response.writeHead(result.status).end();
		};
		answer().catch(() => response.writeHead(500).end());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		items,
		failNext: (times) => {
			failing = times;
		},
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}
