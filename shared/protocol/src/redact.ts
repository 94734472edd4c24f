import type { WirePlatform } from './wire.ts';

/**
 * Removes secrets from text that a user or a log may see: the values given, and whatever looks like a token of the
 * platform under any of its names, a bearer header or a signature.
 */
export function redact(
	written: string,
	secrets: readonly string[],
	platform: Pick<WirePlatform, 'tokenPrefixes' | 'otherNames'>,
): string {
	let clean = written;
	// Longest first: a secret may contain another.
	for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
		if (secret.length >= 4) clean = clean.replaceAll(secret, hidden);
	}
	const prefixes = [
		...Object.values(platform.tokenPrefixes),
		...platform.otherNames.map((other) => other.tokenPrefix),
	];
	for (const prefix of prefixes) {
		clean = clean.replace(new RegExp(`${prefix}[A-Za-z0-9_|-]+`, 'g'), `${prefix}${hidden}`);
	}
	return clean
		.replace(/\bBearer\s+[^\s"',]+/gi, `Bearer ${hidden}`)
		.replace(/\b(v[01]=)[0-9a-f]{16,}/gi, `$1${hidden}`);
}

const hidden = '[hidden]';

/** Text from outside, made fit for a message: one line, no control or direction marks, not longer than `limit`. */
export function tidy(written: string, limit = 500): string {
	const line = written.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
	const characters = Array.from(line);
	return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}
