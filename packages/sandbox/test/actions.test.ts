import type { Sandbox } from '../src/index.ts';
import { inProject, type Member, type Plan, type Subscription } from '../src/state.ts';
import { drive, idsOf, type Reply, sandboxWith } from './support/sandbox.ts';

const act = (sandbox: Sandbox, body: object): Promise<Reply> => drive(sandbox, '/actions', body);

const planOf = (sandbox: Sandbox): Plan => {
	const plan = sandbox.state.plans.get(idsOf(sandbox).plan);
	if (plan === undefined) throw new Error('The seed lacks a plan.');
	return plan;
};
const firstOf = (
	{ state, seeded }: Sandbox,
	table: 'members' | 'subscriptions',
	status: string,
): string => {
	const found = inProject<Member | Subscription>(state[table], seeded.project.id).find(
		(row) => row.status === status,
	);
	if (found === undefined) throw new Error(`The seed has no ${status} ${table}.`);
	return found.id;
};
const memberWhoIs = (sandbox: Sandbox, status: string) => firstOf(sandbox, 'members', status);
const subscriptionThatIs = (sandbox: Sandbox, status: string) =>
	firstOf(sandbox, 'subscriptions', status);
const rowsOf = (sandbox: Sandbox): string =>
	JSON.stringify([
		...sandbox.state.members.values(),
		...sandbox.state.subscriptions.values(),
		...sandbox.state.accessCodes.values(),
	]);

interface Refusal {
	readonly name: string;
	/** The action, and what is to be so before it. */
	readonly of: (sandbox: Sandbox) => object;
	readonly status: 404 | 422;
	/** The field and what is said of it; for a 404 its message. */
	readonly said: unknown;
}

const buying = (change: Partial<Plan>, status: string | null) => (sandbox: Sandbox) => {
	Object.assign(planOf(sandbox), change);
	return {
		action: 'subscribe',
		plan_id: planOf(sandbox).id,
		...(status === null ? {} : { member_id: memberWhoIs(sandbox, status) }),
	};
};
const redeeming = (sandbox: Sandbox) => ({
	action: 'redeem',
	access_code_id: idsOf(sandbox).access_code,
});

