import { defineOperations } from '../model.ts';
import { inQuery, object, text } from '../schema.ts';
import { projectInPath } from './inputs.ts';
import { memberRow } from './member.ts';
import { changelog, manifest, npm, tool } from './sources.ts';

export const subscriber = defineOperations(
	{
		key: 'subscriber',
		label: 'Subscriber',
		summary: 'Find a subscriber of a project by the Telegram ID.',
	},
	[
		{
			key: 'find_subscriber_by_telegram_id',
			kind: 'search',
			label: 'Find Subscriber by Telegram ID',
			noun: 'Subscriber',
			summary: 'Finds a subscriber of a project by Telegram user ID.',
			method: 'GET',
			path: '/projects/{project}/members',
			ability: 'project-user:view-any',
			input: object({
				project: projectInPath('Where to look for the subscriber.'),
				telegram_id: inQuery(
					text('Telegram ID', 'Number that identifies the person on Telegram, not the @username.', {
						pattern: '^\\d{1,20}$',
						examples: ['123456789'],
					}),
				),
			}),
			output: { shape: 'many', schema: memberRow, paging: 'pages', evidence: 'inferred' },
			match: { input: 'telegram_id', field: 'chat_id' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			caveats: [
				"Subscriby, MemberPass's successor, has found nobody by Telegram ID since 19 September 2026. It is not known whether this search still works in MemberPass. Find Members searches by name and email instead.",
			],
			n8n: {
				operation: 'findByTelegramId',
				name: 'Find by Telegram ID',
				action: 'Find subscriber by Telegram ID',
			},
			decisions: [
				{
					topic: 'telegram_id filter',
					because:
						'Only 1.4.0 names it, and rows carry the number as chat_id; it is compared again on our side.',
				},
				{
					topic: 'members or subscribers',
					because:
						'Same rows of the same route under two names; both are kept because 1.4.0 has both resources.',
				},
			],
			evidence: 'documented',
			sources: [npm, tool('list-subscribers'), manifest, changelog],
		},
	],
);
