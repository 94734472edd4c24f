import {
	type DomainEvent,
	type Sandbox,
	startSandbox,
	VirtualClock,
} from '../../../packages/sandbox/src/index.ts';

/**
 * What happens in the sandbox before a recipe runs, and what the recipe then makes of it: the same on every platform,
 * with values that tests can name.
 */

type Plan = Sandbox['state']['plans'] extends Map<string, infer Row> ? Row : never;
type Subscription = ReturnType<Sandbox['act']>;

/** An event as it is delivered. */
export type Envelope = Omit<DomainEvent, 'teamId'>;

/** A name with everything that breaks texts, JSON and expressions. */
export const zoe = 'Zoë "Z" O\'Neill';

/** Where the clock of the sandbox stands. */
export const start = Date.parse('2026-06-01T09:00:00Z');

/** The sandbox before anything has happened. */
export const openScene = (clock = new VirtualClock(start)): Promise<Sandbox> =>
	startSandbox({ clock, rateLimits: false });

/** The newest event of a type. */
export function newest(sandbox: Sandbox, type: string): Envelope {
	const [event] = sandbox.engine.recentEvents({ type, limit: 1 });
	if (event === undefined) throw new Error(`The sandbox sent no ${type}.`);
	// Whose event it is, is not part of what is sent.
	const { id, created_at, api_version, project_id, data } = event;
	return { id, type, created_at, api_version, project_id, data };
}

/** A plan of 30 dollars a quarter, and a newcomer who buys it. */
export function newSubscriber(
	sandbox: Sandbox,
	email: string | null,
): { readonly plan: Plan; readonly subscription: Subscription; readonly event: Envelope } {
	const plan = [...sandbox.state.plans.values()].find(
		(one) => one.project_id === sandbox.seeded.project.id && one.active && one.trial_days === 0,
	);
	if (plan === undefined) throw new Error('The sandbox has no plan to buy.');
	Object.assign(plan, {
		name: 'Premium Quarterly',
		price: '30.00',
		currency: 'USD',
		billing_cycle: 'months',
		billing_cycle_count: 3,
	});
	const subscription = sandbox.act({
		action: 'subscribe',
		plan_id: plan.id,
		name: zoe,
		email: 'zoe@example.com',
	});
	const member = sandbox.state.members.get(subscription.subscriber_id);
	if (member === undefined) throw new Error('The sandbox has lost the newcomer.');
	Object.assign(member, { email, chat_id: '123456789' });
	return { plan, subscription, event: newest(sandbox, 'subscription.created') };
}

/** What the team is told of the newcomer. */
export const toldOfNewcomer = `New subscriber: ${zoe} (zoe@example.com) on Premium Quarterly, Telegram chat 123456789.`;

/** A newcomer with a name that Slack would take for a call on everybody and for a link. */
export function loudNewcomer(sandbox: Sandbox): Envelope {
	const { subscription, event } = newSubscriber(sandbox, 'zoe@example.com');
	const member = sandbox.state.members.get(subscription.subscriber_id);
	Object.assign(member ?? {}, { name: loudName });
	return event;
}

export const loudName = '<!channel> & <https://evil.example|Pay here>';

/** The team is told the name, and not called. docs.slack.dev: "Escaping text". */
export const toldOfLoudNewcomer =
	'New subscriber: &lt;!channel&gt; &amp; &lt;https://evil.example|Pay here&gt; (zoe@example.com) on Premium Quarterly, Telegram chat 123456789.';

/** What is listed of the newcomer. */
export const rowOfNewcomer = ({ id }: Subscription) => ({
	Subscription: id,
	Name: zoe,
	Email: 'zoe@example.com',
	Plan: 'Premium Quarterly',
	Price: '30.00',
	Currency: 'USD',
	'Monthly value': '10.00',
	'Subscribed at': '2026-06-01T09:00:00Z',
});

/** What a plan is worth in a month: cycle, number of them, price of all, worth. */
export const monthlyValues: readonly (readonly [string, number, string, string])[] = [
	['days', 10, '5.00', '15.21'],
	['weeks', 1, '7.00', '30.42'],
	['months', 1, '29.00', '29.00'],
	['years', 1, '120.00', '10.00'],
	['lifetime', 1, '299.00', '0.00'],
	['fortnights', 1, '9.00', ''],
];

/** Fires an event about a subscription of the newcomer. */
function about(
	sandbox: Sandbox,
	type: string,
	{ id, plan_id, subscriber_id, project_id }: Subscription,
	more: Readonly<Record<string, unknown>>,
): Envelope {
	sandbox.fire(type, { subscription_id: id, plan_id, subscriber_id, ...more }, project_id);
	return newest(sandbox, type);
}

/** Somebody cancels; access ends on 1 September. */
export function cancelled(sandbox: Sandbox, email: string | null): Envelope {
	const { subscription } = newSubscriber(sandbox, email);
	Object.assign(subscription, { ends_at: '2026-09-01T09:00:00Z' });
	return about(sandbox, 'subscription.cancelled', subscription, { provider: 'stripe' });
}

/** What the team is told of who cancels. */
export const toldOfCancelled = `${zoe} (zoe@example.com, Telegram chat 123456789) cancelled Premium Quarterly. Access ends on 2026-09-01.`;

/** A payment fails, and the subscription stands somewhere from then on. */
export function failedPayment(
	sandbox: Sandbox,
	email: string | null,
	status: string,
): { readonly subscription: Subscription; readonly event: Envelope } {
	const { subscription } = newSubscriber(sandbox, email);
	sandbox.act({ action: 'fail_payment', subscription_id: subscription.id });
	Object.assign(subscription, { status });
	return { subscription, event: newest(sandbox, 'payment.failed') };
}

/** A trial is about to end, and the subscription stands somewhere meanwhile. */
export function trialConverting(sandbox: Sandbox, email: string | null, status: string): Envelope {
	const { subscription } = newSubscriber(sandbox, email);
	const trialEnds = { trial_ends_at: '2026-06-02T09:00:00Z' };
	Object.assign(subscription, { status, ...trialEnds });
	return about(sandbox, 'subscription.trial_converting', subscription, trialEnds);
}

/** Amara Okafor becomes Manager. */
export function roleChanged(sandbox: Sandbox): Envelope {
	const person = sandbox.state.teamMembers.find(
		(one) => one.team_id === sandbox.seeded.team.id && one.role_id !== null,
	);
	const role = sandbox.state.roles.get(person?.role_id ?? '');
	if (person === undefined || role === undefined) throw new Error('Nobody has a role.');
	Object.assign(person, { name: 'Amara Okafor', email: 'amara@example.com' });
	Object.assign(role, { name: 'Manager' });
	const { team_id, id: user_id, role_id } = person;
	sandbox.fire('team.member.role_changed', { team_id, user_id, role_id });
	return newest(sandbox, 'team.member.role_changed');
}

/** Where the list of partners has Ada, who is to hand out codes of a plan. */
export const partnerRecord = 'recPartner1';
export const partner = { Name: 'Ada', Email: 'ada@example.com' };
export const partnerOf = (sandbox: Sandbox, planId: string) => ({
	...partner,
	'Project ID': sandbox.seeded.project.id,
	'Plan ID': planId,
});

/** The codes that a plan has. */
export const codesOf = (sandbox: Sandbox, planId: string) =>
	[...sandbox.state.accessCodes.values()].filter((one) => one.plan_id === planId);
