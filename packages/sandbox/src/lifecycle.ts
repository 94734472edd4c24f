import type { Facts } from './event-data.ts';
import { memberFacts, paymentFacts, planFacts, resourceFacts, subscriptionFacts } from './facts.ts';
import {
	type AccessCode,
	eventCode,
	inProject,
	type Member,
	type Payment,
	type Plan,
	type Project,
	type Resource,
	type State,
	type Subscription,
} from './state.ts';
import { addCycle, day, iso, second } from './time.ts';
import type { World } from './world.ts';

/**
 * What happens to subscriptions, members and codes, with the events in the order MemberPass documents
 * (docs.memberpass.net/webhooks/events/subscription and /member).
 */

/** How long work "on a queue" takes. MemberPass gives no figure. */
const queueDelay = 2 * second;

const live: ReadonlySet<string> = new Set(['active', 'trialing', 'past_due', 'paused']);

/** True while a subscription gives access. A cancelled one does until its period ends. */
export function hasAccess(subscription: Subscription, now: number): boolean {
	if (live.has(subscription.status)) return true;
	return (
		subscription.status === 'canceled' &&
		subscription.ends_at !== null &&
		Date.parse(subscription.ends_at) > now
	);
}

/** The project of a row. */
function projectOf(world: World, { project_id: id }: { readonly project_id: string }): Project {
	const project = world.state.projects.get(id);
	if (project === undefined) throw new Error(`There is no project ${id}.`);
	return project;
}

function emitFor(world: World, subscription: Subscription, type: string, more: Facts = {}): void {
	const facts = { ...subscriptionFacts(world.state, subscription), ...more };
	world.emit(type, facts, projectOf(world, subscription));
}

function planOf(world: World, subscription: Subscription): Plan | undefined {
	return world.state.plans.get(subscription.plan_id);
}

function memberOf(world: World, subscription: Subscription): Member | undefined {
	return world.state.members.get(subscription.subscriber_id);
}

/** What the subscriber of a subscription is by all that they have: a customer as soon as one of them is paid. */
function standingOf(world: World, subscription: Subscription): 'customer' | 'trialing' | 'churned' {
	const running = inProject(world.state.subscriptions, subscription.project_id).filter(
		(row) => row.subscriber_id === subscription.subscriber_id && hasAccess(row, world.clock.now()),
	);
	if (running.length === 0) return 'churned';
	// Nobody has paid for a trial that was cancelled either.
	const unpaid = (row: Subscription): boolean =>
		row.status === 'trialing' ||
		(row.status === 'canceled' && row.trial_ends_at !== null && row.convertedAt === null);
	return running.every(unpaid) ? 'trialing' : 'customer';
}

/** One event for each resource of the plan. */
function resourceEvents(
	world: World,
	subscription: Subscription,
	type: 'member.resource_added' | 'member.resource_removed',
): void {
	for (const id of planOf(world, subscription)?.resource_ids ?? []) {
		const resource = world.state.resources.get(id);
		if (resource !== undefined) resourceEvent(world, subscription, type, resource);
	}
}

function resourceEvent(
	world: World,
	subscription: Subscription,
	type: 'member.resource_added' | 'member.resource_removed',
	resource: Resource,
): void {
	emitFor(world, subscription, type, { ...resourceFacts(resource), grant_id: world.ids.ulid() });
}

/** A resource is unlinked or deleted: one member.resource_removed for each subscription that gave access to it. */
export function withdraw(world: World, resource: Resource): void {
	for (const subscription of inProject(world.state.subscriptions, resource.project_id)) {
		// A pause took the access away already (…/events/subscription/paused).
		if (subscription.status === 'paused' || !hasAccess(subscription, world.clock.now())) continue;
		if (planOf(world, subscription)?.resource_ids.includes(resource.id) !== true) continue;
		resourceEvent(world, subscription, 'member.resource_removed', resource);
	}
}

/** Writes a payment down. Fees are made up: 2.9 % and 0.30. */
export function recordPayment(
	world: World,
	subscription: Subscription,
	plan: Plan,
	options: { readonly status: string; readonly reason: string; readonly at?: number },
): Payment {
	const at = options.at ?? world.clock.now();
	const price = Number(plan.price);
	const method = inProject(world.state.paymentMethods, plan.project_id).find(
		(row) => row.provider === subscription.provider,
	);
	const refund = options.status === 'refunded';
	const fee = options.status === 'successful' && price > 0 ? price * 0.029 + 0.3 : 0;
	const payment: Payment = {
		id: world.ids.next('payment', at),
		project_id: plan.project_id,
		subscription_id: subscription.id,
		plan_id: plan.id,
		method_id: method?.id ?? null,
		provider: subscription.provider,
		currency_id: plan.currency_id,
		currency: plan.currency,
		status: options.status,
		amount: `${refund && price > 0 ? '-' : ''}${plan.price}`,
		fee: fee.toFixed(2),
		external_payment_id: `pi_${world.random.hex(24)}`,
		billing_reason: options.reason,
		occurred_at: iso(at),
	};
	world.state.payments.set(payment.id, payment);
	return payment;
}

