import type { Sandbox } from '../src/index.ts';
import { inProject, type Plan, type Subscription } from '../src/state.ts';
import { day, hour, second } from '../src/time.ts';
import { ask, idsOf, listen, planBody, sandboxWith } from './support/sandbox.ts';

const project = (sandbox: Sandbox): string => `/v1/projects/${sandbox.seeded.project.id}`;
const removedTwice = ['member.resource_removed', 'member.resource_removed'];

/** Somebody buys Premium Monthly, with what is changed of it. The row of the account, as it is from now on. */
function buy(sandbox: Sandbox, change: Partial<Plan> = {}, memberId?: string): Subscription {
	const plan = sandbox.state.plans.get(idsOf(sandbox).plan);
	if (plan === undefined) throw new Error('The seed lacks a plan.');
	Object.assign(plan, change);
	const { id } = sandbox.act({ action: 'subscribe', plan_id: plan.id, member_id: memberId });
	return rowOf(sandbox, id);
}

function rowOf(sandbox: Sandbox, id: string): Subscription {
	const row = sandbox.state.subscriptions.get(id);
	if (row === undefined) throw new Error('There is no such subscription.');
	return row;
}

const cancel = (sandbox: Sandbox, { id }: Subscription) =>
	ask(sandbox, 'POST', `/v1/subscriptions/${id}/cancel`);

/** Types of what is heard of one subscription from now on. */
function hear(sandbox: Sandbox, { id }: Subscription): () => readonly string[] {
	const { events } = listen(sandbox);
	return () => events.filter(({ data }) => data['subscription_id'] === id).map(({ type }) => type);
}

describe('a subscription', () => {
	it.each<[string, Partial<Plan>, object]>([
		['paid', {}, { status: 'active', trial_ends_at: null, ends_at: '2026-07-01T09:00:00Z' }],
		[
			'tried out',
			{ trial_days: 7 },
			{
				status: 'trialing',
				trial_ends_at: '2026-06-08T09:00:00Z',
				ends_at: '2026-06-08T09:00:00Z',
			},
		],
		[
			'bought for a lifetime',
			{ billing_cycle: 'lifetime' },
			{ status: 'active', trial_ends_at: null, ends_at: null },
		],
	])('that is %s has a period: %j gives %j', async (_, change, expected) => {
		const sandbox = await sandboxWith();
		expect(buy(sandbox, change)).toMatchObject(expected);
	});

	it.each<[string, Partial<Plan>, readonly string[]]>([
		[
			'paid once',
			{ recurring: false },
			['subscription.expired', 'member.churned', ...removedTwice],
		],
		[
			'tried out, of a plan that is paid once',
			{ recurring: false, trial_days: 7 },
			[
				'subscription.trial_converting',
				'subscription.trial_expired',
				'subscription.expired',
				'member.churned',
				...removedTwice,
			],
		],
		[
			'tried out for a day, which leaves none for a reminder',
			{ trial_days: 1 },
			['subscription.activated', 'member.converted', 'payment.succeeded'],
		],
	])('that was %s, at its end', async (_, change, types) => {
		const sandbox = await sandboxWith();
		const heard = hear(sandbox, buy(sandbox, change));
		await sandbox.advance(7 * day);
		if (change.trial_days === undefined) await sandbox.advance(24 * day);
		expect(heard()).toEqual(types);
	});

	it('that was bought with a code is neither tried out nor charged: it ends', async () => {
		const sandbox = await sandboxWith();
		const { plan, access_code } = idsOf(sandbox);
		Object.assign(sandbox.state.plans.get(plan) ?? {}, { trial_days: 7 });
		const { id } = sandbox.act({ action: 'redeem', access_code_id: access_code });
		const row = rowOf(sandbox, id);
		expect(row).toMatchObject({ plan_id: plan, status: 'active', trial_ends_at: null });
		const heard = hear(sandbox, row);
		await sandbox.advance(31 * day);
		expect(heard()).toEqual(['subscription.expired', 'member.churned', ...removedTwice]);
	});

	it('that is paused is neither charged nor ended', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox);
		row.status = 'paused';
		const heard = hear(sandbox, row);
		await sandbox.advance(40 * day);
		expect([heard(), row.status]).toEqual([[], 'paused']);
	});

	it('that is renewed early goes on from its end, and is not renewed again at the old one', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox);
		sandbox.act({ action: 'renew', subscription_id: row.id });
		expect(row.ends_at).toBe('2026-08-01T09:00:00Z');
		const heard = hear(sandbox, row);
		await sandbox.advance(45 * day);
		expect(heard()).toEqual([]);
	});

	it('that is renewed late goes on from now', async () => {
		const sandbox = await sandboxWith({ lifecycle: 'manual' });
		const row = buy(sandbox);
		await sandbox.advance(40 * day);
		sandbox.act({ action: 'renew', subscription_id: row.id });
		expect(row.ends_at).toBe('2026-08-11T09:00:00Z');
	});

	it('on trial that is converted early is that of a customer, who is reminded of nothing', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox, { trial_days: 7 });
		const member = sandbox.state.members.get(row.subscriber_id);
		expect(member?.status).toBe('trialing');
		sandbox.act({ action: 'convert_trial', subscription_id: row.id });
		expect([member?.status, row.status, row.convertedAt]).toEqual([
			'customer',
			'active',
			'2026-06-01T09:00:00Z',
		]);
		const heard = hear(sandbox, row);
		await sandbox.advance(10 * day);
		expect(heard()).toEqual([]);
	});
});

