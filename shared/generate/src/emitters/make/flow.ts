/**
 * Puts modules of Make together. A {@link Flow} numbers and places them; each `add` answers a {@link Step} whose
 * outputs later modules refer to:
 *
 * ```ts
 * const flow = new Flow();
 * const event = addVerifiedEvent(flow, eventByType('member.joined'));
 * const done = addRequest(flow, operation('get_member'), {
 *   input: { project: value(event.out('project_id')), member: value(event.out('subscriber_id')) },
 * });
 * const file = blueprint('Name', 'Description', flow);
 * ```
 */
import {
	type Blueprint,
	blueprintMetadata,
	type BlueprintModule,
	canFail,
	type Clipboard,
	type Filter,
	type ModuleId,
	moduleVersions,
} from '../../../../../packages/make/src/blueprint.ts';
import { bundle, type Expression, ref } from './iml.ts';
import { type ModuleDraft, retryLater } from './modules.ts';

export interface AddOptions {
	/** Only bundles that pass reach the module. */
	readonly filter?: Filter;
	/** What runs when the module fails. */
	readonly onerror?: readonly ModuleDraft[];
}

/** A module that is in a flow. */
export interface Step {
	readonly id: number;
	/** One of its outputs: `step.out('data', 'id')`. */
	out(...path: readonly string[]): Expression;
	/** All its outputs as one collection. */
	readonly all: Expression;
}

const step = (id: number): Step => ({
	id,
	out: (...path) => ref(id, ...path),
	all: bundle(id),
});

/** Distance of modules on the canvas, as Make's own blueprints place them. */
const grid = 300;

interface Counter {
	last: number;
}

export class Flow {
	/**
	 * Gives a handler to modules that can fail and are added without one; routes take it over. Not only writes are tried
	 * again later: with an instant trigger, Make switches a scenario off at the first error that nothing handles.
	 */
	handlerOf: (module: ModuleId) => ModuleDraft = retryLater;
	readonly #modules: BlueprintModule[] = [];
	readonly #counter: Counter;
	readonly #x: number;
	readonly #y: number;
	#next: Filter | null = null;

	constructor(counter: Counter = { last: 0 }, x = 0, y = 0) {
		this.#counter = counter;
		this.#x = x;
		this.#y = y;
	}

	/** The modules so far. */
	get modules(): readonly BlueprintModule[] {
		return this.#modules;
	}

	/** Lets only bundles that pass reach the next module. A filter that it has itself must hold as well. */
	when(filter: Filter): void {
		this.#next = this.#next === null ? filter : both(this.#next, filter);
	}

	add(draft: ModuleDraft, options: AddOptions = {}): Step {
		const filter = this.#filterWith(options.filter);
		const onerror =
			options.onerror ?? (canFail(draft.module) ? [this.handlerOf(draft.module)] : []);
		if (filter !== undefined && this.#counter.last === 0) {
			throw new Error('The first module of a scenario cannot have a filter.');
		}
		const x = this.#x + this.#modules.length * grid;
		const id = ++this.#counter.last;
		const handlers = onerror.map((handler, index) =>
			place(handler, ++this.#counter.last, x + (index + 1) * grid, this.#y + grid, {}),
		);
		this.#modules.push(
			place(draft, id, x, this.#y, {
				...(filter === undefined ? {} : { filter }),
				...(handlers.length === 0 ? {} : { onerror: handlers }),
			}),
		);
		return step(id);
	}

	/**
	 * Splits the flow. Each route is filled by its own function; the filter of a route stands on its first module, and
	 * a route without one takes every bundle. Nothing can follow a router.
	 */
	route(routes: readonly ((flow: Flow) => void)[]): void {
		const x = this.#x + this.#modules.length * grid;
		const id = ++this.#counter.last;
		const waiting = this.#next;
		this.#next = null;
		const flows = routes.map((fill, index) => {
			const flow = new Flow(this.#counter, x + grid, this.#y + index * grid);
			flow.handlerOf = this.handlerOf;
			// A router cannot filter: what waits for the next module waits on every route.
			flow.#next = waiting;
			fill(flow);
			return { flow: flow.modules };
		});
		this.#modules.push({
			id,
			module: 'builtin:BasicRouter',
			version: moduleVersions['builtin:BasicRouter'],
			parameters: {},
			mapper: null,
			metadata: { designer: { x, y: this.#y } },
			routes: flows,
		});
	}

	#filterWith(own: Filter | undefined): Filter | undefined {
		const waiting = this.#next;
		this.#next = null;
		if (waiting === null || own === undefined) return own ?? waiting ?? undefined;
		return both(waiting, own);
	}
}

/** Passes what passes both: every alternative of one with every alternative of the other. */
const both = (one: Filter, other: Filter): Filter => ({
	name: `${one.name}; ${other.name}`,
	conditions: one.conditions.flatMap((some) => other.conditions.map((more) => [...some, ...more])),
});

function place(
	draft: ModuleDraft,
	id: number,
	x: number,
	y: number,
	rest: Pick<BlueprintModule, 'filter' | 'onerror'>,
): BlueprintModule {
	const { module, caption, parameters, mapper } = draft;
	return {
		id,
		module,
		version: moduleVersions[module],
		parameters,
		...(rest.filter === undefined ? {} : { filter: rest.filter }),
		mapper,
		metadata: { designer: { x, y, ...(caption === null ? {} : { name: caption }) } },
		...(rest.onerror === undefined ? {} : { onerror: rest.onerror }),
	};
}

/** The file that Make imports. */
export function blueprint(name: string, description: string, flow: Flow): Blueprint {
	return { name, description, flow: flow.modules, metadata: blueprintMetadata };
}

/** What Make's canvas takes on paste. */
export function clipboard(flow: Flow): Clipboard {
	return { subflows: [{ flow: flow.modules }], metadata: { version: 1 } };
}
