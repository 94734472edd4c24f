import { eventByType, events, knownAbilities } from '@memberpass/catalogue';
import type { FastifyInstance, FastifyReply } from 'fastify';

import { act, actions } from './actions.ts';
import { type Clock, VirtualClock } from './clock.ts';
import { ApiError, type FieldErrors, notFound } from './errors.ts';
import { envelope, isAccountEvent, sampleData } from './events.ts';
import { accountFacts } from './facts.ts';
import { faultKinds, type Faults, readFaultRule, retryAfterForms } from './faults.ts';
import { mintToken, type Seeded } from './seed.ts';
import { omit } from './omit.ts';
import { rememberPath } from './server.ts';
import { type Project, type Token } from './state.ts';
import { readSwitches, switchDefinitions, switchNames } from './switches.ts';
import { day, hour, iso, minute, second } from './time.ts';
import type { Delivery, DeliveryFilter, DeliveryStatus, DomainEvent } from './webhooks/types.ts';
import type { World } from './world.ts';

export interface ControlOptions {
	readonly world: World;
	readonly seeded: Seeded;
	readonly faults: Faults;
	readonly seedName: string;
}

type Raw = Readonly<Record<string, unknown>>;

const refuse = (name: string, message: string): ApiError => {
	const fields: FieldErrors = { [name]: [message] };
	return new ApiError('VALIDATION_FAILED', 422, { message: 'The given data was invalid.', fields });
};

const isRecord = (value: unknown): value is Raw =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const units: Readonly<Record<string, number>> = { ms: 1, s: second, m: minute, h: hour, d: day };

