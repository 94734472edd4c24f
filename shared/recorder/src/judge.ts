import type { RouteEntry } from '@memberpass/catalogue';
import { isJsonObject, type JsonObject, matchingRows } from '@memberpass/protocol';

import {
	eventFaults,
	isWord,
	refusalFaults,
	safeKey,
	type ShapeFault,
	shapeFaults,
	typeName,
} from './shape.ts';
import type { Attempt, Captured, Difference, Observation } from './types.ts';

/** The status that an operation's success has in the committed recordings. */
export type Baseline = ReadonlyMap<string, number>;

/** Collects differences: the same one in a hundred rows is one line with a count. */
export class Judge {
	readonly #differences = new Map<string, Difference>();
	readonly #observations = new Map<string, Observation>();
	readonly #baseline: Baseline;

	constructor(baseline: Baseline) {
		this.#baseline = baseline;
	}

	get differences(): readonly Difference[] {
		return [...this.#differences.values()].sort(
			(a, b) =>
				compare(a.kind, b.kind) || compare(a.subject, b.subject) || compare(a.where, b.where),
		);
	}

	get observations(): readonly Observation[] {
		return [...this.#observations.values()];
	}

	add(subject: string, fault: ShapeFault): void {
		const id = JSON.stringify([subject, fault]);
		const count = (this.#differences.get(id)?.count ?? 0) + 1;
		this.#differences.set(id, { ...fault, subject, count });
	}

	observe(topic: string, subject: string, seen: string): void {
		this.#observations.set(JSON.stringify([topic, subject, seen]), { topic, subject, seen });
	}

	/** Judges every answer of an attempt. */
	judge(attempt: Attempt): void {
		const { entry, exchanges, outcome } = attempt;
		for (const exchange of exchanges) {
			this.#headers(exchange);
			const body = parse(exchange.body);
			if (exchange.status >= 200 && exchange.status < 300) this.#success(entry, exchange, body);
			else {
				for (const fault of refusalFaults(exchange.status, body)) this.add(entry.key, fault);
			}
		}
		if (outcome.ok) this.#filter(attempt);
	}

	/** Judges a delivery: its event and its headers. */
	delivery(headers: Readonly<Record<string, string>>, event: JsonObject, idHeader: string): void {
		this.event(event);
		const id = event['id'];
		const header = Object.entries(headers).find(
			([name]) => name.toLowerCase() === idHeader.toLowerCase(),
		)?.[1];
		if (typeof id !== 'string') return;
		const seen =
			header === undefined
				? 'no header'
				: header === id
					? 'the same as id'
					: id.endsWith(`_${header}`)
						? 'id without its prefix'
						: 'another value';
		this.observe('event id header', idHeader, seen);
	}

	event(event: JsonObject): void {
		const { type } = event;
		const subject = typeof type === 'string' && isWord(type) ? type : 'delivery';
		for (const fault of eventFaults(event)) this.add(subject, fault);
	}

	#success(entry: RouteEntry, exchange: Captured, body: unknown): void {
		const expected = this.#baseline.get(entry.key);
		if (expected !== undefined && expected !== exchange.status) {
			this.add(entry.key, {
				kind: 'other status',
				where: 'success',
				expected: String(expected),
				seen: String(exchange.status),
			});
		}
		for (const fault of answerFaults(entry, exchange.body, body)) this.add(entry.key, fault);
		if (entry.output.shape === 'many') this.#paging(entry, body);
		if (entry.key !== 'list_webhook_events') return;
		const rows = isJsonObject(body) && Array.isArray(body['data']) ? body['data'] : [];
		for (const row of rows.filter(isJsonObject)) this.event(row);
	}

	#paging(entry: RouteEntry, body: unknown): void {
		const shape = pagingShape(body);
		const { paging } = entry.output;
		if (paging !== 'none') this.observe('paging', entry.key, shape);
		const expected = expectedPaging[paging];
		if (expected === null || expected.includes(shape)) return;
		this.add(entry.key, {
			kind: 'paging',
			where: 'meta',
			expected: expected.join(' or '),
			seen: shape,
		});
	}

