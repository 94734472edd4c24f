import { type ErrorCode, errorCodes, type Platform } from '@memberpass/catalogue';

import type { Switches } from './switches.ts';

/** What is wrong with each field: Laravel's words, a list for each. */
export type FieldErrors = Record<string, string[]>;

/**
 * Codes of ours, for cases whose code no page shows. They are marked `unknown` in /error-codes.json: do not build on
 * their names.
 */
export const sandboxCodes = {
	IDEMPOTENCY_KEY_REQUIRED: {
		status: 400,
		meaning: 'The write has no Idempotency-Key header.',
		remedy:
			'Send a new Idempotency-Key with each write, and the same one when you repeat the write.',
		source: 'The rule is documented, the code is not.',
	},
	IDEMPOTENCY_KEY_REUSED: {
		status: 409,
		meaning: 'The Idempotency-Key was used before with another request.',
		remedy: 'Use a new key for a new request.',
		source: 'No page says what happens.',
	},
	IDEMPOTENCY_KEY_IN_USE: {
		status: 409,
		meaning: 'The first request with this Idempotency-Key is still running.',
		remedy: 'Wait a moment, then send the same request again with the same key.',
		source: 'No page says what happens.',
	},
	MALFORMED_REQUEST: {
		status: 400,
		meaning: 'The request cannot be read.',
		remedy: 'Send well-formed HTTP and JSON.',
		source: 'No page says what happens.',
	},
	METHOD_NOT_ALLOWED: {
		status: 405,
		meaning: 'The path exists, but not with this method.',
		remedy: 'Use a method that the Allow header names.',
		source: 'No page says what happens.',
	},
	PAYLOAD_TOO_LARGE: {
		status: 413,
		meaning: 'The body is too large.',
		remedy: 'Send less than 1 MB.',
		source: 'No page says what happens.',
	},
	UNSUPPORTED_MEDIA_TYPE: {
		status: 415,
		meaning: 'The body is not JSON.',
		remedy: 'Send application/json. Uploads of images are not part of the sandbox.',
		source: 'No page says what happens.',
	},
	HEADERS_TOO_LARGE: {
		status: 431,
		meaning: 'The headers are too large.',
		remedy: 'Send less than 16 KB of headers.',
		source: 'No page says what happens.',
	},
	HOST_NOT_ALLOWED: {
		status: 421,
		meaning: 'The sandbox answers on this machine only.',
		remedy:
			'Use the address that the sandbox printed, or start it with --allow-remote if you need access from elsewhere.',
		source: 'A rule of the sandbox, not of MemberPass.',
	},
	SERVER_ERROR: {
		status: 500,
		meaning: 'Something went wrong on our side.',
		remedy: 'Try again later.',
		source: 'No page says what happens.',
	},
	SERVICE_UNAVAILABLE: {
		status: 503,
		meaning: 'The service is not available.',
		remedy: 'Try again later.',
		source: 'No page says what happens.',
	},
} as const satisfies Record<string, Omit<ErrorCode, 'evidence'>>;

export type ErrorCodeName = keyof typeof errorCodes | keyof typeof sandboxCodes;

const known: Readonly<Record<ErrorCodeName, Omit<ErrorCode, 'evidence'>>> = {
	...errorCodes,
	...sandboxCodes,
};

const pages: Partial<Record<ErrorCodeName, string>> = {
	AUTHENTICATION_REQUIRED: 'https://docs.memberpass.net/mcp/authentication',
	TOKEN_MISSING_ABILITY: 'https://docs.memberpass.net/mcp/troubleshooting',
	RESOURCE_NOT_FOUND: 'https://docs.memberpass.net/mcp/troubleshooting',
	RATE_LIMITED: 'https://docs.memberpass.net/mcp/troubleshooting',
	TEAM_TIER_REQUIRED: 'https://docs.memberpass.net/mcp/tools/create-project',
	SUBSCRIPTION_ALREADY_ACTIVE: 'https://docs.memberpass.net/mcp/tools/cancel-subscription',
};

