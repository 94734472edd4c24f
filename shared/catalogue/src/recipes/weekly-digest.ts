import { launchPost, post } from './common.ts';
import { from, type Recipe, text } from './model.ts';

export const weeklyDigest: Recipe = {
	key: 'weekly-digest',
	title: 'Weekly Revenue Digest',
	summary: 'Posts the figures of the last seven days to the founders each Monday at nine.',
	parts: [
		{
			key: 'digest',
			title: 'Post the weekly digest',
			trigger: { kind: 'schedule', every: 'week', day: 'Monday', hour: 9 },
			steps: [
				{
					kind: 'operation',
					id: 'dashboard',
					title: 'Get the last seven days',
					operation: 'get_dashboard_analytics',
					input: { period: '7d', compare_period: 'none' },
				},
				{
					kind: 'operation',
					id: 'breakdown',
					title: 'Split the earnings by provider',
					operation: 'get_transaction_breakdown',
					input: { dimension: 'payment_provider', period: '7d' },
				},
				post(
					'digest',
					'Post the digest',
					'#founders',
					text(
						'Last seven days: ',
						from('breakdown', 'total_gross_usd'),
						' USD earned, MRR ',
						from('dashboard', 'mrr'),
						', ',
						from('dashboard', 'active_subscribers'),
						' active subscribers, ',
						from('dashboard', 'new_subscribers'),
						' new, churn ',
						from('dashboard', 'churn_rate'),
						' %.\n',
						{
							linesOf: from('breakdown', 'groups'),
							parts: [{ key: 'label' }, ': ', { key: 'gross_usd' }, ' USD'],
						},
					),
				),
			],
		},
	],
	before: ['Set the time zone of the schedule to yours.'],
	limits: [
		{
			cannot: 'The earnings report of MemberPass has no split by provider.',
			instead: 'The split comes from the transaction breakdown, which counts in US dollars.',
		},
		{
			cannot: 'A week without payments has no providers to list.',
			instead: 'The digest is posted all the same, and its list is empty.',
		},
		{
			cannot: 'A text field in Zapier or Make cannot go through a list row by row.',
			instead: 'The digest lists all providers first, then all amounts in the same order.',
			platforms: ['zapier', 'make'],
		},
	],
	evidence: 'documented',
	sources: [launchPost],
};