const refusals: readonly Refusal[] = [
	{
		name: 'a plan that does not exist',
		of: () => ({ action: 'subscribe', plan_id: 'pln_none' }),
		status: 404,
		said: 'plan',
	},
	{
		name: 'a plan that is not published, by a newcomer',
		of: buying({ active: false }, null),
		status: 422,
		said: { plan_id: ['The plan is not published.'] },
	},
	{
		name: 'a plan of an archived project',
		of: (sandbox) => {
			sandbox.seeded.project.active = false;
			return buying({}, null)(sandbox);
		},
		status: 422,
		said: { plan_id: ['The project is archived and takes no new signups.'] },
	},
	{
		name: 'a member who is banned',
		of: buying({}, 'banned'),
		status: 422,
		said: { member_id: ['A banned member cannot subscribe.'] },
	},
	{
		name: 'a member that does not exist',
		of: (sandbox) => ({ ...buying({}, null)(sandbox), member_id: 'usr_none' }),
		status: 404,
		said: 'No member',
	},
	{
		name: 'a member of another project',
		of: (sandbox) => {
			const other = [...sandbox.state.members.values()].find(
				(row) => row.project_id !== sandbox.seeded.project.id,
			);
			return { ...buying({}, null)(sandbox), member_id: other?.id };
		},
		status: 404,
		said: 'member',
	},
	{
		name: 'a plan for newcomers, by a customer',
		of: buying({ newcomers_only: true }, 'customer'),
		status: 422,
		said: { member_id: ['The plan is for newcomers only.'] },
	},
	{
		name: 'a plan for customers, by a newcomer',
		of: buying({ customers_only: true }, null),
		status: 422,
		said: { member_id: ['The plan is for customers only.'] },
	},
	{
		name: 'a plan for customers, by one who left',
		of: buying({ customers_only: true }, 'churned'),
		status: 422,
		said: { member_id: ['The plan is for customers only.'] },
	},
	{
		name: 'a plan for those who left, by a customer',
		of: buying({ churned_only: true }, 'customer'),
		status: 422,
		said: { member_id: ['The plan is for churned members only.'] },
	},
	{
		name: 'a plan for those who left, by a newcomer',
		of: buying({ churned_only: true }, null),
		status: 422,
		said: { member_id: ['The plan is for churned members only.'] },
	},
	{
		name: 'an access code that does not exist',
		of: () => ({ action: 'redeem', access_code_id: 'acc_none' }),
		status: 404,
		said: 'access code',
	},
	{
		name: 'an access code whose plan is gone',
		of: (sandbox) => {
			const body = redeeming(sandbox);
			sandbox.state.plans.clear();
			return body;
		},
		status: 404,
		said: 'access code',
	},
	{
		name: 'an access code of a plan that is not published, by a newcomer',
		of: (sandbox) => {
			// The codes of a fresh account are all of this plan.
			planOf(sandbox).active = false;
			return redeeming(sandbox);
		},
		status: 422,
		said: { plan_id: ['The plan is not published.'] },
	},
	{
		name: 'a subscription that does not exist',
		of: () => ({ action: 'renew', subscription_id: 'sub_none' }),
		status: 404,
		said: 'subscription',
	},
	{
		name: 'a subscription whose plan is gone',
		of: (sandbox) => {
			sandbox.state.plans.clear();
			return { action: 'renew', subscription_id: subscriptionThatIs(sandbox, 'active') };
		},
		status: 404,
		said: 'plan',
	},
	{
		name: 'the conversion of what is no trial',
		of: (sandbox) => ({
			action: 'convert_trial',
			subscription_id: subscriptionThatIs(sandbox, 'active'),
		}),
		status: 422,
		said: { subscription_id: ['The subscription is not on trial.'] },
	},
	...(['canceled', 'expired'] as const).flatMap((ended) =>
		(['renew', 'fail_payment', 'end_period', 'expire'] as const)
			// A cancelled one gives access until its period ends, and that end may come early.
			.filter((action) => ended === 'expired' || action === 'renew' || action === 'fail_payment')
			.map((action) => ({
				name: `${action} of a subscription that is ${ended}`,
				of: (sandbox: Sandbox) => ({
					action,
					subscription_id: subscriptionThatIs(sandbox, ended),
				}),
				status: 422 as const,
				said: { subscription_id: [`It is ${ended}.`] },
			})),
	),
	{
		name: 'the renewal of a trial, which is converted',
		of: (sandbox) => ({
			action: 'renew',
			subscription_id: subscriptionThatIs(sandbox, 'trialing'),
		}),
		status: 422,
		said: { subscription_id: ['The subscription is still on trial: use convert_trial.'] },
	},
	...['renew', 'fail_payment', 'end_period'].map((action): Refusal => ({
		name: `${action} of a lifetime, which has no next period`,
		of: (sandbox) => {
			const id = subscriptionThatIs(sandbox, 'active');
			const row = sandbox.state.subscriptions.get(id);
			if (row !== undefined) row.ends_at = null;
			return { action, subscription_id: id };
		},
		status: 422,
		said: { subscription_id: ['The subscription is for a lifetime and has no period.'] },
	})),
];

describe('an action that is refused says why and leaves the account as it was', () => {
	it.each(refusals.map((row) => [row.name, row] as const))(
		'%s',
		async (_, { of, status, said }) => {
			const sandbox = await sandboxWith();
			const body = of(sandbox);
			const before = rowsOf(sandbox);
			const reply = await act(sandbox, body);
			expect(reply.status).toBe(status);
			if (status === 422) expect(reply.at('error.fields')).toEqual(said);
			else expect(String(reply.at('error.message'))).toContain(String(said));
			expect(rowsOf(sandbox)).toBe(before);
		},
	);

	it('an access code is redeemed once', async () => {
		const sandbox = await sandboxWith();
		const body = redeeming(sandbox);
		expect((await act(sandbox, body)).status).toBe(201);
		const again = await act(sandbox, body);
		expect(again.at('error.fields')).toEqual({
			access_code_id: ['The access code was redeemed or has expired.'],
		});
	});

	it('an access code is not redeemed at the moment it runs out, and is a millisecond before', async () => {
		const sandbox = await sandboxWith();
		const body = redeeming(sandbox);
		const code = sandbox.state.accessCodes.get(body.access_code_id);
		if (code === undefined) throw new Error('The account has no access code.');
		const expireAt = (ms: number): void => {
			sandbox.state.accessCodes.set(code.id, { ...code, expires_at: new Date(ms).toISOString() });
		};
		expireAt(sandbox.clock.now());
		expect((await act(sandbox, body)).at('error.fields')).toEqual({
			access_code_id: ['The access code was redeemed or has expired.'],
		});
		expireAt(sandbox.clock.now() + 1);
		expect((await act(sandbox, body)).status).toBe(201);
	});
});