export interface ErrorDetails {
	/** Where it differs from the one that the code has. */
	readonly status?: number;
	readonly message?: string;
	readonly remediation?: string;
	readonly docsUrl?: string;
	readonly fields?: FieldErrors;
	readonly context?: Readonly<Record<string, unknown>>;
	readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that the client is told about. Everything else that is thrown becomes a plain 500. */
export class ApiError extends Error {
	override readonly name = 'ApiError';
	readonly code: ErrorCodeName;
	readonly status: number;
	readonly details: ErrorDetails;

	constructor(code: ErrorCodeName, details: ErrorDetails = {}) {
		super(details.message ?? known[code].meaning);
		this.code = code;
		// Two codes have no status that a source states; it is switched.
		this.status = details.status ?? known[code].status ?? 400;
		this.details = details;
	}

	/** The documented envelope. Source: docs.memberpass.net/api. */
	envelope(platform: Platform, requestId: string): object {
		const { fields, context, remediation, docsUrl } = this.details;
		return {
			error: {
				code: this.code,
				message: this.message,
				docs_url: docsUrl ?? pages[this.code] ?? platform.pages.api,
				remediation: remediation ?? known[this.code].remedy,
				request_id: requestId,
				...(fields === undefined ? {} : { fields }),
				...(context === undefined ? {} : { context }),
			},
		};
	}
}

export const authenticationRequired = (): ApiError =>
	new ApiError('AUTHENTICATION_REQUIRED', {
		message: 'Authentication is required.',
		remediation: 'Send a valid API token.',
		headers: { 'WWW-Authenticate': 'Bearer' },
	});

/** Names the ability, in words and under `context`. */
export const missingAbility = (ability: string): ApiError =>
	new ApiError('TOKEN_MISSING_ABILITY', {
		message: 'This token is missing a required ability.',
		remediation: `Mint a token that holds ${ability}.`,
		context: { required_ability: ability },
	});

/** @param noun Lower case, singular: "plan". */
export const notFound = (noun: string): ApiError =>
	new ApiError('RESOURCE_NOT_FOUND', {
		message: `No ${noun} was found for this ID.`,
		remediation: "Check the ID and the token's scope.",
	});

/**
 * What was looked for.
 *
 * @param noun As that of {@link notFound}, which is thrown where there is none.
 */
export function orNotFound<T>(value: T | null | undefined, noun: string): T {
	if (value === null || value === undefined) throw notFound(noun);
	return value;
}

/** Half a million wrong entries of a list would be an answer of 25 MB to a request of one. */
const mostFields = 100;

export const invalid = (fields: FieldErrors, switches: Readonly<Switches>): ApiError =>
	new ApiError('VALIDATION_FAILED', {
		status: Number(switches.validationStatus),
		message: 'The given data was invalid.',
		remediation: 'Correct the listed fields and send the request again.',
		fields: Object.fromEntries(Object.entries(fields).slice(0, mostFields)),
	});

/** A refusal of one field by the sandbox's own routes, which no switch changes. */
export const wrongField = (name: string, message: string): ApiError =>
	new ApiError('VALIDATION_FAILED', { message, fields: { [name]: [message] } });

export const noSuchRoute = (): ApiError =>
	new ApiError('RESOURCE_NOT_FOUND', {
		message: 'There is no such route.',
		remediation: 'Check the path and the API version.',
	});

export const tierRequired = (
	message: string,
	remediation: string,
	switches: Readonly<Switches>,
): ApiError =>
	new ApiError('TEAM_TIER_REQUIRED', {
		status: Number(switches.tierStatus),
		message,
		remediation,
	});

/** Puts a message under a field, beside those that are there. */
export function addError(fields: FieldErrors, name: string, message: string): void {
	(fields[name] ??= []).push(message);
}
