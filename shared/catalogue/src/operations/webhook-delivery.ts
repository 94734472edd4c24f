import { defineOperations } from '../model.ts';
import { inPath, inQuery, integer, nullable, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { eventPick } from '../vocabulary/pick-lists.ts';
import { deliveryStatuses } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';
import { projectInQuery } from './inputs.ts';
import { changelog, manifest, npm, zapierPage } from './sources.ts';

const retries = 'https://docs.memberpass.net/webhooks/retries-and-delivery';
const testing = 'https://docs.memberpass.net/webhooks/testing-and-debugging';

/** No page shows a row; taken to be the envelope of a delivery, because triggers use the rows as samples. */
const eventRow = object(
	{
		id: id('event', 'Identifies the event; the same in every delivery of it.'),
		type: text('Event', 'What happened.', { examples: ['subscription.created'] }),
		created_at: moment('Created At', 'When it happened.'),
		api_version: text('API Version', 'Version of the format in which MemberPass sends events.', {
			examples: ['2026-05-01'],
		}),
		project_id: nullable(id('project', 'Project the event belongs to; empty for account events.')),
		data: object({}, { title: 'Data', description: 'Details, different for each event.' }),
	},
	{ title: 'Webhook Event' },
);

export const webhookDelivery = defineOperations(
	{
		key: 'webhookDelivery',
		label: 'Webhook Delivery',
		summary: 'Read recent events as webhooks deliver them, and retry failed deliveries.',
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
					text('Event', 'Type of event to list.', {
						minLength: 1,
						'x-pick': eventPick,
						examples: ['subscription.created'],
					}),
				),
				project_id: projectInQuery('Only events of this project. Leave empty for all projects.'),
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
		{
			key: 'retry_webhook_delivery',
			kind: 'extra',
			label: 'Retry Webhook Delivery',
			noun: 'Webhook Delivery',
			summary: 'Sends a failed webhook delivery again.',
			method: 'POST',
			path: '/webhook-deliveries/{delivery}/retry',
			ability: 'webhook-endpoint:manage',
			input: object({
				delivery: inPath(
					id(
						'webhookDelivery',
						'The delivery to send again. MemberPass lists deliveries under Settings, Webhooks, Deliveries. Send Test returns the ID of its delivery.',
						{
							title: 'Webhook Delivery',
							'x-n8n': 'deliveryId',
							'x-decision':
								'No documented route lists deliveries; GET /webhook-events answers with events.',
						},
					),
				),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						id: id('webhookDelivery', 'Identifies the delivery.'),
						status: text('Status', 'Status of the delivery: pending until it is sent.', {
							'x-known-values': Object.keys(deliveryStatuses),
							examples: ['pending'],
						}),
						attempts: optional(
							integer('Attempts', 'Attempts made; counted from 0 again.', { examples: [0] }),
						),
					},
					{ title: 'Webhook Delivery' },
				),
				evidence: 'inferred',
			},
			repeat: {
				effect: 'creates_another',
				note: 'Each call puts the delivery back at the start of its attempts.',
			},
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				'The receiver may already have handled the event. It can recognise a repeat by the event ID.',
			],
			n8n: { operation: 'retry', name: 'Retry', action: 'Retry webhook delivery' },
			decisions: [
				{
					topic: 'which deliveries',
					because:
						'One page says dead ones, another failed or dead ones: MemberPass is left to judge.',
				},
				{
					topic: 'ability',
					because:
						'No page of this era names one; webhook-endpoint:manage covers the other webhook routes, the later route list says webhook-delivery:retry.',
				},
			],
			evidence: 'documented',
			sources: [retries, testing, manifest],
		},
	],
);
