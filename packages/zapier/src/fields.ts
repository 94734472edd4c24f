import {
	eventPick,
	events,
	type FieldSchema,
	type PickList,
	pickLists,
	type RouteEntry,
	titleCase,
	typeOf,
} from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';
import type { Bundle, InputFieldGroup, PlainInputField } from 'zapier-platform-core';

import {
	botChoices,
	botProjectInput,
	choicesFrom,
	parentOf,
	recordChoices,
	recordInput,
	recordTypeInput,
} from './dropdowns.ts';

/** What a form of Zapier is made of. */
export interface Form {
	readonly inputFields: PlainInputField[];
	readonly inputFieldGroups?: InputFieldGroup[];
}

/** Optional inputs are put into a group of their own when a form has more inputs than this. */
const longForm = 6;
const optionalGroup: InputFieldGroup = { key: 'optional_details', label: 'Optional Details' };

/** Help must say more than the label does; Zapier's guidelines ask for 20 characters. */
const shortestHelp = 20;
/** Zapier's schema refuses longer help. */
const longestHelp = 1000;
/** Texts that may grow this long get a large box. */
const longText = 500;

/**
 * The form of an operation: its inputs, required ones first, then `extra` ones which the platform adds.
 *
 * @param notices Shown above the form.
 */
export function formOf(
	entry: Pick<RouteEntry, 'input' | 'exclusive'>,
	notices: readonly string[],
	extra: readonly PlainInputField[] = [],
): Form {
	const required = new Set(entry.input.required ?? []);
	const inputs = Object.keys(entry.input.properties);
	const fields = Object.entries(entry.input.properties)
		.flatMap(([key, schema]) => [
			...helpersOf(key, schema, inputs),
			inputField(key, schema, entry, required.has(key)),
		])
		.concat(extra);
	const first = fields.filter((field) => field.required === true);
	const rest = fields.filter((field) => field.required !== true);
	const grouped = fields.length > longForm && first.length > 0;
	return {
		inputFields: [
			...noticeFields(notices),
			...first,
			...rest.map((field) => (grouped ? { ...field, group: optionalGroup.key } : field)),
		],
		...(grouped ? { inputFieldGroups: [optionalGroup] } : {}),
	};
}

/** The optional picker that narrows a trigger to one project. */
export function projectField(): PlainInputField {
	return {
		key: 'project_id',
		label: 'Project',
		type: 'string',
		required: false,
		helpText: 'Only events of this project. Leave empty for all projects.',
		...pickChoices('projects', 'project'),
	};
}

/** What to know before filling in the form, above it; nothing where there is nothing to know. */
export function noticeFields(texts: readonly string[]): readonly PlainInputField[] {
	const [first, ...more] = texts;
	if (first === undefined) return [];
	// Zapier shows Markdown here; several sentences in a row would not be read.
	const helpText = more.length === 0 ? first : texts.map((text) => `- ${text}`).join('\n');
	if (helpText.length > longestHelp) throw new Error(`A notice is too long: ${helpText}`);
	return [{ key: 'notice', type: 'copy', label: 'Good to Know', helpText }];
}

/**
 * Inputs that only narrow a list below them and are never sent: the project whose plans a form offers that itself
 * takes no project. Nothing waits for them (no `dependsOn`), or a plan mapped from another step would be locked until
 * somebody chose a project for nothing.
 */
function helpersOf(
	key: string,
	schema: FieldSchema,
	inputs: readonly string[],
): readonly PlainInputField[] {
	const one = schema.items ?? schema;
	if (one['x-id'] === 'bot') return [helperField(botProjectInput, 'Project with the Bot', 'bots')];
	if (key === recordInput) return [helperField('project', 'Project of the Record', 'records')];
	const name = one['x-pick'];
	if (name === undefined || name === eventPick) return [];
	return pickList(name)
		.needs.filter((need) => parentOf(need, inputs) === null)
		.map((need) => {
			if (need !== 'project') throw new Error(`A form cannot ask for the ${need} of "${key}".`);
			return helperField('project', `Project of the ${titleCase(one['x-id'] ?? key)}`, name);
		});
}

