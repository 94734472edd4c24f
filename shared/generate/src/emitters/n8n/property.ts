import {
	camelCase,
	type EventEntry,
	eventPick,
	events,
	exampleId,
	familyOf,
	type FieldSchema,
	type IdKind,
	idKinds,
	n8nEventLabel,
	type PickList,
	pickLists,
	recordPick,
	titleCase,
	typeOf,
} from '@memberpass/catalogue';

import { description, lower, sortBy, title } from './copy.ts';

/** A property of a node, as far as this emitter uses them. The built package is compiled against n8n's own types. */
export interface Property {
	readonly displayName: string;
	readonly name: string;
	readonly type: string;
	readonly [key: string]: unknown;
}

/** Name of the parameter in n8n: the one of 1.4.0 where the catalogue holds it. */
export const parameterName = (name: string, schema: FieldSchema): string =>
	schema['x-n8n'] ?? camelCase(name);

/** The list a field is picked from, or null. Events are offered from the catalogue itself. */
export function pickOf(schema: FieldSchema): string | null {
	const pick = schema['x-pick'];
	return pick !== undefined && (pick in pickLists || pick === recordPick) ? pick : null;
}

/** The method of the node that searches a list in all projects. */
export const inAllProjects = (pick: string): string => `${pick}OfAllProjects`;

/**
 * The method of the node that searches the list of a field, or null where it is not picked. A form without the project
 * that the list depends on is shown the lists of all projects.
 */
export function searchMethod(schema: FieldSchema, inputs: readonly string[]): string | null {
	const pick = pickOf(schema);
	if (pick === null) return null;
	const list = (pickLists as Readonly<Record<string, PickList>>)[pick];
	const hasProject = ['project', 'project_id'].some((name) => inputs.includes(name));
	return list?.needs.includes('project') === true && !hasProject ? inAllProjects(pick) : pick;
}

export interface FieldContext {
	readonly required: boolean;
	/** Inputs of the form that the field is part of. */
	readonly inputs: readonly string[];
	/** Inside a collection: shown only once the user adds it. */
	readonly inCollection: boolean;
	/** Offer a text field even where a choice exists, as 1.4.0 did. */
	readonly asText: boolean;
	/** Default that wins over the schema's. */
	readonly defaultValue?: number | string | undefined;
}

/** The property for one input. */
export function fieldProperty(name: string, schema: FieldSchema, context: FieldContext): Property {
	const { type, displayName, description: text, ...rest } = kindOf(schema, context);
	// In the order in which n8n's rules want to read them.
	return {
		displayName: title(displayName ?? schema.title ?? titleCase(name)),
		name: parameterName(name, schema),
		type,
		...(context.required ? { required: true } : {}),
		...rest,
		description: text ?? description(schema.description ?? ''),
	};
}

/** Value that means "left alone" for an optional number at the top level, where a form cannot be empty. */
export function absentValue(schema: FieldSchema, context: FieldContext): number | undefined {
	const type = typeOf(schema);
	const isNumber = type === 'integer' || type === 'number';
	return isNumber && !context.required && !context.inCollection ? 0 : undefined;
}

type Kind = Readonly<Record<string, unknown>> & {
	readonly type: string;
	readonly displayName?: string;
	readonly description?: string;
};

function kindOf(schema: FieldSchema, context: FieldContext): Kind {
	const method = searchMethod(schema, context.inputs);
	if (method !== null) return locator(schema, method, context.required);
	switch (typeOf(schema)) {
		case 'array':
			return arrayKind(schema, context);
		case 'boolean':
			return { type: 'boolean', default: schema.default ?? false };
		case 'integer':
		case 'number':
			return numberKind(schema, context);
		default:
			return textKind(schema, context);
	}
}

function textKind(schema: FieldSchema, context: FieldContext): Kind {
	const options = context.asText ? null : choicesOf(schema);
	if (options !== null) return choiceKind(schema, context, options);
	if (schema.format === 'date' || schema.format === 'date-time') {
		return { type: 'dateTime', default: '' };
	}
	const [example] = schema.examples ?? [];
	return {
		type: 'string',
		...((schema.maxLength ?? 0) >= 500 ? { typeOptions: { rows: 3 } } : {}),
		default: schema.default ?? '',
		...(typeof example === 'string' ? { placeholder: `e.g. ${example}` } : {}),
	};
}

