import { inProject } from '../src/state.ts';
import { ask, type Ids, idsOf, planBody, sandboxWith, useSandbox } from './support/sandbox.ts';

/** For what is refused: it changes nothing. */
const shared = useSandbox({ rateLimits: false });

const fieldsOf = (reply: { at(path: string): unknown }): unknown => reply.at('error.fields');

it('a plan may be billed every few months; only a lifetime is one', async () => {
	const sandbox = await sandboxWith();
	const path = `/v1/projects/${sandbox.seeded.project.id}/plans`;
	const change = { billing_cycle: 'months', billing_cycle_count: 3 };
	const reply = await ask(sandbox, 'POST', path, { body: planBody(sandbox, change) });
	expect(reply.status).toBe(201);
	expect(reply.data).toMatchObject({ ...change, recurring: true });
	const once = { name: 'Premium For Ever', billing_cycle: 'lifetime' };
	const forEver = await ask(sandbox, 'POST', path, { body: planBody(sandbox, once) });
	expect([forEver.status, forEver.data]).toMatchObject([
		201,
		{ billing_cycle_count: 1, recurring: false },
	]);
});

it('of flags that exclude each other one may be set: a false one counts as not set', async () => {
	const sandbox = await sandboxWith();
	const path = `/v1/projects/${sandbox.seeded.project.id}/plans`;
	const change = { newcomers_only: false, customers_only: true, churned_only: false };
	const reply = await ask(sandbox, 'POST', path, { body: planBody(sandbox, change) });
	expect(reply.status).toBe(201);
	expect(sandbox.state.plans.get(String(reply.data['id']))).toMatchObject(change);
});

it('where empty texts are refused, each is refused once and nothing else is', async () => {
	const sandbox = await sandboxWith({ switches: { emptyText: 'refused' } });
	const path = `/v1/projects/${sandbox.seeded.project.id}/plans`;
	const create = async (change: object) =>
		await ask(sandbox, 'POST', path, { body: planBody(sandbox, { ...change }) });
	expect(fieldsOf(await create({ name: '', description: '' }))).toEqual({
		name: ['The name field is required.'],
		description: ['The description field must be a string.'],
	});
	expect((await create({ description: 'All of it' })).status).toBe(201);
});

