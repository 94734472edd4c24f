import type { Delivery, DomainEvent, Endpoint } from '../webhooks/types.ts';

/** What the page's browser half is told. Both halves are checked against these shapes. */

/** A list that may be longer than what is sent. */
export interface Shortened<T> {
	/** How many there are. */
	readonly total: number;
	/** Newest first; at most {@link rowLimit}. */
	readonly rows: readonly T[];
}

export interface ProjectRow {
	readonly id: string;
	readonly name: string;
	readonly handle: string;
	readonly team: string;
	readonly active: boolean;
}

export interface PlanRow {
	readonly id: string;
	readonly name: string;
	/** "29.00 USD" */
	readonly price: string;
	/** "every month", "once" */
	readonly cycle: string;
	readonly trialDays: number;
	readonly active: boolean;
}

export interface MemberRow {
	readonly id: string;
	readonly name: string | null;
	readonly email: string | null;
	readonly telegramId: string | null;
	readonly status: string;
	readonly joinedAt: string | null;
}

export interface SubscriptionRow {
	readonly id: string;
	readonly member: string;
	readonly plan: string;
	readonly status: string;
	readonly provider: string;
	readonly endsAt: string | null;
	/** A cancellation is on the queue. */
	readonly cancelQueued: boolean;
}

export interface AccessCodeRow {
	readonly id: string;
	/** First and last four characters, as the API's list prints it. */
	readonly code: string;
	readonly plan: string;
	readonly status: 'open' | 'redeemed' | 'expired';
	readonly expiresAt: string | null;
}

export interface ResourceRow {
	readonly id: string;
	readonly title: string;
	readonly type: string;
	readonly active: boolean;
}

export interface PaymentRow {
	readonly id: string;
	/** "29.00 USD" */
	readonly amount: string;
	readonly plan: string;
	readonly status: string;
	readonly provider: string;
	readonly at: string;
}

export interface TeamMemberRow {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly team: string;
	readonly role: string;
}

/** Without the token itself. */
export interface TokenRow {
	readonly id: string;
	readonly name: string;
	readonly team: string;
	readonly abilities: number;
	/** Names of the projects it is confined to; empty means all. */
	readonly projects: readonly string[];
	readonly lastUsedAt: string | null;
	readonly expiresAt: string | null;
}

/** The answer of `GET /_sandbox/page/account`. */
export interface Account {
	readonly now: string;
	readonly time: 'virtual' | 'real';
	/** Below the origin, e.g. `/v1`. */
	readonly apiPath: string;
	/** The token that may do everything: this is how one gets in. */
	readonly token: string;
	readonly projects: Shortened<ProjectRow>;
	/** The project whose rows follow, or null where there is none left. */
	readonly project: string | null;
	readonly plans: Shortened<PlanRow>;
	readonly members: Shortened<MemberRow>;
	readonly subscriptions: Shortened<SubscriptionRow>;
	readonly accessCodes: Shortened<AccessCodeRow>;
	readonly payments: Shortened<PaymentRow>;
	readonly resources: Shortened<ResourceRow>;
	readonly teamMembers: Shortened<TeamMemberRow>;
	readonly tokens: Shortened<TokenRow>;
	readonly endpoints: readonly (EndpointRow & { readonly team: string })[];
}

export type EndpointRow = Omit<Endpoint, 'teamId'>;
export type EventRow = Omit<DomainEvent, 'teamId'>;
export type DeliveryRow = Omit<Delivery, 'teamId' | 'event'> & { readonly event: EventRow };

/** One of the events that can be fired. */
export interface FireableEvent {
	readonly type: string;
	readonly label: string;
	readonly summary: string;
	/** What a user must know, e.g. that the live API does not send it yet. */
	readonly caveats: readonly string[];
}

/** The answer of `GET /_sandbox/page/events`. */
export interface EventFamily {
	readonly key: string;
	readonly label: string;
	/** `account`: the event belongs to no project. */
	readonly scope: 'project' | 'account';
	readonly events: readonly FireableEvent[];
}

/** A row of `GET /_sandbox/switches`. */
export interface SwitchRow {
	readonly name: string;
	readonly value: string;
	readonly standard: string;
	readonly question: string;
	readonly because: string;
	readonly source: string;
	readonly values: readonly { readonly value: string; readonly effect: string }[];
}

/** The answer of `GET /_sandbox/faults`. */
export interface FaultList {
	readonly kinds: Readonly<Record<string, string>>;
	readonly retry_after: readonly string[];
	readonly deliveries: readonly string[];
	readonly waiting: readonly { readonly kind: string; readonly left: number }[];
}

/** What the stream of changes carries, by the name of its event. */
export type Change =
	| { readonly kind: 'event'; readonly event: EventRow }
	| { readonly kind: 'delivery'; readonly delivery: DeliveryRow }
	| { readonly kind: 'endpoint'; readonly endpoint: EndpointRow }
	| { readonly kind: 'endpoint_removed'; readonly id: string };
