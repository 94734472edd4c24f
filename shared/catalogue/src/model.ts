import type { TSchema } from 'typebox';

import type { Ability } from './vocabulary/abilities.ts';
import type { KnownErrorCode } from './vocabulary/error-codes.ts';
import { type Evidence, type ObjectSchema, plain } from './schema.ts';

/** Where a fact comes from: at least one URL or named document. */
export type Sources = readonly [string, ...string[]];

/** One decision where sources contradict, with the reason beside it. */
export interface Decision {
	/** What was contradictory, a few words. */
	readonly topic: string;
	/** What the catalogue says, and why. One line. */
	readonly because: string;
}

/** A group of events as users see it. */
export interface Family {
	readonly key: string;
	/** Singular Title Case; the left half of n8n's "Subscription — Created". */
	readonly label: string;
	/** Ability most events of the family need. */
	readonly ability: Ability;
	/** Creator tier below which the family never fires, or null. */
	readonly tier: 'Growth' | null;
	/** `project`: the envelope names a project. `account`: `project_id` is always null. */
	readonly scope: 'project' | 'account';
	readonly page: string;
}

/** Something a user must know before relying on an event. */
export interface Caveat {
	/**
	 * `not_firing`: documented but not sent yet. `partial`: not sent in every case. `order`: what comes before or
	 * after. `meaning`: what the event does and does not say.
	 */
	readonly kind: 'not_firing' | 'partial' | 'order' | 'meaning';
	readonly text: string;
}

/** Another documented or reported shape of an event's `data`. */
export interface EventVariant {
	/** Lower-case word that also names the fixture: `nested`, `flat`, `family`, `manifest`. */
	readonly name: string;
	readonly data: ObjectSchema;
	readonly evidence: Evidence;
	readonly source: string;
}

/** One webhook event. */
export interface EventEntry {
	/** As MemberPass spells it: `subscription.past_due`. */
	readonly type: string;
	readonly family: string;
	/** Title Case, object and event: "New Subscription", "Payment Failed". */
	readonly label: string;
	/** Singular name of the object in the payload, Title Case. */
	readonly noun: string;
	/** One line: "Triggers when a new subscription comes into existence." */
	readonly summary: string;
	/** When exactly it fires, in a sentence or two. */
	readonly firesWhen: string;
	/** Ability the token needs, besides the one for managing webhooks. */
	readonly ability: Ability;
	/** Further abilities that a page names for this event. */
	readonly alsoNeeds: readonly Ability[];
	/** The `data` object as the event's own page documents it, plus derived keys. */
	readonly data: ObjectSchema;
	readonly variants: readonly EventVariant[];
	/**
	 * Keys of `data` that the vendor's later list has beside the documented ones, sorted. It says neither what they hold
	 * nor when they are there, so no form offers them, but for an ID that is derived anyway; a payload that has them
	 * keeps them.
	 */
	readonly laterKeys: readonly string[];
	readonly caveats: readonly Caveat[];
	readonly related: readonly string[];
	readonly decisions: readonly Decision[];
	readonly evidence: Evidence;
	readonly sources: Sources;
}

/**
 * True for a caveat that says what became of a call or event at the successor. Whoever chooses has to see it before
 * anything else: what it is about may be refused, or answer with nothing, by now.
 */
export const isOfSuccessor = (caveat: string): boolean => caveat.startsWith('Subscriby, ');

type DefaultedOfEvent =
	| 'ability'
	| 'alsoNeeds'
	| 'laterKeys'
	| 'caveats'
	| 'related'
	| 'decisions'
	| 'evidence'
	| 'sources';

/** What is left to the family file to say; everything else has a default in {@link defineFamily}. */
export type EventDraft = Omit<EventEntry, 'family' | 'data' | 'variants' | DefaultedOfEvent> &
	Partial<Pick<EventEntry, DefaultedOfEvent>> & {
		readonly data: TSchema;
		readonly variants?: readonly (Omit<EventVariant, 'data'> & { readonly data: TSchema })[];
	};

