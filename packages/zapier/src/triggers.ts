import { randomUUID } from 'node:crypto';

import {
	type EventEntry,
	exampleId,
	familyOf,
	type FieldSchema,
	isOfKnownProject,
	operation,
	platform,
	route,
	subscriptionAbilities,
	zapierTriggerKey,
} from '@memberpass/catalogue';
import {
	type ApiProblem,
	canonicalise,
	isJsonObject,
	type JsonObject,
	readDelivery,
	readEvent,
	readInput,
	readOne,
	rowId,
	toAlternatives,
	toWire,
	unusableSubscription,
	verifySignature,
	type WebhookEvent,
	withNeeds,
} from '@memberpass/protocol';
import type { Bundle, PlainOutputField, Trigger } from 'zapier-platform-core';

import {
	Failure,
	guarded,
	inputFailure,
	problemFailure,
	subscriptionOf,
	unreadableFailure,
} from './failure.ts';
import { noticeFields, projectField, withoutBlanks } from './fields.ts';
import { outputFieldsOf, sampleKeysOf, sampleOf } from './output.ts';
import { ask, openSession, orFail, readRowsOf, type Session } from './session.ts';

/** Rows asked for in the editor's test; it shows three. */
const listLimit = 20;
const sampleLimit = 3;

/** Makes the trigger of an event. */
export function triggerOf(entry: EventEntry): Trigger {
	const alternatives = toAlternatives(entry);
	const envelope = envelopeOf(entry);
	const toItem = (event: WebhookEvent): WebhookEvent =>
		withKeysOf(envelope, canonicalise(event, alternatives));
	return {
		key: zapierTriggerKey(entry.type),
		noun: entry.noun,
		display: {
			label: entry.label,
			description: entry.summary,
			...(isSent(entry) ? {} : { hidden: true }),
		},
		operation: {
			type: 'hook',
			inputFields: [
				...noticeFields(noticesOf(entry)),
				...(isOfKnownProject(entry) ? [projectField()] : []),
			],
			performSubscribe: guarded((z, bundle) => subscribe(openSession(z, bundle), bundle, entry)),
			performUnsubscribe: guarded(async (z, bundle) => {
				const { id } = subscriptionOf(bundle);
				if (id === null) {
					throw new Failure(
						`Zapier has no webhook ID for this trigger, so there is nothing to remove. If ${platform.name} still lists the webhook, delete it there.`,
						'no_subscription',
					);
				}
				await unsubscribe(openSession(z, bundle), id);
				return {};
			}),
			perform: guarded((_, bundle) =>
				Promise.resolve(receive(bundle, entry, Date.now()).map(toItem)),
			),
			performList: guarded(async (z, bundle) => {
				const recent = await recentEvents(openSession(z, bundle), bundle, entry);
				const events = recent.map(toItem);
				return bundle.meta.isLoadingSample ? events.slice(0, sampleLimit) : events;
			}),
			sample: sampleOf(envelope),
			outputFields: labelsOf(entry, envelope),
		},
	};
}

/**
 * False for an event that is documented but not sent. Its trigger is hidden, not left out: Zapier asks for a
 * successful run of everything that is visible (T001), which nobody could have, and a Zap would wait for nothing. It
 * shows by itself when the caveat goes.
 */
export function isSent(entry: Pick<EventEntry, 'caveats'>): boolean {
	return !entry.caveats.some(({ kind }) => kind === 'not_firing');
}

/** What decides whether the trigger is the right one stands before what comes along with it. */
const caveatOrder = ['not_firing', 'partial', 'meaning', 'order'] as const;

/** What a user must know before choosing the trigger. */
function noticesOf(entry: EventEntry): readonly string[] {
	const texts = caveatOrder.flatMap((wanted) =>
		entry.caveats.filter(({ kind }) => kind === wanted).map(({ text }) => text),
	);
	const { tier } = familyOf(entry);
	const isSaid = tier === null || texts.some((text) => text.includes(`${tier} tier`));
	return isSaid
		? texts
		: [...texts, `${platform.name} sends this event on the ${tier} tier and above.`];
}

