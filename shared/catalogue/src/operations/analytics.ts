import { defineOperations } from '../model.ts';
import { choice, inQuery, integer, list, map, number, object, optional, text } from '../schema.ts';
import { id } from '../vocabulary/ids.ts';
import { decimal } from '../vocabulary/money.ts';
import {
	breakdownDimensions,
	comparePeriods,
	granularities,
	reportPeriods,
} from '../vocabulary/periods.ts';
import { labelsOf, paymentStatuses, subscriptionStatuses } from '../vocabulary/statuses.ts';
import { day, moment } from '../vocabulary/time.ts';
import {
	arraysInQuery,
	noCurrencyList,
	planIdsInQuery,
	projectInQuery,
	whereCurrencyIds,
} from './inputs.ts';
import { manifest, npm, tool } from './sources.ts';

/** The window that every report takes. */
const window = {
	period: optional(
		inQuery(
			choice(
				'Period',
				'Time the report covers, unless both From and To are filled in.',
				Object.keys(reportPeriods),
				{ 'x-labels': reportPeriods, default: '30d', examples: ['30d'] },
			),
		),
	),
	from: optional(
		inQuery(
			day('From', 'First day of the report. Works only together with To.', {
				examples: ['2026-03-22'],
			}),
		),
	),
	to: optional(
		inQuery(
			day('To', 'Last day of the report. Works only together with From.', {
				examples: ['2026-04-22'],
			}),
		),
	),
};

/** 1.4.0 shows this one at the top level, because two of its reports require a project. */
const requiredProject = (description: string) =>
	inQuery(
		id('project', description, {
			title: 'Project',
			'x-pick': 'projects',
			'x-n8n': 'analyticsProjectId',
		}),
	);

const statuses = optional(
	inQuery(
		list(
			'Statuses',
			'Count only what has one of these statuses.',
			text('Status', 'One status.', { examples: ['successful'] }),
			{
				'x-known-values': Object.keys(paymentStatuses),
				'x-labels': labelsOf(paymentStatuses),
				'x-evidence': 'inferred',
				'x-decision':
					'The pages name the filter and not its values; those of payments are offered, any other text is sent as it is.',
			},
		),
	),
);

const paymentMethodIds = optional(
	inQuery(
		list(
			'Payment Methods',
			'Count only what was paid this way.',
			id('paymentMethod', 'One payment method.', {
				title: 'Payment Method',
				'x-pick': 'paymentMethods',
			}),
		),
	),
);

const cache = 'Figures can be up to five minutes old.';
const severalValues =
	'It is not confirmed that MemberPass takes filters with several values, such as Plans or Statuses. Compare the result with and without one before you rely on it.';
const filtersOf140 = {
	topic: 'filters of 1.4.0',
	because:
		'One analyticsFilters collection served all reports there. Inputs that a report does not take (compare_period, cursor, limit, project_id where it is required) are none here.',
};
const window140 = {
	topic: 'where the filters travel',
	because:
		'The pages document the tool; that the API takes the same names in the query is shown by 1.4.0 for period, from, to, project_id and compare_period only.',
};

