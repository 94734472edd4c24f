import { type Caveat, defineFamily, eventPage } from '../model.ts';
import { flag, nullable, object, text } from '../schema.ts';
import { changelog } from '../operations/sources.ts';
import { id } from '../vocabulary/ids.ts';
import { changes, derivedId, familyPage, link, nestedId, projectMirror } from './fields.ts';

const page = familyPage('project');

const derivedProjectId = derivedId('project', 'Project the event is about.', ['project.id']);
const nestedProjectId = nestedId('project', 'Project the event is about.');

/** The whole project, as project.created and project.updated carry it. */
const snapshot = (description: string) =>
	object(
		{
			id: nestedProjectId,
			name: text('Project Name', 'Display name of the project.', {
				examples: ['Research Premium'],
			}),
			handle: text('Handle', 'Last part of the address of the public landing page.', {
				examples: ['research-premium'],
			}),
			description: nullable(
				text('Description', "The creator's description, empty if there is none.", {
					examples: [description],
				}),
			),
			active: flag('Active', 'Whether the project is open, false while it is archived.', {
				examples: [true],
			}),
			team_id: id('team', 'Team that owns the project; a personal team for solo creators.'),
		},
		{ title: 'Project', description: 'The project as it is now.' },
	);

/** A project whose switch was turned. */
const switched = (active: boolean) =>
	object({
		project_id: derivedProjectId,
		project: object(
			{
				id: nestedProjectId,
				active: flag('Active', `Whether the project is open, always ${active} here.`, {
					examples: [active],
				}),
			},
			{ title: 'Project', description: 'The project, by its ID and state only.' },
		),
	});

const botId = (description: string) => id('bot', description);

const connectors: Caveat = {
	kind: 'partial',
	text: "Subscriby, MemberPass's successor, replaced this event in September 2026, and MemberPass may no longer send it.",
};

