import type { FieldSchema, ObjectSchema } from '../schema.ts';
import * as copy from './copy.ts';
import * as facts from './facts.ts';
import { broken, type Finding, hold } from './rule.ts';
import * as schemas from './schema-rules.ts';

export const auditProse = (entry: string, where: string, prose: string): readonly Finding[] => [
	...hold(copy.sentence, entry, where, prose),
	...hold(copy.plainWords, entry, where, prose),
];

/** What an event carries: shown in one form, and never a closed set, because MemberPass may add a value any day. */
export function auditPayload(name: string, data: ObjectSchema, prefix: string): readonly Finding[] {
	const fields = fieldsBelow(data, prefix);
	return [
		...auditFields(name, data, prefix, false),
		...auditTitles(name, fields),
		...fields
			.filter(({ field }) => field.enum !== undefined)
			.map(({ where }) =>
				broken(name, where, 'open-set', 'is a choice. Use text(...) with x-known-values'),
			),
	];
}

interface PlacedField {
	readonly where: string;
	readonly field: FieldSchema;
}

/** All fields of an object at every depth, the rows of lists among them. */
export function fieldsBelow(
	{ properties }: Pick<FieldSchema, 'properties'>,
	prefix: string,
): readonly PlacedField[] {
	return Object.entries(properties ?? {}).flatMap(([key, field]) => {
		const where = `${prefix}${key}`;
		return [
			{ where, field },
			...fieldsBelow(field, `${where}.`),
			...(field.items === undefined
				? []
				: [
						{ where: `${where}[]`, field: field.items },
						...fieldsBelow(field.items, `${where}[].`),
					]),
		];
	});
}

/** A form shows titles and no paths: two fields of one title cannot be told apart in it. */
export function auditTitles(name: string, fields: readonly PlacedField[]): readonly Finding[] {
	const first = new Map<string, string>();
	return fields.flatMap(({ where, field: { title } }) => {
		if (title === undefined) return [];
		const other = first.get(title);
		if (other === undefined) {
			first.set(title, where);
			return [];
		}
		return [
			broken(
				name,
				`${where}.title`,
				'distinct-titles',
				`is "${title}", as that of ${other}. Give one of them another with { title: … }`,
			),
		];
	});
}

export function auditFields(
	entry: string,
	schema: Pick<ObjectSchema, 'properties' | 'required'>,
	prefix: string,
	isInput: boolean,
): readonly Finding[] {
	const names = Object.keys(schema.properties);
	const isRequired = (name: string): boolean => schema.required?.includes(name) === true;
	const last = names.findLastIndex(isRequired);
	const early = names.filter((name, index) => index < last && !isRequired(name));
	return [
		...(isInput ? early : []).map((name) =>
			broken(
				entry,
				`${prefix}${name}`,
				'required-first',
				'comes before a required input. Put required inputs first',
			),
		),
		...Object.entries(schema.properties).flatMap(([name, field]) =>
			auditField(entry, `${prefix}${name}`, name, field, isInput),
		),
	];
}

function auditField(
	entry: string,
	where: string,
	name: string,
	field: FieldSchema,
	isInput: boolean,
): readonly Finding[] {
	return [
		...hold(facts.snakeKey, entry, where, name),
		...auditMeaning(entry, where, field),
		...(field['x-also-at'] ?? []).flatMap((path) =>
			hold(facts.dataPath, entry, `${where} x-also-at`, path),
		),
		...(field['x-source'] === undefined
			? []
			: hold(facts.sources, entry, `${where} x-source`, [field['x-source']])),
		...(field['x-n8n'] === undefined
			? []
			: hold(facts.n8nName, entry, `${where} x-n8n`, field['x-n8n'])),
		...(isInput ? hold(schemas.pickedIds, entry, where, field) : []),
		...(isInput ? hold(schemas.formInputs, entry, where, field) : []),
		...(isInput && field['x-in'] === undefined
			? [
					broken(
						entry,
						where,
						'input-place',
						'does not say where it travels. Wrap it in inPath, inQuery or inBody',
					),
				]
			: []),
		...auditInside(entry, where, field),
	];
}

/** What a field says of itself to people, and whether that agrees with what it holds. */
function auditMeaning(entry: string, where: string, field: FieldSchema): readonly Finding[] {
	const { title, description, properties } = field;
	// No form shows what only holds others.
	const needsWords = properties === undefined;
	return [
		...(needsWords || title !== undefined
			? hold(copy.title, entry, `${where}.title`, title ?? '')
			: []),
		...(needsWords || description !== undefined
			? auditProse(entry, `${where}.description`, description ?? '')
			: []),
		...(title !== undefined && description?.toLowerCase() === `${title.toLowerCase()}.`
			? [broken(entry, `${where}.description`, 'says-more', 'repeats the title. Say what it means')]
			: []),
		...hold(schemas.soundSchema, entry, where, field),
		...hold(schemas.fittingExamples, entry, where, field),
		...hold(schemas.soundBounds, entry, where, field),
	];
}

/** The fields of an object, and the elements of a list. */
function auditInside(
	entry: string,
	where: string,
	{ properties, items }: FieldSchema,
): readonly Finding[] {
	return [
		...(properties === undefined ? [] : auditFields(entry, { properties }, `${where}.`, false)),
		...(items === undefined
			? []
			: [
					...auditMeaning(entry, `${where}[]`, items),
					...(items.items === undefined
						? []
						: [
								broken(
									entry,
									`${where}[]`,
									'list-of-lists',
									'is a list in a list, which nothing names yet. Teach outputFieldsOf (packages/zapier/src/output.ts) what Zapier calls its elements',
								),
							]),
					...auditInside(entry, `${where}[]`, items),
				]),
	];
}
