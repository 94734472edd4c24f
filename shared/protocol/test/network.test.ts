import { classifyNetworkError } from '../src/index.ts';
import { failure } from './support.ts';

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
