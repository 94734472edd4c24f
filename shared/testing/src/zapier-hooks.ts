import { EventEmitter, once } from 'node:events';
import type { IncomingMessage } from 'node:http';

import { serve } from './local-server.ts';

/** A delivery as Zapier hands it to `perform`. */
export interface RawRequest {
	readonly method: 'POST';
	readonly querystring: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly content: string;
}

export interface Hooks {
	/** A new address, as Zapier makes one each time a Zap is switched on. */
	address(): string;
	/** Everything that arrived at an address, in order. */
	at(address: string): readonly RawRequest[];
	/** Waits until so many deliveries arrived at an address; the test's own time limit ends a wait for none. */
	arrived(address: string, count: number): Promise<readonly RawRequest[]>;
	close(): Promise<void>;
}

/** Stands in for hooks.zapier.com, on a real socket. */
export async function startHooks(): Promise<Hooks> {
	const received = new Map<string, RawRequest[]>();
	// As many may wait as like.
	const arrivals = new EventEmitter().setMaxListeners(0);
	const server = await serve((request, response, body) => {
		const rows = received.get(request.url ?? '') ?? [];
		const content = body.toString('utf8');
		received.set(request.url ?? '', [
			...rows,
			{ method: 'POST', querystring: '', headers: zapierHeaders(request), content },
		]);
		response.writeHead(200).end('{"status":"success"}');
		arrivals.emit('arrival');
	});
	const { origin } = server;
	let made = 0;
	const at = (address: string) => received.get(address.slice(origin.length)) ?? [];
	return {
		address: () => `${origin}/hooks/standard/1/${String(made++)}/`,
		at,
		arrived: async (address, count) => {
			while (at(address).length < count) await once(arrivals, 'arrival');
			return at(address);
		},
		close: () => server.close(),
	};
}

/** What Zapier calls a header of a delivery: `MP-Signature` becomes `Http-Mp-Signature`. */
export const zapierHeaderName = (name: string): string =>
	`Http-${name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())}`;

function zapierHeaders({ headers }: IncomingMessage): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [zapierHeaderName(name), String(value)]),
	);
}
