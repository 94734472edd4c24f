import { defineOperations } from '../model.ts';
import { inQuery, nullable, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { eventPick } from '../vocabulary/pick-lists.ts';
import { moment } from '../vocabulary/time.ts';
import { projectInQuery } from './inputs.ts';
import { changelog, manifest, npm, zapierPage } from './sources.ts';

/** No page shows a row; taken to be the envelope of a delivery, because triggers use the rows as samples. */
const eventRow = object(
	{
		id: id('event', 'Identifies the event; the same in every delivery of it.'),
		type: text('Event', 'What happened.', { examples: ['subscription.created'] }),
		created_at: moment('Created At', 'When it happened.'),
		api_version: text('API Version', 'Version of the payload.', { examples: ['2026-05-01'] }),
		project_id: nullable(id('project', 'Project it happened in; empty for events of the account.')),
		data: object({}, { title: 'Data', description: 'Details, different for each event.' }),
	},
	{ title: 'Webhook Event' },
);

export const webhookDelivery = defineOperations(
	{
		key: 'webhookDelivery',
		label: 'Webhook Delivery',
		summary: 'Read recent events as webhooks deliver them.',
	},
	[
		{
			key: 'list_webhook_events',
			kind: 'read',
			label: 'Find Webhook Events',
			noun: 'Webhook Event',
			summary: 'Finds recent events of one type.',
			method: 'GET',
			path: '/webhook-events',
			ability: 'webhook-endpoint:manage',
			input: object({
				type: inQuery(
					text('Event', 'What must have happened.', {
						minLength: 1,
						'x-pick': eventPick,
						examples: ['subscription.created'],
					}),
				),
				project_id: projectInQuery('Only events of this one. Leave empty for all.'),
			}),
			output: {
				shape: 'many',
				schema: eventRow,
				paging: 'limit',
				pageSize: 100,
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED'],
			n8n: {
				operation: 'list',
				name: 'Get Many',
				action: 'Get many webhook events',
				collection: 'webhookDeliveryFilters',
			},
			decisions: [
				{
					topic: 'deliveries or events',
					because:
						'The resource of 1.4.0 is called Webhook Delivery, yet it reads the events; the name is kept for saved workflows.',
				},
				{
					topic: 'ability',
					because:
						'No page of this era names one. Triggers call it as well and need webhook-endpoint:manage, so no token gets worse by asking for that; the later route list says webhook-delivery:view-any.',
				},
				{
					topic: 'largest page',
					because: '100, the smallest bound any list has: no source states one.',
				},
				{
					topic: 'limit of 1.4.0',
					because:
						'It sits in webhookDeliveryFilters; the number of rows belongs to the platform, so it is no input here.',
				},
			],
			evidence: 'documented',
			sources: [npm, zapierPage, manifest, changelog],
		},
	],
);
