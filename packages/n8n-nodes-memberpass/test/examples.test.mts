import { readdirSync } from 'node:fs';

import nock from 'nock';

import { loadEventFixtures, loadRecordings } from '../../../shared/testing/src/fixtures.ts';
import type { Engine, ExportedWorkflow } from '../../../shared/testing/src/n8n-harness.ts';
import { open, origin, readJson, repoRoot } from './support.mts';

/** The workflows that the README offers for import, run in the real engine with the nodes of others standing aside. */
let engine: Engine;
beforeAll(async () => {
	engine = await open();
});
afterAll(() => engine.close());

const load = (name: string) => readJson(`examples/${name}`) as ExportedWorkflow;
const names = readdirSync('examples');
const dataOf = (operation: string): unknown => {
	const file = loadRecordings(repoRoot).find((one) => one.operation === operation);
	return file?.recordings.find((one) => one.error === null)?.exchanges[0]?.response.body;
};
const eventOf = (type: string) => {
	const fixture = loadEventFixtures(repoRoot).find((one) => one.type === type);
	return [{ json: JSON.parse(fixture?.body ?? '') as Record<string, never> }];
};

test('there are three of them', () => {
	expect(names.sort()).toEqual(['churn-alert.json', 'weekly-digest.json', 'welcome-flow.json']);
});

test.each(names)(
	'%s is whole: connected throughout, nothing pinned, nodes of this package by their names',
	(name) => {
		const { nodes, connections } = load(name);
		const known = nodes.map((node) => node.name);
		const targets = Object.values(connections).flatMap((outputs) =>
			(outputs['main'] ?? []).flat().map((one) => one?.node ?? ''),
		);
		expect([...new Set([known[0] ?? '', ...targets])].sort()).toEqual([...known].sort());
		expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
		expect(readJson(`examples/${name}`)).toMatchObject({ pinData: {} });
		for (const node of nodes.filter((one) => one.type.startsWith('n8n-nodes-memberpass.'))) {
			expect(engine.nodeNames).toContain(node.type);
		}
	},
);

test.each(['welcome-flow.json', 'churn-alert.json'])(
	'%s works on each event once: duplicates are told by the id of the event',
	(name) => {
		const { nodes, connections } = load(name);
		const [trigger] = nodes;
		const next = connections[trigger?.name ?? '']?.['main']?.[0]?.[0]?.node;
		const dedupe = nodes.find((node) => node.name === next);
		expect(dedupe?.type).toBe('n8n-nodes-base.removeDuplicates');
		expect(dedupe?.parameters).toMatchObject({
			operation: 'removeItemsSeenInPreviousExecutions',
			dedupeValue: '={{ $json.id }}',
		});
	},
);

test('no two of them share a webhook address: n8n publishes the first and refuses the second', () => {
	const ids = names.flatMap((name) => load(name).nodes.flatMap((node) => node.webhookId ?? []));
	expect(ids.length).toBeGreaterThan(1);
	expect(new Set(ids).size).toBe(ids.length);
});

test('welcome-flow.json looks the plan of the new subscription up', async () => {
	const [event] = eventOf('subscription.created');
	const { project_id: project, data } = (event?.json ?? {}) as unknown as {
		readonly project_id: string;
		readonly data: { readonly plan_id: string };
	};
	nock(origin).get(`/v1/projects/${project}/plans/${data.plan_id}`).reply(200, dataOf('get_plan'));
	const { output, error } = await engine.runWorkflow({
		workflow: load('welcome-flow.json'),
		from: 'MemberPass Trigger',
		items: eventOf('subscription.created'),
	});
	expect(error).toBeNull();
	expect(output['Get plan']?.map((item) => item.json['name'])).toEqual(['Premium Monthly']);
	expect(Object.keys(output)).toContain('Welcome message');
});

test('churn-alert.json looks the cancelled subscription up', async () => {
	nock(origin)
		.get(/^\/v1\/subscriptions\/sub_/)
		.reply(200, dataOf('get_subscription'));
	const { output, error } = await engine.runWorkflow({
		workflow: load('churn-alert.json'),
		from: 'MemberPass Trigger',
		items: eventOf('subscription.cancelled'),
	});
	expect(error).toBeNull();
	expect(output['Get subscription']).toHaveLength(1);
	expect(Object.keys(output)).toContain('Message to the team');
});

test('weekly-digest.json reads two reports of the last seven days', async () => {
	nock(origin)
		.get('/v1/analytics/dashboard')
		.query({ period: '7d' })
		.reply(200, dataOf('get_dashboard_analytics'));
	nock(origin)
		.get('/v1/analytics/transactions/breakdown')
		.query({ period: '7d', dimension: 'payment_provider' })
		.reply(200, dataOf('get_transaction_breakdown'));
	const { output, error } = await engine.runWorkflow({
		workflow: load('weekly-digest.json'),
		from: 'Monday at nine',
		items: [{ json: {} }],
	});
	expect(error).toBeNull();
	expect(output['By payment provider']).toHaveLength(1);
	expect(Object.keys(output)).toContain('Digest');
});
