import {
	decimalText,
	inProject,
	newestFirst,
	type Payment,
	type Plan,
	type Subscription,
} from '../state.ts';
import { addCycle, day, iso } from '../time.ts';
import { addError, type FieldErrors } from '../errors.ts';
import {
	type Call,
	coveredProjects,
	filtered,
	listOf,
	many,
	one,
	type Operation,
	type Operations,
	textOf,
} from './route.ts';

interface Range {
	readonly from: number;
	/** Exclusive. */
	readonly to: number;
}

/** `from` and `to` together override `period` (docs.memberpass.net/mcp/tools/get-dashboard-metrics). */
function rangeOf(call: Call): Range {
	const now = call.world.clock.now();
	const from = textOf(call.input, 'from');
	const to = textOf(call.input, 'to');
	if (from !== undefined && to !== undefined) {
		return { from: Date.parse(from), to: Date.parse(to) + day };
	}
	const today = new Date(now);
	const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
	const startOf = (period: string): number => {
		switch (period) {
			case 'mtd':
				return Date.UTC(year, month, 1);
			case 'qtd':
				return Date.UTC(year, month - (month % 3), 1);
			case 'ytd':
				return Date.UTC(year, 0, 1);
			case '1y':
				return addCycle(now, 'years', -1) ?? 0;
			default: {
				const days = /^(\d+)d$/.exec(period)?.[1];
				return days === undefined ? 0 : now - Number(days) * day;
			}
		}
	};
	return { from: startOf(textOf(call.input, 'period') ?? '30d'), to: now + 1 };
}

const within = (range: Range, time: string | null): boolean => {
	const at = time === null ? NaN : Date.parse(time);
	return at >= range.from && at < range.to;
};

function checkRange(call: Call): FieldErrors {
	const fields: FieldErrors = {};
	const from = textOf(call.input, 'from');
	const to = textOf(call.input, 'to');
	if (from !== undefined && to !== undefined && from > to) {
		addError(fields, 'to', 'The to field must be a date after or equal to from.');
	}
	return fields;
}

/** Payments a report counts: successful ones and refunds, unless it asks for others. */
function paymentsOf(call: Call, range: Range): Payment[] {
	const projects = coveredProjects(call);
	const plans = listOf(call.input, 'plan_ids');
	const methods = listOf(call.input, 'payment_method_ids');
	const statuses = listOf(call.input, 'statuses') ?? ['successful', 'refunded'];
	return [...call.world.state.payments.values()].filter(
		(row) =>
			projects.has(row.project_id) &&
			within(range, row.occurred_at) &&
			statuses.includes(row.status) &&
			(plans === undefined || plans.includes(row.plan_id)) &&
			(methods === undefined || (row.method_id !== null && methods.includes(row.method_id))),
	);
}

const percent = (part: number, whole: number): number =>
	whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100;

const dollars = (amount: number): string => decimalText(Math.round(amount * 100) / 100);

/** An amount that a plan or payment carries in its own currency, in dollars. */
const inDollars = ({ world }: Call, row: Plan | Payment, amount: string): number =>
	Number(amount) * (world.state.currencies.get(row.currency_id)?.usd ?? 1);

/** What a plan brings in a month, in dollars. */
function monthly(call: Call, plan: Plan): number {
	const price = inDollars(call, plan, plan.price);
	const months: Readonly<Record<string, number>> = {
		days: 1 / 30,
		weeks: 7 / 30,
		months: 1,
		years: 12,
	};
	const length = months[plan.billing_cycle];
	return length === undefined ? 0 : price / (length * plan.billing_cycle_count);
}

function bucketOf(time: string, granularity: string): string {
	const date = new Date(`${time.slice(0, 10)}T00:00:00Z`);
	if (granularity === 'month') return `${time.slice(0, 7)}-01`;
	if (granularity === 'week') {
		// Weeks begin on Monday.
		date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
	}
	return iso(date.getTime()).slice(0, 10);
}

/** The project of a report that is of one project only. */
const requiredProject = (call: Call): string => textOf(call.input, 'project_id') ?? '';

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

const report = (run: Operation['run']): Operation => ({ check: checkRange, run });

