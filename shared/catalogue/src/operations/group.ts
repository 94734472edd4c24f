import { defineOperations } from '../model.ts';
import { inPath, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { manifest, npm, tool, toolsReference } from './sources.ts';

/** A row of docs.memberpass.net/mcp/tools/list-groups. */
const groupRow = object(
	{
		id: id('group', 'Identifies the group.'),
		team_id: id('team', 'Team the group belongs to.'),
		code: text('Code', 'Stable, human-readable code.', { examples: ['ops'] }),
		name: text('Name', 'Display name.', { examples: ['Ops'] }),
		created_at: moment('Created At', 'When the group was created.'),
	},
	{ title: 'Group' },
);

export const group = defineOperations(
	{ key: 'group', label: 'Group', summary: 'Read the groups of your teams.' },
	[
		{
			key: 'list_groups',
			kind: 'search',
			label: 'Find Groups',
			noun: 'Group',
			summary: 'Finds the groups of all teams the token can see.',
			method: 'GET',
			path: '/groups',
			ability: 'group:view-any',
			input: object({}),
			output: { shape: 'many', schema: groupRow, paging: 'pages', evidence: 'inferred' },
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many groups' },
			evidence: 'documented',
			sources: [tool('list-groups'), toolsReference, npm, manifest],
		},
		{
			key: 'get_group',
			kind: 'search',
			label: 'Find Group by ID',
			noun: 'Group',
			summary: 'Finds one group by its ID.',
			method: 'GET',
			path: '/groups/{group}',
			ability: 'group:view',
			input: object({
				group: inPath(
					id('group', 'Group to look up, e.g. the Group ID from a trigger.', {
						title: 'Group',
						'x-pick': 'groups',
						'x-n8n': 'groupId',
					}),
				),
			}),
			output: { shape: 'one', schema: groupRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get group' },
			decisions: [
				{ topic: 'answer', because: 'No page shows one; taken to be a row of the list.' },
			],
			evidence: 'documented',
			sources: [npm, manifest],
		},
	],
);
