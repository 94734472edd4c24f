import { defineFamily } from '../model.ts';
import { list, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import {
	derivedId,
	documentedVariant,
	familyPage,
	manifestVariant,
	nestedId,
	pageBeatsManifest,
} from './fields.ts';

const page = familyPage('role');

const teamId = id('team', 'Team the role belongs to.');
const derivedRoleId = derivedId('role', 'Role the event is about.', ['role.id']);
const nestedRoleId = nestedId('role', 'Role the event is about.', { 'x-also-at': ['role_id'] });

const nestedCode = text(
	'Role Code',
	'Stable, human-readable code of the role, kept when it is renamed.',
	{ examples: ['plan-editor'], 'x-also-at': ['code'] },
);
const nestedName = text('Role Name', 'Display name of the role.', {
	examples: ['Plan Editor'],
	'x-also-at': ['name'],
});

/** The later manifest lists the same facts as flat keys. */
const flatRole = {
	team_id: teamId,
	role_id: id('role', 'Role the event is about.'),
	code: text('Role Code', 'Stable code of the role.', { examples: ['plan-editor'] }),
};
const flatName = text('Role Name', 'Display name of the role.', { examples: ['Plan Editor'] });

const flatInManifest = pageBeatsManifest(
	'The later manifest lists the same facts as flat keys; the missing ones are added on both sides.',
);

export const role = defineFamily(
	{
		key: 'role',
		label: 'Role',
		ability: 'role:view-any',
		tier: 'Growth',
		scope: 'account',
		page,
	},
	[
		{
			type: 'role.created',
			label: 'New Role',
			noun: 'Role',
			summary: 'Triggers when a custom role is created in a team.',
			firesWhen: 'A team owner or manager creates a custom role with a set of abilities.',
			data: object({
				team_id: teamId,
				role_id: derivedRoleId,
				role: object(
					{ id: nestedRoleId, code: nestedCode, name: nestedName },
					{ title: 'Role', description: 'The new role.' },
				),
			}),
			variants: [manifestVariant(object({ ...flatRole, name: flatName }))],
			caveats: [
				{
					kind: 'meaning',
					text: 'The event does not include the abilities of the role. Look up the role to get them.',
				},
				{ kind: 'partial', text: 'System roles (owner, manager, viewer) never send this event.' },
			],
			related: ['role.updated', 'role.deleted'],
			decisions: [flatInManifest],
		},
		{
			type: 'role.deleted',
			label: 'Role Deleted',
			noun: 'Role',
			summary: 'Triggers when a custom role is deleted.',
			firesWhen:
				"A custom role is deleted. People who had it fall back to the team's default role.",
			data: object({
				team_id: teamId,
				role_id: derivedRoleId,
				role: object(
					{ id: nestedRoleId, code: nestedCode },
					{ title: 'Role', description: 'The deleted role.' },
				),
			}),
			variants: [manifestVariant(object(flatRole))],
			caveats: [
				{ kind: 'order', text: 'This is the last event for the role.' },
				{
					kind: 'meaning',
					text: 'Team Member Role Changed is not sent for people who fall back to the default role.',
				},
			],
			related: ['role.created', 'team.member.role_changed'],
			decisions: [flatInManifest],
		},
		{
			type: 'role.updated',
			label: 'Role Updated',
			noun: 'Role',
			summary: 'Triggers when the name, description or abilities of a custom role change.',
			firesWhen: "A custom role's name, description or set of abilities is edited.",
			data: object({
				team_id: teamId,
				role_id: derivedRoleId,
				role: object(
					{ id: nestedRoleId, code: nestedCode, name: nestedName },
					{ title: 'Role', description: 'The role as it is now.' },
				),
			}),
			variants: [
				documentedVariant(
					'family',
					page,
					object({
						team_id: teamId,
						role: object(
							{
								id: id('role', 'Role the event is about.'),
								name: flatName,
								abilities: list(
									'Abilities',
									'Abilities the role grants.',
									text('Ability', 'One ability.', {
										examples: ['project-subscription-plan:update'],
									}),
									{
										examples: [
											['project-subscription-plan:view-any', 'project-subscription-plan:update'],
										],
									},
								),
							},
							{ title: 'Role', description: 'The role as it is now.' },
						),
					}),
				),
				manifestVariant(object({ ...flatRole, name: flatName })),
			],
			caveats: [
				{
					kind: 'meaning',
					text: 'The event does not say what changed. Look up the role to see its current state.',
				},
				{
					kind: 'meaning',
					text: 'People who have the role get the new abilities on their next request.',
				},
			],
			related: ['role.created', 'team.member.role_changed'],
			decisions: [
				{
					topic: 'shape of data.role',
					because:
						"The event's own page ({id, code, name}) is held to be canonical; the family page's shape with abilities and no code is a variant.",
				},
				flatInManifest,
			],
			sources: [`${page}/updated`, page],
		},
	],
);
