import type { RouteEntry } from '@memberpass/catalogue';

import { seesProject } from './auth.ts';
import { notFound } from './errors.ts';
import type { Found } from './routes/route.ts';
import { visibleEndpoints } from './routes/webhooks.ts';
import type { Token } from './state.ts';
import type { World } from './world.ts';

type Rows = { -readonly [K in keyof Found]?: Found[K] | undefined };

/** What MemberPass calls the thing a path names. */
function nounOf(name: string, entry: RouteEntry): string {
	if (name === 'endpoint') {
		return entry.path.includes('/webhook-subscriptions')
			? 'webhook subscription'
			: 'webhook endpoint';
	}
	if (name === 'member' && entry.path.startsWith('/teams/')) return 'team member';
	return (
		{ access_code: 'access code', method: 'payment method', delivery: 'webhook delivery' }[name] ??
		name
	);
}

/**
 * Finds the rows that a path names, each within the one before it and within the token's scope. What is out of scope
 * looks like what is missing: 404. Source: docs.memberpass.net/mcp/troubleshooting.
 */
export function resolvePath(
	world: World,
	token: Token,
	entry: RouteEntry,
	params: Readonly<Record<string, string>>,
): Rows {
	const rows: Rows = {};
	const { state } = world;
	const own = <T extends { readonly team_id: string }>(row: T | undefined): T | undefined =>
		row?.team_id === token.team_id ? row : undefined;
	const child = <T extends { readonly project_id: string }>(row: T | undefined): T | undefined =>
		row !== undefined && row.project_id === rows.project?.id ? row : undefined;
	const lookUp = (name: string, id: string): unknown => {
		switch (name) {
			case 'project': {
				const project = state.projects.get(id);
				return project !== undefined && seesProject(token, project)
					? (rows.project = project)
					: undefined;
			}
			case 'plan':
				return (rows.plan = child(state.plans.get(id)));
			case 'access_code': {
				const code = child(state.accessCodes.get(id));
				return (rows.access_code = code?.plan_id === rows.plan?.id ? code : undefined);
			}
			case 'member':
				return rows.team === undefined
					? (rows.member = child(state.members.get(id)))
					: (rows.teamMember = state.teamMembers.find(
							(row) => row.team_id === rows.team?.id && row.id === id,
						));
			case 'method':
				return (rows.method = child(state.paymentMethods.get(id)));
			case 'resource':
				return (rows.resource = child(state.resources.get(id)));
			case 'subscription': {
				const subscription = state.subscriptions.get(id);
				const project = state.projects.get(subscription?.project_id ?? '');
				return project !== undefined && seesProject(token, project)
					? (rows.subscription = subscription)
					: undefined;
			}
			case 'team':
				return (rows.team = id === token.team_id ? state.teams.get(id) : undefined);
			case 'role':
				return (rows.role = own(state.roles.get(id)));
			case 'group':
				return (rows.group = own(state.groups.get(id)));
			case 'token': {
				const found = own(state.tokens.get(id));
				// Owners see their tokens, nobody else does.
				return found !== undefined && !found.revoked && found.user_id === token.user_id
					? (rows.token = found)
					: undefined;
			}
			case 'endpoint':
				return (rows.endpoint = visibleEndpoints({ world, token }).find((row) => row.id === id));
			default:
				// Looked up by the operation itself.
				return id;
		}
	};
	for (const [, name = ''] of entry.path.matchAll(/\{(\w+)\}/g)) {
		if (lookUp(name, params[name] ?? '') === undefined) throw notFound(nounOf(name, entry));
	}
	return rows;
}

/** A project that a query or body names must be in scope too. */
export function requireProject(world: World, token: Token, id: unknown): void {
	if (typeof id !== 'string' || id === '') return;
	const project = world.state.projects.get(id);
	if (project === undefined || !seesProject(token, project)) throw notFound('project');
}