/**
 * The whole delivery, which is what a run starts with. Events of the account carry a `project_id` that is always
 * null; as a field it would only mislead.
 */
function envelopeOf(entry: EventEntry): FieldSchema {
	const always: Record<string, FieldSchema> = {
		id: { type: 'string', title: 'Event ID', examples: [exampleId('event')] },
		type: { type: 'string', title: 'Event Type', examples: [entry.type] },
		created_at: {
			type: 'string',
			format: 'date-time',
			title: 'Event Created At',
			examples: ['2026-05-18T10:05:00Z'],
		},
		api_version: { type: 'string', title: 'API Version', examples: [platform.apiVersion] },
	};
	const project: Record<string, FieldSchema> =
		familyOf(entry).scope === 'project' ? { project_id: projectId(entry) } : {};
	const properties = { ...always, ...project, data: entry.data };
	return { type: 'object', properties, required: Object.keys(properties) };
}

/**
 * An event with every key of the sample, so that a step mapped from one shape of it finds the same keys in another.
 * What a shape does not tell is null. Nothing that was sent is changed.
 */
function withKeysOf<T extends JsonObject>(schema: FieldSchema, sent: T): T {
	const lacking = sampleKeysOf(schema).flatMap(([key, field]): [string, unknown][] => {
		const value = sent[key];
		if (field.properties === undefined) return value === undefined ? [[key, null]] : [];
		if (value !== undefined && !isJsonObject(value)) return [];
		const inner = withKeysOf(field, value ?? {});
		return inner === value ? [] : [[key, inner]];
	});
	return lacking.length === 0 ? sent : { ...sent, ...Object.fromEntries(lacking) };
}

/** Some events repeat the project inside their data, where it is called the same. */
function projectId({ data }: Pick<EventEntry, 'data'>): FieldSchema {
	const isRepeated = data.properties['project_id'] !== undefined;
	return {
		type: 'string',
		title: isRepeated ? 'Project ID of the Event' : 'Project ID',
		examples: [exampleId('project')],
	};
}

/**
 * Labels of everything a page documents for the event: of its own shape and of the others that MemberPass's pages
 * show. The sample holds the first only; what another shape brings along (an email address, say) is labelled when it
 * comes.
 */
function labelsOf(entry: EventEntry, envelope: FieldSchema): PlainOutputField[] {
	const others = entry.variants
		.filter(({ evidence }) => evidence === 'documented')
		.flatMap(({ data }) => outputFieldsOf(data, 'data__'));
	const own = outputFieldsOf(envelope);
	return [...own, ...others.filter(({ key }) => !own.some((field) => field.key === key))];
}

/**
 * Subscribes the Zap's address to one event.
 *
 * The idempotency key is random: one made from names would, after the Zap is switched off and on again within 24
 * hours, be answered with the subscription that was deleted in between.
 */
async function subscribe(
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

/** True if MemberPass may have done what was asked although its answer never came, or not in a form that tells. */
function mayBeDone({ status }: ApiProblem): boolean {
	return status === null || status < 300 || status >= 500;
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
async function unsubscribe(session: Session, id: string): Promise<void> {
	const wire = toWire(route('delete_webhook_subscription'));
	const result = await ask(session, wire, { endpoint: id }, randomUUID());
	if (!result.ok && result.problem.kind !== 'not_found') throw problemFailure(result.problem);
}

/**
 * Turns a delivery into a run. Only a delivery that carries a good signature does; everything else is an error that
 * the owner of the Zap can see, because an empty answer would hide an attack as well as a lost secret.
 *
 * @param now Unix milliseconds.
 */
function receive(bundle: Bundle, entry: EventEntry, now: number): WebhookEvent[] {
	const { content, headers } = bundle.rawRequest ?? {};
	const body = typeof content === 'string' ? Buffer.from(content, 'utf8') : null;
	const verdict = verifySignature({
		body,
		header: headerOf(headers ?? {}, platform.headers.signature),
		secrets: [subscriptionOf(bundle).secret],
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
async function recentEvents(
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

function textOrNull(value: unknown): string | null {
	return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** No page shows what an id looks like: it may be a number. */
function idOrNull(row: JsonObject): string | null {
	return textOrNull(rowId(row));
}
