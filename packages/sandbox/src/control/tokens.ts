import { knownAbilities } from '@memberpass/catalogue';

import { mintToken } from '../auth.ts';
import { wrongField } from '../errors.ts';
import type { Seeded } from '../seed.ts';
import { iso } from '../time.ts';
import type { World } from '../world.ts';
import { durationMessage, readDuration } from './duration.ts';
import { type AddRoute, answer, optionalText, optionalTexts } from './router.ts';
import { tokenRow } from './summary.ts';

export function addTokenRoutes(route: AddRoute, world: World, seeded: Seeded): void {
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
