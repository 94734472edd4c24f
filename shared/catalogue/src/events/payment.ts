import { defineFamily } from '../model.ts';
import { flag, nullable, object, optional, text } from '../schema.ts';
import { currencyCode } from '../vocabulary/money.ts';
import {
	amount,
	currency,
	documentedVariant,
	externalPaymentId,
	familyPage,
	manifestVariant,
	pageBeatsManifest,
	planId,
	provider,
	subscriberId,
	subscriptionId,
} from './fields.ts';

const page = familyPage('payment');

const ids = {
	subscription_id: subscriptionId('Subscription the payment belongs to.'),
	plan_id: planId(),
	subscriber_id: subscriberId(),
};

/** A confirmed charge, as both pages show it. */
const charge = {
	...ids,
	provider: provider(),
	external_payment_id: externalPaymentId('ID of the charge at the payment provider.'),
	amount: amount('Charged amount, not in cents.'),
	currency: currency(),
};

export const payment = defineFamily(
	{
		key: 'payment',
		label: 'Payment',
		ability: 'project-subscription:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'payment.failed',
			label: 'Payment Failed',
			noun: 'Payment',
			summary: 'Triggers when a payment provider rejects a charge.',
			firesWhen:
				'A provider rejects a charge, for example because of an invalid card, insufficient funds or an expired source.',
			data: object({
				...ids,
				provider: provider(),
				external_payment_id: nullable(
					externalPaymentId(
						'ID of the charge at the payment provider, empty if the payment was rejected before there was a charge.',
					),
				),
				reason: text(
					'Failure Reason',
					'Reason in the words of the provider, or a short code for it.',
					{
						examples: ['card_declined'],
					},
				),
				amount: nullable(amount('Attempted amount, not in cents; empty if unknown.')),
				currency: nullable(
					currencyCode('Currency of the amount, as a three-letter code; empty if unknown.'),
				),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'One billing cycle can send several of these events, because the provider tries again.',
				},
				{
					kind: 'order',
					text: 'A failed renewal also sends Subscription Past Due. A failed first checkout sends no subscription event.',
				},
			],
			related: ['payment.succeeded', 'subscription.past_due'],
		},
		{
			type: 'payment.pending',
			label: 'Payment Pending',
			noun: 'Payment',
			summary: 'Triggers when a checkout has started but the charge is not confirmed yet.',
			firesWhen:
				'A subscriber starts a checkout and is sent to the provider, but the charge is not confirmed yet, as with bank transfers, crypto or hosted checkouts.',
			data: object({
				provider: provider(),
				plan_id: planId('Plan that is being bought.'),
				subscriber_id: subscriberId(),
				session_id: nullable(
					text(
						'Checkout Session ID',
						'ID of the checkout at the provider, empty if there is none.',
						{
							examples: ['cs_test_a1NxyT2eZvKYlo2C7h4QbR8Lm5WdP3Ks9VtJ6Gf'],
						},
					),
				),
				order_id: nullable(
					text('Order ID', 'ID of the order at the provider, empty if there is none.', {
						examples: ['5O190127TN364715T'],
					}),
				),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'A pending payment is not a subscription yet, so there is no subscription ID.',
				},
				{
					kind: 'order',
					text: 'Payment Succeeded or Payment Failed may follow. An abandoned checkout sends nothing more.',
				},
				{
					kind: 'meaning',
					text: 'The events that follow are documented without the session and order ID. Subscriber ID and Plan ID are in all of them.',
				},
			],
			related: ['payment.succeeded', 'payment.failed'],
		},
		{
			type: 'payment.refunded',
			label: 'Payment Refunded',
			noun: 'Payment',
			summary: 'Triggers when a refund for a payment is completed.',
			firesWhen:
				'A refund for one payment settles. If it covers the whole subscription, Subscription Refunded is sent as well.',
			data: object({
				...ids,
				external_payment_id: externalPaymentId(
					'ID of the refunded charge at the payment provider.',
				),
				amount: amount('Refunded amount, not in cents.'),
				currency: currency(),
			}),
			variants: [
				manifestVariant(
					object({
						...ids,
						external_payment_id: externalPaymentId('ID of the refunded charge.'),
						amount: amount('Refunded amount.'),
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
					text: 'In a partial refund, the amount is lower than that of the original charge.',
				},
				{
					kind: 'meaning',
					text: 'The event does not say what happens to the subscription, and does not name the payment provider.',
				},
			],
			related: ['payment.succeeded', 'subscription.refunded'],
			decisions: [
				pageBeatsManifest('The later manifest adds full_refund and reason, but has no currency.'),
			],
		},
		{
			type: 'payment.succeeded',
			label: 'Payment Succeeded',
			noun: 'Payment',
			summary: 'Triggers when a payment provider confirms a charge.',
			firesWhen: 'A payment provider confirms a charge, for first checkouts and renewals alike.',
			data: object({
				...charge,
				billing_reason: optional(
					text(
						'Billing Reason',
						"The provider's own reason for the charge. Absent where the provider gives none.",
						{
							examples: ['subscription_create'],
							'x-known-values': ['subscription_create', 'subscription_cycle'],
						},
					),
				),
			}),
			variants: [documentedVariant('family', page, object(charge))],
			caveats: [
				{
					kind: 'meaning',
					text: 'To welcome a subscriber, use New Subscription. A payment alone does not prove that a subscription exists.',
				},
				{ kind: 'order', text: 'A renewal sends Subscription Renewed for the same charge.' },
			],
			related: ['subscription.created', 'subscription.renewed'],
			decisions: [
				{
					topic: 'billing_reason',
					because:
						'The own page has it, the family page does not; it is optional, as some providers never supply it.',
				},
			],
			sources: [`${page}/succeeded`, page],
		},
	],
);
