import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FieldSchema, ObjectSchema } from '@memberpass/catalogue';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { authenticate, requireAbility } from './auth.ts';
import { isDeeper } from './depth.ts';
import { ApiError, invalid } from './errors.ts';
import { type Fault, type FaultKind, type Faults, parseFault, retryAfterForms } from './faults.ts';
import { fingerprint, type IdempotencyKeys, type StoredAnswer } from './idempotency.ts';
import { createIds } from './ids.ts';
import type { RateLimiter } from './limits.ts';
import { omit } from './omit.ts';
import { cutPage, readPageRequest } from './paging.ts';
import type { Call, Found, Outcome } from './routes/route.ts';
import { type ServedRoute, servedRoutes } from './routes/index.ts';
import { requireProject, resolvePath } from './scope.ts';
import type { Token } from './state.ts';
import type { Switches } from './switches.ts';
import {
	emptyTextErrors,
	exclusiveErrors,
	fieldErrors,
	type Input,
	mergeErrors,
	readBody,
	readQuery,
	type SchemaError,
	withoutErrors,
} from './validation.ts';
import type { World } from './world.ts';

/** Larger bodies are refused; the largest documented input is a few kilobytes. */
const bodyLimit = 1024 * 1024;

export interface ServerOptions {
	readonly world: World;
	readonly faults: Faults;
	readonly keys: IdempotencyKeys;
	readonly limiter: RateLimiter;
	readonly rateLimits: boolean;
	/** Real milliseconds every call of the API waits. */
	readonly latencyMs: number;
	/** Whether other machines may call. */
	readonly allowRemote: boolean;
	/** Told of what should not have happened; the client gets a plain 500. */
	readonly onError: (error: unknown) => void;
}

/** What hooks found out about a request. */
interface Seen {
	token: Token | null;
	fault: Fault | null;
	headers: Record<string, string>;
}

declare module 'fastify' {
	interface FastifyRequest {
		seen: Seen;
	}
}

/** The HTTP side of the sandbox, without the control routes. */
export function createServer(options: ServerOptions): FastifyInstance {
	const { world, onError } = options;
	// Ids of their own: the ids of rows must not depend on how many requests came before.
	const requestIds = createIds(world.clock, world.random.fork('requests'));
	const requestId = (): string => `req_${requestIds.ulid()}`;
	const app = fastify({
		bodyLimit,
		forceCloseConnections: true,
		genReqId: requestId,
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
		frameworkErrors: (error, request, reply) => {
			answerError(error, request, reply);
		},
		clientErrorHandler(error, socket) {
			answerBrokenRequest(world, requestId(), error, socket);
		},
	});

	function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
		const known = toApiError(error);
		if (known === null) onError(error);
		const problem = known ?? new ApiError('SERVER_ERROR');
		void reply
			.code(problem.status)
			.headers({ ...(problem.details.headers ?? {}), 'content-type': 'application/json' })
			.send(bytes(JSON.stringify(problem.envelope(world.platform, request.id))));
	}

	// The default parsers would take text/plain; and an empty JSON body is no error here, because clients send the
	// content type on calls without a body.
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
	app.decorateRequest('seen');
	app.addHook('onRequest', (request, _reply, done) => {
		request.seen = { token: null, fault: null, headers: {} };
		done(options.allowRemote || isLocalHost(request.headers.host) ? undefined : wrongHost());
	});
	app.setErrorHandler((error, request, reply) => {
		answerError(error, request, reply);
	});
	app.setNotFoundHandler((request) => {
		const path = request.url.split('?')[0] ?? '';
		const allowed = methodsOf(app, path);
		if (allowed.length > 0) {
			throw new ApiError('METHOD_NOT_ALLOWED', { headers: { Allow: allowed.join(', ') } });
		}
		throw new ApiError('RESOURCE_NOT_FOUND', {
			message: 'There is no such route.',
			remediation: 'Check the path and the API version.',
		});
	});
	for (const route of servedRoutes()) serve(app, route, options);
	return app;
}

