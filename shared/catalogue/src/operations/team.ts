import { defineOperations } from '../model.ts';
import { flag, inPath, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { manifest, npm, tool, toolsReference } from './sources.ts';

/** docs.memberpass.net/mcp/tools/list-teams and /get-team show the same keys. */
const teamRow = object(
	{
		id: id('team', 'Identifies the team.'),
		name: text('Name', 'Name of the team.', { examples: ['Research Collective'] }),
		owner_user_id: id('user', 'Person who owns the team.', { title: 'Owner ID' }),
		personal: flag('Personal', 'True only for the team that comes with the account.', {
			examples: [true],
		}),
		created_at: moment('Created At', 'When the team was created.', {
			examples: ['2026-01-12T10:05:00Z'],
		}),
	},
	{ title: 'Team' },
);

export const team = defineOperations({ key: 'team', label: 'Team', summary: 'Read your teams.' }, [
	{
		key: 'list_teams',
		kind: 'search',
		label: 'Find Teams',
		noun: 'Team',
		summary: 'Finds the teams the token can see.',
		method: 'GET',
		path: '/teams',
		ability: 'team:view-any',
		input: object({}),
		output: { shape: 'many', schema: teamRow, paging: 'pages', evidence: 'inferred' },
		n8n: { operation: 'list', name: 'Get Many', action: 'Get many teams' },
		evidence: 'documented',
		sources: [tool('list-teams'), npm, manifest],
	},
	{
		key: 'get_team',
		kind: 'search',
		label: 'Find Team by ID',
		noun: 'Team',
		summary: 'Finds one team by its ID.',
		method: 'GET',
		path: '/teams/{team}',
		ability: 'team:view',
		input: object({
			team: inPath(
				id('team', 'Team to look up, e.g. the Team ID from a trigger.', {
					title: 'Team',
					'x-pick': 'teams',
					'x-n8n': 'teamId',
				}),
			),
		}),
		output: { shape: 'one', schema: teamRow, evidence: 'inferred' },
		errors: ['RESOURCE_NOT_FOUND'],
		n8n: { operation: 'get', name: 'Get', action: 'Get team' },
		evidence: 'documented',
		sources: [tool('get-team'), toolsReference, npm, manifest],
	},
	{
		key: 'get_current_team',
		kind: 'read',
		label: 'Find Current Team',
		noun: 'Team',
		summary: 'Finds the team the token belongs to.',
		method: 'GET',
		path: '/teams/current',
		ability: 'team:view',
		input: object({}),
		output: { shape: 'one', schema: teamRow, evidence: 'inferred' },
		n8n: { operation: 'getCurrent', name: 'Get Current', action: 'Get current team' },
		decisions: [
			{
				topic: 'answer',
				because: 'No page shows one; taken to be what reading one team shows.',
			},
		],
		evidence: 'documented',
		sources: [npm, manifest],
	},
]);
