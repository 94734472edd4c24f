import { type FieldSchema, type ObjectSchema, titleCase, typeOf } from '@memberpass/catalogue';

import { html } from './markdown.ts';

/** One field of a form or an answer, as a reader needs it. */
export interface FieldRow {
	/** Dotted path, `[]` after a list: `data.plan.id`, `resources[].title`. */
	readonly path: string;
	readonly title: string;
	readonly meaning: string;
	readonly type: string;
	readonly nullable: boolean;
	readonly required: boolean;
	/** First example, as JSON; null for what holds further fields. */
	readonly example: string | null;
	/** Values that are known, with their label where they have one. */
	readonly values: readonly (readonly [value: string, label: string | null])[];
	/** True if other values are refused. */
	readonly isClosed: boolean;
	/** Forms let the user pick the value from a list. */
	readonly isPicked: boolean;
	readonly place: 'path' | 'query' | 'body' | null;
	/** Not sent by MemberPass: added by the Zapier app and the n8n node. */
	readonly isDerived: boolean;
	/** Evidence where it differs from that of the page. */
	readonly evidence: string | null;
	readonly decision: string | null;
	readonly limits: string | null;
}

/** Every field of a schema, parents before children. */
export function fieldRows(
	schema: Pick<ObjectSchema, 'properties' | 'required'>,
	prefix = '',
): FieldRow[] {
	const required = new Set(schema.required ?? []);
	return Object.entries(schema.properties).flatMap(([name, field]) => {
		const path = prefix + name;
		return [row(path, name, field, required.has(name)), ...children(path, field)];
	});
}

/** The words in the names of fields, each once, for the search. */
export function wordsOf(...all: readonly (readonly FieldRow[])[]): string {
	const words = all.flat().flatMap(({ path }) => path.split(/[^a-z0-9]+/i));
	return [...new Set(words.filter(Boolean))].join(' ');
}

function children(path: string, field: FieldSchema): FieldRow[] {
	if (field.properties !== undefined)
		return fieldRows({ ...field, properties: field.properties }, `${path}.`);
	const items = field.items;
	if (items?.properties === undefined) return [];
	return fieldRows({ ...items, properties: items.properties }, `${path}[].`);
}

function row(path: string, name: string, field: FieldSchema, required: boolean): FieldRow {
	const example = exampleOf(field);
	const values = field.enum ?? field.items?.enum ?? field['x-known-values'] ?? [];
	const labels = field['x-labels'] ?? field.items?.['x-labels'] ?? {};
	return {
		path,
		title: field.title ?? titleCase(name),
		meaning: field.description ?? '',
		type: typeWords(field),
		nullable: Array.isArray(field.type) && field.type.includes('null'),
		required,
		example: example === undefined ? null : JSON.stringify(example),
		values: values.map((value) => [String(value), labels[String(value)] ?? null]),
		isClosed: field.enum !== undefined || field.items?.enum !== undefined,
		isPicked: (field['x-pick'] ?? field.items?.['x-pick']) !== undefined,
		place: field['x-in'] ?? null,
		isDerived: field['x-derived'] === true,
		evidence: field['x-evidence'] ?? null,
		decision: field['x-decision'] ?? null,
		limits: limitsOf(field),
	};
}

/** The example of a list is a list: that of one row, where the list itself has none. */
function exampleOf({ examples, items }: FieldSchema): unknown {
	const [one = items?.enum?.[0]] = items?.examples ?? [];
	const [example = one === undefined ? undefined : [one]] = examples ?? [];
	return example;
}

function typeWords(field: FieldSchema): string {
	const type = field.type === undefined ? 'any' : typeOf(field);
	if (type === 'array')
		return `list of ${field.items === undefined ? 'anything' : plural(field.items)}`;
	if (type === 'object' && Object.keys(field.properties ?? {}).length === 0)
		return 'object, any keys';
	if (field.format === 'date-time') return 'string, ISO 8601 time';
	if (field.format === 'date') return 'string, ISO 8601 date';
	if (field.format === 'uri') return 'string, URL';
	return type;
}

const plural = (field: FieldSchema): string => `${typeWords({ ...field, format: '' })}s`;

function limitsOf(field: FieldSchema): string | null {
	const parts = [
		range(field.minimum, field.maximum, ''),
		// "At least one character" says nothing that "required" does not.
		range((field.minLength ?? 0) > 1 ? field.minLength : undefined, field.maxLength, ' characters'),
		field.minItems === undefined ? '' : `at least ${field.minItems}`,
	].filter((part) => part !== '');
	return parts.length === 0 ? null : parts.join(', ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
	if (least !== undefined && most !== undefined) return `${least} to ${most}${unit}`;
	if (least !== undefined) return `${least}${unit} or more`;
	return most === undefined ? '' : `at most ${most}${unit}`;
}

/** Whether the rows are filled in by the reader or come out. */
export type Direction = 'input' | 'output';

/**
 * The fields as a description list: unlike a table it needs no scrolling on a phone and reads in order.
 *
 * @param anchor prefix of the ids, unique on the page.
 */
export function fieldList(rows: readonly FieldRow[], anchor: string, direction: Direction): string {
	const items = rows.map((one) => {
		const id = `${anchor}-${one.path.replaceAll('[]', '').replaceAll('.', '-')}`;
		return `<div class="field" id="${html(id)}"><dt><code>${html(one.path)}</code>${marks(
			one,
			direction,
		)
			.map((mark) => `<span class="mark">${html(mark)}</span>`)
			.join('')}</dt><dd>${details(one)
			.map((part) => `<p>${part}</p>`)
			.join('')}</dd></div>`;
	});
	// On one line each: an empty line inside would end the block.
	return ['<dl class="fields" v-pre>', ...items, '</dl>'].join('\n');
}

function marks(one: FieldRow, direction: Direction): string[] {
	const presence =
		direction === 'input'
			? [one.required ? 'required' : 'optional']
			: one.required || one.isDerived
				? []
				: ['may be absent'];
	return [
		one.nullable ? `${one.type} or null` : one.type,
		...presence,
		...(one.place === null ? [] : [`in the ${one.place}`]),
		...(one.evidence === null ? [] : [one.evidence]),
	];
}

function details(one: FieldRow): string[] {
	const values = one.values
		.map(
			([value, label]) => `<code>${html(value)}</code>${label === null ? '' : ` ${html(label)}`}`,
		)
		.join(', ');
	return [
		`<strong>${html(one.title)}.</strong> ${html(one.meaning)}`,
		...(values === '' ? [] : [`${one.isClosed ? 'One of' : 'Known values'}: ${values}.`]),
		...(one.limits === null ? [] : [`Limits: ${html(one.limits)}.`]),
		...(one.isPicked ? ['Zapier and n8n let you pick it from a list.'] : []),
		...(one.isDerived
			? [
					'Added by the Zapier app and the n8n node, so that automations work on every shape; not in the raw delivery.',
				]
			: []),
		...(one.decision === null ? [] : [`Decision: ${html(one.decision)}`]),
		...(one.example === null ? [] : [`Example: <code>${html(one.example)}</code>`]),
	];
}
