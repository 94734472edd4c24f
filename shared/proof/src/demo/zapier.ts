/**
 * The Zapier half of the demo: the built app in the real core. Run by its parent as `zapier.ts ROOT [WORD …]`, on the
 * Node version that Zapier runs apps on.
 */
import { events, operation, operations, platform, zapierTriggerKey } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';
import nock from 'nock';

import type { Sandbox } from '../../../../packages/sandbox/src/index.ts';
import type { EventFixture, Recording } from '../../../testing/src/fixtures.ts';
import { openZapier } from '../../../testing/src/zapier-harness.ts';
import { collect, now, pieces, secret, token } from './material.ts';
import { announce, lacking, reportAll, textOf } from './outcome.ts';
import type { Forgery } from './refusals.ts';
import { replayed } from './replayed.ts';
import { type Connected, scenes } from './scenes.ts';

const [root = '.', ...words] = process.argv.slice(2);
const zapier = openZapier(root);

/** A delivery to a Zap of the demo's own account. */
const receive = (
	type: string,
	body: string,
	header: string | undefined,
	subscribed: object = { secret },
): Promise<unknown> =>
	zapier.receive({
		type,
		body,
		header,
		subscribeData: { id: 'whe_1', ...subscribed },
		authData: { api_token: token },
	});

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

const perform = (key: string, recording: Recording): Promise<string | null> =>
	replayed(recording, () =>
		zapier.act(key, recording.input, { api_token: token }).then(
			(result: unknown) => ({ items: Array.isArray(result) ? result : [result] }),
			(error: unknown) => ({ said: textOf(error), everything: textOf(error) }),
		),
	);

/**
 * Zapier cannot tell a field left empty from one that was emptied, so it never clears one. And a search there answers
 * "nothing found" with an empty list, where the recording has MemberPass's 404.
 */
function isPossible(key: string, recording: Recording): boolean {
	const clears = Object.values(recording.input).includes('');
	const findsNothing = operation(key).kind === 'search' && recording.error?.status === 404;
	return !clears && !findsNothing;
}

/** The app as a user's account has it, connected to a sandbox. */
function connect(sandbox: Sandbox): Promise<Connected> {
	const authData = { api_token: sandbox.token, api_origin: sandbox.url };
	const subscribed = new Map<string, object>();
	return Promise.resolve({
		subscriptions: events.length,
		refusal: 200,
		async switchOn(types, hookUrl) {
			for (const type of types) {
				const bundle = { authData, targetUrl: `${hookUrl}/${type}` };
				const key = zapierTriggerKey(type);
				const answer = await zapier.run('triggers', key, 'performSubscribe', bundle);
				subscribed.set(type, answer as object);
			}
		},
		async switchOff() {
			for (const [type, data] of subscribed) {
				const bundle = { authData, subscribeData: data as { id: string } };
				await zapier.run('triggers', zapierTriggerKey(type), 'performUnsubscribe', bundle);
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
			const result = await zapier.act(key, input, authData);
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
	engine: `the built app in zapier-platform-core ${zapier.coreVersion} on Node ${process.versions.node}`,
});
await reportAll('zapier', [...pieces(material, { deliver, refuse, perform }), ...played]);
