import type { Evidence } from '../schema.ts';
import { limits } from './limits.ts';

/** An error code of the API with what a user can do about it. */
export interface ErrorCode {
	/** HTTP status it arrives with, or null where no source states one. */
	readonly status: number | null;
	/** What happened, for people who never saw an API. */
	readonly meaning: string;
	/** What to do next. */
	readonly remedy: string;
	readonly evidence: Evidence;
	readonly source: string;
}

/** The seven codes that could be found; the full list (`/error-codes.json`) is not stored. Unknown codes pass through. */
export const errorCodes = {
	AUTHENTICATION_REQUIRED: {
		status: 401,
		meaning: 'The API token is missing, wrong, revoked, or belongs to another environment.',
		remedy: 'Create a new token in MemberPass and reconnect with it.',
		evidence: 'inferred',
		source: 'https://docs.memberpass.net/mcp/authentication',
	},
	TOKEN_MISSING_ABILITY: {
		status: 403,
		meaning: 'The API token is not allowed to do this.',
		remedy: 'In MemberPass, create a token that has the missing ability, and use that one instead.',
		evidence: 'documented',
		source: 'https://docs.memberpass.net/mcp/troubleshooting',
	},
	TEAM_TIER_REQUIRED: {
		status: null,
		meaning: "The team's MemberPass tier does not include this feature.",
		remedy: 'Upgrade the tier, or leave the field empty.',
		evidence: 'documented',
		source: 'https://docs.memberpass.net/mcp/tools/create-project',
	},
	RESOURCE_NOT_FOUND: {
		status: 404,
		meaning: 'Nothing has this ID, or the token has no access to it.',
		remedy: "Check the ID and the token's team and project scope.",
		evidence: 'documented',
		source: 'https://docs.memberpass.net/mcp/troubleshooting',
	},
	VALIDATION_FAILED: {
		status: 422,
		meaning: 'MemberPass did not accept one or more values.',
		remedy: 'Correct the fields that the error names.',
		evidence: 'inferred',
		source: 'https://docs.memberpass.net/mcp/tools/get-deep-link',
	},
	RATE_LIMITED: {
		status: 429,
		meaning: `The token has sent too many requests. It may send ${limits.requestsPerMinute} a minute and ${limits.requestsPerHour.toLocaleString('en')} an hour; some calls have smaller limits.`,
		remedy: 'Wait as long as MemberPass says, then try again.',
		evidence: 'documented',
		source: 'https://docs.memberpass.net/mcp/troubleshooting',
	},
	SUBSCRIPTION_ALREADY_ACTIVE: {
		status: null,
		meaning: 'Despite the name of this code, the subscription is already cancelled.',
		remedy: 'Nothing is left to do.',
		evidence: 'documented',
		source: 'https://docs.memberpass.net/mcp/tools/cancel-subscription',
	},
} as const satisfies Record<string, ErrorCode>;

export type KnownErrorCode = keyof typeof errorCodes;
