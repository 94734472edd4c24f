/* global fetch, EventSource */

/** @import { Account, Change } from '../wire.ts' */

/**
 * Calls the sandbox's own side.
 *
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path Below `/_sandbox`.
 * @param {object} [body]
 * @returns {Promise<any>} What is under `data`.
 * @throws {Error} Where it is refused, in words a person can use.
 */
export async function call(method, path, body) {
	let response;
	try {
		response = await fetch(`/_sandbox${path}`, {
			method,
			...(body === undefined
				? {}
				: { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
		});
	} catch {
		throw new Error('The sandbox does not answer. Is it still running?');
	}
	const answer = await response.json().catch(() => null);
	if (response.ok) return answer?.data;
	const fields = Object.values(answer?.error?.fields ?? {}).flat();
	throw new Error(
		fields.length > 0
			? fields.join(' ')
			: [answer?.error?.message, answer?.error?.remediation].filter(Boolean).join(' ') ||
					`The sandbox answered ${response.status}.`,
	);
}

/** @param {unknown} error */
export const reason = (error) => (error instanceof Error ? error.message : String(error));

/**
 * @param {string} project Id, or empty for the first.
 * @returns {Promise<Account>}
 */
export const readAccount = (project) =>
	call('GET', `/page/account?project=${encodeURIComponent(project)}`);

/**
 * Listens to what changes; the browser connects again by itself when the line breaks.
 *
 * @param {(change: Change) => void} onChange
 * @param {(live: boolean) => void} onLine
 */
export function listen(onChange, onLine) {
	const source = new EventSource('/_sandbox/deliveries/stream');
	for (const kind of ['event', 'delivery', 'endpoint', 'endpoint_removed']) {
		source.addEventListener(kind, (message) => onChange(JSON.parse(message.data)));
	}
	source.addEventListener('open', () => onLine(true));
	source.addEventListener('error', () => onLine(false));
}
