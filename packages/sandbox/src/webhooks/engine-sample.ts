import { eventByType, type FieldSchema } from '@memberpass/catalogue';

import type { Switches } from '../switches.ts';

/** The `data` of a made-up event, from the examples of the catalogue. Empty for a type the catalogue does not know. */
export function sampleData(type: string, shape: Switches['eventShape']): Record<string, unknown> {
	const entry = eventByType(type);
	if (entry === undefined) return {};
	const variant = entry.variants.find(
		({ name }) => name === shape || (shape === 'nested' && name === 'family'),
	);
	return sampleObject((variant ?? entry).data);
}

function sampleObject(schema: Pick<FieldSchema, 'properties'>): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(schema.properties ?? {})
			// Keys that the projections add are on no wire.
			.filter(([, field]) => field['x-derived'] !== true)
			.map(([name, field]) => [name, sample(field)]),
	);
}

function sample(field: FieldSchema): unknown {
	if (field.properties !== undefined) return sampleObject(field);
	const [example] = field.examples ?? [];
	if (example !== undefined) return example;
	if (field.items !== undefined) return [sample(field.items)];
	if (field.const !== undefined) return field.const;
	const [first] = field.enum ?? [];
	if (first !== undefined) return first;
	return Array.isArray(field.type) || field.type === undefined ? null : empty[String(field.type)];
}

const empty: Readonly<Record<string, unknown>> = {
	string: '',
	integer: 0,
	number: 0,
	boolean: false,
	object: {},
};
