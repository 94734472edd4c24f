import { eventByType } from '@memberpass/catalogue';

import { seesProject, visibleProjects } from '../auth.ts';
import { addError, type FieldErrors, missingAbility, orNotFound } from '../errors.ts';
import { knownEvent, sampleData } from '../event-data.ts';
import { envelope } from '../events.ts';
import { accountFacts } from '../facts.ts';
import { newestFirst } from '../state.ts';
import { spoken } from '../validation.ts';
import { allowedIpProblem, urlProblem } from '../webhooks/engine-target.ts';
import type { Endpoint } from '../webhooks/types.ts';
import {
	type Call,
	flagOf,
	listOf,
	many,
	nothing,
	one,
	type Operation,
	type Operations,
	projectInQuery,
	textOf,
} from './route.ts';

/** Endpoints a token can see: of its team, and of its projects if it is confined to some. */
export function visibleEndpoints(call: Pick<Call, 'world' | 'token'>): readonly Endpoint[] {
	const { world, token } = call;
	return world.engine.listEndpoints(token.team_id).filter((row) => {
		if (token.project_ids.length === 0) return true;
		const project = world.state.projects.get(row.project_id ?? '');
		return project !== undefined && seesProject(token, project);
	});
}

function checkEndpoint(call: Call): FieldErrors {
	const fields: FieldErrors = {};
	const { input, world, token } = call;
	const url = textOf(input, 'url');
	// The schema's own pattern (https only) is left to this check, because a switch bends it.
	const problem = url === undefined ? null : urlProblem(url, world.switches.webhookUrls);
	if (problem !== null) addError(fields, 'url', problem);
	for (const [index, ip] of (listOf(input, 'allowed_ips') ?? []).entries()) {
		const wrong = allowedIpProblem(ip);
		if (wrong !== null) addError(fields, `allowed_ips.${index}`, wrong);
	}
	for (const [index, type] of (listOf(input, 'events') ?? []).entries()) {
		if (eventByType(type) !== undefined) continue;
		const name = `events.${index}`;
		addError(fields, name, `The selected ${spoken(name)} is invalid.`);
	}
	if (token.project_ids.length > 1 && textOf(input, 'project_id') === undefined) {
		addError(fields, 'project_id', 'The project id field is required for this token.');
	}
	return fields;
}

function create(call: Call): { readonly endpoint: Endpoint; readonly secret: string } {
	const { input, token, world } = call;
	const events = listOf(input, 'events') ?? [];
	// The token needs the ability of each event when it subscribes (docs.memberpass.net/integrations/zapier).
	for (const type of events) {
		const { ability } = knownEvent(type);
		if (!token.abilities.includes(ability)) throw missingAbility(ability);
	}
	// A token of one project must not hear of the others.
	const [only] = token.project_ids;
	return world.engine.addEndpoint({
		name: textOf(input, 'name') ?? '',
		url: textOf(input, 'url') ?? '',
		events: [...new Set(events)],
		projectId: textOf(input, 'project_id') ?? only ?? null,
		allowedIps: listOf(input, 'allowed_ips') ?? null,
		isActive: flagOf(input, 'is_active') ?? true,
		teamId: token.team_id,
	});
}

const createEndpoint: Operation = {
	check: checkEndpoint,
	run: (call) => {
		const { endpoint, secret } = create(call);
		return one(endpoint, 'created', { beside: { secret } });
	},
};

const deleteEndpoint: Operation = {
	run: (call) => {
		call.world.engine.removeEndpoint(call.found('endpoint').id);
		return nothing;
	},
};

const noun = 'webhook endpoint';

export const webhooks: Operations = {
	list_webhook_endpoints: {
		run: (call) => many(newestFirst(visibleEndpoints(call), (row) => row.created_at)),
	},
	create_webhook_endpoint: createEndpoint,
	create_webhook_subscription: createEndpoint,
	delete_webhook_endpoint: deleteEndpoint,
	delete_webhook_subscription: deleteEndpoint,
	update_webhook_endpoint: {
		run: (call) => {
			const active = flagOf(call.input, 'is_active') ?? true;
			const { id } = call.found('endpoint');
			const endpoint = call.world.engine.updateEndpoint(id, { is_active: active });
			return one(orNotFound(endpoint, noun));
		},
	},
	rotate_webhook_secret: {
		run: (call) => {
			const { id } = call.found('endpoint');
			const secret = orNotFound(call.world.engine.rotateSecret(id, 'api'), noun);
			return one({ id }, 'ok', { beside: { secret } });
		},
	},
	test_webhook_endpoint: {
		run: (call) => {
			call.limiter.webhookTest(call.token.id);
			const delivery = call.world.engine.testEndpoint(call.found('endpoint').id);
			return one({ delivery_id: orNotFound(delivery, noun) }, 'queued');
		},
	},
	retry_webhook_delivery: {
		run: (call) => {
			const id = textOf(call.input, 'delivery') ?? '';
			const endpoints = new Set(visibleEndpoints(call).map((row) => row.id));
			const known = call.world.engine
				.listDeliveries({ teamId: call.token.team_id })
				.some((row) => row.id === id && endpoints.has(row.endpointId));
			const retried = known ? call.world.engine.retryDelivery(id) : null;
			const delivery = orNotFound(retried, 'webhook delivery');
			return one({
				id: delivery.id,
				status: delivery.status,
				attempts: delivery.attempts.length,
			});
		},
	},
	list_webhook_events: {
		check: (call) => {
			const fields: FieldErrors = {};
			const type = textOf(call.input, 'type');
			if (type !== undefined && eventByType(type) === undefined) {
				addError(fields, 'type', 'The selected type is invalid.');
			}
			return fields;
		},
		run: (call) => {
			const { world, token, input } = call;
			const entry = knownEvent(textOf(input, 'type') ?? '');
			const project = projectInQuery(call);
			const visible = new Set(visibleProjects(world.state, token).map((row) => row.id));
			const past = world.engine
				.recentEvents({ teamId: token.team_id, type: entry.type })
				.filter((event) =>
					project !== undefined
						? event.project_id === project.id
						: event.project_id === null ||
							token.project_ids.length === 0 ||
							visible.has(event.project_id),
				);
			if (past.length > 0 || world.switches.eventFeed === 'past') return many(past);
			const [first] = visible;
			const projectId = project?.id ?? first ?? null;
			const facts = accountFacts(world.state, token.team_id, projectId);
			const data = sampleData(entry, facts, world.switches);
			return many([envelope(world, entry, data, projectId, token.team_id)]);
		},
	},
};
