import { knownAbilities } from '@memberpass/catalogue';

import { mintToken } from './auth.ts';
import { paymentFacts, planFacts, projectFacts, subscriptionFacts } from './facts.ts';
import { makeCodes, recordPayment, schedulePeriod, scheduleExpiry } from './lifecycle.ts';
import {
	type Currency,
	decimalText,
	type Member,
	type MemberStatus,
	type Plan,
	type Project,
	type Role,
	type Subscription,
	type Team,
	type Tier,
	type Token,
} from './state.ts';
import { addCycle, day, hour, iso, minute } from './time.ts';
import type { World } from './world.ts';

/** What the caller of a fresh sandbox needs to know. */
export interface Seeded {
	/** May do everything that is known, in the whole main team. */
	readonly token: Token;
	/** As `token`, confined to the first project. */
	readonly projectToken: Token;
	/** Of another team, on the Free tier. */
	readonly otherToken: Token;
	readonly team: Team;
	readonly otherTeam: Team;
	readonly project: Project;
}

/**
 * A small, believable account: three projects with plans, people, payments and codes, and a second team that the
 * main token must never see. The same seed gives the same account, as long as the rows are made in the same order.
 */
export function seed(world: World): Seeded {
	const now = world.clock.now();
	const teams = seedTeams(world, now);
	const currencies = seedCurrencies(world, now);
	const projects = seedProjects(world, now, teams);
	const tokens = seedTokens(world, now, teams, projects);
	seedGroups(world, now, teams, projects);
	seedPaymentMethods(world, projects, currencies);
	const resources = seedResources(world, projects);
	const { monthly, yearly, trial, tastings, hidden } = seedPlans(
		world,
		projects,
		currencies,
		resources,
	);
	seedMembers(world, now, projects.research, 32, [monthly, monthly, yearly], trial);
	seedMembers(world, now, projects.kitchen, 8, [tastings], tastings);
	seedMembers(world, now, projects.hidden, 3, [hidden], hidden);
	seedRefund(world, monthly);
	seedCodes(world, now, monthly);
	seedActivity(world, teams, [monthly, yearly]);
	seedEvents(world, projects.research, monthly);
	const { team, otherTeam } = teams;
	return { ...tokens, team, otherTeam, project: projects.research };
}

interface Teams {
	readonly team: Team;
	readonly otherTeam: Team;
	/** User id of somebody in the team who does not own it. */
	readonly colleague: string;
}

function seedTeams({ ids, state }: World, now: number): Teams {
	const makeTeam = (name: string, tier: Tier, personal: boolean, since: number): Team => {
		const owner = ids.next('user', since);
		const team: Team = {
			id: ids.next('team', since),
			name,
			owner_user_id: owner,
			personal,
			created_at: iso(since),
			tier,
			creator_id: ids.next('creator', since),
		};
		state.teams.set(team.id, team);
		return team;
	};
	const team = makeTeam('Research Collective', 'growth', false, now - 300 * day);
	const otherTeam = makeTeam('Quiet Kitchen', 'free', true, now - 200 * day);

	const makeRole = (code: string, name: string, permissions: readonly string[], days: number) => {
		const since = now - days * day;
		const role: Role = {
			id: ids.next('role', since),
			team_id: team.id,
			code,
			name,
			description: `${name} of the team`,
			permissions,
			created_at: iso(since),
		};
		state.roles.set(role.id, role);
		return role.id;
	};
	const managing = ['project:view', 'project:update', 'project-user:update'];
	const manager = makeRole('manager', 'Manager', managing, 299);
	const viewer = makeRole('viewer', 'Viewer', ['project:view'], 299);
	makeRole('plan-editor', 'Plan Editor', ['project-subscription-plan:update'], 120);

	const join = (
		owner: Team,
		id: string,
		name: string,
		email: string,
		roleId: string | null,
		days: number,
	): void => {
		state.teamMembers.push({
			id,
			team_id: owner.id,
			name,
			email,
			role_id: roleId,
			is_owner: roleId === null,
			joined_at: iso(now - days * day),
		});
	};
	const colleague = ids.next('user', now - 150 * day);
	const other = ids.next('user', now - 90 * day);
	join(team, team.owner_user_id, 'Nora Lindqvist', 'nora@example.com', null, 300);
	join(team, colleague, 'Priya Patel', 'priya.team@example.com', manager, 150);
	join(team, other, 'Jonas Weber', 'jonas@example.com', viewer, 90);
	join(otherTeam, otherTeam.owner_user_id, 'Elif Demir', 'elif@example.com', null, 200);
	return { team, otherTeam, colleague };
}

