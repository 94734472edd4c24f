import type { IDataObject } from 'n8n-workflow';

import { signBody } from '../../../shared/protocol/src/signing.ts';
import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import { loadEventFixtures } from '../../../shared/testing/src/fixtures.ts';
import { repoRoot } from './support.mts';
import { secret, subscribed, useTrigger } from './trigger.mts';

const fixtures = loadEventFixtures(repoRoot);
const seconds = () => Math.floor(Date.now() / 1000);
const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');

const triggerWith = useTrigger();
const switchedOn = (events: readonly string[], stored: IDataObject = subscribed) =>
	triggerWith({ events: [...events] }, stored);

const signed = (body: string, at = seconds(), key = secret) => ({
	headers: {
		'content-type': 'application/json',
		'mp-signature': signBody(bytes(body), key, at),
	},
	body: bytes(body),
});

describe('a delivery that MemberPass signed', () => {
	test('is there for each event', () => {
		expect(new Set(fixtures.map((one) => one.type)).size).toBe(expectedCounts.events);
	});

	test.each(fixtures.map((one) => [one.path, one] as const))(
		'%s starts one execution with every key it came with',
		async (_, fixture) => {
			const delivery = signed(fixture.body);
			const { started, answered, response } = await switchedOn([fixture.type]).receive({
				...delivery,
				headers: { ...delivery.headers, ...lowerCased(fixture.headers) },
			});
			expect(started).toHaveLength(1);
			expect(started?.[0]?.json).toMatchObject(JSON.parse(fixture.body) as object);
			expect(answered).toBeNull();
			expect(response).toMatchObject({ webhookResponse: 'OK' });
		},
	);

	test('starts nothing for an event that was not chosen, is acknowledged, and the log says why', async () => {
		const [first] = fixtures.filter((one) => one.type === 'plan.created');
		const { response, started, warnings } = await switchedOn(['member.joined']).receive(
			signed(first?.body ?? ''),
		);
		expect(response).toEqual({ webhookResponse: 'OK' });
		expect(started).toBeNull();
		expect(warnings).toEqual([
			'Workflow "Test", node "MemberPass": A signed delivery started nothing: its event, "plan.created", is none of those that this trigger waits for.',
		]);
	});

	test('starts an execution for every known event if [All Events] is chosen', async () => {
		for (const type of ['plan.created', 'team.created']) {
			const body = JSON.stringify({ id: 'evt_1', type, data: {} });
			const { started } = await switchedOn(['all']).receive(signed(body));
			expect(started).toHaveLength(1);
		}
	});

	test('starts an execution where an expression chose the event, known to this release or not', async () => {
		for (const type of ['plan.created', 'member.unheard_of']) {
			const trigger = triggerWith({ events: `={{ "${type}" }}` }, subscribed);
			const body = JSON.stringify({ id: 'evt_1', type, data: {} });
			const { started } = await trigger.receive(signed(body));
			expect(started?.map((item) => item.json)).toEqual([{ id: 'evt_1', type, data: {} }]);
		}
	});

	test('starts nothing for a type that this release does not know, even with [All Events], and the log names it', async () => {
		const body = JSON.stringify({ id: 'evt_1', type: 'member.unheard\nof', data: {} });
		const { response, started, warnings } = await switchedOn(['all']).receive(signed(body));
		expect(response).toEqual({ webhookResponse: 'OK' });
		expect(started).toBeNull();
		expect(warnings).toEqual([
			'Workflow "Test", node "MemberPass": A signed delivery started nothing: its event, "member.unheard of", is none of those that this trigger waits for.',
		]);
	});

	test.each([
		['text', 'hello', 'The delivery is not JSON.'],
		['a list', '[]', 'The delivery is not a JSON object.'],
		['no type', '{"id":"evt_1","data":{}}', 'The delivery has no event type.'],
		['no data', '{"id":"evt_1","type":"plan.created"}', 'The delivery has no data.'],
	])('but is %s starts nothing, is acknowledged, and the log says why', async (_, body, why) => {
		const { response, started, warnings } = await switchedOn(['all']).receive(signed(body));
		expect(response).toEqual({ webhookResponse: 'OK' });
		expect(started).toBeNull();
		expect(warnings).toEqual([
			expect.stringMatching(
				/^Workflow "Test", node "MemberPass": A signed delivery could not be read\. /,
			),
		]);
		expect(warnings[0]).toContain(why);
	});

	test('adds the keys that the nested shape lacks', async () => {
		const nested = fixtures.find(
			(one) => one.type === 'subscription.created' && one.variant === 'nested',
		);
		const { started } = await switchedOn(['subscription.created']).receive(
			signed(nested?.body ?? ''),
		);
		expect(started?.[0]?.json['data']).toMatchObject({
			subscription_id: 'sub_01JV9K3QDN7W2RZ8XTB5MHC4PE',
			subscription: { id: 'sub_01JV9K3QDN7W2RZ8XTB5MHC4PE' },
		});
	});

	test('with the old secret, during a rotation, is accepted', async () => {
		const body = JSON.stringify({ id: 'evt_1', type: 'plan.created', data: {} });
		const header = signBody(bytes(body), 'the new secret', seconds(), secret);
		const { started } = await switchedOn(['plan.created']).receive({
			headers: { 'mp-signature': header },
			body: bytes(body),
		});
		expect(started).toHaveLength(1);
	});
});

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, one]) => [name.toLowerCase(), one]),
	);
}

