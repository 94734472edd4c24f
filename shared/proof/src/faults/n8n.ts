import { platform } from '@memberpass/catalogue';

import { openEngine, type RunRequest } from '../../../testing/src/n8n-harness.ts';
import type { Platform } from './platform.ts';

/** The built n8n package in the real n8n-core. */
export async function openN8n(root: string): Promise<Platform> {
	const { apiOrigin, apiBasePath } = platform;
	const engine = await openEngine({
		repoRoot: root,
		credential: { apiToken: 'unused', baseUrl: apiOrigin },
	});
	const act = async (
		[operation, input, { origin, token }, run]: Parameters<Platform['act']>,
		more: Partial<RunRequest> = {},
	): ReturnType<Platform['act']> => {
		const { items, error } = await engine.run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: engine.formOf(operation, input),
			credential: { apiToken: token, baseUrl: origin + apiBasePath },
			executionId: run,
			...more,
		});
		return {
			kind: error === null ? 'succeeds' : 'fails',
			text: error === null ? '' : `${error.message} | ${error.description ?? ''}`,
			delaySeconds: null,
			everything: JSON.stringify(items) + (error?.everything ?? ''),
		};
	};
	return {
		act: (...request) => act(request),
		// n8n's own Retry On Fail.
		actTwice: (...request) => act(request, { retryOnFail: true }),
		async switchOn(type, host, { origin, token }) {
			const trigger = engine.trigger({
				node: 'memberPassTrigger',
				parameters: { events: [type] },
				staticData: {},
				webhookBaseUrl: `https://${host}`,
				credential: { apiToken: token, baseUrl: origin + apiBasePath },
			});
			try {
				// n8n looks first, and makes a subscription only where there is none.
				if (!(await trigger.checkExists())) await trigger.create();
				return { kind: 'succeeds', text: '', delaySeconds: null, everything: '' };
			} catch (error) {
				const text = error instanceof Error ? error.message : String(error);
				return { kind: 'fails', text, delaySeconds: null, everything: text };
			}
		},
		close: () => engine.close(),
	};
}
