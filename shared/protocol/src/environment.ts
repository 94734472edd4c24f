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