interface Currencies {
	readonly dollar: Currency;
	readonly euro: Currency;
}

function seedCurrencies({ ids, state }: World, now: number): Currencies {
	const makeCurrency = (code: string, usd: number): Currency => {
		const currency = { id: ids.next('currency', now - 400 * day), code, usd };
		state.currencies.set(currency.id, currency);
		return currency;
	};
	const dollar = makeCurrency('USD', 1);
	const euro = makeCurrency('EUR', 1.1);
	// Exists, but no payment method takes it: the case "currency not supported".
	makeCurrency('GBP', 1.25);
	return { dollar, euro };
}

interface Projects {
	readonly research: Project;
	readonly kitchen: Project;
	readonly drafts: Project;
	/** Of the other team. */
	readonly hidden: Project;
}

function seedProjects({ ids, state }: World, now: number, { team, otherTeam }: Teams): Projects {
	const makeProject = (
		owner: Team,
		name: string,
		handle: string,
		description: string | null,
		botName: string | null,
		days: number,
	): Project => {
		const since = now - days * day;
		const bot =
			botName === null
				? null
				: { id: ids.next('bot', since), name: botName, url: `https://t.me/${botName}` };
		if (bot !== null) state.bots.set(bot.id, bot);
		const project: Project = {
			id: ids.next('project', since),
			team_id: owner.id,
			name,
			handle,
			type: 'telegram',
			description,
			banner_url: null,
			photo_url: null,
			terms: null,
			privacy: null,
			metrics: true,
			active: true,
			bot,
			created_at: iso(since),
			updated_at: iso(since),
		};
		state.projects.set(project.id, project);
		return project;
	};
	return {
		research: makeProject(
			team,
			'Research Premium',
			'research-premium',
			'Weekly deep-dive research notes.',
			'research_bot',
			220,
		),
		kitchen: makeProject(
			team,
			'Café Über Klub',
			'cafe-uber-klub',
			'Rezepte & Röstungen ☕️',
			'cafe_klub_bot',
			140,
		),
		drafts: makeProject(team, 'Drafts Without a Bot', 'drafts-no-bot', null, null, 30),
		hidden: makeProject(
			otherTeam,
			'Quiet Kitchen Club',
			'quiet-kitchen',
			'Another team entirely.',
			'quiet_kitchen_bot',
			190,
		),
	};
}

/** Made before anything that depends on the date, and dated to a fixed day: a token stays the same from start to start. */
function seedTokens(
	world: World,
	now: number,
	{ team, otherTeam, colleague }: Teams,
	{ research }: Projects,
): Pick<Seeded, 'token' | 'projectToken' | 'otherToken'> {
	const at = now - 10 * day;
	const idAt = Date.parse('2026-01-01T00:00:00Z');
	const abilities = [...knownAbilities].filter((ability) => ability !== 'mcp:full');
	const own = { abilities, teamId: team.id, userId: team.owner_user_id, idAt };
	const token = mintToken(world, { ...own, name: 'Sandbox', at });
	const projectToken = mintToken(world, {
		...own,
		name: 'One project only',
		projectIds: [research.id],
		at: at + minute,
	});
	mintToken(world, {
		...own,
		name: "A colleague's token",
		abilities: ['project:view-any'],
		userId: colleague,
		at: at + 2 * minute,
	});
	const otherToken = mintToken(world, {
		...own,
		name: 'Other team',
		teamId: otherTeam.id,
		userId: otherTeam.owner_user_id,
		at: at + 3 * minute,
	});
	return { token, projectToken, otherToken };
}

