import { type EventEntry, familyOf } from '@memberpass/catalogue';

import { dataSchema, knownEvent, shapeData } from './event-data.ts';
import { iso } from './time.ts';
import type { DomainEvent } from './webhooks/types.ts';
import type { World } from './world.ts';

/** Puts data into the documented envelope. Events of the account belong to no project. */
export function envelope(
	world: Pick<World, 'clock' | 'ids' | 'platform'>,
	entry: EventEntry,
	data: Readonly<Record<string, unknown>>,
	projectId: string | null,
	teamId: string,
	at: number = world.clock.now(),
): DomainEvent {
	return {
		id: world.ids.next('event', at),
		type: entry.type,
		created_at: iso(at),
		api_version: world.platform.apiVersion,
		project_id: familyOf(entry).scope === 'account' ? null : projectId,
		data,
		teamId,
	};
}

/** The `emit` of a world. */
export function createEmit(world: Omit<World, 'emit'>): World['emit'] {
	return (type, facts, project, at) => {
		const entry = knownEvent(type);
		const data = shapeData(dataSchema(entry, world.switches.eventShape), facts);
		world.engine.emit(envelope(world, entry, data, project.id, project.team_id, at));
	};
}
