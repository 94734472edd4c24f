/** Runs the steps of the built app in Zapier's own core, against a sandbox or another API. */
import { execFileSync } from 'node:child_process';
import { Console } from 'node:console';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import { platform } from '@memberpass/catalogue/platform';
import type * as Core from 'zapier-platform-core';
import type { Bundle, PlainInputField, PlainOutputField } from 'zapier-platform-core';

import { type Hooks, type RawRequest, startHooks } from '../../shared/testing/src/zapier-hooks.ts';
import type { Sandbox } from '../sandbox/src/index.ts';

const require = createRequire(import.meta.url);
/** Loaded, as the sandbox and the catalogue are, by what needs it: a wrong key is told without. */
const loadCore = (): typeof Core => require('zapier-platform-core') as typeof Core;
// Core reports its memory on standard output, where only the result belongs.
const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
globalThis.console = new Console(nowhere, process.stderr);
const bundlePath = join(import.meta.dirname, 'dist/index.js');

const kinds = ['triggers', 'creates', 'searches'] as const;

type Tester = ReturnType<typeof Core.createAppTester>;
type Perform = Parameters<Tester>[0];
type Inputs = Record<string, unknown>;
interface Operation {
	readonly inputFields?: readonly PlainInputField[];
	readonly outputFields: readonly PlainOutputField[];
	readonly sample: object;
	readonly perform: Perform;
	readonly performList?: Perform;
	readonly performSubscribe?: Perform;
	readonly performUnsubscribe?: Perform;
}

/** The built app: core's own type of it does not say what its records hold. */
interface BuiltApp extends Record<
	(typeof kinds)[number],
	Record<string, { readonly operation: Operation }>
> {
	readonly authentication: { readonly test: Perform };
}

/** One of the 130; null is the test of a connection. */
type Step = {
	readonly kind: (typeof kinds)[number];
	readonly key: string;
	readonly operation: Operation;
} | null;

let isQuiet = false;
const note = (line: string): void => {
	if (!isQuiet) process.stderr.write(`${line}\n`);
};

