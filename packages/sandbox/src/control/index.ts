import { events } from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';
import type { FastifyInstance } from 'fastify';

import { act, actions } from '../actions.ts';
import { ApiError, wrongField } from '../errors.ts';
import { omit } from '../omit.ts';
import type { Seeded } from '../seed.ts';
import { readSwitches, switchDefinitions, switchNames } from '../switches.ts';
import { iso } from '../time.ts';
import type { World } from '../world.ts';
import { addDeliveryRoutes } from './deliveries.ts';
import { advance, fireEvent } from './drive.ts';
import { durationMessage, readDuration } from './duration.ts';
import { addFaultRoutes } from './faults.ts';
import { type AddRoute, answer, controlRouter, optionalText } from './router.ts';
import { type ControlOptions, summary } from './summary.ts';
import { addTokenRoutes } from './tokens.ts';

/** Everything a test or the page may do to the sandbox. Not part of MemberPass. */
export function addControl(app: FastifyInstance, options: ControlOptions): void {
	const { world, seeded, faults } = options;
	const route = controlRouter(app, world);
	route('GET', '', () => summary(options));
	addEventRoutes(route, world, seeded);
	addTimeRoutes(route, world);
	addSwitchRoutes(route, world);
	addFaultRoutes(route, world, faults);
	addDeliveryRoutes(route, world);
	addTokenRoutes(route, world, seeded);
}

function addEventRoutes(route: AddRoute, world: World, seeded: Seeded): void {
	const { engine } = world;
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
		const { event, listening } = fireEvent(world, seeded, type, data, projectId);
		return answer(reply, { ...omit(event, 'teamId'), listening }, 201);
	});

	route('GET', '/actions', () => actions);
	route('POST', '/actions', ({ body }, reply) => {
		return answer(reply, omit(act(world, body), 'stop'), 201);
	});
}

function addTimeRoutes(route: AddRoute, world: World): void {
	route('POST', '/time', async ({ body }) => {
		const ms = readDuration(body['advance']);
		if (ms === null) throw wrongField('advance', durationMessage);
		await advance(world, ms);
		return { now: iso(world.clock.now()) };
	});
}

function addSwitchRoutes(route: AddRoute, world: World): void {
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
			throw new ApiError('VALIDATION_FAILED', {
				message: 'The given data was invalid.',
				fields: read.problems,
			});
		}
		Object.assign(world.switches, read.changes);
		return world.switches;
	});
}