export const analytics = defineOperations(
	{ key: 'analytics', label: 'Analytics', summary: 'Read figures about revenue and subscribers.' },
	[
		{
			key: 'get_dashboard_analytics',
			kind: 'search',
			label: 'Find Dashboard Metrics',
			noun: 'Dashboard',
			summary: 'Finds the key figures of one project or of all: revenue, subscribers and churn.',
			method: 'GET',
			path: '/analytics/dashboard',
			ability: 'dashboard:read',
			input: object({
				project_id: projectInQuery('Only figures of this project. Leave empty for all projects.'),
				...window,
				compare_period: optional(
					inQuery(
						choice(
							'Compare With',
							'What the figures are compared with.',
							Object.keys(comparePeriods),
							{
								'x-labels': comparePeriods,
								default: 'previous',
								'x-n8n': 'compare_period',
								examples: ['previous'],
							},
						),
					),
				),
				plan_ids: planIdsInQuery('Count only these plans.'),
				statuses,
				payment_method_ids: paymentMethodIds,
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						mrr: decimal('Monthly Recurring Revenue (MRR)', 'Revenue of one month, not in cents.', {
							examples: ['5280.00'],
						}),
						active_subscribers: integer(
							'Active Subscribers',
							'How many people have an active subscription.',
							{ examples: [182] },
						),
						new_subscribers: integer(
							'New Subscribers',
							'How many people subscribed in the period.',
							{
								examples: [14],
							},
						),
						churn_rate: number(
							'Churn Rate (Percent)',
							'Share of subscribers who left, in percent.',
							{
								examples: [3.2],
							},
						),
						by_plan: optional(
							list(
								'By Plan',
								'The same figures for each plan.',
								object(
									{
										plan_id: id('plan', 'Plan the row is about.'),
										name: text('Plan Name', 'Name of the plan.', { examples: ['Premium'] }),
										active: integer(
											'Active Subscribers of the Plan',
											'How many people have an active subscription on the plan.',
											{ examples: [120] },
										),
									},
									{ title: 'Plan Figures' },
								),
							),
						),
					},
					{ title: 'Dashboard' },
				),
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED'],
			caveats: [cache, severalValues],
			n8n: {
				operation: 'getDashboard',
				name: 'Get Dashboard Metrics',
				action: 'Get dashboard metrics',
				collection: 'analyticsFilters',
			},
			decisions: [
				{
					topic: 'compare_period',
					because:
						'previous or none, as documented; the hint of 1.4.0 says prev_period. What a comparison adds to the answer is unknown, because the page is cut there.',
				},
				arraysInQuery,
				window140,
				filtersOf140,
			],
			evidence: 'documented',
			sources: [tool('get-dashboard-metrics'), npm, manifest],
		},
		{
			key: 'get_earnings',
			kind: 'search',
			label: 'Find Earnings Report',
			noun: 'Earnings Report',
			summary: 'Finds earnings and fees over time.',
			method: 'GET',
			path: '/analytics/earnings',
			ability: 'dashboard:read',
			input: object({
				project_id: projectInQuery('Only earnings of this project. Leave empty for all projects.'),
				...window,
				granularity: optional(
					inQuery(
						choice(
							'Group By',
							'Length of each interval in the report.',
							Object.keys(granularities),
							{
								'x-labels': granularities,
								default: 'day',
								examples: ['day'],
							},
						),
					),
				),
				plan_ids: planIdsInQuery('Count only earnings from these plans.'),
				statuses,
				payment_method_ids: paymentMethodIds,
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						totals: object(
							{
								gross: decimal('Gross', 'Everything paid, not in cents.', {
									examples: ['4821.50'],
								}),
								fees: decimal('Fees', 'What went to fees.', { examples: ['193.27'] }),
								net: decimal('Net', 'What is left after fees.', { examples: ['4628.23'] }),
								transactions: integer('Transactions', 'How many payments are counted.', {
									examples: [184],
								}),
							},
							{ title: 'Totals', description: 'Sums over the whole period.' },
						),
						timeseries: list(
							'Over Time',
							'One row for each interval of the period.',
							object(
								{
									bucket: day('Interval', 'First day of the interval.', {
										examples: ['2026-03-22'],
									}),
									gross: decimal('Gross of the Interval', 'Everything paid in the interval.', {
										examples: ['145.00'],
									}),
									net: decimal('Net of the Interval', 'What is left after fees.', {
										examples: ['139.20'],
									}),
									transactions: integer(
										'Transactions of the Interval',
										'How many payments are counted.',
										{
											examples: [6],
										},
									),
								},
								{ title: 'Interval Total' },
							),
						),
					},
					{ title: 'Earnings Report' },
				),
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED'],
			caveats: [cache, severalValues],
			n8n: {
				operation: 'getEarnings',
				name: 'Get Earnings Report',
				action: 'Get earnings report',
				collection: 'analyticsFilters',
				topLevel: ['granularity'],
			},
			decisions: [arraysInQuery, window140, filtersOf140],
			evidence: 'documented',
			sources: [tool('get-earnings-report'), npm, manifest],
		},
		{
			key: 'get_subscriber_analytics',
			kind: 'search',
			label: 'Find Subscriber Analytics',
			noun: 'Subscriber Report',
			summary: 'Finds the number of subscribers who joined, left or converted from a trial.',
			method: 'GET',
			path: '/analytics/subscribers',
			ability: 'dashboard:read',
			input: object({
				project_id: projectInQuery(
					'Only subscribers of this project. Leave empty for all projects.',
				),
				...window,
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						new_subscribers: integer(
							'New Subscribers',
							'How many people subscribed in the period.',
							{
								examples: [42],
							},
						),
						canceled_subscribers: integer(
							'Cancelled Subscribers',
							'How many cancelled in the period.',
							{ examples: [7] },
						),
						churn_rate_percent: number(
							'Churn Rate (Percent)',
							'Share of subscribers who left, in percent.',
							{
								examples: [2.2],
							},
						),
						trial_started: integer('Trials Started', 'How many trials began.', {
							examples: [15],
						}),
						trial_converted: integer('Trials Converted', 'How many trials became paid.', {
							examples: [11],
						}),
						trial_to_paid_percent: number(
							'Trial Conversion Rate (Percent)',
							'Share of trials that became paid, in percent.',
							{ examples: [73.33] },
						),
						status_distribution: map(
							'Status Distribution',
							'How many subscriptions have each status.',
							integer('Subscriptions', 'How many subscriptions have the status.'),
							{
								examples: [{ active: 341, trialing: 4, canceled: 22 }],
								'x-known-values': Object.keys(subscriptionStatuses),
							},
						),
					},
					{ title: 'Subscriber Report' },
				),
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED'],
			caveats: [cache],
			n8n: {
				operation: 'getSubscribers',
				name: 'Get Subscriber Analytics',
				action: 'Get subscriber analytics',
				collection: 'analyticsFilters',
			},
			decisions: [window140, filtersOf140],
			evidence: 'documented',
			sources: [tool('get-subscriber-analytics'), npm, manifest],
		},
		{
			key: 'get_transaction_breakdown',
			kind: 'search',
			label: 'Find Transaction Breakdown',
			noun: 'Transaction Breakdown',
			summary: 'Finds earnings split by plan, payment provider, currency or project.',
			method: 'GET',
			path: '/analytics/transactions/breakdown',
			ability: 'dashboard:read',
			input: object({
				dimension: inQuery(
					choice(
						'Split By',
						'What the earnings are grouped by.',
						Object.keys(breakdownDimensions),
						{
							'x-labels': breakdownDimensions,
							default: 'plan',
							examples: ['payment_provider'],
						},
					),
				),
				project_id: projectInQuery('Only earnings of this project. Leave empty for all projects.'),
				...window,
				plan_ids: planIdsInQuery('Count only earnings from these plans.'),
				statuses,
				payment_method_ids: paymentMethodIds,
			}),
			output: {
				shape: 'one',
				schema: object(
					{
						total_gross_usd: decimal(
							'Total Gross (in USD)',
							'Everything paid, converted to US dollars.',
							{ examples: ['4821.50'] },
						),
						groups: list(
							'Groups',
							'One row for each plan, provider, currency or project.',
							object(
								{
									key: text('Key', 'Stable name of the group.', { examples: ['stripe'] }),
									label: text('Label', 'Name of the group for people.', {
										examples: ['Stripe'],
									}),
									gross_usd: decimal('Gross (in USD)', 'Paid in the group, in US dollars.', {
										examples: ['2891.00'],
									}),
									transactions: integer('Transactions', 'How many payments are counted.', {
										examples: [110],
									}),
									share_percent: number('Share (Percent)', 'Part of the total, in percent.', {
										examples: [59.96],
									}),
								},
								{ title: 'Group' },
							),
						),
					},
					{ title: 'Transaction Breakdown' },
				),
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED'],
			caveats: [cache, 'Amounts are converted to US dollars.', severalValues],
			n8n: {
				operation: 'getTransactionBreakdown',
				name: 'Get Transaction Breakdown',
				action: 'Get transaction breakdown',
				collection: 'analyticsFilters',
			},
			decisions: [
				{
					topic: 'default dimension',
					because:
						'plan is the default of the form in 1.4.0; the API has none, the field is required.',
				},
				arraysInQuery,
				window140,
				filtersOf140,
			],
			evidence: 'documented',
			sources: [tool('get-transaction-breakdown'), npm, manifest],
		},
		{
			key: 'get_plan_performance',
			kind: 'search',
			label: 'Find Plan Performance',
			noun: 'Plan Performance',
			summary: 'Finds how each plan of a project sells.',
			method: 'GET',
			path: '/analytics/plan-performance',
			ability: 'dashboard:read',
			input: object({
				project_id: requiredProject('Project whose plans to compare.'),
				...window,
			}),
			output: {
				shape: 'many',
				schema: object(
					{
						plan_id: id('plan', 'Plan the row is about.'),
						plan_name: text('Plan Name', 'Name of the plan.', { examples: ['Premium Monthly'] }),
						active_subscribers: integer(
							'Active Subscribers',
							'How many people have an active subscription on the plan.',
							{ examples: [120] },
						),
						payments_in_window: integer('Payments', 'How many payments came in the period.', {
							examples: [98],
						}),
						revenue_in_window: decimal('Revenue', 'Total of these payments.', {
							examples: ['2842.00'],
						}),
						avg_ticket: decimal('Average Payment', 'Revenue divided by payments.'),
					},
					{ title: 'Plan Performance' },
				),
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED', 'RESOURCE_NOT_FOUND'],
			caveats: [cache],
			n8n: {
				operation: 'getPlanPerformance',
				name: 'Get Plan Performance',
				action: 'Get plan performance',
				collection: 'analyticsFilters',
			},
			decisions: [window140, filtersOf140],
			evidence: 'documented',
			sources: [tool('get-plan-performance'), npm, manifest],
		},
		{
			key: 'list_transactions',
			kind: 'search',
			label: 'Find Transactions',
			noun: 'Transaction',
			summary: 'Finds the payments of a project, newest first.',
			method: 'GET',
			path: '/analytics/transactions',
			ability: 'project-subscription:view-any',
			alsoNeeds: ['dashboard:read'],
			input: object({
				project_id: requiredProject('Project whose payments to find.'),
				...window,
				statuses: optional(
					inQuery(
						list(
							'Statuses',
							'Only payments with one of these statuses.',
							choice('Status', 'One status.', Object.keys(paymentStatuses), {
								'x-labels': labelsOf(paymentStatuses),
								examples: ['successful'],
							}),
						),
					),
				),
				plan_ids: planIdsInQuery('Only payments for these plans.'),
				provider_ids: optional(
					inQuery(
						list(
							'Payment Provider IDs',
							'Only payments through these providers. MemberPass has no list of these IDs: leave this field empty unless you know one.',
							text('Payment Provider ID', 'One provider, by its MemberPass ID.', {
								minLength: 1,
								examples: ['prv_01JRZ5R4N8Q2X6WBTC9HKDV3ME'],
							}),
							{
								'x-decision':
									'No source lists providers with their ids, so there is nothing to pick from.',
							},
						),
					),
				),
				currency_ids: optional(
					inQuery(
						list(
							'Currency IDs',
							`Only payments in these currencies. ${whereCurrencyIds}`,
							id('currency', 'One currency, by its MemberPass ID and not its three-letter code.', {
								'x-decision': noCurrencyList,
							}),
						),
					),
				),
			}),
			output: {
				shape: 'many',
				schema: object(
					{
						id: id('payment', 'Identifies the payment.'),
						subscription_id: id('subscription', 'Subscription that was paid for.'),
						status: text('Status', 'Status of the payment.', {
							examples: ['successful'],
							'x-known-values': Object.keys(paymentStatuses),
						}),
						amount: decimal('Amount', 'What was paid, not in cents.'),
						occurred_at: moment('Occurred At', 'When it happened.', {
							examples: ['2026-04-22T10:05:00Z'],
						}),
					},
					{ title: 'Transaction' },
				),
				paging: 'cursor',
				evidence: 'inferred',
			},
			errors: ['VALIDATION_FAILED', 'RESOURCE_NOT_FOUND'],
			caveats: [severalValues],
			n8n: {
				operation: 'listTransactions',
				name: 'Get Many Transactions',
				action: 'Get many transactions',
				collection: 'analyticsFilters',
			},
			decisions: [
				{
					topic: 'ability',
					because:
						'The tool page asks for project-subscription:view-any, the later route list for dashboard:read; tokens should hold both.',
				},
				arraysInQuery,
				window140,
				filtersOf140,
			],
			evidence: 'documented',
			sources: [tool('list-transactions'), npm, manifest],
		},
	],
);
