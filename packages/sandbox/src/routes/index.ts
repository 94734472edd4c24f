import {
	definePlumbing,
	inBody,
	inPath,
	object,
	type RouteEntry,
	routes,
} from '@memberpass/catalogue';
import { flag, id, integer, text } from '@memberpass/catalogue';

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

const retries = 'https://docs.memberpass.net/webhooks/retries-and-delivery';

/**
 * Two documented calls that no automation platform makes, so the catalogue does not list them: switching an endpoint
 * on again, and sending a dead delivery once more.
 */
export const extraRoutes: readonly RouteEntry[] = definePlumbing('webhookEndpoint', [
	{
		key: 'update_webhook_endpoint',
		label: 'Update Webhook Endpoint',
		noun: 'Webhook Endpoint',
		summary: 'Switches a webhook endpoint on or off.',
		method: 'POST',
		path: '/webhook-endpoints/{endpoint}',
		ability: 'webhook-endpoint:manage',
		input: object({
			endpoint: inPath(id('webhookEndpoint', 'The one that is switched.')),
			is_active: inBody(flag('Active', 'Whether events are sent.', { examples: [true] })),
		}),
		output: {
			shape: 'one',
			schema: object({
				id: id('webhookEndpoint', 'Identifies the webhook endpoint.'),
				is_active: flag('Active', 'Whether events are sent.', { examples: [true] }),
				consecutive_failures: integer('Failures in a Row', 'Reset when it is switched on.', {
					examples: [0],
				}),
			}),
			evidence: 'inferred',
		},
		errors: ['RESOURCE_NOT_FOUND', 'VALIDATION_FAILED'],
		evidence: 'documented',
		sources: [retries],
	},
	{
		key: 'retry_webhook_delivery',
		label: 'Retry Webhook Delivery',
		noun: 'Webhook Delivery',
		summary: 'Puts a failed or dead delivery back on the queue.',
		method: 'POST',
		path: '/webhook-deliveries/{delivery}/retry',
		ability: 'webhook-endpoint:manage',
		input: object({
			delivery: inPath(id('webhookDelivery', 'The one that is sent again.')),
		}),
		output: {
			shape: 'one',
			schema: object({
				id: id('webhookDelivery', 'Identifies the delivery.'),
				status: text('Status', 'pending after the call.', { examples: ['pending'] }),
				attempts: integer('Attempts', '0 after the call.', { examples: [0] }),
			}),
			evidence: 'inferred',
		},
		errors: ['RESOURCE_NOT_FOUND'],
		evidence: 'documented',
		sources: [retries],
	},
]);

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
}

/**
 * The routes to serve, one for each method and path.
 *
 * An operation that nothing here carries out yet is left out, so that one new entry of the catalogue does not keep the
 * sandbox from starting; the table of routes in the tests names it.
 *
 * @throws Error at start-up where one is carried out that the catalogue does not know, or two of one path differ.
 */
export function servedRoutes(): readonly ServedRoute[] {
	const all = [...routes, ...extraRoutes];
	const unknown = Object.keys(table).filter((key) => !all.some((entry) => entry.key === key));
	if (unknown.length > 0) throw new Error(`Not in the catalogue: ${unknown.join(', ')}.`);
	const groups = Map.groupBy(all, (entry) => `${entry.method} ${entry.path}`);
	return [...groups.values()].flatMap((entries) => {
		const base = entries.find((entry) => entry.match === null) ?? entries[0];
		if (base === undefined) throw new Error('A route without entries.');
		const operation = table[base.key];
		if (entries.some((entry) => table[entry.key] !== operation)) {
			throw new Error(`The operations of ${base.method} ${base.path} differ.`);
		}
		if (operation === undefined) return [];
		return [{ entry: merged(base, entries), keys: entries.map((entry) => entry.key), operation }];
	});
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
