import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * True only for a delivery that was signed with one of your secrets in the last five minutes.
 *
 * @param {string[]} secrets one, or the old and the new one during a rotation
 * @param {string | undefined} header value of MP-Signature
 * @param {Buffer} body the raw bytes, before any parsing
 * @param {number} now unix seconds
 */
export function verify(secrets, header, body, now = Math.floor(Date.now() / 1000)) {
	const usable = secrets.filter((secret) => secret.trim() !== '');
	if (usable.length === 0 || typeof header !== 'string' || body.length === 0) return false;

	const times = new Set();
	const signatures = [];
	for (const part of header.split(',')) {
		const [name, ...rest] = part.split('=');
		const value = rest.join('=').trim();
		if (name.trim() === 't') times.add(value);
		if (['v1', 'v0'].includes(name.trim())) signatures.push(value);
	}
	const [time] = times;
	if (times.size !== 1 || !/^[0-9]{1,12}$/.test(time)) return false;
	if (Math.abs(now - Number(time)) > 300) return false;

	let matched = false;
	for (const secret of usable) {
		const expected = createHmac('sha256', secret).update(`${time}.`).update(body).digest();
		for (const signature of signatures) {
			// Anything but 64 hex digits would make timingSafeEqual throw.
			if (!/^[0-9a-f]{64}$/i.test(signature)) continue;
			if (timingSafeEqual(Buffer.from(signature, 'hex'), expected)) matched = true;
		}
	}
	return matched;
}
