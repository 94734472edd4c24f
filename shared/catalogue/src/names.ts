import type { EventEntry, Family, OperationEntry } from './model.ts';

/**
 * Names derive from the catalogue by one function per platform, so that two platforms can never disagree and a
 * rename is one change. All are pure and tested by table.
 */

/** `subscription.past_due` -> `subscription_past_due`. Zapier keys allow letters, digits and underscores only. */
export function zapierTriggerKey(type: string): string {
	return type.replaceAll('.', '_');
}

/** `past_due` -> `Past Due`. */
export function titleCase(words: string): string {
	return words
		.split(/[_.\s-]+/)
		.filter((word) => word !== '')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');
}

/** The part of a type after its family: `project.bot.connected` in `project` -> `bot.connected`. */
export function eventName(entry: Pick<EventEntry, 'type' | 'family'>): string {
	return entry.type.slice(entry.family.length + 1);
}

/** The label 1.4.0 shows in n8n: `Subscription — Past Due`. Kept, so that users find what they know. */
export function n8nEventLabel(entry: Pick<EventEntry, 'type' | 'family'>, family: Family): string {
	return `${family.label} — ${titleCase(eventName(entry))}`;
}

/** Key of an operation in the tables of the n8n node: `plan.create`. */
export function n8nOperationKey(entry: Pick<OperationEntry, 'resource' | 'n8n'>): string {
	return `${entry.resource}.${entry.n8n.operation}`;
}

/** `plan_id` -> `planId`; `access_code` -> `accessCode`. */
export function camelCase(key: string): string {
	return key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Fixture path of a delivery: `events/project/bot.connected.json`, variants as `created.nested.json`. */
export function eventFixturePath(
	entry: Pick<EventEntry, 'type' | 'family'>,
	variant: string | null,
): string {
	return `events/${entry.family}/${eventName(entry)}${variant === null ? '' : `.${variant}`}.json`;
}

/** Fixture path of an operation's recordings: `api/plan/create_plan.json`. */
export function operationFixturePath(entry: {
	readonly key: string;
	readonly resource: string;
}): string {
	return `api/${entry.resource}/${entry.key}.json`;
}
