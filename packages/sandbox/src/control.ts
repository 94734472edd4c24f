import { deliveryStatuses, eventByType, events, knownAbilities } from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { act, actions } from './actions.ts';
import { type Clock, VirtualClock } from './clock.ts';
import { ApiError, notFound, wrongField } from './errors.ts';
import { envelope, isAccountEvent, sampleData } from './events.ts';
import { accountFacts } from './facts.ts';
import { faultKinds, type Faults, readFaultRule, retryAfterForms } from './faults.ts';
import { mintToken, type Seeded } from './seed.ts';
import { omit } from './omit.ts';
import { rememberPath, sameOriginOnly } from './server.ts';
import { inProject, type Project, type Token } from './state.ts';
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

const units: Readonly<Record<string, number>> = { ms: 1, s: second, m: minute, h: hour, d: day };

/** A hundred years. Every period on the way is lived through, and dates have an end. */
const longestDuration = 36_525 * day;

/** Reads 1500, "1500", "90s", "10m", "4d" as milliseconds; null for anything else, and beyond a hundred years. */
export function readDuration(value: unknown): number | null {
	const match =
		typeof value === 'string' ? /^(\d{1,12}(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(value) : null;
	const ms =
		typeof value === 'number' ? value : Number(match?.[1]) * (units[match?.[2] ?? 'ms'] ?? 1);
	return ms >= 0 && ms <= longestDuration ? ms : null;
}

const durationMessage = 'Give milliseconds, or a text such as "10m" or "4d", at most 36525d.';

/** An optional text of a body. */
function optionalText(body: Raw, name: string): string | undefined {
	const value = body[name];
	if (value === undefined || typeof value === 'string') return value;
	throw wrongField(name, 'Must be a text.');
}

/** An optional list of texts of a body. Anything else is refused: what stands for nothing would stand for all. */
function optionalTexts(body: Raw, name: string): readonly string[] | undefined {
	const value = body[name];
	if (value === undefined) return undefined;
	if (Array.isArray(value)) {
		const texts = value.filter((one) => typeof one === 'string');
		if (texts.length === value.length) return texts;
	}
	throw wrongField(name, 'Must be a list of texts.');
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
	if (entry === undefined) throw wrongField('type', 'There is no such event.');
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
	if (project === undefined) throw wrongField('project_id', 'There is no project left.');
	return project;
}

/**
 * Moves virtual time, and waits for the deliveries that come of it.
 *
 * @throws ApiError 409 where time is real.
 */
export async function advance(clock: Clock, world: World, ms: number): Promise<void> {
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
					plans: inProject(state.plans, project.id),
					members: inProject(state.members, project.id).length,
					subscriptions: inProject(state.subscriptions, project.id).map((row) => omit(row, 'stop')),
					access_codes: inProject(state.accessCodes, project.id),
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

/** The whole token: this is the one place that shows it, because a sandbox nobody can enter is no use. */
const tokenRow = (token: Token): object => ({
	id: token.id,
	name: token.name,
	token: token.plain,
	team_id: token.team_id,
	project_ids: token.project_ids,
	abilities: token.abilities.length,
});

function deliveryFilter(query: Raw): DeliveryFilter {
	const { status, endpoint, limit } = query;
	if (
		status !== undefined &&
		!(typeof status === 'string' && Object.hasOwn(deliveryStatuses, status))
	) {
		throw wrongField('status', `Must be one of: ${Object.keys(deliveryStatuses).join(', ')}.`);
	}
	const most = Number(limit ?? 100);
	if (!Number.isInteger(most) || most < 1) {
		throw wrongField('limit', 'Must be a whole number above 0.');
	}
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
		if (!isJsonObject(body)) {
			throw new ApiError('MALFORMED_REQUEST', 400, { message: 'The body must be a JSON object.' });
		}
		return body;
	};
	const answer = (reply: FastifyReply, data: unknown, status = 200): FastifyReply =>
		reply.code(status).send({ data });

	const eventId = world.platform.headers.eventId.toLowerCase();
	/** An event names its type as a call here does, so a delivery would fire the next one without end. */
	const noDelivery = (
		{ headers }: Pick<FastifyRequest, 'headers'>,
		_reply: unknown,
		done: (error?: Error) => void,
	): void => {
		const refusal = new ApiError('MALFORMED_REQUEST', 400, {
			message: 'This address drives the sandbox and takes no deliveries.',
			remediation: 'Give the endpoint the address of your receiver, or /_sandbox/page/inbox.',
		});
		done(headers[eventId] === undefined ? undefined : refusal);
	};

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
			onRequest: [sameOriginOnly, noDelivery],
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
		const { type, data } = body;
		const projectId = optionalText(body, 'project_id');
		if (typeof type !== 'string') throw wrongField('type', 'The type field is required.');
		if (data !== undefined && !isJsonObject(data)) throw wrongField('data', 'Must be an object.');
		const event = fireEvent(world, seeded, {
			type,
			...(data === undefined ? {} : { data }),
			...(projectId === undefined ? {} : { projectId }),
		});
		return answer(reply, omit(event, 'teamId'), 201);
	});

	route('GET', '/actions', () => actions);
	route('POST', '/actions', ({ body }, reply) => {
		return answer(reply, omit(act(world, body), 'stop'), 201);
	});

	route('POST', '/time', async ({ body }) => {
		const ms = readDuration(body['advance']);
		if (ms === null) {
			throw wrongField('advance', durationMessage);
		}
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
		const { kind, times = 1 } = body;
		if (kind === 'duplicate_delivery' || kind === 'reorder_delivery') {
			if (!Number.isInteger(times) || Number(times) < 1) {
				throw wrongField('times', 'Must be a whole number above 0.');
			}
			const endpointId = optionalText(body, 'endpoint_id');
			if (endpointId !== undefined && !engine.listEndpoints().some(({ id }) => id === endpointId)) {
				throw wrongField('endpoint_id', 'There is no such endpoint.');
			}
			engine.inject({
				kind: kind === 'duplicate_delivery' ? 'duplicate' : 'reorder',
				times: Number(times),
				...(endpointId === undefined ? {} : { endpointId }),
			});
			return answer(reply, { kind, times }, 201);
		}
		const rule = readFaultRule(body);
		if (!rule.ok) throw wrongField('fault', rule.problem);
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
		const { expires_in: expiresIn, environment } = body;
		const name = optionalText(body, 'name');
		const wanted = optionalTexts(body, 'abilities') ?? seeded.token.abilities;
		const projectIds = optionalTexts(body, 'project_ids') ?? [];
		const strange = wanted.filter((one) => !knownAbilities.has(one));
		if (strange.length > 0) throw wrongField('abilities', `Not known: ${strange.join(', ')}.`);
		const foreign = projectIds.filter(
			(id) => world.state.projects.get(id)?.team_id !== seeded.team.id,
		);
		if (foreign.length > 0) {
			throw wrongField('project_ids', `No projects of the team: ${foreign.join(', ')}.`);
		}
		if (environment !== undefined && environment !== 'live' && environment !== 'test') {
			throw wrongField('environment', 'Must be live or test.');
		}
		const life = expiresIn === undefined ? null : readDuration(expiresIn);
		if (expiresIn !== undefined && life === null) {
			throw wrongField('expires_in', durationMessage);
		}
		const token = mintToken(world, {
			name: name ?? 'Minted in the sandbox',
			abilities: wanted,
			teamId: seeded.team.id,
			userId: seeded.team.owner_user_id,
			projectIds,
			expiresAt: life === null ? null : iso(world.clock.now() + life),
			...(environment === undefined ? {} : { environment }),
		});
		return answer(reply, tokenRow(token), 201);
	});
}

/** Bytes that wait for a listener that does not read, such as a page that the browser put to sleep. */
const mostUnread = 16 * 1024 * 1024;

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
		// Who reads again connects again, and asks for the list.
		if (raw.writableLength > mostUnread) raw.destroy();
	});
	raw.on('close', stop);
	raw.on('error', stop);
}
