import { createHmac, timingSafeEqual } from 'crypto';

/**
 * Verifying `MP-Signature: t=<unix seconds>,v1=<hex>` where `v1 = HMAC-SHA256(secret, "<t>.<raw body>")`.
 * During a rotation from the dashboard `v0` carries the old secret's signature, before `v1`.
 * Source: docs.memberpass.net/webhooks/signature-verification and /webhooks/security.
 */

/** What a delivery turned out to be. Only `ok` may become a run. */
export type Verdict =
	| { readonly verdict: 'ok'; readonly timestamp: number }
	| { readonly verdict: Refusal; readonly reason: string };

/** Why a delivery is refused. */
export type Refusal = 'no_secret' | 'no_body' | 'no_header' | 'malformed' | 'mismatch' | 'stale';

/** A delivery as it came in. */
export interface SignedDelivery {
	/** The bytes of the body, before any decoding or parsing. */
	readonly body: Uint8Array | null | undefined;
	/** Value of the signature header; several header lines come as an array. */
	readonly header: string | readonly string[] | null | undefined;
	/** Secrets that may have signed it: one, or old and new during a rotation. */
	readonly secrets: readonly (string | null | undefined)[];
	/** Unix milliseconds. */
	readonly now: number;
}

/** A signature this much older or newer than the clock is refused; 300 s exactly is accepted. */
export const signatureToleranceSeconds = 300;

/** The words say what to do and hold nothing of the secret, the signature or the body. */
const reasons: Readonly<Record<Refusal, string>> = {
	no_secret: 'No signing secret is stored. Switch the trigger off and on again.',
	no_body: 'The delivery has no body.',
	no_header: 'The delivery is not signed.',
	malformed: 'The signature header cannot be read.',
	mismatch:
		'The signature does not match. The sender is not MemberPass, the secret was rotated, or the body was changed on its way (the raw body is needed).',
	stale:
		'The signature is more than 300 seconds away from the current time. The delivery is a copy that was sent again, it was delayed on its way, or a clock is wrong.',
};

/**
 * Judges a delivery. Never throws, whatever comes in. There is no switch that makes it accept more.
 *
 * The signature is compared before the age, so that `stale` is only ever said of a delivery that MemberPass signed.
 */
export function verifySignature(delivery: SignedDelivery): Verdict {
	const secrets = delivery.secrets.filter(
		(secret): secret is string => typeof secret === 'string' && secret.trim() !== '',
	);
	// createHmac accepts an empty key without a word: a lost secret would accept what anyone can sign.
	if (secrets.length === 0) return refuse('no_secret');
	const { body } = delivery;
	if (!(body instanceof Uint8Array) || body.length === 0) return refuse('no_body');
	const header = oneHeader(delivery.header);
	if (header === 'none') return refuse('no_header');
	if (header === 'several') return refuse('malformed');
	const parsed = parseSignatureHeader(header.value);
	if (parsed === null) return refuse('malformed');
	if (!matches(body, parsed, secrets)) return refuse('mismatch');
	const age = Math.abs(Math.floor(delivery.now / 1000) - parsed.timestamp);
	// Not "greater than": a clock that is not a number would then accept any age.
	if (!(age <= signatureToleranceSeconds)) return refuse('stale');
	return { verdict: 'ok', timestamp: parsed.timestamp };
}

function refuse(verdict: Refusal): Verdict {
	return { verdict, reason: reasons[verdict] };
}

function oneHeader(
	header: SignedDelivery['header'],
): 'none' | 'several' | { readonly value: string } {
	const lines: readonly unknown[] =
		typeof header === 'string' ? [header] : Array.isArray(header) ? header : [];
	if (lines.length > 1) return 'several';
	const [value] = lines;
	return typeof value === 'string' && value.trim() !== '' ? { value } : 'none';
}

/** A readable signature header. */
export interface SignatureHeader {
	/** Unix seconds, as signed. */
	readonly timestamp: number;
	/** The digits of `t` as they were signed. */
	readonly signed: string;
	/** Values of `v1` and `v0`, in the order they came. */
	readonly candidates: readonly string[];
}

/**
 * Reads the header by name, not by position: a rotation puts `v0` before `v1`. Parts with other names are ignored.
 * Null where there is no usable time, two different times, or no signature at all.
 */
export function parseSignatureHeader(header: string): SignatureHeader | null {
	let signed: string | null = null;
	const candidates: string[] = [];
	for (const part of header.split(',')) {
		const split = part.indexOf('=');
		if (split < 0) continue;
		const name = part.slice(0, split).trim();
		const value = part.slice(split + 1).trim();
		if (name === 't') {
			// parseInt would take "1779098700junk"; digits only, and no more than a date can have.
			if (!/^\d{1,12}$/.test(value) || (signed !== null && signed !== value)) return null;
			signed = value;
		} else if (name === 'v1' || name === 'v0') {
			candidates.push(value);
		}
	}
	if (signed === null || candidates.length === 0) return null;
	return { timestamp: Number(signed), signed, candidates };
}

/**
 * Compares every candidate with every secret, without stopping at the first match. Hex is compared as bytes, so
 * upper case is fine; what is not 64 hex digits is no candidate, because `timingSafeEqual` throws on other lengths.
 */
function matches(
	body: Uint8Array,
	{ signed, candidates }: SignatureHeader,
	secrets: readonly string[],
): boolean {
	let matched = false;
	for (const secret of secrets) {
		const expected = signatureOf(body, secret, signed);
		for (const candidate of candidates) {
			if (!/^[0-9a-f]{64}$/i.test(candidate)) continue;
			if (timingSafeEqual(Buffer.from(candidate, 'hex'), expected)) matched = true;
		}
	}
	return matched;
}

/** The HMAC of a body that was signed at `signed`, the digits of `t`. */
export function signatureOf(body: Uint8Array, secret: string, signed: string): Buffer {
	return createHmac('sha256', secret).update(`${signed}.`).update(body).digest();
}