describe('everything else is answered with 401 and starts nothing', () => {
	const body = JSON.stringify({ id: 'evt_1', type: 'plan.created', data: { plan_id: 'pln_1' } });
	const forged = body.replace('pln_1', 'pln_2');
	const good = () => signed(body);

	test.each([
		['a forged body', () => ({ ...good(), body: bytes(forged) }), undefined],
		['another secret', () => signed(body, seconds(), 'another'), undefined],
		['no signature', () => ({ headers: {}, body: bytes(body) }), undefined],
		[
			'an empty signature',
			() => ({ headers: { 'mp-signature': '' }, body: bytes(body) }),
			undefined,
		],
		[
			'a signature that says nothing',
			() => ({ headers: { 'mp-signature': 'v1' }, body: bytes(body) }),
			undefined,
		],
		[
			'a signature of another length',
			() => ({ headers: { 'mp-signature': `t=${seconds()},v1=abcd` }, body: bytes(body) }),
			undefined,
		],
		[
			'two signature lines',
			() => ({ ...good(), headers: { 'mp-signature': ['t=1,v1=a', 't=1,v1=b'] } }),
			undefined,
		],
		['six minutes old', () => signed(body, seconds() - 360), undefined],
		['six minutes ahead', () => signed(body, seconds() + 360), undefined],
		['no raw body', () => ({ ...good(), body: null }), undefined],
		[
			'no raw body, though what n8n parsed would match',
			() => ({ ...good(), body: null, parsed: JSON.parse(body) as unknown }),
			undefined,
		],
		['an empty body', () => ({ ...good(), body: bytes('') }), undefined],
		['no secret stored', good, {}],
		[
			'an empty secret stored',
			() => signed(body, seconds(), ''),
			{ webhookId: 'whe_1', secret: '' },
		],
		['a secret that is no text', good, { webhookId: 'whe_1', secret: 5 }],
	])('%s', async (_, delivery, stored) => {
		const trigger = switchedOn(['plan.created'], stored ?? { webhookId: 'whe_1', secret });
		const result = await trigger.receive(delivery());
		expect(result.answered).toEqual({ status: 401, text: 'Unauthorized', ended: true });
		expect(result.started).toBeNull();
		expect(result.response).toEqual({ noWebhookResponse: true });
	});

	test.each<[string, IDataObject, string]>([
		[
			'the secret is lost',
			{ webhookId: 'whe_1' },
			'Workflow "Test", node "MemberPass": A delivery was refused. No signing secret is stored. Switch the trigger off and on again.',
		],
		[
			'the signature is forged',
			{ webhookId: 'whe_1', secret: 'other' },
			'Workflow "Test", node "MemberPass": A delivery was refused. The signature does not match. The sender is not MemberPass, the secret was rotated, or the body was changed on its way (the raw body is needed). If you rotated the secret, switch the workflow off and on again. This gives it a new secret.',
		],
	])('where %s, the log says so and what to do, and no secret', async (_, stored, words) => {
		const { warnings } = await switchedOn(['plan.created'], stored).receive(good());
		expect(warnings).toEqual([words]);
	});

	test('where nothing is signed, the log says that and no more: it has nothing to do with the secret', async () => {
		const { warnings } = await switchedOn(['plan.created']).receive({
			headers: {},
			body: bytes(body),
		});
		expect(warnings).toEqual([
			'Workflow "Test", node "MemberPass": A delivery was refused. The delivery is not signed.',
		]);
	});

	test('verifySignature: false of 1.4.0 opens nothing', async () => {
		const trigger = triggerWith({ events: ['plan.created'], verifySignature: false });
		const result = await trigger.receive({ headers: {}, body: bytes(body) });
		expect(result.answered).toEqual({ status: 401, text: 'Unauthorized', ended: true });
		expect(result.started).toBeNull();
	});
});