export interface Purchase {
	readonly plan: Plan;
	readonly member: Member;
	readonly provider: string;
	/** Pays with a code instead of money. */
	readonly accessCode?: AccessCode;
}

/**
 * Someone buys a plan. Paid: subscription.created, member.joined, payment.succeeded. Trial: subscription.created,
 * subscription.trial_started, member.trial_joined. Code: access_code.redeemed, subscription.created, member.joined.
 * Then one member.resource_added for each resource.
 */
export function subscribe(world: World, purchase: Purchase): Subscription {
	const { plan, member, accessCode } = purchase;
	const now = world.clock.now();
	const trial = plan.trial_days > 0 && accessCode === undefined;
	const end = trial
		? now + plan.trial_days * day
		: addCycle(now, plan.billing_cycle, plan.billing_cycle_count);
	const subscription: Subscription = {
		id: world.ids.next('subscription'),
		project_id: plan.project_id,
		plan_id: plan.id,
		subscriber_id: member.id,
		status: trial ? 'trialing' : 'active',
		trial_ends_at: trial && end !== null ? iso(end) : null,
		ends_at: end === null ? null : iso(end),
		created_at: iso(now),
		provider: purchase.provider,
		cancelQueued: false,
		convertedAt: null,
		canceledAt: null,
		stop: () => undefined,
	};
	world.state.subscriptions.set(subscription.id, subscription);
	member.status = standingOf(world, subscription);
	member.joined_at ??= iso(now);
	const code = accessCode === undefined ? null : eventCode(accessCode.code);
	if (accessCode !== undefined) {
		accessCode.redeemed_at = iso(now);
		accessCode.redeemed_by = member.id;
		emitFor(world, subscription, 'access_code.redeemed', { access_code: code });
	}
	emitFor(world, subscription, 'subscription.created', { access_code: code });
	if (trial) {
		emitFor(world, subscription, 'subscription.trial_started');
		emitFor(world, subscription, 'member.trial_joined', { access_code: code });
	} else {
		emitFor(world, subscription, 'member.joined', { access_code: code });
		if (accessCode === undefined) pay(world, subscription, plan, 'subscription_create');
	}
	resourceEvents(world, subscription, 'member.resource_added');
	schedulePeriod(world, subscription);
	return subscription;
}

function pay(world: World, subscription: Subscription, plan: Plan, reason: string): void {
	const payment = recordPayment(world, subscription, plan, { status: 'successful', reason });
	emitFor(world, subscription, 'payment.succeeded', paymentFacts(payment));
}

/** Waits for the end of the running period. */
export function schedulePeriod(world: World, subscription: Subscription): void {
	subscription.stop();
	subscription.stop = () => undefined;
	if (world.lifecycle === 'manual' || subscription.ends_at === null) return;
	const end = Date.parse(subscription.ends_at);
	const stops: (() => void)[] = [];
	if (subscription.status === 'trialing' && end - day > world.clock.now()) {
		// Announced a day before the trial ends.
		stops.push(
			world.clock.setTimer(end - day - world.clock.now(), () => {
				if (subscription.status === 'trialing') {
					emitFor(world, subscription, 'subscription.trial_converting');
				}
			}),
		);
	}
	stops.push(world.clock.setTimer(end - world.clock.now(), () => endPeriod(world, subscription)));
	subscription.stop = () => {
		for (const stop of stops) stop();
	};
}

/** What the end of a period brings: the next one, a conversion, or the end. */
export function endPeriod(world: World, subscription: Subscription): void {
	const plan = planOf(world, subscription);
	// In an archived project nobody is charged again (…/events/project/archived).
	const isOpen = projectOf(world, subscription).active;
	switch (subscription.status) {
		case 'trialing':
			if (isOpen && plan?.recurring === true) convert(world, subscription, plan);
			else expire(world, subscription, true);
			return;
		case 'active':
			if (isOpen && plan?.recurring === true && subscription.provider !== 'access_code') {
				renew(world, subscription, plan);
			} else {
				expire(world, subscription);
			}
			return;
		case 'paused':
			// A pause does not move the end, and nothing is charged during it.
			return;
		case 'past_due':
			// The grace period is over, and the provider has stopped trying (…/events/subscription/unpaid).
			emitFor(world, subscription, 'subscription.unpaid');
			expire(world, subscription);
			return;
		case 'canceled':
			expire(world, subscription);
			return;
		default:
			return;
	}
}

