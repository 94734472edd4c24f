import {
	abilities,
	errorCodes,
	events,
	type FieldSchema,
	neededAbilities,
	platform as memberPass,
	type RouteEntry,
	routes,
	typesOf,
} from '@memberpass/catalogue';

import { tidy } from '@memberpass/protocol';

import { sandboxCodes } from '../../../packages/sandbox/src/errors.ts';
import { table } from './report.ts';
import { fits } from './shape.ts';

/** One key of a payload, or one input. */
export interface Key {
	/** JSON types; empty where nobody says. */
	readonly types: readonly string[];
	readonly required: boolean;
	/** Closed set of values, where there is one. */
	readonly values?: readonly string[];
	/** Where else the value may be, so that its absence here breaks nothing. */
	readonly alsoAt?: readonly string[];
}

export type Keys = ReadonlyMap<string, Key>;

export interface KeySet {
	readonly keys: Keys;
	/** `deep`: nested keys too. `top`: only the first level is told. */
	readonly depth: 'deep' | 'top';
	/** True where it says which keys are required, false for a sample or a bare list. */
	readonly exact: boolean;
	/** Keys that are known beside these; only on our side. */
	readonly others?: ReadonlySet<string>;
}

export interface EventFacts {
	/** Null where nobody says. */
	readonly abilities: readonly string[] | null;
	/** Needed by some and not by others; only on our side. */
	readonly mayNeed?: readonly string[];
	readonly data: KeySet | null;
}

export interface RouteFacts {
	readonly abilities: readonly string[] | null;
	readonly mayNeed?: readonly string[];
	readonly inputs: KeySet | null;
	readonly answer: KeySet | null;
}

/** What one side says of the API. A part is null where it says nothing. */
export interface Description {
	readonly events: ReadonlyMap<string, EventFacts> | null;
	/** By `METHOD /path/{}`. */
	readonly routes: ReadonlyMap<string, RouteFacts> | null;
	readonly abilities: ReadonlySet<string> | null;
	readonly errorCodes: ReadonlyMap<string, { readonly status: number | null }> | null;
}

export interface Change {
	readonly what:
		'event' | 'route' | 'ability' | 'error code' | 'payload key' | 'input' | 'answer key';
	readonly change: 'added' | 'removed' | 'renamed' | 'changed';
	/** `subscription.created`, `POST /projects/{}/plans`, with the key behind a colon. */
	readonly subject: string;
	readonly detail: string;
	/** An automation that works today may not work any more. */
	readonly breaking: boolean;
}

/** Keys of an object schema with the keys inside them: `plan.id`, `rows[].id`. Derived keys are on no wire. */
export function keysOf(schema: FieldSchema): Map<string, Key> {
	const found = new Map<string, Key>();
	collectKeys(schema, '', found);
	return found;
}

/** Adds to `found`: to hand keys up from level to level would copy each as often as it is deep. */
function collectKeys(schema: FieldSchema, prefix: string, found: Map<string, Key>): void {
	const required = new Set(schema.required ?? []);
	for (const [name, field] of Object.entries(schema.properties ?? {})) {
		if (field['x-derived'] === true) continue;
		const values = field.enum?.map(String);
		found.set(prefix + name, {
			types: typesOf(field),
			required: required.has(name),
			...(values === undefined ? {} : { values }),
			...(field['x-also-at'] === undefined ? {} : { alsoAt: field['x-also-at'] }),
		});
		const at = field.items === undefined ? `${prefix}${name}.` : `${prefix}${name}[].`;
		collectKeys(field.items ?? field, at, found);
	}
}

/** `/v1/projects/{project}/plans` and `/projects/{id}/plans` are the same route. */
export function routeName(method: string, path: string, basePath: string): string {
	const bare = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
	return `${method.toUpperCase()} ${bare.replace(/\{[^{}]*\}|:[A-Za-z_]\w*/g, '{}').replace(/\/+$/, '')}`;
}

/** What the catalogue says. */
export function catalogueDescription(): Description {
	const byRoute = Map.groupBy(routes, ({ method, path }) =>
		routeName(method, path, memberPass.apiBasePath),
	);
	return {
		events: new Map(
			events.map((entry) => [
				entry.type,
				{
					abilities: [entry.ability],
					mayNeed: entry.alsoNeeds,
					data: {
						keys: keysOf(entry.data),
						depth: 'deep' as const,
						exact: true,
						others: new Set(entry.variants.flatMap(({ data }) => [...keysOf(data).keys()])),
					},
				},
			]),
		),
		routes: new Map([...byRoute].map(([name, entries]) => [name, routeFacts(entries)])),
		abilities: new Set([...abilities.seen, ...abilities.inferred]),
		errorCodes: new Map(Object.entries(errorCodes).map(([code, { status }]) => [code, { status }])),
	};
}

