import { knownAbilities } from '@memberpass/catalogue';

import { paymentFacts, planFacts, projectFacts, subscriptionFacts } from './facts.ts';
import { makeCodes, recordPayment, schedulePeriod, scheduleExpiry } from './lifecycle.ts';
import {
	decimalText,
	type Member,
	type MemberStatus,
	type Plan,
	type Project,
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

export interface TokenInput {
	readonly name: string;
	readonly abilities: readonly string[];
	readonly teamId: string;
	readonly projectIds?: readonly string[];
	readonly userId: string;
	readonly expiresAt?: string | null;
	/** The sandbox's own where absent; the other one is refused at the door. */
	readonly environment?: 'live' | 'test';
	readonly at?: number;
	/** Unix milliseconds the id is dated to, where not `at`. */
	readonly idAt?: number;
}

/** Mints a token `mpt_<environment>_<id>_<secret>`. */
export function mintToken(
	world: Pick<World, 'clock' | 'ids' | 'random' | 'state' | 'platform' | 'environment'>,
	input: TokenInput,
): Token {
	const at = input.at ?? world.clock.now();
	const id = world.ids.next('token', input.idAt ?? at);
	const prefix = world.platform.tokenPrefixes[input.environment ?? world.environment];
	const token: Token = {
		id,
		name: input.name,
		plain: `${prefix}${id}_${world.random.hex(40)}`,
		abilities: input.abilities,
		team_id: input.teamId,
		project_ids: input.projectIds ?? [],
		user_id: input.userId,
		last_used_at: null,
		expires_at: input.expiresAt ?? null,
		created_at: iso(at),
		revoked: false,
	};
	world.state.tokens.set(id, token);
	return token;
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

/**
 * A small, believable account: three projects with plans, people, payments and codes, and a second team that the
 * main token must never see. The same seed gives the same account.
 */
export function seed(world: World): Seeded {
	const { clock, ids, random, state } = world;
	const now = clock.now();
	const ago = (ms: number): number => now - ms;

	const makeTeam = (name: string, tier: Tier, personal: boolean, since: number): Team => {
		const owner = ids.next('user', ago(since));
		const team: Team = {
			id: ids.next('team', ago(since)),
			name,
			owner_user_id: owner,
			personal,
			created_at: iso(ago(since)),
			tier,
			creator_id: ids.next('creator', ago(since)),
		};
		state.teams.set(team.id, team);
		return team;
	};
	const team = makeTeam('Research Collective', 'growth', false, 300 * day);
	const otherTeam = makeTeam('Quiet Kitchen', 'free', true, 200 * day);

	const makeRole = (code: string, name: string, permissions: readonly string[], since: number) => {
		const role = {
			id: ids.next('role', ago(since)),
			team_id: team.id,
			code,
			name,
			description: `${name} of the team`,
			permissions,
			created_at: iso(ago(since)),
		};
		state.roles.set(role.id, role);
		return role;
	};
	const manager = makeRole(
		'manager',
		'Manager',
		['project:view', 'project:update', 'project-user:update'],
		299 * day,
	);
	const viewer = makeRole('viewer', 'Viewer', ['project:view'], 299 * day);
	makeRole('plan-editor', 'Plan Editor', ['project-subscription-plan:update'], 120 * day);

	const join = (
		owner: Team,
		id: string,
		name: string,
		email: string,
		roleId: string | null,
		since: number,
	): void => {
		state.teamMembers.push({
			id,
			team_id: owner.id,
			name,
			email,
			role_id: roleId,
			is_owner: roleId === null,
			joined_at: iso(ago(since)),
		});
	};
	join(team, team.owner_user_id, 'Nora Lindqvist', 'nora@example.com', null, 300 * day);
	const colleague = ids.next('user', ago(150 * day));
	join(team, colleague, 'Priya Patel', 'priya.team@example.com', manager.id, 150 * day);
	join(
		team,
		ids.next('user', ago(90 * day)),
		'Jonas Weber',
		'jonas@example.com',
		viewer.id,
		90 * day,
	);
	join(otherTeam, otherTeam.owner_user_id, 'Elif Demir', 'elif@example.com', null, 200 * day);

	const makeCurrency = (code: string, usd: number) => {
		const currency = { id: ids.next('currency', ago(400 * day)), code, usd };
		state.currencies.set(currency.id, currency);
		return currency;
	};
	const dollar = makeCurrency('USD', 1);
	const euro = makeCurrency('EUR', 1.1);
	// Exists, but no payment method takes it: the case "currency not supported".
	makeCurrency('GBP', 1.25);

	const makeProject = (
		owner: Team,
		name: string,
		handle: string,
		description: string | null,
		bot: string | null,
		since: number,
	): Project => {
		const robot =
			bot === null
				? null
				: { id: ids.next('bot', ago(since)), name: bot, url: `https://t.me/${bot}` };
		if (robot !== null) state.bots.set(robot.id, robot);
		const project: Project = {
			id: ids.next('project', ago(since)),
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
			bot: robot,
			created_at: iso(ago(since)),
			updated_at: iso(ago(since)),
		};
		state.projects.set(project.id, project);
		return project;
	};
	const research = makeProject(
		team,
		'Research Premium',
		'research-premium',
		'Weekly deep-dive research notes.',
		'research_bot',
		220 * day,
	);
	const kitchen = makeProject(
		team,
		'Café Über Klub',
		'cafe-uber-klub',
		'Rezepte & Röstungen ☕️',
		'cafe_klub_bot',
		140 * day,
	);
	const drafts = makeProject(team, 'Drafts Without a Bot', 'drafts-no-bot', null, null, 30 * day);
	const hidden = makeProject(
		otherTeam,
		'Quiet Kitchen Club',
		'quiet-kitchen',
		'Another team entirely.',
		'quiet_kitchen_bot',
		190 * day,
	);
	const everything = [...knownAbilities].filter((ability) => ability !== 'mcp:full');
	const owner = team.owner_user_id;
	const at = ago(10 * day);
	// Drawn before anything that depends on the date, and dated to a fixed day: a token stays the same from start to start.
	const idAt = Date.parse('2026-01-01T00:00:00Z');
	const shared = { abilities: everything, teamId: team.id, userId: owner };
	const token = mintToken(world, { ...shared, name: 'Sandbox', idAt, at });
	const projectToken = mintToken(world, {
		...shared,
		name: 'One project only',
		projectIds: [research.id],
		idAt,
		at: at + minute,
	});
	mintToken(world, {
		name: "A colleague's token",
		abilities: ['project:view-any'],
		teamId: team.id,
		userId: colleague,
		idAt,
		at: at + 2 * minute,
	});
	const otherToken = mintToken(world, {
		name: 'Other team',
		abilities: everything,
		teamId: otherTeam.id,
		userId: otherTeam.owner_user_id,
		idAt,
		at: at + 3 * minute,
	});

	const groupAt = iso(ago(100 * day));
	for (const [code, name, projectIds] of [
		['core-community', 'Core Community', [research.id, kitchen.id]],
		['experiments', 'Experiments', [drafts.id]],
	] as const) {
		const id = ids.next('group', ago(100 * day));
		state.groups.set(id, {
			id,
			team_id: team.id,
			code,
			name,
			project_ids: projectIds,
			created_at: groupAt,
		});
	}

	const makeMethod = (
		project: Project,
		provider: string,
		currencyIds: readonly string[],
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
			currency_ids: currencyIds,
			created_at: iso(at),
		});
	};
	makeMethod(research, 'stripe', [dollar.id, euro.id]);
	makeMethod(research, 'paypal', [dollar.id]);
	makeMethod(research, 'razorpay', [dollar.id], false);
	makeMethod(kitchen, 'stripe', [euro.id]);
	makeMethod(drafts, 'stripe', [dollar.id]);
	makeMethod(hidden, 'stripe', [euro.id]);

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

	const makePlan = (
		project: Project,
		name: string,
		price: number,
		currency: { readonly id: string; readonly code: string },
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
	const monthly = makePlan(research, 'Premium Monthly', 29, dollar, 'months', 1, [channel, lounge]);
	const yearly = makePlan(research, 'Premium Yearly', 290, dollar, 'years', 1, [
		channel,
		lounge,
		pack,
	]);
	const trial = makePlan(research, 'Trial Monthly', 19, dollar, 'months', 1, [channel], {
		trial_days: 14,
	});
	makePlan(research, 'Founders Lifetime', 499, dollar, 'lifetime', 1, [channel, pack], {
		recurring: false,
		active: false,
	});
	const tastings = makePlan(kitchen, 'Röst-Abo', 9.5, euro, 'weeks', 4, [tasting]);
	const hiddenPlan = makePlan(hidden, 'Hidden Monthly', 5, euro, 'months', 1, [recipes]);

	let telegram = 700_100_000;
	const makeMember = (
		project: Project,
		index: number,
		status: MemberStatus,
		joined: number | null,
	): Member => {
		const [name, local] = people[index % people.length] ?? people[0];
		const lead = status === 'lead';
		const member: Member = {
			id: ids.next('member', joined ?? ago(3 * day)),
			project_id: project.id,
			name: lead ? null : name,
			email: index % 7 === 6 ? null : `${local}${index >= people.length ? index : ''}@example.com`,
			email_verified: index % 3 !== 2,
			chat_id: String(telegram++),
			status,
			joined_at: joined === null ? null : iso(joined),
		};
		state.members.set(member.id, member);
		return member;
	};
	const makeSubscription = (
		plan: Plan,
		member: Member,
		status: string,
		created: number,
		ends: number,
		provider: string,
	): Subscription => {
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
			canceledAt: status === 'canceled' ? iso(ago(2 * day)) : null,
			stop: () => undefined,
		};
		state.subscriptions.set(subscription.id, subscription);
		return subscription;
	};

	const statuses: readonly (readonly [MemberStatus, string | null])[] = [
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
	const populate = (project: Project, count: number, plans: readonly Plan[], trialPlan: Plan) => {
		for (let index = 0; index < count; index++) {
			const [status, state_] = statuses[index % statuses.length] ?? (['lead', null] as const);
			const joined = ago(random.integer(20, 120) * day + random.integer(0, 86_400) * 1_000);
			const recent = status === 'trialing' ? ago(2 * day + index * hour) : joined;
			const member = makeMember(project, index, status, state_ === null ? null : recent);
			if (state_ === null) continue;
			const plan = state_ === 'trialing' ? trialPlan : (plans[index % plans.length] ?? trialPlan);
			// Periods of a fresh account end ten days from now or later, so that a few days can pass in a test without
			// renewals in between.
			const ends =
				state_ === 'expired'
					? ago(random.integer(2, 15) * day)
					: now + random.integer(10, 26) * day;
			const provider = index % 4 === 3 ? 'paypal' : 'stripe';
			const subscription = makeSubscription(plan, member, state_, recent, ends, provider);
			if (state_ !== 'trialing') {
				for (let paid = recent, first = true; paid < now; first = false) {
					const last = state_ === 'past_due' && (addCycle(paid, 'months', 1) ?? now) >= now;
					recordPayment(world, subscription, plan, {
						at: paid,
						status: last && !first ? 'failed' : 'successful',
						reason: first ? 'subscription_create' : 'subscription_cycle',
					});
					paid = addCycle(paid, plan.billing_cycle, plan.billing_cycle_count) ?? now;
				}
			}
			schedulePeriod(world, subscription);
		}
	};
	populate(research, 32, [monthly, monthly, yearly], trial);
	populate(kitchen, 8, [tastings], tastings);
	populate(hidden, 3, [hiddenPlan], hiddenPlan);
	const refunded = [...state.payments.values()].find((row) => row.status === 'successful');
	const refundedFor = state.subscriptions.get(refunded?.subscription_id ?? '');
	if (refunded !== undefined && refundedFor !== undefined) {
		recordPayment(world, refundedFor, monthly, {
			at: Date.parse(refunded.occurred_at) + 2 * hour,
			status: 'refunded',
			reason: 'refund',
		});
	}

	const open = makeCodes(world, monthly, 6, now + 60 * day, ago(20 * day));
	scheduleExpiry(world, open.codes);
	const [redeemed] = open.codes;
	const [someone] = [...state.members.values()];
	if (redeemed !== undefined && someone !== undefined) {
		redeemed.redeemed_at = iso(ago(5 * day));
		redeemed.redeemed_by = someone.id;
	}
	for (const code of makeCodes(world, monthly, 2, ago(3 * day), ago(33 * day)).codes) {
		code.expiredAnnounced = true;
	}

	for (const plan of [monthly, yearly]) {
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
			causer_id: owner,
			properties: {},
			actor_kind: 'human',
			created_at: plan.created_at,
		});
	}
	pastEvents(world, research, monthly);
	return { token, projectToken, otherToken, team, otherTeam, project: research };
}

/** The feed of events is not empty in a fresh account; nobody listened yet, so nothing is delivered. */
function pastEvents(world: World, project: Project, plan: Plan): void {
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
