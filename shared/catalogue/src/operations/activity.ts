import { defineOperations } from '../model.ts';
import { inQuery, map, nullable, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { recordPick } from '../vocabulary/pick-lists.ts';
import { actorKinds } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';
import { manifest, npm, tool } from './sources.ts';

/** Documented spellings first, then those of 1.4.0. */
const subjectTypes = {
	project: 'Project',
	'project-subscription-plan': 'Plan',
	'project-subscription': 'Subscription',
	'project-user': 'Member',
	'project-resource': 'Resource',
	plan: 'Plan (Older Spelling)',
	subscription: 'Subscription (Older Spelling)',
	member: 'Member (Older Spelling)',
	'access-code': 'Access Code (Older Spelling)',
};

const subjectId = (description: string, more: { readonly 'x-pick'?: string } = {}) =>
	text('Record ID', description, {
		minLength: 1,
		examples: ['pln_01JT2BC8YV6N3HTQX1M9KDRW5F'],
		...more,
	});

/** A row of docs.memberpass.net/mcp/tools/get-activity-log. */
const activityRow = object(
	{
		id: id('activity', 'Identifies the entry.'),
		log_name: optional(
			nullable(text('Log', 'Log that the entry is in.', { examples: ['default'] })),
		),
		description: text('Description', 'What happened, in a sentence.', {
			examples: ["Plan 'Premium Monthly' was updated."],
		}),
		event: nullable(text('Event', 'What kind of change it was.', { examples: ['updated'] })),
		subject_type: text('Record Type', 'Type of the record that changed.', {
			examples: ['project-subscription-plan'],
			'x-known-values': Object.keys(subjectTypes),
		}),
		subject_id: subjectId('ID of the record that changed.'),
		causer_type: optional(
			nullable(
				text('Causer Type', 'Type of the actor that made the change.', { examples: ['user'] }),
			),
		),
		causer_id: optional(
			nullable(id('user', 'ID of the actor that made the change.', { title: 'Causer ID' })),
		),
		properties: optional(
			map(
				'Properties',
				'Details, such as the values before and after, without tokens, secrets and passwords.',
				object({}),
				{
					examples: [{ changes: { price: { from: '25.00', to: '29.00' } } }],
				},
			),
		),
		actor_kind: text(
			'Actor Kind',
			'How the change was made, such as by a person, an API token or Zapier.',
			{
				examples: ['human'],
				'x-known-values': Object.keys(actorKinds),
			},
		),
		created_at: moment('Created At', 'When it happened.'),
	},
	{ title: 'Activity Log Entry' },
);

export const activity = defineOperations(
	{ key: 'activity', label: 'Activity', summary: 'Read who changed what and when.' },
	[
		{
			key: 'list_activity',
			kind: 'search',
			label: 'Find Activity Log Entries',
			noun: 'Activity Log Entry',
			summary: 'Finds log entries about one project, plan, subscription, member or resource.',
			method: 'GET',
			path: '/activity',
			ability: 'activity:read',
			input: object({
				subject_type: inQuery(
					text('Record Type', 'Type of the record whose history you want.', {
						minLength: 1,
						default: 'project',
						examples: ['project-subscription-plan'],
						'x-known-values': Object.keys(subjectTypes),
						'x-labels': subjectTypes,
					}),
				),
				subject_id: inQuery(
					subjectId('ID of that record, e.g. from a trigger or an earlier step.', {
						'x-pick': recordPick,
					}),
				),
			}),
			output: { shape: 'many', schema: activityRow, paging: 'limit', evidence: 'inferred' },
			errors: ['VALIDATION_FAILED', 'RESOURCE_NOT_FOUND'],
			caveats: [
				'MemberPass returns 200 entries at most.',
				'If a record type is refused, try its other spelling.',
			],
			n8n: {
				operation: 'list',
				name: 'Get Many',
				action: 'Get many activity log entries',
			},
			decisions: [
				{
					topic: 'record types',
					because:
						'Documented as project-subscription-plan and so on, with an "etc."; 1.4.0 sends plan and so on. Neither is confirmed for the API, so both are offered and any text is sent.',
				},
				{
					topic: 'default record type',
					because: 'project is the default of the form in 1.4.0 and the same in both spellings.',
				},
				{
					topic: 'limit of 1.4.0',
					because:
						'Its activityLimit is the number of rows; that belongs to the platform, so it is no input here.',
				},
			],
			evidence: 'documented',
			sources: [tool('get-activity-log'), npm, manifest],
		},
	],
);
