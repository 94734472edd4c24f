import fc from 'fast-check';

import {
	type ApiProblem,
	classifyNetworkError,
	nextWaitMs,
	noAnswerProblem,
	parseRetryAfter,
	readProblem,
} from '../src/index.ts';
import { answer, failure, policy } from './support.ts';

/** 2026-05-18T10:05:00Z */
const now = 1_779_098_700_000;

describe('Retry-After', () => {
	it.each([
		['0', 0],
		['2', 2_000],
		[' 120 ', 120_000],
		['9999999999', 9_999_999_999_000],
		['Mon, 18 May 2026 10:05:30 GMT', 30_000],
		['Monday, 18-May-26 10:05:30 GMT', 30_000],
		['Mon, 18 May 2026 10:04:00 GMT', 0],
		['-5', null],
		['1.5', null],
		['1e9', null],
		['', null],
		['soon', null],
		['2026-05-18T10:05:30Z', null],
		['Mon, 18 May 2026 10:05:30 GMT (or so)', null],
		['at Mon, 18 May 2026 10:05:30 GMT', null],
		['Xyz, 99 Foo 2026 10:05:30 GMT', null],
		['12345678901', null],
		[null, null],
	])('%j means %j milliseconds', (header, expected) => {
		expect(parseRetryAfter(header, now)).toBe(expected);
	});
});

const problemOf = (status: number, retryAfter?: string): ApiProblem =>
	readProblem(
		answer(status, null, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
		{ name: 'MemberPass' },
		now,
	);

const ask = (problem: ApiProblem, part: Partial<Parameters<typeof nextWaitMs>[0]> = {}) =>
	nextWaitMs({ problem, tries: 1, elapsedMs: 0, policy, random: 0, ...part });

describe('what is tried again', () => {
	it.each([
		[400, false],
		[401, false],
		[403, false],
		[404, false],
		[408, false],
		[409, false],
		[410, false],
		[422, false],
		[425, false],
		[301, false],
		[429, true],
		[500, true],
		[502, true],
		[503, true],
		[504, true],
	])('status %i: %s', (status, again) => {
		expect(ask(problemOf(status)) !== null).toBe(again);
	});

	it.each([
		['network', true],
		['timeout', true],
		['unexpected', false],
	] as const)('no answer because of %s: %s', (kind, again) => {
		expect(ask(noAnswerProblem(kind, 'x', null)) !== null).toBe(again);
	});
});

describe('how long is waited', () => {
	it.each([
		['500 ms at most after the first try', 1, 0.999999, 500],
		['half of it at least', 1, 0, 250],
		['twice as long after the second', 2, 0.999999, 1_000],
		['and again after the third', 3, 0.999999, 2_000],
	])('%s', (_, tries, random, expected) => {
		expect(ask(problemOf(500), { tries, random })).toBe(expected);
	});

	it('stops at the cap however many tries there are', () => {
		const many = { ...policy, maxTries: 1_000, deadlineMs: Number.MAX_SAFE_INTEGER };
		expect(ask(problemOf(500), { tries: 999, random: 0.999999, policy: many })).toBe(8_000);
	});

	it.each([
		['Retry-After wins over the back-off', '3', 3_000],
		['Retry-After of 0 is taken at its word', '0', 0],
		['up to the longest wait allowed', '60', 60_000],
		['a longer one is told to the caller instead of waited for', '61', null],
		['one that means nothing leaves the back-off', 'soon', 250],
	])('%s', (_, header, expected) => {
		expect(ask(problemOf(429, header))).toBe(expected);
		expect(ask(problemOf(503, header))).toBe(expected);
	});

	it('no further try after the last one, nor beyond the deadline', () => {
		expect(ask(problemOf(500), { tries: 3 })).toBe(1_000);
		expect(ask(problemOf(500), { tries: 4 })).toBeNull();
		expect(ask(problemOf(500), { elapsedMs: 119_750 })).toBe(250);
		expect(ask(problemOf(500), { elapsedMs: 119_751 })).toBeNull();
	});

	it('stays within half the range and the whole of it, and differs with the dice', () => {
		const fraction = fc.double({ min: 0, max: 0.999999, noNaN: true });
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 3 }), fraction, (tries, random) => {
				const range = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** (tries - 1));
				const wait = ask(problemOf(503), { tries, random }) ?? -1;
				expect(wait).toBeGreaterThanOrEqual(range / 2);
				expect(wait).toBeLessThanOrEqual(range);
			}),
		);
		expect(ask(problemOf(503), { random: 0.1 })).not.toBe(ask(problemOf(503), { random: 0.9 }));
	});
});

