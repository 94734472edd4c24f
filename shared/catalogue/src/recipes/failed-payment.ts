import {
	chat,
	eachEventOnce,
	email,
	emailMayBeMissing,
	getMember,
	getSubscription,
	launchPost,
	mail,
	mailjetSender,
	name,
	namesInSlack,
	post,
} from './common.ts';
import {
	type BranchStep,
	dayOf,
	exists,
	from,
	type Mapped,
	oneOf,
	type Recipe,
	type Step,
	text,
} from './model.ts';

const channel = '#payments';
const subscription = from('trigger', 'data.subscription_id');

/** Providers try again and again: one mail a day is enough. */
const oncePerDay: Step = {
	kind: 'once',
	id: 'once_per_day',
	title: 'Each subscription once a day',
	key: text(subscription, '@', dayOf(from('trigger', 'created_at'))),
};

const ping = post(
	'ping',
	'Report the failed payment',
	channel,
	text(
		'Payment of ',
		from('trigger', 'data.amount', 'an unknown amount'),
		' ',
		from('trigger', 'data.currency', ''),
		' failed at ',
		from('trigger', 'data.provider'),
		' (',
		from('trigger', 'data.reason'),
		'), subscription ',
		subscription,
		'.',
	),
);

/** What happens to a subscription that is still not paid. */
const askToPay = (id: Mapped): BranchStep => ({
	kind: 'branch',
	id: 'has_email',
	title: 'Is there an email address?',
	when: [exists(email)],
	then: [
		mail(
			'reminder',
			'Ask to update the card',
			email,
			'Your payment did not go through',
			text(
				'Hello ',
				from('member', 'name', 'there'),
				', we could not collect the payment for your subscription. Open the bot on Telegram and choose another way to pay to keep your access.',
			),
		),
	],
	otherwise: [
		post(
			'by_hand',
			'Ask the team to write',
			channel,
			text(
				'Still unpaid: subscription ',
				id,
				' of ',
				name,
				', without an email address. Write to Telegram chat ',
				chat,
				'.',
			),
		),
	],
});

const found = from('found', 'id');

/** A search takes one status, and its rows are those of every project, so the project comes with the row. */
const stillFailed: Step = {
	kind: 'words',
	id: 'status',
	title: 'Past due and unpaid',
	words: ['past_due', 'unpaid'],
	steps: [
		{
			kind: 'each',
			id: 'found',
			title: 'Find subscriptions',
			operation: 'list_subscriptions',
			input: { status: from('status', 'value') },
			steps: [
				{
					kind: 'known',
					id: 'due',
					title: 'Is it due in this hour?',
					key: text(found, '@', { hoursFromNow: 0 }),
				},
				{
					kind: 'branch',
					id: 'has_project',
					title: 'Is the project known?',
					when: [exists(from('found', 'project_id'))],
					then: [
						{
							kind: 'operation',
							id: 'member',
							title: 'Get the member',
							operation: 'get_member',
							input: {
								project: from('found', 'project_id'),
								member: from('found', 'subscriber_id'),
							},
						},
						askToPay(found),
					],
					otherwise: [
						post(
							'unknown_project',
							'Report it to the team',
							channel,
							text('Still unpaid: subscription ', found, '.'),
						),
					],
				},
			],
		},
	],
};

export const failedPayment: Recipe = {
	key: 'failed-payment-escalation',
	title: 'Failed Payment Escalation',
	summary:
		'Reports a failed payment at once, checks again after 12 hours, and asks the member to pay only if it is still unpaid.',
	parts: [
		{
			key: 'escalate',
			title: 'Escalate a failed payment',
			platforms: ['zapier', 'n8n'],
			trigger: { kind: 'event', event: 'payment.failed' },
			steps: [
				eachEventOnce,
				ping,
				oncePerDay,
				{ kind: 'wait', id: 'wait', title: 'Wait 12 hours', hours: 12 },
				getSubscription,
				{
					kind: 'branch',
					id: 'still_failed',
					title: 'Is it still not paid?',
					when: [oneOf(from('subscription', 'status'), 'past_due', 'unpaid')],
					then: [getMember, askToPay(subscription)],
					otherwise: [
						post(
							'settled',
							'Report that nothing is left to do',
							channel,
							text(
								'Subscription ',
								subscription,
								' is now ',
								from('subscription', 'status'),
								'; no reminder was sent.',
							),
						),
					],
				},
			],
		},
		{
			key: '1-report',
			title: 'Report a failed payment and note when to look again',
			platforms: ['make'],
			trigger: { kind: 'event', event: 'payment.failed' },
			steps: [
				eachEventOnce,
				ping,
				oncePerDay,
				{
					kind: 'remember',
					id: 'remember',
					title: 'Note the hour to look again',
					key: text(subscription, '@', { hoursFromNow: 12 }),
				},
			],
		},
		{
			key: '2-look-again',
			title: 'Look again 12 hours later',
			platforms: ['make'],
			trigger: { kind: 'schedule', every: 'hour' },
			steps: [stillFailed],
		},
	],
	before: [mailjetSender],
	limits: [
		emailMayBeMissing,
		namesInSlack,
		{
			cannot:
				'The payment provider tries again by itself, so one billing cycle can send several Payment Failed events.',
			instead: 'Each event is reported, but a subscription is followed up once a day at most.',
		},
		{
			cannot: 'MemberPass has no link to the page where a member changes the card.',
			instead: 'The email sends members to the bot, where they can pay.',
		},
		{
			cannot: 'A failed first checkout has no subscription that could become paid.',
			instead: 'If no subscription is found after 12 hours, the run ends without an email.',
		},
		{
			cannot: 'Make cannot hold a run for 12 hours: its longest sleep is five minutes.',
			instead:
				'Two scenarios share a data store: one notes the hour to look again, the other runs every hour and looks at what is due.',
			platforms: ['make'],
		},
		{
			cannot:
				'The second scenario checks only what is due in the current hour, and does not catch up on hours that it missed.',
			instead:
				'Leave it switched on. Every failed payment was reported to the team when it happened.',
			platforms: ['make'],
		},
		{
			cannot: 'A data store on Make cannot return everything that is due at once.',
			instead:
				'The second scenario looks up each past-due or unpaid subscription there, which uses one operation for each: up to 200 an hour.',
			platforms: ['make'],
		},
		{
			cannot: 'A list on Make is read one page at a time, up to 100 rows.',
			instead:
				'The second scenario sees the first 100 subscriptions that are past due, and the first 100 unpaid ones.',
			platforms: ['make'],
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
