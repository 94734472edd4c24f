import type {
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';

import { pickLists, recordLists } from '../MemberPass/lists';
import { operations } from '../MemberPass/operations';
import { platform } from '../platform';
import { choiceOf, written } from '../protocol/choice';
import { incompleteProblem, unreadableProblem } from '../protocol/errors';
import type { InputValues } from '../protocol/input';
import { firstPage, pageQuery, type PageState, readPage } from '../protocol/pagination';
import { isJsonObject, type JsonObject, type WireOperation } from '../protocol/wire';
import { type Account, callApi, editorPolicy, listApi, readAccount } from './api';
import { plainValue } from './parameters';
import { apiError, operationError } from './problems';
import { type NodeOperation, type PickList, placeOf, wireOf } from './types';

/** Pages looked through for one answer: of the whole list, and where something is searched. */
const pagesOfList = 5;
const pagesPerSearch = 20;

/**
 * Rows that more than fill the box of n8n's editor. With a search text the editor asks for more only when somebody
 * scrolls (read in 2.41.1), so what is left for later in a box that does not scroll is never seen.
 */
const fullBox = 20;

/** What to do where a list cannot be shown whole, in a field with one value and in one with several. */
const enterId = 'Try again, or choose "By ID" and enter the ID.';
const enterIds = 'Try again, or enter the IDs in an expression.';

/** What is searched: the list of one project, for example. */
interface Part {
	/** What tells the rows of this part from those of others. */
	readonly label: string | null;
	readonly values: InputValues;
}

/** Where a search goes on: the number of a part, and a page in it. */
interface Position {
	readonly part: number;
	readonly page: PageState;
}

/** One page of a list that an id is picked from. */
export async function searchList(
	context: ILoadOptionsFunctions,
	name: string,
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const source = sourceOf(context, name);
	const values = neededValues(context, source.list, source.wire);
	return await search(context, source, [{ label: null, values }], filter, paginationToken);
}

/** The same for a form without a project: the lists of all of them, each row with the name of its project. */
export async function searchAllProjects(
	context: ILoadOptionsFunctions,
	name: string,
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const projects = await loadList(context, 'projects', enterId);
	const parts = projects.map(({ name: label, value }) => ({ label, values: { project: value } }));
	return await search(context, sourceOf(context, name), parts, filter, paginationToken);
}

/** Records of the kind that the form names. */
export async function searchRecords(
	context: ILoadOptionsFunctions,
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const kind = currentValue(context, 'subject_type');
	if (kind === null) throw chooseFirst(context, 'Record Type');
	const name = Object.hasOwn(recordLists, kind) ? recordLists[kind] : undefined;
	if (name === undefined) {
		const message = 'There is no list of records of this type. Enter the ID of the record instead.';
		throw operationError(context.getNode(), message, null, null);
	}
	const { list } = sourceOf(context, name);
	const searched = list.needs.includes('project') ? searchAllProjects : searchList;
	return await searched(context, name, filter, paginationToken);
}

/**
 * Goes through the parts until something is found, and on until the box is full where it was searched for. Several
 * parts are read at once, because older editors whose list does not fill its box never ask for more.
 */
async function search(
	context: ILoadOptionsFunctions,
	{ list, wire }: Source,
	parts: readonly Part[],
	filter: string | undefined,
	paginationToken: string | undefined,
): Promise<INodeListSearchResult> {
	const words = filter?.trim() ?? '';
	const isSearch = words !== '';
	const searched = list.search === undefined ? {} : { [list.search]: words };
	// The server has searched its own fields; narrowing again by the label would drop what it found there.
	const isFound = list.search === undefined ? matches(words) : () => true;
	const from = readPosition(paginationToken);
	const account = await readAccount(context);
	const start = firstPage(wire.paging, wire.pageSize, null);
	const results: INodeListSearchResult['results'] = [];
	let { part, page } = from ?? { part: 0, page: start };
	for (let pages = 0; ; pages++) {
		const current = parts[part];
		if (current === undefined) return { results };
		const isLast = pages >= (isSearch ? pagesPerSearch : pagesOfList);
		const isEnough = isSearch ? results.length >= fullBox : page !== start && results.length > 0;
		if (isLast && isSearch && from === null && results.length === 0) throw notFound(context);
		if (isLast || isEnough) {
			return { results, paginationToken: JSON.stringify({ part, page } satisfies Position) };
		}
		const values = { ...current.values, ...searched };
		const read = await readOnePage(context, wire, values, page, account);
		const options = optionsOf(list, read.rows, current.label);
		results.push(...options.filter(isFound));
		part += read.next === null ? 1 : 0;
		page = read.next ?? start;
	}
}

/** A whole list, for a field that takes several ids. */
export async function loadList(
	context: ILoadOptionsFunctions,
	name: string,
	instead = enterIds,
): Promise<INodePropertyOptions[]> {
	const { list, wire } = sourceOf(context, name);
	const result = await listApi(context, wire, neededValues(context, list, wire), {
		account: await readAccount(context),
		policy: editorPolicy,
		itemIndex: null,
		wanted: null,
	});
	if (result.ok) return optionsOf(list, result.rows, null);
	const { problem } = result;
	const told = problem.kind === 'incomplete' ? { ...problem, remediation: instead } : problem;
	throw apiError(context.getNode(), told, null);
}

interface Source {
	readonly list: PickList;
	readonly wire: WireOperation;
}

function sourceOf(context: ILoadOptionsFunctions, name: string): Source {
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
	if (page === null) {
		throw apiError(context.getNode(), unreadableProblem(result.status, platform), null);
	}
	if (page.incomplete === null) return page;
	// Whoever misses a record in a list that looks whole takes it for deleted.
	const problem = { ...incompleteProblem(page.incomplete), remediation: enterId };
	throw apiError(context.getNode(), problem, null);
}

/** The token comes back from the browser: anything that is no position starts the list anew. */
function readPosition(token: string | undefined): Position | null {
	try {
		const position: unknown = JSON.parse(String(token));
		const { part, page } = isJsonObject(position) ? position : {};
		const isState =
			isJsonObject(page) && Array.isArray(page['seen']) && typeof page['page'] === 'number';
		return typeof part === 'number' && isState
			? { part, page: page as unknown as PageState }
			: null;
	} catch {
		return null;
	}
}

/** What can be picked, with what tells it from the rows of other parts. */
function optionsOf(
	list: PickList,
	rows: readonly JsonObject[],
	whose: string | null,
): { name: string; value: string }[] {
	return rows
		.flatMap((row) => choiceOf(list, row) ?? [])
		.map(({ id, label }) => ({ name: whose === null ? label : `${label} (${whose})`, value: id }));
}

/** An option with the words in its label, or with the very id. Composed and decomposed letters are the same. */
const matches = (words: string) => {
	const wanted = folded(words);
	return ({ name, value }: INodePropertyOptions): boolean =>
		folded(name).includes(wanted) || value === words;
};

const folded = (text: string): string => text.normalize('NFC').toLowerCase();

/** "No results" would be a guess where the list goes on. */
function notFound(context: ILoadOptionsFunctions) {
	const message = `Nothing was found on the first ${pagesPerSearch} pages of this list. Choose "By ID" and enter the ID.`;
	return operationError(context.getNode(), message, null, null);
}

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
			throw chooseFirst(context, label);
		}),
	);
}

/** In one text: of a mistake that is no answer of MemberPass the editor shows the message only. */
function chooseFirst(context: ILoadOptionsFunctions, label: string) {
	return operationError(
		context.getNode(),
		`Choose a value for '${label}' first. If it is an expression, enter an ID here as well.`,
		null,
		null,
	);
}

function currentValue(context: ILoadOptionsFunctions, need: string): string | null {
	const operation = currentOperation(context);
	const field = operation?.fields[need] ?? operation?.fields[`${need}_id`];
	if (operation === undefined || field === undefined) return null;
	const place = placeOf(field, context.getNode().typeVersion);
	const path = place === 'top' ? field.parameter : `${operation.collection}.${field.parameter}`;
	const value = written(plainValue(context.getCurrentNodeParameter(path)));
	// The editor hands expressions over unresolved.
	return value === null || value.startsWith('=') ? null : value.trim();
}

function currentOperation(context: ILoadOptionsFunctions): NodeOperation | undefined {
	const resource = context.getCurrentNodeParameter('resource');
	const name = context.getCurrentNodeParameter('operation');
	const key = `${String(resource)}.${String(name)}`;
	return Object.hasOwn(operations, key) ? operations[key] : undefined;
}
