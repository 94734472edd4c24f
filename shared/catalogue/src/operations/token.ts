import { defineOperations } from '../model.ts';
import { inPath, integer, list, nullable, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { manifest, npm, tool } from './sources.ts';

/** A row of docs.memberpass.net/mcp/tools/list-tokens. */
const tokenRow = object(
	{
		id: id('token', 'Identifies the API token; it is not the token itself.'),
		name: text('Name', 'Name of the token.', { examples: ['Zapier production'] }),
		abilities: list(
			'Abilities',
			'What the token may do.',
			text('Ability', 'One ability.', { examples: ['project:view-any'] }),
		),
		abilities_count: optional(
			integer('Ability Count', 'How many abilities the token has.', { examples: [2] }),
		),
		scopes: optional(
			object(
				{
					team_id: id('team', 'Team the token belongs to.'),
					project_ids: list(
						'Project IDs',
						'Projects the token is limited to; empty means all.',
						id('project', 'One project.'),
					),
				},
				{ title: 'Scopes', description: 'Where the token may work.' },
			),
		),
		last_used_at: nullable(
			moment('Last Used At', 'When the token was last used; empty if never.', {
				examples: ['2026-05-18T09:15:00Z'],
			}),
		),
		expires_at: nullable(
			moment('Expires At', 'When the token stops working; empty if it does not.', {
				examples: ['2027-05-01T10:05:00Z'],
			}),
		),
		created_at: moment('Created At', 'When the token was created.', {
			examples: ['2026-05-01T10:05:00Z'],
		}),
	},
	{ title: 'API Token' },
);

const tokenInput = (description: string) =>
	inPath(id('token', description, { title: 'API Token', 'x-pick': 'tokens', 'x-n8n': 'tokenId' }));

const ownerOnly = {
	topic: 'ability',
	because:
		'None: the documentation lets the owner of the tokens in and names no ability. The later route list has token abilities that MemberPass tokens are not known to hold.',
};

export const token = defineOperations(
	{ key: 'token', label: 'API Token', summary: 'Read and revoke your API tokens.' },
	[
		{
			key: 'revoke_token',
			kind: 'action',
			label: 'Revoke API Token',
			noun: 'API Token',
			summary: 'Revokes an API token immediately.',
			method: 'DELETE',
			path: '/tokens/{token}',
			ability: null,
			input: object({ token: tokenInput('Token to revoke, chosen by its name.') }),
			output: { shape: 'nothing', schema: object({}), evidence: 'inferred' },
			destructive: 'irreversible',
			repeat: { effect: 'refused', note: 'The second call finds nothing (inferred).' },
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				'This cannot be undone, and everything that uses the token stops working.',
				'If you revoke the token that this connection uses, the connection stops working.',
			],
			n8n: { operation: 'revoke', name: 'Revoke', action: 'Revoke API token' },
			decisions: [ownerOnly],
			evidence: 'documented',
			sources: [npm, tool('list-tokens'), manifest],
		},
		{
			key: 'list_tokens',
			kind: 'search',
			label: 'Find API Tokens',
			noun: 'API Token',
			summary: 'Finds your API tokens and their abilities.',
			method: 'GET',
			path: '/tokens',
			ability: null,
			input: object({}),
			output: { shape: 'many', schema: tokenRow, paging: 'pages', evidence: 'inferred' },
			caveats: ['The text of the token itself is never shown.'],
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many API tokens' },
			decisions: [ownerOnly],
			evidence: 'documented',
			sources: [tool('list-tokens'), npm, manifest],
		},
		{
			key: 'get_token',
			kind: 'search',
			label: 'Find API Token by ID',
			noun: 'API Token',
			summary: 'Finds one of your API tokens by its ID.',
			method: 'GET',
			path: '/tokens/{token}',
			ability: null,
			input: object({ token: tokenInput('Token to look up, chosen by its name.') }),
			output: { shape: 'one', schema: tokenRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: ['The text of the token itself is never shown.'],
			n8n: { operation: 'get', name: 'Get', action: 'Get API token' },
			decisions: [
				ownerOnly,
				{ topic: 'answer', because: 'No page shows one; taken to be a row of the list.' },
			],
			evidence: 'documented',
			sources: [npm, tool('list-tokens'), manifest],
		},
	],
);
