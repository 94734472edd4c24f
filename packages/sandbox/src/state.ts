/** Everything an account holds, in memory. Row keys are those of the API, so that a row needs no translation. */

export type Tier = 'free' | 'starter' | 'growth';

export interface Team {
	readonly id: string;
	name: string;
	readonly owner_user_id: string;
	readonly personal: boolean;
	readonly created_at: string;
	tier: Tier;
	/** The account that pays for the team. */
	readonly creator_id: string;
}

export interface TeamMember {
	readonly id: string;
	readonly team_id: string;
	name: string;
	readonly email: string;
	role_id: string | null;
	readonly is_owner: boolean;
	readonly joined_at: string;
}

export interface Token {
	readonly id: string;
	name: string;
	/** The whole token. Never part of an answer. */
	readonly plain: string;
	readonly abilities: readonly string[];
	readonly team_id: string;
	/** Empty means every project of the team. */
	readonly project_ids: readonly string[];
	/** Who minted it. */
	readonly user_id: string;
	last_used_at: string | null;
	readonly expires_at: string | null;
	readonly created_at: string;
	revoked: boolean;
}

export interface Bot {
	readonly id: string;
	readonly name: string;
	readonly url: string;
}

export interface Project {
	readonly id: string;
	readonly team_id: string;
	name: string;
	handle: string;
	type: string;
	description: string | null;
	banner_url: string | null;
	photo_url: string | null;
	terms: string | null;
	privacy: string | null;
	metrics: boolean;
	active: boolean;
	bot: Bot | null;
	readonly created_at: string;
	updated_at: string;
}

export interface Currency {
	readonly id: string;
	readonly code: string;
	/** What one unit is worth in US dollars; made up. */
	readonly usd: number;
}

export interface PaymentMethod {
	readonly id: string;
	readonly project_id: string;
	readonly provider: string;
	readonly mode: 'live' | 'test';
	active: boolean;
	readonly currency_ids: readonly string[];
	readonly created_at: string;
}

export interface Resource {
	readonly id: string;
	readonly project_id: string;
	readonly type: string;
	title: string;
	description: string | null;
	chat_id: string | null;
	active: boolean;
	readonly created_at: string;
	updated_at: string;
}

export interface Plan {
	readonly id: string;
	readonly project_id: string;
	name: string;
	description: string | null;
	/** Decimal string in major units. */
	price: string;
	readonly currency_id: string;
	readonly currency: string;
	readonly billing_cycle: string;
	readonly billing_cycle_count: number;
	trial_days: number;
	readonly trial_cardless: boolean;
	readonly recurring: boolean;
	readonly newcomers_only: boolean;
	readonly customers_only: boolean;
	readonly churned_only: boolean;
	readonly resource_ids: readonly string[];
	active: boolean;
	readonly created_at: string;
	updated_at: string;
}

export type MemberStatus = 'lead' | 'trialing' | 'customer' | 'churned' | 'banned';

export interface Member {
	readonly id: string;
	readonly project_id: string;
	name: string | null;
	email: string | null;
	email_verified: boolean;
	/** The Telegram user id, as the API calls it. */
	chat_id: string | null;
	status: MemberStatus;
	joined_at: string | null;
}

export interface Subscription {
	readonly id: string;
	readonly project_id: string;
	plan_id: string;
	readonly subscriber_id: string;
	status: string;
	trial_ends_at: string | null;
	/** End of the paid or tried period; null for a lifetime. */
	ends_at: string | null;
	readonly created_at: string;
	readonly provider: string;
	/** A cancellation is on the queue. */
	cancelQueued: boolean;
	/** The trial that became paid, or null. */
	convertedAt: string | null;
	canceledAt: string | null;
	/** Ends the timer of the running period. */
	stop: () => void;
}

export interface Payment {
	readonly id: string;
	readonly project_id: string;
	readonly subscription_id: string;
	readonly plan_id: string;
	readonly method_id: string | null;
	readonly provider: string;
	readonly currency_id: string;
	readonly currency: string;
	status: string;
	/** Decimal string, negative for a refund. */
	readonly amount: string;
	readonly fee: string;
	readonly external_payment_id: string;
	readonly billing_reason: string;
	readonly occurred_at: string;
}

