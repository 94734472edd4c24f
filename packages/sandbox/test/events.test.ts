import { eventByType, type EventEntry, events, routes } from '@memberpass/catalogue';

import { dataSchema } from '../src/event-data.ts';
import type { Sandbox } from '../src/index.ts';
import { inProject } from '../src/state.ts';
import { second } from '../src/time.ts';
import {
	ask,
	at,
	type Ids,
	idsOf,
	listen,
	planBody,
	projectOf,
	remembering,
	sandboxWith,
	useSandbox,
} from './support/sandbox.ts';
import { faultsOf } from './support/schema.ts';

const project = (sandbox: Sandbox): string => `/v1/projects/${sandbox.seeded.project.id}`;

interface Change {
	readonly name: string;
	/** The write of the catalogue that it is, where what is announced is what the catalogue names. */
	readonly write?: string;
	/** In this order, and nothing else. Source: the event pages of docs.memberpass.net. */
	readonly events: readonly string[];
	/** What is written down of it, each with the kind of row that it is about. */
	readonly lines?: readonly string[];
	readonly make: (sandbox: Sandbox) => Promise<unknown>;
}

const post = (path: (ids: Ids) => string, body?: unknown) => (sandbox: Sandbox) =>
	ask(sandbox, 'POST', project(sandbox) + path(idsOf(sandbox)), { body });

const removedTwice = ['member.resource_removed', 'member.resource_removed'];
/** Subscriptions of the fresh account that give access to its first resource. */
const removedFromAll = Array<string>(26).fill('member.resource_removed');

