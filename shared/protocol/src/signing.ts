import { signatureOf } from './signature.ts';

/**
 * Signs a body the way MemberPass does, for tests and for the sandbox.
 *
 * @param timestamp Unix seconds.
 * @param oldSecret During a rotation: adds `v0`, before `v1`.
 */
export function signBody(
	body: Uint8Array,
	secret: string,
	timestamp: number,
	oldSecret: string | null = null,
): string {
	const signed = String(timestamp);
	const old =
		oldSecret === null ? '' : `v0=${signatureOf(body, oldSecret, signed).toString('hex')},`;
	return `t=${signed},${old}v1=${signatureOf(body, secret, signed).toString('hex')}`;
}
