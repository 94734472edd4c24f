import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	eventByType,
	eventFixturePath,
	operationFixturePath,
	platform,
	type Platform,
	type RouteEntry,
} from '@memberpass/catalogue';
import {
	type ApiProblem,
	isJsonObject,
	type JsonObject,
	matchingRows,
	readOne,
	readProblem,
	readRows,
	toWire,
} from '@memberpass/protocol';

import { eventOf } from './deliveries.ts';
import type { PlannedFile } from './planned-files.ts';
import { rewriteJson } from './raw-json.ts';
import type { Scrubber } from './scrub.ts';
import { eventTypePattern, typeName } from './shape.ts';
import { type Attempt, type Captured, type Delivery, Trouble } from './types.ts';

export interface Provenance {
	readonly origin: string;
	/** `2026-11-22`. */
	readonly date: string;
	readonly apiVersion: string;
	/** False for a sandbox or any other host, which proves nothing about the live API. */
	readonly live: boolean;
}

/** Response headers that say something about the API and nothing about the account. */
const keptHeaders = ['content-type', 'retry-after', 'x-request-id'];
/** Delivery headers, in the order of the documentation. The signature is good for five minutes and stays out. */
const keptDeliveryHeaders = (platform: Platform): readonly string[] => [
	'Content-Type',
	'User-Agent',
	platform.headers.eventId,
	platform.headers.eventName,
];

const noteOf = ({ date, apiVersion, live }: Provenance): string =>
	`Recorded on ${date}${live ? '' : ' from another host than the live API'}, API version ${apiVersion}; private values are stand-ins.`;

const evidenceOf = ({ live }: Provenance): string => (live ? 'recorded' : 'inferred');

/** Rows that an earlier run wrote; they are replaced, everything written by hand stays. */
const recordedPrefix = 'recorded: ';

/** Everything of an attempt that may hold something private, for the scrubber's first pass. */
export function learnAttempt(scrubber: Scrubber, attempt: Attempt): void {
	scrubber.learn(attempt.input);
	for (const exchange of attempt.exchanges) {
		scrubber.path(exchange.path);
		for (const [name, value] of exchange.query) scrubber.learn(value, [bareName(name)]);
		if (exchange.requestBody !== null) scrubber.learn(JSON.parse(exchange.requestBody));
		scrubber.learn(parsed(exchange.body));
	}
}

export function learnDelivery(scrubber: Scrubber, delivery: Delivery): void {
	scrubber.learn(eventOf(delivery));
}

const bareName = (name: string): string => name.replace(/\[\]$/, '');

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		// Nothing, or a proxy's page, which is nobody's business: it is reported, not recorded.
		return null;
	}
}

interface Row {
	readonly name: string;
	readonly evidence: string;
	readonly source: string;
	readonly note: string;
	readonly input: unknown;
	readonly exchanges: readonly object[];
	readonly output: readonly unknown[] | null;
	readonly error: object | null;
}

/** An attempt as a row of its fixture file. Output and error are read from what was scrubbed, so they agree with it. */
export function recordingOf(
	attempt: Attempt,
	scrubber: Scrubber,
	provenance: Provenance,
	platform: Platform,
): Row {
	const { entry } = attempt;
	const wire = toWire(entry);
	const exchanges = attempt.exchanges.map((exchange) => exchangeOf(exchange, scrubber));
	const input = scrubber.scrub(attempt.input) as Readonly<Record<string, unknown>>;
	const bodies = exchanges.map(({ response }) => response.body);
	const head = {
		name: recordedPrefix + attempt.name,
		evidence: evidenceOf(provenance),
		source: provenance.origin + platform.apiBasePath + entry.path,
		note: noteOf(provenance),
		input,
		exchanges,
	};
	if (!attempt.outcome.ok) {
		const last = exchanges.at(-1);
		const problem = readProblem(
			{
				status: last?.response.status ?? 0,
				headers: last?.response.headers ?? {},
				body: JSON.stringify(last?.response.body ?? null),
			},
			platform,
			0,
			entry.ability,
		);
		return {
			...head,
			output: null,
			error: {
				status: problem.status,
				code: problem.code,
				message: problem.message,
				request_id: problem.requestId,
				ability: problem.missingAbility,
				fields: Object.keys(problem.fields).length === 0 ? null : problem.fields,
			},
		};
	}
	if (wire.shape === 'nothing') return { ...head, output: [{ deleted: true }], error: null };
	const rows = bodies.flatMap((body): readonly JsonObject[] => {
		if (wire.shape === 'many') return readRows(body) ?? [];
		const one = readOne(wire, body);
		return one === null ? [] : [one];
	});
	const { match } = wire;
	return {
		...head,
		output: match === null ? rows : matchingRows(rows, match.field, input[match.input]),
		error: null,
	};
}

function exchangeOf(exchange: Captured, scrubber: Scrubber) {
	const query: Record<string, string | string[]> = {};
	for (const [name, value] of exchange.query) {
		const clean = scrubber.text(value, [bareName(name)]);
		const before = query[name];
		query[name] = name.endsWith('[]')
			? [...(before === undefined ? [] : [before].flat()), clean]
			: clean;
	}
	const body = parsed(exchange.body);
	return {
		request: {
			method: exchange.method,
			path: scrubber.path(exchange.path),
			query,
			body: exchange.requestBody === null ? null : scrubber.scrub(JSON.parse(exchange.requestBody)),
		},
		response: {
			status: exchange.status,
			headers: Object.fromEntries(
				keptHeaders.flatMap((name) => {
					const value = exchange.headers[name];
					return value === undefined ? [] : [[name, headerValue(name, value, scrubber)]];
				}),
			),
			body: scrubber.scrub(body),
		},
	};
}

