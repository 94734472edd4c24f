import { events, operation, operations } from '@memberpass/catalogue';
import { expectedCounts } from '@memberpass/testing';
import type { INodeParameters } from 'n8n-workflow';

import { type Engine, openEngine } from '../../../shared/testing/src/n8n-harness.ts';
import { replay } from '../../../shared/testing/src/replay.ts';
import { readCommitted } from '../src/committed.ts';
import { actionNode, triggerNode } from '../src/n8n.ts';
import { repoRoot } from './support.ts';

const origin = 'https://api.memberpass.net';
const token = 'a-token-for-tests-only';
const committed = readCommitted(repoRoot);

describe('the node on the page of an operation, in the real engine', () => {
	let engine: Engine | undefined;
	beforeAll(async () => {
		engine = await openEngine({
			repoRoot,
			credential: { apiToken: token, baseUrl: `${origin}/v1` },
		});
	}, 120_000);
	afterAll(() => engine?.close());

	test.each(operations.map(({ key }) => key))('%s sends the recorded request', async (key) => {
		const entry = operation(key);
		const recording = committed.success(entry);
		const {
			nodes: [node],
		} = actionNode(entry, committed.n8n(entry), recording.input);
		expect([node.type, node.typeVersion]).toEqual(['n8n-nodes-memberpass.memberPass', 2]);
		if (engine === undefined) throw new Error('The engine is not open.');
		// The page leaves the number of rows and the short form to the user; the recording is the whole.
		const { returnAll, limit } = engine.formOf(key, recording.input);
		const server = replay(origin, recording, token);
		const { items, error } = await engine.run({
			node: 'memberPass',
			typeVersion: node.typeVersion,
			parameters: {
				...(node.parameters as INodeParameters),
				...(returnAll === undefined ? {} : { returnAll }),
				...(limit === undefined ? {} : { limit }),
				simplify: false,
			},
		});
		expect(error).toBeNull();
		expect(server.faults).toEqual([]);
		expect(items.map(({ json }) => json)).toEqual(recording.output);
	});
});

describe('the node on the page of an event', () => {
	it('listens for that event, for each of them, under ids of its own', () => {
		const nodes = events.map((entry) => triggerNode(entry).nodes[0]);
		expect(new Set(nodes.map(({ type, typeVersion }) => `${type}@${typeVersion}`))).toEqual(
			new Set(['n8n-nodes-memberpass.memberPassTrigger@1']),
		);
		expect(nodes.map(({ parameters }) => parameters['events'])).toEqual(
			events.map(({ type }) => [type]),
		);
		expect(new Set(nodes.flatMap(({ id, webhookId }) => [id, webhookId])).size).toBe(
			2 * expectedCounts.events,
		);
		expect(nodes[0]?.id).toMatch(
			/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
		);
	});
});
