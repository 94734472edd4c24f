import type { BlueprintModule, Mapper, MapperValue } from './blueprint.ts';
import { passes } from './filter.ts';
import { evaluateField, type Scope } from './iml/evaluate.ts';
import {
	type Clock,
	ImlError,
	isAbsent,
	isCollection,
	type Reading,
	toText,
	type Value,
} from './iml/functions.ts';

/**
 * Runs a flow the way Make's documentation says it runs. A simulation, not Make: it knows the modules and functions
 * our templates use, and fails on everything else.
 */
export interface World {
	/** What the webhook module puts out; see {@link webhookBundle}. Needed where a flow starts with one. */
	readonly delivery?: Value;
	readonly clock: Clock;
	readonly reading: Reading;
	/** Carries out HTTP requests. The token is added by the caller, as the keychain does it. */
	send?(request: HttpRequest): Promise<HttpAnswer>;
	/** The data store, one for all modules; empty where absent. */
	readonly store?: Map<string, Value>;
}

export interface HttpRequest {
	readonly method: string;
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Null where the module sends none. */
	readonly body: string | null;
}

export interface HttpAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** How a bundle ended. */
export type End =
	| { readonly kind: 'done' }
	| { readonly kind: 'filtered'; readonly module: number; readonly filter: string }
	/** `Ignore`: the bundle is dropped. */
	| { readonly kind: 'ignored'; readonly module: number; readonly error: string }
	/** `Break`: kept as an incomplete execution; see {@link resume}. */
	| { readonly kind: 'incomplete'; readonly error: string; readonly execution: Execution }
	/** No handler: Make switches off a scenario with an instant trigger. */
	| { readonly kind: 'failed'; readonly module: number; readonly error: string };

/** What Make keeps of a broken run: the rest of the flow and all bundles that can be mapped into the failed module. */
export interface Execution {
	readonly rest: readonly BlueprintModule[];
	readonly bundles: ReadonlyMap<number, Value>;
}

export interface Run {
	/** One for each bundle, in order. */
	readonly ends: readonly End[];
	/** Output of every module that ran, in order; one operation each. */
	readonly outputs: readonly { readonly module: number; readonly bundle: Value }[];
	readonly requests: readonly HttpRequest[];
}

/** What a hook puts out for a delivery, by its two switches. */
export function webhookBundle(
	delivery: {
		readonly headers: readonly (readonly [string, string])[];
		readonly body: Uint8Array;
	},
	hook: { readonly headers: boolean; readonly passThrough: boolean },
): Value {
	// Text, not bytes: invalid UTF-8 is replaced before any expression sees it.
	const written = Buffer.from(delivery.body).toString('utf8');
	return {
		...(hook.passThrough ? { value: written } : parsedBody(written)),
		...(hook.headers
			? {
					__IMTHEADERS__: delivery.headers.map(([name, value]) => ({
						name: name.toLowerCase(),
						value,
					})),
				}
			: {}),
	};
}

function parsedBody(body: string): Readonly<Record<string, Value>> {
	try {
		const value: unknown = JSON.parse(body);
		return isCollection(value) ? value : {};
	} catch {
		return {};
	}
}

/**
 * Runs a flow from its first module.
 *
 * @param upstream Output of modules before it, where a part of a scenario is run.
 */
export async function simulate(
	flow: readonly BlueprintModule[],
	world: World,
	upstream: ReadonlyMap<number, Value> = new Map(),
): Promise<Run> {
	return await new Simulation(world).run(flow, upstream, false);
}

/** Tries an incomplete execution again, with the bundles that were kept. */
export async function resume(execution: Execution, world: World): Promise<Run> {
	return await new Simulation(world).run(execution.rest, execution.bundles, true);
}

/** One run; collects what it did. */
class Simulation {
	readonly #world: World;
	readonly #store: Map<string, Value>;
	readonly #ends: End[] = [];
	readonly #outputs: { module: number; bundle: Value }[] = [];
	readonly #requests: HttpRequest[] = [];

	constructor(world: World) {
		this.#world = world;
		this.#store = world.store ?? new Map<string, Value>();
	}

	async run(
		flow: readonly BlueprintModule[],
		bundles: ReadonlyMap<number, Value>,
		resumed: boolean,
	): Promise<Run> {
		await this.#from(flow, bundles, resumed);
		return {
			ends: this.#ends,
			outputs: this.#outputs,
			requests: this.#requests,
		};
	}

