import { type RouteEntry } from '@memberpass/catalogue';
import { toWire } from '@memberpass/protocol';

import type { Condition, Filter } from '../../../../../packages/make/src/blueprint.ts';
import type { AddOptions, Flow, Step } from './flow.ts';
import { call, equal, type Expression, keyword, literal, value } from './iml.ts';
import {
	encoded,
	encodedList,
	type Input,
	inputsOf,
	isUnfilled,
	listFrom,
	placeholderOf,
	typed,
	words,
} from './inputs.ts';
import { feeder, type HttpRequest, memberPassRequest, setVariables, toJson } from './modules.ts';

export interface RequestOptions {
	/**
	 * Text fields for some of the inputs, such as `value(event.out('subscriber_id'))`. Optional inputs that are not
	 * named are left out, required ones keep their placeholder. Without this: every input with its placeholder.
	 */
	readonly input?: Readonly<Record<string, string>>;
	/** Text field for the idempotency key of a write. Without it, one is made for each run. */
	readonly idempotencyKey?: string;
	/** Caption of the step that is filled in; of the request. */
	readonly captions?: { readonly fill?: string; readonly request?: string };
}

export interface RequestSteps {
	/** The variables a user fills in; null where there is nothing to fill in. */
	readonly fill: Step | null;
	/** The HTTP module. Its `data` is the answer, so that a plan's name is `out('data', 'data', 'name')`. */
	readonly request: Step;
	/** Of a list: the module that gives one bundle for each row. Null for everything else. */
	readonly rows: Step | null;
}

/** Names of the variables beside the inputs. */
const extraVariables = {
	idempotencyKey: 'idempotency_key',
	clear: 'clear',
	page: 'page',
	cursor: 'cursor',
} as const;

const extras: ReadonlySet<string> = new Set(Object.values(extraVariables));

/**
 * Adds the call of an operation: a step to fill in, a step that gives the values their types, a step that makes JSON
 * of them, and the request.
 *
 * The body goes through `json:TransformToJSON` whole, so no text that is mapped can break it, and `pick` leaves out
 * what is not filled in. The run ends before the request where a required input is missing: an empty id would turn
 * `DELETE /plans/{plan}` into `DELETE /plans/`.
 */
export function addRequest(
	flow: Flow,
	entry: RouteEntry,
	options: RequestOptions = {},
): RequestSteps {
	const inputs = chosenInputs(entry, options.input);
	const isWrite = entry.method !== 'GET';
	const pageInput = options.input === undefined ? pagingInput(entry) : null;
	const clears = options.input === undefined && inputs.some((input) => input.clearable);
	const variables = {
		...Object.fromEntries(
			inputs.map(({ name, placeholder }) => [name, options.input?.[name] ?? placeholder]),
		),
		...(clears ? { [extraVariables.clear]: clearPlaceholder(inputs) } : {}),
		...(pageInput === null ? {} : { [pageInput.name]: pageInput.placeholder }),
		...(isWrite
			? { [extraVariables.idempotencyKey]: options.idempotencyKey ?? value(keyword('uuid')) }
			: {}),
	};
	const fill =
		Object.keys(variables).length === 0
			? null
			: flow.add(setVariables(options.captions?.fill ?? `Fill in: ${entry.label}`, variables));
	const form: Form | null = fill && {
		fill,
		inputs,
		pageInput,
		clears,
		guard: filledIn(fill, inputs),
	};
	const json = form && addBody(flow, entry, form);
	const address = form && addQuery(flow, form);
	const draft = memberPassRequest({
		caption: options.captions?.request ?? entry.label,
		method: entry.method.toLowerCase() as HttpRequest['method'],
		path: path(entry, form) + query(entry, form, address),
		idempotencyKey:
			fill === null || !isWrite ? null : value(fill.out(extraVariables.idempotencyKey)),
		json: json === null ? emptyBody(entry) : value(json.out('json')),
	});
	// The steps between it and the form have been guarded already.
	const guard = json === null && address === null ? (form?.guard ?? null) : null;
	const filter = json !== null && entry.method === 'PATCH' ? somethingToChange(json) : guard;
	const request = flow.add(draft, filtered(filter));
	return {
		fill,
		request,
		rows: entry.output.shape === 'many' ? addRows(flow, entry, fill, request) : null,
	};
}

