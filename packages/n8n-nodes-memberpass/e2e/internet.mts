import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

import { ensureProgram, programs } from '../../../shared/testing/src/programs.ts';
import { listening, type Service, startProxy } from './proxy.mts';

/** A host that answers at its own name over TLS, with a certificate that whoever wants to must trust. */
export interface SecureHost extends Service {
	/** Path of the certificate, in PEM. */
	readonly certificate: string;
}

/** Answers as `host`, with what a server on this machine answers. Key and certificate are left in `folder`. */
export async function startSecureHost(
	host: string,
	port: number,
	folder: string,
): Promise<SecureHost> {
	const key = join(folder, 'host.key');
	const certificate = join(folder, 'host.crt');
	execFileSync(
		ensureProgram(programs.openssl),
		[
			...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
			...['-days', '2', '-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`],
			...['-keyout', key, '-out', certificate],
		],
		{ stdio: 'pipe' },
	);
	const tls = { key: readFileSync(key), cert: readFileSync(certificate) };
	return { ...(await startProxy(() => port, tls)), certificate };
}

/** The proxy of a company: the only way out. */
export interface CompanyProxy extends Service {
	/** `api.example.com:443`, in the order in which they were asked for. */
	readonly asked: readonly string[];
	/** From now on it lets nobody through who does not sign in. */
	close(): void;
}

/** Lets who asks for `host` through to a port of this machine, and nobody else to anywhere. */
export async function startCompanyProxy(host: string, port: number): Promise<CompanyProxy> {
	const asked: string[] = [];
	const open = new Set<Socket>();
	let isClosed = false;
	const server = createServer((request, response) => {
		asked.push(request.url ?? '');
		response.writeHead(403).end();
	});
	server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
		asked.push(url);
		socket.on('error', () => undefined);
		const status = isClosed
			? '407 Proxy Authentication Required'
			: url === `${host}:443`
				? null
				: '403 Forbidden';
		if (status !== null) {
			socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
			return;
		}
		const through = connect(port, '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			through.pipe(socket).pipe(through);
		});
		through.on('error', () => socket.destroy());
		open.add(socket);
		socket.on('close', () => {
			open.delete(socket);
			through.destroy();
		});
	});
	const service = await listening(server);
	return {
		port: service.port,
		async stop() {
			// The server counts them no longer.
			for (const socket of open) socket.destroy();
			await service.stop();
		},
		asked,
		close() {
			isClosed = true;
			for (const socket of open) socket.destroy();
		},
	};
}
