import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';

import { pickLists } from '../MemberPass/lists';
import { operations } from '../MemberPass/operations';
import { platform } from '../platform';
import { unreadableProblem } from '../protocol/errors';
import type { InputValues } from '../protocol/input';
import { firstPage, pageQuery, type PageState, readPage } from '../protocol/pagination';
import { isJsonObject, type JsonObject, type WireOperation } from '../protocol/wire';
import { type Account, callApi, editorPolicy, listApi, readAccount } from './api';
import { plainValue } from './parameters';
import { apiError, operationError } from './problems';
import { type NodeOperation, type PickList, placeOf, wireOf } from './types';

/** Pages looked through for one answer, where the server cannot search. */
const pagesPerSearch = 5;

/** One page of a list that an id is picked from. */
export async function searchList(
	context: ILoadOptionsFunctions,
	name: string,
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const { list, wire } = sourceOf(context, name);
	const words = filter?.trim() ?? '';
	const values = {
		...neededValues(context, list, wire),
		...(list.search === undefined ? {} : { [list.search]: words }),
	};
	const account = await readAccount(context);
	let state = readToken(paginationToken) ?? firstPage(wire.paging, wire.pageSize, null);
	const results: INodeListSearchResult['results'] = [];
	for (let page = 1; ; page++) {
		const read = await readOnePage(context, wire, values, state, account);
		const options = optionsOf(list, read.rows);
		// The server has searched its own fields; narrowing again by the label would drop what it found there.
		const isFound = list.search === undefined ? matches(words) : () => true;
		results.push(...options.filter((option) => isFound(option.name)));
		if (read.next === null) return { results };
		if (results.length > 0 || page >= pagesPerSearch) {
			return { results, paginationToken: JSON.stringify(read.next) };
		}
		state = read.next;
	}
}

/** A whole list, for a field that takes several ids. */
export async function loadList(
	context: ILoadOptionsFunctions,
	name: string,
): Promise<INodePropertyOptions[]> {
	const { list, wire } = sourceOf(context, name);
	const result = await listApi(context, wire, neededValues(context, list, wire), {
		account: await readAccount(context),
		policy: editorPolicy,
		itemIndex: null,
		wanted: null,
	});
	if (!result.ok) throw apiError(context.getNode(), result.problem, null);
	return optionsOf(list, result.rows);
}

function sourceOf(
	context: ILoadOptionsFunctions,
	name: string,
): { readonly list: PickList; readonly wire: WireOperation } {
	const list = pickLists[name];
	const source = list === undefined ? undefined : operations[list.operation];
	if (list === undefined || source === undefined) {
		throw operationError(context.getNode(), `There is no list "${name}".`, null, null);
	}
	return { list, wire: wireOf(source) };
}

async function readOnePage(
	context: ILoadOptionsFunctions,
	wire: WireOperation,
	values: InputValues,
	state: PageState,
	account: Account,
) {
	const result = await callApi(context, wire, values, {
		account,
		policy: editorPolicy,
		itemIndex: null,
		idempotencyKey: null,
		page: pageQuery(state),
	});
	if (!result.ok) throw apiError(context.getNode(), result.problem, null);
	const page = readPage(state, result.json);
	if (page !== null) return page;
	throw apiError(context.getNode(), unreadableProblem(result.status, platform), null);
}

/** The token comes back from the browser: anything that is no page state starts the list anew. */
function readToken(token: string | undefined): PageState | null {
	try {
		const state: unknown = JSON.parse(String(token));
		const isState =
			isJsonObject(state) && Array.isArray(state['seen']) && typeof state['page'] === 'number';
		return isState ? (state as unknown as PageState) : null;
	} catch {
		return null;
	}
}

/** What can be picked; a row without an ID cannot. */
function optionsOf(list: PickList, rows: readonly JsonObject[]): { name: string; value: string }[] {
	return rows
		.filter((row) => isShowable(row[list.value]))
		.map((row) => {
			const value = String(row[list.value]);
			const words = list.label.map((key) => row[key]).filter(isShowable);
			return { name: words.length === 0 ? value : words.join(' · '), value };
		});
}

const isShowable = (one: unknown): boolean =>
	(typeof one === 'string' && one !== '') || typeof one === 'number';

const matches = (words: string) => {
	const wanted = words.toLowerCase();
	return (name: string): boolean => name.toLowerCase().includes(wanted);
};

/** The inputs of the same form that a list depends on: plans are those of the chosen project. */
function neededValues(
	context: ILoadOptionsFunctions,
	list: PickList,
	wire: WireOperation,
): InputValues {
	return Object.fromEntries(
		list.needs.map((need) => {
			const value = currentValue(context, need);
			const label = wire.fields.find((field) => field.name === need)?.label ?? need;
			if (value !== null) return [need, value];
			// In one text: of a mistake that is no answer of MemberPass the editor shows the message only.
			throw operationError(
				context.getNode(),
				`Choose a value for '${label}' first. If it is an expression, enter an ID here as well.`,
				null,
				null,
			);
		}),
	);
}

function currentValue(context: ILoadOptionsFunctions, need: string): string | null {
	const operation = currentOperation(context);
	const field = operation?.fields[need] ?? operation?.fields[`${need}_id`];
	if (operation === undefined || field === undefined) return null;
	const place = placeOf(field, context.getNode().typeVersion);
	const path = place === 'top' ? field.parameter : `${operation.collection}.${field.parameter}`;
	const value = plainValue(context.getCurrentNodeParameter(path));
	// The editor hands expressions over unresolved.
	return typeof value === 'string' && value.trim() !== '' && !value.startsWith('=')
		? value.trim()
		: null;
}

function currentOperation(context: ILoadOptionsFunctions): NodeOperation | undefined {
	const resource = context.getCurrentNodeParameter('resource');
	const name = context.getCurrentNodeParameter('operation');
	const key = `${String(resource)}.${String(name)}`;
	return Object.hasOwn(operations, key) ? operations[key] : undefined;
}
