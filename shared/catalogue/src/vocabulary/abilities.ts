/**
 * The ability strings of a token, as far as they are known: seen verbatim in MemberPass-era sources, or inferred to
 * exist; the full list (`/abilities.json` of the API host) could not be read. An entry may require these and no others.
 */
const seen = [
	'project:view-any',
	'project:view',
	'project:create',
	'project:update',
	'project:delete',
	'project-payment-method:view-any',
	'project-payment-method:view',
	'project-resource:view-any',
	'project-resource:view',
	'project-resource:create',
	'project-resource:update',
	'project-resource:delete',
	'project-subscription-plan:view-any',
	'project-subscription-plan:view',
	'project-subscription-plan:create',
	'project-subscription-plan:update',
	'project-subscription:view-any',
	'project-subscription:view',
	'project-subscription:update',
	'project-access-code:view-any',
	'project-access-code:create',
	'project-user:view-any',
	// The page of the member events asks for it where a delivery is to carry an email address.
	'project-user:view',
	'project-user:update',
	'team:view-any',
	'team:view',
	'team-member:view-any',
	// The page of the team events names it beside team:view-any.
	'team-member:invite',
	'role:view-any',
	'role:view',
	'group:view-any',
	'group:view',
	'activity:read',
	'dashboard:read',
	'distribution:read',
	'billing:read',
	'webhook-endpoint:manage',
	'mcp:full',
] as const;

/** The rest of the 7 entities x 5 actions grid (11), and those of the later route manifest (12). */
const inferred = [
	'project-payment-method:create',
	'project-payment-method:update',
	'project-payment-method:delete',
	'project-subscription-plan:delete',
	'project-subscription:create',
	'project-subscription:delete',
	'project-access-code:view',
	'project-access-code:update',
	'project-access-code:delete',
	'project-user:create',
	'project-user:delete',
	'team:create',
	'team:update',
	'team:delete',
	'team-member:view',
	'team-member:update-role',
	'team-member:remove',
	'role:create',
	'role:update',
	'role:delete',
	'group:create',
	'group:update',
	'group:delete',
] as const;

export type Ability = (typeof seen)[number] | (typeof inferred)[number];

/** How many MemberPass says there are (docs.memberpass.net/api, /mcp/resources-reference). */
const total = 65;

export const abilities = {
	total,
	seen: seen as readonly Ability[],
	inferred: inferred as readonly Ability[],
	/** Abilities that exist by the count but whose names no source shows. */
	unknown: total - seen.length - inferred.length,
};

/** Every ability an entry may name. */
export const knownAbilities: ReadonlySet<string> = new Set<string>([...seen, ...inferred]);
