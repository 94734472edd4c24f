import {
	type EventEntry,
	neededAbilities,
	type OperationEntry,
	type Resource,
	type RouteEntry,
} from '../model.ts';
import type { Ability } from '../vocabulary/abilities.ts';

import { accessCode } from './access-code.ts';
import { activity } from './activity.ts';
import { analytics } from './analytics.ts';
import { bot } from './bot.ts';
import { distribution } from './distribution.ts';
import { group } from './group.ts';
import { member } from './member.ts';
import { paymentMethod } from './payment-method.ts';
import { plan } from './plan.ts';
import { plumbing } from './plumbing.ts';
import { project } from './project.ts';
import { resource } from './resource.ts';
import { role } from './role.ts';
import { subscriber } from './subscriber.ts';
import { subscription } from './subscription.ts';
import { teamMember } from './team-member.ts';
import { team } from './team.ts';
import { token } from './token.ts';
import { webhookDelivery } from './webhook-delivery.ts';
import { webhookEndpoint } from './webhook-endpoint.ts';

const parts = [
	accessCode,
	activity,
	analytics,
	bot,
	distribution,
	group,
	member,
	paymentMethod,
	plan,
	project,
	resource,
	role,
	subscriber,
	subscription,
	team,
	teamMember,
	token,
	webhookDelivery,
	webhookEndpoint,
];

/** Every resource. */
export const resources: readonly Resource[] = parts.map((part) => part.resource);

/**
 * Every operation: actions, searches, the reads that only serve dropdowns, samples and tests, and the extras that only
 * the n8n node offers.
 */
export const operations: readonly OperationEntry[] = parts.flatMap((part) => part.operations);

export { plumbing };

/** Everything this catalogue can send: the operations and what triggers call. */
export const routes: readonly RouteEntry[] = [...operations, ...plumbing];

const byKey = new Map(operations.map((entry) => [entry.key, entry]));
const routeByKey = new Map(routes.map((entry) => [entry.key, entry]));

/** Finds an operation or says which key is unknown: a wrong key is a mistake in our own code. */
export function operation(key: string): OperationEntry {
	const entry = byKey.get(key);
	if (entry === undefined) throw new Error(`The catalogue has no operation "${key}".`);
	return entry;
}

/** Like {@link operation}, and finds the calls of triggers as well. */
export function route(key: string): RouteEntry {
	const entry = routeByKey.get(key);
	if (entry === undefined) throw new Error(`The catalogue has no route "${key}".`);
	return entry;
}

/** Abilities that a token needs to subscribe to an event: for webhooks, and for the event. */
export const subscriptionAbilities = (
	event: Pick<EventEntry, 'ability' | 'alsoNeeds'>,
): readonly Ability[] => [
	...neededAbilities(route('create_webhook_subscription')),
	...neededAbilities(event),
];
