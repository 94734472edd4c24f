import { createHash, randomUUID } from 'node:crypto';

import { type FieldSchema, type OperationEntry, platform } from '@memberpass/catalogue';
import {
	canonicalJson,
	deriveIdempotencyKey,
	type InputValues,
	type JsonObject,
	readInput,
	typeOf,
	type WireOperation,
} from '@memberpass/protocol';
import type { Bundle } from 'zapier-platform-core';

import { inputFailure } from './failure.ts';
import { filledInputs, withoutBlanks } from './fields.ts';
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

/** Key of the input that tells two intended writes with the same values apart. */
export const deduplicationInput = 'deduplication_key';

/**
 * True where two intended writes are told apart by their values alone: what is made has a name that the user gives it.
 * A batch of access codes has none, and the second order of ten codes for a plan is as much meant as the first.
 */
export function isToldByValues({
	input,
	repeat,
}: Pick<OperationEntry, 'input' | 'repeat'>): boolean {
	if (repeat.effect !== 'creates_another') return true;
	return Object.entries(input.properties).some(
		([name, field]) => input.required?.includes(name) === true && isFreeText(field),
	);
}

/** True for a text of the user's own in the body, neither chosen from a list nor an id. */
function isFreeText(field: FieldSchema): boolean {
	return (
		field['x-in'] === 'body' &&
		typeOf(field) === 'string' &&
		field.enum === undefined &&
		field['x-id'] === undefined
	);
}

/**
 * True for a write that makes or deletes something, so that a repeat of the same run must be recognised: it would make
 * another, or fail on what it did itself. Any other write sets a state, and every run gets a key of its own: a key made
 * from the values would swallow, and report as done, the second cancellation in "cancel, take it back, cancel again"
 * and the second rotation of a secret that leaked twice.
 */
export function repeatMatters({
	repeat,
	destructive,
}: Pick<OperationEntry, 'repeat' | 'destructive'>): boolean {
	return (
		repeat.effect === 'creates_another' ||
		(repeat.effect === 'refused' && destructive !== 'reversible')
	);
}

/**
 * The idempotency key of a write. Zapier gives no id of a run, and repeats a run whose answer was lost up to 10.5
 * hours later; MemberPass replays for 24 hours. So the key is made from what is written, by whom and where: a repeat
 * is recognised, and so is, wrongly, a second intended write of the same values, unless the user maps something that
 * differs into the deduplication key. It is part of the key beside the values: two steps of one Zap may well share
 * the event that started it. Where values tell nothing the form demands it; if it arrives empty all the same, the run
 * counts: a batch too many can be deleted, one that was never made is missed by whom it was for.
 *
 * A test in the editor gets a key of its own, or it would swallow the first real run.
 */
export function idempotencyKeyOf(
	entry: OperationEntry,
	values: InputValues,
	bundle: Pick<Bundle, 'inputData' | 'meta'>,
	session: { readonly token: string; readonly origin: string },
): string {
	if (!repeatMatters(entry) || bundle.meta.isLoadingSample) return randomUUID();
	const given = withoutBlanks(bundle.inputData[deduplicationInput]);
	if (given === undefined && !isToldByValues(entry)) return randomUUID();
	return deriveIdempotencyKey([
		'zapier',
		platform.id,
		session.origin,
		entry.key,
		createHash('sha256').update(session.token).digest('hex'),
		canonicalJson(values),
		given === undefined ? '' : typeof given === 'string' ? given.trim() : canonicalJson(given),
	]);
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
