import {
	abilities,
	accessCodeStatuses,
	actorKinds,
	deliveryStatuses,
	errorCodes,
	exampleId,
	type FieldSchema,
	id,
	type IdKind,
	idKinds,
	knownAbilities,
	limits,
	memberPass,
	memberStatuses,
	paymentStatuses,
	providers,
	resourceTypes,
	subscriptionStatuses,
	typeOf,
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
		// 401 and 422 are on no page of the time; two codes are named without any status.
		expect(
			Object.entries(errorCodes).map(([code, { status, evidence }]) => [code, status, evidence]),
		).toEqual([
			['AUTHENTICATION_REQUIRED', 401, 'inferred'],
			['TOKEN_MISSING_ABILITY', 403, 'documented'],
			['TEAM_TIER_REQUIRED', null, 'documented'],
			['RESOURCE_NOT_FOUND', 404, 'documented'],
			['VALIDATION_FAILED', 422, 'inferred'],
			['RATE_LIMITED', 429, 'documented'],
			['SUBSCRIPTION_ALREADY_ACTIVE', null, 'documented'],
		]);
		for (const code of Object.values(errorCodes)) {
			expect(code.meaning).toMatch(/^[A-Z].+\.$/);
			expect(code.remedy).toMatch(/^[A-Z].+\.$/);
			expect(code.source).toMatch(/^https:\/\/docs\.memberpass\.net\//);
		}
	});

	it('gives every kind of id an example of full length with the prefix that was seen', () => {
		expect(Object.entries(idKinds).map(([kind, { prefix }]) => `${kind} ${prefix}`)).toEqual([
			'event evt_',
			'project prj_',
			'plan pln_',
			'subscription sub_',
			'member usr_',
			'subscriber usr_',
			'user usr_',
			'payment pay_',
			'paymentMethod pmt_',
			'currency cur_',
			'resource rsc_',
			'accessCode sub_',
			'batch btc_',
			'bot bot_',
			'creator cre_',
			'team tem_',
			'role rol_',
			'group grp_',
			'token ',
			'activity act_',
			'job mjb_',
			'webhookEndpoint whe_',
			'webhookDelivery whd_',
		]);
		for (const kind of Object.keys(idKinds) as IdKind[]) {
			const { prefix } = idKinds[kind];
			expect(exampleId(kind)).toMatch(new RegExp(`^${prefix}[0-9A-HJKMNP-TV-Z]{26}$`));
		}
	});

	it('holds the documented numbers', () => {
		expect(limits).toEqual({
			requestsPerMinute: 300,
			requestsPerHour: 10_000,
			webhookTestsPerMinute: 5,
			idempotentReplayHours: 24,
			pageSize: 100,
			cursorPageSize: 200,
			signatureToleranceSeconds: 300,
			deliveryTimeoutSeconds: 10,
			failuresBeforeDisable: 20,
			// 8 tries: one at once, seven waits.
			deliveryRetrySeconds: [10, 30, 120, 600, 3_600, 21_600, 86_400],
			dualSigningHours: 24,
		});
	});

	it.each([
		// docs.memberpass.net/guide/reference/status-codes has 13 labels; five values were seen.
		[
			'subscriptions',
			subscriptionStatuses,
			['trialing', 'active', 'past_due', 'canceled', 'unpaid'],
			[
				'incomplete',
				'expired',
				'paused',
				'processing',
				'succeeded',
				'capturable',
				'failed',
				'pending',
			],
		],
		['members', memberStatuses, ['lead', 'trialing', 'customer', 'churned', 'banned'], []],
		['access codes', accessCodeStatuses, ['unredeemed', 'redeemed', 'expired', 'all'], []],
		['payments', paymentStatuses, ['successful', 'pending', 'failed', 'refunded'], []],
		['deliveries', deliveryStatuses, ['pending', 'delivered', 'failed', 'dead'], []],
		['resources', resourceTypes, ['channel', 'group', 'supergroup', 'manual'], []],
		['actors', actorKinds, ['human', 'api_token', 'mcp', 'zapier', 'webhook', 'system'], []],
		// Named by docs.memberpass.net/creators/methods; these slugs alone were printed.
		[
			'payment providers',
			providers,
			['stripe', 'paypal', 'razorpay', 'paystack', 'access_code'],
			['skrill', 'coinpayments', 'ceypay', 'telegram_stars'],
		],
	] as const)(
		'tells the words of %s that were seen from those that are inferred',
		(_, words, seen, inferred) => {
			const of = (evidence: string) =>
				Object.entries<{ readonly evidence: string }>(words)
					.filter(([, word]) => word.evidence === evidence)
					.map(([word]) => word);
			expect([of('documented'), of('inferred')]).toEqual([seen, inferred]);
			expect(Object.keys(words)).toHaveLength(seen.length + inferred.length);
		},
	);

	it('spells the brand as the documentation does', () => {
		expect(memberPass).toEqual({
			id: 'memberpass',
			name: 'MemberPass',
			apiOrigin: 'https://api.memberpass.net',
			apiBasePath: '/v1',
			apiVersion: '2026-05-01',
			tokenPrefixes: { live: 'mpt_live_', test: 'mpt_test_' },
			otherNames: [{ name: 'Subscriby', tokenPrefix: 'sbt_' }],
			headers: {
				authorization: 'Authorization',
				idempotency: 'Idempotency-Key',
				signature: 'MP-Signature',
				eventId: 'MP-Event-Id',
				eventName: 'MP-Event-Name',
			},
			webhookUserAgent: 'MemberPass-Webhooks',
			eventIdPrefix: 'evt_',
			pages: {
				docs: 'https://docs.memberpass.net',
				api: 'https://docs.memberpass.net/api',
				mint: 'https://app.memberpass.net/settings/tokens',
				app: 'https://app.memberpass.net',
				portal: 'https://my.memberpass.net',
			},
			answersUntil: '2027-08-14',
		});
	});
});

describe('the type of a field', () => {
	it.each<[string, FieldSchema, string]>([
		['as it is written', { type: 'integer' }, 'integer'],
		['the one beside null', { type: ['null', 'number'] }, 'number'],
		['text, where there is only null', { type: ['null'] }, 'string'],
		['text, where none is written', {}, 'string'],
	])('is %s', (_, schema, type) => {
		expect(typeOf(schema)).toBe(type);
	});
});
