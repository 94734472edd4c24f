import { defineOperations } from '../model.ts';
import { inQuery, object, optional, text, url } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { projectInPath } from './inputs.ts';
import { changelog, manifest, npm, tool } from './sources.ts';

const projectId = id('project', 'Project the link belongs to.');
const botUrl = url('Bot URL', 'Telegram address of the bot that serves the project.', {
	examples: ['https://t.me/research_bot'],
});

export const distribution = defineOperations(
	{
		key: 'distribution',
		label: 'Distribution',
		summary: 'Read the links that lead people to a project.',
	},
	[
		{
			key: 'get_bot_link',
			kind: 'search',
			label: 'Find Bot Link',
			noun: 'Bot Link',
			summary: 'Finds the Telegram link of the bot that serves a project.',
			method: 'GET',
			path: '/projects/{project}/distribution/bot-link',
			ability: 'distribution:read',
			input: object({ project: projectInPath('Project whose bot to link to.') }),
			output: {
				shape: 'one',
				schema: object({ project_id: projectId, bot_url: botUrl }, { title: 'Bot Link' }),
				evidence: 'inferred',
			},
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			caveats: [
				"Subscriby, MemberPass's successor, removed this search in September 2026, and it may stop working here too. Find Deep Link gives a link to the same bot.",
			],
			n8n: { operation: 'getBotLink', name: 'Get Bot Link', action: 'Get bot link' },
			decisions: [
				{
					topic: 'answer',
					because: 'No page shows one; the keys are those that the deep link shows.',
				},
				{
					topic: 'ability',
					because: 'Inferred from its two sister routes and the README of 1.4.0.',
				},
			],
			evidence: 'documented',
			sources: [npm, changelog],
		},
		{
			key: 'get_portal_url',
			kind: 'search',
			label: 'Find Portal URL',
			noun: 'Portal URL',
			summary: 'Finds the address of the page where people subscribe to a project.',
			method: 'GET',
			path: '/projects/{project}/distribution/portal-url',
			ability: 'distribution:read',
			input: object({ project: projectInPath('Project whose page to link to.') }),
			output: {
				shape: 'one',
				schema: object(
					{
						project_id: projectId,
						handle: text('Handle', 'Short name of the project in the address.', {
							examples: ['research-premium'],
						}),
						portal_url: url('Portal URL', 'Address of the page of the project.', {
							examples: ['https://my.memberpass.net/research-premium'],
						}),
					},
					{ title: 'Portal URL' },
				),
				evidence: 'inferred',
			},
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'getPortalUrl', name: 'Get Portal URL', action: 'Get portal URL' },
			evidence: 'documented',
			sources: [tool('get-portal-url'), npm, manifest],
		},
		{
			key: 'get_deep_link',
			kind: 'search',
			label: 'Find Deep Link',
			noun: 'Deep Link',
			summary: 'Finds a Telegram link that opens a project, a plan or an access code in the bot.',
			method: 'GET',
			path: '/projects/{project}/distribution/deep-link',
			ability: 'distribution:read',
			input: object({
				project: projectInPath('Project the link leads to.'),
				plan_id: optional(
					inQuery(
						id(
							'plan',
							'Plan the link offers. Ignored if an access code is given. Leave all three fields empty to link to the project itself.',
							{ title: 'Plan', 'x-pick': 'plans', 'x-n8n': 'plan_id' },
						),
					),
				),
				access_code: optional(
					inQuery(
						id('accessCode', 'Code the link is for. It takes precedence over the other fields.', {
							title: 'Access Code',
							'x-pick': 'accessCodes',
							'x-n8n': 'access_code',
						}),
					),
				),
				custom: optional(
					inQuery(
						text(
							'Custom Payload',
							'Text that is passed to the bot unchanged. Ignored if a plan or an access code is given.',
							{ minLength: 1, examples: ['spring-campaign'] },
						),
					),
				),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						project_id: projectId,
						bot_url: botUrl,
						start_payload: text('Start Payload', 'What the bot receives when it is opened.', {
							examples: ['plan_pln_01JT2BC8YV6N3HTQX1M9KDRW5F'],
						}),
						deep_link: url('Deep Link', 'Address to share.', {
							examples: ['https://t.me/research_bot?start=plan_pln_01JT2BC8YV6N3HTQX1M9KDRW5F'],
						}),
					},
					{ title: 'Deep Link' },
				),
				evidence: 'inferred',
			},
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			caveats: [
				'If no bot is connected to the project, MemberPass refuses to create a link.',
				'It is not confirmed that a link made from the ID of an access code redeems that code. Try one link before you share any.',
			],
			n8n: {
				operation: 'getDeepLink',
				name: 'Get Deep Link',
				action: 'Get deep link',
				collection: 'deepLinkTarget',
			},
			decisions: [
				{
					topic: 'how many targets',
					because:
						'All optional with precedence access_code, plan_id, custom, as documented; the text of 1.4.0 says exactly one.',
				},
				{
					topic: 'what access_code holds',
					because:
						'The page types it as an id which becomes the payload; no other id of a code is known than that of the list, so it is picked from there.',
				},
			],
			evidence: 'documented',
			sources: [tool('get-deep-link'), npm, manifest],
		},
	],
);
