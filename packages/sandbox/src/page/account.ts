import {
	type AccessCode,
	hasExpired,
	inProject,
	maskedCode,
	newestFirst,
	type Plan,
	type Project,
	type Role,
} from '../state.ts';
import type { Seeded } from '../seed.ts';
import { VirtualClock } from '../clock.ts';
import { omit } from '../omit.ts';
import { iso } from '../time.ts';
import type { World } from '../world.ts';
import type { AccessCodeRow, Account, Shortened } from './wire.ts';

/** A page with ten thousand rows is no use, and building it would hold up the API. */
const rowLimit = 100;

/** Shortens first and translates second, so that a large account costs little. */
function shorten<T, R>(rows: readonly T[], translate: (row: T) => R): Shortened<R> {
	return { total: rows.length, rows: rows.slice(0, rowLimit).map(translate) };
}

const cycleUnits: Readonly<Record<string, string>> = {
	days: 'day',
	weeks: 'week',
	months: 'month',
	years: 'year',
};

/** "every month", "every 3 months", "once". */
export function cycleText(plan: Pick<Plan, 'billing_cycle' | 'billing_cycle_count'>): string {
	const unit = cycleUnits[plan.billing_cycle];
	if (unit === undefined) return plan.billing_cycle === 'lifetime' ? 'once' : plan.billing_cycle;
	const count = plan.billing_cycle_count;
	return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

function codeStatus(code: AccessCode, now: number): AccessCodeRow['status'] {
	if (code.redeemed_at !== null) return 'redeemed';
	return hasExpired(code, now) ? 'expired' : 'open';
}

/**
 * What is in the account, and in one of its projects, as the page shows it.
 *
 * @param wanted Id of the project; one that is gone gives the first that is left.
 */
export function readAccount(world: World, seeded: Seeded, wanted: string | undefined): Account {
	const { state, clock, engine, platform } = world;
	const [first] = state.projects.values();
	const project =
		state.projects.get(wanted ?? '') ?? state.projects.get(seeded.project.id) ?? first;
	return {
		now: iso(clock.now()),
		time: clock instanceof VirtualClock ? 'virtual' : 'real',
		apiPath: platform.apiBasePath,
		token: seeded.token.plain,
		project: project?.id ?? null,
		...ofTeams(world, seeded),
		...ofProject(world, project?.id ?? ''),
		endpoints: engine.listEndpoints().map((row) => ({
			...omit(row, 'teamId'),
			team: state.teams.get(row.teamId)?.name ?? row.teamId,
		})),
	};
}

/** Of all teams: there is one page for them. */
function ofTeams(
	{ state }: World,
	seeded: Seeded,
): Pick<Account, 'projects' | 'teamMembers' | 'tokens'> {
	const teamName = (id: string): string => state.teams.get(id)?.name ?? id;
	return {
		projects: shorten(seededFirst([...state.projects.values()], seeded), (row) => ({
			id: row.id,
			name: row.name,
			handle: row.handle,
			team: teamName(row.team_id),
			active: row.active,
		})),
		teamMembers: shorten(state.teamMembers, (row) => ({
			id: row.id,
			name: row.name,
			email: row.email,
			team: teamName(row.team_id),
			role: row.is_owner ? 'Owner' : roleName(state.roles.get(row.role_id ?? '')),
		})),
		tokens: shorten(
			[...state.tokens.values()].filter((row) => !row.revoked),
			(row) => ({
				id: row.id,
				name: row.name,
				team: teamName(row.team_id),
				abilities: row.abilities.length,
				projects: row.project_ids.map((id) => state.projects.get(id)?.name ?? id),
				lastUsedAt: row.last_used_at,
				expiresAt: row.expires_at,
			}),
		),
	};
}

type ProjectTables =
	'plans' | 'members' | 'subscriptions' | 'accessCodes' | 'payments' | 'resources';

function ofProject({ state, clock }: World, projectId: string): Pick<Account, ProjectTables> {
	const now = clock.now();
	const planName = (id: string): string => state.plans.get(id)?.name ?? id;
	const memberName = (id: string): string => {
		const member = state.members.get(id);
		return member?.name ?? member?.email ?? id;
	};
	const inside = <T extends { readonly id: string; readonly project_id: string }>(
		rows: ReadonlyMap<string, T>,
		time: (row: T) => string | null,
	): T[] => newestFirst(inProject(rows, projectId), time);
	return {
		plans: shorten(
			inside(state.plans, (row) => row.created_at),
			(row) => ({
				id: row.id,
				name: row.name,
				price: `${row.price} ${row.currency}`,
				cycle: cycleText(row),
				trialDays: row.trial_days,
				active: row.active,
			}),
		),
		members: shorten(
			inside(state.members, (row) => row.joined_at),
			(row) => ({
				id: row.id,
				name: row.name,
				email: row.email,
				telegramId: row.chat_id,
				status: row.status,
				joinedAt: row.joined_at,
			}),
		),
		subscriptions: shorten(
			inside(state.subscriptions, (row) => row.created_at),
			(row) => ({
				id: row.id,
				member: memberName(row.subscriber_id),
				plan: planName(row.plan_id),
				status: row.status,
				provider: row.provider,
				endsAt: row.ends_at,
				cancelQueued: row.cancelQueued,
			}),
		),
		accessCodes: shorten(
			inside(state.accessCodes, (row) => row.created_at),
			(row) => ({
				id: row.id,
				code: maskedCode(row.code),
				plan: planName(row.plan_id),
				status: codeStatus(row, now),
				expiresAt: row.expires_at,
			}),
		),
		payments: shorten(
			inside(state.payments, (row) => row.occurred_at),
			(row) => ({
				id: row.id,
				amount: `${row.amount} ${row.currency}`,
				plan: planName(row.plan_id),
				status: row.status,
				provider: row.provider,
				at: row.occurred_at,
			}),
		),
		resources: shorten(
			inside(state.resources, (row) => row.created_at),
			(row) => ({ id: row.id, title: row.title, type: row.type, active: row.active }),
		),
	};
}

const roleName = (role: Role | undefined): string => role?.name ?? 'Member';

/** The team whose token is shown comes first: most of what one does is about its projects. */
function seededFirst(projects: readonly Project[], seeded: Seeded): Project[] {
	const isOwn = (row: Project): boolean => row.team_id === seeded.team.id;
	return [...projects.filter(isOwn), ...projects.filter((row) => !isOwn(row))];
}
