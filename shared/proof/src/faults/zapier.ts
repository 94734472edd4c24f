import { randomUUID } from 'node:crypto';

import { zapierTriggerKey } from '@memberpass/catalogue';

import { openZapier } from '../../../testing/src/zapier-harness.ts';
import type { Ending } from './job.ts';
import type { Platform } from './platform.ts';

/** The built Zapier app in the real core. */
export function openZapierPlatform(root: string): Platform {
	// The servers are on this machine; the app accepts that only when told to.
	process.env['MEMBERPASS_ALLOW_LOOPBACK'] = '1';
	const zapier = openZapier(root);
	const act: Platform['act'] = async (operation, input, { origin, token }) =>
		await zapier
			.act(operation, input, { api_token: token, api_origin: origin })
			.then(endingOf, failureOf);
	return {
		act,
		// A held or failed run that Zapier plays again has the same values and nothing that names it.
		async actTwice(...request) {
			const first = await act(...request);
			return first.kind === 'succeeds' ? first : await act(...request);
		},
		// Zapier makes a new address each time.
		switchOn: async (type, host, { origin, token }) =>
			await zapier
				.run('triggers', zapierTriggerKey(type), 'performSubscribe', {
					authData: { api_token: token, api_origin: origin },
					targetUrl: `https://${host}/hooks/standard/1/${randomUUID()}/`,
				})
				.then(endingOf, failureOf),
		close: () => undefined,
	};
}

function endingOf(result: unknown): Ending {
	const isEmpty = Array.isArray(result) && result.length === 0;
	return {
		kind: isEmpty ? 'finds nothing' : 'succeeds',
		text: '',
		delaySeconds: null,
		everything: JSON.stringify(result),
	};
}

const endings: Readonly<Record<string, Ending['kind']>> = {
	AppError: 'fails',
	ThrottledError: 'is put off',
	ExpiredAuthError: 'asks to reconnect',
};

/** Core puts what its classes hold into the text, as JSON; an ExpiredAuthError holds nothing but its text. */
function failureOf(error: unknown): Ending {
	if (!(error instanceof Error)) throw error;
	const kind = endings[error.name];
	if (kind === undefined) throw error;
	const held = error.message.startsWith('{')
		? (JSON.parse(error.message) as { readonly message: string; readonly delay?: number })
		: { message: error.message };
	return {
		kind,
		text: held.message,
		delaySeconds: held.delay ?? null,
		everything: `${error.name} ${error.message} ${error.stack ?? ''}`,
	};
}
