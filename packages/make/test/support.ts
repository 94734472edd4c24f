import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { operations, type RouteEntry } from '@memberpass/catalogue';

import type { Blueprint, BlueprintModule, Clipboard } from '../src/blueprint.ts';
import { type Reading, readings, usualReading, type Value } from '../src/iml/functions.ts';
export { enter, mapped, moduleCalled, upstream } from '../src/fill.ts';
import type { HttpAnswer, HttpRequest, World } from '../src/simulate.ts';

export const packageRoot = join(__dirname, '..');
export const repoRoot = join(packageRoot, '../..');

const blueprints = new Map<string, Blueprint>();

/** A blueprint of the package; read once, since a file of tests runs some of them thousands of times. */
export function readBlueprint(path: string): Blueprint {
	const known = blueprints.get(path);
	if (known !== undefined) return known;
	const read = JSON.parse(readFileSync(join(packageRoot, path), 'utf8')) as Blueprint;
	blueprints.set(path, read);
	return read;
}

export const readClipboard = (path: string): Clipboard =>
	JSON.parse(readFileSync(join(packageRoot, path), 'utf8')) as Clipboard;

/** Every module of a flow, those of error handlers and routes included. */
export function everyModule(flow: readonly BlueprintModule[]): readonly BlueprintModule[] {
	return flow.flatMap((one) => [
		one,
		...everyModule(one.onerror ?? []),
		...(one.routes ?? []).flatMap((route) => everyModule(route.flow)),
	]);
}

/** A row of `index.json`. */
export interface IndexEntry {
	readonly kind: string;
	readonly key: string;
	readonly label: string;
	readonly blueprint: string;
	readonly clipboard: string | null;
	readonly modules: readonly string[];
	readonly operations: number;
	readonly abilities: readonly string[];
}

export const indexEntries = (): readonly IndexEntry[] =>
	JSON.parse(readFileSync(join(packageRoot, 'index.json'), 'utf8')) as IndexEntry[];

/** The operations with a template. */
export const requestEntries = operations.filter(
	({ kind }) => kind === 'action' || kind === 'search',
);

/** A name for a reading, for test names. */
const readingName = (reading: Reading): string =>
	Object.entries(reading)
		.map(([question, answer]) => `${question}: ${String(answer)}`)
		.join(', ');

export const readingTable = readings.map((reading) => [readingName(reading), reading] as const);

/** A world with a fixed clock, and uuids that count. */
export function world(parts: Partial<World> & { readonly now?: number } = {}): World {
	const { now = 1_779_098_700_000, ...rest } = parts;
	let made = 0;
	return {
		clock: { now, uuid: () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}` },
		reading: usualReading,
		...rest,
	};
}

/** File of an action or search. */
export const fileOf = (entry: Pick<RouteEntry, 'key' | 'kind'>): string =>
	`blueprints/${entry.kind === 'action' ? 'actions' : 'searches'}/${entry.key}.json`;

/** Answers every request with the same JSON, and remembers them. */
export function answering(status: number, body: Value) {
	const sent: HttpRequest[] = [];
	const send = (request: HttpRequest): Promise<HttpAnswer> => {
		sent.push(request);
		return Promise.resolve({ status, headers: {}, body: JSON.stringify(body) });
	};
	return { sent, send };
}
