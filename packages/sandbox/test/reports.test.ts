import type { Sandbox } from '../src/index.ts';
import { VirtualClock } from '../src/clock.ts';
import { inProject, type Plan, type Subscription } from '../src/state.ts';
import { ask, idsOf, type Row, sandboxWith, useSandbox } from './support/sandbox.ts';

const wednesday = Date.parse('2026-05-20T09:00:00Z');

/** For reads. */
const shared = useSandbox({ rateLimits: false });

describe('the reports', () => {
	it('the figures of the reports agree with the transactions', async () => {
		const sandbox = shared();
		const project = sandbox.seeded.project.id;
		const query = `project_id=${project}&period=90d`;
		const list = await ask(sandbox, 'GET', `/v1/analytics/transactions?${query}&limit=200`);
		const counted = list.rows.filter((row) =>
			['successful', 'refunded'].includes(String(row['status'])),
		);
		const cents = (rows: readonly Readonly<Record<string, unknown>>[]): number =>
			rows.reduce((sum, row) => sum + Math.round(Number(row['amount']) * 100), 0);
		const earnings = await ask(sandbox, 'GET', `/v1/analytics/earnings?${query}`);
		expect(earnings.at('data.totals.transactions')).toBe(counted.length);
		expect(Math.round(Number(earnings.at('data.totals.gross')) * 100)).toBe(cents(counted));
		const groups = await ask(
			sandbox,
			'GET',
			`/v1/analytics/transactions/breakdown?dimension=payment_provider&${query}`,
		);
		expect(groups.at('data.total_gross_usd')).toBe(earnings.at('data.totals.gross'));
		const refunds = `project_id=${project}&period=all&statuses[]=refunded`;
		const { rows } = await ask(sandbox, 'GET', `/v1/analytics/transactions?${refunds}`);
		expect(rows.map((row) => row['amount'])).toEqual(['-29.00']);
	});

	const onWednesday = useSandbox({ clock: new VirtualClock(wednesday), rateLimits: false });

	it.each([
		['', '2026-04-20', '2026-05-20'],
		['period=7d', '2026-05-13', '2026-05-20'],
		['period=mtd', '2026-05-01', '2026-05-20'],
		['period=qtd', '2026-04-01', '2026-05-20'],
		['period=ytd', '2026-01-01', '2026-05-20'],
		['period=1y', '2025-05-20', '2026-05-20'],
		['period=all', '1970-01-01', '2026-05-20'],
		['period=7d&from=2026-03-02&to=2026-04-01', '2026-03-02', '2026-04-01'],
		['period=7d&from=2026-03-02', '2026-05-13', '2026-05-20'],
		['period=7d&to=2026-04-01', '2026-05-13', '2026-05-20'],
	])('a report of "%s" is one from %s to %s', async (window, from, to) => {
		const sandbox = onWednesday();
		const path = `/v1/analytics/plan-performance?project_id=${sandbox.seeded.project.id}&${window}`;
		expect((await ask(sandbox, 'GET', path)).at('meta.range')).toEqual({ from, to });
	});

	describe('payments on a Thursday in April, and around midnight before a Monday in May', () => {
		const paid = useSandbox({ clock: new VirtualClock(wednesday) });
		beforeAll(() => {
			const { payments, projects } = paid().state;
			const [payment] = payments.values();
			const [, other] = projects.values();
			if (payment === undefined || other === undefined) throw new Error('The account is empty.');
			payments.clear();
			for (const [id, occurred_at, more] of [
				['pay_3', '2026-05-17T23:59:59Z', {}],
				['pay_2', '2026-04-30T12:00:00Z', { project_id: other.id, currency: 'EUR' }],
				['pay_1', '2026-05-18T00:00:00Z', {}],
			] as const) {
				payments.set(id, { ...payment, id, occurred_at, currency: 'USD', ...more });
			}
		});

		it.each([
			['day', ['2026-04-30', '2026-05-17', '2026-05-18']],
			['week', ['2026-04-27', '2026-05-11', '2026-05-18']],
			['month', ['2026-04-01', '2026-05-01']],
		])('are told by the %s: weeks begin on Mondays', async (granularity, buckets) => {
			const path = `/v1/analytics/earnings?granularity=${granularity}`;
			const reply = await ask(paid(), 'GET', path);
			const series = reply.at('data.timeseries') as readonly Row[];
			expect(series.map(({ bucket }) => bucket)).toEqual(buckets);
			expect(reply.at('meta')).toEqual({ period: '30d', granularity });
		});

		it('are listed newest first', async () => {
			const { id } = paid().seeded.project;
			const list = await ask(paid(), 'GET', `/v1/analytics/transactions?project_id=${id}`);
			expect(list.rows.map((row) => row['id'])).toEqual(['pay_1', 'pay_3']);
			expect(list.at('meta')).toEqual({ next_cursor: null, project_id: id });
		});

		it.each(['2026-05-17', '2026-05-18'])(
			'are counted from the first moment of a day to its end: one on %s',
			async (day) => {
				const path = `/v1/analytics/earnings?from=${day}&to=${day}`;
				expect((await ask(paid(), 'GET', path)).at('data.totals.transactions')).toBe(1);
			},
		);

		it.each([
			['currency', ['USD', 'EUR']],
			['project', ['Research Premium', 'Café Über Klub']],
		])('are told apart by their %s', async (dimension, labels) => {
			const path = `/v1/analytics/transactions/breakdown?dimension=${dimension}`;
			const groups = (await ask(paid(), 'GET', path)).at('data.groups') as readonly Row[];
			expect(groups.map(({ label, transactions }) => [label, transactions])).toEqual([
				[labels[0], 2],
				[labels[1], 1],
			]);
		});
	});

	it('the performance of a plan is what was paid for it, and who subscribes to it now', async () => {
		const sandbox = await sandboxWith();
		const { payments, subscriptions, plans } = sandbox.state;
		const project = sandbox.seeded.project.id;
		const [plan = '', other = ''] = inProject(plans, project).map(({ id }) => id);
		const [payment] = payments.values();
		const [subscription] = subscriptions.values();
		if (payment === undefined || subscription === undefined) throw new Error('Nothing is there.');
		payments.clear();
		subscriptions.clear();
		const occurred_at = '2026-05-31T10:00:00Z';
		for (const [id, plan_id, status, amount] of [
			['pay_1', plan, 'successful', '29.00'],
			['pay_2', plan, 'successful', '30.00'],
			['pay_3', plan, 'refunded', '29.00'],
			['pay_4', other, 'successful', '100.00'],
		] as const) {
			payments.set(id, {
				...payment,
				id,
				project_id: project,
				plan_id,
				status,
				amount,
				occurred_at,
			});
		}
		for (const [id, plan_id, status] of [
			['sub_1', plan, 'active'],
			['sub_2', plan, 'trialing'],
			['sub_3', plan, 'expired'],
			['sub_4', other, 'active'],
		] as const) {
			subscriptions.set(id, { ...subscription, id, project_id: project, plan_id, status });
		}
		const path = `/v1/analytics/plan-performance?project_id=${project}`;
		const reply = await ask(sandbox, 'GET', path);
		const { rows } = reply;
		expect(reply.at('meta.project_id')).toBe(project);
		expect(rows.find((row) => row['plan_id'] === plan)).toMatchObject({
			active_subscribers: 2,
			payments_in_window: 2,
			revenue_in_window: '59.00',
			avg_ticket: '29.50',
		});
		expect(rows.find((row) => row['plan_id'] === other)).toMatchObject({
			active_subscribers: 1,
			payments_in_window: 1,
			revenue_in_window: '100.00',
			avg_ticket: '100.00',
		});
		const idle = rows.find((row) => ![plan, other].includes(String(row['plan_id'])));
		expect(idle).toMatchObject({ payments_in_window: 0, avg_ticket: '0.00' });
	});

	it('earnings, fees and what is left of them are all in dollars, whatever was paid', async () => {
		const sandbox = await sandboxWith();
		const { payments, plans } = sandbox.state;
		payments.clear();
		const plan = [...plans.values()].find((row) => row.name === 'Röst-Abo');
		sandbox.act({ action: 'subscribe', plan_id: plan?.id, name: 'Zoë Doe' });
		expect([...payments.values()]).toMatchObject([
			{ amount: '9.50', fee: '0.58', currency: 'EUR' },
		]);
		// A euro is 1.10 dollars here.
		expect((await ask(sandbox, 'GET', '/v1/analytics/earnings')).at('data.totals')).toEqual({
			gross: '10.45',
			fees: '0.64',
			net: '9.81',
			transactions: 1,
		});
	});

	it.each([
		['dashboard', 'plan_ids', 'data.active_subscribers'],
		['dashboard', 'payment_method_ids', 'data.active_subscribers'],
		['earnings', 'plan_ids', 'data.totals.transactions'],
		['earnings', 'payment_method_ids', 'data.totals.transactions'],
		['transactions/breakdown?dimension=plan', 'plan_ids', 'data.groups.length'],
		[
			'transactions/breakdown?dimension=payment_provider',
			'payment_method_ids',
			'data.groups.length',
		],
		['transactions', 'plan_ids', 'data.length'],
		['transactions', 'provider_ids', 'data.length'],
		['transactions', 'currency_ids', 'data.length'],
	])('the report %s is narrowed by %s: its parts are the whole', async (report, filter, figure) => {
		const sandbox = shared();
		const { state, seeded } = sandbox;
		const known = {
			plan_ids: state.plans.keys(),
			payment_method_ids: state.paymentMethods.keys(),
			provider_ids: new Set([...state.paymentMethods.values()].map(({ provider }) => provider)),
			currency_ids: state.currencies.keys(),
		};
		const [path, more = ''] = report.split('?');
		const count = async (ids: readonly string[]): Promise<number> => {
			const query = new URLSearchParams(more);
			query.append('project_id', seeded.project.id);
			query.append('period', '90d');
			query.append('limit', '200');
			for (const id of ids) query.append(`${filter}[]`, id);
			const reply = await ask(sandbox, 'GET', `/v1/analytics/${path}?${query.toString()}`);
			return Number(reply.at(figure));
		};
		const counts: number[] = [];
		for (const id of known[filter as keyof typeof known]) counts.push(await count([id]));
		expect(counts.length).toBeGreaterThan(1);
		expect(Math.max(...counts)).toBeGreaterThan(0);
		expect(counts.reduce((sum, part) => sum + part)).toBe(await count([]));
		expect(await count(['none'])).toBe(0);
	});

	/** Leaves these subscriptions of Premium Monthly in the account and no others. */
	const hold = ({ state, seeded }: Sandbox, rows: readonly Partial<Subscription>[]): void => {
		const [model] = inProject(state.subscriptions, seeded.project.id);
		const plan = [...state.plans.values()].find(({ name }) => name === 'Premium Monthly');
		if (model === undefined || plan === undefined) throw new Error('The account is empty.');
		state.subscriptions.clear();
		for (const [index, row] of rows.entries()) {
			const id = `sub_${index}`;
			state.subscriptions.set(id, {
				...model,
				id,
				plan_id: plan.id,
				status: 'active',
				trial_ends_at: null,
				canceledAt: null,
				convertedAt: null,
				...row,
			});
		}
	};
	const [old, late] = ['2026-03-01T09:00:00Z', '2026-05-20T09:00:00Z'];
	const five: readonly Partial<Subscription>[] = [
		{ created_at: old },
		{ created_at: late },
		{ created_at: late, status: 'trialing', trial_ends_at: '2026-06-03T09:00:00Z' },
		{ created_at: old, trial_ends_at: '2026-05-20T09:00:00Z', convertedAt: late },
		{ created_at: old, status: 'canceled', canceledAt: late },
		{ created_at: old, status: 'expired', canceledAt: '2026-04-01T09:00:00Z' },
	];

	it('the dashboard counts who subscribes, who is new and who was lost in the last 30 days', async () => {
		const sandbox = await sandboxWith();
		hold(sandbox, five);
		const { plan } = idsOf(sandbox);
		const read = async (query = '') =>
			(await ask(sandbox, 'GET', `/v1/analytics/dashboard${query}`)).data;
		expect(await read()).toEqual({
			// Four times 29.00: what is on trial counts as well.
			mrr: '116.00',
			active_subscribers: 4,
			new_subscribers: 2,
			// One of five.
			churn_rate: 20,
			by_plan: [{ plan_id: plan, name: 'Premium Monthly', active: 4 }],
		});
		expect(await read('?statuses[]=trialing')).toMatchObject({
			mrr: '29.00',
			active_subscribers: 1,
			churn_rate: 0,
		});
		// Who has subscribed to a plan keeps it when it is deleted.
		sandbox.state.plans.delete(plan);
		expect(await read()).toMatchObject({ mrr: '0.00', active_subscribers: 4, by_plan: [] });
		sandbox.state.subscriptions.clear();
		expect(await read()).toMatchObject({ active_subscribers: 0, churn_rate: 0 });
	});

	it.each([
		['2.00', 10, 'days', '6.00'],
		['7.00', 2, 'weeks', '15.00'],
		['29.00', 1, 'months', '29.00'],
		['30.00', 3, 'months', '10.00'],
		['120.00', 1, 'years', '10.00'],
		['499.00', 1, 'lifetime', '0.00'],
	])('%s every %d %s are %s a month', async (price, billing_cycle_count, billing_cycle, mrr) => {
		const sandbox = await sandboxWith();
		hold(sandbox, [{}]);
		const change: Partial<Plan> = { price, billing_cycle_count, billing_cycle };
		for (const plan of sandbox.state.plans.values()) Object.assign(plan, change);
		const { data } = await ask(sandbox, 'GET', '/v1/analytics/dashboard');
		expect(data['mrr']).toBe(mrr);
	});

	it('what is paid in euros counts in dollars on the dashboard: 1.10 each', async () => {
		const sandbox = await sandboxWith();
		const euros = [...sandbox.state.plans.values()].find(({ name }) => name === 'Röst-Abo');
		if (euros === undefined) throw new Error('The seed lacks a plan in euros.');
		Object.assign(euros, { price: '9.50', billing_cycle: 'months', billing_cycle_count: 1 });
		hold(sandbox, [{ plan_id: euros.id, project_id: euros.project_id }]);
		const { data } = await ask(sandbox, 'GET', '/v1/analytics/dashboard');
		expect(data['mrr']).toBe('10.45');
	});

	it('the subscriber report counts trials, conversions and cancellations of the last 30 days', async () => {
		const sandbox = await sandboxWith();
		hold(sandbox, [
			...five,
			{ created_at: late, status: 'expired', trial_ends_at: '2026-05-27T09:00:00Z' },
			{ created_at: late, project_id: 'prj_of_others' },
		]);
		const reply = await ask(sandbox, 'GET', '/v1/analytics/subscribers');
		expect(reply.data).toEqual({
			new_subscribers: 3,
			canceled_subscribers: 1,
			// One of seven.
			churn_rate_percent: 14.29,
			trial_started: 2,
			trial_converted: 1,
			trial_to_paid_percent: 50,
			status_distribution: { active: 3, trialing: 1, canceled: 1, expired: 2 },
		});
		expect(reply.at('meta')).toEqual({ period: '30d' });
	});

	it('the breakdown has the largest part first, and the share of each', async () => {
		const sandbox = await sandboxWith();
		const { payments, plans } = sandbox.state;
		const [one, other] = [...plans.values()];
		const [payment] = payments.values();
		if (payment === undefined || one === undefined || other === undefined) {
			throw new Error('The account is empty.');
		}
		payments.clear();
		for (const [id, plan, amount] of [
			['pay_1', one, '10.00'],
			['pay_2', other, '20.00'],
			['pay_3', other, '10.00'],
		] as const) {
			payments.set(id, {
				...payment,
				id,
				amount,
				plan_id: plan.id,
				status: 'successful',
				occurred_at: late,
			});
		}
		// What was paid for a plan that is gone has no name any more.
		plans.delete(one.id);
		const path = '/v1/analytics/transactions/breakdown?dimension=plan';
		const reply = await ask(sandbox, 'GET', path);
		expect(reply.at('meta')).toEqual({ period: '30d', dimension: 'plan' });
		expect(reply.data).toEqual({
			total_gross_usd: '40.00',
			groups: [
				{
					key: other.id,
					label: other.name,
					gross_usd: '30.00',
					transactions: 2,
					share_percent: 75,
				},
				{ key: one.id, label: one.id, gross_usd: '10.00', transactions: 1, share_percent: 25 },
			],
		});
	});
});
