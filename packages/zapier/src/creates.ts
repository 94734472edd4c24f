import type { OperationEntry } from '@memberpass/catalogue';
import {
	isEmptyAnswer,
	type JsonObject,
	ofWrite,
	readOne,
	readRows,
	toWire,
} from '@memberpass/protocol';
import type { Create } from 'zapier-platform-core';

import { deduplicationField, idempotencyKeyOf, repeatMatters } from './deduplication.ts';
import { guarded, problemFailure, unreadableFailure } from './failure.ts';
import { asForm, formOf } from './fields.ts';
import { checkedInputs, doneOf, noticesOf, outputOf, withId } from './operations.ts';
import { ask, openSession } from './session.ts';

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
