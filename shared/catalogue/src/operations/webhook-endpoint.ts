import { defineOperations } from '../model.ts';
import {
	flag,
	inBody,
	inPath,
	integer,
	list,
	nullable,
	object,
	optional,
	text,
	url,
} from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { eventPick } from '../vocabulary/pick-lists.ts';
import { moment } from '../vocabulary/time.ts';
import { changelog, manifest, npm, toolsReference, zapierPage } from './sources.ts';

const quickstart = 'https://docs.memberpass.net/webhooks/quickstart';
const security = 'https://docs.memberpass.net/webhooks/security';
const testing = 'https://docs.memberpass.net/webhooks/testing-and-debugging';
const retries = 'https://docs.memberpass.net/webhooks/retries-and-delivery';

/** No page shows a row; three keys are named in prose, the others are what the endpoint was created with. */
export const endpointRow = object(
	{
		id: id('webhookEndpoint', 'Identifies the webhook endpoint.'),
		name: text('Name', 'Name of the endpoint.', { examples: ['CRM sync'] }),
		url: url('URL', 'Address that receives the events.', {
			examples: ['https://hooks.example.com/memberpass'],
		}),
		events: list(
			'Events',
			'Events that are sent there.',
			text('Event', 'One event.', { examples: ['subscription.created'] }),
		),
		project_id: optional(
			nullable(id('project', 'Only events of this project are sent; empty means all.')),
		),
		allowed_ips: optional(
			nullable(
				list(
					'Allowed IP Addresses',
					'IP addresses that may receive the events; empty means any.',
					text('IP Address', 'One address or range.', { examples: ['203.0.113.10'] }),
				),
			),
		),
		is_active: optional(flag('Active', 'False while nothing is sent there.', { examples: [true] })),
		disabled_at: optional(
			nullable(
				moment('Disabled At', 'When MemberPass switched the endpoint off; empty while it is on.'),
			),
		),
		consecutive_failures: optional(
			integer('Failures in a Row', 'Deliveries that failed since the last success.', {
				examples: [0],
			}),
		),
		created_at: optional(moment('Created At', 'When the endpoint was created.')),
	},
	{ title: 'Webhook Endpoint' },
);

/** A secret that nobody can mistake for a real one: no page shows what they look like. */
export const secretField = (description: string) =>
	text('Signing Secret', description, {
		examples: ['mps_example_4f1c9d2e7a8b3c60'],
		'x-evidence': 'documented',
	});

const endpointInput = (description: string) =>
	inPath(
		id('webhookEndpoint', description, {
			title: 'Webhook Endpoint',
			'x-pick': 'webhookEndpoints',
			'x-n8n': 'endpointId',
		}),
	);

export const nameInput = inBody(
	text('Endpoint Name', 'Name by which you recognise the endpoint in MemberPass.', {
		minLength: 1,
		examples: ['CRM sync'],
	}),
);
const urlInput = inBody(
	url('URL', 'Address that receives the events. Only https addresses are accepted.', {
		pattern: '^https://',
		examples: ['https://hooks.example.com/memberpass'],
	}),
);
export const eventsInput = inBody(
	list(
		'Events',
		'Events to send to the address, at least one.',
		text('Event', 'One event.', {
			minLength: 1,
			'x-pick': eventPick,
			examples: ['subscription.created'],
		}),
		{ minItems: 1 },
	),
);
export const projectIdInput = optional(
	inBody(
		id('project', 'Only send events of this project. Leave empty for all projects.', {
			title: 'Project',
			'x-pick': 'projects',
			'x-n8n': 'project_id',
		}),
	),
);

const split = {
	topic: 'ability',
	because:
		'webhook-endpoint:manage, as every page of this era says; the later route list splits it into view, create, update and delete.',
};