function helperField(key: string, label: string, narrowed: string): PlainInputField {
	return {
		key,
		label,
		type: 'string',
		required: false,
		helpText: `Only fills the list of ${narrowed}: the project itself is not sent. Leave empty if you map or enter the ID yourself.`,
		...pickChoices('projects', 'project'),
	};
}

/** Searches that can find an id, so that the form offers to add one as a step before. */
const searchesByList: Readonly<Record<string, string>> = {
	projects: 'find_project_by_handle.id',
	plans: 'find_plan_by_name.id',
	members: 'find_subscriber_by_telegram_id.id',
};

function inputField(
	key: string,
	schema: FieldSchema,
	entry: Pick<RouteEntry, 'input' | 'exclusive'>,
	required: boolean,
): PlainInputField {
	const isList = typeOf(schema) === 'array';
	const one = isList ? (schema.items ?? {}) : schema;
	const label = labelOf(key, schema);
	const help = helpOf(key, label, schema, entry);
	return {
		key: formKeyOf(key, schema),
		label,
		type: inputType(key, one),
		required,
		...(help === null ? {} : { helpText: help }),
		...(isList ? { list: true } : {}),
		...defaultOf(schema),
		...choicesOf(key, schema, one, entry),
		...(isList ? {} : searchOf(one['x-pick'])),
	};
}

/**
 * Zapier's check D001 takes an input called "API Token" for one that collects a secret, and so would a user, who
 * might paste the token. The form asks for what it is: the id of a token, picked by its name.
 */
const isTokenId = (schema: FieldSchema): boolean => (schema.items ?? schema)['x-id'] === 'token';

function formKeyOf(key: string, schema: FieldSchema): string {
	return isTokenId(schema) ? `${key}_id` : key;
}

/** A field with a list is called by what is chosen: "Plan", not "Plan ID". */
function labelOf(key: string, schema: FieldSchema): string {
	if (isTokenId(schema)) return 'Token';
	const title = schema.title ?? titleCase(key);
	const one = schema.items ?? schema;
	const hasList = one['x-id'] === 'bot' || one['x-pick'] !== undefined;
	return hasList ? title.replace(/ ID$/, '') : title;
}

/** An operation whose inputs are called what the form calls them, so that errors name what the user sees. */
export function asForm<E extends Pick<RouteEntry, 'input'>>(entry: E): E {
	const properties = Object.fromEntries(
		Object.entries(entry.input.properties).map(([key, schema]) => [
			key,
			{ ...schema, title: labelOf(key, schema) },
		]),
	);
	return { ...entry, input: { ...entry.input, properties } };
}

function searchOf(pick: string | undefined): Pick<PlainInputField, 'search'> {
	const search = searchesByList[pick ?? ''];
	return search === undefined ? {} : { search };
}

/** Zapier takes defaults as text, whatever the type of the field. */
function defaultOf({ default: value }: FieldSchema): Pick<PlainInputField, 'default'> {
	const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
	return isScalar ? { default: String(value) } : {};
}

function inputType(key: string, schema: FieldSchema): NonNullable<PlainInputField['type']> {
	const type = typeOf(schema);
	if (type === 'boolean' || type === 'integer' || type === 'number') return type;
	if (schema.format === 'date' || schema.format === 'date-time') return 'datetime';
	const isLong = key === 'description' || (schema.maxLength ?? 0) >= longText;
	return isLong && schema.enum === undefined && schema.format === undefined ? 'text' : 'string';
}

