import { defineOperations } from '../model.ts';
import {
	choice,
	flag,
	inBody,
	inPath,
	inQuery,
	nullable,
	object,
	optional,
	text,
} from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { labelsOf, memberStatuses } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';
import { pagingInFilters, projectInPath } from './inputs.ts';
import { manifest, npm, tool } from './sources.ts';

const statusWords = Object.keys(memberStatuses);

const memberId = id('member', 'Identifies the member within the project.');

/** A row of docs.memberpass.net/mcp/tools/list-subscribers. */
export const memberRow = object(
	{
		id: memberId,
		project_id: id('project', 'Project the member belongs to.'),
		name: nullable(text('Name', 'Display name of the member.', { examples: ['Jane Doe'] })),
		email: nullable(
			text('Email', 'Email address, empty if MemberPass does not know one.', {
				examples: ['jane.doe@example.com'],
			}),
		),
		email_verified: optional(
			flag('Email Verified', 'True if the member confirmed the address.', { examples: [true] }),
		),
		chat_id: nullable(
			text('Telegram ID', 'Telegram user ID of the member, as text.', {
				examples: ['123456789'],
			}),
		),
		status: text('Status', 'Status of the member.', {
			examples: ['customer'],
			'x-known-values': statusWords,
		}),
		joined_at: nullable(moment('Joined At', 'When the member joined.')),
	},
	{ title: 'Member' },
);

/** docs.memberpass.net/mcp/tools/ban-member, /unban-member, /kick-member. */
const memberState = (status: string) =>
	object(
		{
			id: memberId,
			status: text('Status', 'New status of the member.', {
				examples: [status],
				'x-known-values': statusWords,
			}),
		},
		{ title: 'Member' },
	);

const memberInput = (description: string) =>
	inPath(id('member', description, { title: 'Member', 'x-pick': 'members', 'x-n8n': 'memberId' }));

const reasonInput = (event: string) =>
	optional(
		inBody(
			text('Reason', `Why you do this. The ${event} event includes it.`, {
				examples: ['Shared paid content outside the group.'],
			}),
		),
	);

export const member = defineOperations(
	{ key: 'member', label: 'Member', summary: 'Find, ban, unban and kick members of a project.' },
	[
		{
			key: 'ban_member',
			kind: 'action',
			label: 'Ban Member',
			noun: 'Member',
			summary: 'Bans a member from a project.',
			method: 'POST',
			path: '/projects/{project}/members/{member}/ban',
			ability: 'project-user:update',
			input: object({
				project: projectInPath('Where the member is.'),
				member: memberInput('The person who loses access and cannot come back.'),
				reason: reasonInput('Member Banned'),
			}),
			output: { shape: 'one', schema: memberState('banned'), evidence: 'inferred' },
			destructive: 'reversible',
			repeat: { effect: 'no_op', note: 'Banning a banned member changes nothing.' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			emits: ['member.banned', 'subscription.cancelled'],
			caveats: [
				'Active subscriptions of the member are cancelled. Unban Member does not bring them back.',
				'The Telegram bot removes the member a little later.',
			],
			n8n: { operation: 'ban', name: 'Ban', action: 'Ban member', topLevel: ['reason'] },
			evidence: 'documented',
			sources: [
				tool('ban-member'),
				'https://docs.memberpass.net/webhooks/events/member/banned',
				npm,
				manifest,
			],
		},
		{
			key: 'unban_member',
			kind: 'action',
			label: 'Unban Member',
			noun: 'Member',
			summary: 'Lifts the ban of a member.',
			method: 'POST',
			path: '/projects/{project}/members/{member}/unban',
			ability: 'project-user:update',
			input: object({
				project: projectInPath('Where the member is banned.'),
				member: memberInput('The banned person who may come back.'),
			}),
			output: { shape: 'one', schema: memberState('churned'), evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			emits: ['member.unbanned'],
			caveats: [
				'Earlier subscriptions are not restored: the member has to buy a plan again.',
				'Where a subscription is still active, its next payment makes them a customer again.',
			],
			n8n: { operation: 'unban', name: 'Unban', action: 'Unban member' },
			evidence: 'documented',
			sources: [
				tool('unban-member'),
				'https://docs.memberpass.net/webhooks/events/member/unbanned',
				npm,
				manifest,
			],
		},
		{
			key: 'kick_member',
			kind: 'action',
			label: 'Kick Member',
			noun: 'Member',
			summary: 'Removes a member from a project without a ban.',
			method: 'POST',
			path: '/projects/{project}/members/{member}/kick',
			ability: 'project-user:update',
			input: object({
				project: projectInPath('Where the member is.'),
				member: memberInput('The person who loses access but may join again.'),
				reason: reasonInput('Member Kicked'),
			}),
			output: { shape: 'one', schema: memberState('churned'), evidence: 'inferred' },
			destructive: 'reversible',
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			emits: ['member.kicked', 'member.resource_removed'],
			caveats: [
				'The member can join again. Use Ban Member to keep somebody out.',
				'Subscriptions are not cancelled by a kick.',
			],
			n8n: { operation: 'kick', name: 'Kick', action: 'Kick member', topLevel: ['reason'] },
			evidence: 'documented',
			sources: [
				tool('kick-member'),
				'https://docs.memberpass.net/webhooks/events/member/kicked',
				npm,
				manifest,
			],
		},
		{
			key: 'list_members',
			kind: 'search',
			label: 'Find Members',
			noun: 'Member',
			summary: 'Finds members of a project by name, email or status.',
			method: 'GET',
			path: '/projects/{project}/members',
			ability: 'project-user:view-any',
			input: object({
				project: projectInPath('Where to look for members.'),
				search: optional(
					inQuery(
						text(
							'Search Text',
							'Part of a name or email address. Upper and lower case do not matter.',
							{
								minLength: 1,
								examples: ['jane'],
								'x-part-of': ['email', 'name'],
							},
						),
					),
				),
				status: optional(
					inQuery(
						choice('Status', 'Only members with this status. Leave empty for all.', statusWords, {
							'x-labels': labelsOf(memberStatuses),
							examples: ['customer'],
						}),
					),
				),
			}),
			output: { shape: 'many', schema: memberRow, paging: 'pages', evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			n8n: {
				operation: 'list',
				name: 'Get Many',
				action: 'Get many members',
				collection: 'memberListFilters',
			},
			decisions: [
				{
					topic: 'status values',
					because: "The five documented ones; 1.4.0's hint (active, banned, kicked) is wrong.",
				},
				pagingInFilters('memberListFilters'),
			],
			evidence: 'documented',
			sources: [
				tool('list-subscribers'),
				'https://docs.memberpass.net/creators/managing-members',
				npm,
				manifest,
			],
		},
		{
			key: 'get_member',
			kind: 'search',
			label: 'Find Member by ID',
			noun: 'Member',
			summary: 'Finds one member of a project by ID.',
			method: 'GET',
			path: '/projects/{project}/members/{member}',
			ability: 'project-user:view',
			input: object({
				project: projectInPath('Where the member is.'),
				member: memberInput('Person to look up, e.g. the Subscriber ID from a trigger.'),
			}),
			output: { shape: 'one', schema: memberRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get member' },
			decisions: [
				{
					topic: 'answer',
					because: 'No page shows one; taken to be a row of the list.',
				},
			],
			evidence: 'documented',
			sources: [npm, manifest],
		},
	],
);
