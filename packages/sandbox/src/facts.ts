import {
	type Bot,
	type Group,
	inProject,
	type Member,
	type Payment,
	type Plan,
	type Project,
	type Resource,
	type Role,
	type State,
	type Subscription,
	type Team,
	type TeamMember,
} from './state.ts';
import type { Facts } from './event-data.ts';

/**
 * What can be said of a row in an event, under the keys that event schemas use. An event's schema picks from these,
 * whatever its shape.
 */

/** Cadence as plan events print it; cycles without a word of their own keep the unit's. */
function eventCycle(plan: Plan): string {
	const { billing_cycle: cycle, billing_cycle_count: count } = plan;
	if (cycle === 'months') return count === 3 ? 'quarterly' : count === 12 ? 'yearly' : 'monthly';
	return { weeks: 'weekly', years: 'yearly', lifetime: 'lifetime', days: 'daily' }[cycle] ?? cycle;
}

export function planFacts(plan: Plan): Facts {
	return {
		plan_id: plan.id,
		plan_name: plan.name,
		project_id: plan.project_id,
		plan: {
			id: plan.id,
			name: plan.name,
			// Plan events print a number where every other amount is a text.
			price: Number(plan.price),
			currency: plan.currency,
			billing_cycle: eventCycle(plan),
			trial_days: plan.trial_days,
			active: plan.active,
		},
	};
}

export function memberFacts(member: Member): Facts {
	return {
		subscriber_id: member.id,
		project_id: member.project_id,
		subscriber: {
			id: member.id,
			telegram_user_id: member.chat_id,
			email: member.email,
			status: member.status,
		},
	};
}

export function subscriptionFacts(state: State, subscription: Subscription): Facts {
	const plan = state.plans.get(subscription.plan_id);
	const member = state.members.get(subscription.subscriber_id);
	return {
		...(plan === undefined ? {} : planFacts(plan)),
		...(member === undefined ? {} : memberFacts(member)),
		project_id: subscription.project_id,
		subscription_id: subscription.id,
		plan_id: subscription.plan_id,
		last_plan_id: subscription.plan_id,
		subscriber_id: subscription.subscriber_id,
		provider: subscription.provider,
		trial_ends_at: subscription.trial_ends_at,
		ends_at: subscription.ends_at,
		access_code: null,
		subscription: {
			id: subscription.id,
			plan_id: subscription.plan_id,
			subscriber_id: subscription.subscriber_id,
			status: subscription.status,
			trial_ends_at: subscription.trial_ends_at,
			ends_at: subscription.ends_at,
		},
	};
}

export function paymentFacts(payment: Payment): Facts {
	return {
		payment_id: payment.id,
		provider: payment.provider,
		external_payment_id: payment.external_payment_id,
		amount: payment.amount,
		currency: payment.currency,
		billing_reason: payment.billing_reason,
	};
}

export function projectFacts(project: Project): Facts {
	return {
		project_id: project.id,
		project: {
			id: project.id,
			name: project.name,
			handle: project.handle,
			description: project.description,
			active: project.active,
			team_id: project.team_id,
		},
	};
}

export function botFacts(bot: Bot): Facts {
	return { bot_id: bot.id, bot_name: bot.name, bot_url: bot.url };
}

export function resourceFacts(resource: Resource): Facts {
	return {
		resource_id: resource.id,
		project_id: resource.project_id,
		resource_type: resource.type,
		resource_kind: `telegram:${resource.type}`,
		kind: `telegram:${resource.type}`,
		connector: 'telegram',
		mode: 'invite',
		type: resource.type,
		title: resource.title,
		chat_id: resource.chat_id,
		resource: {
			id: resource.id,
			project_id: resource.project_id,
			type: resource.type,
			title: resource.title,
			description: resource.description,
			chat_id: resource.chat_id,
		},
	};
}

function teamFacts(team: Team): Facts {
	return {
		team_id: team.id,
		name: team.name,
		owner_id: team.owner_user_id,
		creator_id: team.creator_id,
		team: { id: team.id, name: team.name, owner_id: team.owner_user_id },
	};
}

function teamMemberFacts(member: TeamMember, role: Role | undefined): Facts {
	return {
		team_id: member.team_id,
		user_id: member.id,
		email: member.email,
		...(role === undefined ? {} : { role_id: role.id, role_code: role.code }),
		member: { id: member.id, email: member.email, role: role?.code ?? 'owner' },
	};
}

function roleFacts(role: Role): Facts {
	return {
		team_id: role.team_id,
		role_id: role.id,
		code: role.code,
		name: role.name,
		role: { id: role.id, code: role.code, name: role.name, abilities: role.permissions },
	};
}

function groupFacts(group: Group): Facts {
	return {
		team_id: group.team_id,
		group_id: group.id,
		code: group.code,
		name: group.name,
		group: { id: group.id, code: group.code, name: group.name, project_ids: group.project_ids },
	};
}

/** Everything an event fired by hand can point at: rows of the account that belong together. */
export function accountFacts(state: State, teamId: string, projectId: string | null): Facts {
	const projects = [...state.projects.values()].filter((row) => row.team_id === teamId);
	const project = projects.find((row) => row.id === projectId) ?? projects[0];
	const team = state.teams.get(teamId);
	const people = state.teamMembers.filter((row) => row.team_id === teamId);
	const member = people.find((row) => !row.is_owner) ?? people[0];
	const role = [...state.roles.values()].find((row) => row.team_id === teamId);
	const group = [...state.groups.values()].find((row) => row.team_id === teamId);
	const account: Facts = {
		...(team === undefined ? {} : teamFacts(team)),
		...(role === undefined ? {} : roleFacts(role)),
		...(group === undefined ? {} : groupFacts(group)),
		...(member === undefined ? {} : teamMemberFacts(member, role)),
	};
	if (project === undefined) return account;
	const subscriptions = inProject(state.subscriptions, project.id);
	const subscription = subscriptions.find((row) => row.status === 'active') ?? subscriptions.at(-1);
	const plans = inProject(state.plans, project.id);
	const [firstPlan, otherPlan] = plans;
	const resource = inProject(state.resources, project.id).find((row) => row.type !== 'manual');
	const payment = inProject(state.payments, project.id).find(
		(row) => row.subscription_id === subscription?.id,
	);
	return {
		...account,
		...(resource === undefined ? {} : resourceFacts(resource)),
		...(project.bot === null ? {} : botFacts(project.bot)),
		...(firstPlan === undefined ? {} : planFacts(firstPlan)),
		...(subscription === undefined ? {} : subscriptionFacts(state, subscription)),
		...(payment === undefined ? {} : paymentFacts(payment)),
		...(firstPlan === undefined ? {} : { from_plan_id: firstPlan.id }),
		...(otherPlan === undefined ? {} : { to_plan_id: otherPlan.id }),
		...projectFacts(project),
	};
}