/** Bytes go out as they are; to a text the framework would add a charset that JSON does not have. */
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

/** Methods that a path answers to. */
function methodsOf(app: FastifyInstance, path: string): string[] {
	return (['GET', 'POST', 'PATCH', 'DELETE'] as const).filter((method) =>
		findRoute(app, method, path),
	);
}

function findRoute(
	app: FastifyInstance,
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
	path: string,
) {
	const paths = servedPaths.get(app);
	return paths?.some((one) => one.method === method && one.pattern.test(path)) ?? false;
}

const servedPaths = new WeakMap<FastifyInstance, { method: string; pattern: RegExp }[]>();

/** Remembers a route, so that a wrong method can be told from a wrong path. */
export function rememberPath(app: FastifyInstance, method: string, path: string): void {
	const known = servedPaths.get(app) ?? [];
	const pattern = path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}|:\w+/g, '[^/]+');
	known.push({ method, pattern: new RegExp(`^${pattern}$`) });
	servedPaths.set(app, known);
}

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
		case 'FST_ERR_CTP_INVALID_TYPE':
			return new ApiError('UNSUPPORTED_MEDIA_TYPE');
		default:
			return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
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
	const problem =
		error.code === 'HPE_HEADER_OVERFLOW'
			? new ApiError('HEADERS_TOO_LARGE')
			: new ApiError('MALFORMED_REQUEST');
	const body = JSON.stringify(problem.envelope(world.platform, requestId));
	socket.end(
		`HTTP/1.1 ${problem.status} ${problem.status === 431 ? 'Request Header Fields Too Large' : 'Bad Request'}\r\n` +
			`Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
	);
}

const openSchemas = new WeakMap<ObjectSchema, ObjectSchema>();

/** The input schema as it is checked here; the same object each time, so that it is compiled once. */
function inputSchema({ entry: { input } }: ServedRoute): ObjectSchema {
	const { url, ...others } = input.properties;
	if (url === undefined) return input;
	const known = openSchemas.get(input);
	if (known !== undefined) return known;
	// https only is the operation's own check: a switch lets http on this machine pass.
	const open: FieldSchema = omit(url, 'pattern');
	const schema = { ...input, properties: { ...others, url: open } };
	openSchemas.set(input, schema);
	return schema;
}

function serve(app: FastifyInstance, route: ServedRoute, options: ServerOptions): void {
	const { world, faults, limiter } = options;
	const { entry } = route;
	const path = world.platform.apiBasePath + entry.path;
	const schema = inputSchema(route);
	const methods =
		entry.key === 'update_webhook_endpoint' ? (['POST', 'PATCH'] as const) : [entry.method];
	for (const method of methods) rememberPath(app, method, path);
	app.route({
		method: [...methods],
		url: path.replace(/\{(\w+)\}/g, ':$1'),
		onRequest: async (request, reply) => {
			request.seen.fault = faultOf(request, route, faults);
			if (await sufferEarly(request.seen.fault, request, reply)) return;
			refuseSwitchedOffMethod(request, route, world);
			const token = authenticate(world, request.headers.authorization);
			request.seen.token = token;
			if (options.rateLimits) request.seen.headers = limiter.request(token.id);
			requireAbility(token, entry);
		},
		handler: async (request, reply) => {
			const answer = await carryOut(request, route, schema, options);
			await send(request, reply, answer);
		},
	});
}

/** The page prints POST for switching on again; PATCH is there for those who set the switch. */
function refuseSwitchedOffMethod(request: FastifyRequest, route: ServedRoute, world: World): void {
	if (route.entry.key !== 'update_webhook_endpoint') return;
	const { reenableMethod } = world.switches;
	if (reenableMethod === 'both' || reenableMethod === request.method.toLowerCase()) return;
	const Allow = `DELETE, ${reenableMethod.toUpperCase()}`;
	throw new ApiError('METHOD_NOT_ALLOWED', { headers: { Allow } });
}

function faultOf(request: FastifyRequest, route: ServedRoute, faults: Faults): Fault | null {
	const header = request.headers['x-sandbox-fault'];
	if (typeof header === 'string') {
		const fault = parseFault(header);
		if (fault.ok) return fault.value;
		throw new ApiError('MALFORMED_REQUEST', {
			message: `X-Sandbox-Fault cannot be read: ${fault.problem}`,
		});
	}
	const path = request.url.split('?')[0] ?? '';
	return faults.take({ method: request.method, path, operations: route.keys });
}

type Suffer = (fault: Fault, request: FastifyRequest, reply: FastifyReply) => FastifyReply | null;

/** Faults that leave nothing done. Null where nothing is answered. */
const early: Readonly<Partial<Record<FaultKind, Suffer>>> = {
	reset: (_fault, request, reply) => {
		reply.hijack();
		request.raw.socket.resetAndDestroy();
		return null;
	},
	close: (_fault, request, reply) => {
		reply.hijack();
		request.raw.socket.destroy();
		return null;
	},
	stall: (_fault, _request, reply) => {
		reply.hijack();
		return null;
	},
	html: (fault, _request, reply) =>
		reply
			.code(fault.status ?? 200)
			.header('content-type', 'text/html; charset=utf-8')
			.send('<!DOCTYPE html><html><head><title>Sandbox</title></head><body>No JSON.</body></html>'),
	empty: (_fault, _request, reply) => reply.code(200).send(),
	redirect: (fault, _request, reply) =>
		reply
			.code(302)
			.header('location', fault.to ?? 'http://127.0.0.1:9/elsewhere')
			.send(),
	rate_limited: (fault) => {
		// Receivers compare dates with their own clock, so the machine's time counts.
		const value = retryAfterForms[fault.retryAfter ?? 'seconds'](Date.now());
		throw new ApiError('RATE_LIMITED', {
			message: 'Too many requests.',
			remediation: 'Wait for the time in Retry-After.',
			headers: value === null ? {} : { 'Retry-After': value },
		});
	},
	error: (fault) => {
		const status = fault.status ?? 503;
		throw new ApiError(status === 503 ? 'SERVICE_UNAVAILABLE' : 'SERVER_ERROR', { status });
	},
};

/** True where a fault ended the request before anything was done. */
async function sufferEarly(
	fault: Fault | null,
	request: FastifyRequest,
	reply: FastifyReply,
): Promise<boolean> {
	const suffer = fault === null ? undefined : early[fault.kind];
	if (fault === null || suffer === undefined) return false;
	const sent = suffer(fault, request, reply);
	if (sent !== null) await sent;
	return true;
}

/** Does what a request asks for, once for each idempotency key. */
async function carryOut(
	request: FastifyRequest,
	route: ServedRoute,
	schema: ObjectSchema,
	options: ServerOptions,
): Promise<StoredAnswer> {
	const { world } = options;
	const { token, fault } = request.seen;
	if (token === null) throw new Error('A route ran without its token.');
	const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
	const path = request.url.split('?')[0] ?? '';
	// Read before anything is kept under a key: a body that cannot be read is no request.
	const body = isWrite ? bodyOf(request) : {};
	const key = isWrite ? keyOf(request, world) : null;
	const scope = world.switches.keyScope === 'team' ? token.team_id : token.id;
	const opened =
		key === null
			? null
			: await options.keys.open(scope, key, fingerprint(request.method, path, body));
	if (opened?.kind === 'replay') {
		if (world.switches.replayHeader === 'idempotent_replayed') {
			request.seen.headers['Idempotent-Replayed'] = 'true';
		}
		return opened.answer;
	}
	let kept: StoredAnswer | null = null;
	try {
		const wait = options.latencyMs + (fault?.kind === 'latency' ? (fault.ms ?? 1_500) : 0);
		if (wait > 0) await sleep(wait, undefined, { ref: false });
		const answer = run(request, route, schema, token, body, options);
		kept = answer;
		return answer;
	} finally {
		opened?.finish(kept);
	}
}

/** The idempotency key of a write, or null where the switch lets a write go without. */
function keyOf(request: FastifyRequest, world: World): string | null {
	const header = request.headers[world.platform.headers.idempotency.toLowerCase()];
	const key = Array.isArray(header) ? header[0] : header;
	// HTTP has taken the blanks around it off.
	if (key !== undefined && key !== '') return key;
	switch (world.switches.missingKey) {
		case 'accept':
			return null;
		case '422':
			throw new ApiError('VALIDATION_FAILED', {
				message: 'The given data was invalid.',
				fields: { 'Idempotency-Key': ['The Idempotency-Key header is required.'] },
			});
		case '428':
			throw new ApiError('IDEMPOTENCY_KEY_REQUIRED', { status: 428 });
		case '400':
			throw new ApiError('IDEMPOTENCY_KEY_REQUIRED');
	}
}

function run(
	request: FastifyRequest,
	route: ServedRoute,
	schema: ObjectSchema,
	token: Token,
	body: Input,
	options: ServerOptions,
): StoredAnswer {
	const { world } = options;
	const { entry, operation } = route;
	const params = request.params as Readonly<Record<string, string>>;
	const query = request.query as Readonly<Record<string, unknown>>;
	const rows = resolvePath(world, token, entry, params);
	const isRead = request.method === 'GET' || request.method === 'HEAD';
	const input: Input = isRead ? { ...readQuery(entry, query), ...params } : { ...body, ...params };
	const team = world.state.teams.get(token.team_id);
	if (team === undefined) throw new Error(`There is no team ${token.team_id}.`);

	const wrong = mergeErrors(
		schemaErrors(request, schema, input),
		exclusiveErrors(entry, input),
		world.switches.emptyText === 'refused' ? emptyTextErrors(entry, input) : {},
	);
	const sound = withoutErrors(input, wrong);
	if (entry.input.properties['project_id'] !== undefined) {
		requireProject(world, token, sound['project_id']);
	}
	const call: Call = {
		world,
		token,
		team,
		entry,
		input: sound,
		limiter: options.limiter,
		found: <K extends keyof Found>(key: K): Found[K] => {
			const row = rows[key];
			if (row === undefined) throw new Error(`The path of ${entry.key} names no ${key}.`);
			return row;
		},
	};
	const paging = readPageRequest(entry.output, isRead ? query : {});
	const problems = mergeErrors(
		wrong,
		operation.check?.(call) ?? {},
		paging.ok || entry.output.shape !== 'many' || entry.output.paging === 'none'
			? {}
			: paging.fields,
	);
	if (Object.keys(problems).length > 0) throw invalid(problems, world.switches);
	const wanted = paging.ok ? paging.wanted : { page: 1, size: 1, cursor: null };
	return toAnswer(operation.run(call), route, wanted, world, isRead);
}

function bodyOf(request: FastifyRequest): Input {
	const { body } = request;
	if (body === undefined || body === null) return {};
	if (typeof body !== 'object' || Array.isArray(body)) {
		throw new ApiError('MALFORMED_REQUEST', { message: 'The body must be a JSON object.' });
	}
	return readBody(body as Readonly<Record<string, unknown>>);
}

/** Compiled once for all sandboxes of a process: their worlds differ, the catalogue does not. */
const validators = new WeakMap<
	ObjectSchema,
	ReturnType<FastifyRequest['compileValidationSchema']>
>();

/** Asks the framework's validator. */
function schemaErrors(request: FastifyRequest, schema: ObjectSchema, input: Input) {
	const validate = validators.get(schema) ?? request.compileValidationSchema(schema);
	validators.set(schema, validate);
	if (validate(input)) return {};
	return fieldErrors((validate.errors ?? []) as readonly SchemaError[], input);
}

/** Cuts a row to the keys the catalogue shows, in its order. */
function shown(row: object, schema: Pick<ObjectSchema, 'properties'>): Record<string, unknown> {
	const values = row as Readonly<Record<string, unknown>>;
	return Object.fromEntries(
		Object.keys(schema.properties)
			.filter((key) => values[key] !== undefined)
			.map((key) => [key, values[key]]),
	);
}

const json = (status: number, body: unknown): StoredAnswer => ({
	status,
	contentType: 'application/json',
	body: JSON.stringify(body),
});

const none = (status: number): StoredAnswer => ({ status, contentType: null, body: '' });

/** The answer of a write that has nothing to say. A 204 has no body whatever is switched. */
function emptyAnswer(status: number, body: Switches['emptyBody']): StoredAnswer {
	if (status === 204 || body === 'none') return none(status);
	return json(
		status,
		{ empty_object: {}, data_null: { data: null }, message: { message: 'Deleted.' } }[body],
	);
}

function toAnswer(
	outcome: Outcome,
	{ entry }: ServedRoute,
	wanted: { readonly page: number; readonly size: number; readonly cursor: string | null },
	world: World,
	isRead: boolean,
): StoredAnswer {
	const { switches } = world;
	const chosen = switches.writeStatus === 'by_kind' ? null : Number(switches.writeStatus);
	switch (outcome.kind) {
		case 'nothing':
			return emptyAnswer(chosen ?? 204, switches.emptyBody);
		case 'one': {
			const byKind = { ok: 200, created: 201, queued: 202 }[outcome.done];
			const status = isRead ? 200 : (chosen ?? byKind);
			// What is shown only once must not be lost to a status.
			if (status === 204 && entry.output.beside.length === 0) return none(204);
			return json(status === 204 ? 200 : status, {
				data: shown(outcome.row, entry.output.schema),
				...(outcome.meta === undefined ? {} : { meta: outcome.meta }),
				...(outcome.beside ?? {}),
			});
		}
		case 'many': {
			const page = cutPage(
				outcome.rows,
				entry.output,
				wanted,
				switches.paging,
				outcome.meta,
				outcome.unpaged,
			);
			return json(200, {
				data: page.rows.map((row) => shown(row, entry.output.schema)),
				...(page.meta === null ? {} : { meta: page.meta }),
			});
		}
	}
}

/** Sends half of an answer, then breaks off or falls silent. */
async function sendHalf(
	request: FastifyRequest,
	reply: FastifyReply,
	answer: StoredAnswer,
	end: 'cut' | 'stall',
): Promise<void> {
	reply.hijack();
	const body = Buffer.from(answer.body === '' ? '{}' : answer.body);
	reply.raw.writeHead(answer.status === 204 ? 200 : answer.status, {
		'content-type': 'application/json',
		'content-length': body.length,
	});
	reply.raw.write(body.subarray(0, Math.ceil(body.length / 2)));
	const { socket } = request.raw;
	if (end === 'stall') {
		if (!socket.destroyed) await once(socket, 'close');
		return;
	}
	// Without the wait the head may never leave, and it would be a reset.
	await sleep(20);
	socket.destroy();
}

/** Sends an answer, or what a fault makes of it. */
async function send(
	request: FastifyRequest,
	reply: FastifyReply,
	answer: StoredAnswer,
): Promise<void> {
	const { fault, headers } = request.seen;
	if (fault?.kind === 'error_after_write') {
		// The answer is kept under its key already: the next try gets it.
		throw new ApiError('SERVER_ERROR');
	}
	if (fault?.kind === 'cut_body') return sendHalf(request, reply, answer, 'cut');
	if (fault?.kind === 'stall_body') return sendHalf(request, reply, answer, 'stall');
	if (fault?.kind === 'slow_headers') await sleep(fault.ms ?? 1_500, undefined, { ref: false });
	reply.code(answer.status).headers(headers);
	if (answer.contentType === null) await reply.send();
	else await reply.header('content-type', answer.contentType).send(bytes(answer.body));
}
