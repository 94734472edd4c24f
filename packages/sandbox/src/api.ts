import { setTimeout as sleep } from 'node:timers/promises';

import type { ObjectSchema } from '@memberpass/catalogue';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { toAnswer } from './answers.ts';
import { authenticate, requireAbility } from './auth.ts';
import { ApiError, type FieldErrors, invalid } from './errors.ts';
import { send, sufferEarly } from './fault-injection.ts';
import { type Fault, type Faults, parseFault } from './faults.ts';
import { fingerprint, type IdempotencyKeys, type StoredAnswer } from './idempotency.ts';
import type { RateLimiter } from './limits.ts';
import { omit } from './omit.ts';
import { readPageRequest } from './paging.ts';
import type { Call, Found } from './routes/route.ts';
import { type ServedRoute, servedRoutes } from './routes/index.ts';
import { requireProject, resolvePath } from './scope.ts';
import { pathOf } from './server.ts';
import type { Token } from './state.ts';
import {
	bodyOf,
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

export interface ApiOptions {
	readonly world: World;
	readonly faults: Faults;
	readonly keys: IdempotencyKeys;
	readonly limiter: RateLimiter;
	readonly rateLimits: boolean;
	/** Real milliseconds every call waits. */
	readonly latencyMs: number;
}

/** What is known of a call before its body is read. */
interface Seen {
	readonly token: Token;
	readonly fault: Fault | null;
}

declare module 'fastify' {
	interface FastifyRequest {
		seen: Seen;
	}
}

/** MemberPass's own routes. */
export function addApi(app: FastifyInstance, options: ApiOptions): void {
	app.decorateRequest('seen');
	for (const route of servedRoutes) serve(app, route, options);
}

function serve(app: FastifyInstance, route: ServedRoute, options: ApiOptions): void {
	const { world, faults, limiter, rateLimits } = options;
	const { entry } = route;
	app.route({
		method: entry.key === 'update_webhook_endpoint' ? ['POST', 'PATCH'] : entry.method,
		url: world.platform.apiBasePath + entry.path.replaceAll(/\{(\w+)\}/g, ':$1'),
		onRequest: async (request, reply) => {
			const fault = faultOf(request, route, faults);
			if (await sufferEarly(fault, request, reply)) return;
			refuseSwitchedOffMethod(request, route, world);
			const token = authenticate(world, request.headers.authorization);
			// At once: a refusal carries them, too.
			if (rateLimits) void reply.headers(limiter.request(token.id));
			request.seen = { token, fault };
			requireAbility(token, entry);
		},
		handler: async (request, reply) => {
			const answer = await carryOut(request, reply, route, options);
			await send(request, reply, answer, request.seen.fault);
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
	return faults.take({ method: request.method, path: pathOf(request), operations: route.keys });
}

/** Does what a request asks for, once for each idempotency key. */
async function carryOut(
	request: FastifyRequest,
	reply: FastifyReply,
	route: ServedRoute,
	options: ApiOptions,
): Promise<StoredAnswer> {
	const { world, latencyMs } = options;
	const { token, fault } = request.seen;
	const { switches } = world;
	const isRead = route.entry.method === 'GET';
	// Read before anything is kept under a key: a body that cannot be read is no request.
	const given = isRead
		? readQuery(route.entry, bodyOf(request.query), switches.queryLists)
		: readBody(bodyOf(request.body));
	const key = isRead ? null : keyOf(request, world);
	const opened =
		key === null
			? null
			: await options.keys.open(
					switches.keyScope === 'team' ? token.team_id : token.id,
					key,
					fingerprint(request.method, pathOf(request), given),
				);
	if (opened?.kind === 'replay') {
		if (switches.replayHeader === 'idempotent_replayed') {
			void reply.header('Idempotent-Replayed', 'true');
		}
		return opened.answer;
	}
	let kept: StoredAnswer | null = null;
	try {
		const wait = latencyMs + (fault?.kind === 'latency' ? (fault.ms ?? 1_500) : 0);
		if (wait > 0) await sleep(wait, undefined, { ref: false });
		kept = run(request, route, given, options);
		return kept;
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

/** Checks a call, and does it. Everything that is wrong with it is said at once. */
function run(
	request: FastifyRequest,
	{ entry, operation, schema }: ServedRoute,
	given: Input,
	{ world, limiter }: ApiOptions,
): StoredAnswer {
	const { token } = request.seen;
	const params = request.params as Readonly<Record<string, string>>;
	const rows = resolvePath(world, token, entry, params);
	const team = world.state.teams.get(token.team_id);
	if (team === undefined) throw new Error(`There is no team ${token.team_id}.`);

	const unknown = operation.unknown?.(world.switches) ?? [];
	const input = omit({ ...given, ...params }, ...unknown);
	const wrong = mergeErrors(
		omit(schemaErrors(request, schema, input), ...unknown),
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
		limiter,
		found: <K extends keyof Found>(key: K): Found[K] => {
			const row = rows[key];
			if (row === undefined) throw new Error(`The path of ${entry.key} names no ${key}.`);
			return row;
		},
	};
	const paging = readPageRequest(entry.output, given);
	// A check sees nothing of what is wrong already, and would call it missing.
	const checked = omit(operation.check?.(call) ?? {}, ...Object.keys(wrong));
	const problems = mergeErrors(wrong, checked, paging.fields);
	if (Object.keys(problems).length > 0) throw invalid(problems, world.switches);
	return toAnswer(operation.run(call), entry, paging.wanted, world.switches);
}

/** Compiled once for all sandboxes of a process: their worlds differ, the catalogue does not. */
const validators = new WeakMap<
	ObjectSchema,
	ReturnType<FastifyRequest['compileValidationSchema']>
>();

/** Asks the framework's validator. */
function schemaErrors(request: FastifyRequest, schema: ObjectSchema, input: Input): FieldErrors {
	const validate = validators.get(schema) ?? request.compileValidationSchema(schema);
	validators.set(schema, validate);
	if (validate(input)) return {};
	return fieldErrors((validate.errors ?? []) as readonly SchemaError[], input);
}
