import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { type FieldSchema, typesOf } from '../schema.ts';
import { eventPick, pickLists, recordPick } from '../vocabulary/pick-lists.ts';
import type { Rule } from './rule.ts';

/** Strict about everything but our annotations. */
const ajv = new Ajv2020({ strict: true });
// ajv-formats is CommonJS: its plugin is the module's default under both module systems.
(
	addFormats as unknown as { default: (target: Ajv2020) => void } & ((target: Ajv2020) => void)
).default(ajv);
for (const keyword of [
	'x-known-values',
	'x-labels',
	'x-id',
	'x-in',
	'x-part-of',
	'x-pick',
	'x-n8n',
	'x-also-at',
	'x-derived',
	'x-evidence',
	'x-source',
	'x-decision',
]) {
	ajv.addKeyword(keyword);
}

interface Compiled {
	/** True of everything where the field is no schema: {@link soundSchema} says that, and once is enough. */
	readonly fits: (value: unknown) => boolean;
	/** Why it is no schema, or null. */
	readonly fault: string | null;
}
const compiled = new Map<string, Compiled>();

/** Compiled once for all fields that say the same: of three fields, more than one is said by another entry too. */
function compile(field: FieldSchema): Compiled {
	const written = JSON.stringify(field);
	const known = compiled.get(written);
	if (known !== undefined) return known;
	const made = ((): Compiled => {
		try {
			return { fits: ajv.compile(field), fault: null };
		} catch (error) {
			return { fits: () => true, fault: (error as Error).message };
		}
	})();
	compiled.set(written, made);
	return made;
}

const good: FieldSchema = {
	type: 'string',
	title: 'Plan Name',
	description: 'Name that subscribers see.',
	examples: ['Premium Monthly'],
};
const like = (change: FieldSchema): FieldSchema => ({ ...good, ...change });

/** Options of a field reach its schema as they were written; a misspelt one would bind nobody. */
export const soundSchema: Rule<FieldSchema> = {
	id: 'sound-schema',
	instruction:
		'Write keys of FieldSchema (shared/catalogue/src/schema.ts), and values that JSON Schema allows.',
	fault: ({ properties: _properties, items: _items, required: _required, ...own }) => {
		const { fault } = compile(own);
		return fault === null ? null : `is no schema (${fault})`;
	},
	examples: [like({}), like({ pattern: '^[A-Z]+$', format: 'date' })],
	antiExamples: [
		{ example: like({ minLenght: 3 } as FieldSchema), reason: 'misspelt' },
		{ example: like({ 'x-picks': 'plans' } as FieldSchema), reason: 'no annotation of ours' },
		{ example: like({ format: 'datetime' }), reason: 'no such format' },
		{ example: like({ pattern: '(' }), reason: 'no pattern' },
		{ example: like({ enum: [] }), reason: 'nothing to choose from' },
		{ example: like({ examples: 'x' as unknown as string[] }), reason: 'not a list' },
	],
};

/** Every leaf shows at least one example, and every example is what the schema says. */
export const fittingExamples: Rule<FieldSchema> = {
	id: 'fitting-examples',
	instruction: 'Give the field an example that its own schema accepts.',
	fault: (field) => {
		const examples = [field.examples ?? []].flat();
		const composed = field.properties !== undefined || field.items !== undefined;
		// A free map is shown as it arrives.
		const free = typeof field.additionalProperties === 'object';
		if (examples.length === 0) return composed || free ? null : 'has no example';
		const { fits } = compile(field);
		const wrong = examples.find((example) => !fits(example));
		return wrong === undefined
			? null
			: `has the example ${JSON.stringify(wrong)}, which does not fit`;
	},
	examples: [like({}), like({ type: ['string', 'null'], examples: [null, 'x'] })],
	antiExamples: [
		{ example: like({ examples: [7] }), reason: 'another type' },
		{ example: like({ maxLength: 3 }), reason: 'too long for its own bound' },
		{ example: like({ format: 'date-time' }), reason: 'not a time' },
		{ example: like({ examples: [] }), reason: 'no example at all' },
		{
			example: like({ enum: ['a', 'b'], examples: [] }),
			reason: 'no sample could be made of a choice',
		},
	],
};

