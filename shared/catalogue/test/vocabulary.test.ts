import {
	abilities,
	errorCodes,
	exampleId,
	id,
	type IdKind,
	idKinds,
	knownAbilities,
	limits,
	memberPass,
	operations,
	pickLists,
} from '../src/index.ts';

describe('the vocabulary', () => {
	it('knows 65 abilities: 38 seen, 23 inferred, 4 unknown, none of them twice', () => {
		expect(abilities.seen).toHaveLength(38);
		expect(abilities.inferred).toHaveLength(23);
		// Named by the pages of the member and of the team events (…/webhooks/events/member, …/webhooks/events/team).
		expect(abilities.seen).toEqual(
			expect.arrayContaining(['project-user:view', 'team-member:invite']),
		);
		expect(abilities.unknown).toBe(4);
		expect(abilities.total).toBe(65);
		expect(knownAbilities.size).toBe(61);
	});

	it('says where to add a kind of ID that it does not know', () => {
		expect(() => id('coupon' as IdKind, 'Coupon to use.')).toThrow(
			'There is no kind of ID "coupon". Add it to idKinds and exampleUlids in shared/catalogue/src/vocabulary/ids.ts.',
		);
		expect(() => exampleId('constructor' as IdKind)).toThrow('There is no kind of ID');
	});

	it('knows the error codes that could be found, each with a meaning, a remedy and a source', () => {
		expect(Object.keys(errorCodes).sort()).toEqual([
			'AUTHENTICATION_REQUIRED',
			'RATE_LIMITED',
			'RESOURCE_NOT_FOUND',
			'SUBSCRIPTION_ALREADY_ACTIVE',
			'TEAM_TIER_REQUIRED',
			'TOKEN_MISSING_ABILITY',
			'VALIDATION_FAILED',
		]);
		for (const code of Object.values(errorCodes)) {
			expect(code.meaning).toMatch(/^[A-Z].+\.$/);
			expect(code.remedy).toMatch(/^[A-Z].+\.$/);
			expect(code.source).toMatch(/^https:\/\/docs\.memberpass\.net\//);
		}
	});

	it('gives every kind of id an example of full length with the prefix that was seen', () => {
		for (const kind of Object.keys(idKinds) as IdKind[]) {
			const { prefix } = idKinds[kind];
			expect(exampleId(kind)).toMatch(new RegExp(`^${prefix}[0-9A-HJKMNP-TV-Z]{26}$`));
		}
	});

	it('picks every list from a read of the catalogue, by keys that its rows have', () => {
		for (const [name, list] of Object.entries(pickLists)) {
			const source = operations.find((entry) => entry.key === list.operation);
			expect([name, source?.method, source?.output.shape]).toEqual([name, 'GET', 'many']);
			for (const key of [list.value, ...list.label]) {
				expect([name, key, source?.output.schema.properties[key] !== undefined]).toEqual([
					name,
					key,
					true,
				]);
			}
		}
	});

	it('holds the documented numbers', () => {
		expect(limits).toMatchObject({
			requestsPerMinute: 300,
			requestsPerHour: 10_000,
			webhookTestsPerMinute: 5,
			idempotentReplayHours: 24,
			signatureToleranceSeconds: 300,
			deliveryTimeoutSeconds: 10,
			failuresBeforeDisable: 20,
			dualSigningHours: 24,
		});
		// 8 tries: one at once, seven waits.
		expect(limits.deliveryRetrySeconds).toEqual([10, 30, 120, 600, 3_600, 21_600, 86_400]);
	});

	it('spells the brand as the documentation does', () => {
		expect(memberPass).toMatchObject({
			apiOrigin: 'https://api.memberpass.net',
			apiBasePath: '/v1',
			tokenPrefixes: { live: 'mpt_live_', test: 'mpt_test_' },
			headers: {
				idempotency: 'Idempotency-Key',
				signature: 'MP-Signature',
				eventId: 'MP-Event-Id',
				eventName: 'MP-Event-Name',
			},
			answersUntil: '2027-08-14',
		});
	});
});
