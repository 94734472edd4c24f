import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { classifyNetworkError } from '@memberpass/protocol';
import nock from 'nock';

import {
	type FaultName,
	type FaultServer,
	impossibleOrigin,
	startFaultServer,
	unusedOrigin,
} from '../src/faults/server.ts';

/**
 * What real clients throw on real sockets, and what the protocol makes of it: the client of Zapier (node-fetch 2), the
 * one of n8n (axios), each as its platform brings it, and Node's own. Mocks get the codes wrong.
 */
const repoRoot = join(__dirname, '../../..');
const loadFor = (name: string): NodeJS.Require => {
	const load = createRequire(join(repoRoot, 'package.json'));
	return createRequire(load.resolve(name));
};

/** How many milliseconds the answer may take to begin, and its body to end. */
interface Limits {
	readonly headMs: number;
	readonly bodyMs: number;
}
type Client = (url: string, limits: Limits) => Promise<unknown>;
const nodeFetch = loadFor('zapier-platform-core')('node-fetch') as (
	url: string,
	options: object,
) => Promise<{ readonly body: EventEmitter; timeout: number; text(): Promise<string> }>;
const axios = loadFor('@n8n/backend-network')('axios') as {
	get(url: string, options: object): Promise<unknown>;
};
const clients = {
	fetch: async (url, { bodyMs }) => {
		const options = { redirect: 'manual', signal: AbortSignal.timeout(bodyMs) } as const;
		return await (await fetch(url, options)).text();
	},
	'node-fetch 2': async (url, { headMs, bodyMs }) => {
		const response = await nodeFetch(url, { redirect: 'manual', timeout: headMs });
		// It has a limit for the head and one for the body, and says which of them ran out.
		response.timeout = bodyMs;
		// It leaves its timer running where a body breaks off; told of an end it stops it, and the process may go.
		return await response.text().finally(() => response.body.emit('end'));
	},
	axios: async (url, { bodyMs }) => await axios.get(url, { timeout: bodyMs, maxRedirects: 0 }),
} satisfies Readonly<Record<string, Client>>;

let asked = 0;
let server: FaultServer;
let nowhere: string;
beforeAll(async () => {
	// nock puts itself between a client and its socket, and changes what is thrown.
	nock.restore();
	server = await startFaultServer();
	nowhere = await unusedOrigin();
});
afterAll(() => server.close());

async function thrownBy(client: Client, fault: FaultName, limits: Limits): Promise<unknown> {
	// A project of its own: on a busy machine a request may arrive when its client has given up and the next one asks.
	const project = `prj_${++asked}`;
	server.script(project, [{ name: fault }]);
	const origin =
		fault === 'refused' ? nowhere : fault === 'no such host' ? impossibleOrigin : server.origin;
	return await client(`${origin}/v1/projects/${project}`, limits).then(
		() => new Error('Nothing was thrown.'),
		(error: unknown) => error,
	);
}

/** Everything of an exception that tells faults apart: `name code type`, and the code of its cause. */
function marksOf(error: unknown): string {
	const { name, code, type, cause } = error as Record<string, unknown>;
	const inner = (cause as { readonly code?: string } | undefined)?.code;
	const marks = [name, code, type].filter((mark) => mark !== undefined).map(String);
	return marks.join(' ') + (inner === undefined ? '' : ` < ${inner}`);
}

const brokeOff = ['network', 'The connection to HOST broke off.'] as const;
const unreachable = ['network', 'HOST could not be reached.'] as const;
const tooLate = ['timeout', 'HOST did not answer in time.'] as const;

it.each<[FaultName, keyof typeof clients, string, string, string]>([
	['reset', 'fetch', 'TypeError < ECONNRESET', ...brokeOff],
	['reset', 'node-fetch 2', 'FetchError ECONNRESET system', ...brokeOff],
	['reset', 'axios', 'Error ECONNRESET < ECONNRESET', ...brokeOff],
	['closed', 'fetch', 'TypeError < UND_ERR_SOCKET', ...brokeOff],
	['closed', 'node-fetch 2', 'FetchError ECONNRESET system', ...brokeOff],
	['closed', 'axios', 'Error ECONNRESET < ECONNRESET', ...brokeOff],
	['refused', 'fetch', 'TypeError < ECONNREFUSED', ...unreachable],
	['refused', 'node-fetch 2', 'FetchError ECONNREFUSED system', ...unreachable],
	['refused', 'axios', 'Error ECONNREFUSED < ECONNREFUSED', ...unreachable],
	['no such host', 'fetch', 'TypeError < ENOTFOUND', ...unreachable],
	['no such host', 'node-fetch 2', 'FetchError ENOTFOUND system', ...unreachable],
	['no such host', 'axios', 'Error ENOTFOUND < ENOTFOUND', ...unreachable],
	['no answer', 'fetch', 'TimeoutError 23', ...tooLate],
	['no answer', 'node-fetch 2', 'FetchError request-timeout', ...tooLate],
	['no answer', 'axios', 'AxiosError ECONNABORTED', ...tooLate],
	['body stalls', 'fetch', 'TimeoutError 23', ...tooLate],
	['body stalls', 'node-fetch 2', 'FetchError body-timeout', ...tooLate],
	['body stalls', 'axios', 'AxiosError ECONNABORTED', ...tooLate],
	['body cut short', 'fetch', 'TypeError < UND_ERR_SOCKET', ...brokeOff],
	// It waits for the rest, until its time limit.
	['body cut short', 'node-fetch 2', 'FetchError body-timeout', ...tooLate],
	['body cut short', 'axios', 'AxiosError ERR_BAD_RESPONSE', ...brokeOff],
	['chunked body cut short', 'fetch', 'TypeError < UND_ERR_SOCKET', ...brokeOff],
	[
		'chunked body cut short',
		'node-fetch 2',
		'FetchError ERR_STREAM_PREMATURE_CLOSE system',
		...brokeOff,
	],
	['chunked body cut short', 'axios', 'AxiosError ERR_BAD_RESPONSE', ...brokeOff],
])('%s: %s throws %s, which is %s', async (fault, name, marks, kind, message) => {
	// Longer than any machine takes, where something else must come first.
	const [shortMs, longMs] = [50, 60_000];
	const error = await thrownBy(clients[name], fault, {
		headMs: fault === 'no answer' ? shortMs : longMs,
		bodyMs: kind === 'timeout' ? shortMs : longMs,
	});
	expect(marksOf(error)).toBe(marks);
	const problem = classifyNetworkError(error, 'HOST');
	expect([problem.kind, problem.message]).toEqual([kind, message]);
});
