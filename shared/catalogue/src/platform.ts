/**
 * Brand facts: everything that changes when the product is renamed, and nothing else.
 *
 * MemberPass became Subscriby on 10 August 2026; `api.memberpass.net` answers until 14 August 2027. The names of the
 * successor are a second value of `Platform` beside {@link memberPass}: no other module may spell an origin, a token
 * prefix or a header name. Its bodies, abilities and events changed since and would need entries of their own.
 */
export interface Platform {
	/** Lower-case identifier, safe in file names. */
	readonly id: string;
	/** The name users know. */
	readonly name: string;
	/** Scheme and host of the REST API, without a trailing slash. */
	readonly apiOrigin: string;
	/** Path prefix of every REST route. */
	readonly apiBasePath: string;
	/** The only contract date seen; sent as `api_version` in each webhook. */
	readonly apiVersion: string;
	/** Bearer tokens start with one of these; the server refuses a token of the other environment. */
	readonly tokenPrefixes: { readonly live: string; readonly test: string };
	/**
	 * The same product under its other names. People hold tokens of both while both hosts answer: a token of another
	 * name is hidden like one of ours, and told apart where it is refused.
	 */
	readonly otherNames: readonly { readonly name: string; readonly tokenPrefix: string }[];
	/** Request and delivery header names, in the spelling of the documentation. */
	readonly headers: {
		readonly authorization: string;
		readonly idempotency: string;
		readonly signature: string;
		readonly eventId: string;
		readonly eventName: string;
	};
	/** `User-Agent` of deliveries is this, a slash, and a version. */
	readonly webhookUserAgent: string;
	/** Prefix of an event id in the body; the `MP-Event-Id` header was seen without it. */
	readonly eventIdPrefix: string;
	/** Pages for humans. */
	readonly pages: {
		readonly docs: string;
		readonly api: string;
		/** Where a creator mints an API token and ticks its abilities. */
		readonly mint: string;
		readonly app: string;
		readonly portal: string;
	};
	/** Last day the origin answers, ISO 8601 date, or null while no end is announced. */
	readonly answersUntil: string | null;
}

/** Sources: docs.memberpass.net/api, /webhooks, /webhooks/quickstart, /guide/reference/glossary, /integrations/zapier. */
export const memberPass: Platform = {
	id: 'memberpass',
	name: 'MemberPass',
	apiOrigin: 'https://api.memberpass.net',
	apiBasePath: '/v1',
	apiVersion: '2026-05-01',
	tokenPrefixes: { live: 'mpt_live_', test: 'mpt_test_' },
	// npm n8n-nodes-subscriby, change log of 1.0.0.
	otherNames: [{ name: 'Subscriby', tokenPrefix: 'sbt_' }],
	headers: {
		authorization: 'Authorization',
		idempotency: 'Idempotency-Key',
		signature: 'MP-Signature',
		eventId: 'MP-Event-Id',
		eventName: 'MP-Event-Name',
	},
	webhookUserAgent: 'MemberPass-Webhooks',
	eventIdPrefix: 'evt_',
	pages: {
		docs: 'https://docs.memberpass.net',
		api: 'https://docs.memberpass.net/api',
		mint: 'https://app.memberpass.net/settings/tokens',
		app: 'https://app.memberpass.net',
		portal: 'https://my.memberpass.net',
	},
	answersUntil: '2027-08-14',
};

/** The platform every projection is made for. */
export const platform: Platform = memberPass;
