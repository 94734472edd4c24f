/**
 * The n8n half of the demo: the built package in the real n8n-core. Run by its parent as `n8n.ts ROOT [WORD …]`.
 */
import { operations, platform } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';
import nock from 'nock';

import type { Sandbox } from '../../../../packages/sandbox/src/index.ts';
import type { EventFixture, Recording } from '../../../testing/src/fixtures.ts';
import { openEngine } from '../../../testing/src/n8n-harness.ts';
import { collect, now, pieces, secret, token } from './material.ts';
import { announce, lacking, reportAll } from './outcome.ts';
import type { Forgery } from './refusals.ts';
import { replayed } from './replayed.ts';
import { type Connected, scenes } from './scenes.ts';

const [root = '.', ...words] = process.argv.slice(2);

nock.disableNetConnect();
nock.enableNetConnect('127.0.0.1');
const engine = await openEngine({
	repoRoot: root,
	credential: { apiToken: token, baseUrl: `${platform.apiOrigin}${platform.apiBasePath}` },
});

function receive(type: string, body: string, header: string | undefined) {
	const trigger = engine.trigger({
		node: 'memberPassTrigger',
		parameters: { events: [type] },
		staticData: { 'node:MemberPass': { webhookId: 'whe_1', secret } },
		webhookBaseUrl: 'https://n8n.example.com',
	});
	const signed = header === undefined ? {} : { [platform.headers.signature.toLowerCase()]: header };
	return trigger.receive({
		headers: { 'content-type': 'application/json', ...signed },
		body: Buffer.from(body),
	});
}

async function deliver({ type, body }: EventFixture): Promise<string | null> {
	const { started } = await receive(type, body, signBody(Buffer.from(body), secret, now));
	return started?.length === 1
		? lacking(started[0]?.json, JSON.parse(body))
		: `started ${JSON.stringify(started)} instead of one item`;
}

async function refuse({ type }: EventFixture, { body, header }: Forgery): Promise<string | null> {
	const { started, answered } = await receive(type, body, header);
	if (started !== null) return `started ${JSON.stringify(started)}`;
	return answered?.status === 401 && answered.ended ? null : 'was not answered with 401';
}

const perform = (key: string, recording: Recording): Promise<string | null> =>
	replayed(recording, async () => {
		const { items, error } = await engine.run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: engine.formOf(key, recording.input),
		});
		if (error === null) return { items: items.map((item) => item.json) };
		const { message, description, everything } = error;
		return { said: `${message} ${description ?? ''}`, everything };
	});

/** The package in an n8n of its own, with a credential for a sandbox and one trigger for all events. */
async function connect(sandbox: Sandbox): Promise<Connected> {
	const connected = await openEngine({
		repoRoot: root,
		credential: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
	});
	const staticData = {};
	const trigger = (webhookBaseUrl: string) =>
		connected.trigger({
			node: 'memberPassTrigger',
			parameters: { events: ['all'] },
			staticData,
			webhookBaseUrl,
		});
	let base = '';
	let executions = 0;
	return {
		subscriptions: 1,
		refusal: 401,
		async switchOn(_types, hookUrl) {
			base = hookUrl;
			if (!(await trigger(base).checkExists())) await trigger(base).create();
		},
		async switchOff() {
			await trigger(base).delete();
			connected.close();
		},
		async receive(_path, headers, body) {
			const { started, answered } = await trigger(base).receive({ headers, body });
			return { status: answered?.status ?? 200, items: (started ?? []).map((item) => item.json) };
		},
		async act(key, input) {
			const parameters = connected.formOf(key, input);
			// Each run is an execution of its own, as on a server: their idempotency keys must differ.
			const executionId = String(++executions);
			const { items, error } = await connected.run({
				node: 'memberPass',
				typeVersion: 2,
				parameters,
				executionId,
			});
			if (error !== null) throw new Error(`${error.message} ${error.description ?? ''}`);
			return items.map((item) => item.json);
		},
	};
}

const material = collect(root, words, operations);
const played = scenes(connect, words);

announce({
	platform: 'n8n',
	total: material.total + played.length,
	engine: `the built package in n8n-core ${engine.coreVersion} on Node ${process.versions.node}`,
});
await reportAll('n8n', [...pieces(material, { deliver, refuse, perform }), ...played]);
engine.close();
// n8n-core leaves handles open, so the process has to be ended; not before everything is written.
process.stdout.write('', () => process.exit(0));
