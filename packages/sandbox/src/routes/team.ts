import { addError, type FieldErrors } from '../errors.ts';
import { type Group, newestFirst, type Role, type Token } from '../state.ts';
import type { Switches } from '../switches.ts';
import {
	type Call,
	many,
	nothing,
	one,
	type Operations,
	type Outcome,
	textOf,
	whole,
} from './route.ts';

/** A token as the list prints it: scopes are peeled off the abilities, the token itself is never shown. */
function tokenRow(token: Token): object {
	return {
		id: token.id,
		name: token.name,
		abilities: token.abilities,
		abilities_count: token.abilities.length,
		scopes: { team_id: token.team_id, project_ids: token.project_ids },
		last_used_at: token.last_used_at,
		expires_at: token.expires_at,
		created_at: token.created_at,
	};
}

/** Long names of what the log is about; 1.4.0 asks with the short ones (docs.memberpass.net/mcp/tools/get-activity-log). */
const subjects: Readonly<Record<string, string>> = {
	project: 'project',
	'project-subscription-plan': 'project-subscription-plan',
	'project-subscription': 'project-subscription',
	'project-user': 'project-user',
	'project-resource': 'project-resource',
	'access-code': 'access-code',
	plan: 'project-subscription-plan',
	subscription: 'project-subscription',
	member: 'project-user',
};

/** Whether the log takes a word; those that are spelled alike are known to both sides. */
function isSubject(type: string, known: Switches['subjectTypes']): boolean {
	if (!Object.hasOwn(subjects, type)) return false;
	const isLong = subjects[type] === type;
	const isShort = !type.startsWith('project-');
	return { both: true, documented: isLong, package: isShort }[known];
}

function ofTeam(call: Call, rows: ReadonlyMap<string, Role | Group>): Outcome {
	const own = [...rows.values()].filter((row) => row.team_id === call.team.id);
	return whole(newestFirst(own, (row) => row.created_at));
}

const hiddenKeys = /token|secret|password|api_key|api_secret/i;

export const team: Operations = {
	list_teams: { run: (call) => whole([call.team]) },
	get_team: { run: (call) => one(call.found('team')) },
	get_current_team: { run: (call) => one(call.team) },
	list_team_members: {
		run: (call) => {
			const rows = call.world.state.teamMembers.filter(
				(row) => row.team_id === call.found('team').id,
			);
			// The owner first, then by joining (docs.memberpass.net/mcp/tools/list-team-members).
			return whole(
				rows.toSorted(
					(one, other) =>
						Number(other.is_owner) - Number(one.is_owner) ||
						(one.joined_at < other.joined_at ? -1 : 1),
				),
			);
		},
	},
	get_team_member: { run: (call) => one(call.found('teamMember')) },
	list_roles: { run: (call) => ofTeam(call, call.world.state.roles) },
	get_role: { run: (call) => one(call.found('role')) },
	list_groups: { run: (call) => ofTeam(call, call.world.state.groups) },
	get_group: { run: (call) => one(call.found('group')) },
	list_tokens: {
		run: (call) => {
			const own = [...call.world.state.tokens.values()].filter(
				(row) =>
					!row.revoked && row.user_id === call.token.user_id && row.team_id === call.token.team_id,
			);
			const rows = newestFirst(own, (row) => row.created_at);
			return whole(rows.map(tokenRow));
		},
	},
	get_token: { run: (call) => one(tokenRow(call.found('token'))) },
	revoke_token: {
		run: (call) => {
			call.found('token').revoked = true;
			return nothing;
		},
	},
	list_activity: {
		check: (call) => {
			const fields: FieldErrors = {};
			const type = textOf(call.input, 'subject_type');
			if (type !== undefined && !isSubject(type, call.world.switches.subjectTypes)) {
				addError(fields, 'subject_type', 'The selected subject type is invalid.');
			}
			return fields;
		},
		run: (call) => {
			const { input, world } = call;
			const type = subjects[textOf(input, 'subject_type') ?? ''] ?? '';
			const id = textOf(input, 'subject_id') ?? '';
			const { project_ids: confined } = call.token;
			const rows = world.state.activity.filter(
				(row) =>
					row.team_id === call.team.id &&
					row.subject_type === type &&
					row.subject_id === id &&
					// Not `seesProject`: the log outlives its project.
					(confined.length === 0 || confined.includes(row.project_id)),
			);
			const shown = newestFirst(rows, (row) => row.created_at).map((row) => ({
				...row,
				properties: Object.fromEntries(
					Object.entries(row.properties).filter(([key]) => !hiddenKeys.test(key)),
				),
			}));
			return many(shown, { subject_type: type, subject_id: id, total: rows.length });
		},
	},
};
