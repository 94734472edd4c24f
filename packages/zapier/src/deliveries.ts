import { type EventEntry, operation, platform } from '@memberpass/catalogue';
import {
	type JsonObject,
	readDelivery,
	readEvent,
	readInput,
	toWire,
	verifySignature,
	type WebhookEvent,
} from '@memberpass/protocol';
import type { Bundle } from 'zapier-platform-core';

import { Failure, inputFailure } from './failure.ts';
import { withoutBlanks } from './fields.ts';
import { orFail, readRowsOf, type Session } from './session.ts';
import { readStored } from './stored.ts';

/** Rows asked for in the editor's test; it shows three. */
const listLimit = 20;

/**
 * Turns a delivery into a run. Only a delivery that carries a good signature does; everything else is an error that
 * the owner of the Zap can see, because an empty answer would hide an attack as well as a lost secret.
 *
 * @param now Unix milliseconds.
 */
export function receive(bundle: Bundle, entry: EventEntry, now: number): WebhookEvent[] {
	const { content, headers } = bundle.rawRequest ?? {};
	const body = typeof content === 'string' ? Buffer.from(content, 'utf8') : null;
	const verdict = verifySignature({
		body,
		header: headerOf(headers ?? {}, platform.headers.signature),
		secrets: [readStored(bundle).secret],
		now,
	});
	if (verdict.verdict !== 'ok') {
		const advice =
			verdict.verdict === 'mismatch'
				? ' If the secret was rotated, switch the Zap off and on again. This gives it a new secret.'
				: '';
		throw new Failure(verdict.reason + advice, verdict.verdict);
	}
	const reading = readDelivery(body ?? new Uint8Array());
	if (!reading.ok) throw new Failure(reading.reason, 'unreadable_delivery');
	if (reading.event.type !== entry.type) return [];
	return [reading.event];
}

/** Zapier hands request headers over with a prefix and in a case of its own: `Http-Mp-Signature`. */
function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
	const wanted = `http-${name}`.toLowerCase();
	return Object.entries(headers).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/**
 * Recent events for the editor's test, newest first, shaped as a delivery is. An account without one is no failure:
 * Zapier then shows the sample.
 */
export async function recentEvents(
	session: Session,
	bundle: Bundle,
	entry: EventEntry,
): Promise<WebhookEvent[]> {
	const wire = toWire(operation('list_webhook_events'));
	const input = readInput(wire, {
		type: entry.type,
		project_id: withoutBlanks(bundle.inputData['project_id']),
	});
	if (!input.ok) throw inputFailure(input.problems);
	const result = await readRowsOf(session, wire, input.values, listLimit);
	if (!result.ok && result.problem.kind === 'not_found') return [];
	const events = orFail(result)
		.rows.flatMap(eventIn)
		.filter((event) => event.type === entry.type);
	const unique = [...new Map(events.map((event) => [event.id, event])).values()];
	return unique.sort((a, b) => timeOf(b) - timeOf(a));
}

/** No page shows a row: it may be the envelope, or hold it under a key or as JSON text. */
function eventIn(row: JsonObject): WebhookEvent[] {
	for (const candidate of [row, row['payload'], row['event'], row['data']]) {
		const reading =
			typeof candidate === 'string'
				? readDelivery(new TextEncoder().encode(candidate))
				: readEvent(candidate);
		if (reading.ok) return [asDelivered(reading.event)];
	}
	return [];
}

const deliveredKeys = new Set(
	Object.keys(operation('list_webhook_events').output.schema.properties),
);

/**
 * Without what a list may say about an event (how often it was sent, when it was answered): no delivery has it, so
 * whoever mapped it would find nothing in a live run (Zapier's check T006).
 */
function asDelivered(event: WebhookEvent): WebhookEvent {
	const { id, type, data } = event;
	const kept = Object.entries(event).filter(([key]) => deliveredKeys.has(key));
	// In the order of the event: the three that are always there are known to the compiler only by their names.
	return { ...Object.fromEntries(kept), id, type, data };
}

function timeOf(event: WebhookEvent): number {
	const time = Date.parse(String(event['created_at']));
	return Number.isNaN(time) ? 0 : time;
}
