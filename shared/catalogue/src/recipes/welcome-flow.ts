import {
	chat,
	contactProperties,
	eachEventOnce,
	email,
	emailMayBeMissing,
	emailOrNone,
	getMember,
	getPlan,
	launchPost,
	mail,
	mailjetSender,
	monthlyValue,
	name,
	namesInSlack,
	planName,
	post,
	upsertContact,
} from './common.ts';
import { choose, exists, from, type Recipe, text } from './model.ts';

export const welcomeFlow: Recipe = {
	key: 'welcome-flow',
	title: 'New Subscriber Welcome Flow',
	summary:
		'Welcomes each new subscriber by email, keeps the contact in HubSpot, tells the team in Slack and adds a row to Airtable.',
	parts: [
		{
			key: 'welcome',
			title: 'Welcome new subscribers',
			trigger: { kind: 'event', event: 'subscription.created' },
			steps: [
				eachEventOnce,
				getPlan,
				getMember,
				post(
					'announcement',
					'Tell the team',
					'#new-members',
					text(
						'New subscriber: ',
						name,
						' (',
						emailOrNone,
						') on ',
						planName,
						', Telegram chat ',
						chat,
						'.',
					),
				),
				{
					kind: 'app',
					id: 'row',
					title: 'Add a row',
					action: 'airtable.create_record',
					fields: {
						base: choose('Base with your subscribers', 'appXXXXXXXXXXXXXX'),
						table: choose('Table of subscribers', 'tblXXXXXXXXXXXXXX'),
					},
					columns: {
						Subscription: from('trigger', 'data.subscription_id'),
						Name: name,
						Email: emailOrNone,
						Plan: planName,
						Price: from('plan', 'price'),
						Currency: from('plan', 'currency'),
						'Monthly value': monthlyValue,
						'Subscribed at': from('trigger', 'created_at'),
					},
				},
				{
					kind: 'branch',
					id: 'has_email',
					title: 'Is there an email address?',
					when: [exists(email)],
					then: [
						upsertContact,
						mail(
							'welcome',
							'Send the welcome email',
							email,
							text('Welcome to ', planName),
							text(
								'Hello ',
								from('member', 'name', 'and welcome'),
								', your subscription to ',
								planName,
								' is active. Open the bot on Telegram to find everything that belongs to it.',
							),
						),
					],
					otherwise: [],
				},
			],
		},
	],
	before: [
		mailjetSender,
		contactProperties,
		'In Airtable, create the table with the columns Subscription, Name, Email, Plan, Price, Currency, Monthly value and Subscribed at, as text.',
	],
	limits: [
		emailMayBeMissing,
		namesInSlack,
		{
			cannot: 'MemberPass sends no monthly recurring revenue with a subscription.',
			instead:
				'The monthly value is calculated from the price, billing cycle and cycle count of the plan, in the currency of the plan. Plans that are paid once count as 0.',
		},
		{
			cannot:
				'Trials and redeemed access codes create a subscription as well, before or without a payment.',
			instead:
				'These subscribers are welcomed too. The monthly value is what the plan costs, not what was paid.',
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