/** The app as it is uploaded: what is run is what is built. */
export function loadApp(): BuiltApp {
	if (!existsSync(bundlePath)) {
		execFileSync(process.execPath, ['build.mts'], {
			cwd: import.meta.dirname,
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		note('built dist/index.js');
	}
	return require(bundlePath) as BuiltApp;
}

interface Target {
	readonly sandbox: Sandbox | null;
	readonly origin: string;
	readonly token: string;
}

const ownSandbox = { origin: null, token: null };

async function targetOf({ origin, token }: Pick<Options, 'origin' | 'token'>): Promise<Target> {
	if (origin !== null) return { sandbox: null, origin, token: token ?? '' };
	const { startSandbox } = await import('../sandbox/src/index.ts');
	// Everything in a row is more than a token may call in a minute.
	const sandbox = await startSandbox({ rateLimits: false });
	return { sandbox, origin: sandbox.url, token: token ?? sandbox.token };
}

/** The app with one step or none: core compiles and copies the whole definition on every call, which takes longer. */
function only(app: BuiltApp, step: Step): BuiltApp {
	const bare = { ...app, triggers: {}, creates: {}, searches: {}, searchOrCreates: {} };
	return step === null ? bare : { ...bare, [step.kind]: { [step.key]: app[step.kind][step.key] } };
}

class Runner {
	readonly #app: BuiltApp;
	readonly #run: Tester;
	readonly #target: Target;

	constructor(app: BuiltApp, target: Target, step: Step) {
		this.#app = app;
		this.#run = loadCore().createAppTester(only(app, step));
		this.#target = target;
	}

	/** What Zapier hands to every call. */
	async call(perform: Perform | undefined, bundle: object): Promise<unknown> {
		if (perform === undefined) throw new Error('The app has no such step.');
		const { origin, token } = this.#target;
		// One boundary cast: core's type asks for fields that it calls deprecated.
		const whole = {
			authData: { api_token: token, api_origin: origin },
			inputData: {},
			meta: {},
			...bundle,
		} as unknown as Partial<Bundle>;
		return await this.#run(perform, whole);
	}

	async connection(): Promise<unknown> {
		return await this.call(this.#app.authentication.test, {});
	}

	/** The inputs that a person would click together: the first of each list, else the catalogue's example. */
	async chooseInputs(key: string, { inputFields = [] }: Operation): Promise<Inputs> {
		const { operations } = await import('@memberpass/catalogue');
		const chosen = await this.#knownInputs(key, inputFields);
		const entry = operations.find((one) => one.key === key);
		for (const field of inputFields) {
			if (field.required !== true) continue;
			const schema = entry?.input.properties[field.key];
			const value =
				chosen[field.key] ?? (await this.#firstChoice(field, chosen)) ?? schema?.examples?.[0];
			chosen[field.key] = field.list === true ? [value] : value;
		}
		note(`chose ${JSON.stringify(chosen)}`);
		return chosen;
	}

	async #firstChoice({ choices }: PlainInputField, inputData: Inputs): Promise<unknown> {
		if (Array.isArray(choices)) {
			const [first] = choices;
			return typeof first === 'object' ? first.value : first;
		}
		if (choices === undefined || !('perform' in choices)) return undefined;
		const page = (await this.call(choices.perform as Perform, { inputData })) as {
			readonly results: readonly { readonly id: string }[];
		};
		const ids = page.results.map(({ id }) => id);
		// The project that the sandbox fills, rather than the empty ones beside it.
		return ids.find((id) => id === this.#target.sandbox?.seeded.project.id) ?? ids[0];
	}

	/** What the first item of each list would not do for: a code that exists, a change that changes something. */
	async #knownInputs(key: string, inputFields: readonly PlainInputField[]): Promise<Inputs> {
		const { sandbox } = this.#target;
		if (sandbox === null) return {};
		const { project } = sandbox.seeded;
		const own = <T extends { readonly project_id: string }>(rows: ReadonlyMap<string, T>) =>
			[...rows.values()].find((row) => row.project_id === project.id);
		if (inputFields.some((field) => field.key === 'endpoint')) {
			const step = stepOf(this.#app, 'create_webhook_endpoint');
			if (step === null) throw new Error('The app cannot make an endpoint.');
			const runner = new Runner(this.#app, this.#target, step);
			const inputData = await runner.chooseInputs(step.key, step.operation);
			const made = (await runner.call(step.operation.perform, { inputData })) as {
				readonly id: string;
			};
			return { endpoint: made.id };
		}
		const code = own(sandbox.state.accessCodes);
		const member = [...sandbox.state.members.values()].find(
			(row) => row.project_id === project.id && row.chat_id !== null,
		);
		const known: Readonly<Record<string, Inputs>> = {
			bulk_generate_access_codes: { expiry_preset: '1_month', deduplication_key: randomUUID() },
			create_plan: {
				name: 'Made from the Terminal',
				currency_id: own(sandbox.state.plans)?.currency_id,
			},
			delete_access_code: { project: project.id, plan: code?.plan_id, access_code: code?.id },
			find_subscriber_by_telegram_id: { telegram_id: member?.chat_id },
			list_activity: {
				subject_type: 'plan',
				subject_id: sandbox.state.activity.find(({ subject_type }) => /plan/.test(subject_type))
					?.subject_id,
			},
			list_access_codes: { project: project.id, plan: code?.plan_id },
			update_plan: { name: 'Changed from the Terminal' },
			update_project: { name: 'Changed from the Terminal' },
		};
		return { ...known[key] };
	}

	/** Switches a trigger on, lets its event happen, takes the delivery, and switches it off. */
	async roundTrip(key: string, operation: Operation, inputData: Inputs): Promise<unknown> {
		const { sandbox } = this.#target;
		if (sandbox === null) throw new Error('Only a sandbox can fire an event.');
		const { events, zapierTriggerKey } = await import('@memberpass/catalogue');
		const type = events.find((event) => zapierTriggerKey(event.type) === key)?.type ?? key;
		const hooks = await startHooks();
		const targetUrl = hooks.address();
		try {
			const subscribeData = await this.call(operation.performSubscribe, {
				inputData,
				targetUrl,
			});
			note(`switched on: webhook ${String((subscribeData as { id?: unknown }).id)}`);
			const project = inputData['project_id'];
			sandbox.fire(type, undefined, typeof project === 'string' ? project : undefined);
			const rawRequest = await deliveryAt(hooks, targetUrl);
			note(`delivered: ${rawRequest.content.length} characters, signed`);
			const items = await this.call(operation.perform, {
				inputData,
				subscribeData,
				rawRequest,
				cleanedRequest: JSON.parse(rawRequest.content) as unknown,
			});
			await this.call(operation.performUnsubscribe, { inputData, subscribeData });
			note('switched off');
			return items;
		} finally {
			await hooks.close();
		}
	}
}

/** The first delivery at an address. */
async function deliveryAt(hooks: Hooks, address: string): Promise<RawRequest> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(new Error('The event was fired, but no delivery came within 10 seconds.'));
		}, 10_000);
	});
	try {
		const [first] = await Promise.race([hooks.arrived(address, 1), late]);
		if (first === undefined) throw new Error('The delivery is gone.');
		return first;
	} finally {
		clearTimeout(timer);
	}
}

/** @throws Error where the app has no such key. */
function stepOf(app: BuiltApp, key: string): Step {
	if (key === 'connection') return null;
	const kind = kinds.find((one) => app[one][key] !== undefined);
	const operation = kind === undefined ? undefined : app[kind][key]?.operation;
	if (kind === undefined || operation === undefined) {
		throw new Error(`The app has no "${key}". See the keys with --keys.`);
	}
	return { kind, key, operation };
}

