import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

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
	const waiting = new Set<() => void>();
	const server = createServer((request, response) => {
		void text(request).then((content) => {
			const rows = received.get(request.url ?? '') ?? [];
			received.set(request.url ?? '', [
				...rows,
				{ method: 'POST', querystring: '', headers: zapierHeaders(request), content },
			]);
			response.writeHead(200).end('{"status":"success"}');
			for (const wake of waiting) wake();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	let made = 0;
	const at = (address: string) => received.get(address.slice(origin.length)) ?? [];
	return {
		address: () => `${origin}/hooks/standard/1/${String(made++)}/`,
		at,
		arrived: async (address, count) => {
			while (at(address).length < count) {
				await new Promise<void>((resolve) => {
					const wake = () => {
						waiting.delete(wake);
						resolve();
					};
					waiting.add(wake);
				});
			}
			return at(address);
		},
		close: () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(() => resolve()));
		},
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
