import { type Caveat, defineFamily } from '../model.ts';
import { list, object, text } from '../schema.ts';
import { exampleId, id } from '../vocabulary/ids.ts';
import {
	derivedId,
	documentedVariant,
	familyPage,
	manifestVariant,
	nestedId,
	pageBeatsManifest,
} from './fields.ts';

const page = familyPage('group');

const teamId = id('team', 'Team that owns the group.');
const derivedGroupId = derivedId('group', 'Group the event is about.', ['group.id']);
const nestedGroupId = nestedId('group', 'Group the event is about.', {
	'x-also-at': ['group_id'],
});

const nestedCode = text(
	'Group Code',
	'Stable, human-readable code of the group, kept when it is renamed.',
	{ examples: ['core-community'], 'x-also-at': ['code'] },
);
const nestedName = text('Group Name', 'Display name of the group.', {
	examples: ['Core Community'],
	'x-also-at': ['name'],
});

/** The later manifest lists the same facts as flat keys. */
const flatGroup = {
	team_id: teamId,
	group_id: id('group', 'Group the event is about.'),
	code: text('Group Code', 'Stable code of the group.', { examples: ['core-community'] }),
};
const flatName = text('Group Name', 'Display name of the group.', {
	examples: ['Core Community'],
});

const noProjects: Caveat = {
	kind: 'meaning',
	text: 'The event does not include the projects of the group. Look up the group to get them.',
};
const flatInManifest = pageBeatsManifest(
	'The later manifest lists the same facts as flat keys; the missing ones are added on both sides.',
);
const noMembership = {
	topic: 'shape of data.group',
	because:
		"The event's own page ({id, code, name}) is held to be canonical; the family page shows group.updated with project_ids and no code.",
} as const;

export const group = defineFamily(
	{
		key: 'group',
		label: 'Group',
		ability: 'group:view-any',
		tier: 'Growth',
		scope: 'account',
		page,
	},
	[
		{
			type: 'group.created',
			label: 'New Group',
			noun: 'Group',
			summary: 'Triggers when a group of projects is created in a team.',
			firesWhen:
				'A team owner or manager creates a group, which bundles projects so that a role can be given for all of them.',
			data: object({
				team_id: teamId,
				group_id: derivedGroupId,
				group: object(
					{ id: nestedGroupId, code: nestedCode, name: nestedName },
					{ title: 'Group', description: 'The new group.' },
				),
			}),
			variants: [manifestVariant(object({ ...flatGroup, name: flatName }))],
			caveats: [
				noProjects,
				{
					kind: 'meaning',
					text: 'Giving a role for the group sends Team Member Role Changed.',
				},
			],
			related: ['group.updated', 'group.deleted', 'team.member.role_changed'],
			decisions: [noMembership, flatInManifest],
			sources: [`${page}/created`, page],
		},
		{
			type: 'group.deleted',
			label: 'Group Deleted',
			noun: 'Group',
			summary: 'Triggers when a group of projects is deleted.',
			firesWhen:
				"A group is deleted. Roles that were given for it fall back to the team's default scope.",
			data: object({
				team_id: teamId,
				group_id: derivedGroupId,
				group: object(
					{ id: nestedGroupId, code: nestedCode },
					{ title: 'Group', description: 'The deleted group.' },
				),
			}),
			variants: [manifestVariant(object(flatGroup))],
			caveats: [
				{ kind: 'order', text: 'This is the last event for the group.' },
				{ kind: 'meaning', text: 'The projects of the group are not deleted.' },
				{
					kind: 'meaning',
					text: 'No separate event is sent for people who had a role for the group.',
				},
			],
			related: ['group.created'],
			decisions: [flatInManifest],
		},
		{
			type: 'group.updated',
			label: 'Group Updated',
			noun: 'Group',
			summary: 'Triggers when a group is renamed or its projects change.',
			firesWhen: "A group's name changes, or projects are added to it or taken out of it.",
			data: object({
				team_id: teamId,
				group_id: derivedGroupId,
				group: object(
					{ id: nestedGroupId, code: nestedCode, name: nestedName },
					{ title: 'Group', description: 'The group as it is now.' },
				),
			}),
			variants: [
				documentedVariant(
					'family',
					page,
					object({
						team_id: teamId,
						group: object(
							{
								id: id('group', 'Group the event is about.'),
								name: flatName,
								project_ids: list(
									'Project IDs',
									'Projects in the group.',
									id('project', 'One project.'),
									{ examples: [[exampleId('project'), 'prj_01JT5H8X3MQ7WZC9RKB2TNV6DE']] },
								),
							},
							{ title: 'Group', description: 'The group as it is now.' },
						),
					}),
				),
				manifestVariant(object({ ...flatGroup, name: flatName })),
			],
			caveats: [
				noProjects,
				{
					kind: 'meaning',
					text: 'Roles given for the group stay, but they apply to the changed set of projects at once.',
				},
			],
			related: ['group.created', 'group.deleted'],
			decisions: [noMembership, flatInManifest],
			sources: [`${page}/updated`, page],
		},
	],
);
