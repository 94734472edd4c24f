import { defineOperations } from '../model.ts';
import { inPath, list, nullable, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';

/** A role row as docs.memberpass.net/mcp/tools/list-roles shows it. */
const roleRow = object(
	{
		id: id('role', 'Identifies the role.'),
		team_id: id('team', 'Team the role belongs to.'),
		code: text('Code', 'Stable, human-readable code.', { examples: ['manager'] }),
		name: text('Name', 'Display name.', { examples: ['Manager'] }),
		description: optional(
			nullable(
				text('Description', 'What the role is for.', {
					examples: ['Manage plans, resources, and subscribers'],
				}),
			),
		),
		permissions: optional(
			list(
				'Permissions',
				'Abilities the role grants.',
				text('Permission', 'One ability.', { examples: ['project:view'] }),
			),
		),
		created_at: moment('Created At', 'When the role was created.'),
	},
	{ title: 'Role' },
);

export const role = defineOperations(
	{ key: 'role', label: 'Role', summary: 'Read the roles of your teams.' },
	[
		{
			key: 'list_roles',
			kind: 'search',
			label: 'Find Roles',
			noun: 'Role',
			summary: 'Finds the roles of all teams the token can see.',
			method: 'GET',
			path: '/roles',
			ability: 'role:view-any',
			input: object({}),
			output: { shape: 'many', schema: roleRow, paging: 'pages', evidence: 'inferred' },
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many roles' },
			evidence: 'documented',
			sources: [
				'npm n8n-nodes-memberpass 1.4.0',
				'https://docs.memberpass.net/mcp/tools/list-roles',
			],
		},
		{
			key: 'get_role',
			kind: 'search',
			label: 'Find Role by ID',
			noun: 'Role',
			summary: 'Finds one role by its ID.',
			method: 'GET',
			path: '/roles/{role}',
			ability: 'role:view',
			input: object({
				role: inPath(
					id('role', 'Role to look up, e.g. the Role ID from a trigger.', {
						title: 'Role',
						'x-pick': 'roles',
						'x-n8n': 'roleId',
					}),
				),
			}),
			output: { shape: 'one', schema: roleRow, evidence: 'inferred' },
			n8n: { operation: 'get', name: 'Get', action: 'Get role' },
			errors: ['RESOURCE_NOT_FOUND'],
			evidence: 'documented',
			sources: ['npm n8n-nodes-memberpass 1.4.0'],
		},
	],
);
