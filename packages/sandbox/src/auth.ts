import type { RouteEntry } from '@memberpass/catalogue';

import { authenticationRequired, missingAbility } from './errors.ts';
import { hasExpired, type Project, type State, type Token } from './state.ts';
import { iso } from './time.ts';
import type { World } from './world.ts';

export interface TokenInput {
	readonly name: string;
	readonly abilities: readonly string[];
	readonly teamId: string;
	readonly projectIds?: readonly string[];
	readonly userId: string;
	readonly expiresAt?: string | null;
	/** The sandbox's own where absent; the other one is refused at the door. */
	readonly environment?: 'live' | 'test';
	/** Unix milliseconds it is made at; the clock's time where absent. */
	readonly at?: number;
	/** Unix milliseconds its id is dated to; `at` where absent. */
	readonly idAt?: number;
}

/** Mints a token `mpt_<environment>_<id>_<secret>`. */
export function mintToken(world: World, input: TokenInput): Token {
	const at = input.at ?? world.clock.now();
	const id = world.ids.next('token', input.idAt ?? at);
	const prefix = world.platform.tokenPrefixes[input.environment ?? world.environment];
	const token: Token = {
		id,
		name: input.name,
		plain: `${prefix}${id}_${world.random.hex(40)}`,
		abilities: input.abilities,
		team_id: input.teamId,
		project_ids: input.projectIds ?? [],
		user_id: input.userId,
		last_used_at: null,
		expires_at: input.expiresAt ?? null,
		created_at: iso(at),
		revoked: false,
	};
	world.state.tokens.set(id, token);
	return token;
}

/**
 * Who is calling. Sources: docs.memberpass.net/api (bearer tokens, team and project scope), /guide/reference/glossary
 * (format), /mcp/authentication (revocation), /integrations/zapier (a token of the other environment is refused).
 */
export function authenticate(world: World, header: string | undefined): Token {
	const plain = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1];
	if (plain === undefined) throw authenticationRequired();
	const prefix = world.platform.tokenPrefixes[world.environment];
	const [id] = plain.startsWith(prefix) ? plain.slice(prefix.length).split('_') : [];
	const token = id === undefined ? undefined : world.state.tokens.get(id);
	const now = world.clock.now();
	if (token === undefined || token.plain !== plain || token.revoked || hasExpired(token, now)) {
		throw authenticationRequired();
	}
	token.last_used_at = iso(now);
	return token;
}

/** Refuses a token that lacks the ability of a route, and names the ability. */
export function requireAbility(token: Token, entry: Pick<RouteEntry, 'ability'>): void {
	if (entry.ability !== null && !token.abilities.includes(entry.ability)) {
		throw missingAbility(entry.ability);
	}
}

/** True for a project the token can see: of its team, and among its projects if it is confined to some. */
export function seesProject(token: Token, project: Project): boolean {
	return (
		project.team_id === token.team_id &&
		(token.project_ids.length === 0 || token.project_ids.includes(project.id))
	);
}

/** The projects a token can see. */
export function visibleProjects(state: State, token: Token): Project[] {
	return [...state.projects.values()].filter((project) => seesProject(token, project));
}
