import { eventByType, type EventEntry } from '@memberpass/catalogue';

import { VirtualClock } from '../clock.ts';
import { ApiError, orNotFound, wrongField } from '../errors.ts';
import { sampleData } from '../event-data.ts';
import { envelope } from '../events.ts';
import { accountFacts } from '../facts.ts';
import type { Seeded } from '../seed.ts';
import type { Project } from '../state.ts';
import type { DomainEvent } from '../webhooks/types.ts';
import type { World } from '../world.ts';
import type { Raw } from './router.ts';

/** What a test does to the sandbox by a function, and the page by a call. */

export interface Fired {
	readonly event: DomainEvent;
	/** How many active endpoints it is sent to. */
	readonly listening: number;
}

/**
 * Fires an event by hand. The account does not change.
 *
 * @param override Replaces keys of the example.
 * @throws ApiError for a type that does not exist, or a project that does not.
 */
export function fireEvent(
	world: World,
	seeded: Seeded,
	type: string,
	override: Raw = {},
	projectId?: string,
): Fired {
	const entry = eventOf(type);
	const project = projectFor(world, seeded, projectId);
	const data = { ...exampleData(world, entry, project), ...override };
	const event = envelope(world, entry, data, project.id, project.team_id);
	return { event, listening: world.engine.emit(event) };
}

/** @throws ApiError where there is none. */
export function eventOf(type: unknown): EventEntry {
	const entry = eventByType(String(type));
	if (entry === undefined) throw wrongField('type', 'There is no such event.');
	return entry;
}

/** The data an event would carry if it were fired now. */
export function exampleData(world: World, entry: EventEntry, project: Project): Raw {
	const facts = accountFacts(world.state, project.team_id, project.id);
	return sampleData(entry, facts, world.switches);
}

/**
 * The project that is named, or else one that is there.
 *
 * @throws ApiError where there is none.
 */
export function projectFor(world: World, seeded: Seeded, id: string | undefined): Project {
	if (id !== undefined) return orNotFound(world.state.projects.get(id), 'project');
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
export async function advance({ clock, engine }: World, ms: number): Promise<void> {
	if (!(clock instanceof VirtualClock)) {
		throw new ApiError('MALFORMED_REQUEST', {
			status: 409,
			message: 'Time is real here and cannot be moved.',
			remediation: 'Start the sandbox with --virtual-time.',
		});
	}
	await engine.settle();
	await clock.advance(ms);
	await engine.settle();
}