export const project = defineFamily(
	{
		key: 'project',
		label: 'Project',
		ability: 'project:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'project.archived',
			label: 'Project Archived',
			noun: 'Project',
			summary: 'Triggers when a creator archives a project.',
			firesWhen:
				'A creator archives the project: subscriptions stop renewing, and the landing page shows that it is closed.',
			data: switched(false),
			caveats: [
				{
					kind: 'meaning',
					text: 'Subscribers keep access until their period ends. Subscription Expired follows for each of them.',
				},
				{ kind: 'order', text: 'Archiving can be undone, which sends Project Restored.' },
			],
			related: ['project.restored', 'project.deleted'],
			decisions: [
				{
					topic: 'access after archiving',
					because:
						'The family page says access is suspended, the own page and the MCP page say existing subscribers keep it to the end of their period; the own page leads.',
				},
			],
			sources: [`${page}/archived`, page, 'https://docs.memberpass.net/mcp/tools/archive-project'],
		},
		{
			type: 'project.bot.connected',
			label: 'Project Bot Connected',
			noun: 'Bot',
			summary: 'Triggers when a Telegram bot is connected to a project.',
			firesWhen:
				'A creator finishes connecting a bot, and the Telegram bot is bound to the project.',
			data: object({
				project_id: projectMirror(),
				bot_id: botId('Bot that was connected.'),
				bot_name: text('Bot Username', 'Telegram username of the bot, without the @.', {
					examples: ['ResearchPremiumBot'],
				}),
				bot_url: link(
					'Bot URL',
					'Public address of the bot in Telegram.',
					'https://t.me/ResearchPremiumBot',
				),
			}),
			caveats: [
				connectors,
				{
					kind: 'order',
					text: 'Replacing a bot sends Project Bot Disconnected first, then this event for the new bot.',
				},
			],
			related: ['project.bot.disconnected'],
			sources: [eventPage('project.bot.connected'), changelog],
		},
		{
			type: 'project.bot.disconnected',
			label: 'Project Bot Disconnected',
			noun: 'Bot',
			summary: 'Triggers when a Telegram bot is removed from a project.',
			firesWhen:
				'A connected bot is removed from the project, by the creator or as the first half of a replacement.',
			data: object({
				project_id: projectMirror(),
				bot_id: botId('Bot that was disconnected.'),
			}),
			caveats: [
				connectors,
				{
					kind: 'meaning',
					text: 'Subscribers keep their access. Where invite links are revoked, Member Resource Removed is sent.',
				},
				{
					kind: 'order',
					text: 'When a bot is replaced, Project Bot Connected follows for the new one.',
				},
			],
			related: ['project.bot.connected'],
			decisions: [
				{
					topic: 'project.bot.status_changed',
					because:
						"Left out, though this page refers to it: its own page calls it not sent yet, MemberPass's packages for Zapier and n8n lack it, and the successor dropped it.",
				},
			],
			sources: [eventPage('project.bot.disconnected'), changelog],
		},
		{
			type: 'project.created',
			label: 'New Project',
			noun: 'Project',
			summary: 'Triggers when a creator registers a new project.',
			firesWhen:
				'A creator registers a new project. The event is sent as soon as the project can be configured.',
			data: object({
				project_id: derivedProjectId,
				project: snapshot('Deep-dive research notes and weekly AMAs.'),
			}),
			caveats: [
				{ kind: 'order', text: 'This is the first event of a project.' },
				{
					kind: 'meaning',
					text: 'Archiving and restoring the project later send Project Archived and Project Restored, not Project Updated.',
				},
			],
			related: ['project.updated', 'project.archived', 'project.restored'],
		},
		{
			type: 'project.deleted',
			label: 'Project Deleted',
			noun: 'Project',
			summary: 'Triggers when a project is deleted for good.',
			firesWhen: 'A creator deletes the project for good, with everything that depends on it.',
			data: object({
				project_id: derivedProjectId,
				project: object(
					{ id: nestedProjectId },
					{ title: 'Project', description: 'The deleted project, by its ID only.' },
				),
			}),
			caveats: [
				{ kind: 'order', text: 'This is the last event for the project.' },
				{
					kind: 'meaning',
					text: 'Its plans, subscriptions and resources are deleted with it, without separate events.',
				},
				{
					kind: 'meaning',
					text: 'The project can no longer be looked up. You can switch off triggers that are limited to it.',
				},
			],
			related: ['project.archived'],
		},
		{
			type: 'project.restored',
			label: 'Project Restored',
			noun: 'Project',
			summary: 'Triggers when an archived project is opened again.',
			firesWhen:
				'An archived project is restored: the landing page is reachable, and new subscriptions are possible.',
			data: switched(true),
			caveats: [
				{
					kind: 'meaning',
					text: 'Subscribers who left do not get their subscriptions back. If they subscribe again, New Subscription is sent.',
				},
				{
					kind: 'meaning',
					text: 'The bot stays connected while a project is archived, so no bot event is sent.',
				},
			],
			related: ['project.archived'],
		},
		{
			type: 'project.updated',
			label: 'Project Updated',
			noun: 'Project',
			summary: 'Triggers when the name, handle, description or settings of a project change.',
			firesWhen:
				'A setting of the project changes, such as its display name, handle, description, terms or privacy text.',
			data: object({
				project_id: derivedProjectId,
				project: snapshot('Daily research drops and monthly AMAs.'),
				changes: changes(
					'Changed attributes of the project, each with its value before and after. Unchanged ones are absent.',
					{
						description: {
							from: 'Weekly research drops.',
							to: 'Daily research drops and monthly AMAs.',
						},
					},
				),
			}),
			caveats: [
				{
					kind: 'partial',
					text: 'Archiving and restoring send Project Archived and Project Restored instead.',
				},
				{
					kind: 'partial',
					text: 'Replacing the bot sends Project Bot Disconnected and Project Bot Connected instead.',
				},
			],
			related: ['project.created', 'project.archived', 'project.restored'],
		},
	],
);
