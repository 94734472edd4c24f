import type { BlueprintModule } from '../blueprint.ts';

/** Something Make, or a user of Make, would stumble over. The same three words as in Make's own validation. */
export interface Problem {
	/** Key of the broken rule. */
	readonly rule: string;
	/** Where in the file: `flow[1].mapper.url`. */
	readonly path: string;
	readonly problem: string;
	/** What to do. */
	readonly fix: string;
}

/** A module with where it stands. */
export interface Placed {
	readonly module: BlueprintModule;
	readonly path: string;
	/** Modules that have run when this one runs, the nearest last. */
	readonly upstream: readonly BlueprintModule[];
	/** `flow`: a step. `onerror`: a step of an error handler. */
	readonly role: 'flow' | 'onerror';
	readonly isFirst: boolean;
	/** First module of the file: what starts the scenario. */
	readonly start: BlueprintModule;
}

/** Every module of a flow, routes and error handlers included, in the order of the file. */
export function placed(flow: readonly BlueprintModule[], path = 'flow'): readonly Placed[] {
	const [start] = flow;
	return start === undefined ? [] : [...walk(flow, path, [], 'flow', start)];
}

function* walk(
	flow: readonly BlueprintModule[],
	path: string,
	above: readonly BlueprintModule[],
	role: Placed['role'],
	start: BlueprintModule,
): Generator<Placed> {
	for (const [index, module] of flow.entries()) {
		const upstream = [...above, ...flow.slice(0, index)];
		const at = `${path}[${index}]`;
		yield { module, path: at, upstream, role, isFirst: module === start, start };
		// A failed module has put nothing out: its handlers see only what came before.
		yield* walk(module.onerror ?? [], `${at}.onerror`, upstream, 'onerror', start);
		for (const [route, { flow: branch }] of (module.routes ?? []).entries()) {
			yield* walk(branch, `${at}.routes[${route}].flow`, upstream, role, start);
		}
	}
}

/** Every text in a value, with its path. */
export function* textsIn(value: unknown, path: string): Generator<readonly [string, string]> {
	for (const [at, one] of leavesIn(value, path)) if (typeof one === 'string') yield [at, one];
}

/** Everything in a value that holds nothing else, with its path. */
export function* leavesIn(value: unknown, path: string): Generator<readonly [string, unknown]> {
	if (Array.isArray(value)) {
		for (const [index, one] of value.entries()) yield* leavesIn(one, `${path}[${index}]`);
	} else if (isRecord(value)) {
		for (const [key, one] of Object.entries(value)) yield* leavesIn(one, `${path}.${key}`);
	} else yield [path, value];
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
