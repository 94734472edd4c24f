import type { FieldSchema, OperationEntry } from '@memberpass/catalogue';
import {
	type InputValues,
	isEmptyAnswer,
	type JsonObject,
	readOne,
	toWire,
	type WireOperation,
} from '@memberpass/protocol';
import type { Bundle, PlainInputField, Search } from 'zapier-platform-core';

import { Failure, guarded, unreadableFailure } from './failure.ts';
import { asForm, formOf, withoutBlanks } from './fields.ts';
import { checkedInputs, noticesOf, outputOf, withId } from './operations.ts';
import { bestFirst, mayLeaveOut } from './ranking.ts';
import { ask, openSession, orFail, readRowsOf, type Session } from './session.ts';

const limitInput = 'limit';

/** Makes the Zapier search of an operation that reads. */
export function searchOf(operation: OperationEntry): Search {
	const entry = asForm(operation);
	const wire = toWire(entry);
	const isList = wire.shape === 'many' && wire.match === null;
	return {
		key: entry.key,
		noun: entry.noun,
		display: { label: entry.label, description: entry.summary },
		operation: {
			...formOf(
				entry,
				[...noticesOf(entry), ...rankingNotice(entry)],
				isList ? [limitField(wire)] : [],
			),
			perform: guarded(async (z, bundle) => {
				const values = checkedInputs(entry, wire, bundle);
				const wanted = isList ? readLimit(bundle, wire) : null;
				const session = openSession(z, bundle);
				const rows =
					wire.shape === 'many'
						? await findMany(session, entry, wire, values, wanted)
						: await findOne(session, wire, values);
				return rows.map((row, position) => withId(entry, values, row, position));
			}),
			...outputOf(entry),
		},
	};
}

/** A later step acts on the first result, which must not be taken for the one that was meant. */
function rankingNotice({ input }: OperationEntry): readonly string[] {
	return Object.values<FieldSchema>(input.properties).some((field) => field['x-part-of'])
		? [
				'Exact matches come first. Without one, the first result only contains your search text: check it before a later step changes anything.',
			]
		: [];
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
	const given = withoutBlanks(bundle.inputData[limitInput]);
	if (given === undefined) return wire.pageSize;
	const isScalar = typeof given === 'string' || typeof given === 'number';
	const written = isScalar ? String(given).trim() : '';
	const limit = Number(written);
	if (!/^\d+$/.test(written) || limit < 1 || limit > wire.pageSize) {
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
	entry: OperationEntry,
	wire: WireOperation,
	values: InputValues,
	wanted: number | null,
): Promise<readonly JsonObject[]> {
	// However few are wanted: the best match may stand behind others, and what does not match takes no place.
	const asked = mayLeaveOut(entry, values) ? wire.pageSize : wanted;
	const page = await rowsOf(session, wire, values, asked);
	const matching = bestFirst(entry, values, page);
	// A server that ignores the filter fills the page with others; only a list read to its end holds nothing.
	const rows =
		matching.length === 0 && page.length === asked
			? bestFirst(entry, values, await rowsOf(session, wire, values, null))
			: matching;
	return wanted === null ? rows : rows.slice(0, wanted);
}

async function rowsOf(
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
	if (isEmptyAnswer(wire, answer.json)) return [];
	const one = readOne(wire, answer.json);
	if (one === null) throw unreadableFailure(answer.status);
	return [one];
}
