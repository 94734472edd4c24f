import { eventByType, events, families } from '@memberpass/catalogue';

import { projectFor } from '../control/drive.ts';
import { optionalText, optionalTexts, type Raw } from '../control/router.ts';
import { wrongField } from '../errors.ts';
import type { Seeded } from '../seed.ts';
import { urlProblem } from '../webhooks/engine-target.ts';
import type { Endpoint } from '../webhooks/types.ts';
import type { World } from '../world.ts';
import type { EventFamily } from './wire.ts';

/**
 * What a person does in MemberPass's dashboard, which asks for no token and knows no idempotency key. The page does
 * not take the way over the API, because a fault or a switch that is set for somebody's client must not hit the page.
 */

/** The events by family, for the list to choose from. */
export function eventFamilies(): readonly EventFamily[] {
	return families.map((family) => ({
		key: family.key,
		label: family.label,
		scope: family.scope,
		events: events
			.filter((entry) => entry.family === family.key)
			.map((entry) => ({
				type: entry.type,
				label: entry.label,
				summary: entry.summary,
				caveats: entry.caveats
					.filter(({ kind }) => kind === 'not_firing' || kind === 'partial')
					.map(({ text }) => text),
			})),
	}));
}

/**
 * Adds an endpoint; the secret is in this answer and in no other.
 *
 * @throws ApiError naming the field that is wrong.
 */
export function addEndpoint(
	world: World,
	seeded: Seeded,
	body: Raw,
): { readonly endpoint: Endpoint; readonly secret: string } {
	const { url } = body;
	if (typeof url !== 'string' || url === '') throw wrongField('url', 'An address is required.');
	const problem = urlProblem(url, world.switches.webhookUrls);
	if (problem !== null) throw wrongField('url', problem);
	const wanted = optionalTexts(body, 'events') ?? events.map((entry) => entry.type);
	const strange = wanted.find((type) => eventByType(type) === undefined);
	if (strange !== undefined) throw wrongField('events', `There is no event "${strange}".`);
	const projectId = optionalText(body, 'project_id');
	const project = projectId === undefined ? null : projectFor(world, seeded, projectId);
	const name = optionalText(body, 'name')?.trim() ?? '';
	return world.engine.addEndpoint({
		name: name === '' ? 'From the page' : name,
		url,
		events: wanted,
		projectId: project?.id ?? null,
		allowedIps: null,
		isActive: true,
		teamId: project?.team_id ?? seeded.team.id,
	});
}
