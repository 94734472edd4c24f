import type { OperationEntry } from '@memberpass/catalogue';
import {
	isEmptyAnswer,
	type JsonObject,
	ofWrite,
	readOne,
	readRows,
	toWire,
} from '@memberpass/protocol';
import type { Create, PlainInputField } from 'zapier-platform-core';

import { guarded, problemFailure, unreadableFailure } from './failure.ts';
import { asForm, formOf } from './fields.ts';
import {
	checkedInputs,
	deduplicationInput,
	doneOf,
	idempotencyKeyOf,
	isToldByValues,
	noticesOf,
	outputOf,
	repeatMatters,
	withId,
} from './operations.ts';
import { ask, openSession } from './session.ts';

/** The input that tells two intended writes apart; the user has to fill it in where their values cannot. */
function deduplicationField(entry: OperationEntry): PlainInputField {
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

/** Makes the Zapier action of an operation that writes. */
export function createOf(operation: OperationEntry): Create {
	const entry = asForm(operation);
	const wire = toWire(entry);
	// What is deleted stays deleted: a second deletion of the same thing is never intended.
	const offersKey = repeatMatters(entry) && entry.method !== 'DELETE';
	return {
		key: entry.key,
		noun: entry.noun,
		display: { label: entry.label, description: entry.summary },
		operation: {
			...formOf(entry, noticesOf(entry), offersKey ? [deduplicationField(entry)] : []),
			perform: guarded(async (z, bundle): Promise<JsonObject> => {
				const values = checkedInputs(entry, wire, bundle);
				const session = openSession(z, bundle);
				const key = idempotencyKeyOf(entry, values, bundle, session);
				const answer = await ask(session, wire, values, key);
				if (!answer.ok) throw problemFailure(ofWrite(answer.problem));
				// The write is done, whatever came back: an empty answer must not look like a failure.
				if (wire.shape === 'nothing' || isEmptyAnswer(wire, answer.json)) {
					return doneOf(entry, values);
				}
				const one = readOne(wire, answer.json);
				if (one !== null) return withId(entry, values, one, 0);
				// Several records where one is documented say that it is done, and not which of them is meant.
				if (wire.method === 'DELETE' || readRows(answer.json) !== null)
					return doneOf(entry, values);
				throw unreadableFailure(answer.status);
			}),
			...outputOf(entry),
		},
	};
}
