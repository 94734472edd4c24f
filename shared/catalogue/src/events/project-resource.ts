import { type Decision, defineFamily } from '../model.ts';
import { nullable, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import {
	derivedId,
	exampleResourceId,
	familyPage,
	knownResourceTypes,
	manifestVariant,
	nestedId,
	pageBeatsManifest,
	projectMirror,
	resourceId,
	resourceIdDecision,
	resourceType,
} from './fields.ts';

const page = familyPage('project');

const resourceAbility: Decision = {
	topic: 'ability',
	because:
		"The event's own page asks for project-resource:view-any, the family page for project:view-any; the own page leads.",
};

const chatId = (description: string) =>
	text('Telegram Chat ID', description, { examples: ['-1001234567890'] });

const project = id('project', 'Project the resource belongs to.');

/** Ids only; the later manifest lists one `resource` key instead. */
const idsOnly = (resource: string) =>
	object({
		project_id: projectMirror(['resource.project_id']),
		resource_id: resourceId(resource, { 'x-also-at': ['resource.id'] }),
	});

/** The manifest names the key `resource` only; the ids inside are those of the row its change log describes. */
const rowOnly = manifestVariant(
	object({
		resource: object(
			{
				id: resourceId('Resource the event is about.'),
				project_id: project,
				title: text('Resource Title', 'Display title of the resource.', {
					examples: ['Research Premium Lounge'],
				}),
			},
			{ title: 'Resource', description: 'The resource before the change.' },
		),
	}),
);

export const projectResource = defineFamily(
	{
		key: 'project.resource',
		label: 'Project Resource',
		ability: 'project-resource:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'project.resource.created',
			label: 'New Project Resource',
			noun: 'Resource',
			summary: 'Triggers when a channel, group or manual perk is added to a project.',
			firesWhen:
				'A creator registers a new resource in the project: a Telegram channel, group or supergroup, or a manual perk.',
			data: object({
				resource_id: derivedId('resource', 'Resource the event is about.', ['resource.id'], {
					examples: [exampleResourceId],
				}),
				resource: object(
					{
						id: nestedId('resource', 'Resource that was added.', {
							examples: [exampleResourceId],
						}),
						type: resourceType({
							'x-also-at': ['resource.kind'],
							'x-decision':
								'kind is the name in the row of the later change log (3.0.0); that it means the same is inferred, its values may read telegram:channel. Its space is not taken for the chat ID.',
						}),
						title: text('Resource Title', 'Display title of the resource.', {
							examples: ['Research Premium Lounge'],
						}),
						description: nullable(
							text('Resource Description', "The creator's description, empty if there is none.", {
								examples: ['Weekly drops + live AMAs.'],
							}),
						),
						chat_id: nullable(
							chatId('ID of the chat on Telegram as text, empty for a manual perk.'),
						),
					},
					{ title: 'Resource', description: 'The new resource.' },
				),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'For Telegram, Project Resource Linked follows once the bot is an admin of the chat.',
				},
				{ kind: 'meaning', text: 'A manual perk has no chat and is never linked.' },
			],
			related: ['project.resource.linked'],
			decisions: [resourceAbility, resourceIdDecision],
			sources: [`${page}/resource-created`, page],
		},
		{
			type: 'project.resource.deleted',
			label: 'Project Resource Deleted',
			noun: 'Resource',
			summary: 'Triggers when a resource is deleted for good.',
			firesWhen:
				'A creator deletes a resource for good. Subscribers lose their access to it, and member events follow.',
			data: idsOnly('Resource that was deleted.'),
			variants: [rowOnly],
			caveats: [
				{
					kind: 'order',
					text: 'Member Resource Removed may arrive before or after this event.',
				},
				{
					kind: 'meaning',
					text: 'The event contains IDs only, and the resource can no longer be looked up.',
				},
			],
			related: ['project.resource.unlinked', 'member.resource_removed'],
			decisions: [
				resourceAbility,
				resourceIdDecision,
				{
					topic: 'snapshot in data',
					because:
						'The MCP page and the later manifest say the row comes along, the event page shows ids only; the event page leads.',
				},
			],
			sources: [
				`${page}/resource-deleted`,
				page,
				'https://docs.memberpass.net/mcp/tools/delete-resource',
			],
		},
		{
			type: 'project.resource.linked',
			label: 'Project Resource Linked',
			noun: 'Resource',
			summary: 'Triggers when a Telegram channel or group is linked to a resource.',
			firesWhen:
				'A creator links an existing Telegram channel, group or supergroup to a resource, usually by making the project bot an admin of it.',
			data: object({
				project_id: projectMirror(),
				resource_id: resourceId('Resource that was linked.'),
				type: text('Resource Type', 'Kind of Telegram chat at the time of linking.', {
					examples: ['channel'],
					'x-known-values': knownResourceTypes.filter((type) => type !== 'manual'),
					'x-also-at': ['kind'],
					'x-decision':
						'kind is the later name; that it means the same is inferred, its values may read telegram:channel.',
				}),
				title: text('Chat Title', 'Title of the Telegram chat at the time of linking.', {
					examples: ['Research Premium Lounge'],
				}),
				chat_id: chatId('ID of the chat on Telegram as text, often negative.'),
			}),
			variants: [
				manifestVariant(
					object({
						project_id: project,
						resource_id: resourceId('Resource that was linked.'),
						kind: text('Resource Kind', 'Kind of resource, with its platform.', {
							examples: ['telegram:channel'],
						}),
						connector: text('Connector', 'Platform the resource lives on.', {
							examples: ['telegram'],
						}),
						space_id: text('Space ID', 'Identifies the linked place.', {
							examples: ['01JV9K5M3XQ8WTN6RHB2CZKD7E'],
						}),
						title: text('Chat Title', 'Title of the linked place.', {
							examples: ['Research Premium Lounge'],
						}),
					}),
				),
			],
			caveats: [
				{
					kind: 'meaning',
					text: 'A resource can be unlinked and linked again; each link sends its own event.',
				},
				{ kind: 'partial', text: 'Manual perks cannot be linked, so they never send this event.' },
			],
			related: ['project.resource.unlinked', 'project.resource.created'],
			decisions: [
				resourceAbility,
				resourceIdDecision,
				pageBeatsManifest(
					'The later manifest renames type to kind and drops chat_id; its space_id is not taken for the chat ID, as nothing says that they are equal.',
				),
			],
			sources: [`${page}/resource-linked`, page],
		},
		{
			type: 'project.resource.unlinked',
			label: 'Project Resource Unlinked',
			noun: 'Resource',
			summary: 'Triggers when a Telegram chat is unlinked from a resource.',
			firesWhen:
				'A linked Telegram chat is unlinked from the resource: the creator removed the link, or the bot lost access to the chat.',
			data: idsOnly('Resource that was unlinked. It still exists.'),
			variants: [rowOnly],
			caveats: [
				{
					kind: 'meaning',
					text: 'The resource stays without a chat and can be linked again.',
				},
			],
			related: ['project.resource.linked', 'project.resource.deleted'],
			decisions: [
				resourceAbility,
				resourceIdDecision,
				pageBeatsManifest('The later manifest nests one resource object instead of the two ids.'),
			],
			sources: [
				`${page}/resource-unlinked`,
				page,
				'https://docs.memberpass.net/mcp/tools/unlink-resource',
			],
		},
	],
);
