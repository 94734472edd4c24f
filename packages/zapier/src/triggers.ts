import {
	type EventEntry,
	exampleId,
	familyOf,
	type FieldSchema,
	isOfKnownProject,
	platform,
	zapierTriggerKey,
} from '@memberpass/catalogue';
import {
	canonicalise,
	isJsonObject,
	type JsonObject,
	toAlternatives,
	type WebhookEvent,
} from '@memberpass/protocol';
import type { PlainOutputField, Trigger } from 'zapier-platform-core';

import { receive, recentEvents } from './deliveries.ts';
import { Failure, guarded } from './failure.ts';
import { noticeFields, projectField } from './fields.ts';
import { outputFieldsOf, sampleKeysOf, sampleOf } from './output.ts';
import { openSession } from './session.ts';
import { readStored } from './stored.ts';
import { subscribe, unsubscribe } from './subscriptions.ts';

/** What the editor's test shows. */
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
				const { id } = readStored(bundle);
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
