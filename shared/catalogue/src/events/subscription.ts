import { defineFamily } from '../model.ts';
import { flag, nullable, object, optional, text } from '../schema.ts';
import { id, exampleId } from '../vocabulary/ids.ts';
import { currencyCode, decimal, priceNumber } from '../vocabulary/money.ts';
import { subscriptionStatuses } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';
import {
	maskedCode,
	nestedId,
	amount,
	currency,
	documentedVariant,
	endsAt,
	externalPaymentId,
	familyPage,
	manifestVariant,
	pageBeatsManifest,
	planId,
	provider,
	subscriberId,
	subscriptionId,
	subscriptionProvider,
	telegramUserId,
	trialEndsAt,
} from './fields.ts';

const page = familyPage('subscription');

/** The three ids that every subscription event carries, except those about a change of plan. */
const ids = (plan?: string) => ({
	subscription_id: subscriptionId(),
	plan_id: planId(plan),
	subscriber_id: subscriberId(),
});

/** What a change of plan carries. */
const basicPlan = 'pln_01JT2BD4HR8X5QW3MTN6ZCKV2B';
const switchIds = (from: string, to: string) => ({
	subscription_id: subscriptionId(),
	subscriber_id: subscriberId(),
	from_plan_id: id('plan', 'Plan before the change.', {
		title: 'Previous Plan ID',
		examples: [from],
	}),
	to_plan_id: id('plan', 'Plan after the change.', { title: 'New Plan ID', examples: [to] }),
});

const documentedStatuses = Object.entries(subscriptionStatuses)
	.filter(([, status]) => status.evidence === 'documented')
	.map(([status]) => status);

