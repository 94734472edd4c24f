import { randomUUID } from 'node:crypto';

import {
	type EventEntry,
	operation,
	platform,
	route,
	subscriptionAbilities,
} from '@memberpass/catalogue';
import {
	type JsonObject,
	mayBeDone,
	readInput,
	readOne,
	rowId,
	toWire,
	unusableSubscription,
	withNeeds,
} from '@memberpass/protocol';
import type { Bundle } from 'zapier-platform-core';

import { inputFailure, problemFailure, unreadableFailure } from './failure.ts';
import { withoutBlanks } from './fields.ts';
import { ask, orFail, readRowsOf, type Session } from './session.ts';
import { textOrNull } from './stored.ts';

/**
 * Subscribes the Zap's address to one event.
 *
 * The idempotency key is random: one made from names would, after the Zap is switched off and on again within 24
 * hours, be answered with the subscription that was deleted in between.
 */
export async function subscribe(
	session: Session,
	bundle: Bundle,
	entry: EventEntry,
): Promise<{ id: string; secret: string }> {
	const wire = toWire(route('create_webhook_subscription'));
	const input = readInput(wire, {
		name: `Zapier — ${entry.label}`,
		url: bundle.targetUrl,
		events: [entry.type],
		project_id: withoutBlanks(bundle.inputData['project_id']),
	});
	if (!input.ok) throw inputFailure(input.problems);
	const result = await ask(session, { ...wire, ability: null }, input.values, randomUUID());
	const created = result.ok ? readOne(wire, result.json) : null;
	const id = idOrNull(created ?? {});
	const secret = textOrNull(created?.['secret']);
	const isLost = result.ok ? id === null : mayBeDone(result.problem);
	// An earlier try may have been carried out too, and only what was answered with a 2xx is replayed.
	if (isLost || result.tries > 1) await unsubscribeAt(session, input.values['url'], id);
	const answer = orFail(withNeeds(result, subscriptionAbilities(entry), platform));
	if (id !== null && secret !== null) return { id, secret };
	// Without the secret no delivery could be told from a forgery, and without a run nobody would end the subscription.
	if (id !== null) await unsubscribe(session, id);
	if (created === null) throw unreadableFailure(answer.status);
	throw problemFailure(unusableSubscription(id === null ? 'ID' : 'signing secret', platform));
}

/**
 * Ends what may have been made for an address while its answer was lost: nobody else knows of it, Zapier will never
 * switch it off, and beside a subscription that is known it would send every event a second time, signed with a secret
 * that nobody has. The address is new each time a Zap is switched on, so no other subscription has it. What fails here
 * is not told: the user has to hear of the first trouble, and MemberPass ends by itself what only fails.
 *
 * @param known The subscription to keep, or null. Nothing is ended if it is not listed: then ids do not mean the same.
 */
async function unsubscribeAt(
	session: Session,
	address: unknown,
	known: string | null,
): Promise<void> {
	const once = { ...session, policy: { ...session.policy, maxTries: 1 } };
	const listed = await readRowsOf(once, toWire(operation('list_webhook_endpoints')), {}, null);
	if (!listed.ok) return;
	const ids = listed.rows
		.filter((row) => row['url'] === address)
		.flatMap((row) => idOrNull(row) ?? []);
	if (known !== null && !ids.includes(known)) return;
	const wire = toWire(route('delete_webhook_subscription'));
	for (const endpoint of ids.filter((one) => one !== known)) {
		await ask(once, wire, { endpoint }, randomUUID());
	}
}

/** Ends a subscription. One that is gone already has ended. */
export async function unsubscribe(session: Session, id: string): Promise<void> {
	const wire = toWire(route('delete_webhook_subscription'));
	const result = await ask(session, wire, { endpoint: id }, randomUUID());
	if (!result.ok && result.problem.kind !== 'not_found') throw problemFailure(result.problem);
}

/** No page shows what an id looks like: it may be a number. */
function idOrNull(row: JsonObject): string | null {
	return textOrNull(rowId(row));
}
