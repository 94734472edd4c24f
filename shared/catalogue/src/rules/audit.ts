import { families as allFamilies, events as allEvents } from '../events/index.ts';
import {
	type EventEntry,
	type Family,
	type N8nIdentity,
	neededAbilities,
	type OperationEntry,
	type Resource,
	type RouteEntry,
} from '../model.ts';
import { n8nOperationKey, zapierTriggerKey } from '../names.ts';
import {
	operations as allOperations,
	plumbing as allPlumbing,
	resources as allResources,
} from '../operations/index.ts';
import { type Platform, platform as chosenPlatform } from '../platform.ts';
import { errorCodes } from '../vocabulary/error-codes.ts';
import { type Recipe, recipes as allRecipes } from '../recipes/index.ts';
import { type PickList, pickLists } from '../vocabulary/pick-lists.ts';
import { auditFields, auditPayload, auditProse, auditTitles, fieldsBelow } from './audit-fields.ts';
import * as copy from './copy.ts';
import * as facts from './facts.ts';
import { auditRecipe } from './recipes.ts';
import { broken, type Finding, hold, type Rule } from './rule.ts';
import * as schemas from './schema-rules.ts';

/** What is audited; tests hand in broken copies. */
export interface Catalogue {
	readonly platform: Pick<Platform, 'apiOrigin' | 'apiBasePath'>;
	readonly families: readonly Family[];
	readonly events: readonly EventEntry[];
	readonly resources: readonly Resource[];
	readonly operations: readonly OperationEntry[];
	readonly plumbing: readonly RouteEntry[];
	readonly recipes: readonly Recipe[];
}

export const catalogue: Catalogue = {
	platform: chosenPlatform,
	families: allFamilies,
	events: allEvents,
	resources: allResources,
	operations: allOperations,
	plumbing: allPlumbing,
	recipes: allRecipes,
};

/** Every rule that carries examples and anti-examples. */
export const rules: readonly Rule<never>[] = [
	...Object.values(copy),
	...Object.values(facts),
	schemas.soundSchema,
	schemas.fittingExamples,
	schemas.soundBounds,
	schemas.pickedIds,
	schemas.formInputs,
] as unknown as readonly Rule<never>[];

/** Runs every rule over every entry. An empty list means the catalogue is sound. */
export function audit(subject: Catalogue = catalogue): readonly Finding[] {
	const { platform, families, events, resources, operations, plumbing, recipes } = subject;
	const routes: readonly RouteEntry[] = [...operations, ...plumbing];
	return [
		...hold(facts.apiOrigin, 'platform', 'apiOrigin', platform.apiOrigin),
		...hold(facts.apiBasePath, 'platform', 'apiBasePath', platform.apiBasePath),
		...families.flatMap(auditFamily),
		...resources.flatMap(auditResource),
		...events.flatMap((entry) => auditEvent(entry, subject)),
		...routes.flatMap((entry) => auditOperation(entry, subject)),
		...duplicates('event', 'type', events, ({ type }) => type),
		...duplicates('event', 'label', events, ({ label }) => label),
		...duplicates('event', 'summary', events, ({ summary }) => summary),
		...duplicates('event', 'Zapier key', events, ({ type }) => zapierTriggerKey(type)),
		...duplicates('operation', 'key', routes, ({ key }) => key),
		// Reads may share a route; a write that is another's is its copy, and would do what that one does.
		...duplicates(
			'write',
			'route',
			routes.filter(({ method }) => method !== 'GET'),
			({ method, path }) => `${method} ${path}`,
		),
		...duplicates('operation', 'label', operations, ({ label }) => label),
		...duplicates('operation', 'place in n8n', operations, n8nOperationKey),
		...duplicates('operation', 'n8n action', operations, ({ n8n }) => n8n.action),
		...duplicates(
			'operation',
			'name in n8n',
			operations,
			({ resource, n8n }) => `${resource}, ${n8n.name}`,
		),
		...Object.entries(pickLists).flatMap(([key, list]) => auditPickList(key, list, subject)),
		...recipes.flatMap(auditRecipe),
		...duplicates('recipe', 'key', recipes, ({ key }) => key),
		...duplicates('recipe', 'title', recipes, ({ title }) => title),
	];
}

function duplicates<Entry>(
	kind: string,
	what: string,
	entries: readonly Entry[],
	valueOf: (entry: Entry) => string,
): readonly Finding[] {
	const values = entries.map(valueOf);
	return values
		.filter((value, index) => values.indexOf(value) < index)
		.map((value) =>
			broken(`${kind} ${value}`, what, 'duplicate', 'is used twice. Give each entry its own'),
		);
}

