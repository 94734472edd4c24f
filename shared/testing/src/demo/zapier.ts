/**
 * The Zapier half of the demo: the built app in the real core. Run by its parent as `zapier.ts ROOT [WORD …]`, on the
 * Node version that Zapier runs apps on.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { events, operation, operations, platform, zapierTriggerKey } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';
import nock from 'nock';
import type * as Core from 'zapier-platform-core';
import type { App, Bundle } from 'zapier-platform-core';

import type { Sandbox } from '../../../../packages/sandbox/src/index.ts';
import type { EventFixture, Recording } from '../fixtures.ts';
import { replay } from '../replay.ts';
import { collect, now, pieces, secret, token } from './material.ts';
import { announce, lacking, reportAll, textOf } from './outcome.ts';
import type { Forgery } from './refusals.ts';
import { type Connected, scenes } from './scenes.ts';

const [root = '.', ...words] = process.argv.slice(2);
const require = createRequire(join(root, 'packages/zapier/package.json'));
const core = require('zapier-platform-core') as typeof Core;
const app = require(join(root, 'packages/zapier/dist/index.js')) as App;
const run = core.createAppTester(app);
const signatureHeader = `Http-${platform.headers.signature.replace('MP', 'Mp')}`;

/** What Zapier says of a live run; the core's type also asks for fields it calls deprecated. */
const meta = {
	isLoadingSample: false,
	isFillingDynamicDropdown: false,
	isPopulatingDedupe: false,
	limit: -1,
	page: 0,
	isBulkRead: false,
	inputFields: {},
	timezone: null,
} as Partial<Bundle['meta']> as Bundle['meta'];

type Perform = Parameters<typeof run>[0];

function performOf(
	kind: 'triggers' | 'creates' | 'searches',
	key: string,
	name: 'perform' | 'performSubscribe' | 'performUnsubscribe' = 'perform',
): Perform {
	const found = app[kind]?.[key] as { operation?: Record<string, Perform> } | undefined;
	const perform = found?.operation?.[name];
	if (perform === undefined) throw new Error(`The built app has no ${kind} "${key}".`);
	return perform;
}

/** A delivery as Zapier hands it to a trigger. */
function receive(
	type: string,
	body: string,
	header: string | undefined,
	subscribed: object = { secret },
): Promise<unknown> {
	const signed = header === undefined ? {} : { [signatureHeader]: header };
	return run(performOf('triggers', zapierTriggerKey(type)), {
		authData: { api_token: token },
		inputData: {},
		meta,
		// The core's own type knows the id only.
		subscribeData: { id: 'whe_1', ...subscribed },
		rawRequest: {
			method: 'POST',
			querystring: '',
			headers: { 'Content-Type': 'application/json', ...signed },
			content: body,
		},
	});
}

async function deliver({ type, body }: EventFixture): Promise<string | null> {
	const items = await receive(type, body, signBody(Buffer.from(body), secret, now));
	return Array.isArray(items) && items.length === 1
		? lacking(items[0], JSON.parse(body))
		: `gave ${JSON.stringify(items)} instead of one item`;
}

async function refuse({ type }: EventFixture, { body, header }: Forgery): Promise<string | null> {
	try {
		return `became the run ${JSON.stringify(await receive(type, body, header))}`;
	} catch (error) {
		const text = textOf(error);
		return text.includes(secret) || text.includes(token) ? 'the error shows a secret' : null;
	}
}

async function perform(key: string, recording: Recording): Promise<string | null> {
	const played = replay(platform.apiOrigin, recording, token);
	const fault = await run(performOf(kindOf(key), key), {
		authData: { api_token: token },
		inputData: { ...recording.input },
		meta,
	}).then(
		(result: unknown) => judge(recording, Array.isArray(result) ? result : [result]),
		(error: unknown) => judgeError(recording, textOf(error)),
	);
	const pending = played.pending();
	nock.cleanAll();
	return fault ?? played.faults[0] ?? (pending > 0 ? `${pending} requests were not sent` : null);
}

function judge(recording: Recording, items: readonly unknown[]): string | null {
	return recording.output === null
		? `succeeded with ${JSON.stringify(items)} where MemberPass refuses`
		: lacking(items, recording.output);
}

function judgeError({ error }: Recording, text: string): string | null {
	if (error === null || !text.includes(error.message)) return `failed with ${text}`;
	return text.includes(token) ? 'the error shows the token' : null;
}

/**
 * Zapier cannot tell a field left empty from one that was emptied, so it never clears one. And a search there answers
 * "nothing found" with an empty list, where the recording has MemberPass's 404.
 */
function isPossible(key: string, recording: Recording): boolean {
	const clears = Object.values(recording.input).includes('');
	const findsNothing = operation(key).kind === 'search' && recording.error?.status === 404;
	return !clears && !findsNothing;
}

const kindOf = (key: string) => (operation(key).kind === 'action' ? 'creates' : 'searches');

/** The app as a user's account has it, connected to a sandbox. */
function connect(sandbox: Sandbox): Promise<Connected> {
	const authData = { api_token: sandbox.token, api_origin: sandbox.url };
	const subscribed = new Map<string, object>();
	return Promise.resolve({
		subscriptions: events.length,
		refusal: 200,
		async switchOn(types, hookUrl) {
			for (const type of types) {
				const subscribe = performOf('triggers', zapierTriggerKey(type), 'performSubscribe');
				const targetUrl = `${hookUrl}/${type}`;
				const answer: unknown = await run(subscribe, { authData, inputData: {}, meta, targetUrl });
				subscribed.set(type, answer as object);
			}
		},
		async switchOff() {
			for (const [type, data] of subscribed) {
				const unsubscribe = performOf('triggers', zapierTriggerKey(type), 'performUnsubscribe');
				const subscribeData = data as { id: string };
				await run(unsubscribe, { authData, inputData: {}, meta, subscribeData });
			}
		},
		async receive(path, headers, body) {
			const type = path.slice(1);
			const header = headers[platform.headers.signature.toLowerCase()];
			try {
				const items = await receive(
					type,
					body.toString('utf8'),
					String(header),
					subscribed.get(type),
				);
				return { status: 200, items: items as readonly unknown[] };
			} catch {
				return { status: 200, items: [] };
			}
		},
		async act(key, input) {
			const inputData = { ...input };
			const result: unknown = await run(performOf(kindOf(key), key), { authData, inputData, meta });
			return Array.isArray(result) ? (result as readonly unknown[]) : [result];
		},
	});
}

// What only n8n offers, and reads that only serve pickers, are no steps of a Zap.
const steps = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
const material = collect(root, words, steps, isPossible);

const played = scenes(connect, words);

// The sandbox is on this machine; the app accepts that only when told to.
process.env['MEMBERPASS_ALLOW_LOOPBACK'] = '1';
nock.disableNetConnect();
nock.enableNetConnect('127.0.0.1');
announce({
	platform: 'zapier',
	total: material.total + played.length,
	engine: `the built app in zapier-platform-core ${core.version} on Node ${process.versions.node}`,
});
await reportAll('zapier', [...pieces(material, { deliver, refuse, perform }), ...played]);
