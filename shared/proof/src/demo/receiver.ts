import type { IncomingHttpHeaders } from 'node:http';

import { serve } from '../../../testing/src/local-server.ts';

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
	const server = await serve(async (request, response, body) => {
		if (failing > 0) {
			failing--;
			response.writeHead(503).end('down');
			return;
		}
		const result = await receive(request.url ?? '/', request.headers, body).catch(() => null);
		items.push(...(result?.items ?? []));
		response.writeHead(result?.status ?? 500).end();
	});
	return {
		url: server.origin,
		items,
		failNext: (times) => {
			failing = times;
		},
		close: () => server.close(),
	};
}
