import {
	chat,
	contactProperties,
	eachEventOnce,
	email,
	emailMayBeMissing,
	emailOrNone,
	getMember,
	getPlan,
	getSubscription,
	launchPost,
	name,
	namesInSlack,
	planName,
	post,
	upsertContact,
} from './common.ts';
import { choose, dayOf, exists, from, type Recipe, text } from './model.ts';

const accessEnds = dayOf(from('subscription', 'ends_at', 'an unknown date'));

export const churnSaver: Recipe = {
	key: 'churn-saver',
	title: 'Churn Saver',
	summary:
		'Tells the retention team about each cancellation, puts the member on a win-back list and creates a follow-up task.',
	parts: [
		{
			key: 'save',
			title: 'Follow up a cancellation',
			trigger: { kind: 'event', event: 'subscription.cancelled' },
			steps: [
				eachEventOnce,
				getSubscription,
				getPlan,
				getMember,
				post(
					'alert',
					'Alert the retention team',
					'#churn-watch',
					text(
						name,
						' (',
						emailOrNone,
						', Telegram chat ',
						chat,
						') cancelled ',
						planName,
						'. Access ends on ',
						accessEnds,
						'.',
					),
				),
				{
					kind: 'branch',
					id: 'has_email',
					title: 'Is there an email address?',
					when: [exists(email)],
					then: [
						{
							kind: 'app',
							id: 'win_back',
							title: 'Start the win-back emails',
							action: 'mailjet.subscribe',
							fields: {
								list: choose('ID of the list whose automation sends the three emails', '0000000'),
								email,
							},
						},
						upsertContact,
						{
							kind: 'app',
							id: 'task',
							title: 'Create the follow-up task',
							action: 'hubspot.create_task',
							fields: {
								contact: from('contact', 'id'),
								subject: text('Win back ', name),
								body: text(
									'Cancelled ',
									planName,
									' on ',
									from('trigger', 'created_at'),
									'. Access ends on ',
									accessEnds,
									'. Subscription ',
									from('trigger', 'data.subscription_id'),
									'.',
								),
							},
						},
					],
					otherwise: [],
				},
			],
		},
	],
	before: [
		'In Mailjet, create a contact list and an automation that sends three emails to everybody who is added to it.',
		contactProperties,
	],
	limits: [
		emailMayBeMissing,
		namesInSlack,
		{
			cannot: 'The event says neither why the subscription was cancelled nor when access ends.',
			instead:
				'The subscription is looked up for the day on which access ends; the reason stays unknown.',
		},
		{
			cannot: 'MemberPass does not say how much a member has paid so far.',
			instead: 'The contact gets the monthly value of the plan, calculated from its price.',
		},
		{
			cannot: 'A cancellation can be undone until access ends, but the win-back emails continue.',
			instead:
				'Take such members off the list by hand, or with a second automation that starts with Subscription Reactivated.',
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
