import { definePlumbing } from '../model.ts';
import { inBody, inPath, object, url } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { manifest, npm, zapierPage } from './sources.ts';
import {
	endpointRow,
	eventsInput,
	nameInput,
	projectIdInput,
	secretField,
} from './webhook-endpoint.ts';

/**
 * Where an automation platform receives events. The platform makes it, so only MemberPass judges it: public https in
 * production, this machine in a sandbox.
 */
const hookAddress = inBody(
	url('URL', 'Address of the automation platform that receives the events.', {
		examples: ['https://hooks.example.com/memberpass'],
	}),
);

/**
 * What triggers send when a Zap or workflow is switched on and off. Not among the operations: users never meet
 * these calls. They are an alias of the webhook-endpoint routes, made for automation platforms.
 */
export const plumbing = definePlumbing('webhookEndpoint', [
	{
		key: 'create_webhook_subscription',
		label: 'Subscribe to Events',
		noun: 'Webhook Subscription',
		summary: 'Subscribes an address to events when a trigger is switched on.',
		method: 'POST',
		path: '/webhook-subscriptions',
		ability: 'webhook-endpoint:manage',
		input: object({
			name: nameInput,
			url: hookAddress,
			events: eventsInput,
			project_id: projectIdInput,
		}),
		output: {
			shape: 'one',
			schema: object(
				{
					id: endpointRow.properties.id,
					secret: secretField('Secret that signs each delivery. It is shown only this once.'),
				},
				{ title: 'Webhook Subscription' },
			),
			beside: ['secret'],
			evidence: 'documented',
		},
		destructive: 'no',
		repeat: {
			effect: 'creates_another',
			note: 'Each call makes a subscription; the same idempotency key answers with the first one for 24 hours, even after it was deleted.',
		},
		errors: ['VALIDATION_FAILED', 'RESOURCE_NOT_FOUND'],
		caveats: ['The token must also hold the ability of every event.'],
		decisions: [
			{
				topic: 'project_id',
				because: 'Missing on the documented call; 1.4.0 sends it to the same route.',
			},
		],
		evidence: 'documented',
		sources: [zapierPage, npm, manifest],
	},
	{
		key: 'delete_webhook_subscription',
		label: 'Unsubscribe from Events',
		noun: 'Webhook Subscription',
		summary: 'Ends a subscription when a trigger is switched off.',
		method: 'DELETE',
		path: '/webhook-subscriptions/{endpoint}',
		ability: 'webhook-endpoint:manage',
		input: object({
			endpoint: inPath(
				id('webhookEndpoint', 'The subscription that the trigger made.', {
					title: 'Webhook Subscription',
				}),
			),
		}),
		output: { shape: 'nothing', schema: object({}), evidence: 'inferred' },
		destructive: 'irreversible',
		repeat: {
			effect: 'refused',
			note: 'The second call finds nothing (inferred). Triggers take that as done, as 1.4.0 does.',
		},
		errors: ['RESOURCE_NOT_FOUND'],
		evidence: 'documented',
		sources: [zapierPage, npm, manifest],
	},
]);