function seedGroups(
	{ ids, state }: World,
	now: number,
	{ team }: Teams,
	{ research, kitchen, drafts }: Projects,
): void {
	const since = now - 100 * day;
	const makeGroup = (code: string, name: string, projects: readonly Project[]): void => {
		const id = ids.next('group', since);
		state.groups.set(id, {
			id,
			team_id: team.id,
			code,
			name,
			project_ids: projects.map((project) => project.id),
			created_at: iso(since),
		});
	};
	makeGroup('core-community', 'Core Community', [research, kitchen]);
	makeGroup('experiments', 'Experiments', [drafts]);
}

function seedPaymentMethods(
	{ ids, state }: World,
	{ research, kitchen, drafts, hidden }: Projects,
	{ dollar, euro }: Currencies,
): void {
	const makeMethod = (
		project: Project,
		provider: string,
		currencies: readonly Currency[],
		active = true,
	): void => {
		const at = Date.parse(project.created_at) + hour;
		const id = ids.next('paymentMethod', at);
		state.paymentMethods.set(id, {
			id,
			project_id: project.id,
			provider,
			mode: provider === 'paypal' ? 'test' : 'live',
			active,
			currency_ids: currencies.map((currency) => currency.id),
			created_at: iso(at),
		});
	};
	makeMethod(research, 'stripe', [dollar, euro]);
	makeMethod(research, 'paypal', [dollar]);
	makeMethod(research, 'razorpay', [dollar], false);
	makeMethod(kitchen, 'stripe', [euro]);
	makeMethod(drafts, 'stripe', [dollar]);
	makeMethod(hidden, 'stripe', [euro]);
}

/** Ids of the resources that plans give access to. */
type Resources = Readonly<Record<'channel' | 'lounge' | 'pack' | 'tasting' | 'recipes', string>>;

function seedResources(
	{ ids, state }: World,
	{ research, kitchen, drafts, hidden }: Projects,
): Resources {
	let chats = 1_001_000_000;
	const makeResource = (project: Project, type: string, title: string): string => {
		const at = Date.parse(project.created_at) + 2 * hour;
		const id = ids.next('resource', at);
		state.resources.set(id, {
			id,
			project_id: project.id,
			type,
			title,
			description: null,
			chat_id: type === 'manual' ? null : `-${String(chats++)}`,
			active: true,
			created_at: iso(at),
			updated_at: iso(at),
		});
		return id;
	};
	const channel = makeResource(research, 'channel', 'Research Channel');
	const lounge = makeResource(research, 'supergroup', 'Research Lounge 🔭');
	const pack = makeResource(research, 'manual', 'Onboarding PDF');
	const tasting = makeResource(kitchen, 'channel', 'Verkostung');
	makeResource(drafts, 'manual', 'Reading List');
	const recipes = makeResource(hidden, 'group', 'Hidden Recipes');
	return { channel, lounge, pack, tasting, recipes };
}

type Plans = Readonly<Record<'monthly' | 'yearly' | 'trial' | 'tastings' | 'hidden', Plan>>;

function seedPlans(
	{ ids, state }: World,
	{ research, kitchen, hidden }: Projects,
	{ dollar, euro }: Currencies,
	{ channel, lounge, pack, tasting, recipes }: Resources,
): Plans {
	const makePlan = (
		project: Project,
		name: string,
		price: number,
		currency: Currency,
		cycle: string,
		count: number,
		resourceIds: readonly string[],
		options: Partial<Pick<Plan, 'trial_days' | 'recurring' | 'active'>> = {},
	): Plan => {
		const at = Date.parse(project.created_at) + 3 * hour + state.plans.size * minute;
		const plan: Plan = {
			id: ids.next('plan', at),
			project_id: project.id,
			name,
			description: null,
			price: decimalText(price),
			currency_id: currency.id,
			currency: currency.code,
			billing_cycle: cycle,
			billing_cycle_count: count,
			trial_days: options.trial_days ?? 0,
			trial_cardless: false,
			recurring: options.recurring ?? true,
			newcomers_only: false,
			customers_only: false,
			churned_only: false,
			resource_ids: resourceIds,
			active: options.active ?? true,
			created_at: iso(at),
			updated_at: iso(at),
		};
		state.plans.set(plan.id, plan);
		return plan;
	};
	const all = [channel, lounge, pack];
	const monthly = makePlan(research, 'Premium Monthly', 29, dollar, 'months', 1, [channel, lounge]);
	const yearly = makePlan(research, 'Premium Yearly', 290, dollar, 'years', 1, all);
	const trial = makePlan(research, 'Trial Monthly', 19, dollar, 'months', 1, [channel], {
		trial_days: 14,
	});
	makePlan(research, 'Founders Lifetime', 499, dollar, 'lifetime', 1, [channel, pack], {
		recurring: false,
		active: false,
	});
	return {
		monthly,
		yearly,
		trial,
		tastings: makePlan(kitchen, 'Röst-Abo', 9.5, euro, 'weeks', 4, [tasting]),
		hidden: makePlan(hidden, 'Hidden Monthly', 5, euro, 'months', 1, [recipes]),
	};
}

