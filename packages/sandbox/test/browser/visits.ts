import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';

import type { BrowserContextOptions, Page } from 'playwright-core';

import { screenshotsIn, useTabs } from '../../../../shared/testing/src/browser.ts';
import { serve } from '../../../../shared/testing/src/local-server.ts';
import { type Sandbox, startSandbox, VirtualClock } from '../../src/index.ts';

/** Screenshots for whoever wants to look at what a person sees. */
export const screenshot = screenshotsIn(join(__dirname, '../../.artifacts'));

/** What a receiver answers. */
export interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

export interface Receiver {
	readonly url: string;
	readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
	/** What it answers from now on; a promise keeps deliveries waiting. */
	answer: Answer | Promise<Answer>;
}

export interface Visit {
	readonly sandbox: Sandbox;
	readonly receiver: Receiver;
	readonly page: Page;
	/** Has the sandbox deliver the events that the tests fire to the receiver. */
	readonly subscribe: (name?: string) => void;
}

type Closers = (() => Promise<unknown>)[];

async function closeAll(closers: Closers): Promise<void> {
	for (const close of closers.splice(0).reverse()) await close();
}

export interface Visits {
	/** Opens the page of a fresh sandbox. It is closed after the test. */
	readonly visit: (
		options?: BrowserContextOptions,
		prepare?: (sandbox: Sandbox, receiver: Receiver) => void,
	) => Promise<Visit>;
	/** One visit for all tests of a `describe`: each of them leaves the page as the others need it. */
	readonly useVisit: () => () => Visit;
}

/**
 * Sandboxes, receivers and pages that are closed after use. A test fails where the console of its page said anything
 * wrong, a violation of the content security policy included.
 */
export function useVisits(): Visits {
	const closers: Closers = [];
	let isShared = false;
	// Before the pages are asked what they complained of. Each leaves its sandbox first: of a broken line it would.
	afterEach(() => closeAll(closers));
	const { lend, complain } = useTabs({
		// The browser notes by itself that a server refuses something or is gone; the page shows both.
		isComplaint: (text) =>
			!text.includes('the server responded with a status of 422') && !text.includes('net::ERR_'),
	});

	const open = async (
		closers: Closers,
		...[options = {}, prepare = () => undefined]: Parameters<Visits['visit']>
	): Promise<Visit> => {
		const sandbox = await startSandbox({
			clock: new VirtualClock(),
			onError: (error) => {
				complain(`sandbox: ${String(error)}`);
			},
		});
		closers.push(() => sandbox.close());
		const receiver = await startReceiver(closers);
		const subscribe = (name = 'Receiver'): void => {
			sandbox.engine.addEndpoint({
				name,
				url: receiver.url,
				events: allTypes,
				projectId: null,
				allowedIps: null,
				isActive: true,
				teamId: sandbox.seeded.team.id,
			});
		};
		prepare(sandbox, receiver);
		const [page, takeBack] = await lend(options);
		closers.push(takeBack);
		await page.goto(sandbox.url);
		await page.locator('#live[data-tone=good]').waitFor();
		await page.locator('.event').first().waitFor();
		return { sandbox, receiver, page, subscribe };
	};
	return {
		visit: (...args) => {
			if (isShared)
				throw new Error('The page is that of useVisit: give this test a describe of its own.');
			return open(closers, ...args);
		},
		useVisit() {
			const own: Closers = [];
			let made: Visit | null = null;
			beforeAll(async () => {
				made = await open(own);
				isShared = true;
			});
			afterAll(async () => {
				isShared = false;
				await closeAll(own);
			});
			return () => {
				if (made === null) throw new Error('The page is not open yet.');
				return made;
			};
		},
	};
}

/** The events that the tests fire; an endpoint spells out what it listens for. */
const allTypes = [
	'subscription.created',
	'subscription.past_due',
	'payment.failed',
	'member.joined',
	'role.created',
];

async function startReceiver(closers: Closers): Promise<Receiver> {
	const received: Receiver['received'] = [];
	const server = await serve(async ({ headers: sent }, response, content) => {
		received.push({ headers: sent, body: content.toString('utf8') });
		const { status, headers = {}, body = '' } = await receiver.answer;
		response.writeHead(status, headers).end(body);
	});
	closers.push(() => server.close());
	const receiver: Receiver = {
		url: `${server.origin}/hook`,
		received,
		answer: { status: 200, body: 'thanks' },
	};
	return receiver;
}