/** Several operations may share a route: an input is required where all of them require it. */
function routeFacts(entries: readonly RouteEntry[]): RouteFacts {
	const [first] = entries;
	const inputs = new Map<string, Key>();
	for (const entry of entries) {
		const required = new Set(entry.input.required ?? []);
		for (const [name, key] of keysOf({ properties: entry.input.properties })) {
			if (name.includes('.') || entry.input.properties[name]?.['x-in'] === 'path') continue;
			const always =
				required.has(name) && entries.every((one) => one.input.required?.includes(name));
			inputs.set(name, { ...key, required: always });
		}
	}
	const output = first?.output;
	return {
		abilities: first?.ability === null || first === undefined ? [] : [first.ability],
		mayNeed: entries.flatMap(neededAbilities),
		inputs: { keys: inputs, depth: 'top', exact: true },
		answer:
			output === undefined || output.shape === 'nothing'
				? null
				: { keys: keysOf(output.schema), depth: 'deep', exact: true },
	};
}

/** Codes that the sandbox made up: neither their presence nor their absence on the host says anything. */
const madeUpCodes: ReadonlySet<string> = new Set(Object.keys(sandboxCodes));

/** Paging belongs to the platforms, so it is no input of an operation. */
const pagingInputs: ReadonlySet<string> = new Set(['page', 'per_page', 'limit', 'cursor']);

/**
 * Lists what differs between the catalogue and the host.
 *
 * Breaking is what can stop an automation that works: something removed or renamed, an input that is required now, an
 * ability that changed, a value of a type nobody expects. Additions break nothing.
 */
export function compareDescriptions(ours: Description, host: Description): readonly Change[] {
	return [
		...compareEvents(ours.events, host.events),
		...compareRoutes(ours.routes, host.routes),
		...compareAbilities(ours, host.abilities),
		...compareCodes(ours.errorCodes, host.errorCodes),
	];
}

interface Sides {
	readonly removed: readonly string[];
	readonly added: readonly string[];
	readonly renamed: readonly (readonly [string, string])[];
}

function sidesOf(ours: Iterable<string>, host: Iterable<string>): Sides {
	const mine = new Set(ours);
	const theirs = new Set(host);
	return pairUp(
		[...mine].filter((name) => !theirs.has(name)).sort(),
		[...theirs].filter((name) => !mine.has(name)).sort(),
	);
}

/** Names that look alike and of which one went and one came. Each is used once, the closest pair first. */
function pairUp(
	removed: readonly string[],
	added: readonly string[],
	score: (from: string, to: string) => number = likeness,
): Sides {
	const pairs = removed
		.flatMap((from) => added.map((to) => ({ from, to, score: score(from, to) })))
		.filter((pair) => pair.score >= 0.7)
		.sort((a, b) => b.score - a.score);
	const renamed: (readonly [string, string])[] = [];
	const used = new Set<string>();
	for (const { from, to } of pairs) {
		if (used.has(`- ${from}`) || used.has(`+ ${to}`)) continue;
		used.add(`- ${from}`).add(`+ ${to}`);
		renamed.push([from, to]);
	}
	return {
		removed: removed.filter((name) => !used.has(`- ${name}`)),
		added: added.filter((name) => !used.has(`+ ${name}`)),
		renamed,
	};
}

/** Dice's coefficient over pairs of letters, 0 to 1. */
export function likeness(one: string, other: string): number {
	const pairs = (text: string): string[] =>
		Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2));
	const left = pairs(one);
	const right = pairs(other);
	if (left.length + right.length === 0) return one === other ? 1 : 0;
	const rest = [...right];
	let shared = 0;
	for (const pair of left) {
		const at = rest.indexOf(pair);
		if (at < 0) continue;
		rest.splice(at, 1);
		shared++;
	}
	return (2 * shared) / (left.length + right.length);
}

const asChanges = (
	what: Change['what'],
	sides: Sides,
	breaks: (name: string) => boolean = () => true,
	subject: (name: string) => string = (name) => name,
): Change[] => [
	...sides.renamed.map(([from, to]): Change => ({
		what,
		change: 'renamed',
		subject: subject(from),
		detail: `looks renamed to ${to}`,
		breaking: breaks(from),
	})),
	...sides.removed.map((name): Change => ({
		what,
		change: 'removed',
		subject: subject(name),
		detail: '',
		breaking: breaks(name),
	})),
	...sides.added.map((name): Change => ({
		what,
		change: 'added',
		subject: subject(name),
		detail: '',
		breaking: false,
	})),
];

