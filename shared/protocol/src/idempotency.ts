import { createHash } from 'crypto';

/**
 * Derives an idempotency key from what makes one logical write unlike every other. The same parts always give the
 * same key, so a retry of the same run replays instead of writing twice; any difference gives another key.
 *
 * What to put in: the operation, the account, the run, the position inside the run. What never to put in alone: a
 * name that can come back (a workflow, a node, a Zap). MemberPass replays a 2xx for 24 hours under the same key, so
 * a trigger that is switched off and on again would be handed the endpoint that was deleted in between.
 *
 * The result looks like a UUID (version 8, RFC 9562), because every documented example is one and the accepted
 * character set is not documented.
 */
export function deriveIdempotencyKey(parts: readonly string[]): string {
	const hash = createHash('sha256');
	for (const part of parts) {
		const bytes = Buffer.from(part, 'utf8');
		// The length keeps ["ab", "c"] and ["a", "bc"] apart.
		hash.update(`${bytes.length}:`);
		hash.update(bytes);
	}
	const hex = hash.digest('hex');
	const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`8${hex.slice(13, 16)}`,
		`${variant}${hex.slice(17, 20)}`,
		hex.slice(20, 32),
	].join('-');
}