function choiceKind(schema: FieldSchema, context: FieldContext, options: readonly Option[]): Kind {
	const values = options.map((option) => option.value);
	const candidates = [schema.default, ...(schema.examples ?? []), values[0]];
	const chosen = candidates.find((one) => values.some((value) => value === one));
	const optionalAtTop = !context.required && !context.inCollection && schema.default === undefined;
	return {
		type: 'options',
		options: optionalAtTop ? [{ name: '[Not Set]', value: '' }, ...options] : options,
		default: context.defaultValue ?? (optionalAtTop ? '' : chosen),
	};
}

function numberKind(schema: FieldSchema, context: FieldContext): Kind {
	const absent = absentValue(schema, context);
	const limits = {
		...(typeOf(schema) === 'number' ? { numberPrecision: 2 } : {}),
		...(schema.minimum === undefined
			? {}
			: { minValue: absent === undefined ? schema.minimum : Math.min(absent, schema.minimum) }),
		...(schema.maximum === undefined ? {} : { maxValue: schema.maximum }),
	};
	return {
		type: 'number',
		...(Object.keys(limits).length === 0 ? {} : { typeOptions: limits }),
		default: context.defaultValue ?? schema.default ?? absent ?? schema.minimum ?? 0,
	};
}

function arrayKind(schema: FieldSchema, context: FieldContext): Kind {
	const items = schema.items ?? {};
	const pick = pickOf(items);
	const singular = items.title ?? schema.title ?? '';
	if (pick !== null && !context.asText) {
		return {
			type: 'multiOptions',
			displayName: `${singular} Names or IDs`,
			description:
				'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
			typeOptions: { loadOptionsMethod: pick, loadOptionsDependsOn: dependsOn },
			default: [],
		};
	}
	const options = context.asText ? null : (choicesOf(schema) ?? choicesOf(items));
	if (options !== null) return { type: 'multiOptions', options, default: [] };
	const [example] = items.examples ?? [];
	return {
		type: 'string',
		default: '',
		description: description(`${schema.description ?? ''} Enter a comma-separated list.`),
		...(typeof example === 'string' ? { placeholder: `e.g. ${example}` } : {}),
	};
}

/** Parameters that hold the project, under the names of 1.4.0: a list of plans changes with it. */
const dependsOn = ['projectId', 'analyticsProjectId', 'analyticsFilters.project_id'];

interface Option {
	readonly name: string;
	readonly value: string;
	readonly description?: string;
}

/** The closed or known values of a field, or null. */
function choicesOf(schema: FieldSchema): readonly Option[] | null {
	if (schema['x-pick'] === eventPick) return eventOptions(false);
	const values = schema.enum ?? schema['x-known-values'];
	if (values === undefined) return null;
	return sortBy(
		values.map((value) => ({
			name: title(schema['x-labels']?.[String(value)] ?? titleCase(String(value))),
			value: String(value),
		})),
		(option) => option.name,
	);
}

/** What starts the workflow, and when it never does: nobody should wait for an event that is not sent. */
function eventDescription(entry: EventEntry): string {
	const { tier } = familyOf(entry);
	const never = entry.caveats
		.filter(({ kind }) => kind === 'not_firing' || kind === 'partial')
		.map(({ text }) => text);
	const isSaid = tier === null || never.some((text) => text.includes(`${tier} tier`));
	const limits = isSaid ? never : [...never, `Sent on the ${tier} tier and above.`];
	return description([entry.summary, ...limits].join(' '));
}

/** Every event, by the label that 1.4.0 shows. */
export function eventOptions(described: boolean): readonly Option[] {
	return sortBy(
		events.map((entry) => ({
			name: n8nEventLabel(entry, familyOf(entry)),
			value: entry.type,
			...(described ? { description: eventDescription(entry) } : {}),
		})),
		(option) => option.name,
	);
}

/** A record to pick: from a list that can be searched, or by its id. */
export function locator(schema: FieldSchema, method: string, required: boolean): Kind {
	const kind = schema['x-id'] as IdKind | undefined;
	const example = kind === undefined ? schema.examples?.[0] : exampleId(kind);
	// Called by what is chosen: an ID is only one way to say which.
	const chosen = schema.title?.replace(/ ID$/, '');
	const noun = chosen ?? (kind === undefined ? 'Record' : idKinds[kind].label);
	return {
		type: 'resourceLocator',
		...(chosen === undefined ? {} : { displayName: chosen }),
		default: { mode: 'list', value: '' },
		// One wording for all operations: the same property then serves all of them.
		...(required && method !== recordPick
			? { description: `The ${lower(noun)} to work with. Choose from the list, or enter an ID.` }
			: {}),
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: method, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				...(typeof example === 'string' ? { placeholder: `e.g. ${example}` } : {}),
			},
		],
	};
}