const changes: readonly Change[] = [
	{
		name: 'a project is created',
		write: 'create_project',
		events: ['project.created'],
		lines: ['project created'],
		make: (sandbox) => ask(sandbox, 'POST', '/v1/projects', { body: { name: 'A fine project' } }),
	},
	{
		name: 'a project is created with a bot',
		events: ['project.created', 'project.bot.connected'],
		lines: ['project created'],
		make: (sandbox) => {
			const body = { name: 'A fine project', bot_id: sandbox.seeded.project.bot?.id };
			return ask(sandbox, 'POST', '/v1/projects', { body });
		},
	},
	{
		name: 'a project is renamed and archived in one call',
		events: ['project.updated', 'project.archived'],
		lines: ['project updated', 'project archived'],
		make: (sandbox) =>
			ask(sandbox, 'PATCH', project(sandbox), { body: { name: 'Another name', active: false } }),
	},
	{
		name: 'a project gets another bot',
		events: ['project.bot.disconnected', 'project.bot.connected'],
		make: (sandbox) => {
			const bots = [...sandbox.state.bots.values()];
			const other = bots.find((bot) => bot.name === 'cafe_klub_bot');
			return ask(sandbox, 'PATCH', project(sandbox), { body: { bot_id: other?.id } });
		},
	},
	{
		name: 'a project is written with what it has',
		events: [],
		make: (sandbox) =>
			ask(sandbox, 'PATCH', project(sandbox), {
				body: { name: 'Research Premium', bot_id: sandbox.seeded.project.bot?.id, active: true },
			}),
	},
	{
		name: 'a project is renamed',
		write: 'update_project',
		events: ['project.updated'],
		lines: ['project updated'],
		make: (sandbox) => ask(sandbox, 'PATCH', project(sandbox), { body: { name: 'Another name' } }),
	},
	{
		name: 'a project is archived',
		write: 'archive_project',
		events: ['project.archived'],
		lines: ['project archived'],
		make: post(() => '/archive'),
	},
	{
		name: 'an archived project is restored',
		write: 'restore_project',
		events: ['project.restored'],
		lines: ['project restored'],
		make: (sandbox) => {
			sandbox.seeded.project.active = false;
			return post(() => '/restore')(sandbox);
		},
	},
	{ name: 'an active project is restored', events: [], make: post(() => '/restore') },
	{
		name: 'a project is deleted, with everything in it',
		write: 'delete_project',
		events: ['project.deleted'],
		lines: ['project deleted'],
		make: (sandbox) => ask(sandbox, 'DELETE', project(sandbox)),
	},
	{
		name: 'a plan is created, and reaches the providers later',
		write: 'create_plan',
		events: ['plan.created', 'plan.sync_completed'],
		lines: ['project-subscription-plan created'],
		make: (sandbox) =>
			ask(sandbox, 'POST', `${project(sandbox)}/plans`, { body: planBody(sandbox) }),
	},
	{
		name: 'a price is changed',
		write: 'update_plan',
		events: ['plan.updated'],
		lines: ['project-subscription-plan updated'],
		make: (sandbox) =>
			ask(sandbox, 'PATCH', `${project(sandbox)}/plans/${idsOf(sandbox).plan}`, {
				body: { price: 31 },
			}),
	},
	{
		name: 'a plan is written with what it has',
		events: [],
		make: (sandbox) => {
			const id = idsOf(sandbox).plan;
			const plan = sandbox.state.plans.get(id);
			const body = { name: plan?.name, price: Number(plan?.price), trial_days: plan?.trial_days };
			return ask(sandbox, 'PATCH', `${project(sandbox)}/plans/${id}`, { body });
		},
	},
	{
		name: 'a plan is unpublished',
		write: 'unpublish_plan',
		events: ['plan.deactivated'],
		lines: ['project-subscription-plan deactivated'],
		make: post((ids) => `/plans/${ids.plan}/unpublish`),
	},
	{
		name: 'a plan that is not published is published',
		write: 'publish_plan',
		events: ['plan.activated'],
		lines: ['project-subscription-plan activated'],
		make: (sandbox) => {
			const { plan } = idsOf(sandbox);
			Object.assign(sandbox.state.plans.get(plan) ?? {}, { active: false });
			return post(() => `/plans/${plan}/publish`)(sandbox);
		},
	},
	{
		name: 'a published plan is published',
		events: [],
		make: post((ids) => `/plans/${ids.plan}/publish`),
	},
	{
		name: 'a plan is deleted',
		write: 'delete_plan',
		events: ['plan.deleted'],
		lines: ['project-subscription-plan deleted'],
		make: (sandbox) => ask(sandbox, 'DELETE', `${project(sandbox)}/plans/${idsOf(sandbox).plan}`),
	},
	{
		name: 'access codes are generated, once for the batch',
		write: 'bulk_generate_access_codes',
		events: ['access_code.generated'],
		lines: ['project-subscription-plan access_codes_ordered'],
		make: post((ids) => `/plans/${ids.plan}/access-codes/bulk-generate`, {
			quantity: 40,
			export_type: 'file',
			expiry_preset: '1_year',
		}),
	},
	{
		name: 'a resource is created',
		write: 'create_resource',
		events: ['project.resource.created'],
		lines: ['project-resource created'],
		make: post(() => '/resources', { title: 'A reading list' }),
	},
	{
		name: 'a resource is unlinked',
		write: 'unlink_resource',
		events: ['project.resource.unlinked', ...removedFromAll],
		lines: ['project-resource unlinked'],
		make: post((ids) => `/resources/${ids.resource}/unlink`),
	},
	{
		name: 'a resource without a chat is unlinked',
		events: [],
		make: (sandbox) => {
			const id = idsOf(sandbox).resource;
			const resource = sandbox.state.resources.get(id);
			if (resource !== undefined) resource.chat_id = null;
			return ask(sandbox, 'POST', `${project(sandbox)}/resources/${id}/unlink`);
		},
	},
	{
		name: 'a resource is deleted',
		write: 'delete_resource',
		events: ['project.resource.deleted', ...removedFromAll],
		lines: ['project-resource deleted'],
		make: (sandbox) =>
			ask(sandbox, 'DELETE', `${project(sandbox)}/resources/${idsOf(sandbox).resource}`),
	},
	{
		name: 'a member is banned',
		write: 'ban_member',
		events: ['member.banned', 'subscription.cancelled'],
		lines: ['project-user banned'],
		make: post((ids) => `/members/${ids.member}/ban`, { reason: 'Spam' }),
	},
	{
		name: 'a member who is banned is unbanned',
		write: 'unban_member',
		events: ['member.unbanned'],
		lines: ['project-user unbanned'],
		make: (sandbox) => {
			const { member } = idsOf(sandbox);
			Object.assign(sandbox.state.members.get(member) ?? {}, { status: 'banned' });
			return post(() => `/members/${member}/unban`)(sandbox);
		},
	},
	{
		name: 'a member who is not banned is unbanned',
		events: [],
		make: post((ids) => `/members/${ids.member}/unban`),
	},
	{
		name: 'a member is kicked, out of each resource',
		write: 'kick_member',
		events: ['member.kicked', ...removedTwice],
		lines: ['project-user kicked'],
		make: post((ids) => `/members/${ids.member}/kick`),
	},
	{
		name: 'a member who is banned is kicked',
		events: [],
		make: (sandbox) => {
			const id = idsOf(sandbox).member;
			const member = sandbox.state.members.get(id);
			if (member !== undefined) member.status = 'banned';
			return ask(sandbox, 'POST', `${project(sandbox)}/members/${id}/kick`);
		},
	},
	{
		name: 'a subscription is cancelled: later, and access stays',
		write: 'cancel_subscription',
		events: ['subscription.cancelled'],
		lines: ['project-subscription cancellation_queued'],
		make: (sandbox) =>
			ask(sandbox, 'POST', `/v1/subscriptions/${idsOf(sandbox).subscription}/cancel`),
	},
	{
		name: 'a subscription is cancelled at once',
		events: ['subscription.cancelled', 'subscription.expired', 'member.churned', ...removedTwice],
		lines: ['project-subscription cancellation_queued'],
		make: (sandbox) =>
			ask(sandbox, 'POST', `/v1/subscriptions/${idsOf(sandbox).subscription}/cancel`, {
				body: { at_period_end: false },
			}),
	},
	{
		name: 'someone buys a plan',
		events: [
			'subscription.created',
			'member.joined',
			'payment.succeeded',
			'member.resource_added',
			'member.resource_added',
		],
		make: async (sandbox) => sandbox.act({ action: 'subscribe', plan_id: idsOf(sandbox).plan }),
	},
	{
		name: 'someone starts a trial',
		events: [
			'subscription.created',
			'subscription.trial_started',
			'member.trial_joined',
			'member.resource_added',
		],
		make: async (sandbox) => {
			const plans = inProject(sandbox.state.plans, sandbox.seeded.project.id);
			const trial = plans.find((plan) => plan.trial_days > 0);
			return sandbox.act({ action: 'subscribe', plan_id: trial?.id });
		},
	},
	{
		name: 'someone redeems an access code',
		events: [
			'access_code.redeemed',
			'subscription.created',
			'member.joined',
			'member.resource_added',
			'member.resource_added',
		],
		make: async (sandbox) =>
			sandbox.act({ action: 'redeem', access_code_id: idsOf(sandbox).access_code }),
	},
	{
		name: 'a renewal is paid',
		events: ['subscription.renewed', 'payment.succeeded'],
		make: async (sandbox) =>
			sandbox.act({ action: 'renew', subscription_id: idsOf(sandbox).subscription }),
	},
	{
		name: 'a renewal is not paid',
		events: ['subscription.past_due', 'payment.failed'],
		make: async (sandbox) =>
			sandbox.act({ action: 'fail_payment', subscription_id: idsOf(sandbox).subscription }),
	},
];

