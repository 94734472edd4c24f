/**
 * Periods, cycles and groupings of reports and plans, each named once.
 * Sources: docs.memberpass.net/mcp/tools/get-dashboard-metrics, /get-earnings-report, /create-plan,
 * /bulk-generate-access-codes, /get-transaction-breakdown.
 */
export const reportPeriods = {
	'7d': 'Last 7 Days',
	'14d': 'Last 14 Days',
	'30d': 'Last 30 Days',
	'60d': 'Last 60 Days',
	'90d': 'Last 90 Days',
	mtd: 'Month to Date',
	qtd: 'Quarter to Date',
	ytd: 'Year to Date',
	'1y': 'Last 12 Months',
	all: 'All Time',
} as const;

export const granularities = { day: 'Day', week: 'Week', month: 'Month' } as const;

/** 1.4.0's hint says prev_period; the documentation has these two. */
export const comparePeriods = { previous: 'Previous Period', none: 'No Comparison' } as const;

/** What a breakdown of transactions is grouped by. */
export const breakdownDimensions = {
	plan: 'Plan',
	payment_provider: 'Payment Provider',
	currency: 'Currency',
	project: 'Project',
} as const;

/**
 * Billing cycle of a plan in REST. Decision: days…lifetime of the MCP schema. 1.4.0's monthly/yearly/one_time is
 * refused with 422 by the vendor's own word, and the monthly…lifetime of the webhook pages is output only.
 */
export const billingCycles = {
	days: 'Days',
	weeks: 'Weeks',
	months: 'Months',
	years: 'Years',
	lifetime: 'Lifetime',
} as const;

/** Billing cadence as plan webhooks print it. */
export const eventBillingCycles = ['monthly', 'quarterly', 'yearly', 'weekly', 'lifetime'] as const;

/** Expiry of generated access codes. */
export const expiryPresets = {
	no_expiry: 'No Expiry',
	'1_day': '1 Day',
	'1_week': '1 Week',
	'1_month': '1 Month',
	'1_year': '1 Year',
	custom: 'Custom',
} as const;

export const customExpiryUnits = {
	days: 'Days',
	weeks: 'Weeks',
	months: 'Months',
	years: 'Years',
} as const;

/** How the creator receives generated codes; both ways go through Telegram. */
export const exportTypes = {
	file: 'CSV File from the Bot',
	messages: 'One Telegram Message per Code',
} as const;
