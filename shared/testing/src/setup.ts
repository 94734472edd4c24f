/**
 * Runs before every test file: no test may reach the network, and a test that leaves an expected request unsent, or
 * that expects nothing, fails. Loopback stays open for the tests that use real sockets. No test waits longer than a moment either.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { getCallSites } from 'node:util';

import type { JestExpect } from '@jest/expect';
import nock from 'nock';

/** What a test may wait for by the clock, in milliseconds; everything longer waits for what is to happen. */
const longestWaitMs = 50;

const realSetTimeout = globalThis.setTimeout;

/** Timers of the code under test are its own business: only callers below a `test` folder are held to the rule. */
function shortTimeout(...args: Parameters<typeof realSetTimeout>): NodeJS.Timeout {
	const [, ms = 0] = args;
	// Not the text of a stack: Jest maps every line of one, and HTTP servers set timers all the time.
	if (ms > longestWaitMs && /[\\/]test[\\/]/.test(getCallSites(2)[1]?.scriptName ?? '')) {
		throw new Error(
			`A test waits ${ms} ms by the clock. Wait for what is to happen, or ${longestWaitMs} ms at most.`,
		);
	}
	return realSetTimeout(...args);
}

beforeAll(() => {
	globalThis.setTimeout = Object.assign(shortTimeout, realSetTimeout);
});

afterAll(() => {
	globalThis.setTimeout = realSetTimeout;
});

// A loop over nothing, or an early return, would pass whatever the code does.
beforeEach(() => expect.hasAssertions());

/** Jest finds [undefined] equal to []: findings whose text is gone would pass for none. */
const otherLength = (a: unknown, b: unknown): false | undefined =>
	Array.isArray(a) && Array.isArray(b) && a.length !== b.length ? false : undefined;
// The types of jest's globals lack it.
(expect as unknown as JestExpect).addEqualityTesters([otherLength]);

// Active since its import. A file whose tests are all left out by their names runs no hook: the layers of several such
// files, one upon the other in the same process, made a worker run out of memory.
nock.restore();

beforeAll(() => {
	nock.activate();
	// And to no other host.
	nock.enableNetConnect(/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/);
});

afterEach(() => {
	const pending = nock.pendingMocks();
	nock.cleanAll();
	if (pending.length > 0) {
		throw new Error(`These requests were expected and never sent:\n${pending.join('\n')}`);
	}
});

afterAll(() => {
	nock.restore();
});

/**
 * nock answers on sockets that never connect, and nobody closes the handle below a TLS one. By the thousand, with all
 * that they hold, they make a worker so large that it takes longer to end than jest waits before it says "a worker
 * process has failed to exit gracefully".
 */
function closeBelow(message: unknown): void {
	const { socket } = message as {
		readonly socket: Socket & { readonly _handle?: { readonly _parent?: { close(): void } } };
	};
	const below = socket._handle?._parent;
	if (below !== undefined) socket.once('close', () => below.close());
}

beforeAll(() => subscribe('net.client.socket', closeBelow));
afterAll(() => unsubscribe('net.client.socket', closeBelow));
