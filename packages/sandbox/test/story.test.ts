import { VirtualClock } from '../src/clock.ts';
import { inProject } from '../src/state.ts';
import { second } from '../src/time.ts';
import {
	ask,
	idsOf,
	planBody,
	projectOf,
	type Row,
	sandboxWith,
	useSandbox,
} from './support/sandbox.ts';

const wednesday = Date.parse('2026-05-20T09:00:00Z');

/** For reads. */
const shared = useSandbox({ rateLimits: false });

describe('state is real', () => {
	it('a plan is created, listed, unpublished, published, sold, cancelled and deleted', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const plans = `/v1/projects/${ids.project}/plans`;
		const made = await ask(sandbox, 'POST', plans, { body: planBody(sandbox) });
		const id = String(made.data['id']);
		expect(made.data).toMatchObject({ price: '9.50', currency: 'USD', active: true });

		const found = await ask(sandbox, 'GET', `${plans}?name=Premium%20Weekly`);
		expect(found.rows.map((row) => row['id'])).toEqual([id]);
		expect((await ask(sandbox, 'GET', plans)).rows[0]?.['id']).toBe(id);

		await ask(sandbox, 'POST', `${plans}/${id}/unpublish`);
		const unsold = await ask(sandbox, 'POST', '/_sandbox/actions', {
			body: { action: 'subscribe', plan_id: id },
		});
		expect(unsold.at('error.fields')).toEqual({ plan_id: ['The plan is not published.'] });
		await ask(sandbox, 'POST', `${plans}/${id}/publish`);
		const sold = await ask(sandbox, 'POST', '/_sandbox/actions', {
			body: { action: 'subscribe', plan_id: id, name: 'Ada Newcomer' },
		});
		expect(sold.status).toBe(201);

		const subscription = `/v1/subscriptions/${String(sold.data['id'])}`;
		expect((await ask(sandbox, 'GET', subscription)).data['status']).toBe('active');
		const listed = await ask(sandbox, 'GET', `/v1/subscriptions?plan_id=${id}&status=active`);
		expect(listed.rows).toHaveLength(1);
		const members = `/v1/projects/${ids.project}/members`;
		const member = await ask(sandbox, 'GET', `${members}?search=ada`);
		expect(member.rows.map((row) => [row['name'], row['status']])).toEqual([
			['Ada Newcomer', 'customer'],
		]);

		const cancel = await ask(sandbox, 'POST', `${subscription}/cancel`);
		expect([cancel.status, cancel.data['status']]).toEqual([200, 'cancellation_queued']);
		expect((await ask(sandbox, 'GET', subscription)).data['status']).toBe('active');
		await sandbox.advance(2 * second);
		expect((await ask(sandbox, 'GET', subscription)).data['status']).toBe('canceled');
		const twice = await ask(sandbox, 'POST', `${subscription}/cancel`);
		expect([twice.status, twice.at('error.code')]).toEqual([409, 'SUBSCRIPTION_ALREADY_ACTIVE']);

		await ask(sandbox, 'DELETE', `${plans}/${id}`);
		expect((await ask(sandbox, 'GET', `${plans}/${id}`)).status).toBe(404);
		expect((await ask(sandbox, 'GET', `${plans}?name=Premium%20Weekly`)).rows).toEqual([]);
	});

	it('a plan keeps what an update does not name', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/plans/${ids.plan}`;
		const update = async (body: object): Promise<Row> =>
			(await ask(sandbox, 'PATCH', path, { body })).data;
		const first = await update({ name: 'Another', description: 'All of it', trial_days: 3 });
		const asked = { name: 'Another', description: 'All of it', trial_days: 3, price: '29.00' };
		expect(first).toMatchObject(asked);
		expect(await update({ price: 31 })).toMatchObject({ ...asked, price: '31.00' });
		expect(await update({ name: 'Another' })).toMatchObject({ ...asked, price: '31.00' });
		expect(await update({ description: '' })).toMatchObject({ name: 'Another', description: null });
	});

	it('a resource is created, found and deleted', async () => {
		const sandbox = await sandboxWith();
		const path = `/v1/projects/${sandbox.seeded.project.id}/resources`;
		const made = await ask(sandbox, 'POST', path, { body: { title: 'A reading list' } });
		const own = `${path}/${String(made.data['id'])}`;
		expect((await ask(sandbox, 'GET', own)).data).toMatchObject(made.data);
		expect((await ask(sandbox, 'GET', path)).rows[0]).toMatchObject(made.data);
		await ask(sandbox, 'DELETE', own);
		expect((await ask(sandbox, 'GET', own)).status).toBe(404);
	});

	it('archiving shows in the list, and an archived project sells nothing', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}`;
		const activity = async () => {
			const { rows } = await ask(sandbox, 'GET', '/v1/projects');
			return rows.find((row) => row['id'] === ids.project)?.['active'];
		};
		await ask(sandbox, 'POST', `${path}/archive`);
		expect(await activity()).toBe(false);
		const sold = await ask(sandbox, 'POST', '/_sandbox/actions', {
			body: { action: 'subscribe', plan_id: ids.plan },
		});
		expect(sold.status).toBe(422);
		await ask(sandbox, 'POST', `${path}/restore`);
		expect(await activity()).toBe(true);
	});

	it('deleting a project takes everything in it', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const id = ids.project;
		const path = `/v1/projects/${id}`;
		await ask(sandbox, 'DELETE', path);
		const gone = [path, `${path}/plans`, `/v1/subscriptions/${ids.subscription}`];
		for (const one of gone) expect((await ask(sandbox, 'GET', one)).status).toBe(404);
		expect(inProject(sandbox.state.members, id)).toEqual([]);
	});

	it.each([
		[{ expiry_preset: '1_day' }, '2026-06-02T09:00:00Z'],
		[{ expiry_preset: '1_week' }, '2026-06-08T09:00:00Z'],
		[{ expiry_preset: '1_month' }, '2026-07-01T09:00:00Z'],
		[{ expiry_preset: '1_year' }, '2027-06-01T09:00:00Z'],
		[{ expiry_preset: 'no_expiry' }, null],
		[
			{ expiry_preset: 'custom', custom_expiry_amount: 3, custom_expiry_type: 'weeks' },
			'2026-06-22T09:00:00Z',
		],
	])('codes with %j run out at %s', async (expiry, at) => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/plans/${ids.plan}/access-codes`;
		const body = { quantity: 1, export_type: 'file', ...expiry };
		expect((await ask(sandbox, 'POST', `${path}/bulk-generate`, { body })).status).toBe(202);
		await sandbox.advance(2 * second);
		const [newest] = (await ask(sandbox, 'GET', `${path}?status=unredeemed`)).rows;
		expect(newest?.['expires_at']).toBe(at);
	});

	it('access codes are generated by a job, masked in the list and counted in the preview', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/plans/${ids.plan}/access-codes`;
		const before = (await ask(sandbox, 'GET', `${path}?status=unredeemed`)).rows.length;
		const job = await ask(sandbox, 'POST', `${path}/bulk-generate`, {
			body: { quantity: 12, export_type: 'file', expires_in_days: 30 },
		});
		expect([job.status, job.data['status']]).toEqual([202, 'queued']);
		const cost = await ask(sandbox, 'GET', `${path}/preview?quantity=12`);
		expect(job.data['preview']).toEqual(cost.data['preview']);
		expect((await ask(sandbox, 'GET', `${path}?status=unredeemed`)).rows).toHaveLength(before);
		await sandbox.advance(2 * second);
		const { rows } = await ask(sandbox, 'GET', `${path}?status=unredeemed`);
		expect(rows).toHaveLength(before + 12);
		expect(rows[0]).toMatchObject({
			code_masked: expect.stringMatching(/^[0-9A-Z]{4}\*{4}[0-9A-Z]{4}$/),
			expires_at: '2026-07-01T09:00:00Z',
			redeemed_at: null,
			redeemed_by: null,
		});
		// 500 are free on Growth and none was redeemed in June; 47 more cost 1.41, as the sample of the page has it.
		const preview = await ask(sandbox, 'GET', `${path}/preview?quantity=547`);
		expect(preview.data['preview']).toEqual({
			free_remaining: 500,
			chargeable_quantity: 47,
			cost: '1.41',
		});
		expect(preview.data['will_bill_overage']).toBe(true);
		const used = await ask(sandbox, 'POST', '/_sandbox/actions', {
			body: { action: 'redeem', access_code_id: rows[0]?.['id'] },
		});
		expect(used.status).toBe(201);
		const redeemed = await ask(sandbox, 'GET', `${path}?status=redeemed`);
		expect(redeemed.rows[0]?.['redeemed_by']).toBe(used.data['subscriber_id']);
	});

	it('access codes are those of their plan, listed by their status, until they or it are deleted', async () => {
		const sandbox = await sandboxWith();
		const { accessCodes, plans } = sandbox.state;
		const project = sandbox.seeded.project.id;
		const [plan = '', other = ''] = inProject(plans, project).map(({ id }) => id);
		const [code] = accessCodes.values();
		if (code === undefined) throw new Error('The account has no access code.');
		accessCodes.clear();
		const open = { ...code, project_id: project, redeemed_at: null, expires_at: null };
		for (const [id, change] of [
			['cod_open', {}],
			['cod_used', { redeemed_at: '2026-05-31T10:00:00Z' }],
			['cod_late', { expires_at: '2026-05-31T10:00:00Z' }],
			['cod_other', { plan_id: other }],
		] as const) {
			accessCodes.set(id, { ...open, id, plan_id: plan, ...change });
		}
		const codes = (of: string): string => `/v1/projects/${project}/plans/${of}/access-codes`;
		const listed = async (of: string, query = ''): Promise<readonly unknown[]> =>
			(await ask(sandbox, 'GET', codes(of) + query)).rows.map(({ id }) => id).toSorted();
		expect(await listed(plan)).toEqual(['cod_late', 'cod_open', 'cod_used']);
		expect(await listed(plan, '?status=all')).toEqual(['cod_late', 'cod_open', 'cod_used']);
		expect(await listed(plan, '?status=unredeemed')).toEqual(['cod_open']);
		expect(await listed(plan, '?status=redeemed')).toEqual(['cod_used']);
		expect(await listed(plan, '?status=expired')).toEqual(['cod_late']);
		await ask(sandbox, 'DELETE', `${codes(plan)}/cod_open`);
		expect(await listed(plan)).toEqual(['cod_late', 'cod_used']);
		await ask(sandbox, 'DELETE', `/v1/projects/${project}/plans/${plan}`);
		expect([...accessCodes.keys()]).toEqual(['cod_other']);
	});

	it('free codes are used up by what its team redeems in this month', async () => {
		const sandbox = await sandboxWith();
		const { accessCodes } = sandbox.state;
		const { project, plan } = idsOf(sandbox);
		const [code] = accessCodes.values();
		if (code === undefined) throw new Error('The account has no access code.');
		accessCodes.clear();
		for (const [id, project_id, redeemed_at] of [
			['cod_1', project, '2026-06-01T08:00:00Z'],
			['cod_2', project, '2026-05-31T23:59:59Z'],
			['cod_3', project, null],
			['cod_4', projectOf(sandbox, 'quiet-kitchen').id, '2026-06-01T08:00:00Z'],
		] as const) {
			accessCodes.set(id, { ...code, id, project_id, redeemed_at });
		}
		const path = `/v1/projects/${project}/plans/${plan}/access-codes/preview?quantity=`;
		const preview = (await ask(sandbox, 'GET', `${path}499`)).data;
		const free = { free_remaining: 499, chargeable_quantity: 0, cost: '0.00' };
		expect(preview).toMatchObject({ will_bill_overage: false, preview: free });
		expect((await ask(sandbox, 'GET', `${path}500`)).data['will_bill_overage']).toBe(true);
	});

	it('a banned member stays banned until unbanned: a second ban and a kick change nothing', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/members/${ids.member}`;
		const status = async () => (await ask(sandbox, 'GET', path)).data['status'];
		expect((await ask(sandbox, 'POST', `${path}/ban`)).data['status']).toBe('banned');
		const events = sandbox.engine.recentEvents({ type: 'member.banned' }).length;
		await ask(sandbox, 'POST', `${path}/ban`);
		expect(sandbox.engine.recentEvents({ type: 'member.banned' })).toHaveLength(events);
		expect(await status()).toBe('banned');
		expect((await ask(sandbox, 'POST', `${path}/kick`)).data['status']).toBe('banned');
		expect(sandbox.engine.recentEvents({ type: 'member.kicked' })).toEqual([]);
		expect((await ask(sandbox, 'POST', `${path}/unban`)).data['status']).toBe('churned');
	});

	it('links go to the bot, in the documented order of precedence', async () => {
		const sandbox = shared();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/distribution/deep-link`;
		const payload = async (query: string) =>
			(await ask(sandbox, 'GET', `${path}?${query}`)).data['start_payload'];
		expect(await payload('custom=spring&plan_id=pln_1&access_code=ABC')).toBe('ABC');
		expect(await payload('custom=spring&plan_id=pln_1')).toBe('plan_pln_1');
		expect(await payload('custom=spring')).toBe('spring');
		expect(await payload('')).toBe(`project_${ids.project}`);
	});

	it('a project without a bot has no link to it: no_bot_attached', async () => {
		const sandbox = shared();
		const { id } = projectOf(sandbox, 'drafts-no-bot');
		const path = `/v1/projects/${id}`;
		for (const end of ['/distribution/deep-link', '/distribution/bot-link']) {
			const reply = await ask(sandbox, 'GET', path + end);
			expect([reply.status, reply.at('error.context')]).toEqual([
				422,
				{ reason: 'no_bot_attached' },
			]);
		}
		expect((await ask(sandbox, 'GET', `${path}/bot`)).data).toEqual({
			project_id: id,
			connected: false,
			bot: null,
		});
	});

	it('writes are in the activity log, under the long name and the short one', async () => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const id = ids.plan;
		const path = `/v1/projects/${ids.project}/plans/${id}`;
		await ask(sandbox, 'PATCH', path, { body: { price: 31, description: '' } });
		for (const type of ['project-subscription-plan', 'plan']) {
			const log = await ask(sandbox, 'GET', `/v1/activity?subject_type=${type}&subject_id=${id}`);
			expect(log.rows.map((row) => row['event'])).toEqual(['updated', 'created']);
			expect(log.rows[0]).toMatchObject({
				subject_type: 'project-subscription-plan',
				actor_kind: 'api_token',
				properties: { changes: { price: { from: 29, to: 31 } } },
			});
		}
	});

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
				['pay_1', '2026-04-30T12:00:00Z', { project_id: other.id, currency: 'EUR' }],
				['pay_2', '2026-05-17T23:59:59Z', {}],
				['pay_3', '2026-05-18T00:00:00Z', {}],
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
			const series = (await ask(paid(), 'GET', path)).at('data.timeseries') as readonly Row[];
			expect(series.map(({ bucket }) => bucket)).toEqual(buckets);
		});

		it('are counted to the end of the last day', async () => {
			const path = '/v1/analytics/earnings?from=2026-05-17&to=2026-05-17';
			expect((await ask(paid(), 'GET', path)).at('data.totals.transactions')).toBe(1);
		});

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

	it.each([
		['', ['razorpay', 'paypal', 'stripe']],
		['active_only=', ['razorpay', 'paypal', 'stripe']],
		['active_only=0', ['razorpay', 'paypal', 'stripe']],
		['active_only=false', ['razorpay', 'paypal', 'stripe']],
		['active_only=1', ['paypal', 'stripe']],
		['active_only=true', ['paypal', 'stripe']],
	])('the payment methods of "%s" are %j', async (query, providers) => {
		const sandbox = shared();
		const path = `/v1/projects/${sandbox.seeded.project.id}/payment-methods?${query}`;
		const { rows } = await ask(sandbox, 'GET', path);
		expect(rows.map(({ provider }) => provider)).toEqual(providers);
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
		const { rows } = await ask(sandbox, 'GET', path);
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
});

describe('a seed', () => {
	const snapshot = async (seed: string) => {
		const { state, token } = await sandboxWith({ seed });
		return { token, ids: [...state.members.keys()], payments: [...state.payments.values()] };
	};

	it('gives the same account, ids and token each time', async () => {
		expect(await snapshot('one')).toEqual(await snapshot('one'));
	});

	it('gives another account than another seed', async () => {
		const [one, two] = [await snapshot('one'), await snapshot('two')];
		expect(one.token).not.toBe(two.token);
		expect(one.ids).not.toEqual(two.ids);
	});

	it('gives the same token on another day', async () => {
		const early = await sandboxWith({
			clock: new VirtualClock(Date.parse('2026-02-11T00:00:00Z')),
		});
		const late = await sandboxWith({ clock: new VirtualClock(Date.parse('2027-12-30T00:00:00Z')) });
		expect(early.token).toBe(late.token);
		expect(early.otherToken).toBe(late.otherToken);
	});
});
