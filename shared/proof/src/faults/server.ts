import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';

import { serve } from '../../../testing/src/local-server.ts';

/** Statuses that are answered with the envelope of an error. */
const faultStatuses = [
	400, 401, 403, 404, 408, 409, 410, 422, 425, 429, 500, 502, 503, 504,
] as const;

type FaultStatus = (typeof faultStatuses)[number];

/** What a request can suffer; `fine` is an answer as documented. */
export type FaultName =
	| `${FaultStatus}`
	| 'fine'
	| 'reset'
	| 'closed'
	| 'refused'
	| 'no such host'
	| 'no answer'
	| 'slow headers'
	| 'body stalls'
	| 'body drips'
	| 'body cut short'
	| 'chunked body cut short'
	| 'page instead of data'
	| '403 page'
	| '404 page'
	| '204'
	| 'empty 200'
	| 'redirect';

/** One request as it arrived. */
export interface Arrival {
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
}

export interface ScriptedFault {
	readonly name: FaultName;
	/** Sent as `Retry-After`: as it is, or as a date. */
	readonly retryAfter?: string | { readonly secondsFromNow: number };
}

/** A server that does to each request what it was told to, over real sockets. */
export interface FaultServer {
	readonly origin: string;
	/**
	 * What the requests below `/v1/projects/<project>` suffer, one after the other; the last goes on for ever.
	 *
	 * @param project Any text that is a path segment as it is.
	 */
	script(project: string, faults: readonly ScriptedFault[]): void;
	arrivals(project: string): readonly Arrival[];
	/** Requests that reached the address a redirect points to. */
	strayed(): readonly Arrival[];
	close(): Promise<void>;
}

/**
 * An address of this machine where nothing listens, and where nothing can as long as this process lives: the port is
 * taken by one end of a connection.
 */
export async function unusedOrigin(): Promise<string> {
	const server = createTcpServer((socket) => socket.unref());
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const holder = await new Promise<Socket>((resolve, reject) => {
		const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
	});
	server.unref();
	holder.unref();
	return `http://127.0.0.1:${holder.localPort}`;
}

/**
 * A host that cannot exist, whatever resolver the machine has: a label longer than DNS allows, in the top-level domain
 * that is reserved for it (RFC 2606), so that no packet leaves the machine.
 */
export const impossibleOrigin = `https://${'a'.repeat(64)}.invalid`;

/** How long slow headers take, in milliseconds: within the time limit of either platform. */
const slowMs = 4_000;
/** How often a dripping body sends a byte: sooner than any time limit for silence. */
const dripMs = 1_000;

const data = JSON.stringify({
	data: { id: 'id_1', name: 'As documented', title: 'As documented' },
});

/** Starts it on a free port of 127.0.0.1. Delays are by the clock of the process. */
export async function startFaultServer(): Promise<FaultServer> {
	const scripts = new Map<string, { readonly faults: ScriptedFault[]; readonly seen: Arrival[] }>();
	const strays: Arrival[] = [];
	const elsewhere = await serve((request, response) => {
		strays.push(arrivalOf(request));
		response.writeHead(200, { 'content-type': 'application/json' }).end(data);
	});
	// Another host than 127.0.0.1, by its name.
	const elsewhereUrl = `${elsewhere.origin}/v1/elsewhere`.replace('127.0.0.1', 'localhost');
	const server = await serve((request, response) => {
		const arrival = arrivalOf(request);
		const script = scripts.get(/^\/v1\/projects\/([^/?]+)/.exec(arrival.url)?.[1] ?? '');
		if (script === undefined) {
			response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
			return;
		}
		const fault = script.faults[Math.min(script.seen.length, script.faults.length - 1)];
		script.seen.push(arrival);
		suffer(fault ?? { name: 'fine' }, request, response, elsewhereUrl);
	});
	return {
		origin: server.origin,
		script: (project, faults) => void scripts.set(project, { faults: [...faults], seen: [] }),
		arrivals: (project) => scripts.get(project)?.seen ?? [],
		strayed: () => strays,
		close: async () => {
			await Promise.all([server.close(), elsewhere.close()]);
		},
	};
}

