import {
	chat,
	eachEventOnce,
	email,
	emailMayBeMissing,
	getMember,
	getPlan,
	getSubscription,
	launchPost,
	mail,
	mailjetSender,
	name,
	namesInSlack,
	planName,
	post,
} from './common.ts';
import { dayOf, exists, from, oneOf, type Recipe, text } from './model.ts';

/** The day alone: nobody wants to read a moment in UTC in an email. */
const trialEnds = dayOf(from('trigger', 'data.trial_ends_at'));

export const trialNudge: Recipe = {
	key: 'trial-nudge',
	title: 'Trial-to-Paid Nudge',
	summary: 'Writes a personal email to each member whose trial ends within a day.',
	parts: [
		{
			key: 'nudge',
			title: 'Write before the trial ends',
			trigger: { kind: 'event', event: 'subscription.trial_converting' },
			steps: [
				eachEventOnce,
				getSubscription,
				{
					kind: 'branch',
					id: 'on_trial',
					title: 'Is it still on trial?',
					when: [oneOf(from('subscription', 'status'), 'trialing')],
					then: [
						getPlan,
						getMember,
						{
							kind: 'branch',
							id: 'has_email',
							title: 'Is there an email address?',
							when: [exists(email)],
							then: [
								mail(
									'nudge',
									'Send the nudge',
									email,
									text('Your trial of ', planName, ' ends soon'),
									text(
										'Hello ',
										from('member', 'name', 'there'),
										', your trial of ',
										planName,
										' ends on ',
										trialEnds,
										'. After that it costs ',
										from('plan', 'price'),
										' ',
										from('plan', 'currency'),
										'. Just reply to this email if you have a question.',
									),
								),
							],
							otherwise: [
								post(
									'by_hand',
									'Ask the team to write',
									'#trials',
									text(
										'The trial of ',
										name,
										' ends on ',
										trialEnds,
										' and no email is known. Write to Telegram chat ',
										chat,
										'.',
									),
								),
							],
						},
					],
					otherwise: [],
				},
			],
		},
	],
	before: [mailjetSender],
	limits: [
		emailMayBeMissing,
		namesInSlack,
		{
			cannot:
				'An hourly job sends the event, so the trial may have been cancelled in the meantime.',
			instead:
				'The subscription is looked up, and the email goes only to members who are still on trial.',
		},
		{
			cannot: 'A trial whose end is moved to less than 24 hours away may send no event.',
			instead:
				'No email is sent in that case. Subscription Activated or Subscription Trial Expired is sent when the trial ends.',
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
