import { defineOperations } from '../model.ts';
import { flag, inBody, inPath, nullable, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { resourceTypes } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';
import { projectInPath } from './inputs.ts';
import { changelog, manifest, npm, tool, toolsReference } from './sources.ts';

const resourceId = id('resource', 'Identifies the resource.');
const projectId = id('project', 'Project the resource belongs to.');
const typeOf = (example: string) =>
	text('Type', 'Kind of the resource.', {
		examples: [example],
		'x-known-values': Object.keys(resourceTypes),
	});
const titleOf = (example: string) =>
	text('Title', 'Name that subscribers see.', { examples: [example] });
const chatId = (example: string) =>
	nullable(
		text('Telegram Chat ID', 'Linked Telegram chat, as text; empty without one.', {
			examples: [example],
		}),
	);
const active = flag('Active', 'True while subscribers get the resource.', { examples: [true] });

/** docs.memberpass.net/mcp/tools/get-resource. */
const resourceRow = object(
	{
		id: resourceId,
		project_id: projectId,
		type: typeOf('channel'),
		title: titleOf('Research Channel'),
		description: optional(
			nullable(
				text('Description', 'What the resource holds.', {
					examples: ['Daily notes and charts.'],
				}),
			),
		),
		chat_id: optional(chatId('-1001234567890')),
		active,
		created_at: moment('Created At', 'When the resource was created.'),
		updated_at: optional(moment('Updated At', 'When the resource last changed.')),
	},
	{ title: 'Resource' },
);

const resourceInput = (description: string) =>
	inPath(
		id('resource', description, {
			title: 'Resource',
			'x-pick': 'resources',
			'x-n8n': 'resourceId',
		}),
	);

export const resource = defineOperations(
	{
		key: 'resource',
		label: 'Resource',
		summary: 'Create, find, unlink and delete what subscribers of a project get.',
	},
	[
		{
			key: 'create_resource',
			kind: 'action',
			label: 'Create Resource',
			noun: 'Resource',
			summary: 'Creates a manual perk in a project.',
			method: 'POST',
			path: '/projects/{project}/resources',
			ability: 'project-resource:create',
			input: object({
				project: projectInPath('Where the perk is offered.'),
				title: inBody(
					text('Resource Title', 'What subscribers see, 5 to 255 characters.', {
						minLength: 5,
						maxLength: 255,
						examples: ['Onboarding PDF'],
					}),
				),
				description: optional(
					inBody(
						text(
							'Description',
							'What subscribers get and how, up to 1,000 characters. MemberPass filters HTML.',
							{
								maxLength: 1000,
								examples: ['Link to the onboarding pack.'],
							},
						),
					),
				),
				active: optional(
					inBody(
						flag('Active', 'Whether subscribers get the perk from the start.', {
							default: true,
							examples: [true],
						}),
					),
				),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						id: resourceId,
						project_id: projectId,
						type: typeOf('manual'),
						title: titleOf('Onboarding PDF'),
						description: optional(
							nullable(
								text('Description', 'What the resource holds.', {
									examples: ['Link to the onboarding pack.'],
								}),
							),
						),
						active,
					},
					{ title: 'Resource' },
				),
				evidence: 'inferred',
			},
			repeat: { effect: 'creates_another', note: 'Each call makes a resource.' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			emits: ['project.resource.created'],
			caveats: [
				'Only manual perks can be created this way. Telegram channels and groups are linked through the bot.',
			],
			n8n: { operation: 'create', name: 'Create', action: 'Create resource' },
			decisions: [
				{
					topic: 'type and target',
					because:
						'Left out: only 1.4.0 sends them. The documentation takes title, description and active, and the vendor later confirmed that no type is sent.',
				},
			],
			evidence: 'documented',
			sources: [
				tool('create-resource'),
				'https://docs.memberpass.net/creators/resources',
				npm,
				manifest,
				changelog,
			],
		},
		{
			key: 'unlink_resource',
			kind: 'action',
			label: 'Unlink Resource',
			noun: 'Resource',
			summary: 'Unlinks a resource from its Telegram chat.',
			method: 'POST',
			path: '/projects/{project}/resources/{resource}/unlink',
			ability: 'project-resource:update',
			input: object({
				project: projectInPath('Where the resource is offered.'),
				resource: resourceInput('Resource to unlink from its Telegram chat.'),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						id: resourceId,
						project_id: projectId,
						type: typeOf('channel'),
						title: titleOf('Research Channel'),
						chat_id: nullable(
							text('Telegram Chat ID', 'Linked Telegram chat; empty after unlinking.', {
								examples: [null],
							}),
						),
						active,
					},
					{ title: 'Resource' },
				),
				evidence: 'inferred',
			},
			destructive: 'reversible',
			repeat: { effect: 'no_op', note: 'Unlinking an unlinked resource changes nothing.' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['project.resource.unlinked', 'member.resource_removed'],
			caveats: [
				'The resource stays in its plans. To link the chat again, use the Telegram bot: the API cannot.',
				'Subscribers lose their access to the chat, and Member Resource Removed is sent for each.',
			],
			n8n: { operation: 'unlink', name: 'Unlink', action: 'Unlink resource' },
			evidence: 'documented',
			sources: [
				tool('unlink-resource'),
				'https://docs.memberpass.net/webhooks/events/project/resource-unlinked',
				'https://docs.memberpass.net/webhooks/events/member/resource-removed',
				npm,
				manifest,
			],
		},
		{
			key: 'delete_resource',
			kind: 'action',
			label: 'Delete Resource',
			noun: 'Resource',
			summary: 'Deletes a resource of a project for good.',
			method: 'DELETE',
			path: '/projects/{project}/resources/{resource}',
			ability: 'project-resource:delete',
			input: object({
				project: projectInPath('Where the resource is offered.'),
				resource: resourceInput('Resource to delete.'),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						resource_id: id('resource', 'Resource that was deleted.'),
						deleted: flag('Deleted', 'True once the resource is gone.', { examples: [true] }),
					},
					{ title: 'Deleted Resource' },
				),
				evidence: 'inferred',
			},
			destructive: 'irreversible',
			repeat: { effect: 'refused', note: 'The second call finds nothing (inferred).' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['project.resource.deleted', 'member.resource_removed'],
			caveats: [
				'This cannot be undone. Unlink Resource only detaches the Telegram chat.',
				'Subscribers lose their access to it, and Member Resource Removed is sent for each.',
			],
			n8n: { operation: 'delete', name: 'Delete', action: 'Delete resource' },
			evidence: 'documented',
			sources: [
				tool('delete-resource'),
				'https://docs.memberpass.net/webhooks/events/project/resource-deleted',
				npm,
				manifest,
			],
		},
		{
			key: 'get_resource',
			kind: 'search',
			label: 'Find Resource by ID',
			noun: 'Resource',
			summary: 'Finds one resource of a project by its ID.',
			method: 'GET',
			path: '/projects/{project}/resources/{resource}',
			ability: 'project-resource:view',
			input: object({
				project: projectInPath('Where the resource is offered.'),
				resource: resourceInput('Resource to look up, e.g. the Resource ID from a trigger.'),
			}),
			output: { shape: 'one', schema: resourceRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				"Subscriby, MemberPass's successor, has shown a kind and a space instead of Type and Telegram Chat ID since September 2026. MemberPass may do so by now.",
			],
			n8n: { operation: 'get', name: 'Get', action: 'Get resource' },
			evidence: 'documented',
			sources: [tool('get-resource'), npm, manifest, changelog],
		},
		{
			key: 'list_resources',
			kind: 'read',
			label: 'Find Resources',
			noun: 'Resource',
			summary: 'Finds all resources of a project.',
			method: 'GET',
			path: '/projects/{project}/resources',
			ability: 'project-resource:view-any',
			input: object({ project: projectInPath('Where to look for resources.') }),
			output: { shape: 'many', schema: resourceRow, paging: 'pages', evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many resources' },
			decisions: [
				{
					topic: 'row',
					because: 'No page shows one; taken to be what reading one resource shows.',
				},
			],
			evidence: 'documented',
			sources: [npm, toolsReference, manifest],
		},
	],
);