describe('a fault without an answer is named by what real clients throw', () => {
	it.each([
		['reset, node-fetch and axios', failure({ code: 'ECONNRESET' }), 'network', /broke off/],
		['reset, fetch', failure({ cause: { code: 'ECONNRESET' } }), 'network', /broke off/],
		[
			'closed before the answer, fetch',
			failure({ cause: { code: 'UND_ERR_SOCKET' } }),
			'network',
			/broke off/,
		],
		['closed before the answer, http', failure({}, 'socket hang up'), 'network', /broke off/],
		['cut body, axios', failure({ code: 'ERR_BAD_RESPONSE' }, 'aborted'), 'network', /broke off/],
		[
			'cut chunk, node-fetch',
			failure({ code: 'ERR_STREAM_PREMATURE_CLOSE' }),
			'network',
			/broke off/,
		],
		['broken pipe', failure({ code: 'EPIPE' }), 'network', /broke off/],
		['refused', failure({ code: 'ECONNREFUSED' }), 'network', /could not be reached/],
		[
			'refused, fetch',
			failure({ cause: { code: 'ECONNREFUSED' } }),
			'network',
			/could not be reached/,
		],
		['no such host', failure({ code: 'ENOTFOUND' }), 'network', /could not be reached/],
		['name lookup failed', failure({ code: 'EAI_AGAIN' }), 'network', /could not be reached/],
		['no route', failure({ code: 'EHOSTUNREACH' }), 'network', /could not be reached/],
		['no network', failure({ code: 'ENETUNREACH' }), 'network', /could not be reached/],
		[
			'no answer, axios',
			failure({ code: 'ECONNABORTED' }, 'timeout of 50ms exceeded'),
			'timeout',
			/in time/,
		],
		['no answer, fetch', failure({ name: 'TimeoutError', code: 23 }), 'timeout', /in time/],
		['no answer, node-fetch', failure({ type: 'request-timeout' }), 'timeout', /in time/],
		['stalled body, node-fetch', failure({ type: 'body-timeout' }), 'timeout', /in time/],
		[
			'stalled body, axios',
			failure({ code: 'ERR_BAD_RESPONSE' }, 'timeout of 50ms exceeded'),
			'timeout',
			/in time/,
		],
		[
			'stalled body, fetch',
			failure({ cause: { code: 'UND_ERR_BODY_TIMEOUT' } }),
			'timeout',
			/in time/,
		],
		['socket timeout', failure({ code: 'ETIMEDOUT' }), 'timeout', /in time/],
		['given up by axios', failure({ code: 'ECONNABORTED' }), 'timeout', /in time/],
		['given up by request', failure({ code: 'ESOCKETTIMEDOUT' }), 'timeout', /in time/],
		[
			'no connection in time, fetch',
			failure({ cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } }),
			'timeout',
			/in time/,
		],
		[
			'no headers in time, fetch',
			failure({ cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } }),
			'timeout',
			/in time/,
		],
		['a message that says so', failure({}, 'The operation timed out'), 'timeout', /in time/],
		['an expired certificate', failure({ code: 'CERT_HAS_EXPIRED' }), 'unexpected', /certificate/],
		[
			'a self-signed certificate',
			failure({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
			'unexpected',
			/certificate/,
		],
		[
			'no HTTP, node-fetch and axios',
			failure({ code: 'HPE_INVALID_CONSTANT' }),
			'unexpected',
			/^What \S+ answered cannot be read\.$/,
		],
		[
			'no HTTP, fetch',
			failure({ cause: { code: 'HPE_INVALID_CONSTANT' } }),
			'unexpected',
			/^What \S+ answered cannot be read\.$/,
		],
		[
			'a body that is not compressed, node-fetch and axios',
			failure({ code: 'Z_DATA_ERROR' }),
			'unexpected',
			/^What \S+ answered cannot be read\.$/,
		],
		[
			'a body that is not Brotli',
			failure({ code: 'ERR__ERROR_FORMAT_PADDING_2' }),
			'unexpected',
			/^What \S+ answered cannot be read\.$/,
		],
		['a fault of ours', new TypeError('x is not a function'), 'unexpected', /x is not a function/],
		['a thrown text', 'nope', 'unexpected', /unknown cause/],
		['a thrown null', null, 'unexpected', /unknown cause/],
		[
			'clues that are no text',
			{ code: ['CERT_X'], type: ['timeout'], message: 42 },
			'unexpected',
			/unknown cause/,
		],
		[
			'a code that only looks like one',
			failure({ code: 'NO_CERT_' }),
			'unexpected',
			/could not be made: failed/,
		],
		[
			'a code that only looks like that of a parser',
			failure({ code: 'NO_HPE_' }),
			'unexpected',
			/could not be made: failed/,
		],
		[
			'a cause deeper than clients nest them',
			failure({ cause: { cause: { cause: { cause: { code: 'ECONNRESET' } } } } }),
			'unexpected',
			/could not be made: failed/,
		],
		[
			'the deepest cause that is read',
			failure({ cause: { cause: { cause: { code: 'ECONNRESET' } } } }),
			'network',
			/broke off/,
		],
		['nothing', undefined, 'unexpected', /unknown cause/],
	] as const)('%s', (_, error, kind, message) => {
		const problem = classifyNetworkError(error, 'api.memberpass.net');
		expect(problem.kind).toBe(kind);
		expect(problem.message).toMatch(message);
		expect(problem.message).toContain(
			kind === 'unexpected' && !/certificate|cannot be read/.test(problem.message)
				? 'request'
				: 'api.memberpass.net',
		);
		expect(problem.status).toBeNull();
	});

	it.each([
		['CERT_HAS_EXPIRED', 'Check the API address and the clock.'],
		['ETIMEDOUT', 'Try again. If it keeps happening, check the status of the service.'],
		['ENOTFOUND', 'Check the API address and the network connection.'],
		['ECONNRESET', 'Try again.'],
		[
			'HPE_INVALID_CONSTANT',
			'Check the API address. If it is right, a proxy in between may have answered.',
		],
		['ESOMETHING', null],
	])('%s comes with what to do about it: %s', (code, remediation) => {
		expect(classifyNetworkError(failure({ code }), 'host').remediation).toBe(remediation);
	});

	it('a chain of causes that ends in itself does not hang', () => {
		const error = failure({});
		Object.assign(error, { cause: error });
		expect(classifyNetworkError(error, 'host').kind).toBe('unexpected');
	});
});