describe('a payment', () => {
	const last = ({ state }: Sandbox) => [...state.payments.values()].at(-1);

	it.each<[string, Partial<Plan>, object]>([
		['29.00', {}, { amount: '29.00', fee: '1.14' }],
		['nothing', { price: '0.00' }, { amount: '0.00', fee: '0.00' }],
	])('of %s costs 2.9 % and 0.30, or nothing', async (_, change, expected) => {
		const sandbox = await sandboxWith();
		buy(sandbox, change);
		expect(last(sandbox)).toMatchObject({
			...expected,
			status: 'successful',
			billing_reason: 'subscription_create',
			occurred_at: '2026-06-01T09:00:00Z',
		});
	});

	it('that fails costs nothing', async () => {
		const sandbox = await sandboxWith();
		const { id } = buy(sandbox);
		sandbox.act({ action: 'fail_payment', subscription_id: id });
		expect(last(sandbox)).toMatchObject({
			amount: '29.00',
			fee: '0.00',
			status: 'failed',
			billing_reason: 'subscription_cycle',
		});
	});

	it('names the method that it was made with', async () => {
		const sandbox = await sandboxWith();
		const { paymentMethods } = sandbox.state;
		const methods = inProject(paymentMethods, sandbox.seeded.project.id);
		for (const row of methods) {
			paymentMethods.set(row.id, { ...row, active: row.provider === 'paypal' });
		}
		buy(sandbox);
		const paypal = methods.find(({ provider }) => provider === 'paypal');
		expect(last(sandbox)).toMatchObject({ provider: 'paypal', method_id: paypal?.id });
	});
});

describe('a cancellation', () => {
	it('that is asked for twice happens once, and shows as queued meanwhile', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox);
		const heard = hear(sandbox, row);
		await cancel(sandbox, row);
		expect((await cancel(sandbox, row)).status).toBe(200);
		expect(row.cancelQueued).toBe(true);
		await sandbox.advance(2 * second);
		expect([heard(), row.cancelQueued]).toEqual([['subscription.cancelled'], false]);
	});

	it('of what has ended meanwhile changes nothing', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox);
		const heard = hear(sandbox, row);
		await cancel(sandbox, row);
		sandbox.act({ action: 'expire', subscription_id: row.id });
		await sandbox.advance(2 * second);
		expect(row.status).toBe('expired');
		expect(heard()).toEqual(['subscription.expired', 'member.churned', ...removedTwice]);
	});

	it('of a lifetime, which has no period to wait for, ends it at once', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox, { billing_cycle: 'lifetime' });
		const heard = hear(sandbox, row);
		await cancel(sandbox, row);
		await sandbox.advance(2 * second);
		expect(heard()).toEqual([
			'subscription.cancelled',
			'subscription.expired',
			'member.churned',
			...removedTwice,
		]);
	});

	it('of a trial is the end of its reminders, not of the trial', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox, { trial_days: 7 });
		const heard = hear(sandbox, row);
		await cancel(sandbox, row);
		await sandbox.advance(7 * day - 1);
		expect(heard()).toEqual(['subscription.cancelled']);
		await sandbox.advance(1);
		expect(heard().slice(1, 3)).toEqual(['subscription.expired', 'member.churned']);
	});

	it('leaves access until the period ends, and not a moment longer', async () => {
		const sandbox = await sandboxWith({ lifecycle: 'manual' });
		const row = buy(sandbox);
		await cancel(sandbox, row);
		await sandbox.advance(Date.parse('2026-07-01T09:00:00Z') - 1 - sandbox.clock.now());
		const again = (change: Partial<Plan>) => () => buy(sandbox, change, row.subscriber_id);
		expect(again({ churned_only: true })).toThrow('The plan is for churned members only.');
		await sandbox.advance(1);
		expect(again({ churned_only: false, customers_only: true })).toThrow(
			'The plan is for customers only.',
		);
	});
});

