import { inProject } from '../src/state.ts';
import { day, second } from '../src/time.ts';
import {
	ask,
	idsOf,
	listen,
	planBody,
	projectOf,
	type Row,
	sandboxWith,
	useSandbox,
} from './support/sandbox.ts';

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

		const { types } = listen(sandbox);
		for (let count = 0; count < 2; count++) {
			const cancel = await ask(sandbox, 'POST', `${subscription}/cancel`);
			expect([cancel.status, cancel.data['status']]).toEqual([200, 'cancellation_queued']);
		}
		expect((await ask(sandbox, 'GET', subscription)).data['status']).toBe('active');
		await sandbox.advance(2 * second);
		expect((await ask(sandbox, 'GET', subscription)).data['status']).toBe('canceled');
		expect(types()).toEqual(['subscription.cancelled']);
		const row = `subject_type=subscription&subject_id=${String(sold.data['id'])}`;
		expect((await ask(sandbox, 'GET', `/v1/activity?${row}`)).rows).toHaveLength(1);
		const twice = await ask(sandbox, 'POST', `${subscription}/cancel`);
		expect([twice.status, twice.at('error.code')]).toEqual([409, 'SUBSCRIPTION_ALREADY_ACTIVE']);

		await ask(sandbox, 'DELETE', `${plans}/${id}`);
		expect((await ask(sandbox, 'GET', `${plans}/${id}`)).status).toBe(404);
		expect((await ask(sandbox, 'GET', `${plans}?name=Premium%20Weekly`)).rows).toEqual([]);
	});

	it('a plan has what it was given, and keeps what an update does not name', async () => {
		const sandbox = await sandboxWith();
		const { state } = sandbox;
		const project = projectOf(sandbox, 'cafe-uber-klub').id;
		const plans = `/v1/projects/${project}/plans`;
		const [, euros] = state.currencies.values();
		const given = {
			name: 'Premium Weekly',
			description: 'Not all of it',
			currency_id: String(euros?.id),
			billing_cycle: 'weeks',
			billing_cycle_count: 2,
			trial_days: 7,
			recurring: false,
			churned_only: true,
		};
		const [resource] = inProject(state.resources, project).map(({ id }) => id);
		const body = { ...given, price: 29, resources: [resource] };
		const { data } = await ask(sandbox, 'POST', plans, { body });
		expect(state.plans.get(String(data['id']))).toMatchObject({
			...given,
			price: '29.00',
			currency: 'EUR',
			trial_cardless: false,
			newcomers_only: false,
			customers_only: false,
			resource_ids: [resource],
			created_at: '2026-06-01T09:00:00Z',
		});
		const path = `${plans}/${String(data['id'])}`;
		const update = async (body: object): Promise<Row> =>
			(await ask(sandbox, 'PATCH', path, { body })).data;
		const first = await update({ name: 'Another', description: 'All of it', trial_days: 3 });
		const asked = { name: 'Another', description: 'All of it', trial_days: 3, price: '29.00' };
		expect(first).toMatchObject(asked);
		expect(await update({ price: 31 })).toMatchObject({ ...asked, price: '31.00' });
		expect(await update({ name: 'Another' })).toMatchObject({ ...asked, price: '31.00' });
		expect(await update({ description: '' })).toMatchObject({ name: 'Another', description: null });
	});

	it('a project has what it was given, and keeps what an update does not name', async () => {
		const sandbox = await sandboxWith();
		const given = {
			name: 'A fine project',
			description: 'All of it',
			terms: 'https://example.com/terms',
			privacy: 'https://example.com/privacy',
			metrics: true,
			active: false,
		};
		const [bot, other] = sandbox.state.bots.values();
		const made = await ask(sandbox, 'POST', '/v1/projects', {
			body: { ...given, bot_id: bot?.id },
		});
		const id = String(made.data['id']);
		const path = `/v1/projects/${id}`;
		// No answer shows all of it.
		const project = () => sandbox.state.projects.get(id);
		expect(project()).toMatchObject({ ...given, bot, updated_at: '2026-06-01T09:00:00Z' });
		await sandbox.advance(second);
		const change = { terms: 'https://example.com/new', metrics: false };
		await ask(sandbox, 'PATCH', path, { body: change });
		expect(project()).toMatchObject({ ...given, ...change, updated_at: '2026-06-01T09:00:01Z' });
		await sandbox.advance(second);
		const rest = {
			handle: 'another-handle',
			description: 'None of it',
			privacy: 'https://example.com/other',
		};
		await ask(sandbox, 'PATCH', path, { body: { ...rest, bot_id: other?.id } });
		const now = { ...given, ...change, ...rest };
		expect(project()).toMatchObject({ ...now, bot: other, updated_at: '2026-06-01T09:00:02Z' });
		const { data } = await ask(sandbox, 'GET', `${path}/bot`);
		expect(data).toEqual({ project_id: id, connected: true, bot: other });
		await sandbox.advance(second);
		await ask(sandbox, 'POST', `${path}/restore`);
		expect(project()).toMatchObject({ active: true, updated_at: '2026-06-01T09:00:03Z' });
	});

	it.each([
		['(Café -- Über 2!)', /^cafe-uber-2-[0-9a-f]{6}$/],
		['日本語の会', /^project-[0-9a-f]{6}$/],
		['x'.repeat(255), /^x{200}-[0-9a-f]{6}$/],
	])('a project called %s has a handle that is made of it', async (name, handle) => {
		const sandbox = await sandboxWith();
		const { data } = await ask(sandbox, 'POST', '/v1/projects', { body: { name } });
		expect(data['handle']).toMatch(handle);
		const made = sandbox.state.projects.get(String(data['id']));
		expect(made).toMatchObject({ active: true, metrics: false, bot: null });
	});

	it('members are listed by their status, and found by a part of a name or an address', async () => {
		const sandbox = await sandboxWith();
		const { project, member } = idsOf(sandbox);
		const path = `/v1/projects/${project}/members`;
		const row = sandbox.state.members.get(member);
		Object.assign(row ?? {}, { name: 'Zoë Doe', email: 'one.of@a.kind.example' });
		const found = async (query: string): Promise<readonly unknown[]> =>
			(await ask(sandbox, 'GET', `${path}?${query}`)).rows.map(({ id }) => id);
		expect(await found('search=ZOË D')).toEqual([member]);
		expect(await found('search=.KIND.')).toEqual([member]);
		expect(await found('status=banned')).not.toContain(member);
		await ask(sandbox, 'POST', `${path}/${member}/ban`);
		expect(await found('status=banned')).toContain(member);
	});

	it('a resource is created, found and deleted', async () => {
		const sandbox = await sandboxWith();
		const path = `/v1/projects/${sandbox.seeded.project.id}/resources`;
		const body = { title: 'A reading list', description: 'For all', active: false };
		const made = await ask(sandbox, 'POST', path, { body });
		expect(made.data).toMatchObject({ ...body, type: 'manual' });
		const own = `${path}/${String(made.data['id'])}`;
		expect((await ask(sandbox, 'GET', own)).data).toMatchObject(made.data);
		expect((await ask(sandbox, 'GET', path)).rows[0]).toMatchObject(made.data);
		await ask(sandbox, 'DELETE', own);
		expect((await ask(sandbox, 'GET', own)).status).toBe(404);
		const bare = await ask(sandbox, 'POST', path, { body: { title: 'Another list' } });
		expect(bare.data).toMatchObject({ description: null, active: true });
	});

	it('a resource that is unlinked has no chat, and has changed', async () => {
		const sandbox = await sandboxWith();
		const { project, resource: id } = idsOf(sandbox);
		await sandbox.advance(second);
		await ask(sandbox, 'POST', `/v1/projects/${project}/resources/${id}/unlink`);
		expect(sandbox.state.resources.get(id)).toMatchObject({
			chat_id: null,
			updated_at: '2026-06-01T09:00:01Z',
		});
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
		await ask(sandbox, 'POST', `/v1/subscriptions/${ids.subscription}/cancel`);
		await ask(sandbox, 'DELETE', path);
		const { events } = listen(sandbox);
		await sandbox.advance(31 * day);
		expect(events.filter((event) => event.project_id === id)).toEqual([]);
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
		expect(job.status).toBe(202);
		expect(job.data).toMatchObject({ status: 'queued', enqueued_at: '2026-06-01T09:00:00Z' });
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

	it.each([
		['free', 5],
		['starter', 200],
		['growth', 500],
	] as const)('on the tier %s %d codes are free', async (tier, free) => {
		const sandbox = await sandboxWith();
		Object.assign(sandbox.seeded.team, { tier });
		const { project, plan } = idsOf(sandbox);
		const path = `/v1/projects/${project}/plans/${plan}/access-codes/preview?quantity=${free + 1}`;
		expect((await ask(sandbox, 'GET', path)).data['preview']).toEqual({
			free_remaining: free,
			chargeable_quantity: 1,
			cost: '0.03',
		});
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
		const { data } = await ask(sandbox, 'GET', `${path}?custom=a%20b%26c`);
		expect(data['deep_link']).toBe(`${String(data['bot_url'])}?start=a%20b%26c`);
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

	it('the activity log tells of an access code under one name, which is both', async () => {
		const sandbox = await sandboxWith();
		const { project, plan, access_code: id } = idsOf(sandbox);
		await ask(sandbox, 'DELETE', `/v1/projects/${project}/plans/${plan}/access-codes/${id}`);
		const path = `/v1/activity?subject_type=access-code&subject_id=${id}`;
		expect((await ask(sandbox, 'GET', path)).rows).toMatchObject([
			{ event: 'deleted', subject_type: 'access-code' },
		]);
	});

	it.each(['canceled', 'expired', 'failed', 'unpaid'])(
		'what is %s cannot be cancelled any more',
		async (status) => {
			const sandbox = await sandboxWith();
			const { subscription } = idsOf(sandbox);
			Object.assign(sandbox.state.subscriptions.get(subscription) ?? {}, { status });
			const reply = await ask(sandbox, 'POST', `/v1/subscriptions/${subscription}/cancel`);
			expect([reply.status, reply.at('error.code')]).toEqual([409, 'SUBSCRIPTION_ALREADY_ACTIVE']);
		},
	);

	it('an endpoint is made as it was asked for, hears of each event once, and is switched off and on', async () => {
		const sandbox = await sandboxWith();
		const given = {
			name: 'Mine',
			url: 'https://hooks.example.com/a',
			allowed_ips: ['203.0.113.0/24'],
			project_id: sandbox.seeded.project.id,
			is_active: false,
		};
		const events = ['plan.created', 'plan.deleted', 'plan.created'];
		const made = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			body: { ...given, events },
		});
		expect(made.data).toMatchObject({ ...given, events: ['plan.created', 'plan.deleted'] });
		const path = `/v1/webhook-endpoints/${String(made.data['id'])}`;
		for (const is_active of [true, false]) {
			const { data } = await ask(sandbox, 'POST', path, { body: { is_active } });
			expect(data['is_active']).toBe(is_active);
		}
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
});