function auditFamily({ key, label, ability, page }: Family): readonly Finding[] {
	const name = `family ${key}`;
	return [
		...hold(facts.eventType, name, 'key', `${key}.created`),
		...hold(copy.title, name, 'label', label),
		...hold(facts.ability, name, 'ability', ability),
		...hold(facts.sources, name, 'page', [page]),
	];
}

function auditResource({ key, label, summary }: Resource): readonly Finding[] {
	const name = `resource ${key}`;
	return [
		...hold(facts.n8nName, name, 'key', key),
		...hold(copy.title, name, 'label', label),
		...auditProse(name, 'summary', summary),
	];
}

function auditEvent(event: EventEntry, all: Catalogue): readonly Finding[] {
	const name = `event ${event.type}`;
	const types = new Set(all.events.map((one) => one.type));
	return [
		...hold(facts.eventType, name, 'type', event.type),
		...hold(copy.title, name, 'label', event.label),
		...hold(copy.noun, name, 'noun', event.noun),
		...hold(copy.triggerSummary, name, 'summary', event.summary),
		...auditProse(name, 'firesWhen', event.firesWhen),
		...hold(copy.plainWords, name, 'summary', event.summary),
		...event.caveats.flatMap((caveat) => auditProse(name, 'caveat', caveat.text)),
		...auditCommon(name, event),
		...duplicates(`${name}, variant`, 'name', event.variants, (variant) => variant.name),
		...event.variants.flatMap((variant) => [
			...hold(facts.evidence, name, `variant ${variant.name} evidence`, variant.evidence),
			...hold(facts.sources, name, `variant ${variant.name} source`, [variant.source]),
			...auditPayload(name, variant.data, `variant ${variant.name} `),
		]),
		...(all.families.some((family) => family.key === event.family)
			? []
			: [
					broken(
						name,
						'family',
						'family',
						`is the unknown "${event.family}". Add it to the family's file`,
					),
				]),
		...(event.type.startsWith(`${event.family}.`)
			? []
			: [
					broken(
						name,
						'type',
						'family-of-type',
						`does not begin with "${event.family}.", the family of its file. Move it to the file of its family`,
					),
				]),
		...event.related
			.filter((type) => !types.has(type) || type === event.type)
			.map((type) =>
				broken(name, 'related', 'related', `names "${type}". Name another event of the catalogue`),
			),
		...auditPayload(name, event.data, 'data.'),
		...auditLaterKeys(name, event),
	];
}

/** What the successor is said to send beside the documented fields: of a field of the event more is known than that. */
function auditLaterKeys(
	name: string,
	{ laterKeys, data }: Pick<EventEntry, 'laterKeys' | 'data'>,
): readonly Finding[] {
	const at = 'laterKeys';
	return [
		...laterKeys.flatMap((key) => hold(facts.snakeKey, name, at, key)),
		...laterKeys
			.filter((key) => {
				const field = data.properties[key];
				return field !== undefined && field['x-derived'] !== true;
			})
			.map((key) =>
				broken(
					name,
					at,
					'later-keys',
					`names "${key}", a field of the event. Take it off the list`,
				),
			),
		...laterKeys
			.filter((key, index) => key <= (laterKeys[index - 1] ?? ''))
			.map((key) =>
				broken(name, at, 'later-keys', `has "${key}" out of order. Sort them, each once`),
			),
	];
}