describe('a member', () => {
	it('who is banned stays banned when what they had ends', async () => {
		const sandbox = await sandboxWith();
		const { subscriber_id: id } = buy(sandbox);
		await ask(sandbox, 'POST', `${project(sandbox)}/members/${id}/ban`);
		await sandbox.advance(31 * day);
		expect(sandbox.state.members.get(id)?.status).toBe('banned');
	});

	it('who is kicked is not back because one of two subscriptions ends', async () => {
		const sandbox = await sandboxWith();
		const row = buy(sandbox);
		buy(sandbox, {}, row.subscriber_id);
		await ask(sandbox, 'POST', `${project(sandbox)}/members/${row.subscriber_id}/kick`);
		sandbox.act({ action: 'expire', subscription_id: row.id });
		expect(sandbox.state.members.get(row.subscriber_id)?.status).toBe('churned');
	});

	it('has churned with the last subscription, not before', async () => {
		const sandbox = await sandboxWith();
		const one = buy(sandbox);
		const other = buy(sandbox, {}, one.subscriber_id);
		const { types } = listen(sandbox);
		sandbox.act({ action: 'expire', subscription_id: one.id });
		expect(types()).not.toContain('member.churned');
		sandbox.act({ action: 'expire', subscription_id: other.id });
		expect(types()).toContain('member.churned');
	});

	it.each([
		['cancelled a trial', 'trialing', false],
		['cancelled what was paid', 'customer', true],
	])('who %s is %s until it ends', async (_, status, converts) => {
		const sandbox = await sandboxWith();
		const cancelled = buy(sandbox, { trial_days: 7 });
		const other = buy(sandbox, {}, cancelled.subscriber_id);
		if (converts) sandbox.act({ action: 'convert_trial', subscription_id: cancelled.id });
		await cancel(sandbox, cancelled);
		await sandbox.advance(2 * second);
		sandbox.act({ action: 'expire', subscription_id: other.id });
		expect(sandbox.state.members.get(cancelled.subscriber_id)?.status).toBe(status);
	});
});

it('a resource is taken from those whose plan has it', async () => {
	const sandbox = await sandboxWith();
	const { plan, resource } = idsOf(sandbox);
	Object.assign(sandbox.state.plans.get(plan) ?? {}, { resource_ids: [] });
	const { events } = listen(sandbox);
	await ask(sandbox, 'DELETE', `${project(sandbox)}/resources/${resource}`);
	const from = events
		.filter(({ type }) => type === 'member.resource_removed')
		.map(({ data }) => sandbox.state.subscriptions.get(String(data['subscription_id']))?.plan_id);
	expect(from.length).toBeGreaterThan(0);
	expect(from).not.toContain(plan);
});