export const subscription = defineFamily(
	{
		key: 'subscription',
		label: 'Subscription',
		ability: 'project-subscription:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'subscription.activated',
			label: 'Subscription Activated',
			noun: 'Subscription',
			summary: 'Triggers when a trialing, paused or past-due subscription becomes active.',
			firesWhen:
				'A subscription leaves a state that is not active (trialing, paused, past due) and becomes active.',
			data: object({ ...ids(), provider: subscriptionProvider() }),
			caveats: [
				{
					kind: 'meaning',
					text: 'A new subscription does not send this event. Use New Subscription for that.',
				},
				{
					kind: 'order',
					text: 'When a trial becomes a paid subscription, Member Converted and Payment Succeeded are sent as well.',
				},
			],
			related: ['subscription.created', 'subscription.trial_started', 'subscription.unpaused'],
		},
		{
			type: 'subscription.cancelled',
			label: 'Subscription Cancelled',
			noun: 'Subscription',
			summary: 'Triggers when a subscription is cancelled by the subscriber or the creator.',
			firesWhen:
				'A cancellation by the subscriber or the creator is recorded. Access lasts until the paid period ends, then Subscription Expired follows.',
			data: object({ ...ids(), provider: subscriptionProvider() }),
			laterKeys: ['paypal_event', 'reason'],
			caveats: [
				{
					kind: 'meaning',
					text: 'The subscriber keeps access until the period ends. Use Subscription Expired to act when access is gone.',
				},
				{
					kind: 'meaning',
					text: 'The event says neither when the period ends, nor why, nor who cancelled.',
				},
				{
					kind: 'order',
					text: 'Until the period ends, the cancellation can be undone, which sends Subscription Reactivated. A cancelled subscription does not renew.',
				},
			],
			related: ['subscription.expired', 'subscription.reactivated'],
		},
		{
			type: 'subscription.created',
			label: 'New Subscription',
			noun: 'Subscription',
			summary: 'Triggers when a subscription starts by checkout, access code or trial.',
			firesWhen:
				'A new subscription is created: a paid checkout succeeded, an access code was redeemed, or a trial was activated.',
			data: object({
				subscription_id: subscriptionId(undefined, { 'x-also-at': ['subscription.id'] }),
				plan_id: planId(undefined, { 'x-also-at': ['plan.id', 'subscription.plan_id'] }),
				subscriber_id: subscriberId({
					'x-also-at': ['subscriber.id', 'subscription.subscriber_id'],
				}),
				trial_ends_at: nullable(
					moment('Trial Ends At', 'End of the trial, empty if it does not start with one.', {
						examples: ['2026-05-25T10:05:00Z'],
						'x-also-at': ['subscription.trial_ends_at'],
					}),
				),
				access_code: nullable(
					maskedCode(
						'The redeemed code, masked except for its last 5 characters; empty if none was redeemed.',
					),
				),
			}),
			variants: [
				documentedVariant(
					'nested',
					page,
					object({
						subscription: object(
							{
								id: nestedId('subscription', 'The new subscription.'),
								plan_id: planId(undefined, { title: 'Subscription Plan ID' }),
								subscriber_id: subscriberId({ title: 'Subscription Subscriber ID' }),
								status: text('Subscription Status', 'Status of the subscription.', {
									examples: ['active'],
									'x-known-values': documentedStatuses,
								}),
								trial_ends_at: nullable(
									moment(
										'Subscription Trial Ends At',
										'End of the trial, empty if it does not start with one.',
										{ examples: ['2026-05-25T10:05:00Z'] },
									),
								),
								ends_at: endsAt('End of the current period.', '2026-06-18T10:05:00Z'),
							},
							{ title: 'Subscription', description: 'The new subscription.' },
						),
						plan: object(
							{
								id: nestedId('plan', 'Plan the subscription is on.'),
								name: text('Plan Name', 'Display name of the plan.', {
									examples: ['Premium Monthly'],
								}),
								price: priceNumber('Plan Price', 'Price of one billing cycle, not in cents.'),
								currency: currencyCode('Currency of the price, as a three-letter code.'),
							},
							{ title: 'Plan', description: 'Plan the subscription is on.' },
						),
						subscriber: object(
							{
								id: nestedId('subscriber', 'Who subscribed.'),
								telegram_user_id: telegramUserId(),
								email: nullable(
									text(
										'Email',
										'Email address, often empty: it needs the ability project-user:view and the consent of the subscriber.',
										{ examples: ['nadia@example.com'] },
									),
								),
							},
							{ title: 'Subscriber', description: 'Who subscribed.' },
						),
					}),
				),
			],
			laterKeys: ['project_id'],
			caveats: [
				{
					kind: 'meaning',
					text: 'The event may not include an email address or a name. Look up the member to get them.',
				},
				{
					kind: 'meaning',
					text: 'This event tells you that a subscription exists. Payment Succeeded alone does not prove it.',
				},
				{
					kind: 'order',
					text: 'Member Joined and Payment Succeeded follow on paid plans; Subscription Trial Started and Member Trial Joined on trials.',
				},
			],
			related: [
				'subscription.trial_started',
				'payment.succeeded',
				'member.joined',
				'member.trial_joined',
			],
			decisions: [
				{
					topic: 'shape of data',
					because:
						"The event's own page (flat ids) is held to be canonical, and the later manifest agrees; the family page's nested shape is a variant.",
				},
			],
			sources: [`${page}/created`, page],
		},
		{
			type: 'subscription.downgraded',
			label: 'Subscription Downgraded',
			noun: 'Subscription',
			summary: 'Triggers when a subscriber switches to a lower-priced plan.',
			firesWhen:
				'A subscriber switches to a lower-priced plan. The credit for unused time goes through the payment provider where that is possible.',
			data: object({
				...switchIds(exampleId('plan'), basicPlan),
				proration_amount: decimal(
					'Proration Amount',
					'Adjustment for unused time, not in cents. A negative amount is a credit.',
					{ examples: ['-7.25'] },
				),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'How the credit is paid depends on the payment provider; some issue a credit note instead of a refund.',
				},
				{
					kind: 'order',
					text: 'Access that only the higher plan gives may last until the next renewal.',
				},
				{
					kind: 'partial',
					text: 'Switching between plans of the same price does not send this event.',
				},
			],
			related: ['subscription.upgraded'],
		},
		{
			type: 'subscription.expired',
			label: 'Subscription Expired',
			noun: 'Subscription',
			summary: 'Triggers when a subscription expires and access is revoked.',
			firesWhen:
				'The end of the period has passed: access is revoked, and the subscription reaches its final state.',
			data: object({
				...ids('Plan the subscription was on.'),
				ends_at: endsAt('When the subscription was due to end.', '2026-06-18T10:05:00Z'),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'One Member Resource Removed follows for each resource the subscriber had.',
				},
				{
					kind: 'order',
					text: "Member Churned is sent as well if it was the subscriber's last active subscription.",
				},
			],
			related: [
				'subscription.cancelled',
				'subscription.unpaid',
				'subscription.trial_expired',
				'member.churned',
			],
		},
		{
			type: 'subscription.past_due',
			label: 'Subscription Past Due',
			noun: 'Subscription',
			summary: 'Triggers when a scheduled charge fails and the grace period is running.',
			firesWhen:
				'A scheduled charge fails while the subscription is inside its grace period. The provider keeps trying to collect.',
			data: object({
				...ids(),
				provider: provider(),
				external_payment_id: externalPaymentId(
					'ID of the failed charge at the payment provider. Quote it when you contact their support.',
				),
			}),
			caveats: [
				{ kind: 'order', text: 'Payment Failed is sent for the charge itself.' },
				{
					kind: 'order',
					text: 'Subscription Renewed follows if a retry succeeds, Subscription Unpaid if the grace period runs out.',
				},
			],
			related: ['payment.failed', 'subscription.unpaid'],
		},
		{
			type: 'subscription.paused',
			label: 'Subscription Paused',
			noun: 'Subscription',
			summary: 'Triggers when a subscription is paused.',
			firesWhen: 'A subscription is paused: billing stops, and access is revoked until it resumes.',
			data: object({
				...ids(),
				paused_at: moment('Paused At', 'When the pause took effect.'),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'A pause does not move the end of the period. The rest of the period continues after Subscription Unpaused.',
				},
				{
					kind: 'order',
					text: 'Expect one Member Resource Removed for each resource the subscriber had.',
				},
			],
			related: ['subscription.unpaused', 'member.resource_removed'],
			decisions: [
				{
					topic: 'who can pause',
					because:
						'The family page says creator or subscriber, the own page says creator; the payload does not tell, so the copy names neither.',
				},
			],
			sources: [`${page}/paused`, page],
		},
		{
			type: 'subscription.reactivated',
			label: 'Subscription Reactivated',
			noun: 'Subscription',
			summary: 'Triggers when a cancelled subscription is reactivated before it ends.',
			firesWhen:
				'A cancelled subscription is reactivated before its period ends. It becomes active again, and billing continues with the next cycle.',
			data: object({
				...ids(),
				ends_at: endsAt('New end of the period.', '2026-06-18T10:05:00Z'),
			}),
			caveats: [
				{
					kind: 'partial',
					text: 'After the period has ended, a new subscription is needed, which sends New Subscription instead.',
				},
			],
			related: ['subscription.cancelled', 'subscription.created'],
		},
		{
			type: 'subscription.refunded',
			label: 'Subscription Refunded',
			noun: 'Subscription',
			summary: 'Triggers when a refund for a subscription is completed.',
			firesWhen:
				'A refund for a subscription as a whole settles. Whether the subscription also ends depends on the provider and the cause.',
			data: object({
				...ids(),
				amount: amount('Refunded amount, not in cents.'),
				currency: currency(),
				external_refund_id: text(
					'External Refund ID',
					'ID of the refund at the payment provider.',
					{
						examples: ['re_3NxyT2eZvKYlo2C1k5PdV9Wn'],
					},
				),
				reason: optional(
					nullable(
						text('Refund Reason', 'Reason code of the provider, if it supplied one.', {
							examples: ['requested_by_customer'],
						}),
					),
				),
			}),
			variants: [
				manifestVariant(
					object({
						...ids(),
						amount: amount('Refunded amount.'),
						external_payment_id: externalPaymentId('ID of the charge at the payment provider.'),
						full_refund: flag('Full Refund', 'Whether the whole charge was refunded.', {
							examples: [true],
						}),
						reason: optional(
							nullable(
								text('Refund Reason', 'Reason code, if there is one.', {
									examples: ['requested_by_customer'],
								}),
							),
						),
					}),
				),
			],
			caveats: [
				{
					kind: 'not_firing',
					text: 'MemberPass does not send this event yet. A trigger that you set up now starts working once it does.',
				},
				{
					kind: 'meaning',
					text: 'The subscription can stay active after a refund, unless the refund at the provider also cancels it.',
				},
			],
			related: ['payment.refunded'],
			decisions: [
				{
					topic: 'absence of reason',
					because:
						'The page types it as text or null, its note says absent when not supplied; both are accepted.',
				},
				pageBeatsManifest(
					'The later manifest has external_payment_id and full_refund, but no currency and no external_refund_id.',
				),
			],
		},
		{
			type: 'subscription.renewed',
			label: 'Subscription Renewed',
			noun: 'Subscription',
			summary: 'Triggers when a subscription is charged again and renews for another period.',
			firesWhen: 'A recurring charge succeeds, and the subscription renews for another period.',
			data: object({
				...ids(),
				provider: provider(),
				amount: amount('Charged amount, not in cents.'),
				currency: currency(),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'Payment Succeeded is sent for the same charge. To count revenue, use only one of the two events.',
				},
				{
					kind: 'meaning',
					text: "The currency may differ from the plan's own if the payment provider converts the amount.",
				},
			],
			related: ['payment.succeeded', 'subscription.past_due', 'subscription.unpaid'],
		},
		{
			type: 'subscription.trial_converting',
			label: 'Subscription Trial Converting',
			noun: 'Subscription',
			summary: 'Triggers when a trial will end in 24 hours.',
			firesWhen: '24 hours before the trial ends, once for each trial. An hourly job sends it.',
			data: object({
				...ids('Plan the trial is on.'),
				trial_ends_at: trialEndsAt('When the trial ends.'),
			}),
			caveats: [
				{
					kind: 'partial',
					text: 'The event may not be sent if the end of a running trial is moved to less than 24 hours away.',
				},
				{ kind: 'meaning', text: 'This is only a reminder: the trial has not been paid for yet.' },
			],
			related: ['subscription.trial_expired', 'subscription.activated'],
		},
		{
			type: 'subscription.trial_expired',
			label: 'Subscription Trial Expired',
			noun: 'Subscription',
			summary: 'Triggers when a trial ends without becoming a paid subscription.',
			firesWhen:
				'A trial ends without a paid conversion. It is sent alongside Subscription Expired for the same subscription.',
			data: object({
				...ids('Plan the trial was on.'),
				trial_ends_at: trialEndsAt('When the trial ended.'),
				ends_at: endsAt(
					'End of the subscription. For trials without a card it equals the end of the trial.',
					'2026-05-25T10:05:00Z',
				),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'Expect Subscription Expired and Member Churned for the same subscriber.',
				},
				{
					kind: 'partial',
					text: 'A trial that converts sends Subscription Activated and Member Converted instead.',
				},
			],
			related: ['subscription.trial_started', 'subscription.expired'],
		},
		{
			type: 'subscription.trial_started',
			label: 'Subscription Trial Started',
			noun: 'Subscription',
			summary: 'Triggers when a subscriber begins a trial.',
			firesWhen:
				'A subscriber begins a trial, either without a card or through a paid checkout that starts with a trial.',
			data: object({
				...ids('Plan the trial is on.'),
				trial_ends_at: trialEndsAt('End of the trial, when the conversion is attempted.'),
			}),
			laterKeys: ['access_code', 'project_id', 'provider'],
			caveats: [
				{
					kind: 'order',
					text: 'New Subscription and Member Trial Joined are sent for the same subscription. Use only one of the three.',
				},
				{ kind: 'partial', text: 'Plans with 0 trial days never send this event.' },
			],
			related: [
				'member.trial_joined',
				'subscription.trial_converting',
				'subscription.trial_expired',
			],
		},
		{
			type: 'subscription.unpaid',
			label: 'Subscription Unpaid',
			noun: 'Subscription',
			summary: 'Triggers when the grace period ends and a subscription is still not paid.',
			firesWhen:
				'The grace period ends without a successful charge, and the provider has stopped trying. Access is usually revoked shortly after.',
			data: object({ ...ids(), provider: provider() }),
			caveats: [
				{
					kind: 'meaning',
					text: 'The subscription cannot be recovered. The subscriber has to start a new one.',
				},
				{ kind: 'order', text: 'Expect Subscription Expired and Member Churned to follow.' },
			],
			related: ['subscription.past_due', 'subscription.expired', 'member.churned'],
		},
		{
			type: 'subscription.unpaused',
			label: 'Subscription Unpaused',
			noun: 'Subscription',
			summary: 'Triggers when a paused subscription resumes.',
			firesWhen:
				'A paused subscription resumes: billing starts again, and new invite links to the resources are issued.',
			data: object({
				...ids(),
				resumed_at: moment('Resumed At', 'When the pause was lifted.', {
					examples: ['2026-05-22T10:05:00Z'],
				}),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'Expect Subscription Activated, and one Member Resource Added for each resource.',
				},
				{
					kind: 'meaning',
					text: 'Renewals are counted from the original end of the period, not from the moment of resuming.',
				},
			],
			related: ['subscription.paused', 'member.resource_added'],
		},
		{
			type: 'subscription.upgraded',
			label: 'Subscription Upgraded',
			noun: 'Subscription',
			summary: 'Triggers when a subscriber switches to a higher-priced plan.',
			firesWhen:
				'A subscriber switches to a higher-priced plan. The difference is charged through the payment provider where that is possible.',
			data: object({
				...switchIds(basicPlan, exampleId('plan')),
				proration_amount: decimal(
					'Proration Amount',
					'Amount charged for the switch, not in cents.',
					{
						examples: ['12.50'],
					},
				),
			}),
			caveats: [
				{
					kind: 'partial',
					text: 'Switching between plans of the same price does not send this event.',
				},
				{
					kind: 'meaning',
					text: "A trial is not carried over, and the new plan's own trial does not start.",
				},
			],
			related: ['subscription.downgraded', 'payment.succeeded'],
		},
	],
);
