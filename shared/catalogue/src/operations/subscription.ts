import { defineOperations } from '../model.ts';
import { flag, inBody, inPath, inQuery, nullable, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { labelsOf, subscriptionStatuses } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';
import { pagingInFilters } from './inputs.ts';
import { manifest, npm, tool } from './sources.ts';

const statusWords = Object.keys(subscriptionStatuses);

/** No page shows a row; these keys are what the page of the event family says a subscription holds. */
const subscriptionRow = object(
	{
		id: id('subscription', 'Identifies the subscription.'),
		project_id: optional(id('project', 'Project the subscription belongs to.')),
		plan_id: id('plan', 'Plan the subscription is on.'),
		subscriber_id: id('subscriber', 'Person who subscribed.'),
		status: text('Status', 'Status of the subscription.', {
			examples: ['active'],
			'x-known-values': statusWords,
		}),
		trial_ends_at: optional(
			nullable(moment('Trial Ends At', 'When the trial ends; empty without a trial.')),
		),
		ends_at: optional(
			nullable(
				moment('Ends At', 'When access ends; empty while no end is set.', {
					examples: ['2026-06-18T10:05:00Z'],
				}),
			),
		),
		created_at: optional(moment('Created At', 'When the subscription was created.')),
	},
	{ title: 'Subscription' },
);

const subscriptionInput = (description: string) =>
	inPath(
		id('subscription', description, {
			title: 'Subscription',
			'x-pick': 'subscriptions',
			'x-n8n': 'subscriptionId',
		}),
	);

const inferredRow = {
	topic: 'row',
	because:
		'No page shows a subscription of the API; the keys come from the subscription events and may be more.',
};

export const subscription = defineOperations(
	{ key: 'subscription', label: 'Subscription', summary: 'Find and cancel subscriptions.' },
	[
		{
			key: 'cancel_subscription',
			kind: 'action',
			label: 'Cancel Subscription',
			noun: 'Subscription',
			summary: 'Cancels a subscription.',
			method: 'POST',
			path: '/subscriptions/{subscription}/cancel',
			ability: 'project-subscription:update',
			input: object({
				subscription: subscriptionInput('Subscription to cancel.'),
				at_period_end: optional(
					inBody(
						flag(
							'At Period End',
							'Whether the subscriber keeps access until the paid time is over.',
							{
								default: true,
								examples: [true],
								'x-source': npm,
								'x-decision':
									'Kept from 1.4.0 and its successor; the documented tool takes no such option, so MemberPass may ignore it.',
							},
						),
					),
				),
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						subscription_id: id('subscription', 'Subscription that is being cancelled.'),
						status: text('Status', 'State of the request, not of the subscription.', {
							examples: ['cancellation_queued'],
							'x-known-values': ['cancellation_queued'],
						}),
					},
					{ title: 'Cancellation' },
				),
				evidence: 'inferred',
			},
			destructive: 'reversible',
			repeat: {
				effect: 'refused',
				note: 'A cancelled subscription answers SUBSCRIPTION_ALREADY_ACTIVE, despite the name of that code.',
			},
			errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED', 'SUBSCRIPTION_ALREADY_ACTIVE'],
			emits: ['subscription.cancelled'],
			caveats: [
				'MemberPass only queues the cancellation: the payment provider and the subscription follow a little later. Subscription Cancelled is sent when it is done.',
				'Until access ends, the subscriber can undo the cancellation.',
				'MemberPass may ignore At Period End.',
			],
			n8n: {
				operation: 'cancel',
				name: 'Cancel',
				action: 'Cancel subscription',
				topLevel: ['at_period_end'],
			},
			decisions: [
				{
					topic: 'at_period_end',
					because:
						'Sent if set: 1.4.0 and its successor send it, the documented tool has no such input. Whether it is honoured is unknown.',
				},
			],
			evidence: 'documented',
			sources: [tool('cancel-subscription'), npm, manifest],
		},
		{
			key: 'list_subscriptions',
			kind: 'search',
			label: 'Find Subscriptions',
			noun: 'Subscription',
			summary: 'Finds subscriptions by status or plan.',
			method: 'GET',
			path: '/subscriptions',
			ability: 'project-subscription:view-any',
			input: object({
				status: optional(
					inQuery(
						text('Status', 'Only subscriptions with this status. Leave empty for all.', {
							examples: ['active'],
							'x-known-values': statusWords,
							'x-labels': labelsOf(subscriptionStatuses),
						}),
					),
				),
				plan_id: optional(
					inQuery(
						id('plan', 'Only subscriptions on this plan, e.g. the result of Find Plan by Name.', {
							title: 'Plan ID',
							'x-pick': 'plans',
							'x-n8n': 'planId',
						}),
					),
				),
			}),
			output: { shape: 'many', schema: subscriptionRow, paging: 'pages', evidence: 'inferred' },
			errors: ['VALIDATION_FAILED'],
			n8n: {
				operation: 'list',
				name: 'Get Many',
				action: 'Get many subscriptions',
				collection: 'subscriptionListFilters',
			},
			decisions: [
				{
					topic: 'status values',
					because:
						"The guide names 13 statuses and only five wire values were seen, so the list is open. 1.4.0's hint (active, cancelled, trial) is wrong.",
				},
				{
					topic: 'picking the plan',
					because:
						'Plans can only be listed project by project and no source gives this list a project filter, so a form offers the plans of every project, or asks for one that it does not send.',
				},
				pagingInFilters('subscriptionListFilters'),
				inferredRow,
			],
			evidence: 'documented',
			sources: [
				npm,
				manifest,
				'https://docs.memberpass.net/guide/reference/status-codes',
				'https://docs.memberpass.net/webhooks/events/subscription',
			],
		},
		{
			key: 'get_subscription',
			kind: 'search',
			label: 'Find Subscription by ID',
			noun: 'Subscription',
			summary: 'Finds one subscription by its ID.',
			method: 'GET',
			path: '/subscriptions/{subscription}',
			ability: 'project-subscription:view',
			input: object({
				subscription: subscriptionInput(
					'Subscription to look up, e.g. the Subscription ID from a trigger.',
				),
			}),
			output: { shape: 'one', schema: subscriptionRow, evidence: 'inferred' },
			errors: ['RESOURCE_NOT_FOUND'],
			n8n: { operation: 'get', name: 'Get', action: 'Get subscription' },
			decisions: [inferredRow],
			evidence: 'documented',
			sources: [npm, manifest, 'https://docs.memberpass.net/webhooks/events/subscription'],
		},
	],
);
