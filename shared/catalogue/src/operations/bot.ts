import { defineOperations } from '../model.ts';
import { flag, nullable, object, optional, text, url } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { projectInPath } from './inputs.ts';
import { changelog, npm, tool, toolsReference } from './sources.ts';

/** Keys that docs.memberpass.net/mcp/tools/get-bot-status names. */
const botStatus = object(
	{
		project_id: id('project', 'Project the bot serves.'),
		connected: flag('Connected', 'True while a bot serves the project.', { examples: [true] }),
		bot: optional(
			nullable(
				object(
					{
						id: id('bot', 'Identifies the bot.'),
						name: text('Bot Name', 'Telegram username of the bot, without @.', {
							examples: ['research_bot'],
						}),
						url: url('Bot URL', 'Telegram address of the bot.', {
							examples: ['https://t.me/research_bot'],
						}),
					},
					{ title: 'Bot', description: 'The connected bot; empty without one.' },
				),
			),
		),
	},
	{ title: 'Bot Status' },
);

export const bot = defineOperations(
	{ key: 'bot', label: 'Bot', summary: 'Read whether a Telegram bot serves a project.' },
	[
		{
			key: 'get_bot_status',
			kind: 'search',
			label: 'Find Bot Status',
			noun: 'Bot Status',
			summary: 'Finds which Telegram bot serves a project, if any.',
			method: 'GET',
			path: '/projects/{project}/bot',
			ability: 'project:view',
			input: object({ project: projectInPath('Project whose bot to look up.') }),
			output: { shape: 'one', schema: botStatus, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				"Subscriby, MemberPass's successor, removed this search in September 2026, and it may stop working here too.",
			],
			n8n: { operation: 'getStatus', name: 'Get Status', action: 'Get bot status' },
			evidence: 'documented',
			sources: [tool('get-bot-status'), toolsReference, npm, changelog],
		},
	],
);