async function invoke(
	step: Step,
	runner: Runner,
	target: Target,
	options: Pick<Options, 'input' | 'list'>,
): Promise<unknown> {
	if (step === null) return await runner.connection();
	const { kind, key, operation } = step;
	if (kind === 'triggers') {
		const inputData = options.input ?? {};
		return options.list || target.sandbox === null
			? await runner.call(operation.performList, { inputData })
			: await runner.roundTrip(key, operation, inputData);
	}
	const inputData =
		options.input ?? (target.sandbox === null ? {} : await runner.chooseInputs(key, operation));
	return await runner.call(operation.perform, { inputData });
}

/** The message inside what Zapier's core puts around errors: JSON, or what led to it and was logged on the way. */
function wordsOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const [first = ''] = error.message.split('\nWhat happened:\n');
	try {
		const { message, delay } = JSON.parse(first) as { message?: string; delay?: number };
		const words = message ?? first;
		return delay === undefined ? words : `${words} (Zapier would try again in ${delay} seconds.)`;
	} catch {
		return first;
	}
}

/** The app takes a token to this machine, where sandboxes are; everywhere else has to be public and https. */
function allowLoopback(): void {
	process.env['MEMBERPASS_ALLOW_LOOPBACK'] = '1';
}

export interface Options {
	readonly key: string;
	/** Null lets a sandbox choose. */
	readonly input: Readonly<Inputs> | null;
	/** Only the recent events of a trigger. */
	readonly list: boolean;
	/** Null starts a sandbox. */
	readonly origin: string | null;
	readonly token: string | null;
}

/** Every key, with its kind before it. */
export function keys(): string[] {
	const app = loadApp();
	return kinds.flatMap((kind) => Object.keys(app[kind]).map((key) => `${kind} ${key}`));
}

/**
 * Runs one step and says on standard error what happened on the way.
 *
 * @throws Error with what Zapier would show.
 */
export async function invokeOne(options: Options): Promise<unknown> {
	const app = loadApp();
	const step = stepOf(app, options.key);
	if (options.list && step?.kind !== 'triggers') {
		throw new Error(`"${options.key}" is no trigger, so there are no recent events to --list.`);
	}
	allowLoopback();
	const target = await targetOf(options);
	note(
		`${platform.name} ${target.sandbox === null ? `at ${target.origin}` : 'in a sandbox'}, zapier-platform-core ${loadCore().version} on Node ${process.versions.node}`,
	);
	try {
		return await invoke(step, new Runner(app, target, step), target, options);
	} catch (error) {
		throw new Error(wordsOf(error), { cause: error });
	} finally {
		await target.sandbox?.close();
	}
}

/** Runs everything, each action against a sandbox of its own; the number of steps that are not as promised. */
export async function invokeAll(app = loadApp()): Promise<number> {
	isQuiet = true;
	allowLoopback();
	let faults = 0;
	let done = 0;
	for (const kind of kinds) {
		// Triggers and searches leave the account as it is, so they share one.
		const shared = kind === 'creates' ? null : await targetOf(ownSandbox);
		for (const [key, { operation }] of Object.entries(app[kind])) {
			const target = shared ?? (await targetOf(ownSandbox));
			const fault = await faultOf({ kind, key, operation }, app, target);
			if (target !== shared) await target.sandbox?.close();
			faults += fault === null ? 0 : 1;
			done++;
			process.stdout.write(`${fault === null ? 'ok  ' : 'FAIL'} ${kind} ${key}${fault ?? ''}\n`);
		}
		await shared?.sandbox?.close();
	}
	process.stdout.write(`${done - faults} of ${done} are as promised\n`);
	return faults;
}

/** What is wrong with a step, or null. */
async function faultOf(
	step: NonNullable<Step>,
	app: BuiltApp,
	target: Target,
): Promise<string | null> {
	const { kind, operation } = step;
	try {
		const runner = new Runner(app, target, step);
		const result = await invoke(step, runner, target, { input: null, list: false });
		const items = kind === 'creates' ? [result] : (result as unknown[]);
		const [item] = items;
		if (item === undefined) return ': no result';
		if (kind === 'triggers') {
			const recent = await runner.call(operation.performList, {});
			const same = (recent as { id?: unknown }[]).find(
				({ id }) => id === (item as { id?: unknown }).id,
			);
			if (JSON.stringify(same) !== JSON.stringify(item)) return ': the editor shows another event';
		}
		const missing = items.flatMap((one) => missingOf(operation, one));
		return missing.length === 0 ? null : `: lacks ${[...new Set(missing)].join(', ')}`;
	} catch (error) {
		return `: ${wordsOf(error)}`;
	}
}

/** The labelled keys of the sample that a result lacks (Zapier's check T004). */
function missingOf({ outputFields, sample }: Operation, item: unknown): string[] {
	return outputFields
		.map(({ key }) => key)
		.filter((key) => {
			const path = key.split(/__|(?=\[\])|(?<=\[\])/);
			return has(sample, path) && !has(item, path);
		});
}

function has(value: unknown, [key, ...rest]: readonly string[]): boolean {
	if (key === undefined || value === null) return true;
	if (key === '[]') return Array.isArray(value) && value.every((row) => has(row, rest));
	return typeof value === 'object' && key in value && has((value as Inputs)[key], rest);
}
