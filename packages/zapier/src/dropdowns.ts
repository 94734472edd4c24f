import { operation, type PickList, pickLists, recordLists } from '@memberpass/catalogue';
import {
	choiceOf,
	firstPage,
	incompleteProblem,
	isJsonObject,
	pageQuery,
	type PageState,
	readOne,
	readPage,
	toWire,
	type WireOperation,
	written,
} from '@memberpass/protocol';
import type { Bundle, ZObject } from 'zapier-platform-core';

import { Failure, guarded, type Perform, problemFailure, unreadableFailure } from './failure.ts';
import { ask, openSession, orFail } from './session.ts';

/** What Zapier wants of a `choices.perform`. */
export interface Choices {
	readonly results: readonly { readonly id: string; readonly label: string }[];
	readonly paging_token: string | null;
}

const performs = new Map<PickList, Perform<Choices>>();

/** The perform of a pick list; one function for all the fields that use it. */
export function choicesFrom(list: PickList): Perform<Choices> {
	const known = performs.get(list);
	if (known !== undefined) return known;
	const perform = guarded((z, bundle) => choose(list, z, bundle));
	performs.set(list, perform);
	return perform;
}

/** One page of a list. */
async function choose(list: PickList, z: ZObject, bundle: Bundle): Promise<Choices> {
	const wire = toWire(operation(list.operation));
	const values = parentsOf(list, bundle);
	const state = readPageToken(wire, bundle.meta.paging_token);
	const session = openSession(z, bundle);
	const answer = orFail(await ask(session, wire, values, null, pageQuery(state)));
	const page = readPage(state, answer.json);
	if (page === null) throw unreadableFailure(answer.status);
	if (page.incomplete !== null) {
		const remediation = 'Try again, or enter the ID yourself.';
		throw problemFailure({ ...incompleteProblem(page.incomplete), remediation });
	}
	return {
		results: page.rows.flatMap((row) => choiceOf(list, row) ?? []),
		paging_token: page.next === null ? null : writePageToken(page.next),
	};
}

/** Input that holds the kind of a record, and the one that holds its id. */
export const recordTypeInput = 'subject_type';
export const recordInput = 'subject_id';

/** Records of the kind that was chosen above. */
export const recordChoices: Perform<Choices> = guarded(async (z, bundle) => {
	const type = written(bundle.inputData[recordTypeInput])?.trim() ?? '';
	const name = Object.hasOwn(recordLists, type) ? recordLists[type] : undefined;
	if (name === undefined) {
		throw new Failure(
			type === ''
				? 'Choose a record type first: this list depends on it. Or enter the ID yourself.'
				: `There is no list of "${type.slice(0, 50)}" records. Enter the ID yourself.`,
			'missing_parent',
		);
	}
	return await choose(pickLists[name], z, bundle);
});

/** The input of a form that names the project whose bot is offered. */
export const botProjectInput = 'bot_project';
const botStatus = toWire(operation('get_bot_status'));

/** No route lists bots, but each project tells which bot serves it: that one is offered. */
export const botChoices: Perform<Choices> = guarded(async (z, bundle) => {
	const project = written(bundle.inputData[botProjectInput]);
	if (project === null) {
		throw new Failure(
			'Choose the project that has the bot first, in the field above. Or enter the ID yourself.',
			'missing_parent',
		);
	}
	const answer = orFail(await ask(openSession(z, bundle), botStatus, { project }, null));
	const status = readOne(botStatus, answer.json);
	if (status === null) throw unreadableFailure(answer.status);
	const { bot } = status;
	const choice = isJsonObject(bot) ? choiceOf({ value: 'id', label: ['name'] }, bot) : null;
	return { results: choice === null ? [] : [choice], paging_token: null };
});

/** The input of a form that a list depends on: `project`, or the same id as `project_id`. */
export function parentOf(need: string, inputs: readonly string[]): string | null {
	return [need, `${need}_id`].find((name) => inputs.includes(name)) ?? null;
}

function parentsOf(list: PickList, bundle: Bundle): Record<string, unknown> {
	return Object.fromEntries(
		list.needs.map((need) => {
			const filled = Object.keys(bundle.inputData).filter(
				(name) => written(bundle.inputData[name]) !== null,
			);
			const name = parentOf(need, filled);
			if (name === null) {
				throw new Failure(
					`Choose a ${need} first: this list depends on it. Or enter the ID yourself.`,
					'missing_parent',
				);
			}
			return [need, bundle.inputData[name]];
		}),
	);
}

/**
 * Zapier keeps only a text between two pages. It holds what was seen, so that a server that goes in circles is
 * noticed across runs.
 */
function writePageToken({ page, cursor, collected, seen }: PageState): string {
	return JSON.stringify({ page, cursor, collected, seen });
}

function readPageToken(wire: WireOperation, token: string | null | undefined): PageState {
	const first = firstPage(wire.paging, wire.pageSize, null);
	if (token === undefined || token === null || token === '') return first;
	const stale = new Failure('This page of the list is gone. Load the list again.', 'stale_page');
	let parsed: unknown;
	try {
		parsed = JSON.parse(token);
	} catch {
		throw stale;
	}
	if (!isJsonObject(parsed)) throw stale;
	const { page, cursor, collected, seen } = parsed;
	if (typeof page !== 'number' || typeof collected !== 'number') throw stale;
	if (cursor !== null && typeof cursor !== 'string') throw stale;
	if (!Array.isArray(seen) || !seen.every((one) => typeof one === 'string')) throw stale;
	return { ...first, page, cursor, collected, seen };
}