export interface AccessCode {
	readonly id: string;
	readonly project_id: string;
	readonly plan_id: string;
	readonly batch_id: string;
	/** The code itself. Reaches the creator by Telegram only; never part of an answer. */
	readonly code: string;
	redeemed_at: string | null;
	redeemed_by: string | null;
	readonly expires_at: string | null;
	readonly created_at: string;
}

export interface Role {
	readonly id: string;
	readonly team_id: string;
	readonly code: string;
	name: string;
	description: string | null;
	permissions: readonly string[];
	readonly created_at: string;
}

export interface Group {
	readonly id: string;
	readonly team_id: string;
	readonly code: string;
	name: string;
	project_ids: readonly string[];
	readonly created_at: string;
}

export interface Activity {
	readonly id: string;
	readonly team_id: string;
	/** Where it happened. Never part of an answer. */
	readonly project_id: string;
	readonly log_name: string;
	readonly description: string;
	readonly event: string;
	readonly subject_type: string;
	readonly subject_id: string;
	readonly causer_type: string | null;
	readonly causer_id: string | null;
	readonly properties: Readonly<Record<string, unknown>>;
	readonly actor_kind: string;
	readonly created_at: string;
}

export interface State {
	readonly teams: Map<string, Team>;
	/** Keyed by team and user: one person may be in several teams. */
	readonly teamMembers: TeamMember[];
	readonly tokens: Map<string, Token>;
	readonly projects: Map<string, Project>;
	readonly currencies: Map<string, Currency>;
	readonly paymentMethods: Map<string, PaymentMethod>;
	readonly resources: Map<string, Resource>;
	readonly plans: Map<string, Plan>;
	readonly members: Map<string, Member>;
	readonly subscriptions: Map<string, Subscription>;
	readonly payments: Map<string, Payment>;
	readonly accessCodes: Map<string, AccessCode>;
	readonly roles: Map<string, Role>;
	readonly groups: Map<string, Group>;
	readonly activity: Activity[];
	/** Bots that exist, connected or not, by id. */
	readonly bots: Map<string, Bot>;
}

export function emptyState(): State {
	return {
		teams: new Map(),
		teamMembers: [],
		tokens: new Map(),
		projects: new Map(),
		currencies: new Map(),
		paymentMethods: new Map(),
		resources: new Map(),
		plans: new Map(),
		members: new Map(),
		subscriptions: new Map(),
		payments: new Map(),
		accessCodes: new Map(),
		roles: new Map(),
		groups: new Map(),
		activity: [],
		bots: new Map(),
	};
}

/** The rows of a project. */
export function inProject<T extends { readonly project_id: string }>(
	rows: ReadonlyMap<string, T>,
	projectId: string,
): T[] {
	return [...rows.values()].filter((row) => row.project_id === projectId);
}

/** Newest first by a time, then by id: the order MemberPass documents for its lists. */
export function newestFirst<T extends { readonly id: string }>(
	rows: readonly T[],
	time: (row: T) => string | null,
): T[] {
	const compare = (one: string, other: string): number => (one < other ? 1 : one > other ? -1 : 0);
	return [...rows].sort(
		(one, other) => compare(time(one) ?? '', time(other) ?? '') || compare(one.id, other.id),
	);
}

/** Whether a token or an access code has run out. */
export function hasExpired(
	{ expires_at: end }: { readonly expires_at: string | null },
	now: number,
): boolean {
	return end !== null && Date.parse(end) <= now;
}

/** "29" and 29.5 become "29.00" and "29.50". */
export function decimalText(amount: number): string {
	return amount.toFixed(2);
}

/** First four characters, asterisks, last four: how the list prints a code. */
export function maskedCode(code: string): string {
	return `${code.slice(0, 4)}****${code.slice(-4)}`;
}

/** How events print a code: the last five characters. */
export function eventCode(code: string): string {
	return `masked_${code.slice(-5)}`;
}