/** The step that a user fills in, and what is known of it. */
interface Form {
	readonly fill: Step;
	readonly inputs: readonly Input[];
	/** What tells which page to read. */
	readonly pageInput: Input | null;
	/** Whether it has a list of fields to empty. */
	readonly clears: boolean;
	/** Passes where every required input is filled in; null where none is. */
	readonly guard: Filter | null;
}

const filtered = (filter: Filter | null): AddOptions => (filter === null ? {} : { filter });

/** One bundle for each row. Of a find-by search only those that match: nothing says that the server filters. */
function addRows(flow: Flow, entry: RouteEntry, fill: Step | null, request: Step): Step {
	const rows = flow.add(feeder(`Each ${entry.noun}`, request.out('data', 'data')));
	const { match } = entry;
	if (match === null || fill === null) return rows;
	// What toString makes of nothing is not documented, so it gets an empty text.
	const plain = (one: Expression): string =>
		value(call('trim', call('toString', call('ifempty', one, keyword('emptystring')))));
	const fields = Object.keys(entry.output.schema.properties);
	return flow.add(
		setVariables(
			`${entry.noun} found`,
			Object.fromEntries(fields.map((name) => [name, value(rows.out(name))])),
		),
		{
			filter: {
				name: 'Only what matches',
				conditions: [
					[
						{
							a: plain(rows.out(match.field)),
							o: 'text:equal:ci',
							b: plain(fill.out(match.input)),
						},
					],
				],
			},
		},
	);
}

function chosenInputs(entry: RouteEntry, given: RequestOptions['input']): readonly Input[] {
	const all = inputsOf(entry);
	const clash = all.find(({ name }) => extras.has(name));
	if (clash !== undefined) {
		throw new Error(
			`"${entry.key}" has an input "${clash.name}", and the templates for Make call a variable of their own so. Give that another name in extraVariables (shared/generate/src/emitters/make/requests.ts).`,
		);
	}
	if (given === undefined) return all;
	const unknown = Object.keys(given).find((name) => !all.some((input) => input.name === name));
	if (unknown !== undefined) throw new Error(`"${entry.key}" has no input "${unknown}".`);
	return all.filter(({ name, required }) => required || given[name] !== undefined);
}

const clearPlaceholder = (inputs: readonly Input[]): string =>
	placeholderOf(
		`Fields to Empty, of ${inputs.flatMap((input) => (input.clearable ? input.name : [])).join(', ')}`,
		words.list,
		false,
	);

/** What tells which page to read, where a list has pages. */
function pagingInput(entry: RouteEntry): Input | null {
	const input = (name: string, label: string, kind: Input['kind']): Input => ({
		name,
		label,
		place: 'query',
		kind,
		required: false,
		placeholder: placeholderOf(label, words[kind], false),
		clearable: false,
	});
	switch (entry.output.paging) {
		case 'pages':
			return input(extraVariables.page, 'Page, the first if empty', 'whole number');
		case 'cursor':
			return input(extraVariables.cursor, 'Cursor of the next page', 'text');
		case 'limit':
		case 'none':
			return null;
	}
}

/** Passes when every required input is there, and no id in the path would lead elsewhere. */
function filledIn(fill: Step, inputs: readonly Input[]): Filter | null {
	const conditions = inputs
		.filter((input) => input.required)
		.flatMap((input): Condition[] => {
			const state = call('if', isUnfilled(fill, input), 'missing', 'filled in');
			const filled: Condition = { a: value(state), o: 'text:equal', b: 'filled in' };
			if (input.place !== 'path') return [filled];
			// "." and ".." are resolved by URL parsers even when encoded, and blank would be another route.
			const elsewhere = '^\\s*\\.{0,2}\\s*$';
			return [filled, { a: value(fill.out(input.name)), o: 'text:notpattern', b: elsewhere }];
		});
	return conditions.length === 0
		? null
		: { name: 'Every required field is filled in', conditions: [conditions] };
}

