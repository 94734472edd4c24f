import { type ApiProblem, noAnswerProblem, tryAgain } from './errors.ts';

const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_STREAM_PREMATURE_CLOSE']);
const timeoutCodes = new Set([
	'ETIMEDOUT',
	'ECONNABORTED',
	'ESOCKETTIMEDOUT',
	'UND_ERR_CONNECT_TIMEOUT',
	'UND_ERR_HEADERS_TIMEOUT',
	'UND_ERR_BODY_TIMEOUT',
]);
const unreachableCodes = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
]);
const certificatePattern = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** No HTTP, or a body that is not compressed as its header says, by the codes of Node's parser and of zlib and Brotli. */
const garbledPattern = /^(HPE_|Z_|ERR__ERROR_FORMAT)/;

/**
 * Names the fault behind an exception of fetch, node-fetch 2 or axios; measured on real sockets, because their codes
 * differ and mocks get them wrong (a cut body is `ERR_BAD_RESPONSE` in axios, a code-less `body-timeout` in
 * node-fetch, `UND_ERR_SOCKET` inside `cause` in fetch).
 *
 * An exception that is none of these is `unexpected` and is not retried: it may be a fault of ours.
 */
export function classifyNetworkError(error: unknown, host: string): ApiProblem {
	const { codes, types, messages } = clues(error);
	const has = (set: ReadonlySet<string>): boolean => codes.some((code) => set.has(code));
	if (codes.some((code) => certificatePattern.test(code))) {
		return noAnswerProblem(
			'unexpected',
			`The certificate of ${host} was not accepted.`,
			'Check the API address and the clock.',
		);
	}
	if (
		has(timeoutCodes) ||
		types.some((type) => /timeout/i.test(type)) ||
		messages.some((message) => /\btime(d )?out\b/i.test(message))
	) {
		return noAnswerProblem('timeout', `${host} did not answer in time.`, tryAgain.timeout);
	}
	if (has(unreachableCodes)) {
		return noAnswerProblem(
			'network',
			`${host} could not be reached.`,
			'Check the API address and the network connection.',
		);
	}
	if (
		has(resetCodes) ||
		messages.some((message) => /socket hang up|aborted|premature close/i.test(message))
	) {
		return noAnswerProblem('network', `The connection to ${host} broke off.`, tryAgain.network);
	}
	if (codes.some((code) => garbledPattern.test(code))) {
		// It was sent, and a write may be done: words that say otherwise would have it done again.
		return noAnswerProblem(
			'unexpected',
			`What ${host} answered cannot be read.`,
			'Check the API address. If it is right, a proxy in between may have answered.',
		);
	}
	return noAnswerProblem(
		'unexpected',
		`The request to ${host} could not be made: ${messages[0] ?? 'unknown cause'}`,
		null,
	);
}

/** Codes, types and messages of an exception and of what caused it, three levels deep. */
function clues(error: unknown): { codes: string[]; types: string[]; messages: string[] } {
	const codes: string[] = [];
	const types: string[] = [];
	const messages: string[] = [];
	let current: unknown = error;
	for (let depth = 0; depth < 4 && typeof current === 'object' && current !== null; depth++) {
		const { code, type, name, message, cause } = current as Record<string, unknown>;
		if (typeof code === 'string') codes.push(code);
		if (typeof type === 'string') types.push(type);
		if (name === 'TimeoutError') types.push('timeout');
		if (typeof message === 'string') messages.push(message);
		current = cause;
	}
	return { codes, types, messages };
}