describe('input that is wrong', () => {
	it('gets all field errors at once, of the schema and of the account', async () => {
		const sandbox = shared();
		const { project } = idsOf(sandbox);
		const reply = await ask(sandbox, 'POST', `/v1/projects/${project}/plans`, {
			body: {
				name: 'Premium Monthly',
				price: -1,
				currency_id: 'cur_none',
				billing_cycle: 'lifetime',
				billing_cycle_count: 2,
				trial_days: 1.5,
				recurring: 'yes',
				newcomers_only: true,
				customers_only: true,
			},
		});
		expect(reply.status).toBe(422);
		expect(reply.at('error')).toMatchObject({
			code: 'VALIDATION_FAILED',
			message: 'The given data was invalid.',
			remediation: 'Correct the listed fields and send the request again.',
			docs_url: 'https://docs.memberpass.net/api',
		});
		expect(fieldsOf(reply)).toEqual({
			resources: ['The resources field is required.'],
			price: ['The price field must be at least 0.'],
			trial_days: ['The trial days field must be an integer.'],
			recurring: ['The recurring field must be true or false.'],
			customers_only: ['The customers only field is prohibited when newcomers only is present.'],
			name: ['The name has already been taken.'],
			currency_id: ['The selected currency is not supported by an active payment method.'],
			billing_cycle_count: ['The billing cycle count must be 1 for lifetime plans.'],
		});
	});

	it.each([
		[{ name: 'abcd' }, { name: ['The name field must be at least 5 characters.'] }],
		[{ name: '   a   ' }, { name: ['The name field must be at least 5 characters.'] }],
		[
			{ name: 'x'.repeat(256) },
			{ name: ['The name field must not be greater than 255 characters.'] },
		],
		[{ name: null }, { name: ['The name field is required.'] }],
		[{ currency_id: undefined }, { currency_id: ['The currency id field is required.'] }],
		[{ name: 12345 }, { name: ['The name field must be a string.'] }],
		[{ price: '9.50' }, { price: ['The price field must be a number.'] }],
		[{ billing_cycle: 'monthly' }, { billing_cycle: ['The selected billing cycle is invalid.'] }],
		[{ resources: [] }, { resources: ['The resources field must have at least 1 items.'] }],
		[{ resources: 'rsc_1' }, { resources: ['The resources field must be an array.'] }],
		[{ resources: ['rsc_none'] }, { 'resources.0': ['The selected resources.0 is invalid.'] }],
		[{ trial_days: 366 }, { trial_days: ['The trial days field must not be greater than 365.'] }],
	])('a plan with %j: %j', async (change, fields) => {
		const sandbox = shared();
		const { project } = idsOf(sandbox);
		const path = `/v1/projects/${project}/plans`;
		const reply = await ask(sandbox, 'POST', path, { body: planBody(sandbox, change) });
		expect([reply.status, fieldsOf(reply)]).toEqual([422, fields]);
	});

	it('is only what is wrong by itself: a currency that nobody takes says nothing of renewals', async () => {
		const sandbox = shared();
		const path = `/v1/projects/${sandbox.seeded.project.id}/plans`;
		const change = { currency_id: 'cur_none', recurring: true };
		const reply = await ask(sandbox, 'POST', path, { body: planBody(sandbox, change) });
		expect(fieldsOf(reply)).toEqual({
			currency_id: ['The selected currency is not supported by an active payment method.'],
		});
	});

	it('is a reason of more than 1000 characters, whatever they are', async () => {
		const sandbox = await sandboxWith();
		const { project, member } = idsOf(sandbox);
		const path = `/v1/projects/${project}/members/${member}/kick`;
		const kick = async (reason: string) => await ask(sandbox, 'POST', path, { body: { reason } });
		expect((await kick('\u{1F600}'.repeat(1000))).status).toBe(200);
		expect(fieldsOf(await kick('\u{1F600}'.repeat(1001)))).toEqual({
			reason: ['The reason field must not be greater than 1000 characters.'],
		});
	});

	it.each([
		['GET', '/subscriptions?status=sleeping', { status: ['The selected status is invalid.'] }],
		['GET', '/webhook-events?type=unicorn.spotted', { type: ['The selected type is invalid.'] }],
		['GET', '/webhook-events', { type: ['The type field is required.'] }],
		['GET', '/activity?subject_id=x', { subject_type: ['The subject type field is required.'] }],
		[
			'GET',
			'/activity?subject_type=unicorn&subject_id=x',
			{ subject_type: ['The selected subject type is invalid.'] },
		],
		[
			'GET',
			'/analytics/earnings?from=yesterday&to=2026-01-01',
			{ from: ['The from field must be a valid date.'] },
		],
		[
			'GET',
			'/analytics/earnings?plan_ids=pln_1',
			{ plan_ids: ['The plan ids field must be an array.'] },
		],
		['GET', '/projects?limit=0', { limit: ['The limit field must be at least 1.'] }],
		// A name given twice: the last counts.
		['GET', '/projects?limit=ten&limit=-1', { limit: ['The limit field must be at least 1.'] }],
		['GET', '/projects?limit=101', { limit: ['The limit field must not be greater than 100.'] }],
		['GET', '/projects?per_page=ten', { per_page: ['The per_page field must be an integer.'] }],
		['GET', '/projects?cursor=%25%25', { cursor: ['The cursor field format is invalid.'] }],
	])('%s %s', async (method, path, fields) => {
		const sandbox = shared();
		const reply = await ask(sandbox, method, `/v1${path}`);
		expect([reply.status, fieldsOf(reply)]).toEqual([422, fields]);
	});

	it.each([
		[
			'http://hooks.example.com/x',
			'The url must start with https://, or with http:// on this machine.',
		],
		['not an address', 'The url field must be a valid URL.'],
		[
			'ftp://hooks.example.com/x',
			'The url must start with https://, or with http:// on this machine.',
		],
	])('an endpoint at %j is refused', async (url, message) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			body: { name: 'Mine', url, events: ['plan.created'] },
		});
		expect([reply.status, fieldsOf(reply)]).toEqual([422, { url: [message] }]);
	});

	it.each<[string, string, (ids: Ids) => string, object, object]>([
		[
			'a range that ends before it begins',
			'GET',
			() => '/analytics/earnings?from=2026-05-02&to=2026-05-01',
			{},
			{ to: ['The to field must be a date after or equal to from.'] },
		],
		[
			'a bot that is not there',
			'POST',
			() => '/projects',
			{ name: 'A fine project', bot_id: 'bot_none' },
			{ bot_id: ['The selected bot id is invalid.'] },
		],
		[
			'a platform that is none',
			'POST',
			() => '/projects',
			{ name: 'A fine project', type: 'pigeon' },
			{ type: ['The selected type is invalid.'] },
		],
		[
			'a handle with other letters than small ones',
			'POST',
			() => '/projects',
			{ name: 'A fine project', handle: 'Fine-Project' },
			{ handle: ['The handle field format is invalid.'] },
		],
		[
			'a flag that is neither true nor false',
			'GET',
			({ project }) => `/projects/${project}/payment-methods?active_only=yes`,
			{},
			{ active_only: ['The active only field must be true or false.'] },
		],
		[
			'a network that is none',
			'POST',
			() => '/webhook-endpoints',
			{
				name: 'Mine',
				url: 'https://hooks.example.com/x',
				events: ['plan.created'],
				allowed_ips: ['203.0.113.0/24', '203.0.113.0/33'],
			},
			{
				'allowed_ips.1': [
					'"203.0.113.0/33" is neither an IP address nor a range such as 203.0.113.0/24.',
				],
			},
		],
		[
			'a reason of 1,001 characters',
			'POST',
			({ project, member }) => `/projects/${project}/members/${member}/ban`,
			{ reason: '\u{1f642}'.repeat(1_001) },
			{ reason: ['The reason field must not be greater than 1000 characters.'] },
		],
	])('%s is refused', async (_name, method, path, body, fields) => {
		const sandbox = shared();
		const reply = await ask(sandbox, method, `/v1${path(idsOf(sandbox))}`, {
			...(method === 'GET' ? {} : { body }),
		});
		expect([reply.status, fieldsOf(reply)]).toEqual([422, fields]);
	});

	it('a token of several projects has to say whose events an endpoint gets', async () => {
		const sandbox = shared();
		const projects = [...sandbox.state.projects.values()]
			.filter((row) => row.team_id === sandbox.seeded.team.id)
			.map(({ id }) => id);
		const { plain: token } = sandbox.mint({ projectIds: projects });
		const reply = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			token,
			body: { name: 'Mine', url: 'https://hooks.example.com/x', events: ['plan.created'] },
		});
		expect([projects.length, fieldsOf(reply)]).toEqual([
			3,
			{ project_id: ['The project id field is required for this token.'] },
		]);
		const said = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			token,
			body: {
				name: 'Mine',
				url: 'https://hooks.example.com/x',
				events: ['plan.created'],
				project_id: projects[1],
			},
		});
		expect([said.status, said.data['project_id']]).toEqual([201, projects[1]]);
	});

	it.each(['coinpayments', 'telegram_stars', 'access_code'])(
		'a plan recurs only where something can charge again, as %s cannot, and needs something that charges',
		async (provider) => {
			const sandbox = await sandboxWith();
			const { paymentMethods } = sandbox.state;
			const path = `/v1/projects/${sandbox.seeded.project.id}/plans`;
			const create = async (change: object) =>
				await ask(sandbox, 'POST', path, { body: planBody(sandbox, { ...change }) });
			const one = [...paymentMethods.values()].find((row) => row.active);
			for (const [id, row] of paymentMethods) {
				if (row !== one) paymentMethods.set(id, { ...row, provider });
			}
			expect((await create({ name: 'Again and again', recurring: true })).status).toBe(201);
			if (one !== undefined) paymentMethods.set(one.id, { ...one, provider });
			expect(fieldsOf(await create({ recurring: true }))).toEqual({
				recurring: ['The recurring field must be false for this currency.'],
			});
			expect((await create({ name: 'Only once', recurring: false })).status).toBe(201);
			for (const [id, row] of paymentMethods) paymentMethods.set(id, { ...row, active: false });
			expect(fieldsOf(await create({ recurring: false }))).toEqual({
				currency_id: ['The selected currency is not supported by an active payment method.'],
			});
		},
	);

	it('an unknown event is named by its place', async () => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/v1/webhook-subscriptions', {
			body: {
				name: 'Mine',
				url: 'https://hooks.example.com/x',
				events: ['plan.created', 'unicorn.spotted'],
			},
		});
		expect(fieldsOf(reply)).toEqual({ 'events.1': ['The selected events.1 is invalid.'] });
	});

	it('a list of nothing but wrong entries is told the first hundred, not all of a megabyte', async () => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			body: { name: 'Mine', url: 'https://example.com', events: Array(10_000).fill('plan') },
		});
		expect(reply.status).toBe(422);
		expect(Object.keys(fieldsOf(reply) as object)).toEqual(
			Array.from({ length: 100 }, (_, index) => `events.${index}`),
		);
	});

	it('access codes need an expiry, and a custom one its amount and unit', async () => {
		const sandbox = shared();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/plans/${ids.plan}/access-codes/bulk-generate`;
		const none = await ask(sandbox, 'POST', path, { body: { quantity: 5, export_type: 'file' } });
		const custom = await ask(sandbox, 'POST', path, {
			body: { quantity: 1001, export_type: 'pigeon', expiry_preset: 'custom' },
		});
		expect(fieldsOf(none)).toEqual({ expiry_preset: ['The expiry preset field is required.'] });
		const wrong = await ask(sandbox, 'POST', path, {
			body: { quantity: 5, expiry_preset: 'soon' },
		});
		expect(fieldsOf(wrong)).toMatchObject({
			expiry_preset: ['The selected expiry preset is invalid.'],
		});
		expect(fieldsOf(custom)).toEqual({
			quantity: ['The quantity field must not be greater than 1000.'],
			export_type: ['The selected export type is invalid.'],
			custom_expiry_amount: [
				'The custom expiry amount field is required when expiry preset is custom.',
			],
			custom_expiry_type: [
				'The custom expiry type field is required when expiry preset is custom.',
			],
		});
	});

	it.each([
		['in days', { expires_in_days: 999_999_999_999 }, 'expires_in_days'],
		[
			'after a custom time',
			{
				expiry_preset: 'custom',
				custom_expiry_amount: 999_999_999,
				custom_expiry_type: 'years',
			},
			'custom_expiry_amount',
		],
	])('access codes do not expire beyond the calendar, %s', async (_, expiry, field) => {
		const sandbox = await sandboxWith();
		const ids = idsOf(sandbox);
		const path = `/v1/projects/${ids.project}/plans/${ids.plan}/access-codes/bulk-generate`;
		const body = { quantity: 1, export_type: 'file', ...expiry };
		const reply = await ask(sandbox, 'POST', path, { body });
		expect(fieldsOf(reply)).toEqual({ [field]: ['The codes must expire before the year 10000.'] });
		// A job that cannot be carried out would fail when its time comes.
		await sandbox.advance(5_000);
	});

	it('a handle that nobody has is free, and so is one’s own', async () => {
		const sandbox = await sandboxWith();
		const body = { name: 'A fine project', handle: 'fine-project', type: 'telegram' };
		const made = await ask(sandbox, 'POST', '/v1/projects', { body });
		expect([made.status, made.data['handle']]).toEqual([201, 'fine-project']);
		const path = `/v1/projects/${String(made.data['id'])}`;
		const kept = await ask(sandbox, 'PATCH', path, { body: { handle: 'fine-project' } });
		expect(kept.status).toBe(200);
	});

	it('a plan cannot be called what another one is, and can what it is', async () => {
		const sandbox = shared();
		const [plan, other] = inProject(sandbox.state.plans, sandbox.seeded.project.id);
		const path = `/v1/projects/${sandbox.seeded.project.id}/plans/${String(plan?.id)}`;
		const call = (name?: string) => ask(sandbox, 'PATCH', path, { body: { name } });
		expect((await call(plan?.name)).status).toBe(200);
		expect(fieldsOf(await call(other?.name))).toEqual({
			name: ['The name has already been taken.'],
		});
	});

	it('a handle of another team is taken as well', async () => {
		const sandbox = shared();
		const body = { name: 'A fine project', handle: 'quiet-kitchen' };
		const reply = await ask(sandbox, 'POST', '/v1/projects', { body });
		expect(fieldsOf(reply)).toEqual({ handle: ['The handle has already been taken.'] });
	});

	it('keys the API does not know are ignored', async () => {
		const sandbox = await sandboxWith();
		const body = { name: 'A fine project', platform: 'telegram', project_id: 'prj_none' };
		expect((await ask(sandbox, 'POST', '/v1/projects', { body })).status).toBe(201);
	});
});

describe('what the tier does not include', () => {
	it('a handle of one’s own on the Free tier: 403 TEAM_TIER_REQUIRED', async () => {
		const sandbox = await sandboxWith();
		const body = { name: 'A fine project', handle: 'fine-project' };
		const token = sandbox.otherToken;
		const refused = await ask(sandbox, 'POST', '/v1/projects', { token, body });
		expect([refused.status, refused.at('error.code')]).toEqual([403, 'TEAM_TIER_REQUIRED']);
		const without = await ask(sandbox, 'POST', '/v1/projects', {
			token,
			body: { name: 'A fine project' },
		});
		expect(without.status).toBe(201);
		expect(without.data['handle']).toMatch(/^a-fine-project-[0-9a-f]{6}$/);
	});

	it.each([
		['free', 3],
		['starter', 10],
		['growth', 20],
	] as const)('on the tier %s more than %d projects', async (tier, most) => {
		const sandbox = await sandboxWith();
		const { state, seeded } = sandbox;
		Object.assign(seeded.team, { tier });
		const others = [...state.projects.values()].filter((row) => row.team_id !== seeded.team.id);
		state.projects.clear();
		// What another team has is none of the number.
		for (const row of others) state.projects.set(row.id, row);
		for (let count = 1; count < most; count++) {
			state.projects.set(`prj_${count}`, { ...seeded.project, id: `prj_${count}` });
		}
		const create = () => ask(sandbox, 'POST', '/v1/projects', { body: { name: 'One more' } });
		expect((await create()).status).toBe(201);
		const refused = await create();
		expect([refused.status, refused.at('error.code'), refused.at('error.message')]).toEqual([
			403,
			'TEAM_TIER_REQUIRED',
			`The tier of this team allows ${most} projects.`,
		]);
	});
});
