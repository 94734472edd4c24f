import type { TokenFacts } from './token.ts';

/**
 * The reasons why a token may be refused in one sentence, for where nobody knows the token: a guide, or a message that
 * cannot be computed. See `withReason` for one that is known.
 */
export function refusedTokens(platform: TokenFacts): string {
	const { live, test } = platform.tokenPrefixes;
	const others = platform.otherNames.map(
		(one) => `, or is one of ${one.name} (${one.tokenPrefix}…)`,
	);
	return `${platform.name} refuses a token that was revoked, has expired, was copied only in part, is of another environment (${test}… instead of ${live}…)${others.join('')}.`;
}