function nextPeriod(world: World, subscription: Subscription, plan: Plan): void {
	const from = Math.max(
		subscription.ends_at === null ? 0 : Date.parse(subscription.ends_at),
		world.clock.now(),
	);
	const end = addCycle(from, plan.billing_cycle, plan.billing_cycle_count);
	subscription.ends_at = end === null ? null : iso(end);
	schedulePeriod(world, subscription);
}

/** subscription.activated, member.converted, payment.succeeded. */
export function convert(world: World, subscription: Subscription, plan: Plan): void {
	subscription.status = 'active';
	subscription.convertedAt = iso(world.clock.now());
	const member = memberOf(world, subscription);
	if (member !== undefined) member.status = 'customer';
	nextPeriod(world, subscription, plan);
	emitFor(world, subscription, 'subscription.activated');
	emitFor(world, subscription, 'member.converted');
	pay(world, subscription, plan, 'subscription_cycle');
}

/** subscription.renewed, payment.succeeded. */
export function renew(world: World, subscription: Subscription, plan: Plan): void {
	subscription.status = 'active';
	nextPeriod(world, subscription, plan);
	const payment = recordPayment(world, subscription, plan, {
		status: 'successful',
		reason: 'subscription_cycle',
	});
	emitFor(world, subscription, 'subscription.renewed', paymentFacts(payment));
	emitFor(world, subscription, 'payment.succeeded', paymentFacts(payment));
}

/** A renewal that the provider refuses: subscription.past_due, payment.failed. */
export function failRenewal(world: World, subscription: Subscription, plan: Plan): void {
	subscription.status = 'past_due';
	const payment = recordPayment(world, subscription, plan, {
		status: 'failed',
		reason: 'subscription_cycle',
	});
	emitFor(world, subscription, 'subscription.past_due', paymentFacts(payment));
	emitFor(world, subscription, 'payment.failed', {
		...paymentFacts(payment),
		reason: 'card_declined',
	});
}

/**
 * Access ends: after a trial subscription.trial_expired, then subscription.expired, member.churned if it was the last
 * one, and one member.resource_removed for each resource.
 */
export function expire(world: World, subscription: Subscription, trial = false): void {
	subscription.stop();
	subscription.status = 'expired';
	subscription.ends_at = iso(world.clock.now());
	if (trial) emitFor(world, subscription, 'subscription.trial_expired');
	emitFor(world, subscription, 'subscription.expired');
	const member = memberOf(world, subscription);
	const standing = standingOf(world, subscription);
	// A ban stays, and who was kicked is not back because something ended.
	if (member?.status === 'customer' || member?.status === 'trialing') member.status = standing;
	if (standing === 'churned') emitFor(world, subscription, 'member.churned');
	resourceEvents(world, subscription, 'member.resource_removed');
}

/**
 * Cancels now: status `canceled`, subscription.cancelled. Access lasts until the period ends, or ends at once.
 *
 * @param atPeriodEnd Whether access lasts until the period ends.
 */
function cancelNow(world: World, subscription: Subscription, atPeriodEnd: boolean): void {
	if (!world.state.subscriptions.has(subscription.id)) return;
	subscription.cancelQueued = false;
	if (!live.has(subscription.status)) return;
	subscription.status = 'canceled';
	subscription.canceledAt = iso(world.clock.now());
	emitFor(world, subscription, 'subscription.cancelled');
	if (!atPeriodEnd || subscription.ends_at === null) expire(world, subscription);
}

/** Puts a cancellation on the queue; it takes effect {@link queueDelay} later. */
export function queueCancel(world: World, subscription: Subscription, atPeriodEnd: boolean): void {
	subscription.cancelQueued = true;
	world.clock.setTimer(queueDelay, () => cancelNow(world, subscription, atPeriodEnd));
}

/** Subscriptions of a member that give access. */
function liveSubscriptions(state: State, member: Member): Subscription[] {
	return inProject(state.subscriptions, member.project_id).filter(
		(row) => row.subscriber_id === member.id && live.has(row.status),
	);
}

