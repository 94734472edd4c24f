import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { isDeeper } from './depth.ts';
import { ApiError, noSuchRoute } from './errors.ts';
import { createIds } from './ids.ts';
import type { World } from './world.ts';

/** Larger bodies are refused; the largest documented input is a few kilobytes. */
const bodyLimit = 1024 * 1024;

export interface ServerOptions {
	readonly world: World;
	/** Whether other machines may call. */
	readonly allowRemote: boolean;
	/** Told of what should not have happened; the client gets a plain 500. */
	readonly onError: (error: unknown) => void;
}

/** Settings of the framework that are the same for every sandbox. */
const settings = {
	bodyLimit,
	forceCloseConnections: true,
	// Node's own refusals have no body: what it would refuse comes here, and gets the envelope.
	http: { requireHostHeader: false },
	// Answers of clients that went away are nobody's concern; everything else goes to `onError`.
	logger: false,
	// An id that is too long is an id that does not exist; what bounds it is the size of the head.
	routerOptions: { maxParamLength: 16_384 },
	ajv: {
		customOptions: {
			// MemberPass names every wrong field at once.
			allErrors: true,
			coerceTypes: false,
			removeAdditional: false,
			useDefaults: false,
			// The catalogue's own annotations (x-in, x-pick) are no keywords.
			strict: false,
			// They are the catalogue's, whose tests check them; compiling what checks schemas costs more than all else of
			// a start.
			validateSchema: false,
		},
	},
} as const;

/** What all addresses of the sandbox have in common. Has none of its own. */
export function createServer({ world, allowRemote, onError }: ServerOptions): FastifyInstance {
	// Ids of their own: the ids of rows must not depend on how many requests came before.
	const requestIds = createIds(world.clock, world.random.fork('requests'));
	const requestId = (): string => `req_${requestIds.ulid()}`;
	const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
		const known = toApiError(error);
		if (known === null) onError(error);
		const problem = known ?? new ApiError('SERVER_ERROR');
		void reply
			.code(problem.status)
			.headers({ ...(problem.details.headers ?? {}), 'content-type': 'application/json' })
			.send(bytes(JSON.stringify(problem.envelope(world.platform, request.id))));
	};
	const app = fastify({
		...settings,
		genReqId: requestId,
		frameworkErrors: answerError,
		clientErrorHandler(error, socket) {
			answerBrokenRequest(world, requestId(), error, socket);
		},
	});
	app.setErrorHandler(answerError);
	app.server.on('checkExpectation', (request, response) => {
		app.server.emit('request', request, response);
	});
	app.server.on('connect', (_request, socket) => {
		answerOnSocket(world, requestId(), noProxy(), socket);
		socket.once('finish', () => socket.destroy());
	});
	readJsonOnly(app);
	checkHosts(app, allowRemote);
	answerUnknownRoutes(app);
	return app;
}

/**
 * The default parsers would take text/plain; and an empty JSON body is no error here, because clients send the content
 * type on calls without a body.
 */
function readJsonOnly(app: FastifyInstance): void {
	app.removeAllContentTypeParsers();
	const parseJson = app.getDefaultJsonParser('error', 'error');
	app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
		if (body.length === 0) {
			done(null, {});
			return;
		}
		void parseJson(request, body as string, (error, value) => {
			done(error ?? (isDeeper(value, deepest) ? tooDeep() : null), value);
		});
	});
}

function checkHosts(app: FastifyInstance, allowRemote: boolean): void {
	app.addHook('onRequest', (request, _reply, done) => {
		if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
			done(new ApiError('MALFORMED_REQUEST'));
			return;
		}
		done(allowRemote || isLocalHost(request.headers.host) ? undefined : wrongHost());
	});
}

/** A path that is there with another method is told apart from one that is not, and which method that is. */
function answerUnknownRoutes(app: FastifyInstance): void {
	const served: { readonly methods: readonly string[]; readonly path: RegExp }[] = [];
	app.addHook('onRoute', ({ method, url }) => {
		const path = url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+');
		served.push({ methods: [method].flat(), path: new RegExp(`^${path}$`) });
	});
	app.setNotFoundHandler((request) => {
		const asked = pathOf(request);
		const found = served.filter(({ path }) => path.test(asked)).flatMap(({ methods }) => methods);
		const allowed = ['GET', 'POST', 'PATCH', 'DELETE'].filter((method) => found.includes(method));
		if (allowed.length > 0) {
			throw new ApiError('METHOD_NOT_ALLOWED', { headers: { Allow: allowed.join(', ') } });
		}
		throw noSuchRoute();
	});
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '';

/** Bytes go out as they are; to a text the framework would add a charset that JSON does not have. */
export const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

const localHost = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d+)?$/i;

/**
 * A page on the web can make a browser call 127.0.0.1 under a name of its own (DNS rebinding); such a call names that
 * host.
 */
const isLocalHost = (host: string | undefined): boolean =>
	host === undefined || localHost.test(host);

/**
 * No documented input is deeper than two. What walks a body recursively, as writing JSON does, must not run out of
 * stack: an event that cannot be written would stand in the way of every list it is in.
 */
const deepest = 32;

const tooDeep = (): ApiError =>
	new ApiError('MALFORMED_REQUEST', { message: 'The body is nested too deeply.' });

/** It has no path, and an `Allow` header would name no method that helps. */
const noProxy = (): ApiError =>
	new ApiError('METHOD_NOT_ALLOWED', {
		message: 'The sandbox is no proxy.',
		remediation: 'Use its address as the base URL.',
	});

const wrongHost = (): ApiError => new ApiError('HOST_NOT_ALLOWED');

/** A hook: a page of another origin must not drive the sandbox from the user's browser. */
export function sameOriginOnly(
	{ headers: { origin, host = '' } }: Pick<FastifyRequest, 'headers'>,
	_reply: unknown,
	done: (error?: Error) => void,
): void {
	const isOwn = [undefined, `http://${host}`, `https://${host}`].includes(origin);
	done(isOwn ? undefined : wrongHost());
}

/** What the framework found wrong with a request, as the envelope says it; null for a mistake of ours. */
function toApiError(error: unknown): ApiError | null {
	if (error instanceof ApiError) return error;
	if (!(error instanceof Error)) return null;
	const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown };
	switch (code) {
		case 'FST_ERR_CTP_BODY_TOO_LARGE':
			return new ApiError('PAYLOAD_TOO_LARGE');
		case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
			return new ApiError('UNSUPPORTED_MEDIA_TYPE');
		default:
			return typeof statusCode === 'number' && statusCode < 500
				? new ApiError('MALFORMED_REQUEST')
				: null;
	}
}

/** Node could not make a request of what came in; there is only a socket to answer on. */
function answerBrokenRequest(
	world: World,
	requestId: string,
	error: { readonly code?: string },
	socket: Socket,
): void {
	if (error.code === 'ECONNRESET' || !socket.writable) {
		socket.destroy();
		return;
	}
	const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW';
	const problem = new ApiError(isTooLarge ? 'HEADERS_TOO_LARGE' : 'MALFORMED_REQUEST');
	answerOnSocket(world, requestId, problem, socket);
}

function answerOnSocket(world: World, requestId: string, problem: ApiError, socket: Duplex): void {
	// Who has gone away already is nobody's concern.
	socket.on('error', () => undefined);
	const body = JSON.stringify(problem.envelope(world.platform, requestId));
	socket.end(
		`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
			`Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
	);
}