describe('a purchase', () => {
	it.each([
		[{}, { name: 'Newcomer 33', email: 'newcomer33@example.com' }],
		[
			{ name: 'Zoë Doe', email: 'zoe@example.org' },
			{ name: 'Zoë Doe', email: 'zoe@example.org' },
		],
	])('with %j is made by a newcomer who is %j', async (given, expected) => {
		const sandbox = await sandboxWith();
		const reply = await act(sandbox, { ...buying({}, null)(sandbox), ...given });
		const member = sandbox.state.members.get(String(reply.data['subscriber_id']));
		expect(member).toMatchObject({
			...expected,
			email_verified: true,
			status: 'customer',
			joined_at: '2026-06-01T09:00:00Z',
			chat_id: expect.stringMatching(/^9\d{8}$/),
		});
	});

	it('is paid by the first active method of the project that takes the currency', async () => {
		const sandbox = await sandboxWith();
		const plan = planOf(sandbox);
		const methods = inProject(sandbox.state.paymentMethods, plan.project_id);
		const buy = async (takes: Readonly<Record<string, object>>): Promise<unknown> => {
			for (const row of methods) {
				const change = takes[row.provider] ?? { active: false };
				sandbox.state.paymentMethods.set(row.id, { ...row, ...change });
			}
			return (await act(sandbox, buying({}, null)(sandbox))).data['provider'];
		};
		const [takesIt, takesOthers] = [
			{ active: true, currency_ids: [plan.currency_id] },
			{ active: true, currency_ids: ['cur_other'] },
		];
		expect(await buy({ stripe: takesIt, paypal: takesIt })).toBe('stripe');
		expect(await buy({ stripe: takesOthers, paypal: takesIt })).toBe('paypal');
		expect(await buy({ paypal: takesIt })).toBe('paypal');
	});
});

describe('an action on a subscription', () => {
	it.each([
		['convert_trial', 'trialing', 'active'],
		['expire', 'active', 'expired'],
		['end_period', 'canceled', 'expired'],
	])('%s makes one that is %s %s', async (action, before, after) => {
		const sandbox = await sandboxWith();
		const id = subscriptionThatIs(sandbox, before);
		const reply = await act(sandbox, { action, subscription_id: id });
		expect([reply.status, reply.data['id'], reply.data['status']]).toEqual([201, id, after]);
		expect(reply.data).not.toHaveProperty('stop');
	});

	it.each([
		['active', null],
		['trialing', '2026-06-01T09:00:00Z'],
	])(
		'end_period ends the period of one that is %s now, and the next runs from now',
		async (status, trialEnd) => {
			const sandbox = await sandboxWith();
			const id = subscriptionThatIs(sandbox, status);
			for (const plan of sandbox.state.plans.values()) {
				Object.assign(plan, { billing_cycle: 'months', billing_cycle_count: 1, recurring: true });
			}
			const reply = await act(sandbox, { action: 'end_period', subscription_id: id });
			expect(reply.data).toMatchObject({
				status: 'active',
				trial_ends_at: trialEnd,
				// A month after the time at which the clock stands.
				ends_at: '2026-07-01T09:00:00Z',
			});
		},
	);

	it.each([
		['customers', { customers_only: true }, 'customer'],
		['those who left', { churned_only: true }, 'churned'],
		['newcomers', { newcomers_only: true }, null],
	])('a plan for %s is theirs to buy', async (_, change, status) => {
		const sandbox = await sandboxWith();
		const reply = await act(sandbox, buying(change, status)(sandbox));
		expect(reply.status).toBe(201);
		expect(sandbox.state.members.has(String(reply.data['subscriber_id']))).toBe(true);
	});
});

describe('the status of a member with several subscriptions', () => {
	const buy = async (sandbox: Sandbox, member: string, trialDays: number): Promise<string> => {
		const plan = planOf(sandbox);
		plan.trial_days = trialDays;
		const reply = await act(sandbox, {
			action: 'subscribe',
			plan_id: plan.id,
			member_id: member,
		});
		return String(reply.data['id']);
	};

	it('is that of a customer as long as one of them is paid', async () => {
		const sandbox = await sandboxWith();
		const id = memberWhoIs(sandbox, 'churned');
		const status = () => sandbox.state.members.get(id)?.status;
		const trial = await buy(sandbox, id, 7);
		expect(status()).toBe('trialing');
		const paid = await buy(sandbox, id, 0);
		expect(status()).toBe('customer');
		const another = await buy(sandbox, id, 7);
		expect(status()).toBe('customer');
		await act(sandbox, { action: 'expire', subscription_id: another });
		expect(status()).toBe('customer');
		await act(sandbox, { action: 'expire', subscription_id: paid });
		expect(status()).toBe('trialing');
		await act(sandbox, { action: 'expire', subscription_id: trial });
		expect(status()).toBe('churned');
	});
});