const rows = changes.map((change) => [change.name, change] as const);
const shapes = ['flat', 'nested', 'manifest'] as const;
type Shape = (typeof shapes)[number];

const inEachShape = <Result>(make: (shape: Shape) => Result): Readonly<Record<Shape, Result>> => ({
	flat: make('flat'),
	nested: make('nested'),
	manifest: make('manifest'),
});

/** What a change of a fresh account announces: made once for all the tests that look at it. */
const heardOf = inEachShape((eventShape) =>
	remembering(async (change: Change) => {
		const sandbox = await sandboxWith({ switches: { eventShape } });
		const { events: heard } = listen(sandbox);
		const { activity } = sandbox.state;
		const before = activity.length;
		await change.make(sandbox);
		await sandbox.advance(5 * second);
		return { heard, written: activity.slice(before) };
	}),
);

const schemaOf = inEachShape((shape) =>
	remembering((entry: EventEntry) => dataSchema(entry, shape)),
);

describe('the events of a change', () => {
	it.each(rows)('%s', async (_name, change) => {
		const { heard } = await heardOf.flat(change);
		expect(heard.map(({ type }) => type)).toEqual(change.events);
	});

	it.each(rows)('%s: it is in the activity log', async (_name, change) => {
		const { written } = await heardOf.flat(change);
		const lines = written.map((line) => `${line.subject_type} ${line.event}`);
		expect(lines).toEqual(change.lines ?? []);
		for (const line of written) {
			expect(line).toMatchObject({
				actor_kind: 'api_token',
				created_at: '2026-06-01T09:00:00Z',
				description: expect.stringMatching(/^\S.*\.$/),
			});
		}
	});

	it.each(
		rows
			.filter(([, change]) => change.events.length > 0)
			.flatMap(([name, change]) => shapes.map((shape) => [name, shape, change] as const)),
	)('%s: each is of the documented form, %s', async (_name, shape, change) => {
		const { heard } = await heardOf[shape](change);
		for (const event of heard) {
			const entry = eventByType(event.type);
			if (entry === undefined) throw new Error(`Unknown ${event.type}.`);
			expect(faultsOf(schemaOf[shape](entry), event.data)).toEqual([]);
			expect(event.id).toMatch(/^evt_[0-9A-HJKMNP-TV-Z]{26}$/);
			expect(event.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
			expect(event.api_version).toBe('2026-05-01');
			expect(event.project_id).toMatch(/^prj_/);
		}
	});

	it.each([
		['a kick', (ids: Ids) => `/members/${ids.member}/kick`],
		['unlinking', (ids: Ids) => `/resources/${ids.resource}/unlink`],
	])(
		'%s takes nothing from a paused subscription, which has no access left',
		async (_how, path) => {
			const sandbox = await sandboxWith();
			const address = project(sandbox) + path(idsOf(sandbox));
			for (const row of sandbox.state.subscriptions.values()) row.status = 'paused';
			const heard = listen(sandbox);
			await ask(sandbox, 'POST', address);
			expect(heard.types().length).toBeGreaterThan(0);
			expect(heard.types()).not.toContain('member.resource_removed');
		},
	);

	it.each([
		[{}, null],
		[{ reason: '' }, null],
		[{ reason: 'Spam' }, 'Spam'],
	])('of a member who is kicked with %j has the reason %j', async (body, reason) => {
		const sandbox = await sandboxWith();
		const heard = listen(sandbox);
		await ask(sandbox, 'POST', `${project(sandbox)}/members/${idsOf(sandbox).member}/kick`, {
			body,
		});
		const kicked = heard.events.find(({ type }) => type === 'member.kicked');
		expect(kicked?.data).toHaveProperty('reason', reason);
	});

	it('are those the catalogue names for each write', () => {
		// What a later queue sends as well is in the table above, and not in the catalogue.
		const later = new Set(['plan.sync_completed']);
		const named = routes.filter(({ emits }) => emits.length > 0);
		const seen = changes.flatMap(({ write, events: all }) =>
			write === undefined
				? []
				: [[write, [...new Set(all)].filter((type) => !later.has(type))] as const],
		);
		expect(Object.fromEntries(seen)).toEqual(
			Object.fromEntries(named.map(({ key, emits }) => [key, emits])),
		);
	});
});

describe('an event fired by hand', () => {
	// One account for all of them: what is fired changes nothing in it, as a test below says.
	const shared = useSandbox();
	/** The same in the shape it begins with. */
	const flat = (): Sandbox => {
		shared().switches.eventShape = 'flat';
		return shared();
	};

	it.each(events.map((entry) => [entry.type, entry] as const))(
		'%s has the documented form in every shape and points at rows that exist',
		(type, entry) => {
			const sandbox = shared();
			for (const shape of shapes) {
				sandbox.switches.eventShape = shape;
				const event = sandbox.fire(type);
				expect(faultsOf(schemaOf[shape](entry), event.data)).toEqual([]);
				const id = event.data['subscription_id'] ?? at(event.data, 'subscription.id');
				if (typeof id === 'string') expect(sandbox.state.subscriptions.has(id)).toBe(true);
				const planId = event.data['plan_id'] ?? at(event.data, 'plan.id');
				if (typeof planId === 'string' && entry.family !== 'billing') {
					expect(sandbox.state.plans.has(planId)).toBe(true);
				}
			}
		},
	);

	it('has no project where it belongs to the account', async () => {
		const sandbox = flat();
		for (const type of ['billing.invoice_paid', 'team.created', 'role.updated', 'group.deleted']) {
			expect(sandbox.fire(type).project_id).toBeNull();
		}
		expect(sandbox.fire('plan.created').project_id).toBe(sandbox.seeded.project.id);
	});

	it('says what its name says: a ban is of someone banned, an archive of something inactive', async () => {
		const sandbox = flat();
		expect(at(sandbox.fire('member.banned').data, 'subscriber.status')).toBe('banned');
		expect(at(sandbox.fire('plan.deactivated').data, 'plan.active')).toBe(false);
		expect(at(sandbox.fire('project.archived').data, 'project.active')).toBe(false);
		expect(at(sandbox.fire('project.restored').data, 'project.active')).toBe(true);
	});

	it('names what is in the account; states, times and the bill of the creator are those of its page', async () => {
		const sandbox = await sandboxWith();
		const id = idsOf(sandbox).plan;
		Object.assign(sandbox.state.plans.get(id) ?? {}, { name: 'Renamed', price: '31.00' });
		expect(sandbox.fire('plan.created').data['plan']).toEqual({
			id,
			name: 'Renamed',
			price: 31,
			currency: 'USD',
			billing_cycle: 'monthly',
			// The plan itself has no trial.
			trial_days: 7,
			active: true,
		});
		expect(sandbox.fire('payment.succeeded').data).toMatchObject({ plan_id: id, amount: '29.00' });
		expect(sandbox.fire('billing.invoice_paid').data).toMatchObject({ amount: '49.00' });
	});

	it('takes data and a project of choice', async () => {
		const sandbox = flat();
		const other = projectOf(sandbox, 'cafe-uber-klub');
		const event = sandbox.fire('payment.succeeded', { amount: '1.00' }, other.id);
		expect([event.project_id, event.data['amount']]).toEqual([other.id, '1.00']);
	});

	it('changes nothing in the account', async () => {
		const sandbox = flat();
		const before = JSON.stringify([...sandbox.state.members.values()]);
		sandbox.fire('member.banned');
		expect(JSON.stringify([...sandbox.state.members.values()])).toBe(before);
	});

	it('is in the feed that triggers read samples from', async () => {
		const sandbox = await sandboxWith();
		const event = sandbox.fire('member.kicked');
		const reply = await ask(sandbox, 'GET', '/v1/webhook-events?type=member.kicked');
		expect(reply.rows.map((row) => row['id'])).toEqual([event.id]);
	});
});
