import { createRequire } from 'node:module';
import { join } from 'node:path';

import { operation, platform, zapierTriggerKey } from '@memberpass/catalogue';
import type * as Core from 'zapier-platform-core';
import type { Bundle } from 'zapier-platform-core';

import { zapierHeaderName } from './zapier-hooks.ts';

/** The app as it was built, in Zapier's real core. For a process of its own, best on the Node that Zapier runs. */
export interface ZapierHarness {
	/** Version of zapier-platform-core. */
	readonly coreVersion: string;
	/** Runs one function of the app. Rejects with what Zapier would show. */
	run(
		kind: Kind,
		key: string,
		method: 'perform' | 'performSubscribe' | 'performUnsubscribe',
		bundle: Partial<Bundle>,
	): Promise<unknown>;
	/** Runs an action or a search of the catalogue, as a step of a Zap that is switched on. */
	act(
		key: string,
		input: Readonly<Record<string, unknown>>,
		authData: Readonly<Record<string, string>>,
	): Promise<unknown>;
	/** Hands a delivery to the trigger of an event, as Zapier does; `header` is the signature, if there is one. */
	receive(delivery: ZapierDelivery): Promise<unknown>;
}

export type Kind = 'triggers' | 'creates' | 'searches';

export interface ZapierDelivery {
	readonly type: string;
	readonly body: string;
	readonly header: string | undefined;
	/** What `performSubscribe` gave when the Zap was switched on. */
	readonly subscribeData: object;
	readonly authData: Readonly<Record<string, string>>;
}

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

const signatureHeader = zapierHeaderName(platform.headers.signature);

/** What the harness reads of the built definition. */
type BuiltApp = Readonly<Record<Kind, Readonly<Record<string, { readonly operation: object }>>>>;

type Tester = ReturnType<typeof Core.createAppTester>;
type Perform = Parameters<Tester>[0];

/**
 * Loads the built app below the root of the repository.
 *
 * @throws Error where it was not built.
 */
export function openZapier(root: string): ZapierHarness {
	const load = createRequire(join(root, 'packages/zapier/package.json'));
	const core = load('zapier-platform-core') as typeof Core;
	const app = load(join(root, 'packages/zapier/dist/index.js')) as BuiltApp;
	const testers = new Map<string, { readonly tester: Tester; readonly operation: object }>();

	/** Core compiles the whole app on every call; one that holds a single operation is enough for it. */
	function testerOf(kind: Kind, key: string) {
		const name = `${kind}.${key}`;
		const known = testers.get(name);
		if (known !== undefined) return known;
		const found = app[kind][key];
		if (found === undefined) throw new Error(`The built app has no ${kind} "${key}".`);
		const none = { triggers: {}, creates: {}, searches: {}, searchOrCreates: {} };
		const slim = { ...app, ...none, [kind]: { [key]: found } };
		const made = {
			tester: core.createAppTester(slim),
			operation: found.operation,
		};
		testers.set(name, made);
		return made;
	}

	const run: ZapierHarness['run'] = async (kind, key, method, bundle) => {
		const { tester, operation: definition } = testerOf(kind, key);
		const perform = (definition as Partial<Record<typeof method, Perform>>)[method];
		if (perform === undefined) throw new Error(`${kind} "${key}" has no ${method}.`);
		const result: unknown = await tester(perform, { inputData: {}, meta, ...bundle });
		return result;
	};
	return {
		coreVersion: core.version,
		run,
		act: (key, input, authData) => {
			const kind = operation(key).kind === 'action' ? 'creates' : 'searches';
			return run(kind, key, 'perform', { authData: { ...authData }, inputData: { ...input } });
		},
		receive: ({ type, body, header, subscribeData, authData }) =>
			run('triggers', zapierTriggerKey(type), 'perform', {
				authData: { ...authData },
				// The core's own type knows the id only.
				subscribeData: subscribeData as { id: string },
				rawRequest: {
					method: 'POST',
					querystring: '',
					headers: {
						'Content-Type': 'application/json',
						...(header === undefined ? {} : { [signatureHeader]: header }),
					},
					content: body,
				},
			}),
	};
}