function helpOf(
	key: string,
	label: string,
	schema: FieldSchema,
	entry: Pick<RouteEntry, 'input' | 'exclusive'>,
): string | null {
	const rivals = entry.exclusive
		.filter((group) => group.includes(key))
		.flatMap((group) => group.filter((name) => name !== key))
		.map((name) => `"${entry.input.properties[name]?.title ?? titleCase(name)}"`);
	const help = [
		schema.description ?? '',
		...(rivals.length === 0 ? [] : [`Not together with ${rivals.join(' or ')}.`]),
	]
		.join(' ')
		.trim();
	const adds = help.length >= shortestHelp && help.toLowerCase() !== label.toLowerCase();
	return adds ? help.slice(0, longestHelp) : null;
}

/**
 * Values to choose from. Zapier lets users type or map a value in every dropdown, so an id that is not listed still
 * works.
 */
function choicesOf(
	key: string,
	schema: FieldSchema,
	one: FieldSchema,
	entry: Pick<RouteEntry, 'input'>,
): Pick<PlainInputField, 'choices' | 'resource' | 'dependsOn'> {
	if (one['x-id'] === 'bot') return { choices: { perform: botChoices }, resource: 'bot' };
	if (key === recordInput) {
		return { choices: { perform: recordChoices }, dependsOn: [recordTypeInput] };
	}
	const pick = one['x-pick'];
	if (pick === eventPick) {
		return { choices: events.map(({ type, label }) => choice(type, label)) };
	}
	if (pick !== undefined) return pickChoices(pick, one['x-id'], entry.input.required);
	// Zapier takes any text in a list of choices, so a set that MemberPass may add to is offered like a closed one.
	const values = one.enum ?? schema['x-known-values'] ?? [];
	if (values.length === 0) return {};
	const labels = schema['x-labels'] ?? one['x-labels'];
	return {
		choices: values.map((value) =>
			choice(String(value), labels?.[String(value)] ?? titleCase(String(value))),
		),
	};
}

function choice(value: string, label: string) {
	return { value, sample: value, label };
}

/**
 * A list of things of the account.
 *
 * @param required Inputs of the form that are always filled in. The list waits for its parents among them: Zapier locks
 *   a field until all it depends on is filled in, so waiting for an optional one would lock out an ID that is mapped.
 */
function pickChoices(
	name: string,
	resource: string | undefined,
	required: readonly string[] = [],
): Pick<PlainInputField, 'choices' | 'resource' | 'dependsOn'> {
	const list = pickList(name);
	const parents = list.needs.flatMap((need) => parentOf(need, required) ?? []);
	return {
		choices: { perform: choicesFrom(list) },
		...(resource === undefined ? {} : { resource }),
		...(parents.length === 0 ? {} : { dependsOn: parents }),
	};
}

function pickList(name: string): PickList {
	const lists: Readonly<Record<string, PickList>> = pickLists;
	const list = lists[name];
	if (list === undefined) throw new Error(`The catalogue has no pick list "${name}".`);
	return list;
}

/**
 * The inputs a user filled in, of those the operation knows. Zapier cannot tell "left empty" from "cleared", so blank
 * values are not given. Inputs of other versions of this app, which an old Zap may still hold, are left out: nobody
 * could remove them from the form.
 */
export function filledInputs(
	entry: Pick<RouteEntry, 'input'>,
	bundle: Pick<Bundle, 'inputData'>,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(entry.input.properties).flatMap(([key, schema]) => {
			// A value under MemberPass's own name is taken as well: recordings and examples of the API are written in it.
			const value =
				withoutBlanks(bundle.inputData[formKeyOf(key, schema)]) ??
				withoutBlanks(bundle.inputData[key]);
			return value === undefined ? [] : [[key, value]];
		}),
	);
}

/** What Zapier sends for a field that was left empty or cleared, in any of its forms, is undefined. */
export function withoutBlanks(value: unknown): unknown {
	if (value === null) return undefined;
	if (typeof value === 'string') return value.trim() === '' ? undefined : value;
	if (Array.isArray(value)) {
		const kept = value.filter((one) => withoutBlanks(one) !== undefined);
		return kept.length === 0 ? undefined : kept;
	}
	return isJsonObject(value) && Object.keys(value).length === 0 ? undefined : value;
}
