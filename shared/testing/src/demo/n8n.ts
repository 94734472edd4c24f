/**
 * The n8n half of the demo: the built package in the real n8n-core. Run by its parent as `n8n.ts ROOT [WORD …]`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { operations, platform } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';
import nock from 'nock';

import type { EventFixture, Recording } from '../fixtures.ts';
import { openEngine } from '../n8n-harness.ts';
import { replay } from '../replay.ts';
import { collect, now, pieces, secret, token } from './material.ts';
import { announce, lacking, reportAll } from './outcome.ts';
import type { Forgery } from './refusals.ts';

const [root = '.', ...words] = process.argv.slice(2);

nock.disableNetConnect();
const engine = await openEngine({
	repoRoot: root,
	credential: { apiToken: token, baseUrl: `${platform.apiOrigin}${platform.apiBasePath}` },
});
const { version } = JSON.parse(
	readFileSync(join(root, 'node_modules/n8n-core/package.json'), 'utf8'),
) as { version: string };

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

async function perform(key: string, recording: Recording): Promise<string | null> {
	const played = replay(platform.apiOrigin, recording, token);
	const { items, error } = await engine.run({
		node: 'memberPass',
		typeVersion: 2,
		parameters: engine.formOf(key, recording.input),
	});
	const pending = played.pending();
	nock.cleanAll();
	const fault =
		error === null
			? judge(
					recording,
					items.map((item) => item.json),
				)
			: judgeError(recording, `${error.message} ${error.description ?? ''}`, error.everything);
	return fault ?? played.faults[0] ?? (pending > 0 ? `${pending} requests were not sent` : null);
}

function judge(recording: Recording, items: readonly unknown[]): string | null {
	return recording.output === null
		? `succeeded with ${JSON.stringify(items)} where MemberPass refuses`
		: lacking(items, recording.output);
}

function judgeError({ error }: Recording, text: string, everything: string): string | null {
	if (error === null || !text.includes(error.message)) return `failed with ${text}`;
	return everything.includes(token) ? 'the error shows the token' : null;
}

const material = collect(root, words, operations);

announce({
	platform: 'n8n',
	total: material.total,
	engine: `the built package in n8n-core ${version} on Node ${process.versions.node}`,
});
await reportAll('n8n', pieces(material, { deliver, refuse, perform }));
engine.close();
// n8n-core leaves handles open, so the process has to be ended; not before everything is written.
process.stdout.write('', () => process.exit(0));
