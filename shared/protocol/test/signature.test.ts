import crypto from 'node:crypto';
import { join } from 'node:path';
import { loadSignatureVectors, type SignatureVector } from '@memberpass/testing';
import fc from 'fast-check';

import { anyCodePoint } from '../../testing/src/any-code-point.ts';
import { parseSignatureHeader, signBody, verifySignature } from '../src/index.ts';

const vectors = loadSignatureVectors(join(__dirname, '../../..'));

/** 2026-05-18T10:05:00Z */
const now = 1_779_098_700_000;
const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
const secrets = fc.string({ minLength: 1, maxLength: 80 }).filter((one) => one.trim() !== '');

describe('verifySignature answers every row of the shared vectors as openssl and Python do', () => {
	it('has at least 40 rows and each verdict among them', () => {
		expect(vectors.length).toBeGreaterThanOrEqual(40);
		expect(new Set(vectors.map((row) => row.verdict))).toEqual(
			new Set(['ok', 'no_secret', 'no_body', 'no_header', 'malformed', 'mismatch', 'stale']),
		);
	});

	it.each(vectors.map((row) => [row.name, row] as [string, SignatureVector]))('%s', (_, row) => {
		expect(verifySignature(row).verdict).toBe(row.verdict);
	});

	it('says what to do in every refusal, without the secret, the signature or the body', () => {
		for (const row of vectors.filter((one) => one.verdict !== 'ok')) {
			const verdict = verifySignature(row);
			const reason = verdict.verdict === 'ok' ? '' : verdict.reason;
			expect(reason).toMatch(/^[A-Z].{15,}\.$/);
			for (const secret of row.secrets.filter((one) => one.trim().length > 3)) {
				expect(reason).not.toContain(secret);
			}
			expect(reason).not.toMatch(/[0-9a-f]{32}/i);
		}
	});

	it('gives the signed time of a genuine delivery', () => {
		const body = Buffer.from('{}');
		const header = signBody(body, 'a secret', now / 1000);
		expect(verifySignature({ body, header, secrets: ['a secret'], now })).toEqual({
			verdict: 'ok',
			timestamp: 1_779_098_700,
		});
	});
});

describe('what a table cannot say of signatures', () => {
	it('accepts whatever was signed with the secret, and refuses it when any one byte of the body is changed', () => {
		fc.assert(
			fc.property(
				bytes,
				secrets,
				fc.nat(),
				fc.integer({ min: 1, max: 255 }),
				(body, secret, at, flip) => {
					const header = signBody(body, secret, now / 1000);
					expect(verifySignature({ body, header, secrets: [secret], now }).verdict).toBe('ok');
					const changed = Uint8Array.from(body);
					changed[at % changed.length] = (changed[at % changed.length] ?? 0) ^ flip;
					expect(verifySignature({ body: changed, header, secrets: [secret], now }).verdict).toBe(
						'mismatch',
					);
				},
			),
		);
	});

	it('refuses a signature with any one hex digit changed', () => {
		const body = Buffer.from('{"id":"evt_1"}');
		const header = signBody(body, 'a secret', now / 1000);
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 1, max: 15 }), (at, step) => {
				const start = header.indexOf('v1=') + 3 + at;
				const digit = ((parseInt(header[start] ?? '0', 16) + step) % 16).toString(16);
				const forged = header.slice(0, start) + digit + header.slice(start + 1);
				expect(verifySignature({ body, header: forged, secrets: ['a secret'], now }).verdict).toBe(
					'mismatch',
				);
			}),
		);
	});

	it('reads the header by name: the order of the parts never matters', () => {
		const body = Buffer.from('{}');
		const parts = signBody(body, 'new secret', now / 1000, 'old secret').split(',');
		fc.assert(
			fc.property(fc.shuffledSubarray(parts, { minLength: parts.length }), (shuffled) => {
				const header = shuffled.join(',');
				for (const secret of ['new secret', 'old secret']) {
					expect(verifySignature({ body, header, secrets: [secret], now }).verdict).toBe('ok');
				}
			}),
		);
	});

	it('leaves the comparison to timingSafeEqual, for every signature and every secret, after a match too', () => {
		const body = Buffer.from('{}');
		const header = signBody(body, 'new secret', now / 1000, 'old secret');
		const delivery = { body, header, secrets: ['old secret', 'new secret'], now };
		const compare = jest.spyOn(crypto, 'timingSafeEqual');
		try {
			expect(verifySignature(delivery).verdict).toBe('ok');
			expect(compare).toHaveBeenCalledTimes(4);
			compare.mockReturnValue(false);
			expect(verifySignature(delivery).verdict).toBe('mismatch');
		} finally {
			compare.mockRestore();
		}
	});

	it('returns for every header and every body, and accepts none of them', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.string(), fc.string({ unit: anyCodePoint })),
				bytes,
				(header, body) => {
					expect(verifySignature({ body, header, secrets: ['a secret'], now }).verdict).not.toBe(
						'ok',
					);
					parseSignatureHeader(header);
				},
			),
			{ numRuns: 2_000 },
		);
	});

	it.each(['t1', 'v1x', 'novalue', ''])('ignores the part %j, which has no "="', (part) => {
		const body = Buffer.from('{}');
		const header = `${part},${signBody(body, 'a secret', now / 1000)}`;
		expect(verifySignature({ body, header, secrets: ['a secret'], now }).verdict).toBe('ok');
		expect(parseSignatureHeader(`t=1,${part}`)).toBeNull();
	});

	it.each([
		['a parsed object instead of the raw body', { id: 'evt_1' }],
		['a text instead of the raw body', '{}'],
		['null', null],
	])('refuses %s as a body', (_, body) => {
		const verdict = verifySignature({
			body: body as unknown as Uint8Array,
			header: 't=1,v1=00',
			secrets: ['a secret'],
			now,
		});
		expect(verdict.verdict).toBe('no_body');
	});

	it.each([NaN, Infinity, -Infinity])(
		'refuses what is signed where the clock reads %d',
		(clock) => {
			const body = Buffer.from('{}');
			const header = signBody(body, 'a secret', now / 1000);
			expect(verifySignature({ body, header, secrets: ['a secret'], now: clock }).verdict).toBe(
				'stale',
			);
		},
	);

	it('skips secrets that are missing, as stores give them', () => {
		const body = Buffer.from('{}');
		const header = signBody(body, 'a secret', now / 1000);
		expect(
			verifySignature({ body, header, secrets: [undefined, null, 'a secret'], now }).verdict,
		).toBe('ok');
		expect(verifySignature({ body, header, secrets: [undefined, null], now }).verdict).toBe(
			'no_secret',
		);
	});
});

describe('signBody', () => {
	it('writes v0 before v1 during a rotation, as MemberPass documents it', () => {
		expect(signBody(Buffer.from('{}'), 'new', 1_779_098_700, 'old')).toMatch(
			/^t=1779098700,v0=[0-9a-f]{64},v1=[0-9a-f]{64}$/,
		);
	});
});