/** Bounds and defaults that contradict themselves, and values without words for people. */
export const soundBounds: Rule<FieldSchema> = {
	id: 'sound-bounds',
	instruction: 'Make minimum, maximum, lengths, default and labels agree with each other.',
	fault: (field) => {
		const { minimum = -Infinity, maximum = Infinity, minLength = 0, maxLength = Infinity } = field;
		if (minimum > maximum) return 'has a minimum above its maximum';
		if (minLength > maxLength) return 'has a minLength above its maxLength';
		if (field.default !== undefined && !compile(field).fits(field.default))
			return 'has a default that does not fit';
		const values = (field.enum ?? field['x-known-values'] ?? []).map(String);
		if (new Set(values).size < values.length) return 'lists a value twice';
		const labels = field['x-labels'];
		if (labels === undefined) return null;
		const missing = values.find((value) => (labels[value] ?? '') === '');
		if (missing !== undefined) return `has no label for "${missing}"`;
		const strange = Object.keys(labels).find((value) => !values.includes(value));
		if (strange !== undefined) return `has a label for "${strange}", which is no choice`;
		if (new Set(Object.values(labels)).size < values.length) return 'has one label twice';
		return null;
	},
	examples: [
		like({ minLength: 5, maxLength: 255 }),
		like({ minLength: 7, maxLength: 7 }),
		like({ type: 'integer', minimum: 1, maximum: 1 }),
		like({ type: 'integer', minimum: 1 }),
		like({ type: 'integer', maximum: -1 }),
		like({ enum: ['a', 'b'] }),
		like({ 'x-known-values': ['a'], 'x-labels': { a: 'A' } }),
		like({ enum: ['a'], 'x-labels': { a: 'A' } }),
	],
	antiExamples: [
		{ example: like({ minimum: 5, maximum: 1 }), reason: 'empty range' },
		{ example: like({ minLength: 5, maxLength: 1 }), reason: 'empty range' },
		{ example: like({ default: 5 }), reason: 'default of another type' },
		{ example: like({ enum: ['a', 'a'] }), reason: 'twice' },
		{ example: like({ 'x-known-values': ['a', 'a'] }), reason: 'twice, in an open set' },
		{ example: like({ 'x-labels': { a: 'A' } }), reason: 'a label of nothing' },
		{
			example: like({ 'x-known-values': ['a'], 'x-labels': { b: 'B' } }),
			reason: 'a label that an open set does not show',
		},
		{
			example: like({ enum: ['a', 'b'], 'x-labels': { a: 'A' } }),
			reason: 'one label is missing',
		},
		{ example: like({ enum: ['a'], 'x-labels': { a: '' } }), reason: 'an empty label' },
		{ example: like({ enum: ['a'], 'x-labels': { a: 'A', b: 'B' } }), reason: 'one too many' },
		{
			example: like({ enum: ['a', 'b'], 'x-labels': { a: 'A', b: 'A' } }),
			reason: 'nobody can tell the two apart',
		},
	],
};

/** Nobody should type a raw id: every id input says which list it is picked from. */
export const pickedIds: Rule<FieldSchema> = {
	id: 'picked-ids',
	instruction:
		'Give the id an "x-pick" from vocabulary/pick-lists.ts, or an "x-decision" that says why no list exists.',
	fault: (field) => {
		const target = field.items ?? field;
		const pick = target['x-pick'];
		if (pick !== undefined && pick !== eventPick && pick !== recordPick && !(pick in pickLists))
			return `picks from the unknown list "${pick}"`;
		if (target['x-id'] === undefined || pick !== undefined) return null;
		return field['x-decision'] === undefined && target['x-decision'] === undefined
			? `holds the id of a ${target['x-id']} that cannot be picked`
			: null;
	},
	examples: [
		like({ 'x-id': 'plan', 'x-pick': 'plans' }),
		like({ 'x-id': 'currency', 'x-decision': 'No route lists currencies.' }),
		like({
			type: 'array',
			items: { type: 'string', 'x-id': 'currency' },
			'x-decision': 'No route lists currencies.',
		}),
		like({
			type: 'array',
			items: { type: 'string', 'x-id': 'currency', 'x-decision': 'No route lists currencies.' },
		}),
	],
	antiExamples: [
		{ example: like({ 'x-id': 'plan' }), reason: 'a raw id' },
		{ example: like({ 'x-id': 'plan', 'x-pick': 'planets' }), reason: 'no such list' },
	],
};

const formTypes = new Set(['string', 'integer', 'number', 'boolean']);

/** What a form can offer and the protocol can read: a single value, or a list of single values. */
export const formInputs: Rule<FieldSchema> = {
	id: 'form-input',
	instruction:
		'Write an input as text, a number, a flag, a choice of texts, or a list of these. No request nests anything yet: if MemberPass wants an object, make each value in it an input, and teach buildRequest (shared/protocol/src/request.ts), addBody (shared/generate/src/emitters/make/requests.ts) and the sandbox (packages/sandbox/src/validation.ts) where it goes.',
	fault: (field) => {
		const [type = 'anything', ...others] = typesOf(field);
		if (others.length > 0) return `is ${[type, ...others].join(' or ')}`;
		if (type === 'array') {
			const [item = 'anything', ...more] = typesOf(field.items ?? {});
			return formTypes.has(item) && more.length === 0 ? null : `is a list of ${item}`;
		}
		if (!formTypes.has(type)) return type === 'object' ? 'is an object' : `is ${type}`;
		return type === 'string' || field.enum === undefined ? null : `is a choice of type ${type}`;
	},
	examples: [
		like({}),
		like({ enum: ['once', 'forever'] }),
		like({ type: 'array', items: { type: 'integer' } }),
	],
	antiExamples: [
		{ example: like({ type: 'object', properties: {} }), reason: 'inputs inside an input' },
		{ example: like({ type: 'array', items: { type: 'object' } }), reason: 'a list of objects' },
		{ example: like({ type: 'array' }), reason: 'a list of anything' },
		{
			example: like({ type: 'array', items: { type: ['string', 'null'] } }),
			reason: 'a list with holes',
		},
		{ example: like({ type: ['string', 'null'] }), reason: 'left empty means not given' },
		{ example: {}, reason: 'anything at all' },
		{
			example: like({ type: 'integer', enum: [1, 2] }),
			reason: 'the choices would not be checked',
		},
	],
};