export const webhookEndpoint = defineOperations(
	{
		key: 'webhookEndpoint',
		label: 'Webhook Endpoint',
		summary: 'Create, test and delete webhook endpoints, which send events to your URLs.',
	},
	[
		{
			key: 'create_webhook_endpoint',
			kind: 'action',
			label: 'Create Webhook Endpoint',
			noun: 'Webhook Endpoint',
			summary: 'Creates a webhook endpoint that sends events to a URL.',
			method: 'POST',
			path: '/webhook-endpoints',
			ability: 'webhook-endpoint:manage',
			input: object({
				name: nameInput,
				url: urlInput,
				events: eventsInput,
				project_id: projectIdInput,
				allowed_ips: optional(
					inBody(
						list(
							'Allowed IP Addresses',
							'IP addresses that may receive the events: those of the server behind the URL. Leave empty to allow any.',
							text('IP Address', 'One address or range, such as 203.0.113.0/24.', {
								minLength: 1,
								examples: ['203.0.113.10'],
							}),
							{ 'x-n8n': 'allowed_ips' },
						),
					),
				),
				is_active: optional(
					inBody(
						flag('Active', 'Whether events are sent from the start.', {
							default: true,
							'x-n8n': 'is_active',
							'x-source': npm,
							examples: [true],
						}),
					),
				),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						...endpointRow.properties,
						secret: optional(
							secretField('Secret that signs each delivery. It is shown only this once.'),
						),
					},
					{ title: 'Webhook Endpoint' },
				),
				beside: ['secret'],
				evidence: 'inferred',
			},
			repeat: { effect: 'creates_another', note: 'Each call makes an endpoint.' },
			errors: ['VALIDATION_FAILED', 'RESOURCE_NOT_FOUND'],
			caveats: [
				'The signing secret is shown only in this answer. Keep it: without it you cannot check that a delivery is genuine.',
				'The token must also hold the ability of every event you choose.',
				'After 20 failed deliveries in a row MemberPass switches the endpoint off.',
				"If the URL leads to an address outside the Allowed IP Addresses, deliveries are probably given up unsent: MemberPass's successor does that.",
			],
			n8n: {
				operation: 'create',
				name: 'Create',
				action: 'Create webhook endpoint',
				collection: 'webhookEndpointFields',
			},
			decisions: [
				{
					topic: 'where the secret is',
					because:
						'Beside data, as documented for webhook subscriptions, which the same code serves later; inside data is understood too.',
				},
				{
					topic: 'allowed_ips',
					because:
						"The documentation calls them the sources of deliveries, 1.4.0 the addresses that may receive them; the vendor's later change log says that the host may resolve to no others, and that ranges are taken.",
				},
				split,
			],
			evidence: 'documented',
			sources: [quickstart, security, retries, zapierPage, npm, manifest, changelog],
		},
		{
			key: 'delete_webhook_endpoint',
			kind: 'action',
			label: 'Delete Webhook Endpoint',
			noun: 'Webhook Endpoint',
			summary: 'Deletes a webhook endpoint.',
			method: 'DELETE',
			path: '/webhook-endpoints/{endpoint}',
			ability: 'webhook-endpoint:manage',
			input: object({ endpoint: endpointInput('Webhook endpoint to delete.') }),
			output: { shape: 'nothing', schema: object({}), evidence: 'inferred' },
			destructive: 'irreversible',
			repeat: { effect: 'refused', note: 'The second call finds nothing (inferred).' },
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				'This cannot be undone. If a Zap or workflow uses the endpoint, it stops receiving events.',
			],
			n8n: { operation: 'delete', name: 'Delete', action: 'Delete webhook endpoint' },
			decisions: [split],
			evidence: 'documented',
			sources: [npm, manifest],
		},
		{
			key: 'rotate_webhook_secret',
			kind: 'action',
			label: 'Rotate Webhook Secret',
			noun: 'Webhook Secret',
			summary: 'Replaces the signing secret of a webhook endpoint.',
			method: 'POST',
			path: '/webhook-endpoints/{endpoint}/rotate-secret',
			ability: 'webhook-endpoint:manage',
			input: object({
				endpoint: endpointInput('Webhook endpoint that gets a new signing secret.'),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						id: optional(id('webhookEndpoint', 'Endpoint that got the new secret.')),
						secret: secretField('New signing secret. It is shown only this once.'),
					},
					{ title: 'Webhook Secret' },
				),
				beside: ['secret'],
				evidence: 'inferred',
			},
			destructive: 'irreversible',
			repeat: {
				effect: 'replaces',
				note: 'Each call makes a new secret, and the one before is void.',
			},
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				'The old secret stops working at once: deliveries are signed with the new one only. Rotate in the MemberPass dashboard instead to keep both valid for 24 hours.',
				'Zaps and workflows that use this endpoint refuse deliveries until you switch them off and on again.',
			],
			n8n: {
				operation: 'rotateSecret',
				name: 'Rotate Secret',
				action: 'Rotate webhook secret',
			},
			decisions: [
				{
					topic: 'signing with both secrets',
					because:
						'The security page limits it to rotations from the dashboard; the launch post promises it for all.',
				},
				{
					topic: 'where the secret is',
					because: 'Beside data, as documented for webhook subscriptions; no page says it here.',
				},
				split,
			],
			evidence: 'documented',
			sources: [security, npm, manifest],
		},
		{
			key: 'test_webhook_endpoint',
			kind: 'action',
			label: 'Send Test Webhook',
			noun: 'Test Delivery',
			summary: 'Sends a made-up event to a webhook endpoint.',
			method: 'POST',
			path: '/webhook-endpoints/{endpoint}/test',
			ability: 'webhook-endpoint:manage',
			input: object({ endpoint: endpointInput('Webhook endpoint that should receive the test.') }),
			output: {
				shape: 'one',
				schema: object(
					{ delivery_id: id('webhookDelivery', 'Identifies the test delivery.') },
					{ title: 'Test Delivery' },
				),
				beside: ['delivery_id'],
				evidence: 'inferred',
			},
			repeat: { effect: 'same', note: 'Each call sends another test, which changes nothing.' },
			errors: ['RESOURCE_NOT_FOUND'],
			caveats: [
				'The test event is always New Subscription (subscription.created), whatever events the endpoint is for.',
				'At most five tests a minute with one token.',
			],
			n8n: { operation: 'test', name: 'Send Test', action: 'Send test webhook' },
			decisions: [
				{
					topic: 'where delivery_id is',
					because: 'No page says it: looked for in data and beside it.',
				},
				split,
			],
			evidence: 'documented',
			sources: [testing, npm, manifest],
		},
		{
			key: 'update_webhook_endpoint',
			kind: 'extra',
			label: 'Enable or Disable Webhook Endpoint',
			noun: 'Webhook Endpoint',
			summary: 'Switches a webhook endpoint on or off.',
			method: 'POST',
			path: '/webhook-endpoints/{endpoint}',
			ability: 'webhook-endpoint:manage',
			input: object({
				endpoint: endpointInput('Webhook endpoint to switch on or off.'),
				is_active: inBody(
					flag('Active', 'Whether events are sent to the endpoint from now on.', {
						default: true,
						examples: [true],
					}),
				),
			}),
			output: { shape: 'one', schema: endpointRow, evidence: 'inferred' },
			destructive: 'reversible',
			repeat: { effect: 'no_op', note: 'An endpoint that is on stays on (inferred).' },
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
			caveats: [
				'MemberPass switches an endpoint off after 20 failed deliveries in a row. Fix the receiver first.',
				'The documentation does not say whether events that occurred while the endpoint was off are sent later.',
				"Subscriby, MemberPass's successor, uses other calls to pause and resume an endpoint, and MemberPass may no longer accept this one. In the dashboard you can still switch an endpoint on.",
			],
			n8n: {
				operation: 'setActive',
				name: 'Enable or Disable',
				action: 'Enable or disable webhook endpoint',
			},
			decisions: [
				{
					topic: 'POST or PATCH',
					because: 'POST, as the page prints it; PATCH would be the custom of the other routes.',
				},
				{
					topic: 'answer',
					because: 'No page shows one; taken to be the row of the list, as other changes answer.',
				},
				{
					topic: 'switching off',
					because:
						'The page shows is_active: true only; false is concluded from the field, which creating an endpoint takes too.',
				},
				split,
			],
			evidence: 'documented',
			sources: [retries, manifest],
		},
		{
			key: 'list_webhook_endpoints',
			kind: 'read',
			label: 'Find Webhook Endpoints',
			noun: 'Webhook Endpoint',
			summary: 'Finds all webhook endpoints.',
			method: 'GET',
			path: '/webhook-endpoints',
			ability: 'webhook-endpoint:manage',
			input: object({}),
			output: { shape: 'many', schema: endpointRow, paging: 'pages', evidence: 'inferred' },
			caveats: ['Signing secrets are not shown.'],
			n8n: { operation: 'list', name: 'Get Many', action: 'Get many webhook endpoints' },
			decisions: [
				{
					topic: 'row',
					because:
						'is_active, disabled_at and consecutive_failures are named in prose; the rest is what the endpoint was created with.',
				},
				split,
			],
			evidence: 'documented',
			sources: [npm, toolsReference, retries, manifest],
		},
	],
);
