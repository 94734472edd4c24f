import { notFound, orNotFound, wrongField } from './errors.ts';
import {
	convert,
	endPeriod,
	expire,
	failRenewal,
	hasAccess,
	renew,
	subscribe,
} from './lifecycle.ts';
import { hasExpired, inProject, type Member, type Plan, type Subscription } from './state.ts';
import { iso } from './time.ts';
import type { World } from './world.ts';

/**
 * What subscribers and payment providers do, which no call of the API can: buying, redeeming, paying, not paying.
 * `POST /_sandbox/actions`.
 */
export const actions = {
	subscribe: 'Somebody buys a plan (plan_id; member_id or name for a newcomer).',
	redeem: 'Somebody redeems an access code (access_code_id; member_id or name).',
	renew: 'The next period is paid (subscription_id).',
	fail_payment: 'The next period cannot be paid (subscription_id).',
	convert_trial: 'A trial becomes paid (subscription_id).',
	end_period: 'The running period ends now (subscription_id).',
	expire: 'Access ends now (subscription_id).',
} as const;

type ActionName = keyof typeof actions;

type Raw = Readonly<Record<string, unknown>>;

const textAt = (raw: Raw, name: string): string => {
	const value = raw[name];
	return typeof value === 'string' ? value : '';
};

/** The member that is named, or a newcomer, who joins the account only when the purchase is through. */
function memberFor(world: World, plan: Plan, raw: Raw): Member {
	const id = textAt(raw, 'member_id');
	if (id !== '') {
		const member = world.state.members.get(id);
		if (member?.project_id !== plan.project_id) throw notFound('member');
		return member;
	}
	const name = textAt(raw, 'name');
	const count = inProject(world.state.members, plan.project_id).length + 1;
	return {
		id: world.ids.next('member'),
		project_id: plan.project_id,
		name: name === '' ? `Newcomer ${count}` : name,
		email: textAt(raw, 'email') === '' ? `newcomer${count}@example.com` : textAt(raw, 'email'),
		email_verified: true,
		chat_id: String(900_000_000 + world.random.integer(0, 99_999_999)),
		status: 'lead',
		joined_at: null,
	};
}

/**
 * Who buys.
 *
 * @throws ApiError where that member may not, or where the plan is not to be had; the account is as it was then.
 */
function buyerOf(world: World, plan: Plan, raw: Raw): Member {
	const member = memberFor(world, plan, raw);
	mayBuy(world, plan, member);
	world.state.members.set(member.id, member);
	return member;
}

function mayBuy(world: World, plan: Plan, member: Member): void {
	if (member.status === 'banned') {
		throw wrongField('member_id', 'A banned member cannot subscribe.');
	}
	if (!plan.active) throw wrongField('plan_id', 'The plan is not published.');
	if (world.state.projects.get(plan.project_id)?.active !== true) {
		throw wrongField('plan_id', 'The project is archived and takes no new signups.');
	}
	const before = inProject(world.state.subscriptions, plan.project_id).filter(
		(row) => row.subscriber_id === member.id,
	);
	const current = before.some((row) => hasAccess(row, world.clock.now()));
	if (plan.newcomers_only && before.length > 0) {
		throw wrongField('member_id', 'The plan is for newcomers only.');
	}
	if (plan.customers_only && !current) {
		throw wrongField('member_id', 'The plan is for customers only.');
	}
	if (plan.churned_only && (current || before.length === 0)) {
		throw wrongField('member_id', 'The plan is for churned members only.');
	}
}

/**
 * The subscription that is named.
 *
 * @param done Statuses in which this cannot happen to it: each transition happens once.
 */
function subscriptionAt(world: World, raw: Raw, done: readonly string[]): Subscription {
	const id = textAt(raw, 'subscription_id');
	const row = orNotFound(world.state.subscriptions.get(id), 'subscription');
	if (done.includes(row.status)) throw wrongField('subscription_id', `It is ${row.status}.`);
	return row;
}

/** The plan of a subscription, which may have been deleted meanwhile. */
function planOf(world: World, row: Subscription): Plan {
	return orNotFound(world.state.plans.get(row.plan_id), 'plan');
}

function hasPeriod(row: Subscription): void {
	if (row.ends_at === null) {
		throw wrongField('subscription_id', 'The subscription is for a lifetime and has no period.');
	}
}

/** How each is done. Returns the subscription it was about. */
const carryOut: Readonly<Record<ActionName, (world: World, raw: Raw) => Subscription>> = {
	subscribe(world, raw) {
		const plan = orNotFound(world.state.plans.get(textAt(raw, 'plan_id')), 'plan');
		const member = buyerOf(world, plan, raw);
		const method = inProject(world.state.paymentMethods, plan.project_id).find(
			(one) => one.active && one.currency_ids.includes(plan.currency_id),
		);
		return subscribe(world, { plan, member, provider: method?.provider ?? 'stripe' });
	},
	redeem(world, raw) {
		const accessCode = world.state.accessCodes.get(textAt(raw, 'access_code_id'));
		const plan = world.state.plans.get(accessCode?.plan_id ?? '');
		if (accessCode === undefined || plan === undefined) throw notFound('access code');
		if (accessCode.redeemed_at !== null || hasExpired(accessCode, world.clock.now())) {
			throw wrongField('access_code_id', 'The access code was redeemed or has expired.');
		}
		const member = buyerOf(world, plan, raw);
		return subscribe(world, { plan, member, provider: 'access_code', accessCode });
	},
	renew(world, raw) {
		const row = subscriptionAt(world, raw, ['canceled', 'expired']);
		if (row.status === 'trialing') {
			throw wrongField('subscription_id', 'The subscription is still on trial: use convert_trial.');
		}
		const plan = planOf(world, row);
		hasPeriod(row);
		renew(world, row, plan);
		return row;
	},
	fail_payment(world, raw) {
		const row = subscriptionAt(world, raw, ['canceled', 'expired']);
		const plan = planOf(world, row);
		hasPeriod(row);
		failRenewal(world, row, plan);
		return row;
	},
	convert_trial(world, raw) {
		const row = subscriptionAt(world, raw, []);
		const plan = planOf(world, row);
		if (row.status !== 'trialing') {
			throw wrongField('subscription_id', 'The subscription is not on trial.');
		}
		convert(world, row, plan);
		return row;
	},
	end_period(world, raw) {
		const row = subscriptionAt(world, raw, ['expired']);
		hasPeriod(row);
		row.ends_at = iso(world.clock.now());
		if (row.status === 'trialing') row.trial_ends_at = row.ends_at;
		endPeriod(world, row);
		return row;
	},
	expire(world, raw) {
		const row = subscriptionAt(world, raw, ['expired']);
		expire(world, row);
		return row;
	},
};

const isAction = (name: string): name is ActionName => Object.hasOwn(actions, name);

/**
 * Does what a subscriber or a provider would do, with all events of it.
 *
 * @returns The subscription it was about.
 * @throws ApiError where the action or what it names is wrong.
 */
export function act(world: World, raw: Raw): Subscription {
	const name = textAt(raw, 'action');
	if (isAction(name)) return carryOut[name](world, raw);
	throw wrongField('action', `Must be one of: ${Object.keys(actions).join(', ')}.`);
}