function auditOperation(entry: RouteEntry, all: Catalogue): readonly Finding[] {
	const name = `operation ${entry.key}`;
	const types = new Set(all.events.map((event) => event.type));
	const isSearch = entry.kind === 'search';
	const n8n = entry.n8n;
	return [
		...hold(facts.snakeKey, name, 'key', entry.key),
		...hold(copy.title, name, 'label', entry.label),
		...hold(copy.noun, name, 'noun', entry.noun),
		...(isSearch ? hold(copy.searchLabel, name, 'label', entry.label) : []),
		...(entry.kind === 'read'
			? hold(copy.sentence, name, 'summary', entry.summary)
			: hold(isSearch ? copy.searchSummary : copy.actionSummary, name, 'summary', entry.summary)),
		...(n8n === null ? [] : auditN8n(name, n8n)),
		...hold(copy.plainWords, name, 'summary', entry.summary),
		...auditProse(name, 'repeat.note', entry.repeat.note),
		...entry.caveats.flatMap((caveat) => auditProse(name, 'caveat', caveat)),
		...auditCommon(name, entry),
		...hold(facts.evidence, name, 'output.evidence', entry.output.evidence),
		...entry.errors
			.filter((code) => !(code in errorCodes))
			.map((code) =>
				broken(
					name,
					'errors',
					'error-code',
					`names the unknown code "${code}". Add it to error-codes.ts`,
				),
			),
		...entry.emits
			.filter((type) => !types.has(type))
			.map((type) =>
				broken(
					name,
					'emits',
					'emits',
					`names the unknown event "${type}". Name one of the catalogue`,
				),
			),
		...auditPath(name, entry),
		...auditKind(name, entry),
		...auditAnswer(name, entry),
		...auditExclusive(name, entry),
		...auditOwnInputs(name, entry),
		...auditPicks(name, entry),
		...unknownInputs(name, 'n8n.topLevel', n8n?.topLevel ?? [], entry),
		...auditFields(name, entry.input, 'input.', entry.kind !== 'plumbing'),
		...auditTitles(name, fieldsBelow(entry.input, 'input.')),
		...auditFields(name, entry.output.schema, 'output.', false),
		...auditTitles(name, fieldsBelow(entry.output.schema, 'output.')),
	];
}

const auditN8n = (name: string, n8n: N8nIdentity): readonly Finding[] => [
	...hold(facts.n8nName, name, 'n8n.operation', n8n.operation),
	...hold(facts.n8nName, name, 'n8n.collection', n8n.collection),
	...hold(copy.title, name, 'n8n.name', n8n.name),
	...hold(copy.n8nAction, name, 'n8n.action', n8n.action),
];

/** What is read of an answer by its name has to be in it, or it is lost without a word. */
function auditAnswer(
	name: string,
	{ input, output, match, method }: RouteEntry,
): readonly Finding[] {
	const row = output.schema.properties;
	const isList = output.shape === 'many' && method === 'GET';
	const missing = (where: string, keys: readonly string[]): readonly Finding[] =>
		keys
			.filter((key) => row[key] === undefined)
			.map((key) =>
				broken(
					name,
					where,
					'known-output',
					`names "${key}", which the answer has not. Name a field of output.schema`,
				),
			);
	return [
		...missing('output.beside', output.beside),
		...missing('match.field', match === null ? [] : [match.field]),
		...Object.entries(input.properties).flatMap(([key, field]) =>
			missing(`input.${key} x-part-of`, field['x-part-of'] ?? []),
		),
		...(output.paging === 'none' || isList
			? []
			: [
					broken(
						name,
						'output.paging',
						'paging',
						`is "${output.paging}", and the answer is no list. Take it out, or write shape: 'many'`,
					),
				]),
	];
}

/** A group of one, or with an input that is always set, would let nobody choose. */
const auditExclusive = (name: string, entry: RouteEntry): readonly Finding[] =>
	entry.exclusive.flatMap((group) => [
		...unknownInputs(name, 'exclusive', group, entry),
		...(group.length > 1 && !group.some((key) => (entry.input.required ?? []).includes(key))
			? []
			: [
					broken(
						name,
						'exclusive',
						'exclusive',
						`has the group ${JSON.stringify(group)}. Name two or more inputs in it that may be left out`,
					),
				]),
	]);

/** What we send ourselves to read a list page by page. */
const pageInputs = ['page', 'per_page', 'limit', 'cursor'];

const auditOwnInputs = (name: string, { input, output }: RouteEntry): readonly Finding[] =>
	(output.paging === 'none' ? [] : pageInputs)
		.filter((key) => input.properties[key] !== undefined)
		.map((key) =>
			broken(
				name,
				`input.${key}`,
				'own-input',
				'is filled in by whatever reads the list. Take it out: output.paging says how it is read',
			),
		);

const unknownInputs = (
	name: string,
	where: string,
	named: readonly string[],
	{ input }: RouteEntry,
): readonly Finding[] =>
	named
		.filter((key) => input.properties[key] === undefined)
		.map((key) => broken(name, where, 'known-input', `names the unknown input "${key}"`));

function auditCommon(name: string, entry: EventEntry | RouteEntry): readonly Finding[] {
	return [
		...hold(facts.evidence, name, 'evidence', entry.evidence),
		...hold(facts.sources, name, 'sources', entry.sources),
		...neededAbilities(entry).flatMap((one) => hold(facts.ability, name, 'ability', one)),
		...entry.decisions.flatMap((decision) => hold(copy.reason, name, 'decision', decision.because)),
	];
}

