import { defineOperations } from '../model.ts';
import { inPath, list, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { manifest, npm, tool, toolsReference } from './sources.ts';

/** A row of docs.memberpass.net/mcp/tools/list-groups. */
const row = {
	id: id('group', 'Identifies the group.'),
	team_id: id('team', 'Team the group belongs to.'),
	code: text('Code', 'Stable, human-readable code.', { examples: ['ops'] }),
	name: text('Name', 'Display name.', { examples: ['Ops'] }),
	created_at: moment('Created At', 'When the group was created.'),
};

/** The pages of the group events send whoever wants the projects of a group here; no page shows the answer. */
const groupDetail = object(
	{
		...row,
		project_ids: optional(
			list('Project IDs', 'Projects in the group.', id('project', 'One project.'), {
				'x-evidence': 'inferred',
				'x-decision':
					'The key is that of the sample of group.updated on the family page; the list of groups has none.',
			}),
		),
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
			output: {
				shape: 'many',
				schema: object(row, { title: 'Group' }),
				paging: 'pages',
				evidence: 'inferred',
			},
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
			output: { shape: 'one', schema: groupDetail, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get group' },
			decisions: [
				{
					topic: 'answer',
					because:
						'No page shows one; taken to be a row of the list with the projects, which the pages of the group events say can be read here.',
				},
			],
			evidence: 'documented',
			sources: [npm, manifest, 'https://docs.memberpass.net/webhooks/events/group'],
		},
	],
);
