import { eachEventOnce, launchPost } from './common.ts';
import { choose, from, type Recipe, text } from './model.ts';

const member = from('member', 'name');

export const auditTrail: Recipe = {
	key: 'audit-trail',
	title: 'Audit Trail of Role Changes',
	summary: 'Records in Notion who got which role in your team, and when.',
	parts: [
		{
			key: 'record',
			title: 'Record role changes',
			trigger: { kind: 'event', event: 'team.member.role_changed' },
			steps: [
				eachEventOnce,
				{
					kind: 'operation',
					id: 'member',
					title: 'Get the team member',
					operation: 'get_team_member',
					input: { team: from('trigger', 'data.team_id'), member: from('trigger', 'data.user_id') },
				},
				{
					kind: 'operation',
					id: 'role',
					title: 'Get the role',
					operation: 'get_role',
					input: { role: from('trigger', 'data.role_id') },
				},
				{
					kind: 'app',
					id: 'entry',
					title: 'Add the entry',
					action: 'notion.create_item',
					fields: {
						database: choose('Database of the audit trail', '00000000000000000000000000000000'),
						title: text(member, ' is now ', from('role', 'name')),
					},
					columns: {
						Member: member,
						Email: from('member', 'email'),
						Role: from('role', 'name'),
						'Changed at': from('trigger', 'created_at'),
						Event: from('trigger', 'id'),
					},
				},
			],
		},
	],
	before: [
		'In Notion, create a database with the title Name and the text properties Member, Email, Role, Changed at and Event, and share it with your integration.',
	],
	limits: [
		{
			cannot:
				'The event was never sent before 31 August 2026, and it is not known whether MemberPass sends it now.',
			instead:
				'Switch the automation on, then change a role once. If no entry appears, the event is not sent.',
		},
		{
			cannot: 'The event names neither the previous role nor who changed it.',
			instead: 'The trail records the new role; the entry before it shows the previous one.',
		},
		{
			cannot:
				'Changing a role for a group of projects sends the same event, and nothing in it tells the two apart.',
			instead: 'Both are recorded, with the name of the role.',
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
