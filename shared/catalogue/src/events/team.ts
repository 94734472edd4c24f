import { defineFamily } from '../model.ts';
import { object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { derivedId, familyPage, manifestVariant, nestedId, pageBeatsManifest } from './fields.ts';

const page = familyPage('team');

const derivedTeamId = derivedId('team', 'Team the event is about.', ['team.id']);
const nestedTeamId = nestedId('team', 'Team the event is about.', { 'x-also-at': ['team_id'] });
const teamName = { examples: ['Research Team'] };
const nestedName = text('Team Name', 'Display name of the team.', {
	...teamName,
	'x-also-at': ['name'],
});

/** The later manifest lists the same facts as flat keys. */
const flatTeam = {
	team_id: id('team', 'Team the event is about.'),
	name: text('Team Name', 'Display name of the team.', teamName),
};
const ownerId = (alsoAt?: readonly string[]) =>
	id('user', 'User who owns the team.', {
		title: 'Owner ID',
		...(alsoAt === undefined ? {} : { 'x-also-at': alsoAt }),
	});

const flatInManifest = pageBeatsManifest(
	'The later manifest lists the same facts as flat keys; the missing ones are added on both sides.',
);

export const team = defineFamily(
	{
		key: 'team',
		label: 'Team',
		ability: 'team:view-any',
		tier: 'Growth',
		scope: 'account',
		page,
	},
	[
		{
			type: 'team.created',
			label: 'New Team',
			noun: 'Team',
			summary: 'Triggers when a team is created.',
			firesWhen: 'A team is created besides the personal team that every creator has.',
			data: object({
				team_id: derivedTeamId,
				team: object(
					{ id: nestedTeamId, name: nestedName, owner_id: ownerId(['owner_id']) },
					{ title: 'Team', description: 'The new team.' },
				),
			}),
			variants: [manifestVariant(object({ ...flatTeam, owner_id: ownerId() }))],
			caveats: [
				{
					kind: 'partial',
					text: 'Accounts below the Growth tier have no teams and never send this event.',
				},
				{ kind: 'partial', text: 'The personal team of a creator never sends this event.' },
			],
			related: ['team.deleted', 'team.member.invited'],
			decisions: [flatInManifest],
		},
		{
			type: 'team.deleted',
			label: 'Team Deleted',
			noun: 'Team',
			summary: 'Triggers when a team is deleted.',
			firesWhen:
				'A team is deleted. What happens to its projects and members is announced by separate events.',
			data: object({
				team_id: derivedTeamId,
				team: object(
					{ id: nestedTeamId, name: nestedName },
					{ title: 'Team', description: 'The deleted team.' },
				),
			}),
			variants: [manifestVariant(object(flatTeam))],
			caveats: [
				{
					kind: 'order',
					text: 'Events about its projects and members may still arrive after this one.',
				},
				{ kind: 'partial', text: 'A personal team is never deleted.' },
			],
			related: ['team.created', 'project.deleted', 'team.member.removed'],
			decisions: [
				{
					topic: 'last event of a team',
					because:
						'The page calls it the final event and also says that others may interleave; the copy warns of the latter.',
				},
				flatInManifest,
			],
		},
	],
);
