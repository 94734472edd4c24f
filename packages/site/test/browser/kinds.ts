/** One page of each kind: its name and its path. */
export const kinds = [
	['home', '/'],
	['events', '/events/'],
	['event', '/events/subscription.past_due.html'],
	['event with other shapes', '/events/member.joined.html'],
	['event not sent yet', '/events/payment.refunded.html'],
	['actions', '/actions/'],
	['action', '/actions/create_plan.html'],
	['search', '/searches/find_plan_by_name.html'],
	['read', '/reads/list_plans.html'],
	['recipes', '/recipes/'],
	['recipe', '/recipes/churn-saver.html'],
	['guide', '/guides/verify-a-webhook.html'],
	['guide with a table', '/guides/successor-host.html'],
	['token helper', '/token.html#for=n8n&events=payment.failed&does=create_plan'],
] as const;

export const phone = { viewport: { width: 390, height: 844 } };
export const desktop = { viewport: { width: 1360, height: 900 } };