	#filter(attempt: Attempt): void {
		const { entry, input, name, outcome } = attempt;
		if (!outcome.ok || entry.match === null || !name.startsWith('success')) return;
		const found = matchingRows(outcome.rows, entry.match.field, input[entry.match.input]).length;
		const seen =
			found < outcome.rows.length ? 'ignored' : found === 0 ? 'answers nothing' : 'honoured';
		this.observe('filter', entry.key, seen);
		if (seen === 'honoured') return;
		this.add(entry.key, { kind: 'filter', where: entry.match.input, expected: 'honoured', seen });
	}

	/** Names only: a header's value may be anything. */
	#headers(exchange: Captured): void {
		for (const name of Object.keys(exchange.headers)) {
			if (
				/^(?:x-ratelimit|ratelimit|idempoten|x-idempoten|deprecation|sunset|link$|api-version)/.test(
					name,
				)
			) {
				this.add('every call', {
					kind: 'header',
					where: name,
					expected: 'absent',
					seen: 'present',
				});
			}
		}
	}
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The documented shape first; a list that comes whole counts its rows and no more. */
const expectedPaging: Readonly<Record<RouteEntry['output']['paging'], readonly string[] | null>> = {
	none: null,
	limit: null,
	pages: ['has_more', 'total'],
	cursor: ['next_cursor'],
};

/** Which paging facts an answer carries. */
export function pagingShape(body: unknown): string {
	const meta = isJsonObject(body) && isJsonObject(body['meta']) ? body['meta'] : {};
	const facts = ['next_cursor', 'last_page', 'has_more'].filter((key) => Object.hasOwn(meta, key));
	if (facts.length > 0) return facts.join(' and ');
	return Object.hasOwn(meta, 'total') ? 'total' : 'nothing';
}

function parse(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return undefined;
	}
}

/** What is not as the catalogue says in a 2xx answer: the wrapper, the keys beside it, the rows. */
export function answerFaults(entry: RouteEntry, raw: string, body: unknown): ShapeFault[] {
	const { shape, schema, beside } = entry.output;
	if (shape === 'nothing') {
		return raw.trim() === ''
			? []
			: [
					{
						kind: 'other type',
						where: '',
						expected: 'nothing',
						seen: body === undefined ? 'text' : typeName(body),
					},
				];
	}
	const expected = shape === 'many' ? 'array' : 'object';
	if (!isJsonObject(body)) {
		return [
			{
				kind: 'other type',
				where: '',
				expected: 'object',
				seen: body === undefined ? (raw.trim() === '' ? 'nothing' : 'text') : typeName(body),
			},
		];
	}
	const { data } = body;
	const known = new Set(['data', 'meta', ...beside]);
	const others = Object.keys(body)
		.filter((key) => !known.has(key))
		.map((key): ShapeFault => ({
			kind: 'new field',
			where: safeKey(key),
			expected: 'absent',
			seen: typeName(body[key]),
		}));
	if (typeName(data) !== expected) {
		return [
			...others,
			data === undefined
				? { kind: 'missing field', where: 'data', expected, seen: 'absent' }
				: { kind: 'other type', where: 'data', expected, seen: typeName(data) },
		];
	}
	// What belongs to the row may stand beside it.
	const carried = beside.filter((key) => body[key] !== undefined);
	const rows: readonly unknown[] = Array.isArray(data)
		? data
		: [
				isJsonObject(data)
					? { ...data, ...Object.fromEntries(carried.map((key) => [key, body[key]])) }
					: data,
			];
	const where = shape === 'many' ? 'data[]' : 'data';
	return [...others, ...rows.flatMap((row) => shapeFaults(schema, row, where))];
}
