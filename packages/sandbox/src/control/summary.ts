import { VirtualClock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { omit } from '../omit.ts';
import type { Seeded } from '../seed.ts';
import { inProject, type Token } from '../state.ts';
import { iso } from '../time.ts';
import type { World } from '../world.ts';
import { waitingFaults } from './faults.ts';

export interface ControlOptions {
	readonly world: World;
	readonly seeded: Seeded;
	readonly faults: Faults;
	readonly seedName: string;
}

/** Everything there is, for a program that wants to know what it can work with. */
export function summary({ world, seeded, faults, seedName }: ControlOptions): object {
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
		faults: waitingFaults(faults, engine),
	};
}

/** The whole token: this is the one place that shows it, because a sandbox nobody can enter is no use. */
export const tokenRow = (token: Token): object => ({
	id: token.id,
	name: token.name,
	token: token.plain,
	team_id: token.team_id,
	project_ids: token.project_ids,
	abilities: token.abilities.length,
});