const people = [
	['Amara Okafor', 'amara'],
	['Lukas Brandt', 'lukas'],
	['Priya Patel', 'priya'],
	['Mateo García', 'mateo'],
	['Chloé Dubois', 'chloe'],
	['Yuki Tanaka', 'yuki'],
	['Noah Cohen', 'noah'],
	['Fatima Zahra', 'fatima'],
	['Søren Madsen', 'soren'],
	['Olena Kovalenko', 'olena'],
	['Diego Ramos', 'diego'],
	['Hannah Wolf', 'hannah'],
	['Kwame Mensah', 'kwame'],
	['Ines Costa', 'ines'],
	['Wei Zhang', 'wei'],
	['Zoë Janssen', 'zoe'],
	['Rahul Mehta', 'rahul'],
	['Nadia Haddad', 'nadia'],
	['Tom Fischer', 'tom'],
	['Aisha Bello', 'aisha'],
] as const;

/** What a member is, and the status of their subscription; a lead has none. */
const standings: readonly (readonly [MemberStatus, string | null])[] = [
	['customer', 'active'],
	['customer', 'active'],
	['customer', 'active'],
	['trialing', 'trialing'],
	['customer', 'past_due'],
	['customer', 'canceled'],
	['churned', 'expired'],
	['customer', 'active'],
	['lead', null],
	['banned', 'canceled'],
];

/** People of a project, and what they bought. */
function seedMembers(
	world: World,
	now: number,
	project: Project,
	count: number,
	paidPlans: readonly Plan[],
	trialPlan: Plan,
): void {
	const { random } = world;
	for (let index = 0; index < count; index++) {
		const [memberStatus, status] = standings[index % standings.length] ?? (['lead', null] as const);
		const joined = now - random.integer(20, 120) * day - random.integer(0, 86_400) * 1_000;
		const isTrial = status === 'trialing';
		const since = isTrial ? now - 2 * day - index * hour : joined;
		const joinedAt = status === null ? null : since;
		const member = makeMember(world, now, project, index, memberStatus, joinedAt);
		if (status === null) continue;
		const plan = isTrial ? trialPlan : (paidPlans[index % paidPlans.length] ?? trialPlan);
		const provider = index % 4 === 3 ? 'paypal' : 'stripe';
		const subscription = makeSubscription(world, now, plan, member, status, since, provider);
		if (!isTrial) payPeriods(world, now, subscription, plan, since);
		schedulePeriod(world, subscription);
	}
}

function makeMember(
	{ ids, state }: World,
	now: number,
	project: Project,
	index: number,
	status: MemberStatus,
	joined: number | null,
): Member {
	const [name, local] = people[index % people.length] ?? people[0];
	const member: Member = {
		id: ids.next('member', joined ?? now - 3 * day),
		project_id: project.id,
		name: joined === null ? null : name,
		email: index % 7 === 6 ? null : `${local}${index >= people.length ? index : ''}@example.com`,
		email_verified: index % 3 !== 2,
		chat_id: String(700_100_000 + state.members.size),
		status,
		joined_at: joined === null ? null : iso(joined),
	};
	state.members.set(member.id, member);
	return member;
}

