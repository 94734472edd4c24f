import { loadSignatureVectors } from '@memberpass/testing';

import { deliveryOf, expectNoLeak, repoRoot, run, thrownBy } from './support.ts';

/**
 * Where the trigger answers otherwise than the protocol, with the reason. Refused although the protocol accepts it; the
 * other way round there is none.
 */
const refusedOnZapier: Readonly<Record<string, string>> = {
	'a signed body with bytes that are not UTF-8 is accepted':
		'Zapier hands the body over as text, so bytes that are not UTF-8 are gone before the check.',
};

/** A subscription has one secret, and a request one line of the header: only such rows can come up. */
const vectors = loadSignatureVectors(repoRoot).filter(
	({ secrets, header }) => secrets.length <= 1 && !(Array.isArray(header) && header.length > 1),
);

let clock: jest.SpyInstance<number, []>;
beforeEach(() => {
	clock = jest.spyOn(Date, 'now');
});
afterEach(() => clock.mockRestore());

it('most rows of the shared vectors can come up on Zapier, each verdict among them', () => {
	expect(vectors.length).toBeGreaterThan(150);
	expect(new Set(vectors.map(({ verdict }) => verdict)).size).toBe(7);
	const accepted = vectors.filter(({ verdict }) => verdict === 'ok').map(({ name }) => name);
	expect(accepted).toEqual(expect.arrayContaining(Object.keys(refusedOnZapier)));
});

it.each(vectors.map((vector) => [vector.name, vector] as const))(
	'a trigger judges as the protocol does: %s',
	async (name, { secrets, header, body, now, verdict }) => {
		clock.mockReturnValue(now);
		const [secret] = secrets;
		const line = typeof header === 'string' ? header : (header?.[0] ?? null);
		const stored = { id: 'whe_1', ...(secret === undefined ? {} : { secret }) };
		const delivery = deliveryOf(Buffer.from(body).toString('utf8'), line, stored);
		const received = run('triggers', 'member_joined', 'perform', delivery);
		if (verdict === 'ok' && refusedOnZapier[name] === undefined) {
			// Signed is not yet readable: most bodies of the vectors are no event.
			const code = await received.then(
				() => null,
				async () => (await thrownBy(received)).code,
			);
			expect([null, 'unreadable_delivery']).toContain(code);
			return;
		}
		const thrown = await thrownBy(received);
		expect(thrown.code).toBe(verdict === 'ok' ? 'mismatch' : verdict);
		expectNoLeak(thrown);
	},
);
