import { zapierTriggerKey } from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';
import { loadEventFixtures, expectedCounts } from '@memberpass/testing';

import { isInMap, keysOf, misfits, type OutputField } from './house-lint/sample.ts';
import {
	definitionOf,
	deliveryOf,
	expectNoLeak,
	repoRoot,
	run,
	secret,
	signatureOf,
	thrownBy,
} from './support.ts';

const fixtures = loadEventFixtures(repoRoot);
const rows = fixtures.map((fixture) => [fixture.path, fixture] as const);

/** The paths whose value in `actual` is not the one in `expected`. */
function lost(expected: unknown, actual: unknown, path = ''): string[] {
	if (isJsonObject(expected)) {
		if (!isJsonObject(actual)) return [path];
		return Object.entries(expected).flatMap(([key, one]) =>
			lost(one, actual[key], path === '' ? key : `${path}.${key}`),
		);
	}
	return JSON.stringify(expected) === JSON.stringify(actual) ? [] : [path];
}

const perform = (fixture: { type: string }, bundle: Parameters<typeof run>[3]) =>
	run('triggers', zapierTriggerKey(fixture.type), 'perform', bundle);

/** What becomes of a delivery that MemberPass signed: run once for all the tests that look at it. */
const runs = new Map<string, Promise<unknown>>();
// The mutants of a process meet the same module.
beforeAll(() => runs.clear());

function itemOf(fixture: (typeof fixtures)[number]): Promise<Record<string, unknown>> {
	const { path, body } = fixture;
	const run = runs.get(path) ?? perform(fixture, deliveryOf(body, signatureOf(body)));
	runs.set(path, run);
	return run.then((items) => {
		const [item, ...more] = items as Record<string, unknown>[];
		if (item === undefined || more.length > 0) throw new Error(`${path} starts not one run.`);
		return item;
	});
}

it('there is a delivery of every trigger', () => {
	expect(new Set(fixtures.map(({ type }) => type)).size).toBe(expectedCounts.events);
});

describe.each(rows)('%s', (_, fixture) => {
	it('starts one run with everything MemberPass sent', async () => {
		const item = await itemOf(fixture);
		const sent: unknown = JSON.parse(fixture.body);
		expect(item['type']).toBe(fixture.type);
		expect(lost(sent, item)).toEqual([]);
		expect(item['id']).toMatch(/^evt_[0-9A-Z]{26}$/);
	});

	it('starts none unless it is signed with the stored secret, now', async () => {
		const good = signatureOf(fixture.body);
		const refused: [string, Parameters<typeof run>[3], RegExp][] = [
			['unsigned', deliveryOf(fixture.body, null), /not signed/],
			['forged', deliveryOf(`${fixture.body} `, good), /does not match/],
			[
				'another secret',
				deliveryOf(fixture.body, signatureOf(fixture.body, { secret: 'another-secret' })),
				/does not match\..* If the secret was rotated, switch the Zap off and on again/,
			],
			[
				'old',
				deliveryOf(fixture.body, signatureOf(fixture.body, { age: 302 })),
				/300 seconds .* clock is wrong\.$/,
			],
		];
		for (const [name, bundle, reason] of refused) {
			const thrown = await thrownBy(perform(fixture, bundle));
			expect([name, thrown.name]).toEqual([name, 'AppError']);
			expect(thrown.message).toMatch(reason);
			expectNoLeak(thrown);
		}
	});

	it('has every key of the static sample, so that what is mapped from the sample is found', async () => {
		const { sample } = definitionOf('triggers', zapierTriggerKey(fixture.type)).operation;
		const item = await itemOf(fixture);
		const arriving = keysOf(item);
		// What is below a null is nothing to map; the keys of a free map differ from delivery to delivery.
		const isThere = (key: string) =>
			arriving.some((one) => one === key || key.startsWith(`${one}.`)) || isInMap(key);
		const missing = keysOf(sample).filter((key) => !isThere(key));
		expect(missing).toEqual([]);
	});

	it('arrives with the types its fields state, dates with their zone (T003, T005)', async () => {
		const { outputFields = [] } = definitionOf(
			'triggers',
			zapierTriggerKey(fixture.type),
		).operation;
		expect(misfits(outputFields as OutputField[], await itemOf(fixture), 'allowed')).toEqual([]);
	});
});

/** Built from a page of MemberPass, whichever of its shapes. */
const documented = rows.filter(([, { evidence }]) => evidence === 'documented');

describe.each(documented)('%s', (_, fixture) => {
	it('has a label for people at every key', async () => {
		const { outputFields = [] } = definitionOf(
			'triggers',
			zapierTriggerKey(fixture.type),
		).operation;
		const labels = new Map(
			(outputFields as { key: string; label?: string }[]).map(({ key, label }) => [key, label]),
		);
		const item = await itemOf(fixture);
		const unlabelled = keysOf(item).filter((key) => {
			const label = labels.get(key.replaceAll('.', '__').replaceAll('[]__', '[]'));
			return !isInMap(key) && (label === undefined || !/^[A-Z]/.test(label));
		});
		// Events of the account name no project: the key is there and always null.
		const ofTheAccount = /^(billing|team|role|group)\./.test(fixture.type) ? ['project_id'] : [];
		// On no page: the fixture holds it because a later manifest lists it.
		const onNoPage = fixture.type === 'plan.created' ? ['data.kind'] : [];
		expect(unlabelled).toEqual([...ofTheAccount, ...onNoPage]);
	});
});