function auditPath(name: string, entry: RouteEntry): readonly Finding[] {
	const placeholders = [...entry.path.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '');
	const inputs = Object.entries(entry.input.properties);
	const inPath = inputs.filter(([, field]) => field['x-in'] === 'path').map(([key]) => key);
	const required = new Set(entry.input.required ?? []);
	return [
		...(/^(\/([a-z][a-z-]*|\{[a-z_]+\}))+$/.test(entry.path)
			? []
			: [
					broken(
						name,
						'path',
						'path',
						`is "${entry.path}". Write it below /v1: "/projects/{project}"`,
					),
				]),
		...placeholders
			.filter((one) => !inPath.includes(one))
			.map((one) =>
				broken(name, 'path', 'path-input', `has {${one}} without an input. Add inPath(...) for it`),
			),
		...inPath
			.filter((one) => !placeholders.includes(one) || !required.has(one))
			.map((one) =>
				broken(
					name,
					`input ${one}`,
					'path-input',
					'is a path input. Make it required and use it in the path',
				),
			),
	];
}

function auditKind(name: string, entry: RouteEntry): readonly Finding[] {
	const write = entry.method !== 'GET';
	const bodies = Object.entries(entry.input.properties).filter(
		([, field]) => field['x-in'] === 'body',
	);
	return [
		...((['action', 'extra'].includes(entry.kind) && !write) ||
		(['search', 'read'].includes(entry.kind) && write)
			? [
					broken(
						name,
						'kind',
						'kind',
						`is ${entry.kind} with ${entry.method}. Actions and extras write, searches and reads do not`,
					),
				]
			: []),
		...(write
			? []
			: bodies.map(([key]) =>
					broken(name, `input ${key}`, 'body-on-read', 'is in the body of a GET. Use inQuery(...)'),
				)),
		...(entry.method === 'DELETE' && entry.destructive === 'no'
			? [broken(name, 'destructive', 'destructive', 'is "no" for a DELETE. Say what is lost')]
			: []),
		...(!write && entry.destructive !== 'no'
			? [broken(name, 'destructive', 'destructive', 'is set for a read. Reads lose nothing')]
			: []),
		...(!write && entry.emits.length > 0
			? [broken(name, 'emits', 'emits', 'is set for a read. Reads cause no event')]
			: []),
		...(entry.match !== null && entry.input.properties[entry.match.input] === undefined
			? [broken(name, 'match', 'match', `names the unknown input "${entry.match.input}"`)]
			: []),
	];
}

/** A form fills in what a list depends on, and nothing else: a filter that becomes required would empty every picker. */
function auditPickList(key: string, list: PickList, all: Catalogue): readonly Finding[] {
	const name = `pick list ${key}`;
	const entry = all.operations.find((one) => one.key === list.operation);
	if (entry === undefined) {
		return [
			broken(name, 'operation', 'pick-list', `names the unknown operation "${list.operation}"`),
		];
	}
	const row = entry.output.schema.properties;
	return [
		...[list.value, ...list.label]
			.filter((field) => row[field] === undefined)
			.map((field) =>
				broken(
					name,
					`operation ${entry.key}`,
					'pick-list',
					`has no "${field}" in its rows. Name keys of a row as value and label`,
				),
			),
		...(entry.input.required ?? [])
			.filter((input) => !list.needs.includes(input))
			.map((input) =>
				broken(
					name,
					`operation ${entry.key}`,
					'pick-list',
					`requires "${input}", which no form that picks from it can give. Leave that input optional, name it in needs, or pick from another read`,
				),
			),
	];
}

/** A list that depends on a project can only be shown where the form has one, or where it may look through all of them. */
function auditPicks(name: string, entry: RouteEntry): readonly Finding[] {
	const inputs = entry.input.properties;
	return Object.entries(inputs).flatMap(([key, field]) => {
		const pick = (field.items ?? field)['x-pick'];
		const list = pick === undefined ? undefined : pickLists[pick as keyof typeof pickLists];
		return (list?.needs ?? [])
			.filter((need) => need !== 'project' || field['x-in'] !== 'query')
			.filter((need) => inputs[need] === undefined && inputs[`${need}_id`] === undefined)
			.map((need) =>
				broken(
					name,
					`input ${key}`,
					'pick-needs',
					`is picked from a list that needs "${need}". Add that input or another list`,
				),
			);
	});
}
