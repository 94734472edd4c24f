import { defineOperations } from '../model.ts';
import { flag, inPath, nullable, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { manifest, npm, tool } from './sources.ts';

/** A row of docs.memberpass.net/mcp/tools/list-team-members. */
const teamMemberRow = object(
	{
		id: id('user', 'Identifies the person.'),
		team_id: id('team', 'Team the person works in.'),
		name: text('Name', 'Name of the person.', { examples: ['Priya Patel'] }),
		email: text('Email', 'Email address of the person.', {
			examples: ['priya.patel@example.com'],
		}),
		role_id: nullable(id('role', 'Role of the person; empty for the owner.')),
		is_owner: flag('Owner', 'True for the person who owns the team.', { examples: [true] }),
		joined_at: moment('Joined At', 'When the person joined the team.', {
			examples: ['2026-04-02T14:15:00Z'],
		}),
	},
	{ title: 'Team Member' },
);

const teamInput = (description: string) =>
	inPath(id('team', description, { title: 'Team', 'x-pick': 'teams', 'x-n8n': 'teamId' }));

export const teamMember = defineOperations(
	{ key: 'teamMember', label: 'Team Member', summary: 'Read who works in your teams.' },
	[
		{
			key: 'list_team_members',
			kind: 'search',
			label: 'Find Team Members',
			noun: 'Team Member',
			summary: 'Finds the people who work in a team.',
			method: 'GET',
			path: '/teams/{team}/members',
			ability: 'team-member:view-any',
			input: object({ team: teamInput('Team whose members to list.') }),
			output: { shape: 'many', schema: teamMemberRow, paging: 'pages', evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many team members' },
			evidence: 'documented',
			sources: [tool('list-team-members'), npm, manifest],
		},
		{
			key: 'get_team_member',
			kind: 'search',
			label: 'Find Team Member by ID',
			noun: 'Team Member',
			summary: 'Finds one person in a team by user ID.',
			method: 'GET',
			path: '/teams/{team}/members/{member}',
			ability: 'team-member:view',
			input: object({
				team: teamInput('Team the person belongs to.'),
				member: inPath(
					id('user', 'Person to look up, e.g. the User ID from a trigger.', {
						title: 'Team Member',
						'x-pick': 'teamMembers',
						'x-n8n': 'userId',
					}),
				),
			}),
			output: { shape: 'one', schema: teamMemberRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get team member' },
			decisions: [
				{ topic: 'answer', because: 'No page shows one; taken to be a row of the list.' },
			],
			evidence: 'documented',
			sources: [npm, manifest],
		},
	],
);