function addBody(flow: Flow, entry: RouteEntry, form: Form): Step | null {
	const { fill, clears, guard } = form;
	const fields = form.inputs.filter((input) => input.place === 'body');
	if (fields.length === 0) return null;
	const body = flow.add(
		setVariables(
			'Body, with types',
			Object.fromEntries(fields.map((input) => [input.name, value(typed(fill, input))])),
		),
		filtered(guard),
	);
	const cleared = (input: Input): Expression =>
		call(
			'if',
			call('contains', listFrom(fill.out(extraVariables.clear)), input.name),
			input.name,
			keyword('emptystring'),
		);
	const names = fields.map((input) =>
		input.required
			? literal(input.name)
			: call(
					'if',
					isUnfilled(fill, input),
					clears && input.clearable ? cleared(input) : keyword('emptystring'),
					input.name,
				),
	);
	return flow.add(toJson(`Body of ${entry.label}, as JSON`, call('pick', body.all, ...names)));
}

/** A body is never left out of a POST: the HTTP module wants to know its kind. A PATCH has something to change. */
function emptyBody(entry: RouteEntry): string | null {
	return entry.method === 'POST' ? '{}' : null;
}

const somethingToChange = (json: Step): Filter => ({
	name: 'At least one field to change',
	conditions: [[{ a: value(json.out('json')), o: 'text:notequal', b: '{}' }]],
});

function path(entry: RouteEntry, form: Form | null): string {
	return entry.path.replace(/\{([^{}]+)\}/g, (_, name: string) => {
		const input = form?.inputs.find((one) => one.name === name);
		if (form === null || input === undefined) throw new Error(`"${name}" is in no input.`);
		return value(encoded(form.fill, input));
	});
}

/**
 * The query is text in the address: a row of `queryParameters` cannot be left out when it is empty, and cannot be
 * repeated for each element of a list.
 */
function query(entry: RouteEntry, form: Form | null, address: Step | null): string {
	const always = fixedPaging(entry);
	if (form === null) return always.length === 0 ? '' : `?${always.join('&')}`;
	const { fill, inputs, pageInput } = form;
	const parts = [
		...always,
		...inputs.filter(isAlwaysSent).map((input) => `${input.name}=${value(encoded(fill, input))}`),
		...(pageInput?.name === extraVariables.page
			? [`page=${value(pageNumber(fill, pageInput))}`]
			: []),
	];
	const optional =
		address === null ? [] : sentIfGiven(form).map(({ name }) => value(address.out(name)));
	return parts.length + optional.length === 0 ? '' : `?${parts.join('&')}${optional.join('')}`;
}

const isAlwaysSent = ({ place, required, kind }: Input): boolean =>
	place === 'query' && required && kind !== 'list';

const sentIfGiven = ({ inputs, pageInput }: Form): readonly Input[] => [
	...inputs.filter((input) => input.place === 'query' && !isAlwaysSent(input)),
	...(pageInput?.name === extraVariables.cursor ? [pageInput] : []),
];

/** Each optional part of the address, as `&name=value` or as nothing at all. */
function addQuery(flow: Flow, form: Form): Step | null {
	const fields = sentIfGiven(form);
	if (fields.length === 0) return null;
	return flow.add(
		setVariables(
			'Optional parts of the address',
			Object.fromEntries(fields.map((input) => [input.name, optionalPart(form.fill, input)])),
		),
		filtered(form.guard),
	);
}

function optionalPart(fill: Step, input: Input): string {
	// MemberPass reads name[]=a&name[]=b.
	const name = `&${input.name}${input.kind === 'list' ? '%5B%5D' : ''}=`;
	const given = input.kind === 'list' ? encodedList(fill, input, name) : encoded(fill, input);
	const empty = keyword('emptystring');
	return value(call('if', equal(given, empty), empty, name)) + value(given);
}

const pageNumber = (fill: Step, input: Input): Expression =>
	call(
		'if',
		isUnfilled(fill, input),
		'1',
		call('encodeURL', call('trim', call('toString', fill.out(input.name)))),
	);

function fixedPaging(entry: RouteEntry): readonly string[] {
	const { paging, pageSize } = toWire(entry);
	switch (paging) {
		case 'pages':
			return [`limit=${pageSize}`, `per_page=${pageSize}`];
		case 'cursor':
		case 'limit':
			return [`limit=${pageSize}`];
		case 'none':
			return [];
	}
}
