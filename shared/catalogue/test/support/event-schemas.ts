import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import type { FieldSchema } from '../../src/schema.ts';

/** What MemberPass's pages say about one event, extracted from them independently of the catalogue. */
export interface DocumentedEvent {
	readonly label: string;
	readonly zapierKey: string;
	readonly n8nLabel: string;
	readonly ability: string;
	readonly alsoNeeds: readonly string[];
	readonly page: string;
	/** How many further samples of `data` other pages show. */
	readonly alternatives: number;
	readonly fields: Readonly<Record<string, DocumentedField>>;
}

export interface DocumentedField {
	readonly type: string;
	readonly nullable: boolean;
	readonly optional: boolean;
	readonly format?: string;
	/** True where the page calls it an id. */
	readonly id?: boolean;
	/** Values the page lists. */
	readonly values?: readonly string[];
}

export const documented = JSON.parse(
	readFileSync(join(__dirname, '..', 'documented-events.json'), 'utf8'),
) as Readonly<Record<string, DocumentedEvent>>;

/** A field with its dotted path below `data`; the items of a list are `path[]`. */
export interface PlacedField {
	readonly path: string;
	readonly field: FieldSchema;
	/** Whether its parent requires it. */
	readonly required: boolean;
}

/** All fields of an object schema at every depth. */
export function fieldsOf(schema: FieldSchema, prefix = ''): PlacedField[] {
	return Object.entries(schema.properties ?? {}).flatMap(([key, field]) => {
		const path = `${prefix}${key}`;
		const required = schema.required?.includes(key) ?? false;
		const item =
			field.items === undefined
				? []
				: [
						{ path: `${path}[]`, field: field.items, required: true },
						...fieldsOf(field.items, `${path}[].`),
					];
		return [{ path, field, required }, ...fieldsOf(field, `${path}.`), ...item];
	});
}

/** True for a field that holds a value rather than further named fields. */
export const isLeaf = (field: FieldSchema): boolean => field.properties === undefined;

/** The types of a field without null. */
export function typesOf(field: FieldSchema): string[] {
	const types = typeof field.type === 'string' ? [field.type] : [...(field.type ?? [])];
	return types.filter((type) => type !== 'null');
}

export const isNullable = (field: FieldSchema): boolean =>
	Array.isArray(field.type) && field.type.includes('null');

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);

/** What is wrong with a value under a schema, one line a fault; empty when it fits. */
export function faults(schema: object, value: unknown): string[] {
	const validate = ajv.compile(schema);
	return validate(value)
		? []
		: (validate.errors ?? []).map((error) => `${error.instancePath || '(root)'} ${error.message}`);
}