function compareEvents(ours: Description['events'], host: Description['events']): Change[] {
	if (ours === null || host === null) return [];
	return [
		...asChanges('event', sidesOf(ours.keys(), host.keys())),
		...[...ours].flatMap(([type, mine]) => {
			const theirs = host.get(type);
			if (theirs === undefined) return [];
			return [
				...abilityChange('event', type, mine, theirs),
				...keyChanges('payload key', type, mine.data, theirs.data),
			];
		}),
	];
}

function compareRoutes(ours: Description['routes'], host: Description['routes']): Change[] {
	if (ours === null || host === null) return [];
	return [
		...asChanges('route', sidesOf(ours.keys(), host.keys())),
		...[...ours].flatMap(([name, mine]) => {
			const theirs = host.get(name);
			if (theirs === undefined) return [];
			return [
				...abilityChange('route', name, mine, theirs),
				...keyChanges('input', name, mine.inputs, theirs.inputs),
				...keyChanges('answer key', name, mine.answer, theirs.answer),
			];
		}),
	];
}

function compareAbilities(ours: Description, host: Description['abilities']): Change[] {
	if (ours.abilities === null || host === null) return [];
	const used = new Set(
		[...(ours.events?.values() ?? []), ...(ours.routes?.values() ?? [])].flatMap(
			(facts) => facts.abilities ?? [],
		),
	);
	const seen: ReadonlySet<string> = new Set(abilities.seen);
	// A name that was only inferred, and that nothing needs, was never promised.
	return asChanges(
		'ability',
		sidesOf(ours.abilities, host),
		(name) => used.has(name) || seen.has(name),
	);
}

function compareCodes(ours: Description['errorCodes'], host: Description['errorCodes']): Change[] {
	if (ours === null || host === null) return [];
	const sides = sidesOf(
		ours.keys(),
		[...host.keys()].filter((code) => !madeUpCodes.has(code)),
	);
	const changed = [...ours].flatMap(([code, { status }]): Change[] => {
		const theirs = host.get(code)?.status ?? null;
		if (theirs === null || theirs === status) return [];
		return [
			{
				what: 'error code',
				change: 'changed',
				subject: code,
				detail: `status ${status ?? 'unknown'} is ${theirs}`,
				// Clients read the code; the status decides only whether they try again.
				breaking: status !== null && status < 500 !== theirs < 500,
			},
		];
	});
	return [...asChanges('error code', sides), ...changed];
}

interface Abilities {
	readonly abilities: readonly string[] | null;
	readonly mayNeed?: readonly string[];
}

function abilityChange(
	what: 'event' | 'route',
	subject: string,
	ours: Abilities,
	host: Abilities,
): Change[] {
	if (ours.abilities === null || host.abilities === null) return [];
	const theirs = new Set(host.abilities);
	const allowed = new Set([...ours.abilities, ...(ours.mayNeed ?? [])]);
	const lacking = ours.abilities.filter((name) => !theirs.has(name));
	const surprising = [...theirs].filter((name) => !allowed.has(name));
	if (lacking.length + surprising.length === 0) return [];
	const named = (names: readonly string[]): string =>
		names.length === 0 ? 'none' : names.join(' and ');
	return [
		{
			what,
			change: 'changed',
			subject,
			detail: `ability ${named(ours.abilities)} is ${named(host.abilities)}`,
			breaking: true,
		},
	];
}

