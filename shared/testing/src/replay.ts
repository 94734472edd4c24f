import { isDeepStrictEqual } from 'node:util';

import nock from 'nock';

import type { Exchange, Recording } from './fixtures.ts';

/** A request that a replay has answered. */
export interface SentRequest {
	readonly method: string;
	/** Path below the origin, encoded, without the query. */
	readonly path: string;
	/** Raw query, without the question mark. */
	readonly search: string;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	/** Raw text; empty where nothing was sent. */
	readonly body: string;
}

export interface Replay {
	/** The requests answered so far, in the order they came. */
	readonly sent: readonly SentRequest[];
	/**
	 * What was wrong with them, in sentences: a write without an `Idempotency-Key`, a read with one, a missing or other
	 * bearer token, an order other than the recorded one. Compare with `[]`.
	 *
	 * They are collected and not thrown: an exception inside a mock reaches the code under test as a network error,
	 * which it may retry or swallow.
	 */
	readonly faults: readonly string[];
	/** Exchanges that nobody asked for yet. */
	pending(): number;
}

/**
 * Answers the requests of a recording from its exchanges, in order, with strict matching: another path, another or
 * missing query parameter or another body is no match, which nock answers with 501.
 *
 * Works for every client on Node's http: `z.request`, axios, fetch.
 *
 * @param origin Scheme and host of the API.
 * @param token Bearer token that every request must carry.
 */
export function replay(
	origin: string,
	recording: Pick<Recording, 'exchanges'>,
	token: string,
): Replay {
	const sent: SentRequest[] = [];
	const faults: string[] = [];
	const scopes = recording.exchanges.map((exchange, index) => {
		const { request, response } = exchange;
		const body = matchBody(exchange);
		return (
			nock(origin)
				.intercept(request.path, request.method, body)
				.query((actual) => sameQuery(actual, request.query))
				// nock hands a Request over; its own types say `any`.
				.reply(async (asked: Request) => {
					const url = new URL(asked.url);
					const headers = Object.fromEntries(asked.headers.entries());
					const call = `${request.method} ${url.pathname}`;
					if (sent.length !== index) faults.push(`${call} came as request ${sent.length + 1}.`);
					faults.push(...faultsOf(call, request.method, headers, token));
					sent.push({
						method: request.method,
						path: url.pathname,
						search: url.search.slice(1),
						headers,
						body: await asked.text(),
					});
					return [
						response.status,
						writtenBody(response.body),
						{ 'content-type': 'application/json', ...response.headers },
					];
				})
		);
	});
	return {
		sent,
		faults,
		pending: () => scopes.filter((scope) => !scope.isDone()).length,
	};
}

function writtenBody(body: unknown): string {
	if (body === null) return '';
	return typeof body === 'string' ? body : JSON.stringify(body);
}

function faultsOf(
	call: string,
	method: string,
	headers: Readonly<Record<string, string>>,
	token: string,
): string[] {
	const key = headers['idempotency-key'] ?? '';
	const isRead = method === 'GET';
	return [
		...(isRead && key !== '' ? [`${call} reads and carries an Idempotency-Key.`] : []),
		...(!isRead && key === '' ? [`${call} writes and carries no Idempotency-Key.`] : []),
		...(headers['authorization'] === `Bearer ${token}`
			? []
			: [`${call} does not carry the bearer token.`]),
	];
}

/** nock takes an absent matcher for "any body", so "no body" has to be said. */
function matchBody({ request }: Exchange): (body: unknown) => boolean {
	return (body) =>
		request.body === null
			? body === '' || body === undefined || body === null
			: isDeepStrictEqual(body, request.body);
}

/** nock reads `a[]=1&a[]=2` as a list called `a[]`, and `a[]=1` as a text. */
function sameQuery(
	actual: unknown,
	expected: Readonly<Record<string, string | readonly string[]>>,
): boolean {
	const plain = (query: object): unknown =>
		Object.fromEntries(
			Object.entries(query).map(([name, value]: [string, unknown]) => [
				name,
				name.endsWith('[]') || Array.isArray(value) ? [value].flat().map(String) : String(value),
			]),
		);
	return (
		typeof actual === 'object' &&
		actual !== null &&
		isDeepStrictEqual(plain(actual), plain(expected))
	);
}
