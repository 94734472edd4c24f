import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

import { isJsonObject } from '@memberpass/protocol';

import type { Address } from './engine-target.ts';
import type { Send } from './types.ts';

/** {@link Send} with the addresses that were checked; a test's own `send` may ignore them. */
export type PinnedSend = (
	request: Parameters<Send>[0] & { readonly addresses: readonly Address[] },
) => ReturnType<Send>;

/** MemberPass's delivery log keeps this much of an answer (docs.memberpass.net/webhooks/testing-and-debugging). */
const keptBytes = 4_096;
/** Where reading stops. Below it the whole answer is read, because hanging up early looks like a crash to the receiver. */
const readBytes = 1_048_576;

/** What a receiver answered in part before it hung up is no answer. */
class CutAnswer extends Error {}
const cutReason = 'The receiver hung up in the middle of its answer.';

/**
 * One POST on a connection of its own. A kept-alive one can be closed by the receiver at the moment it is used again,
 * which would show as a failure the receiver never caused. Redirects are answers: nothing is followed.
 */
export const post: PinnedSend = ({ url, headers, body, signal, addresses }) =>
	new Promise((resolve, reject) => {
		const target = new URL(url);
		const bytes = Buffer.from(body);
		const request = (target.protocol === 'https:' ? overHttps : overHttp)(
			target,
			{
				method: 'POST',
				headers: { ...headers, 'Content-Length': bytes.length },
				agent: false,
				signal,
				lookup: pinned(addresses),
			},
			(response) => {
				const kept: Buffer[] = [];
				let size = 0;
				const finish = (): void =>
					resolve({
						status: response.statusCode ?? 0,
						headers: flat(response.headers),
						// Streaming drops a character that the limit cut in two.
						body: new TextDecoder().decode(Buffer.concat(kept).subarray(0, keptBytes), {
							stream: size > keptBytes,
						}),
					});
				response.on('data', (chunk: Buffer) => {
					if (size < keptBytes) kept.push(chunk);
					size += chunk.length;
					if (size <= readBytes) return;
					finish();
					response.destroy();
				});
				response.on('end', finish);
				// Node calls it "aborted"; where the answer had ended already this comes too late to matter.
				const cut = (): void => reject(new CutAnswer(cutReason));
				response.on('error', cut);
			},
		);
		// A change of protocol that nobody asked for. It has no body, and what follows it is no HTTP.
		request.on('upgrade', (response, socket) => {
			socket.destroy();
			resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), body: '' });
		});
		request.on('error', reject);
		request.end(bytes);
	});

/** Answers with the addresses that were checked, whatever DNS says by now. */
function pinned(addresses: readonly Address[]): LookupFunction {
	return (_host, options, callback) => {
		const [first] = addresses;
		if (first === undefined) callback(new Error('There is no address to send to.'), '', 0);
		else if (options.all === true) callback(null, [...addresses]);
		else callback(null, first.address, first.family);
	};
}

function flat(
	headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			Array.isArray(value) ? value.join(', ') : (value ?? ''),
		]),
	);
}

const meanings: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'Nothing listens at this address.',
	ECONNRESET: 'The receiver closed the connection without an answer.',
	EPIPE: 'The receiver closed the connection without an answer.',
	ENOTFOUND: 'There is no such host.',
	EAI_AGAIN: 'The host name could not be looked up.',
};

/** Why no answer came, in words for the delivery log. */
export function explain(error: unknown): string {
	// Read by its keys: those of Node's errors are in no type, and anything can be thrown.
	const { code, message } = isJsonObject(error) ? error : {};
	const name = typeof code === 'string' ? code : '';
	// With two addresses for localhost Node throws both refusals in one error without a message.
	const meaning = meanings[name];
	if (meaning !== undefined) return meaning;
	if (name.startsWith('HPE_')) return 'The answer is not HTTP.';
	return typeof message === 'string' && message !== '' ? message : 'The delivery failed.';
}
