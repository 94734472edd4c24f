import { type Decision, defineFamily } from '../model.ts';
import { flag, integer, list, object, text } from '../schema.ts';
import { currencyCode, priceNumber } from '../vocabulary/money.ts';
import { eventBillingCycles } from '../vocabulary/periods.ts';
import { moment } from '../vocabulary/time.ts';
import { changes, derivedId, familyPage, knownProviders, nestedId, planId } from './fields.ts';

const page = familyPage('plan');

const derivedPlanId = derivedId('plan', 'Plan the event is about.', ['plan.id']);
const nestedPlanId = nestedId('plan', 'Plan the event is about.');

/** The later manifest lists `plan_id` beside `plan` for some events. */
const nestedOrFlatPlanId = nestedId('plan', 'Plan the event is about.', {
	'x-also-at': ['plan_id'],
});

/** The whole plan, as plan.created and plan.updated carry it. */
const snapshot = (places: {
	readonly id: typeof nestedPlanId;
	readonly name?: readonly string[];
}) =>
	object(
		{
			id: places.id,
			name: text('Plan Name', 'Display name of the plan.', {
				examples: ['Premium Monthly'],
				...(places.name === undefined ? {} : { 'x-also-at': places.name }),
			}),
			price: priceNumber('Price', 'Price of one billing cycle, not in cents.'),
			currency: currencyCode('Currency of the price, as a three-letter code.'),
			billing_cycle: text('Billing Cycle', 'How often the plan is billed.', {
				examples: ['monthly'],
				'x-known-values': eventBillingCycles,
			}),
			trial_days: integer('Trial Days', 'Length of the trial in days, 0 if there is none.', {
				examples: [7],
			}),
			active: flag('Active', 'Whether the plan can be bought.', { examples: [true] }),
		},
		{ title: 'Plan', description: 'The plan as it is now.' },
	);

const vocabulary: Decision = {
	topic: 'billing cycle and price',
	because:
		'Events print monthly to lifetime and a numeric price, REST rows days to lifetime and a price as text; each side keeps its own, nothing is converted.',
};

export const plan = defineFamily(
	{
		key: 'plan',
		label: 'Plan',
		ability: 'project-subscription-plan:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'plan.activated',
			label: 'Plan Activated',
			noun: 'Plan',
			summary: 'Triggers when an inactive plan can be bought again.',
			firesWhen: 'An inactive plan is switched to active and can be bought.',
			data: object({
				plan_id: derivedPlanId,
				plan: object(
					{
						id: nestedPlanId,
						active: flag('Active', 'Whether the plan can be bought, always true here.', {
							examples: [true],
						}),
					},
					{ title: 'Plan', description: 'The activated plan.' },
				),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'Only new checkouts are affected. Existing subscriptions stay as they are.',
				},
			],
			related: ['plan.deactivated', 'plan.updated'],
		},
		{
			type: 'plan.created',
			label: 'New Plan',
			noun: 'Plan',
			summary: 'Triggers when a subscription plan is created in a project.',
			firesWhen:
				'A creator creates a subscription plan in a project. It can be bought at once if it was created active.',
			data: object({
				plan_id: derivedPlanId,
				plan: snapshot({ id: nestedOrFlatPlanId, name: ['plan_name'] }),
			}),
			laterKeys: ['duplicated_from_plan_id', 'kind', 'plan_id', 'plan_name'],
			caveats: [
				{
					kind: 'order',
					text: 'The plan may not exist at the payment providers yet. Plan Sync Completed is sent when it does.',
				},
				{ kind: 'order', text: 'A later change of the trial sends Plan Updated.' },
			],
			related: ['plan.sync_completed', 'plan.updated'],
			decisions: [vocabulary],
		},
		{
			type: 'plan.deactivated',
			label: 'Plan Deactivated',
			noun: 'Plan',
			summary: 'Triggers when a plan is closed to new checkouts.',
			firesWhen:
				'A creator deactivates a plan. Existing subscribers still see it, but it cannot be chosen in a new checkout.',
			data: object({
				plan_id: derivedPlanId,
				plan: object(
					{
						id: nestedOrFlatPlanId,
						active: flag('Active', 'Whether the plan can be bought, always false here.', {
							examples: [false],
						}),
					},
					{ title: 'Plan', description: 'The deactivated plan.' },
				),
			}),
			laterKeys: ['plan_id', 'plan_name', 'reason', 'successor_plan_id', 'window_count'],
			caveats: [
				{
					kind: 'meaning',
					text: 'Existing subscriptions keep renewing until they are cancelled or expire.',
				},
				{ kind: 'meaning', text: 'A permanent removal sends Plan Deleted.' },
			],
			related: ['plan.deleted', 'plan.activated'],
		},
		{
			type: 'plan.deleted',
			label: 'Plan Deleted',
			noun: 'Plan',
			summary: 'Triggers when a plan is deleted for good.',
			firesWhen: 'The plan is deleted for good. Active subscriptions run to the end of their term.',
			data: object({
				plan_id: derivedPlanId,
				plan: object(
					{ id: nestedPlanId },
					{ title: 'Plan', description: 'The deleted plan, by its ID only.' },
				),
			}),
			caveats: [
				{ kind: 'order', text: 'This is the last event for the plan.' },
				{
					kind: 'meaning',
					text: 'The plan can no longer be looked up. If you need its name later, store it yourself.',
				},
			],
			related: ['plan.deactivated'],
		},
		{
			type: 'plan.sync_completed',
			label: 'Plan Sync Completed',
			noun: 'Plan',
			summary: 'Triggers when a plan has been synced to payment providers.',
			firesWhen:
				'A plan has been synced to the catalogue of one or more payment providers. Each successful run sends one event.',
			data: object({
				plan_id: planId('Plan that was synced.'),
				providers: list(
					'Payment Providers',
					'Providers the plan now exists at, as short codes.',
					text('Payment Provider', 'One provider.', {
						examples: ['stripe'],
						'x-known-values': knownProviders,
					}),
					{ examples: [['stripe', 'paypal']] },
				),
				synced_at: moment('Synced At', 'When the run finished, slightly before the event.', {
					examples: ['2026-05-18T10:04:58Z'],
				}),
			}),
			caveats: [
				{
					kind: 'partial',
					text: 'Sync errors are shown in the dashboard only. A provider that failed is synced in a later run.',
				},
			],
			related: ['plan.created', 'plan.updated'],
			decisions: [
				{
					topic: 'how often it fires',
					because:
						'The page says once a run and not once a plan, yet the payload names one plan; it is read as once for each plan and run.',
				},
			],
		},
		{
			type: 'plan.updated',
			label: 'Plan Updated',
			noun: 'Plan',
			summary: 'Triggers when the name, price, trial or billing cycle of a plan changes.',
			firesWhen: 'A creator edits a plan: its price, name, trial, billing cycle or eligibility.',
			data: object({
				plan_id: derivedPlanId,
				plan: snapshot({ id: nestedPlanId }),
				changes: changes('Changed attributes of the plan, each with its value before and after.', {
					price: { from: 25, to: 29 },
				}),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'Existing subscriptions keep their old terms.',
				},
				{
					kind: 'partial',
					text: 'Switching a plan on or off sends Plan Activated or Plan Deactivated instead.',
				},
			],
			related: ['plan.activated', 'plan.deactivated'],
			decisions: [vocabulary],
		},
	],
);