/** Completes the drafts of one family. An event's page is the family's page plus its own name, as the docs do it. */
export function defineFamily(
	family: Family,
	drafts: readonly EventDraft[],
): { readonly family: Family; readonly events: readonly EventEntry[] } {
	return {
		family,
		events: drafts.map((draft) => ({
			ability: family.ability,
			alsoNeeds: [],
			laterKeys: [],
			caveats: [],
			related: [],
			decisions: [],
			evidence: 'documented',
			sources: [eventPage(draft.type)],
			...draft,
			family: family.key,
			data: plain(draft.data),
			variants: (draft.variants ?? []).map((variant) => ({
				...variant,
				data: plain(variant.data),
			})),
		})),
	};
}

/** The abilities to ask for: none where MemberPass asks for the token's owner instead. */
export function neededAbilities({
	ability,
	alsoNeeds,
}: Pick<RouteEntry, 'ability' | 'alsoNeeds'>): readonly Ability[] {
	return [...(ability === null ? [] : [ability]), ...alsoNeeds];
}

/** `project.bot.connected` is documented at …/events/project/bot-connected. */
export function eventPage(type: string): string {
	const [head = '', ...rest] = type.split('.');
	const folder = head.replaceAll('_', '-');
	return `https://docs.memberpass.net/webhooks/events/${folder}/${rest.join('-').replaceAll('_', '-')}`;
}

/**
 * `action` writes, `search` reads for the user, `read` only serves dropdowns, samples and connection tests. `extra`
 * writes too, but is none of the actions that MemberPass counts: its pages document the call, its own packages do
 * not have it, and only the n8n node offers it. `plumbing` is what triggers send behind the user's back when they are
 * switched on and off.
 */
export type OperationKind = 'action' | 'search' | 'read' | 'extra' | 'plumbing';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** How a list is paged. MemberPass's own accounts differ (docs.memberpass.net/api, its MCP tools, its n8n package), so `pages` understands every shape. */
export type Paging = 'none' | 'pages' | 'cursor' | 'limit';

/** What an operation answers with, below `data`. */
export interface OutputShape {
	/** `one`: `data` is an object. `many`: `data` is an array of rows. `nothing`: no body worth reading. */
	readonly shape: 'one' | 'many' | 'nothing';
	/** The object, or one row. */
	readonly schema: ObjectSchema;
	readonly paging: Paging;
	/** Largest page where it differs from the usual one of its paging (100, keyset and activity lists 200). */
	readonly pageSize?: number;
	/** Keys MemberPass puts beside `data` which belong to the result, e.g. the one-time `secret`. */
	readonly beside: readonly string[];
	readonly evidence: Evidence;
}

/**
 * What sending the same write again (with a new idempotency key) does. `replaces`: what the first call made is void.
 */
export interface Repeat {
	readonly effect: 'same' | 'no_op' | 'creates_another' | 'replaces' | 'refused' | 'unknown';
	readonly note: string;
}

/** One REST call, whoever makes it. */
export interface RouteEntry {
	/** snake_case, stable for ever: saved Zaps refer to it. */
	readonly key: string;
	readonly kind: OperationKind;
	/** Key of `resources`. */
	readonly resource: string;
	/** "Create Plan", "Find Plan by Name". */
	readonly label: string;
	/** Singular name of what is returned. */
	readonly noun: string;
	/** One sentence in the third person: "Creates a plan in a project." */
	readonly summary: string;
	readonly method: HttpMethod;
	/** Below the API base path, with `{input}` for path inputs: `/projects/{project}/plans`. */
	readonly path: string;
	/** Ability the route needs; null where MemberPass asks for the token's owner instead of an ability. */
	readonly ability: Ability | null;
	/** Further abilities to ask for, where sources disagree on which one the route checks. */
	readonly alsoNeeds: readonly Ability[];
	/** Inputs in the order in which forms show them: required first, then by importance. Each has `x-in`. */
	readonly input: ObjectSchema;
	/** Groups of inputs of which at most one may be set. */
	readonly exclusive: readonly (readonly string[])[];
	readonly output: OutputShape;
	/** For find-by searches: the row field that must equal the input, re-checked on our side. */
	readonly match: { readonly input: string; readonly field: string } | null;
	/** `no`, or what is lost: `reversible` (can be undone), `irreversible` (cannot). */
	readonly destructive: 'no' | 'reversible' | 'irreversible';
	readonly repeat: Repeat;
	/** Codes this operation is known or expected to answer with, besides those every call can meet. */
	readonly errors: readonly KnownErrorCode[];
	/** Events this write is documented to cause. */
	readonly emits: readonly string[];
	/** What a user must know. */
	readonly caveats: readonly string[];
	/** Its place in the n8n node; the names of 1.4.0. Null where the node has none. */
	readonly n8n: N8nIdentity | null;
	readonly decisions: readonly Decision[];
	readonly evidence: Evidence;
	readonly sources: Sources;
}

