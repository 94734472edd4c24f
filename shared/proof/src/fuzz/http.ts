import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { must } from './target.ts';

/** What a sandbox answers. */
export interface Reply {
	readonly status: number;
	readonly body: string;
}

/** The envelope of docs.memberpass.net/api for whatever is refused. */
export function mustBeDocumented({ status, body }: Reply, what: string): void {
	must(status < 500, `${what} is no mistake of the sandbox (${status} ${body})`);
	if (status < 400) return;
	const { error } = JSON.parse(body) as { readonly error?: Readonly<Record<string, unknown>> };
	for (const key of ['code', 'message', 'docs_url', 'remediation', 'request_id']) {
		must(typeof error?.[key] === 'string', `${what} is answered with the envelope (${body})`);
	}
}

/** Sends one request over a socket of its own. */
export function send(
	url: string,
	method: string,
	headers: Readonly<Record<string, string>>,
	body: Buffer = Buffer.alloc(0),
): Promise<Reply> {
	return new Promise((resolve, reject) => {
		const sent = request(
			url,
			{
				method,
				headers: { ...headers, 'content-length': body.length },
				agent: false,
				timeout: 60_000,
			},
			(response) => {
				const status = response.statusCode ?? 0;
				text(response).then((answer) => resolve({ status, body: answer }), reject);
			},
		);
		sent.on('timeout', () => sent.destroy(new Error('No answer came.')));
		sent.on('error', reject);
		sent.end(body);
	});
}

/** Sends bytes and the end of them; resolves with what came back until the connection ended. */
export function exchange(host: string, port: number, bytes: Buffer): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = connect(port, host);
		const chunks: Buffer[] = [];
		const timer = setTimeout(() => {
			socket.destroy();
			reject(new Error('It does not hold that the connection ends.'));
		}, 60_000);
		socket.on('data', (chunk: Buffer) => chunks.push(chunk));
		// A reset is an end as well.
		socket.on('error', () => undefined);
		socket.on('close', () => {
			clearTimeout(timer);
			resolve(Buffer.concat(chunks).toString('utf8'));
		});
		socket.on('connect', () => socket.end(bytes));
	});
}