describe('access codes', () => {
	const order = (sandbox: Sandbox, body: object) =>
		ask(
			sandbox,
			'POST',
			`${project(sandbox)}/plans/${idsOf(sandbox).plan}/access-codes/bulk-generate`,
			{ body: { export_type: 'file', ...body } },
		);
	const codesOf = ({ state }: Sandbox) => [...state.accessCodes.values()];

	it('that ran out are told of, but for those that were redeemed or deleted', async () => {
		const sandbox = await sandboxWith();
		const { events } = listen(sandbox);
		await order(sandbox, { quantity: 3, expiry_preset: '1_day' });
		await sandbox.advance(2 * second);
		const [redeemed, deleted, left] = codesOf(sandbox).slice(-3);
		if (redeemed === undefined || deleted === undefined || left === undefined) {
			throw new Error('There are no codes.');
		}
		sandbox.act({ action: 'redeem', access_code_id: redeemed.id });
		sandbox.state.accessCodes.delete(deleted.id);
		await sandbox.advance(day);
		const told = (type: string) => events.filter((event) => event.type === type);
		expect(told('access_code.generated').map(({ data }) => data)).toMatchObject([
			{ count: 3, expires_at: '2026-06-02T09:00:00Z' },
		]);
		expect(told('access_code.expired').map(({ data }) => data)).toMatchObject([
			{ access_code: `masked_${left.code.slice(-5)}`, expires_at: '2026-06-02T09:00:00Z' },
		]);
	});

	it('without an end are not told of', async () => {
		const sandbox = await sandboxWith();
		const before = codesOf(sandbox).length;
		await order(sandbox, { quantity: 1, expiry_preset: 'no_expiry' });
		await sandbox.advance(2 * second);
		const { types } = listen(sandbox);
		await sandbox.advance(59 * day);
		expect(codesOf(sandbox)).toHaveLength(before + 1);
		expect(types()).not.toContain('access_code.expired');
	});

	it('of a plan that is deleted meanwhile are not made', async () => {
		const sandbox = await sandboxWith();
		await order(sandbox, { quantity: 3, expiry_preset: '1_day' });
		await ask(sandbox, 'DELETE', `${project(sandbox)}/plans/${idsOf(sandbox).plan}`);
		const { types } = listen(sandbox);
		await sandbox.advance(2 * second);
		expect([types(), codesOf(sandbox)]).toEqual([[], []]);
	});
});

describe('the providers', () => {
	const create = async (sandbox: Sandbox): Promise<string> => {
		const body = planBody(sandbox);
		const made = await ask(sandbox, 'POST', `${project(sandbox)}/plans`, { body });
		return String(made.data['id']);
	};

	it('hear of a new plan 4 seconds later, those that are active and charge by themselves', async () => {
		const sandbox = await sandboxWith();
		const { events } = listen(sandbox);
		const plan_id = await create(sandbox);
		await sandbox.advance(4 * second - 1);
		expect(events.map(({ type }) => type)).toEqual(['plan.created']);
		await sandbox.advance(1);
		expect(events[1]?.data).toEqual({
			plan_id,
			providers: ['stripe', 'paypal'],
			synced_at: '2026-06-01T09:00:04Z',
		});
	});

	it.each(['coinpayments', 'telegram_stars', 'access_code'])(
		'do not hear of it where there is nothing but %s',
		async (provider) => {
			const sandbox = await sandboxWith();
			const { paymentMethods } = sandbox.state;
			for (const [id, row] of paymentMethods) paymentMethods.set(id, { ...row, provider });
			const { types } = listen(sandbox);
			await create(sandbox);
			await sandbox.advance(5 * second);
			expect(types()).toEqual(['plan.created']);
		},
	);

	it('do not hear of one that is deleted meanwhile', async () => {
		const sandbox = await sandboxWith();
		await ask(sandbox, 'DELETE', `${project(sandbox)}/plans/${await create(sandbox)}`);
		const { types } = listen(sandbox);
		await sandbox.advance(5 * second);
		expect(types()).toEqual([]);
	});
});

