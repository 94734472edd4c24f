/**
 * Status vocabularies. Outputs treat them as open sets; inputs offer them as choices.
 * Sources: docs.memberpass.net/guide/reference/status-codes, /creators/managing-members, the MCP tool pages.
 */

/** Labels by value, as `x-labels` takes them. */
export const labelsOf = (
	statuses: Readonly<Record<string, { readonly label: string }>>,
): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(statuses).map(([value, { label }]) => [value, label]));

/** 13 labels are documented; five wire values were seen, the others are inferred as lower snake_case. */
export const subscriptionStatuses = {
	trialing: { label: 'Trialing', evidence: 'documented' },
	active: { label: 'Active', evidence: 'documented' },
	incomplete: { label: 'Incomplete', evidence: 'inferred' },
	expired: { label: 'Expired', evidence: 'inferred' },
	past_due: { label: 'Past Due', evidence: 'documented' },
	// One l on the wire, two in the event `subscription.cancelled`.
	canceled: { label: 'Canceled', evidence: 'documented' },
	unpaid: { label: 'Unpaid', evidence: 'documented' },
	paused: { label: 'Paused', evidence: 'inferred' },
	processing: { label: 'Processing', evidence: 'inferred' },
	succeeded: { label: 'Succeeded', evidence: 'inferred' },
	capturable: { label: 'Capturable', evidence: 'inferred' },
	failed: { label: 'Failed', evidence: 'inferred' },
	pending: { label: 'Pending', evidence: 'inferred' },
} as const;

/** 1.4.0's hint text says active, banned, kicked; the documentation has these five. */
export const memberStatuses = {
	lead: { label: 'Lead', evidence: 'documented' },
	trialing: { label: 'Trialing', evidence: 'documented' },
	customer: { label: 'Customer', evidence: 'documented' },
	churned: { label: 'Churned', evidence: 'documented' },
	banned: { label: 'Banned', evidence: 'documented' },
} as const;

/** Filter values of the access-code list; 1.4.0's hint text says active, redeemed, expired. */
export const accessCodeStatuses = {
	unredeemed: { label: 'Unredeemed', evidence: 'documented' },
	redeemed: { label: 'Redeemed', evidence: 'documented' },
	expired: { label: 'Expired', evidence: 'documented' },
	all: { label: 'All', evidence: 'documented' },
} as const;

export const paymentStatuses = {
	successful: { label: 'Successful', evidence: 'documented' },
	pending: { label: 'Pending', evidence: 'documented' },
	failed: { label: 'Failed', evidence: 'documented' },
	refunded: { label: 'Refunded', evidence: 'documented' },
} as const;

export const deliveryStatuses = {
	pending: { label: 'Pending', evidence: 'documented' },
	delivered: { label: 'Delivered', evidence: 'documented' },
	failed: { label: 'Failed', evidence: 'documented' },
	dead: { label: 'Dead', evidence: 'documented' },
} as const;

/** Wire values `manual` and `channel` were seen in rows; event pages list all four. */
export const resourceTypes = {
	channel: { label: 'Channel', evidence: 'documented' },
	group: { label: 'Group', evidence: 'documented' },
	supergroup: { label: 'Supergroup', evidence: 'documented' },
	manual: { label: 'Manual Perk', evidence: 'documented' },
} as const;

/** Who caused an activity-log row (docs.memberpass.net/guide/reference/glossary). */
export const actorKinds = {
	human: { label: 'Human', evidence: 'documented' },
	api_token: { label: 'API Token', evidence: 'documented' },
	mcp: { label: 'MCP', evidence: 'documented' },
	zapier: { label: 'Zapier', evidence: 'documented' },
	webhook: { label: 'Webhook', evidence: 'documented' },
	system: { label: 'System', evidence: 'documented' },
} as const;
