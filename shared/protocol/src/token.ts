import type { Answered } from './errors.ts';
import type { WirePlatform } from './wire.ts';

/** Which environment a token is of, by its prefix. Unknown prefixes are not refused: the successor has another. */
export function environmentOf(
	token: string,
	platform: Pick<WirePlatform, 'tokenPrefixes'>,
): 'live' | 'test' | 'unknown' {
	if (token.startsWith(platform.tokenPrefixes.live)) return 'live';
	if (token.startsWith(platform.tokenPrefixes.test)) return 'test';
	return 'unknown';
}

export type TokenResult =
	{ readonly ok: true; readonly token: string } | { readonly ok: false; readonly reason: string };

/**
 * Reads a token that a user entered. One that cannot travel in a header would surface as an exception that quotes it,
 * or be sent without what does not fit; braces are a placeholder of the platform that nothing was filled into.
 */
export function readToken(written: string, { pages }: Pick<WirePlatform, 'pages'>): TokenResult {
	const token = written.trim();
	if (/^[\x21-\x7e]+$/.test(token) && !token.includes('{{')) return { ok: true, token };
	// MemberPass shows a token only once: whoever did not keep it needs another.
	return {
		ok: false,
		reason:
			token === ''
				? `There is no API token. Create one at ${pages.mint} and enter it.`
				: `The API token contains characters that no token has. Copy it again, or create a new one at ${pages.mint}.`,
	};
}

/** The token of a connection, and the origin that it is sent to. */
export interface Connection {
	readonly token: string;
	readonly origin: string;
}

/** What tells a token of one environment or name from others. */
export type TokenFacts = Pick<WirePlatform, 'name' | 'apiOrigin' | 'tokenPrefixes' | 'otherNames'>;

/** The same result; if the token was refused, with the reason, as far as the connection tells. */
export function withReason<R extends Answered>(
	result: R,
	connection: Connection,
	platform: TokenFacts,
): R {
	if (result.ok || result.problem.kind !== 'unauthenticated') return result;
	return { ...result, problem: { ...result.problem, reason: whyRefused(connection, platform) } };
}

/**
 * Why a token may be refused. MemberPass answers a mistyped, a revoked and a token of the other environment alike, but
 * the token's own prefix tells the last one apart.
 */
function whyRefused({ token, origin }: Connection, platform: TokenFacts): string {
	const { name, apiOrigin } = platform;
	const { live, test } = platform.tokenPrefixes;
	const isLiveHost = origin === apiOrigin;
	const environment = environmentOf(token, platform);
	if (isLiveHost && environment === 'test') {
		return `The API token is a test token (${test}…), which ${apiOrigin} refuses: use a live token (${live}…), or enter the address of your test environment as the API address.`;
	}
	if (!isLiveHost && environment === 'live') {
		return `The API token is a live token (${live}…), but the API address is not ${apiOrigin}: enter that address, or use a token of the environment that you mean.`;
	}
	// Another host may hand out tokens of its own.
	if (isLiveHost && environment === 'unknown') {
		const other = platform.otherNames.find(({ tokenPrefix }) => token.startsWith(tokenPrefix));
		return other === undefined
			? `${name} tokens start with ${live} or ${test}, and the token here does not: copy the whole token again.`
			: `The API token is one of ${other.name} (${other.tokenPrefix}…), which ${apiOrigin} refuses: use one that starts with ${live}.`;
	}
	return 'The token may have been revoked, it may have expired, or only part of it was copied.';
}