	async #from(
		flow: readonly BlueprintModule[],
		bundles: ReadonlyMap<number, Value>,
		resumed = false,
	): Promise<void> {
		const [module, ...rest] = flow;
		if (module === undefined) {
			this.#ends.push({ kind: 'done' });
			return;
		}
		const scope = this.#scope(bundles);
		let outputs: readonly Value[];
		try {
			// A bundle that was kept has passed the filter already.
			if (module.filter !== undefined && !resumed && !passes(module.filter, scope)) {
				this.#ends.push({ kind: 'filtered', module: module.id, filter: module.filter.name });
				return;
			}
			if (module.module === 'builtin:BasicRouter') {
				for (const route of module.routes ?? []) await this.#from(route.flow, bundles);
				return;
			}
			outputs = await this.#execute(module, scope);
		} catch (error) {
			if (!(error instanceof ImlError) && !(error instanceof ModuleError)) throw error;
			await this.#handle(module, { rest: flow, bundles }, error.message);
			return;
		}
		for (const bundle of outputs) {
			this.#outputs.push({ module: module.id, bundle });
			await this.#from(rest, new Map(bundles).set(module.id, bundle));
		}
	}

	#scope(bundles: ReadonlyMap<number, Value>): Scope {
		const { clock, reading } = this.#world;
		return { bundles, clock, reading };
	}

	async #handle(module: BlueprintModule, execution: Execution, error: string): Promise<void> {
		for (const handler of module.onerror ?? []) {
			if (handler.module === 'builtin:Ignore') {
				this.#ends.push({ kind: 'ignored', module: module.id, error });
				return;
			}
			if (handler.module === 'builtin:Break') {
				this.#ends.push({ kind: 'incomplete', error, execution });
				return;
			}
			await this.#execute(handler, this.#scope(execution.bundles));
		}
		this.#ends.push({ kind: 'failed', module: module.id, error });
	}

	async #execute(module: BlueprintModule, scope: Scope): Promise<readonly Value[]> {
		const field = (name: string): Value => evaluateValue(module.mapper?.[name], scope);
		switch (module.module) {
			case 'gateway:CustomWebHook':
				return [this.#world.delivery];
			case 'util:SetVariables':
				return [variables(field('variables'), scope.reading)];
			case 'json:ParseJSON':
				return parseJson(toText(field('json')));
			case 'json:TransformToJSON':
				return [{ json: JSON.stringify(field('object')) }];
			case 'builtin:BasicFeeder':
				return elements(field('array'));
			case 'builtin:BasicRepeater':
				return repetitions(field('start'), field('repeats'), field('step'));
			case 'datastore:ExistRecord':
				return [{ exist: this.#store.has(toText(field('key'))) }];
			case 'datastore:AddRecord': {
				const key = toText(field('key'));
				if (this.#store.has(key)) throw new ModuleError('The record exists already.');
				this.#store.set(key, field('data'));
				return [{ key }];
			}
			case 'http:MakeRequest':
				return [await this.#send(module.mapper ?? {}, scope)];
			case 'builtin:BasicRouter':
			case 'builtin:Ignore':
			case 'builtin:Break':
				throw new Error(`${module.module} is no step of a flow.`);
		}
	}

	async #send(mapper: Mapper, scope: Scope): Promise<Value> {
		const field = (name: string): Value => evaluateValue(mapper[name], scope);
		const method = toText(field('method')).toUpperCase();
		const pairs = (list: string): [string, string][] =>
			rows(field(list)).map((row) => [toText(row['name']), toText(row['value'])]);
		const body = field('jsonStringBodyContent');
		const url = new URL(toText(field('url')));
		for (const [name, value] of pairs('queryParameters')) {
			url.searchParams.append(name, value);
		}
		const request: HttpRequest = {
			method,
			url: url.href,
			headers: {
				...Object.fromEntries(pairs('headers')),
				...(field('contentType') === 'json' ? { 'Content-Type': 'application/json' } : {}),
			},
			body: isAbsent(body) ? null : toText(body),
		};
		this.#requests.push(request);
		if (this.#world.send === undefined) throw new Error('This world sends no requests.');
		const answer = await this.#world.send(request);
		if (answer.status >= 400 && field('stopOnHttpError') === true) {
			throw new ModuleError(`HTTP ${answer.status}: ${answer.body}`);
		}
		return {
			statusCode: answer.status,
			headers: answer.headers,
			data: field('parseResponse') === true ? parsedAnswer(answer.body) : answer.body,
		};
	}
}

/** A module that fails, as Make shows it to the user. */
class ModuleError extends Error {
	override readonly name = 'ModuleError';
}

function evaluateValue(value: MapperValue | undefined, scope: Scope): Value {
	if (typeof value === 'string') return evaluateField(value, scope);
	if (Array.isArray(value)) {
		return value.map((one: MapperValue) => evaluateValue(one, scope));
	}
	if (isCollection(value)) {
		return Object.fromEntries(
			Object.entries(value as Mapper).map(([key, one]) => [key, evaluateValue(one, scope)]),
		);
	}
	return value;
}

const rows = (value: Value): readonly Readonly<Record<string, Value>>[] =>
	Array.isArray(value) ? value.filter(isCollection) : [];

function variables(value: Value, reading: Reading): Value {
	return Object.fromEntries(
		rows(value)
			.filter((row) => row['value'] !== '' || reading.emptyVariables === 'kept')
			.map((row) => [toText(row['name']), row['value']]),
	);
}

/** A list becomes a series of bundles. */
function parseJson(json: string): readonly Value[] {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		throw new ModuleError('The text is not JSON.');
	}
	if (Array.isArray(value)) return value;
	if (isCollection(value)) return [value];
	throw new ModuleError('The JSON is neither a collection nor a list.');
}

/** What is no list is a list of one (help.make.com/type-coercion). What a module does with nothing, no source says. */
function elements(value: Value): readonly Value[] {
	if (isAbsent(value)) throw new ModuleError('There is no list to iterate.');
	return [value].flat().map((one: unknown) => (isCollection(one) ? one : { value: one }));
}

/** A series of numbers. Make's own export gives the limit of `repeats`. */
function repetitions(start: Value, repeats: Value, step: Value): readonly Value[] {
	const from = Number(toText(start));
	const by = Number(toText(step));
	const count = Number(toText(repeats));
	if (!Number.isFinite(from + by) || !(count >= 0 && count <= 10_000)) {
		throw new ModuleError('A repeater takes numbers, and 10000 repeats at most.');
	}
	return Array.from({ length: count }, (_, index) => ({ i: from + index * by }));
}

function parsedAnswer(body: string): Value {
	if (body === '') return null;
	try {
		return JSON.parse(body);
	} catch {
		return body;
	}
}