const arrivalOf = ({ url = '', headers }: IncomingMessage): Arrival => ({ url, headers });

function suffer(
	{ name, retryAfter }: ScriptedFault,
	request: IncomingMessage,
	response: ServerResponse,
	elsewhereUrl: string,
): void {
	const json = { 'content-type': 'application/json' };
	const begin = (headers: Record<string, string>): void => {
		response.writeHead(200, { ...json, ...headers });
		response.write(data.slice(0, 20));
	};
	if (isStatus(name)) {
		refuse(name, retryAfter, response);
		return;
	}
	switch (name) {
		case 'fine':
			response.writeHead(200, json).end(data);
			return;
		case 'reset':
			request.socket.resetAndDestroy();
			return;
		case 'closed':
			request.socket.end();
			return;
		case 'no answer':
			return;
		case 'slow headers':
			request.socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n');
			setTimeout(() => {
				const length = Buffer.byteLength(data);
				request.socket.end(`Content-Length: ${length}\r\nConnection: close\r\n\r\n${data}`);
			}, slowMs);
			return;
		case 'body stalls':
			begin({ 'content-length': String(data.length) });
			return;
		case 'body drips':
			drip(response);
			return;
		case 'body cut short':
			begin({ 'content-length': String(data.length) });
			afterFlush(() => request.socket.end());
			return;
		case 'chunked body cut short':
			begin({ 'transfer-encoding': 'chunked' });
			afterFlush(() => request.socket.end());
			return;
		case 'page instead of data':
			response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><p>Welcome</p>');
			return;
		case '403 page':
		case '404 page':
			response
				.writeHead(Number(name.slice(0, 3)), { 'content-type': 'text/html' })
				.end('<!DOCTYPE html><p>Blocked</p>');
			return;
		case '204':
			response.writeHead(204).end();
			return;
		case 'empty 200':
			response.writeHead(200).end();
			return;
		case 'redirect':
			response.writeHead(302, { location: elsewhereUrl }).end();
			return;
		case 'refused':
		case 'no such host':
			throw new Error(`"${name}" happens where no server is.`);
	}
}

function isStatus(name: FaultName): name is `${FaultStatus}` {
	return faultStatuses.some((status) => String(status) === name);
}

/** A refusal in the documented envelope; 502 and 504 are the pages of a proxy, which has never heard of it. */
function refuse(
	status: `${FaultStatus}`,
	retryAfter: ScriptedFault['retryAfter'],
	response: ServerResponse,
): void {
	const wait = retryAfter === undefined ? {} : { 'retry-after': written(retryAfter) };
	if (status === '502' || status === '504') {
		response
			.writeHead(Number(status), { 'content-type': 'text/html', ...wait })
			.end('<html><head><title>Bad gateway</title></head></html>');
		return;
	}
	const error = {
		code: `CODE_OF_${status}`,
		message: `What MemberPass says of ${status}.`,
		remediation: `What it advises on ${status}.`,
		request_id: 'req_01JV9K3QG8T5M2X7RBNC4HWD6E',
		...(status === '403' ? { context: { required_ability: 'plan:manage' } } : {}),
		// No input of any operation: one would be called what the form of the platform calls it.
		...(status === '422' ? { fields: { note: ['It is too short.'] } } : {}),
	};
	response
		.writeHead(Number(status), { 'content-type': 'application/json', ...wait })
		.end(JSON.stringify({ error }));
}

function written(retryAfter: NonNullable<ScriptedFault['retryAfter']>): string {
	if (typeof retryAfter === 'string') return retryAfter;
	// A date has whole seconds.
	const second = Math.ceil(Date.now() / 1_000) + retryAfter.secondsFromNow;
	return new Date(second * 1_000).toUTCString();
}

function drip(response: ServerResponse): void {
	response.writeHead(200, { 'content-type': 'application/json' });
	const next = (): void => {
		if (response.destroyed) return;
		response.write(' ');
		setTimeout(next, dripMs).unref();
	};
	next();
}

/** Lets what was written reach the other side before the connection ends. */
function afterFlush(end: () => void): void {
	setImmediate(() => setImmediate(end));
}