const harmlessHeaders: ReadonlySet<string> = new Set([
	'content-type',
	'user-agent',
	platform.headers.eventName.toLowerCase(),
]);

/** Media types, waiting times and products are words of HTTP; anything else is scrubbed like a payload. */
function headerValue(name: string, value: string, scrubber: Scrubber): string {
	const harmless =
		harmlessHeaders.has(name.toLowerCase()) &&
		/^[A-Za-z0-9.+*/_-]+(?:; ?[A-Za-z0-9=._-]+)*$/.test(value);
	const isWait =
		name === 'retry-after' &&
		/^(?:\d{1,6}|[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT)$/.test(value);
	return harmless || isWait ? value : scrubber.text(value, [name]);
}

/** Refusals that are always the same. A busy or broken host is no fixture. */
const lasting: ReadonlySet<ApiProblem['kind']> = new Set([
	'unauthenticated',
	'forbidden',
	'not_found',
	'conflict',
	'invalid',
	'refused',
]);

/**
 * Whether an attempt can be a fixture: a list that was not read to its end cannot be replayed, and a refusal that is
 * no JSON came from something in between.
 */
export function isWhole({ outcome, exchanges }: Attempt): boolean {
	const last = exchanges.at(-1);
	if (last === undefined) return false;
	if (outcome.ok) return outcome.whole;
	return lasting.has(outcome.problem.kind) && isJsonObject(parsed(last.body));
}

/**
 * The fixture files of operations: recorded rows behind what was written by hand.
 *
 * @param attempts Those that are kept.
 */
export function operationFiles(
	attempts: readonly Attempt[],
	target: string,
	rowOf: (attempt: Attempt) => Row,
): PlannedFile[] {
	return [...Map.groupBy(attempts, ({ entry }) => entry)].map(([entry, own]) => {
		const path = operationFixturePath(entry);
		// As in the files written by hand, the success comes first.
		const rows = [...own]
			.sort((a, b) => Number(b.name === 'success') - Number(a.name === 'success'))
			.map(rowOf);
		const names = new Set<string>();
		const unique = rows.map((row) => {
			let { name } = row;
			for (let count = 2; names.has(name); count++) name = `${row.name} ${count}`;
			names.add(name);
			return { ...row, name };
		});
		return {
			path,
			text: write({
				operation: entry.key,
				recordings: [...writtenByHand(join(target, path), entry), ...unique],
			}),
			added: write(unique),
		};
	});
}

/** @throws Trouble where the file is there and is not what it should be: overwriting it would lose something. */
function writtenByHand(path: string, entry: RouteEntry): readonly unknown[] {
	if (!existsSync(path)) return [];
	let file: unknown;
	try {
		file = JSON.parse(readFileSync(path, 'utf8'));
	} catch {
		file = null;
	}
	const { operation, recordings } = isJsonObject(file) ? file : {};
	if (operation !== entry.key || !Array.isArray(recordings)) {
		throw new Trouble(`${path} is no fixture of ${entry.key}. Move it away or restore it.`);
	}
	return recordings.filter(
		(row: unknown) => !(isJsonObject(row) && String(row['name']).startsWith(recordedPrefix)),
	);
}

/** The fixture files of deliveries: one for each shape of each type. */
export function deliveryFiles(
	deliveries: readonly Delivery[],
	scrubber: Scrubber,
	provenance: Provenance,
	platform: Platform,
): PlannedFile[] {
	const shapes = new Map<string, Set<string>>();
	return deliveries.flatMap((delivery) => {
		const event = eventOf(delivery);
		const { type } = event;
		// A type becomes a path: only what looks like one may.
		if (typeof type !== 'string' || !eventTypePattern.test(type)) return [];
		const known = shapes.get(type) ?? new Set<string>();
		const shape = JSON.stringify(outline(event));
		if (known.has(shape)) return [];
		known.add(shape);
		shapes.set(type, known);
		const variant = known.size === 1 ? 'recorded' : `recorded-${known.size}`;
		const [family = ''] = type.split('.');
		const text = write({
			type,
			variant,
			evidence: evidenceOf(provenance),
			source: provenance.origin,
			note: noteOf(provenance),
			headers: Object.fromEntries(
				keptDeliveryHeaders(platform).flatMap((name) => {
					const value = Object.entries(delivery.headers).find(
						([one]) => one.toLowerCase() === name.toLowerCase(),
					)?.[1];
					return value === undefined ? [] : [[name, headerValue(name, value, scrubber)]];
				}),
			),
			body: rewriteJson(
				delivery.body,
				(value, keys) =>
					typeof value === 'string' ? scrubber.text(value, keys) : scrubber.number(value, keys),
				(key) => scrubber.key(key),
			),
		});
		const path = eventFixturePath(eventByType(type) ?? { type, family }, variant);
		return [{ path, text, added: text }];
	});
}

/** Keys and types of a value, without the values. */
function outline(value: unknown): unknown {
	if (Array.isArray(value)) return value.slice(0, 1).map(outline);
	if (!isJsonObject(value)) return typeName(value);
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, one]) => [key, outline(one)]),
	);
}

const write = (value: unknown): string => `${JSON.stringify(value, null, '\t')}\n`;