it('what one shape of an event does not tell arrives as null under its key', async () => {
	const nested = fixtures.find(({ path }) => path.endsWith('subscription/created.nested.json'));
	if (nested === undefined) throw new Error('There is no nested delivery.');
	expect((await itemOf(nested))['data']).toMatchObject({
		subscription_id: 'sub_01JV9K3QDN7W2RZ8XTB5MHC4PE',
		plan_id: 'pln_01JT2BC8YV6N3HTQX1M9KDRW5F',
		subscriber_id: 'usr_01JV9K3PZM4T8QX6WBNRH2C5DJ',
		access_code: null,
		subscriber: { telegram_user_id: '123456789' },
	});
});

it('the email address, which only the nested shape of a new subscription holds, has a label', () => {
	const { outputFields = [] } = definitionOf('triggers', 'subscription_created').operation;
	expect(outputFields).toContainEqual(
		expect.objectContaining({ key: 'data__subscriber__email', label: 'Email', type: 'string' }),
	);
	expect(documented.map(([path]) => path)).toContain(
		'fixtures/events/subscription/created.nested.json',
	);
});

describe('a delivery', () => {
	const [fixture] = fixtures;
	if (fixture === undefined) throw new Error('No fixture.');
	const { body } = fixture;

	it('of another event starts nothing', async () => {
		const other = JSON.stringify({ ...JSON.parse(body), type: 'something.else' });
		await expect(perform(fixture, deliveryOf(other, signatureOf(other)))).resolves.toEqual([]);
	});

	it('that holds something else where an object is documented arrives as it was sent', async () => {
		const plan = fixtures.find(({ type }) => type === 'plan.created');
		if (plan === undefined) throw new Error('There is no such delivery.');
		const sent = {
			...(JSON.parse(plan.body) as object),
			data: { plan: 'pln_1', plan_id: 'pln_1' },
		};
		const text = JSON.stringify(sent);
		await expect(perform(plan, deliveryOf(text, signatureOf(text)))).resolves.toEqual([sent]);
	});

	it('that lacks an object which is documented has its keys all the same', async () => {
		const plan = fixtures.find(({ type }) => type === 'plan.deleted');
		if (plan === undefined) throw new Error('There is no such delivery.');
		const text = JSON.stringify({ ...(JSON.parse(plan.body) as object), data: {} });
		await expect(perform(plan, deliveryOf(text, signatureOf(text)))).resolves.toMatchObject([
			{ data: { plan_id: null, plan: { id: null } } },
		]);
	});

	it('is verified over its bytes, characters beyond ASCII included', async () => {
		const text = JSON.stringify({ ...JSON.parse(body), note: 'Zoë 🎉' });
		await expect(perform(fixture, deliveryOf(text, signatureOf(text)))).resolves.toHaveLength(1);
	});

	it('signed with the old secret during a rotation is taken', async () => {
		const [t = '', v1 = ''] = signatureOf(body).split(',');
		const header = `${t},${v1.replace('v1=', 'v0=')},v1=${'0'.repeat(64)}`;
		await expect(perform(fixture, deliveryOf(body, header))).resolves.toHaveLength(1);
	});

	it('whose header comes in another case is taken', async () => {
		const bundle = deliveryOf(body, null);
		const headers = { 'http-MP-signature': signatureOf(body) };
		await expect(
			perform(fixture, { ...bundle, rawRequest: { ...bundle.rawRequest, headers } }),
		).resolves.toHaveLength(1);
	});

	// Signed when the test runs: a signature is good for five minutes.
	it.each<[string, () => Parameters<typeof run>[3], RegExp]>([
		[
			'no stored subscription',
			() => deliveryOf(body, signatureOf(body), {}),
			/switch the trigger off/i,
		],
		[
			'an empty stored secret',
			() => deliveryOf(body, signatureOf(body, { secret: '' }), { id: 'whe_1', secret: '' }),
			/switch the trigger off/i,
		],
		[
			'a blank stored secret',
			() => deliveryOf(body, signatureOf(body, { secret: ' ' }), { id: 'whe_1', secret: ' ' }),
			/switch the trigger off/i,
		],
		[
			'no raw body',
			() => ({ subscribeData: { id: 'whe_1', secret }, cleanedRequest: {} }),
			/no body/,
		],
		['an empty body', () => deliveryOf('', signatureOf('')), /no body/],
		['a header without a time', () => deliveryOf(body, `v1=${'0'.repeat(64)}`), /cannot be read/],
		['a signed body that is no JSON', () => deliveryOf('hello', signatureOf('hello')), /not JSON/],
		['a signed body that is no event', () => deliveryOf('{}', signatureOf('{}')), /no event ID/],
	])('with %s is an error and no run', async (_, bundle, reason) => {
		const thrown = await thrownBy(perform(fixture, bundle()));
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toMatch(reason);
		expectNoLeak(thrown);
	});
});

it('a delivery of 10 MB, the most Zapier takes in, is verified and read within its memory', async () => {
	const [fixture] = fixtures;
	const event = JSON.parse(fixture?.body ?? '{}') as { data: Record<string, unknown> };
	event.data['note'] = '🎟 plain text '.repeat(650_000);
	const body = JSON.stringify(event);
	expect(Buffer.byteLength(body)).toBeGreaterThan(10_000_000);
	const before = process.memoryUsage().rss;
	const items = await perform(fixture ?? { type: '' }, deliveryOf(body, signatureOf(body)));
	expect(items).toEqual([event]);
	// Lambda ends a process of 450 MB; the app itself and core take some 150.
	expect(process.memoryUsage().rss - before).toBeLessThan(250_000_000);
});
