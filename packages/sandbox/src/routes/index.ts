import { type ObjectSchema, type RouteEntry, routes } from '@memberpass/catalogue';

import { omit } from '../omit.ts';
import { accessCodes } from './access-codes.ts';
import { analytics } from './analytics.ts';
import { members } from './members.ts';
import { plans } from './plans.ts';
import { projects } from './projects.ts';
import { resources } from './resources.ts';
import type { Operation, Operations } from './route.ts';
import { subscriptions } from './subscriptions.ts';
import { team } from './team.ts';
import { webhooks } from './webhooks.ts';

const table: Operations = {
	...accessCodes,
	...analytics,
	...members,
	...plans,
	...projects,
	...resources,
	...subscriptions,
	...team,
	...webhooks,
};

/** One method and path, with every operation of the catalogue that uses it. */
export interface ServedRoute {
	/** The entry that says what the route answers; a find-by search is a list with a filter. */
	readonly entry: RouteEntry;
	readonly keys: readonly string[];
	readonly operation: Operation;
	/** What inputs are checked against. */
	readonly schema: ObjectSchema;
}

/**
 * The routes to serve, one for each method and path.
 *
 * An operation that nothing here carries out yet is left out, so that one new entry of the catalogue does not keep the
 * sandbox from starting; the table of routes in the tests names it.
 *
 * @throws Error where one is carried out that the catalogue does not know, or two of one path differ.
 */
function collectRoutes(): readonly ServedRoute[] {
	const unknown = Object.keys(table).filter((key) => !routes.some((entry) => entry.key === key));
	if (unknown.length > 0) throw new Error(`Not in the catalogue: ${unknown.join(', ')}.`);
	const groups = Map.groupBy(routes, (entry) => `${entry.method} ${entry.path}`);
	return [...groups.values()].flatMap((entries) => {
		const base = entries.find((entry) => entry.match === null) ?? entries[0];
		if (base === undefined) throw new Error('A route without entries.');
		const operation = table[base.key];
		if (entries.some((entry) => table[entry.key] !== operation)) {
			throw new Error(`The operations of ${base.method} ${base.path} differ.`);
		}
		if (operation === undefined) return [];
		const entry = merged(base, entries);
		const keys = entries.map(({ key }) => key);
		return [{ entry, keys, operation, schema: checked(entry.input) }];
	});
}

/** Collected once: their schemas are compiled once for all sandboxes of a process. */
export const servedRoutes = collectRoutes();

/** https only is the operation's own check: a switch lets http on this machine pass. */
function checked(input: ObjectSchema): ObjectSchema {
	const { url, ...others } = input.properties;
	if (url === undefined) return input;
	return { ...input, properties: { ...others, url: omit(url, 'pattern') } };
}

/** The inputs of all; required is what every one of them requires. */
function merged(base: RouteEntry, entries: readonly RouteEntry[]): RouteEntry {
	if (entries.length === 1) return base;
	const properties = Object.assign(
		{},
		...entries.map((entry) => entry.input.properties),
	) as RouteEntry['input']['properties'];
	const required = (base.input.required ?? []).filter((name) =>
		entries.every((entry) => entry.input.required?.includes(name) === true),
	);
	return { ...base, input: { ...base.input, properties, required } };
}