/** One operation that users meet: an action, a search, or what the n8n node offers beside them. */
export interface OperationEntry extends RouteEntry {
	readonly kind: Exclude<OperationKind, 'plumbing'>;
	readonly n8n: N8nIdentity;
}

/** A call that only triggers make. */
export interface PlumbingEntry extends RouteEntry {
	readonly kind: 'plumbing';
	readonly n8n: null;
}

export interface N8nIdentity {
	/** Operation value inside the resource: `findByName`. */
	readonly operation: string;
	/** Name in the Operation list. 1.4.0's values keep working; the name may be better. */
	readonly name: string;
	/** "Create plan": sentence case, unique, no article. */
	readonly action: string;
	/** Collection that holds the optional inputs; the internal name of 1.4.0 where it had one. */
	readonly collection: 'additionalFields' | 'updateFields' | 'filters' | (string & {});
	/** Optional inputs that 1.4.0 shows at the top level, not inside the collection. */
	readonly topLevel: readonly string[];
}

type DefaultedOfOperation =
	| 'alsoNeeds'
	| 'exclusive'
	| 'match'
	| 'destructive'
	| 'repeat'
	| 'errors'
	| 'emits'
	| 'caveats'
	| 'decisions';

/** What an operation file has to say; the rest has defaults in {@link defineOperations}. */
export type OperationDraft = Omit<
	OperationEntry,
	'resource' | 'input' | 'output' | 'n8n' | DefaultedOfOperation
> &
	Partial<Pick<OperationEntry, DefaultedOfOperation>> & {
		readonly input: TSchema;
		readonly output: Pick<OutputShape, 'shape'> &
			Partial<Omit<OutputShape, 'schema'>> & { readonly schema: TSchema };
		readonly n8n: Pick<N8nIdentity, 'operation' | 'name' | 'action'> & Partial<N8nIdentity>;
	};

/** A resource, e.g. `accessCode`. The key is the resource value of the n8n node. */
export interface Resource {
	readonly key: string;
	/** Singular Title Case. */
	readonly label: string;
	/** One line for the resource list and the docs. */
	readonly summary: string;
}

const defaultRepeat = (draft: Pick<OperationDraft, 'method'>): Repeat =>
	draft.method === 'GET'
		? { effect: 'same', note: 'Reads change nothing.' }
		: { effect: 'unknown', note: 'No source says what a second call does.' };

const defaultCollection = (draft: Pick<OperationDraft, 'method'>): string =>
	draft.method === 'GET'
		? 'filters'
		: draft.method === 'PATCH'
			? 'updateFields'
			: 'additionalFields';

/** What the defaults add to a draft, whoever makes the call. */
const complete = <D extends Omit<OperationDraft, 'kind' | 'n8n'>>(resource: string, draft: D) => ({
	alsoNeeds: [],
	exclusive: [],
	match: null,
	destructive: 'no' as const,
	repeat: defaultRepeat(draft),
	errors: [],
	emits: [],
	caveats: [],
	decisions: [],
	...draft,
	resource,
	input: plain(draft.input),
	output: {
		paging: 'none' as const,
		beside: [],
		evidence: draft.evidence,
		...draft.output,
		schema: plain(draft.output.schema),
	},
});

/** Completes the drafts of one resource. */
export function defineOperations(
	resource: Resource,
	drafts: readonly OperationDraft[],
): { readonly resource: Resource; readonly operations: readonly OperationEntry[] } {
	return {
		resource,
		operations: drafts.map((draft) => ({
			...complete(resource.key, draft),
			n8n: { collection: defaultCollection(draft), topLevel: [], ...draft.n8n },
		})),
	};
}

/** Completes the drafts of calls that only triggers make. */
export function definePlumbing(
	resource: string,
	drafts: readonly Omit<OperationDraft, 'kind' | 'n8n'>[],
): readonly PlumbingEntry[] {
	return drafts.map((draft) => ({ ...complete(resource, draft), kind: 'plumbing', n8n: null }));
}
