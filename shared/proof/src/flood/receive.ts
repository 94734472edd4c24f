import { platform } from '@memberpass/catalogue';

import { openEngine } from '../../../testing/src/n8n-harness.ts';
import { openZapier } from '../../../testing/src/zapier-harness.ts';
import type { Planned } from './plan.ts';

/** What a trigger made of a delivery. */
export interface Received {
	/** Items of the run that starts; empty where none does. */
	readonly items: readonly unknown[];
	/** True where the platform shows or answers that it was refused. */
	readonly refused: boolean;
	/** Everything that comes out: items, answers, errors, log. */
	readonly everything: string;
}

/** The trigger of a platform, as it was built. */
export interface Receiver {
	readonly runtime: string;
	/** False for a delivery that cannot come in this way on the platform. */
	readonly canCome: (planned: Planned) => boolean;
	readonly receive: (planned: Planned, secret: string | null) => Promise<Received>;
	readonly close: () => void;
}

/** The built n8n trigger in the real n8n-core, through the context that the server hands it. */
export async function openN8nReceiver(root: string, token: string): Promise<Receiver> {
	const credential = { apiToken: token, baseUrl: platform.apiOrigin };
	const engine = await openEngine({ repoRoot: root, credential });
	const triggerFor = (secret: string | null) =>
		engine.trigger({
			node: 'memberPassTrigger',
			parameters: { events: ['all'] },
			staticData: {
				'node:MemberPass': { webhookId: 'whe_1', ...(secret === null ? {} : { secret }) },
			},
			webhookBaseUrl: 'https://n8n.example.com',
		});
	let live: {
		readonly secret: string | null;
		readonly trigger: ReturnType<typeof triggerFor>;
	} | null = null;
	const name = platform.headers.signature.toLowerCase();
	return {
		runtime: `the built trigger in n8n-core ${engine.coreVersion} on Node ${process.versions.node}`,
		canCome: () => true,
		async receive({ body, header }, secret) {
			// One trigger for the subscription that lives through the flood; another only for another secret.
			if (live?.secret !== secret) live = { secret, trigger: triggerFor(secret) };
			const signature = header === undefined || typeof header === 'string' ? header : [...header];
			const result = await live.trigger.receive({
				headers: {
					'content-type': 'application/json',
					...(signature === undefined ? {} : { [name]: signature }),
				},
				body,
			});
			return {
				items: result.started?.map((item) => item.json) ?? [],
				refused: result.answered?.status === 401 && result.answered.ended,
				everything: JSON.stringify([result.started, result.response, result.warnings]),
			};
		},
		close: () => engine.close(),
	};
}

/** The built Zapier app in the real core. */
export function openZapierReceiver(root: string, token: string): Receiver {
	const zapier = openZapier(root);
	return {
		runtime: `the built app in zapier-platform-core ${zapier.coreVersion} on Node ${process.versions.node}`,
		// Zapier hands a header over as one text: several lines of it cannot come.
		canCome: ({ header }) => typeof header !== 'object' || header.length <= 1,
		async receive({ type, body, header }, secret) {
			const signature = typeof header === 'object' ? header[0] : header;
			const delivery = {
				type,
				body: Buffer.from(body).toString('utf8'),
				header: signature,
				subscribeData: { id: 'whe_1', ...(secret === null ? {} : { secret }) },
				authData: { api_token: token },
			};
			return await zapier.receive(delivery).then(
				(items: unknown) => ({
					items: items as readonly unknown[],
					refused: false,
					everything: JSON.stringify(items),
				}),
				(error: unknown) => ({
					items: [],
					refused: error instanceof Error && error.name === 'AppError',
					everything:
						error instanceof Error
							? `${error.name} ${error.message} ${error.stack ?? ''}`
							: String(error),
				}),
			);
		},
		close: () => undefined,
	};
}