describe('as time passes, the sandbox', () => {
	it('renews what is due, and each renewal is one charge', async () => {
		const sandbox = await sandboxWith();
		const subscription = sandbox.act({
			action: 'subscribe',
			plan_id: idsOf(sandbox).plan,
		});
		const heard = listen(sandbox);
		await sandbox.advance(70 * day);
		const own = heard.events.filter((event) => event.data['subscription_id'] === subscription.id);
		expect(own.map((event) => event.type)).toEqual([
			'subscription.renewed',
			'payment.succeeded',
			'subscription.renewed',
			'payment.succeeded',
		]);
	});

	it('converts a trial: reminder, then activated, converted, paid', async () => {
		const sandbox = await sandboxWith();
		const trial = inProject(sandbox.state.plans, sandbox.seeded.project.id).find(
			(plan) => plan.trial_days > 0,
		);
		const { id } = sandbox.act({ action: 'subscribe', plan_id: trial?.id });
		const heard = listen(sandbox);
		await sandbox.advance(14 * day + hour);
		const own = heard.events.filter((event) => event.data['subscription_id'] === id);
		expect(own.map((event) => [event.type, event.created_at])).toEqual([
			['subscription.trial_converting', '2026-06-14T09:00:00Z'],
			['subscription.activated', '2026-06-15T09:00:00Z'],
			['member.converted', '2026-06-15T09:00:00Z'],
			['payment.succeeded', '2026-06-15T09:00:00Z'],
		]);
	});

	it.each([
		['paid', 0, ['subscription.expired', 'member.churned']],
		[
			'tried out',
			14,
			[
				'subscription.trial_converting',
				'subscription.trial_expired',
				'subscription.expired',
				'member.churned',
			],
		],
	])(
		'charges nobody in an archived project: what was %s runs to its end and expires',
		async (_what, days, types) => {
			const sandbox = await sandboxWith();
			const plan = inProject(sandbox.state.plans, sandbox.seeded.project.id).find(
				(row) => row.active && row.recurring && row.trial_days === days,
			);
			const { id } = sandbox.act({ action: 'subscribe', plan_id: plan?.id });
			await ask(sandbox, 'POST', `${project(sandbox)}/archive`);
			const heard = listen(sandbox);
			await sandbox.advance(400 * day);
			const own = heard.events.filter((event) => event.data['subscription_id'] === id);
			expect(
				own.map(({ type }) => type).filter((type) => type !== 'member.resource_removed'),
			).toEqual(types);
			const charges = heard.events.filter(
				(event) =>
					event.type === 'payment.succeeded' && event.project_id === sandbox.seeded.project.id,
			);
			expect(charges).toEqual([]);
		},
	);

	it('ends what stays unpaid when the grace period does: unpaid, expired, churned', async () => {
		const sandbox = await sandboxWith();
		const { id } = sandbox.act({ action: 'subscribe', plan_id: idsOf(sandbox).plan });
		sandbox.act({ action: 'fail_payment', subscription_id: id });
		const heard = listen(sandbox);
		await sandbox.advance(40 * day);
		const own = heard.events.filter((event) => event.data['subscription_id'] === id);
		expect(own.map((event) => event.type)).toEqual([
			'subscription.unpaid',
			'subscription.expired',
			'member.churned',
			...removedTwice,
		]);
	});

	it('ends what was cancelled when its period ends', async () => {
		const sandbox = await sandboxWith();
		const { id, subscriber_id: member } = sandbox.act({
			action: 'subscribe',
			plan_id: idsOf(sandbox).plan,
		});
		await ask(sandbox, 'POST', `/v1/subscriptions/${id}/cancel`);
		await sandbox.advance(10 * second);
		const heard = listen(sandbox);
		expect(sandbox.state.members.get(member)?.status).toBe('customer');
		await sandbox.advance(31 * day);
		const own = heard.events.filter((event) => event.data['subscription_id'] === id);
		expect(own.map((event) => event.type)).toEqual([
			'subscription.expired',
			'member.churned',
			'member.resource_removed',
			'member.resource_removed',
		]);
		expect(sandbox.state.members.get(member)?.status).toBe('churned');
	});

	it('announces each access code that ran out unused', async () => {
		const sandbox = await sandboxWith();
		const heard = listen(sandbox);
		await sandbox.advance(61 * day);
		const expired = heard.events.filter((event) => event.type === 'access_code.expired');
		expect(expired).toHaveLength(5);
		expect(expired[0]?.data['access_code']).toMatch(/^masked_[0-9A-Z]{5}$/);
	});

	it('a fresh account is quiet for its first four days', async () => {
		const sandbox = await sandboxWith();
		const heard = listen(sandbox);
		await sandbox.advance(4 * day);
		expect(heard.types()).toEqual([]);
	});

	it('changes nothing by itself where the lifecycle is manual', async () => {
		const sandbox = await sandboxWith({ lifecycle: 'manual' });
		const heard = listen(sandbox);
		await sandbox.advance(100 * day);
		expect(heard.types()).toEqual([]);
	});
});
