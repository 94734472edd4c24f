/** What happened, as the envelope of every delivery says it. */
export interface DomainEvent {
	/** With the `evt_` prefix. */
	readonly id: string;
	readonly type: string;
	/** ISO 8601, UTC. */
	readonly created_at: string;
	readonly api_version: string;
	/** Null for events of the account. */
	readonly project_id: string | null;
	readonly data: Readonly<Record<string, unknown>>;
	/** Whose event it is. Not part of the body that is sent. */
	readonly teamId: string;
}

export interface EndpointInput {
	readonly name: string;
	readonly url: string;
	/** Event types, spelled out; there are no wildcards. */
	readonly events: readonly string[];
	/** Only events of this project, or null for all of the team. */
	readonly projectId: string | null;
	/** Addresses or CIDR ranges the URL may resolve to; empty or null allows any. */
	readonly allowedIps: readonly string[] | null;
	readonly isActive: boolean;
	readonly teamId: string;
}

/** An endpoint as the API shows it, without secrets. */
export interface Endpoint {
	readonly id: string;
	readonly name: string;
	readonly url: string;
	readonly events: readonly string[];
	readonly project_id: string | null;
	readonly allowed_ips: readonly string[] | null;
	readonly is_active: boolean;
	readonly disabled_at: string | null;
	readonly consecutive_failures: number;
	readonly created_at: string;
	/** Whose endpoint it is. Not part of an answer of the API. */
	readonly teamId: string;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed' | 'dead';

/** One try to deliver. */
export interface Attempt {
	/** From 1. */
	readonly number: number;
	/** ISO 8601. */
	readonly at: string;
	readonly request: {
		readonly url: string;
		readonly headers: Readonly<Record<string, string>>;
		readonly body: string;
	};
	/** Null where no answer came. */
	readonly response: {
		readonly status: number;
		readonly headers: Readonly<Record<string, string>>;
		/** At most the first 4 KB, as MemberPass keeps it. */
		readonly body: string;
	} | null;
	/** Why no answer came, or null. */
	readonly error: string | null;
	/** Real milliseconds. */
	readonly durationMs: number;
}

export interface Delivery {
	readonly id: string;
	readonly endpointId: string;
	readonly event: DomainEvent;
	readonly status: DeliveryStatus;
	readonly attempts: readonly Attempt[];
	/** When the next attempt is due, ISO 8601, or null. */
	readonly nextAttemptAt: string | null;
	readonly createdAt: string;
	readonly teamId: string;
}

export interface DeliveryFilter {
	readonly teamId?: string;
	readonly endpointId?: string;
	readonly status?: DeliveryStatus;
	/** Newest first; at most this many. */
	readonly limit?: number;
}

export interface EventFilter {
	readonly teamId?: string;
	readonly type?: string;
	readonly projectId?: string | null;
	/** Newest first; at most this many. */
	readonly limit?: number;
}

/** What a delivery may suffer on its way, on demand. */
export interface DeliveryFault {
	/** `duplicate`: sent twice. `reorder`: held back until the next event of the endpoint has been sent. */
	readonly kind: 'duplicate' | 'reorder';
	/** How many of the next deliveries. */
	readonly times: number;
	readonly endpointId?: string;
}

/** What changed, for the live page. */
export type EngineChange =
	| { readonly kind: 'event'; readonly event: DomainEvent }
	| { readonly kind: 'delivery'; readonly delivery: Delivery }
	| { readonly kind: 'endpoint'; readonly endpoint: Endpoint }
	| { readonly kind: 'endpoint_removed'; readonly id: string };

/** One POST to a receiver. Rejects where no answer came. */
export type Send = (request: {
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
	/** Aborts after the time a receiver has, measured in real time. */
	readonly signal: AbortSignal;
}) => Promise<{
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}>;