export const analytics: Operations = {
	get_dashboard_analytics: report((call) => {
		const { state } = call.world;
		const range = rangeOf(call);
		const projects = coveredProjects(call);
		const plans = listOf(call.input, 'plan_ids');
		const statuses = listOf(call.input, 'statuses');
		const wanted = listOf(call.input, 'payment_method_ids');
		const paidBy = (row: Subscription): boolean =>
			inProject(state.paymentMethods, row.project_id).some(
				(method) => method.provider === row.provider && wanted?.includes(method.id) === true,
			);
		const subscriptions = [...state.subscriptions.values()].filter(
			(row) =>
				projects.has(row.project_id) &&
				(plans === undefined || plans.includes(row.plan_id)) &&
				(statuses === undefined || statuses.includes(row.status)) &&
				(wanted === undefined || paidBy(row)),
		);
		const active = subscriptions.filter((row) => ['active', 'trialing'].includes(row.status));
		const lost = subscriptions.filter((row) => within(range, row.canceledAt));
		const countByPlan = new Map<string, number>();
		for (const row of active) countByPlan.set(row.plan_id, (countByPlan.get(row.plan_id) ?? 0) + 1);
		const byPlan = [...countByPlan].flatMap(([id, count]) => {
			const plan = state.plans.get(id);
			return plan === undefined ? [] : [{ plan, count }];
		});
		return one({
			mrr: dollars(sum(byPlan.map(({ plan, count }) => monthly(call, plan) * count))),
			active_subscribers: active.length,
			new_subscribers: subscriptions.filter((row) => within(range, row.created_at)).length,
			churn_rate: percent(lost.length, active.length + lost.length),
			by_plan: byPlan.map(({ plan, count }) => ({
				plan_id: plan.id,
				name: plan.name,
				active: count,
			})),
		});
	}),
	get_earnings: report((call) => {
		const payments = paymentsOf(call, rangeOf(call));
		const granularity = textOf(call.input, 'granularity') ?? 'day';
		const totals = (rows: readonly Payment[]) => {
			const gross = sum(rows.map((row) => inDollars(call, row, row.amount)));
			const fees = sum(rows.map((row) => inDollars(call, row, row.fee)));
			return { gross: dollars(gross), fees: dollars(fees), net: dollars(gross - fees) };
		};
		const buckets = Map.groupBy(payments, (row) => bucketOf(row.occurred_at, granularity));
		const timeseries = [...buckets].toSorted(([one], [other]) => (one < other ? -1 : 1));
		return one(
			{
				totals: { ...totals(payments), transactions: payments.length },
				timeseries: timeseries.map(([bucket, rows]) => {
					const { gross, net } = totals(rows);
					return { bucket, gross, net, transactions: rows.length };
				}),
			},
			'ok',
			{ meta: { period: textOf(call.input, 'period') ?? '30d', granularity } },
		);
	}),
	get_subscriber_analytics: report((call) => {
		const range = rangeOf(call);
		const projects = coveredProjects(call);
		const rows = [...call.world.state.subscriptions.values()].filter((row) =>
			projects.has(row.project_id),
		);
		const distribution: Record<string, number> = {};
		for (const row of rows) distribution[row.status] = (distribution[row.status] ?? 0) + 1;
		const canceled = rows.filter((row) => within(range, row.canceledAt)).length;
		const trials = rows.filter(
			(row) => row.trial_ends_at !== null && within(range, row.created_at),
		);
		const converted = rows.filter((row) => within(range, row.convertedAt)).length;
		return one(
			{
				new_subscribers: rows.filter((row) => within(range, row.created_at)).length,
				canceled_subscribers: canceled,
				churn_rate_percent: percent(canceled, rows.length),
				trial_started: trials.length,
				trial_converted: converted,
				trial_to_paid_percent: percent(converted, trials.length),
				status_distribution: distribution,
			},
			'ok',
			{ meta: { period: textOf(call.input, 'period') ?? '30d' } },
		);
	}),
	get_transaction_breakdown: report((call) => {
		const { state } = call.world;
		const dimension = textOf(call.input, 'dimension') ?? 'plan';
		const payments = paymentsOf(call, rangeOf(call));
		const keyOf = (row: Payment): readonly [string, string] => {
			switch (dimension) {
				case 'payment_provider':
					return [row.provider, row.provider];
				case 'currency':
					return [row.currency, row.currency];
				case 'project':
					return [row.project_id, state.projects.get(row.project_id)?.name ?? row.project_id];
				default:
					return [row.plan_id, state.plans.get(row.plan_id)?.name ?? row.plan_id];
			}
		};
		const gross = (rows: readonly Payment[]): number =>
			sum(rows.map((row) => inDollars(call, row, row.amount)));
		const total = gross(payments);
		const groups = [...Map.groupBy(payments, (row) => keyOf(row)[0])].map(([key, rows]) => ({
			key,
			label: rows[0] === undefined ? key : keyOf(rows[0])[1],
			gross_usd: dollars(gross(rows)),
			transactions: rows.length,
			share_percent: percent(gross(rows), total),
		}));
		return one(
			{
				total_gross_usd: dollars(total),
				groups: groups.toSorted((one, other) => Number(other.gross_usd) - Number(one.gross_usd)),
			},
			'ok',
			{ meta: { period: textOf(call.input, 'period') ?? '30d', dimension } },
		);
	}),
	get_plan_performance: report((call) => {
		const { state } = call.world;
		const range = rangeOf(call);
		const projectId = requiredProject(call);
		const rows = newestFirst(inProject(state.plans, projectId), (row) => row.created_at);
		const payments = paymentsOf(call, range);
		return many(
			rows.map((plan) => {
				const paid = payments.filter(
					(row) => row.plan_id === plan.id && row.status === 'successful',
				);
				const revenue = sum(paid.map((row) => Number(row.amount)));
				return {
					plan_id: plan.id,
					plan_name: plan.name,
					active_subscribers: [...state.subscriptions.values()].filter(
						(row) => row.plan_id === plan.id && ['active', 'trialing'].includes(row.status),
					).length,
					payments_in_window: paid.length,
					revenue_in_window: decimalText(revenue),
					avg_ticket: decimalText(paid.length === 0 ? 0 : revenue / paid.length),
				};
			}),
			{
				project_id: projectId,
				range: { from: iso(range.from).slice(0, 10), to: iso(range.to - 1).slice(0, 10) },
			},
		);
	}),
	list_transactions: report((call) => {
		const range = rangeOf(call);
		const projectId = requiredProject(call);
		const { input } = call;
		const among = (name: string, value: (row: Payment) => string) => {
			const wanted = listOf(input, name);
			return (row: Payment): boolean => wanted === undefined || wanted.includes(value(row));
		};
		const tests = [
			among('statuses', (row) => row.status),
			among('plan_ids', (row) => row.plan_id),
			among('provider_ids', (row) => row.provider),
			among('currency_ids', (row) => row.currency_id),
		];
		const rows = inProject(call.world.state.payments, projectId).filter((row) =>
			within(range, row.occurred_at),
		);
		return many(
			filtered(
				call,
				newestFirst(rows, (row) => row.occurred_at),
				...tests,
			),
			{ project_id: projectId },
		);
	}),
};
