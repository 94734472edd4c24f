import { type OperationEntry, platform } from '@memberpass/catalogue';
import {
	type InputValues,
	type JsonObject,
	readOne,
	toWire,
	unreadableProblem,
	type WireOperation,
} from '@memberpass/protocol';
import type { Bundle, PlainInputField, Search } from 'zapier-platform-core';

import { Failure, guarded, problemFailure } from './failure.ts';
import { formOf } from './fields.ts';
import { checkedInputs, isEmptyAnswer, noticeOf, outputOf, withId } from './operations.ts';
import { ask, openSession, orFail, readRowsOf, type Session } from './session.ts';

const limitInput = 'limit';

/** Makes the Zapier search of an operation that reads. */
export function searchOf(entry: OperationEntry): Search {
	const wire = toWire(entry);
	const isList = wire.shape === 'many' && wire.match === null;
	return {
		key: entry.key,
		noun: entry.noun,
		display: { label: entry.label, description: entry.summary },
		operation: {
			...formOf(entry, noticeOf(entry), isList ? [limitField(wire)] : []),
			perform: guarded(async (z, bundle) => {
				const values = checkedInputs(entry, wire, bundle);
				const wanted = isList ? readLimit(bundle, wire) : null;
				const session = openSession(z, bundle);
				const rows =
					wire.shape === 'many'
						? await findMany(session, wire, values, wanted)
						: await findOne(session, wire, values);
				return rows.map((row, position) => withId(entry, values, row, position));
			}),
			...outputOf(entry),
		},
	};
}

function limitField(wire: WireOperation): PlainInputField {
	return {
		key: limitInput,
		label: 'Maximum Results',
		type: 'integer',
		required: false,
		helpText: `How many results to return at most, from 1 to ${wire.pageSize}. Leave empty for ${wire.pageSize}.`,
	};
}

/** A page at most: a Zap works on the first result, and more would not fit the 30 seconds of a step. */
function readLimit(bundle: Bundle, wire: WireOperation): number {
	const given = bundle.inputData[limitInput];
	if (given === undefined || given === null || given === '') return wire.pageSize;
	const limit =
		typeof given === 'number'
			? given
			: typeof given === 'string' && /^\d{1,6}$/.test(given.trim())
				? Number(given)
				: Number.NaN;
	if (!Number.isInteger(limit) || limit < 1 || limit > wire.pageSize) {
		throw new Failure(
			`'Maximum Results' must be a whole number from 1 to ${wire.pageSize}.`,
			'invalid_input',
		);
	}
	return limit;
}

/** Nothing found is an empty result, never an error: a Zap decides itself what to do then. */
async function findMany(
	session: Session,
	wire: WireOperation,
	values: InputValues,
	wanted: number | null,
): Promise<readonly JsonObject[]> {
	const result = await readRowsOf(session, wire, values, wanted);
	if (!result.ok && result.problem.kind === 'not_found') return [];
	return orFail(result).rows;
}

async function findOne(
	session: Session,
	wire: WireOperation,
	values: InputValues,
): Promise<readonly JsonObject[]> {
	const result = await ask(session, wire, values, null);
	if (!result.ok && result.problem.kind === 'not_found') return [];
	const answer = orFail(result);
	if (isEmptyAnswer(answer.json)) return [];
	const one = readOne(wire, answer.json);
	if (one === null) {
		throw problemFailure(
			unreadableProblem({ status: answer.status, headers: {}, body: '' }, platform),
		);
	}
	return [one];
}
