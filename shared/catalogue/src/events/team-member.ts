import { type Decision, defineFamily } from '../model.ts';
import { object, text } from '../schema.ts';
import { changelog } from '../operations/sources.ts';
import { id } from '../vocabulary/ids.ts';
import { documentedVariant, familyPage, nestedId } from './fields.ts';

const page = familyPage('team');

const teamId = (description: string) => id('team', description);
const userId = (description: string) => id('user', description);
const email = (description: string) =>
	text('Email', description, { format: 'email', examples: ['amara@example.com'] });

/** Codes of the system roles that pages print; custom roles have codes of their own. */
const knownRoles = ['owner', 'manager', 'viewer'];

const memberAbility: Decision = {
	topic: 'ability',
	because:
		"The event's own page names team:view-any only, the family page adds team-member:invite; both are asked for.",
};

/** What all four events of the family have in common. */
const shared = {
	noun: 'Team Member',
	alsoNeeds: ['team-member:invite'],
} as const;

export const teamMember = defineFamily(
	{
		key: 'team.member',
		label: 'Team Member',
		ability: 'team:view-any',
		tier: 'Growth',
		scope: 'account',
		page,
	},
	[
		{
			...shared,
			type: 'team.member.invited',
			label: 'Team Member Invited',
			summary: 'Triggers when somebody is invited to a team by email.',
			firesWhen:
				'A team owner or manager invites a collaborator by email. The invitation is not accepted yet.',
			data: object({
				team_id: teamId('Team the invitation is for.'),
				email: email('Address the invitation went to.'),
				role_id: id('role', 'Role the person gets on accepting.'),
				role_code: text('Role Code', 'Stable, human-readable code of that role.', {
					examples: ['manager'],
					'x-known-values': knownRoles,
				}),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'Team Member Joined follows on acceptance. An invitation that is revoked or expires sends nothing.',
				},
				{ kind: 'meaning', text: 'The person has no access until they accept the invitation.' },
			],
			related: ['team.member.joined'],
			decisions: [memberAbility],
			sources: [`${page}/member-invited`, page],
		},
		{
			...shared,
			type: 'team.member.joined',
			label: 'Team Member Joined',
			summary: 'Triggers when an invited collaborator joins a team.',
			firesWhen: 'An invited collaborator accepts and joins the team.',
			data: object({
				team_id: id('team', 'Team the collaborator joined.', { 'x-also-at': ['team.id'] }),
				user_id: id('user', 'Collaborator who joined.', { 'x-also-at': ['member.id'] }),
			}),
			variants: [
				documentedVariant(
					'nested',
					page,
					object({
						team: object(
							{
								id: nestedId('team', 'Team the collaborator joined.'),
								name: text('Team Name', 'Display name of the team.', {
									examples: ['Research Team'],
								}),
							},
							{ title: 'Team', description: 'Team the collaborator joined.' },
						),
						member: object(
							{
								id: nestedId('user', 'Collaborator who joined.'),
								email: email('Email address of the collaborator.'),
								role: text('Role Code', 'Stable, human-readable code of the role.', {
									examples: ['manager'],
									'x-known-values': knownRoles,
								}),
							},
							{ title: 'Member', description: 'The collaborator.' },
						),
					}),
				),
			],
			caveats: [
				{
					kind: 'meaning',
					text: 'The role was set with the invitation and is not part of this event; see Team Member Invited.',
				},
				{ kind: 'meaning', text: 'One person can join several teams, each with its own event.' },
			],
			related: ['team.member.invited'],
			decisions: [
				{
					topic: 'shape of data',
					because:
						"The event's own page (flat ids) is held to be canonical, and the later manifest agrees; the family page's nested shape is a variant.",
				},
				memberAbility,
			],
			sources: [`${page}/member-joined`, page],
		},
		{
			...shared,
			type: 'team.member.removed',
			label: 'Team Member Removed',
			summary: 'Triggers when a collaborator is removed from a team or leaves it.',
			firesWhen: 'A collaborator is removed from the team, or leaves it.',
			data: object({
				team_id: teamId('Team the collaborator was in.'),
				user_id: userId('Collaborator who left.'),
			}),
			caveats: [
				{ kind: 'meaning', text: 'The event does not say whether the person left or was removed.' },
				{
					kind: 'meaning',
					text: 'Roles in single projects are removed as well, without separate events.',
				},
			],
			related: ['team.member.joined'],
			decisions: [memberAbility],
			sources: [`${page}/member-removed`, page],
		},
		{
			...shared,
			type: 'team.member.role_changed',
			label: 'Team Member Role Changed',
			summary: "Triggers when a collaborator's role in a team changes.",
			firesWhen:
				"A collaborator's role in the team changes: a promotion, a demotion, or a move between custom roles.",
			data: object({
				team_id: teamId('Team the collaborator is in.'),
				user_id: userId('Collaborator whose role changed.'),
				role_id: id('role', 'The new role.'),
			}),
			caveats: [
				{
					kind: 'partial',
					text: 'This event was never sent before 31 August 2026, and it is not known whether MemberPass sends it now. Change a role once to find out.',
				},
				{
					kind: 'meaning',
					text: 'Changing a role for a group of projects sends this event as well, and nothing in it tells the two apart.',
				},
				{
					kind: 'meaning',
					text: 'The event does not include the abilities of the role. Look up the role to get them.',
				},
			],
			related: ['role.updated', 'team.member.joined'],
			decisions: [
				memberAbility,
				{
					topic: 'whether it is sent',
					because:
						"The event's page shows it as sent; the vendor's change log of 31 August 2026 says that until then nothing could raise it. Not called silent, because that may have ended with the same release.",
				},
			],
			sources: [`${page}/member-role-changed`, page, changelog],
		},
	],
);
