import { defineFamily } from '../model.ts';
import { integer, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { moment } from '../vocabulary/time.ts';
import { amount, currency, documentedVariant, familyPage, link } from './fields.ts';

const page = familyPage('billing');

const creatorId = (description: string) => id('creator', description);
const billedCreator = creatorId('Creator the invoice is addressed to.');

const invoiceId = text('Invoice ID', 'ID of the invoice at the payment provider.', {
	examples: ['in_1NxyQ7eZvKYlo2C4m6RtB8Hs'],
});
const invoiceUrl = link(
	'Hosted Invoice URL',
	'Page of the invoice at the payment provider.',
	'https://invoice.stripe.com/i/acct_1NxyB2eZvKYlo2C/inv_1NxyQ7eZvKYlo2C4m6RtB8Hs',
);
const money = (description: string) => ({
	amount: amount(description, { examples: ['49.00'] }),
	currency: currency(),
});

const pastDueSince = moment('Past Due Since', 'When the account became past due.', {
	examples: ['2026-03-19T00:00:00Z'],
});

/** Tiers of MemberPass itself that a page prints; others exist. */
const tier = (title: string, description: string, example: string) =>
	text(title, description, { examples: [example], 'x-known-values': ['starter', 'growth'] });

const tierChange = (from: string, to: string) => ({
	creator_id: creatorId('Creator whose tier changed.'),
	from_tier: tier('Previous Tier', 'Tier before the change, as a short code.', from),
	to_tier: tier('New Tier', 'Tier after the change, as a short code.', to),
});
const effectiveAt = (description: string, example: string) =>
	moment('Effective At', description, { examples: [example] });

const lock = object({
	creator_id: creatorId('Creator whose account was locked.'),
	past_due_since: pastDueSince,
	locked_at: moment('Locked At', 'When the lock took effect.', {
		examples: ['2026-05-18T00:00:00Z'],
	}),
});

export const billing = defineFamily(
	{
		key: 'billing',
		label: 'Billing',
		ability: 'billing:read',
		tier: null,
		scope: 'account',
		page,
	},
	[
		{
			type: 'billing.account_locked',
			label: 'Billing Account Locked',
			noun: 'Billing Account',
			summary: 'Triggers when an account is locked after 60 days past due.',
			firesWhen:
				"The creator's account has been past due for 60 days: new signups are blocked, and the dashboard shows a banner.",
			data: lock,
			variants: [documentedVariant('family', page, lock)],
			caveats: [
				{
					kind: 'meaning',
					text: 'Existing subscribers keep their access. Only new signups are blocked.',
				},
				{
					kind: 'order',
					text: 'A payment lifts the lock and sends Billing Invoice Paid. There is no event for unlocking.',
				},
			],
			related: ['billing.grace_period_warning', 'billing.invoice_paid'],
			sources: [`${page}/account-locked`, page],
		},
		{
			type: 'billing.grace_period_warning',
			label: 'Billing Grace Period Warning',
			noun: 'Billing Account',
			summary: 'Triggers when a past-due account will be locked in 7 days.',
			firesWhen:
				"The creator's account reaches day 53 of the 60 days it may be past due, 7 days before the lock.",
			data: object({
				creator_id: creatorId('Creator whose account is about to be locked.'),
				past_due_since: pastDueSince,
				days_until_lockdown: integer('Days Until Lockdown', 'Days left, always 7 here.', {
					examples: [7],
				}),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'At most one warning is sent each time the account becomes past due.',
				},
				{
					kind: 'partial',
					text: 'The notices after 30 and 60 days are shown in the dashboard only.',
				},
			],
			related: ['billing.payment_failed', 'billing.account_locked'],
		},
		{
			type: 'billing.invoice_created',
			label: 'Billing Invoice Created',
			noun: 'Invoice',
			summary: "Triggers when a new invoice for the creator's own tier is issued.",
			firesWhen: "A new invoice is made for the creator's MemberPass tier.",
			data: object({
				creator_id: billedCreator,
				invoice_id: invoiceId,
				...money('Invoiced amount, not in cents.'),
				hosted_invoice_url: invoiceUrl,
				attempt_count: integer(
					'Attempt Count',
					'Attempts to collect so far, 0 for a new invoice.',
					{
						examples: [0],
					},
				),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'This is about what the creator pays to MemberPass. Payments by subscribers have their own events.',
				},
				{
					kind: 'order',
					text: 'Billing Invoice Paid follows if the payment succeeds, Billing Payment Failed if the first attempt fails.',
				},
			],
			related: ['billing.invoice_paid', 'billing.payment_failed'],
		},
		{
			type: 'billing.invoice_overdue',
			label: 'Billing Invoice Overdue',
			noun: 'Invoice',
			summary: "Triggers when the creator's invoice is marked as uncollectible.",
			firesWhen: "The payment provider marks the creator's invoice as uncollectible.",
			data: object({
				creator_id: billedCreator,
				invoice_id: invoiceId,
				...money('Unpaid amount, not in cents.'),
				hosted_invoice_url: invoiceUrl,
			}),
			laterKeys: ['attempt_count'],
			caveats: [
				{
					kind: 'partial',
					text: 'The event is sent only when Stripe gives up on an invoice, and Stripe does not do so for every overdue invoice. To catch them all, use Billing Payment Failed and Billing Grace Period Warning.',
				},
			],
			related: ['billing.payment_failed', 'billing.grace_period_warning', 'billing.account_locked'],
			decisions: [
				{
					topic: 'when it fires',
					because:
						"The family page says when the due date passes, the own page only on Stripe's uncollectible signal; the own page leads.",
				},
			],
			sources: [`${page}/invoice-overdue`, page],
		},
		{
			type: 'billing.invoice_paid',
			label: 'Billing Invoice Paid',
			noun: 'Invoice',
			summary: "Triggers when the creator's invoice is paid in full.",
			firesWhen:
				"The invoice for the creator's tier is paid in full, and the account is in good standing again.",
			data: object({
				creator_id: billedCreator,
				invoice_id: invoiceId,
				...money('Paid amount, not in cents.'),
				hosted_invoice_url: invoiceUrl,
			}),
			laterKeys: ['attempt_count'],
			caveats: [
				{
					kind: 'meaning',
					text: 'The payment also ends the past-due state, and lifts the lock if the account was locked.',
				},
			],
			related: ['billing.account_locked', 'billing.invoice_created'],
		},
		{
			type: 'billing.payment_failed',
			label: 'Billing Payment Failed',
			noun: 'Invoice',
			summary: "Triggers when a charge for the creator's own tier fails.",
			firesWhen:
				"A scheduled charge of the creator's payment method fails. Further attempts are made during the grace period.",
			data: object({
				creator_id: billedCreator,
				invoice_id: invoiceId,
				...money('Attempted amount, not in cents.'),
				attempt_count: integer('Attempt Count', 'Attempts the provider made for this invoice.', {
					examples: [2],
				}),
				reason: text(
					'Failure Reason',
					'Reason in the words of the provider, or a short code for it.',
					{
						examples: ['card_declined'],
					},
				),
			}),
			laterKeys: ['hosted_invoice_url'],
			caveats: [
				{
					kind: 'meaning',
					text: 'One invoice can send several of these events, because the provider tries again.',
				},
				{
					kind: 'order',
					text: 'Billing Grace Period Warning and Billing Account Locked follow if the invoice stays unpaid.',
				},
			],
			related: ['billing.grace_period_warning', 'billing.account_locked'],
		},
		{
			type: 'billing.tier_cancelled',
			label: 'Billing Tier Cancelled',
			noun: 'Tier',
			summary: 'Triggers when the creator cancels their tier.',
			firesWhen:
				'The creator cancels their MemberPass tier. The account stays usable until the period ends.',
			data: object({
				creator_id: creatorId('Creator who cancelled.'),
				plan_id: text('Tier Plan ID', 'Plan of the cancelled tier.', {
					examples: ['tier_growth'],
				}),
				effective_at: effectiveAt(
					'When the cancellation takes effect, usually the end of the paid period.',
					'2026-06-18T00:00:00Z',
				),
			}),
			laterKeys: ['canceled_at', 'status', 'subscription_id'],
			caveats: [
				{
					kind: 'meaning',
					text: 'The account drops to the Free tier at the effective time. It is locked only if it is past due as well.',
				},
				{ kind: 'meaning', text: 'The current period is not refunded.' },
			],
			related: ['billing.tier_downgraded', 'billing.invoice_paid'],
		},
		{
			type: 'billing.tier_downgraded',
			label: 'Billing Tier Downgraded',
			noun: 'Tier',
			summary: 'Triggers when the creator moves to a lower tier.',
			firesWhen:
				'The creator moves to a lower MemberPass tier. Features of the old tier end at the effective time.',
			data: object({
				...tierChange('growth', 'starter'),
				effective_at: effectiveAt(
					'When the new tier takes effect, often the end of the period.',
					'2026-06-18T00:00:00Z',
				),
			}),
			caveats: [
				{ kind: 'meaning', text: 'The effective time may be in the future.' },
				{
					kind: 'meaning',
					text: 'After the change, teams and custom roles may become read-only or hidden.',
				},
			],
			related: ['billing.tier_upgraded', 'billing.tier_cancelled'],
		},
		{
			type: 'billing.tier_upgraded',
			label: 'Billing Tier Upgraded',
			noun: 'Tier',
			summary: 'Triggers when the creator moves to a higher tier.',
			firesWhen:
				'The creator moves to a higher-priced MemberPass tier. The difference is charged through the payment provider.',
			data: object({
				...tierChange('starter', 'growth'),
				effective_at: effectiveAt('When the new tier took effect.', '2026-05-18T10:05:00Z'),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'The price difference is invoiced separately, which sends Billing Invoice Created.',
				},
			],
			related: ['billing.tier_downgraded', 'billing.invoice_created'],
		},
	],
);
