import { runInThisContext } from 'node:vm';

import {
	loadSignatureVectors,
	type SignatureVerdict,
} from '../../../shared/testing/src/vectors.ts';
import { repoRoot, useEngine } from './support.mts';

const engine = useEngine();

/** A trigger keeps one secret, and Node hands a header over as one text: only such rows can come up. */
const vectors = loadSignatureVectors(repoRoot).filter(
	({ secrets, header }) => secrets.length <= 1 && !(Array.isArray(header) && header.length > 1),
);

/** What n8n's log says of a refusal. */
const logged: Readonly<Record<Exclude<SignatureVerdict, 'ok'>, string>> = {
	no_secret: 'No signing secret is stored',
	no_body: 'has no body',
	no_header: 'is not signed',
	malformed: 'signature header cannot be read',
	mismatch: 'signature does not match',
	stale: 'more than 300 seconds away',
};

test('most rows of the shared vectors can come up in n8n, each verdict among them', () => {
	expect(vectors.length).toBeGreaterThan(150);
	expect(new Set(vectors.map(({ verdict }) => verdict)).size).toBe(7);
});

test.each(vectors.map((vector) => [vector.name, vector] as const))(
	'a trigger judges as the protocol does, and always answers: %s',
	async (_, { secrets, header, body, now, verdict }) => {
		const clock = runInThisContext('Date') as { now: () => number };
		const { now: real } = clock;
		const trigger = engine().trigger({
			node: 'memberPassTrigger',
			parameters: { events: ['all'] },
			staticData: { 'node:MemberPass': { webhookId: 'whe_1', secret: secrets[0] ?? null } },
			webhookBaseUrl: 'https://n8n.example.com',
		});
		const line = typeof header === 'string' ? header : header?.[0];
		clock.now = () => now;
		const received = await trigger
			.receive({ headers: line === undefined ? {} : { 'mp-signature': line }, body })
			.finally(() => (clock.now = real));
		if (verdict === 'ok') {
			expect(received.answered).toBeNull();
			expect(received.response.webhookResponse).toBe('OK');
			return;
		}
		expect(received.answered).toEqual({ status: 401, text: 'Unauthorized', ended: true });
		expect(received.started).toBeNull();
		expect(received.warnings.join()).toContain(logged[verdict]);
	},
);
