import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';

const types: Readonly<Record<string, string>> = {
	'.css': 'text/css; charset=utf-8',
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.json': 'application/json; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.woff2': 'font/woff2',
};

export interface SiteServer {
	/** Without a trailing slash. */
	readonly url: string;
	close(): Promise<void>;
}

/** The port that an option names. @throws RangeError where it is none. */
export function readPort(text: string): number {
	const port = Number(text);
	if (!/^\d{1,5}$/.test(text) || port > 65_535) {
		throw new RangeError(`--port must be a whole number from 0 to 65535, not "${text}".`);
	}
	return port;
}

/**
 * Serves a folder of finished files on this machine alone: `/folder/` as its index.html, to which `/folder` is sent, a
 * path without an extension as the page of that name, text compressed where the browser takes it, and 404.html for what is not there.
 *
 * @param port 0 for any.
 * @throws RangeError where nothing is built yet: every page would be missing.
 * @throws Error with code EADDRINUSE where the port is taken.
 */
export async function serveSite(folder: string, port: number): Promise<SiteServer> {
	if (!isFile(join(folder, 'index.html'))) {
		throw new RangeError(
			`There is no built site in ${folder}. Build it: npm run build -w memberpass-site.`,
		);
	}
	const server = createServer((request, response) => {
		if (request.method !== 'GET' && request.method !== 'HEAD') {
			response.writeHead(405, { Allow: 'GET, HEAD' }).end();
			return;
		}
		const target = request.url ?? '/';
		const found = find(folder, target);
		const elsewhere = found === null ? withSlash(folder, target) : null;
		if (elsewhere !== null) {
			response.writeHead(302, { Location: elsewhere }).end();
			return;
		}
		const path = found ?? join(folder, '404.html');
		const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
		const headers = headersOf(path, takesGzip);
		response.writeHead(found === null ? 404 : 200, headers);
		// Node sends no body in answer to HEAD.
		send(path, headers['Content-Encoding'] === 'gzip', response);
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	// A server that listens on a port has an address with one.
	const { port: chosen } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${chosen}`,
		close: () =>
			new Promise((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}

/** The file of a request, or null. Nothing above the folder is ever found, however the path is spelled. */
export function find(folder: string, target: string): string | null {
	let path: string;
	try {
		path = decodeURIComponent(new URL(target, 'http://localhost').pathname);
	} catch {
		return null;
	}
	if (path.includes('\0')) return null;
	const wanted = join(folder, path);
	if (!wanted.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return null;
	const candidates = path.endsWith('/') ? [join(wanted, 'index.html')] : [wanted, `${wanted}.html`];
	return candidates.find(isFile) ?? null;
}

/**
 * Where the page of a folder is, for who left out the slash at the end; null where there is none. It is not served as it
 * is: its script would look for the page of another address, and empty it.
 */
export function withSlash(folder: string, target: string): string | null {
	if (!URL.canParse(target, 'http://localhost')) return null;
	const { pathname } = new URL(target, 'http://localhost');
	// Two slashes would begin the address of another host.
	const path = `${pathname.replace(/^\/+/, '/')}/`;
	return find(folder, path) === null ? null : path;
}

const isFile = (path: string): boolean =>
	statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function headersOf(path: string, takesGzip: boolean): Record<string, string> {
	const type = types[extname(path)] ?? 'application/octet-stream';
	const isText = /^text|json|svg/.test(type);
	return {
		'Content-Type': type,
		'X-Content-Type-Options': 'nosniff',
		Vary: 'Accept-Encoding',
		// Names in this folder change with their content; everything else may change under its name.
		'Cache-Control': path.includes(`${sep}assets${sep}`)
			? 'public, max-age=31536000, immutable'
			: 'no-cache',
		...(isText && takesGzip ? { 'Content-Encoding': 'gzip' } : {}),
	};
}

function send(path: string, compress: boolean, response: ServerResponse): void {
	const file = createReadStream(path);
	// A reader that leaves half-way is nobody's trouble.
	const done = (): void => undefined;
	if (compress) pipeline(file, createGzip(), response, done);
	else pipeline(file, response, done);
}
