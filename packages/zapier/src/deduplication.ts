import { createHash, randomUUID } from 'node:crypto';

import { type FieldSchema, type OperationEntry, platform, typeOf } from '@memberpass/catalogue';
import { canonicalJson, deriveIdempotencyKey, type InputValues } from '@memberpass/protocol';
import type { Bundle, PlainInputField } from 'zapier-platform-core';

import { withoutBlanks } from './fields.ts';

/** Key of the input that tells two intended writes with the same values apart. */
const deduplicationInput = 'deduplication_key';

/** The input that tells two intended writes apart; the user has to fill it in where their values cannot. */
export function deduplicationField(entry: OperationEntry): PlainInputField {
	const required = !isToldByValues(entry);
	return {
		key: deduplicationInput,
		label: 'Deduplication Key',
		type: 'string',
		required,
		helpText: required
			? 'Map something here that differs each time, such as the Event ID or record ID from the trigger. If this step runs again with the same key and the same values within 24 hours, nothing is written a second time: you get the first result.'
			: 'If this step runs again with the same values within 24 hours, nothing is written a second time: you get the first result, even if it was deleted since. To allow a second write, map something here that differs each time, such as the Event ID from the trigger.',
	};
}

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
