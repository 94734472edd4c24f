import { type Decision, defineFamily } from '../model.ts';
import { nullable, object, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { memberStatuses } from '../vocabulary/statuses.ts';
import {
	maskedCode,
	derivedId,
	documentedVariant,
	endsAt,
	familyPage,
	manifestVariant,
	nestedId,
	pageBeatsManifest,
	planId,
	projectMirror,
	provider,
	resourceId,
	resourceIdDecision,
	resourceType,
	subscriberId,
	subscriptionId,
	telegramUserId,
} from './fields.ts';

const page = familyPage('member');
const knownStatuses = Object.keys(memberStatuses);

const noEmail = {
	kind: 'meaning',
	text: 'The event does not include an email address or a name. Look up the member to get them.',
} as const;

/** Events about a person, not about one of their subscriptions, nest the subscriber. */
const person = (status: { meaning: string; example: string; known: readonly string[] }) => ({
	subscriber_id: derivedId('subscriber', 'Subscriber the event is about.', ['subscriber.id']),
	subscriber: object(
		{
			id: nestedId(
				'subscriber',
				'Subscriber the event is about. A person has a different ID in each project.',
			),
			telegram_user_id: telegramUserId(),
			status: text('Subscriber Status', status.meaning, {
				examples: [status.example],
				'x-known-values': status.known,
			}),
		},
		{ title: 'Subscriber', description: 'The person the event is about.' },
	),
});

const nestedSubscriber: Decision = {
	topic: 'place of the subscriber ID',
	because:
		'Four member events nest the subscriber, six carry a flat subscriber_id; the nested one is documented, the flat one is added.',
};

const reason = (moment: string, example: string) =>
	nullable(
		text('Reason', `Reason the creator gave ${moment}, empty if there is none.`, {
			examples: [example],
		}),
	);

/** One grant of one resource. */
const grant = (authority: string, resource: string) => ({
	subscription_id: subscriptionId(authority),
	subscriber_id: subscriberId(),
	resource_id: resourceId(resource),
	resource_type: resourceType({
		'x-also-at': ['resource_kind'],
		'x-decision':
			'resource_kind is the later name; that it means the same is inferred, its values may read telegram:channel.',
	}),
});

/** After the rename of version 3.0.0 of the vendor's later package. */
const laterGrant = manifestVariant(
	object({
		subscription_id: subscriptionId('Subscription behind the grant.'),
		subscriber_id: subscriberId(),
		resource_id: resourceId('Resource the event is about.'),
		resource_kind: text('Resource Kind', 'Kind of resource, with its platform.', {
			examples: ['telegram:channel'],
		}),
		connector: text('Connector', 'Platform the resource lives on.', { examples: ['telegram'] }),
		grant_id: text('Grant ID', 'Identifies the grant.', {
			examples: ['01JV9K4H2XQ7WMT5RNB8CZKD3V'],
		}),
		mode: text('Mode', 'How access is given. Its values are not documented.', {
			examples: ['invite'],
		}),
	}),
);
const grantDecisions = [
	resourceIdDecision,
	pageBeatsManifest(
		'The later manifest renames resource_type to resource_kind and adds connector, grant_id and mode.',
	),
];

/** What a join carries: the ids, the project, and the code that led to it. */
const join = (code: string) => ({
	subscription_id: subscriptionId('Subscription that led to the join.'),
	plan_id: planId(),
	subscriber_id: subscriberId(),
	project_id: projectMirror(),
	access_code: nullable(maskedCode(code)),
});

export const member = defineFamily(
	{
		key: 'member',
		label: 'Member',
		ability: 'project-user:view-any',
		tier: null,
		scope: 'project',
		page,
	},
	[
		{
			type: 'member.banned',
			label: 'Member Banned',
			noun: 'Member',
			summary: 'Triggers when a creator bans a member.',
			firesWhen:
				'A creator bans a subscriber: access is revoked, the bot removes them from all linked resources, and they cannot join again until the ban is lifted.',
			data: object({
				...person({
					meaning: 'Status after the ban, always banned.',
					example: 'banned',
					known: ['banned'],
				}),
				reason: reason('for the ban', 'spam'),
			}),
			caveats: [
				{
					kind: 'meaning',
					text: 'A ban stays in place when subscriptions end. Lifting it sends Member Unbanned.',
				},
				{
					kind: 'order',
					text: 'Active subscriptions are cancelled at the same time, so expect Subscription Cancelled too.',
				},
			],
			related: ['member.unbanned', 'member.kicked'],
			decisions: [nestedSubscriber],
		},
		{
			type: 'member.churned',
			label: 'Member Churned',
			noun: 'Member',
			summary: "Triggers when a member's last active subscription has ended.",
			firesWhen:
				"A subscriber's last active subscription in the project ends by expiry, cancellation or non-payment, and access is gone.",
			data: object({
				subscription_id: subscriptionId('Subscription that ended.'),
				subscriber_id: subscriberId(),
				last_plan_id: id('plan', 'Plan the member was on at the end.', {
					title: 'Last Plan ID',
					'x-also-at': ['plan_id'],
				}),
				ends_at: endsAt('When the subscription ended.', '2026-06-18T10:05:00Z'),
			}),
			laterKeys: ['plan_id'],
			caveats: [
				{
					kind: 'partial',
					text: 'If a member has several subscriptions, the event is sent only when the last one ends.',
				},
				{
					kind: 'meaning',
					text: 'The member is not deleted. Subscribing again sends Member Joined.',
				},
			],
			related: ['subscription.expired', 'member.joined'],
		},
		{
			type: 'member.converted',
			label: 'Member Converted',
			noun: 'Member',
			summary: 'Triggers when a member on trial becomes a paying member.',
			firesWhen: 'A trial subscription becomes a paying one, once for each conversion.',
			data: object({
				subscription_id: subscriptionId('Subscription that converted.'),
				plan_id: planId(),
				subscriber_id: subscriberId(),
				provider: provider('Payment provider of the first paid charge, as a short code.'),
			}),
			caveats: [
				{
					kind: 'order',
					text: 'Subscription Activated and Payment Succeeded are sent for the same conversion.',
				},
				noEmail,
			],
			related: ['subscription.activated', 'payment.succeeded'],
		},
		{
			type: 'member.joined',
			label: 'Member Joined',
			noun: 'Member',
			summary: 'Triggers when a paying member gains access to a project.',
			firesWhen:
				'A paid subscriber gains access to the project by checkout, by redeeming an access code for a paid plan, or by coming back after churning.',
			data: object({
				...join(
					'The redeemed code, masked except for its last 5 characters; empty if none was redeemed.',
				),
				subscriber_id: subscriberId({ 'x-also-at': ['subscriber.id'] }),
			}),
			variants: [
				documentedVariant(
					'nested',
					page,
					object({
						subscriber: object(
							{
								id: nestedId('subscriber', 'Who joined.'),
								telegram_user_id: telegramUserId(),
								email: nullable(
									text(
										'Email',
										'Email address, often empty: it needs the ability project-user:view and the consent of the subscriber.',
										{ examples: ['nadia@example.com'] },
									),
								),
								status: text('Subscriber Status', 'Status of the subscriber.', {
									examples: ['customer'],
									'x-known-values': knownStatuses,
								}),
							},
							{ title: 'Subscriber', description: 'Who joined.' },
						),
						subscription_id: subscriptionId('Subscription that led to the join.'),
						plan_id: planId(),
					}),
				),
			],
			caveats: [
				{ kind: 'order', text: 'The event always comes after New Subscription.' },
				{ kind: 'partial', text: 'Trials send Member Trial Joined instead.' },
				{
					kind: 'meaning',
					text: 'Member Resource Added is sent for each resource that the member gets access to.',
				},
				noEmail,
			],
			related: ['subscription.created', 'member.trial_joined', 'member.resource_added'],
			decisions: [
				{
					topic: 'shape of data',
					because:
						"The event's own page (flat ids) is held to be canonical, and the later manifest agrees; the family page's nested subscriber is a variant.",
				},
			],
			sources: [`${page}/joined`, page],
		},
		{
			type: 'member.kicked',
			label: 'Member Kicked',
			noun: 'Member',
			summary: 'Triggers when a member is removed from resources without being banned.',
			firesWhen: 'A subscriber is removed from one or more resources without being banned.',
			data: object({
				...person({
					meaning: 'Overall status, usually unchanged by the kick.',
					example: 'customer',
					known: knownStatuses,
				}),
				reason: reason('for the kick', 'off_topic'),
			}),
			caveats: [
				{ kind: 'meaning', text: 'Subscriptions are not cancelled by a kick.' },
				{
					kind: 'meaning',
					text: 'Do not rely on the status: the documentation contradicts itself on whether a kick changes it.',
				},
				{ kind: 'order', text: 'Expect one Member Resource Removed for each resource.' },
			],
			related: ['member.banned', 'member.resource_removed'],
			decisions: [
				{
					topic: 'status after a kick',
					because:
						'The event page says usually unchanged (customer), the MCP page says churned; the field stays open and the event page leads.',
				},
				nestedSubscriber,
			],
			sources: [`${page}/kicked`, 'https://docs.memberpass.net/mcp/tools/kick-member'],
		},
		{
			type: 'member.removed',
			label: 'Member Removed',
			noun: 'Member',
			summary: 'Triggers when a creator removes a member by hand.',
			firesWhen:
				'A creator removes a subscriber by hand: access is revoked, and the active subscription is cancelled.',
			data: object({
				...person({
					meaning: 'Status after the removal.',
					example: 'removed',
					known: ['removed'],
				}),
				reason: reason('for the removal', 'creator_manual'),
			}),
			caveats: [
				{ kind: 'meaning', text: 'A removal is not a ban: the member can join again.' },
				{
					kind: 'partial',
					text: 'The Telegram user ID may be missing for a subscriber who is not linked to Telegram.',
				},
				{
					kind: 'order',
					text: 'The active subscription is cancelled, so expect Subscription Cancelled.',
				},
			],
			related: ['member.banned', 'member.kicked', 'subscription.cancelled'],
			decisions: [
				{
					topic: 'what a removal is',
					because:
						'The family page describes it as a kick for inactivity, the own page as a removal by hand that cancels the subscription; the own page leads.',
				},
				nestedSubscriber,
			],
			sources: [`${page}/removed`, page],
		},
		{
			type: 'member.resource_added',
			label: 'Member Resource Added',
			noun: 'Member',
			summary: 'Triggers when a member gains access to one resource.',
			firesWhen:
				'A subscriber gains access to one resource by accepting an invite link or because the bot adds them. Each resource has its own event.',
			data: object(
				grant('Subscription that gives the access.', 'Resource that was opened to the member.'),
			),
			variants: [laterGrant],
			caveats: [
				{
					kind: 'order',
					text: 'When a paying member joins, this event comes after Member Joined. Events for several resources may arrive in any order.',
				},
				{ kind: 'meaning', text: 'For a manual perk, nothing happens in Telegram.' },
			],
			related: ['member.joined', 'member.resource_removed'],
			decisions: grantDecisions,
		},
		{
			type: 'member.resource_removed',
			label: 'Member Resource Removed',
			noun: 'Member',
			summary: 'Triggers when a member loses access to one resource.',
			firesWhen:
				"A subscriber's access to one resource is revoked by expiry, pause, kick or unlinking. Each resource has its own event.",
			data: object(
				grant('Subscription that gave the access.', 'Resource that was closed to the member.'),
			),
			variants: [laterGrant],
			caveats: [
				{
					kind: 'meaning',
					text: 'When a subscription expires, several of these events arrive close together, one for each resource.',
				},
				{ kind: 'meaning', text: 'For a manual perk, nothing happens in Telegram.' },
			],
			related: ['member.resource_added', 'subscription.expired'],
			decisions: grantDecisions,
		},
		{
			type: 'member.trial_joined',
			label: 'Member Trial Joined',
			noun: 'Member',
			summary: 'Triggers when a member joins a project on a trial.',
			firesWhen:
				'A subscriber joins the project on a trial, either without a card or through a paid checkout that starts with a trial.',
			data: object(
				join(
					'The redeemed code that gave the trial, masked except for its last 5 characters; empty if none did.',
				),
			),
			laterKeys: ['trial_ends_at'],
			caveats: [
				{
					kind: 'order',
					text: 'Member Converted follows if the trial converts, Member Churned if it expires.',
				},
				{ kind: 'order', text: 'The event comes after Subscription Trial Started.' },
				noEmail,
			],
			related: ['subscription.trial_started', 'member.converted', 'member.churned'],
		},
		{
			type: 'member.unbanned',
			label: 'Member Unbanned',
			noun: 'Member',
			summary: 'Triggers when a creator lifts the ban of a member.',
			firesWhen:
				'A creator lifts a ban. The subscriber counts as churned and may subscribe again, without getting past subscriptions back.',
			data: object(
				person({
					meaning: 'Status after the ban is lifted, always churned.',
					example: 'churned',
					known: ['churned'],
				}),
			),
			caveats: [
				{
					kind: 'meaning',
					text: 'Earlier subscriptions are not restored. A new purchase sends Member Joined.',
				},
			],
			related: ['member.banned', 'member.joined'],
			decisions: [nestedSubscriber],
		},
	],
);