function keyChanges(
	what: 'payload key' | 'input' | 'answer key',
	subject: string,
	ours: KeySet | null,
	host: KeySet | null,
): Change[] {
	if (ours === null || host === null) return [];
	const top = ours.depth === 'top' || host.depth === 'top';
	const cut = (keys: Keys): Map<string, Key> =>
		new Map([...keys].filter(([path]) => !top || !/[.[]/.test(path)));
	const mine = cut(ours.keys);
	const theirs = cut(host.keys);
	const isInput = what === 'input';
	const known = (path: string): boolean =>
		isInput ? pagingInputs.has(path) : (ours.others?.has(path) ?? false);
	// A parent that went or came takes its children along: one line is enough.
	const isInside = (path: string, keys: ReadonlyMap<string, Key>): boolean =>
		[...path.matchAll(/\[\]\.|\./g)].some(({ index }) => !keys.has(path.slice(0, index)));
	const gone = [...mine.keys()].filter((path) => !theirs.has(path) && !isInside(path, theirs));
	const come = [...theirs.keys()].filter(
		(path) => !mine.has(path) && !known(path) && !isInside(path, mine),
	);
	const placeOf = (path: string): string | undefined =>
		mine.get(path)?.alsoAt?.find((other) => other.startsWith('^') || theirs.has(other));
	const lost = gone.filter((path) => placeOf(path) === undefined);
	const sides = pairUp(lost, come, (from, to) => {
		const [before, after] = [mine.get(from)?.types ?? [], theirs.get(to)?.types ?? []];
		const sameType = after.every((type) => fits(type, before));
		return sameType && parentOf(from) === parentOf(to) ? keyLikeness(from, to) : 0;
	});
	const isDemanded = (path: string): boolean => isInput && theirs.get(path)?.required === true;
	const at = (path: string): string => `${subject}: ${path}`;
	return [
		...asChanges(
			what,
			{ ...sides, added: sides.added.filter((path) => !isDemanded(path)) },
			// A sample need not show what is optional.
			(path) => host.exact || mine.get(path)?.required === true,
			at,
		),
		...sides.added.filter(isDemanded).map((path): Change => ({
			what,
			change: 'added',
			subject: at(path),
			detail: 'required',
			breaking: true,
		})),
		...gone.flatMap((path): Change[] => {
			const place = placeOf(path);
			if (place === undefined) return [];
			const detail = `is at ${place}, where it is looked for as well`;
			return [{ what, change: 'changed', subject: at(path), detail, breaking: false }];
		}),
		...[...mine].flatMap(([path, key]) => {
			const other = theirs.get(path);
			return other === undefined ? [] : sameKeyChanges(what, at(path), key, other, host.exact);
		}),
	];
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('.') + 1);

/** As {@link likeness}; a name with one more word is held to be the same as well: `payment_provider`, `provider`. */
function keyLikeness(one: string, other: string): number {
	const [short = [], long = []] = [one, other]
		.map((name) => name.slice(parentOf(name).length).split('_'))
		.sort((a, b) => a.length - b.length);
	const isLonger = long.length === short.length + 1 && short.every((word) => long.includes(word));
	return Math.max(likeness(one, other), isLonger ? 0.75 : 0);
}

function sameKeyChanges(
	what: 'payload key' | 'input' | 'answer key',
	subject: string,
	ours: Key,
	host: Key,
	exact: boolean,
): Change[] {
	const isInput = what === 'input';
	const changes: Change[] = [];
	const change = (detail: string, breaking: boolean): void => {
		changes.push({ what, change: 'changed', subject, detail, breaking });
	};
	// What arrives must be expected; what is sent must be taken.
	const [from, to] = isInput ? [ours.types, host.types] : [host.types, ours.types];
	const strange = from.filter((type) => !fits(type, to));
	if (strange.length > 0 || (exact && ours.types.some((type) => !fits(type, host.types)))) {
		change(`type ${ours.types.join(' or ')} is ${host.types.join(' or ')}`, strange.length > 0);
	}
	if (exact && ours.required !== host.required) {
		if (isInput) change(host.required ? 'is required now' : 'is optional now', host.required);
		else if (ours.required) change('may be absent now', false);
	}
	if (isInput && ours.values !== undefined && host.values !== undefined) {
		const gone = ours.values.filter((value) => !host.values?.includes(value));
		const come = host.values.filter((value) => !ours.values?.includes(value));
		if (gone.length > 0) change(`no longer takes ${gone.join(', ')}`, true);
		if (come.length > 0) change(`takes ${come.join(', ')} as well`, false);
	}
	return changes;
}

/** The changes as a table, breaking ones first. */
export function driftText(
	changes: readonly Change[],
	read: readonly string[],
	unread: readonly string[],
): string {
	const breaking = changes.filter((one) => one.breaking).length;
	const rows = [...changes]
		.sort((a, b) => Number(b.breaking) - Number(a.breaking))
		.map((one) => [
			one.breaking ? 'yes' : '',
			one.what,
			one.change,
			// Names of the host may be anything.
			tidy(one.subject),
			tidy(one.detail),
		]);
	return [
		`Compared with ${read.join(', ')}.`,
		...unread.map((line) => `Not compared: ${line}`),
		changes.length === 0
			? 'No drift.'
			: `${changes.length} changes, ${breaking} of them breaking.\n\n${table(['breaking', 'what', 'change', 'of', 'detail'], rows)}`,
	].join('\n');
}
