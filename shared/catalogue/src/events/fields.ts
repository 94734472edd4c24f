import type { TSchema } from 'typebox';

import type { Decision } from '../model.ts';
import { anything, map, object, type Options, optional, text, url } from '../schema.ts';
import { id, type IdKind, idKinds } from '../vocabulary/ids.ts';
import { currencyCode, decimal } from '../vocabulary/money.ts';
import { providers } from '../vocabulary/providers.ts';
import { resourceTypes } from '../vocabulary/statuses.ts';
import { moment } from '../vocabulary/time.ts';

/** Fields and sources that several families share. What only one family uses lives in its own file. */

/** The vendor's later list of top-level keys. It names no types and no nesting, so it never proves more than a key. */
const manifestSource =
	'github.com/envigoinnovations/subscriby-n8n scripts/data/webhook-events.json (later era)';

/** Page of a family, which shows one sample of its own: `access-code`. */
export const familyPage = (folder: string): string =>
	`https://docs.memberpass.net/webhooks/events/${folder}`;

/** The shape of `data` as the later manifest lists its keys. */
export const manifestVariant = <S extends TSchema>(data: S) => ({
	name: 'manifest',
	data,
	evidence: 'inferred' as const,
	source: manifestSource,
});

/** Another shape of `data` that a documentation page shows. */
export const documentedVariant = <S extends TSchema>(
	name: 'nested' | 'family',
	source: string,
	data: S,
) => ({ name, data, evidence: 'documented' as const, source });

/** Why the documented keys are canonical where the later manifest lists others. */
export const pageBeatsManifest = (difference: string): Decision => ({
	topic: 'keys of data',
	because: `The event's own page is held to be canonical. ${difference}`,
});

/**
 * A top-level id that the event's own page nests. Without it, an automation that maps `plan_id` on one event
 * finds nothing on the next.
 */
export const derivedId = (
	kind: IdKind,
	description: string,
	alsoAt: readonly string[],
	options: Options = {},
) =>
	optional(
		id(kind, description, {
			...options,
			'x-derived': true,
			'x-evidence': 'inferred',
			'x-also-at': alsoAt,
		}),
	);

/** The same id where the page nests it; named apart, so that a form does not show one label twice. */
export const nestedId = (kind: IdKind, description: string, options: Options = {}) =>
	id(kind, description, { title: `Nested ${idKinds[kind].label}`, ...options });

/** The three ids most events carry. */
export const subscriptionId = (
	description = 'Subscription the event is about.',
	options: Options = {},
) => id('subscription', description, options);
export const planId = (description = 'Plan the subscription is on.', options: Options = {}) =>
	id('plan', description, options);
export const subscriberId = (options: Options = {}) =>
	id(
		'subscriber',
		'Subscriber the event is about. A person has a different ID in each project.',
		options,
	);

/** `project_id` inside `data`, where the page documents it there. */
export const projectMirror = (alsoAt: readonly string[] = []) =>
	id('project', 'Project the event belongs to.', {
		'x-also-at': [...alsoAt, '^project_id'],
	});

/** Event pages print resource ids with rsr_, the pages of the REST rows with rsc_. */
export const exampleResourceId = 'rsr_01JT2BE3ZN5X8QW7MTRH4CKV9B';
export const resourceId = (description: string, options: Options = {}) =>
	id('resource', description, { examples: [exampleResourceId], ...options });
export const resourceIdDecision: Decision = {
	topic: 'prefix of a resource ID',
	because:
		'Event pages print rsr_, the MCP pages rsc_ for the same rows; both are accepted, as IDs are opaque, and examples follow the event pages.',
};

/** What kind of thing a resource is. */
export const knownResourceTypes = Object.keys(resourceTypes);
export const resourceType = (options: Options) =>
	text('Resource Type', 'Kind of resource; manual is a perk outside Telegram.', {
		examples: ['channel'],
		'x-known-values': knownResourceTypes,
		...options,
	});

const slugs = Object.entries(providers)
	.filter(([, provider]) => provider.evidence === 'documented')
	.map(([slug]) => slug);

/** Slugs of the payment providers that were seen literally; others exist. */
export const knownProviders = slugs.filter((slug) => slug !== 'access_code');

const openProviders =
	'Seven or more providers are documented but only some slugs are printed, so the set stays open.';

/** Provider of a charge. */
export const provider = (description = 'Payment provider, as a short code.') =>
	text('Payment Provider', description, {
		examples: ['stripe'],
		'x-known-values': knownProviders,
		'x-decision': openProviders,
	});

/** Provider of a subscription, which a redeemed access code also counts as. */
export const subscriptionProvider = () =>
	text(
		'Payment Provider',
		'Payment provider as a short code, or access_code if a code was redeemed.',
		{ examples: ['stripe'], 'x-known-values': slugs, 'x-decision': openProviders },
	);

/** Money of one charge: the amount is text, because a JSON number would lose cents. */
export const amount = (description: string, options: Options = {}) =>
	decimal('Amount', description, options);
export const currency = () => currencyCode('Currency of the amount, as a three-letter code.');

/** Id of a charge at the payment provider. */
export const externalPaymentId = (description: string) =>
	text('External Payment ID', description, { examples: ['pi_3NxyT2eZvKYlo2C1a8QbR7Lm'] });

/** A masked access code, called so: under the name of the code it would be mapped where one is redeemed. */
export const maskedCode = (description: string) =>
	text('Masked Access Code', description, { examples: ['masked_4KQ7D'] });

export const endsAt = (description: string, example: string) =>
	moment('Ends At', description, { examples: [example] });
export const trialEndsAt = (description: string) =>
	moment('Trial Ends At', description, { examples: ['2026-05-25T10:05:00Z'] });

/** Telegram account of a subscriber. */
export const telegramUserId = () =>
	text('Telegram User ID', "Subscriber's user ID on Telegram, as text.", {
		examples: ['123456789'],
	});

/** Web address that only some payloads carry. */
export const link = (title: string, description: string, example: string) =>
	url(title, description, { examples: [example] });

/** Attributes that an update changed, each with its value before and after. */
export const changes = (description: string, example: Readonly<Record<string, unknown>>) =>
	map(
		'Changes',
		description,
		object(
			{
				from: anything('Before', 'Value before the update.'),
				to: anything('After', 'Value after the update.'),
			},
			{ title: 'Change', description: 'One changed attribute.' },
		),
		{ examples: [example] },
	);