/** Reads 1500, "1500", "90s", "10m", "4d" as milliseconds; null for anything else. */
export function readDuration(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
	const match =
		typeof value === 'string' ? /^(\d{1,12}(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(value) : null;
	if (match === null) return null;
	return Number(match[1]) * (units[match[2] ?? 'ms'] ?? 1);
}

/**
 * Fires an event by hand. The account does not change.
 *
 * @param input.data Overrides keys of the example.
 * @throws ApiError for a type that does not exist, or a project that does not.
 */
export function fireEvent(
	world: World,
	seeded: Seeded,
	input: { readonly type: string; readonly data?: Raw; readonly projectId?: string },
): DomainEvent {
	const entry = eventByType(input.type);
	if (entry === undefined) throw refuse('type', 'There is no such event.');
	const project = projectFor(world, seeded, input.projectId);
	const facts = accountFacts(world.state, project.team_id, project.id);
	const data = { ...sampleData(entry, facts, world.switches), ...input.data };
	const scope = isAccountEvent(entry) ? null : project.id;
	const event = envelope(world, entry.type, data, scope, project.team_id);
	world.engine.emit(event);
	return event;
}

function projectFor(world: World, seeded: Seeded, id: string | undefined): Project {
	if (id !== undefined) {
		const project = world.state.projects.get(id);
		if (project === undefined) throw notFound('project');
		return project;
	}
	const own = [...world.state.projects.values()].find((row) => row.team_id === seeded.team.id);
	const project = world.state.projects.get(seeded.project.id) ?? own;
	if (project === undefined) throw refuse('project_id', 'There is no project left.');
	return project;
}

/** Moves virtual time; null where time is real. */
async function advance(clock: Clock, world: World, ms: number): Promise<void> {
	if (!(clock instanceof VirtualClock)) {
		throw new ApiError('MALFORMED_REQUEST', 409, {
			message: 'Time is real here and cannot be moved.',
			remediation: 'Start the sandbox with --virtual-time.',
		});
	}
	await world.engine.settle();
	await clock.advance(ms);
	await world.engine.settle();
}

/** A delivery as the page shows it. */
function deliveryRow(delivery: Delivery): object {
	return { ...delivery, event: omit(delivery.event, 'teamId') };
}

function summary({ world, seeded, faults, seedName }: ControlOptions): object {
	const { state, clock, engine, platform, environment } = world;
	return {
		seed: seedName,
		now: iso(clock.now()),
		time: clock instanceof VirtualClock ? 'virtual' : 'real',
		environment,
		api: platform.apiBasePath,
		teams: [...state.teams.values()].map((team) => ({
			id: team.id,
			name: team.name,
			tier: team.tier,
			projects: [...state.projects.values()]
				.filter((row) => row.team_id === team.id)
				.map((project) => ({
					id: project.id,
					name: project.name,
					handle: project.handle,
					active: project.active,
					bot: project.bot?.name ?? null,
					plans: rowsOf(state.plans, project),
					members: rowsOf(state.members, project).length,
					subscriptions: rowsOf(state.subscriptions, project).map((row) => omit(row, 'stop')),
					access_codes: rowsOf(state.accessCodes, project),
				})),
		})),
		currencies: [...state.currencies.values()],
		tokens: [...state.tokens.values()].filter((row) => !row.revoked).map((row) => tokenRow(row)),
		ready_token: seeded.token.plain,
		endpoints: engine.listEndpoints(),
		switches: world.switches,
		faults: faults.list(),
	};
}

const rowsOf = <T extends { readonly project_id: string }>(
	rows: ReadonlyMap<string, T>,
	project: Project,
): T[] => [...rows.values()].filter((row) => row.project_id === project.id);

/** The whole token: this is the one place that shows it, because a sandbox nobody can enter is no use. */
const tokenRow = (token: Token): object => ({
	id: token.id,
	name: token.name,
	token: token.plain,
	team_id: token.team_id,
	project_ids: token.project_ids,
	abilities: token.abilities.length,
});

const statuses: ReadonlySet<string> = new Set(['pending', 'delivered', 'failed', 'dead']);

function deliveryFilter(query: Raw): DeliveryFilter {
	const { status, endpoint, limit } = query;
	if (status !== undefined && !(typeof status === 'string' && statuses.has(status))) {
		throw refuse('status', `Must be one of: ${[...statuses].join(', ')}.`);
	}
	const most = Number(limit ?? 100);
	if (!Number.isInteger(most) || most < 1) throw refuse('limit', 'Must be a whole number above 0.');
	return {
		limit: most,
		...(status === undefined ? {} : { status: status as DeliveryStatus }),
		...(typeof endpoint === 'string' ? { endpointId: endpoint } : {}),
	};
}

/** Everything a test or the page may do to the sandbox. Not part of MemberPass. */
export function addControl(app: FastifyInstance, options: ControlOptions): void {
	const { world, seeded, faults } = options;
	const { engine } = world;
	const bodyOf = (body: unknown): Raw => {
		if (body === undefined || body === null) return {};
		if (!isRecord(body)) {
			throw new ApiError('MALFORMED_REQUEST', 400, { message: 'The body must be a JSON object.' });
		}
		return body;
	};
	const answer = (reply: FastifyReply, data: unknown, status = 200): FastifyReply =>
		reply.code(status).send({ data });

	const route = (
		method: 'GET' | 'POST' | 'DELETE',
		path: string,
		run: (
			request: { readonly body: Raw; readonly query: Raw; readonly params: Raw },
			reply: FastifyReply,
		) => unknown,
	): void => {
		const url = `/_sandbox${path}`;
		rememberPath(app, method, url);
		app.route({
			method,
			url,
			onRequest: (request, _reply, done) => {
				// A page of another origin must not drive the sandbox from the user's browser.
				const { origin, host } = request.headers;
				const foreign =
					origin !== undefined &&
					origin !== `http://${host ?? ''}` &&
					origin !== `https://${host ?? ''}`;
				done(foreign ? new ApiError('HOST_NOT_ALLOWED', 421) : undefined);
			},
			handler: async (request, reply) => {
				const result = await run(
					{
						body: bodyOf(request.body),
						query: bodyOf(request.query),
						params: bodyOf(request.params),
					},
					reply,
				);
				if (!reply.sent && result !== undefined) return answer(reply, result);
				return reply;
			},
		});
	};

	route('GET', '', () => summary(options));

	route('GET', '/events', ({ query }) => ({
		types: events.map((entry) => ({
			type: entry.type,
			family: entry.family,
			label: entry.label,
			summary: entry.summary,
			ability: entry.ability,
		})),
		recent: engine
			.recentEvents({
				limit: 50,
				...(typeof query['type'] === 'string' ? { type: query['type'] } : {}),
			})
			.map((event) => omit(event, 'teamId')),
	}));
	route('POST', '/events', ({ body }, reply) => {
		const { type, data, project_id: projectId } = body;
		if (typeof type !== 'string') throw refuse('type', 'The type field is required.');
		if (data !== undefined && !isRecord(data)) throw refuse('data', 'Must be an object.');
		const event = fireEvent(world, seeded, {
			type,
			...(data === undefined ? {} : { data }),
			...(typeof projectId === 'string' ? { projectId } : {}),
		});
		return answer(reply, omit(event, 'teamId'), 201);
	});

	route('GET', '/actions', () => actions);
	route('POST', '/actions', ({ body }, reply) => {
		return answer(reply, omit(act(world, body), 'stop'), 201);
	});

	route('POST', '/time', async ({ body }) => {
		const ms = readDuration(body['advance']);
		if (ms === null) throw refuse('advance', 'Give milliseconds, or a text such as "10m" or "4d".');
		await advance(world.clock, world, ms);
		return { now: iso(world.clock.now()) };
	});

	route('GET', '/switches', () =>
		switchNames.map((name) => ({
			name,
			value: world.switches[name],
			...switchDefinitions[name],
		})),
	);
	route('POST', '/switches', ({ body }) => {
		const read = readSwitches(body);
		if (!read.ok) {
			const fields = Object.fromEntries(
				Object.entries(read.problems).map(([name, messages]) => [name, [...messages]]),
			);
			throw new ApiError('VALIDATION_FAILED', 422, {
				message: 'The given data was invalid.',
				fields,
			});
		}
		Object.assign(world.switches, read.changes);
		return world.switches;
	});

	route('GET', '/faults', () => ({
		kinds: faultKinds,
		retry_after: Object.keys(retryAfterForms),
		deliveries: ['duplicate_delivery', 'reorder_delivery'],
		waiting: faults.list(),
	}));
	route('POST', '/faults', ({ body }, reply) => {
		const { kind, times = 1, endpoint_id: endpointId } = body;
		if (kind === 'duplicate_delivery' || kind === 'reorder_delivery') {
			if (!Number.isInteger(times) || Number(times) < 1) {
				throw refuse('times', 'Must be a whole number above 0.');
			}
			engine.inject({
				kind: kind === 'duplicate_delivery' ? 'duplicate' : 'reorder',
				times: Number(times),
				...(typeof endpointId === 'string' ? { endpointId } : {}),
			});
			return answer(reply, { kind, times }, 201);
		}
		const rule = readFaultRule(body);
		if (!rule.ok) throw refuse('fault', rule.problem);
		faults.add(rule.value);
		return answer(reply, rule.value, 201);
	});
	route('DELETE', '/faults', () => {
		faults.clear();
		return { waiting: [] };
	});

	route('GET', '/endpoints', () => engine.listEndpoints());
	route('POST', '/endpoints/:id/rotate', ({ params }) => {
		// The rotation of the dashboard, which signs with both secrets for a day.
		const secret = engine.rotateSecret(String(params['id']), 'dashboard');
		if (secret === null) throw notFound('webhook endpoint');
		return { secret };
	});

	route('GET', '/deliveries', ({ query }) =>
		engine.listDeliveries(deliveryFilter(query)).map(deliveryRow),
	);
	route('POST', '/deliveries/:id/replay', ({ params }) => {
		const delivery = engine.retryDelivery(String(params['id']));
		if (delivery === null) throw notFound('webhook delivery');
		return deliveryRow(delivery);
	});
	route('GET', '/deliveries/stream', (_request, reply) => {
		stream(world, reply);
	});

	route('POST', '/tokens', ({ body }, reply) => {
		const { name, abilities, project_ids: projectIds, expires_in: expiresIn, environment } = body;
		const wanted = Array.isArray(abilities)
			? abilities.filter((one) => typeof one === 'string')
			: seeded.token.abilities;
		const strange = wanted.filter((one) => !knownAbilities.has(one));
		if (strange.length > 0) throw refuse('abilities', `Not known: ${strange.join(', ')}.`);
		const life = expiresIn === undefined ? null : readDuration(expiresIn);
		if (expiresIn !== undefined && life === null) {
			throw refuse('expires_in', 'Give milliseconds, or a text such as "10m" or "4d".');
		}
		const token = mintToken(world, {
			name: typeof name === 'string' ? name : 'Minted in the sandbox',
			abilities: wanted,
			teamId: seeded.team.id,
			userId: seeded.team.owner_user_id,
			projectIds: Array.isArray(projectIds)
				? projectIds.filter((one) => typeof one === 'string')
				: [],
			expiresAt: life === null ? null : iso(world.clock.now() + life),
			...(environment === 'live' || environment === 'test' ? { environment } : {}),
		});
		return answer(reply, tokenRow(token), 201);
	});
}

/** Server-sent events: every change of endpoints, events and deliveries as it happens. */
function stream(world: World, reply: FastifyReply): void {
	reply.hijack();
	const { raw } = reply;
	raw.writeHead(200, {
		'content-type': 'text/event-stream',
		'cache-control': 'no-store',
		connection: 'keep-alive',
	});
	raw.write(': ready\n\n');
	const stop = world.engine.onChange((change) => {
		const data =
			change.kind === 'delivery' ? { ...change, delivery: deliveryRow(change.delivery) } : change;
		raw.write(`event: ${change.kind}\ndata: ${JSON.stringify(data)}\n\n`);
	});
	raw.on('close', stop);
	raw.on('error', stop);
}
