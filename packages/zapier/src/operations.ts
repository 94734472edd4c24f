import type { FieldSchema, OperationEntry } from '@memberpass/catalogue';
import {
	type InputValues,
	type JsonObject,
	readInput,
	type WireOperation,
} from '@memberpass/protocol';
import type { Bundle } from 'zapier-platform-core';

import { inputFailure } from './failure.ts';
import { filledInputs } from './fields.ts';
import { outputFieldsOf, sampleOf, withIdFirst } from './output.ts';

/** What creates and searches have in common. */

/** Checks the inputs of a run, or says everything that is wrong with them. */
export function checkedInputs(
	entry: OperationEntry,
	wire: WireOperation,
	bundle: Pick<Bundle, 'inputData'>,
): InputValues {
	const input = readInput(wire, filledInputs(entry, bundle));
	if (!input.ok) throw inputFailure(input.problems);
	return input.values;
}

/** Sample and labels of what an operation gives. */
export function outputOf(entry: OperationEntry) {
	const schema =
		entry.output.shape === 'nothing'
			? withIdFirst(
					{
						type: 'object',
						properties: {
							[doneKey(entry)]: { type: 'boolean', title: doneLabel(entry) },
						},
						required: [doneKey(entry)],
					},
					`${entry.noun} ID`,
					exampleIdOf(entry),
				)
			: withIdFirst(entry.output.schema, 'Result ID', exampleIdOf(entry));
	return { sample: sampleOf(schema), outputFields: outputFieldsOf(schema) };
}

/** What an operation gives that MemberPass answers with an empty body. */
export function doneOf(entry: OperationEntry, values: InputValues): JsonObject {
	return { id: subjectOf(entry, values), [doneKey(entry)]: true };
}

function doneKey(entry: OperationEntry): string {
	return entry.method === 'DELETE' ? 'deleted' : 'done';
}

function doneLabel(entry: OperationEntry): string {
	return entry.method === 'DELETE' ? 'Deleted' : 'Done';
}

/**
 * A result with an `id`, which Zapier needs to tell results apart. Where MemberPass sends none: the id of what the
 * row is about, else a name for the question itself, the same whenever the same is asked.
 */
export function withId(
	entry: OperationEntry,
	values: InputValues,
	row: JsonObject,
	position: number,
): JsonObject {
	const { id } = row;
	if ((typeof id === 'string' && id !== '') || typeof id === 'number') return row;
	const [own] =
		Object.entries(entry.output.schema.properties).find(
			([name, field]) => isOwnId(field) && typeof row[name] === 'string' && row[name] !== '',
		) ?? [];
	const found =
		own === undefined
			? [
					entry.key,
					...Object.values(values).flat().map(String),
					...(position > 0 ? [position] : []),
				]
					.join(':')
					.slice(0, 200)
			: row[own];
	// First, where the sample has it, and whatever the row holds there.
	return { ...{ id: found, ...row }, id: found };
}

/** True for a key of a result that says which thing the result is about. */
function isOwnId(field: FieldSchema): boolean {
	return field['x-id'] !== undefined;
}

/** The input that the path ends with: the plan of `/projects/{project}/plans/{plan}`. Empty where it has none. */
function lastInPath({ path }: OperationEntry): string {
	return [...path.matchAll(/\{([^{}]+)\}/g)].at(-1)?.[1] ?? '';
}

function subjectOf(entry: OperationEntry, values: InputValues): string {
	const value = values[lastInPath(entry)];
	return typeof value === 'string' || typeof value === 'number' ? String(value) : entry.key;
}

function exampleIdOf(entry: OperationEntry): string {
	const own = Object.values(entry.output.schema.properties).find(isOwnId);
	const subject = entry.input.properties[lastInPath(entry)];
	const example = own?.examples?.[0] ?? subject?.examples?.[0];
	return typeof example === 'string' ? example : entry.key;
}

/** What to know before an operation is run. */
export function noticesOf(entry: OperationEntry): readonly string[] {
	const undone =
		entry.destructive === 'irreversible' &&
		!entry.caveats.some((text) => /cannot be undone/i.test(text))
			? ['This cannot be undone.']
			: [];
	return [...undone, ...entry.caveats];
}