/** member.banned, then subscription.cancelled for each active subscription. */
export function ban(world: World, member: Member, reason: string | null): void {
	member.status = 'banned';
	world.emit('member.banned', { ...memberFacts(member), reason }, projectOf(world, member));
	for (const subscription of liveSubscriptions(world.state, member)) {
		cancelNow(world, subscription, true);
	}
}

export function unban(world: World, member: Member): void {
	member.status = 'churned';
	world.emit('member.unbanned', memberFacts(member), projectOf(world, member));
}

/** member.kicked, then one member.resource_removed for each resource. Subscriptions stay. */
export function kick(world: World, member: Member, reason: string | null): void {
	const { kickedStatus } = world.switches;
	const before = memberFacts(member);
	if (kickedStatus !== 'unchanged') member.status = 'churned';
	const facts = kickedStatus === 'as_printed' ? before : memberFacts(member);
	world.emit('member.kicked', { ...facts, reason }, projectOf(world, member));
	for (const subscription of liveSubscriptions(world.state, member)) {
		// A pause took the access away already (…/events/subscription/paused).
		if (subscription.status === 'paused') continue;
		resourceEvents(world, subscription, 'member.resource_removed');
	}
}

/** Twelve characters, as many as the masked sample of the list shows, and none that looks like another. */
function newCode(world: World): string {
	const letters = '23456789ABCDEFGHJKLMNPQRSTVWXYZ';
	return Array.from(
		{ length: 12 },
		() => letters[world.random.integer(0, letters.length - 1)],
	).join('');
}

/** Makes a batch of codes without announcing it. */
export function makeCodes(
	world: World,
	plan: Plan,
	quantity: number,
	expiresAt: number | null,
	at: number = world.clock.now(),
): { readonly batchId: string; readonly codes: readonly AccessCode[] } {
	const batchId = world.ids.next('batch', at);
	const codes = Array.from({ length: quantity }, (): AccessCode => {
		const code: AccessCode = {
			id: world.ids.next('accessCode', at),
			project_id: plan.project_id,
			plan_id: plan.id,
			batch_id: batchId,
			code: newCode(world),
			redeemed_at: null,
			redeemed_by: null,
			expires_at: expiresAt === null ? null : iso(expiresAt),
			created_at: iso(at),
		};
		world.state.accessCodes.set(code.id, code);
		return code;
	});
	return { batchId, codes };
}

/** Announces each code of a batch that ran out unused, when its time comes. */
export function scheduleExpiry(world: World, codes: readonly AccessCode[]): void {
	const [first] = codes;
	if (first === undefined || first.expires_at === null || world.lifecycle === 'manual') return;
	const wait = Date.parse(first.expires_at) - world.clock.now();
	world.clock.setTimer(wait, () => {
		for (const code of codes) {
			if (code.redeemed_at !== null) continue;
			const plan = world.state.plans.get(code.plan_id);
			if (plan === undefined || !world.state.accessCodes.has(code.id)) continue;
			const facts = {
				...planFacts(plan),
				subscription_id: null,
				access_code: eventCode(code.code),
				expires_at: code.expires_at,
				expired_at: code.expires_at,
			};
			world.emit('access_code.expired', facts, projectOf(world, plan));
		}
	});
}

/** The job behind bulk-generate: codes appear and access_code.generated is sent once, {@link queueDelay} later. */
export function queueCodes(
	world: World,
	plan: Plan,
	quantity: number,
	expiresAt: number | null,
): void {
	world.clock.setTimer(queueDelay, () => {
		if (!world.state.plans.has(plan.id)) return;
		const { batchId, codes } = makeCodes(world, plan, quantity, expiresAt);
		const facts = {
			...planFacts(plan),
			batch_id: batchId,
			count: quantity,
			expires_at: expiresAt === null ? null : iso(expiresAt),
		};
		world.emit('access_code.generated', facts, projectOf(world, plan));
		scheduleExpiry(world, codes);
	});
}

const syncing: ReadonlySet<string> = new Set(['stripe', 'paypal', 'razorpay', 'paystack']);

/** The providers hear of a plan a little later: plan.sync_completed. */
export function queueSync(world: World, plan: Plan): void {
	const providers = inProject(world.state.paymentMethods, plan.project_id)
		.filter((row) => row.active && syncing.has(row.provider))
		.map((row) => row.provider);
	if (providers.length === 0) return;
	world.clock.setTimer(queueDelay * 2, () => {
		if (!world.state.plans.has(plan.id)) return;
		const facts = { plan_id: plan.id, providers, synced_at: iso(world.clock.now()) };
		world.emit('plan.sync_completed', facts, projectOf(world, plan));
	});
}