function makeSubscription(
	{ ids, random, state }: World,
	now: number,
	plan: Plan,
	member: Member,
	status: string,
	created: number,
	provider: string,
): Subscription {
	// Periods of a fresh account end ten days from now or later, so that a few days can pass in a test without
	// renewals in between.
	const ends =
		status === 'expired' ? now - random.integer(2, 15) * day : now + random.integer(10, 26) * day;
	const subscription: Subscription = {
		id: ids.next('subscription', created),
		project_id: plan.project_id,
		plan_id: plan.id,
		subscriber_id: member.id,
		status,
		trial_ends_at: status === 'trialing' ? iso(ends) : null,
		ends_at: iso(ends),
		created_at: iso(created),
		provider,
		cancelQueued: false,
		convertedAt: null,
		canceledAt: status === 'canceled' ? iso(now - 2 * day) : null,
		stop: () => undefined,
	};
	state.subscriptions.set(subscription.id, subscription);
	return subscription;
}

/** A payment for each period so far; the last one of who is past due failed. */
function payPeriods(
	world: World,
	now: number,
	subscription: Subscription,
	plan: Plan,
	since: number,
): void {
	for (let paid = since, first = true; paid < now; first = false) {
		const last = subscription.status === 'past_due' && (addCycle(paid, 'months', 1) ?? now) >= now;
		recordPayment(world, subscription, plan, {
			at: paid,
			status: last && !first ? 'failed' : 'successful',
			reason: first ? 'subscription_create' : 'subscription_cycle',
		});
		paid = addCycle(paid, plan.billing_cycle, plan.billing_cycle_count) ?? now;
	}
}

/** The first payment went back. */
function seedRefund(world: World, plan: Plan): void {
	const { payments, subscriptions } = world.state;
	const refunded = [...payments.values()].find((row) => row.status === 'successful');
	const subscription = subscriptions.get(refunded?.subscription_id ?? '');
	if (refunded === undefined || subscription === undefined) return;
	recordPayment(world, subscription, plan, {
		at: Date.parse(refunded.occurred_at) + 2 * hour,
		status: 'refunded',
		reason: 'refund',
	});
}

/** Codes that are open, one that was redeemed, and some that ran out. */
function seedCodes(world: World, now: number, plan: Plan): void {
	const { codes } = makeCodes(world, plan, 6, now + 60 * day, now - 20 * day);
	scheduleExpiry(world, codes);
	const [redeemed] = codes;
	const [someone] = world.state.members.values();
	if (redeemed !== undefined && someone !== undefined) {
		redeemed.redeemed_at = iso(now - 5 * day);
		redeemed.redeemed_by = someone.id;
	}
	// They ran out before the sandbox was started: nobody is told of them any more.
	makeCodes(world, plan, 2, now - 3 * day, now - 33 * day);
}

function seedActivity({ ids, state }: World, { team }: Teams, plans: readonly Plan[]): void {
	for (const plan of plans) {
		state.activity.push({
			id: ids.next('activity', Date.parse(plan.created_at)),
			team_id: team.id,
			project_id: plan.project_id,
			log_name: 'default',
			description: `Plan '${plan.name}' was created.`,
			event: 'created',
			subject_type: 'project-subscription-plan',
			subject_id: plan.id,
			causer_type: 'user',
			causer_id: team.owner_user_id,
			properties: {},
			actor_kind: 'human',
			created_at: plan.created_at,
		});
	}
}

/** The feed of events is not empty in a fresh account; nobody listened yet, so nothing is delivered. */
function seedEvents(world: World, project: Project, plan: Plan): void {
	const { state } = world;
	const send = (type: string, facts: Parameters<World['emit']>[1], at: string): void => {
		world.emit(type, facts, project, Date.parse(at));
	};
	send('project.created', projectFacts(project), project.created_at);
	send('plan.created', planFacts(plan), plan.created_at);
	const recent = [...state.subscriptions.values()]
		.filter((row) => row.project_id === project.id && row.status === 'active')
		.sort((one, other) => (one.created_at < other.created_at ? -1 : 1))
		.slice(-3);
	for (const subscription of recent) {
		const facts = subscriptionFacts(state, subscription);
		send('subscription.created', facts, subscription.created_at);
		send('member.joined', facts, subscription.created_at);
		const payment = [...state.payments.values()].find(
			(row) => row.subscription_id === subscription.id,
		);
		if (payment !== undefined) {
			send('payment.succeeded', { ...facts, ...paymentFacts(payment) }, payment.occurred_at);
		}
	}
}
