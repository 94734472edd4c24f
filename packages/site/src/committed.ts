import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type EventEntry, n8nOperationKey, type OperationEntry } from '@memberpass/catalogue';
import {
	type EventFixture,
	loadEventFixtures,
	loadRecordings,
	type Recording,
} from '@memberpass/testing';

import { operations as n8nTable } from '../../n8n-nodes-memberpass/nodes/MemberPass/operations.ts';
import type { NodeOperation } from '../../n8n-nodes-memberpass/nodes/runtime/types.ts';

/** What the Zapier app calls a step. */
export interface ZapierStep {
	readonly label: string;
	/** Not offered in the editor. */
	readonly hidden: boolean;
	/** Keys of the inputs that the form demands. */
	readonly demands: readonly string[];
}

/**
 * What the packages ship and the fixtures hold. The site reads all of it through this module, so that a page can
 * never show something that is not committed.
 */
export interface Committed {
	/** Deliveries of an event, the canonical one first. */
	deliveries(entry: Pick<EventEntry, 'type'>): readonly [EventFixture, ...EventFixture[]];
	/** The recording of a run that succeeds. */
	success(entry: Pick<OperationEntry, 'key'>): Recording;
	zapier(kind: 'triggers' | 'creates' | 'searches', key: string): ZapierStep;
	/** Row of the n8n node's own table. */
	n8n(entry: Pick<OperationEntry, 'resource' | 'n8n' | 'key'>): NodeOperation;
	/** Make's files for an event type or an operation; empty where there are none. */
	make(key: string): readonly MakeFile[];
	/** The page of a recipe in docs/recipes, as Markdown. */
	recipe(key: string): string;
}

/** One file of packages/make, offered as it is. */
export interface MakeFile {
	/** What it is made for, as packages/make/index.json says: `event, verified`. */
	readonly kind: string;
	readonly label: string;
	/** `blueprint` is imported as a scenario, `clipboard` pasted into one. */
	readonly form: 'blueprint' | 'clipboard';
	/** Below packages/make. */
	readonly path: string;
	/** Operations of Make that a run uses up. */
	readonly operations: number;
	/** What is left to do by hand, as the blueprint itself says it. */
	readonly after: string;
}

/** @throws Error naming what is missing: a page without its payload is not a page. */
export function readCommitted(root: string): Committed {
	const fixtures = loadEventFixtures(root);
	const recordings = new Map(loadRecordings(root).map((file) => [file.operation, file.recordings]));
	const surface = readSurface(root);
	const makeFiles = readMakeIndex(root);
	return {
		deliveries({ type }) {
			const found = fixtures.filter((fixture) => fixture.type === type);
			const [canonical, second] = found.filter(({ variant }) => variant === null);
			if (canonical === undefined || second !== undefined)
				throw new Error(`${type} needs one canonical delivery in fixtures/events.`);
			return [canonical, ...found.filter(({ variant }) => variant !== null)];
		},
		success({ key }) {
			const found = recordings.get(key)?.find(({ output }) => output !== null);
			if (found === undefined)
				throw new Error(`${key} needs a recording that succeeds in fixtures/api.`);
			return found;
		},
		zapier(kind, key) {
			const owner = `${kind}.${key}`;
			const line = surface[owner];
			if (line === undefined) throw new Error(`The Zapier app has no step ${owner}.`);
			const demands = Object.entries(surface).flatMap(([name, promise]) =>
				name.startsWith(`${owner} < `) && / required\b/.test(promise)
					? [name.slice(owner.length + ' < '.length)]
					: [],
			);
			return { ...readStep(line), demands };
		},
		n8n(entry) {
			const row = n8nTable[n8nOperationKey(entry)];
			if (row === undefined) throw new Error(`The n8n node has no operation for ${entry.key}.`);
			return row;
		},
		make: (key) => makeFiles.filter((file) => file.key === key),
		recipe: (key) => readFileSync(join(root, `docs/recipes/${key}.md`), 'utf8'),
	};
}

/** Lines as `thing New Subscription (Subscription)`, or `hidden …` for what the editor does not offer. */
function readSurface(root: string): Readonly<Record<string, string>> {
	const text = readFileSync(join(root, 'packages/zapier/surface.json'), 'utf8');
	return JSON.parse(text) as Record<string, string>;
}

function readStep(line: string): Omit<ZapierStep, 'demands'> {
	const [, word, label] = /^(thing|hidden) (.+) \([^()]*\)$/.exec(line) ?? [];
	if (label === undefined)
		throw new Error(`packages/zapier/surface.json: "${line}" is not a step.`);
	return { label, hidden: word === 'hidden' };
}

interface MakeEntry {
	readonly kind: string;
	readonly key: string;
	readonly label: string;
	readonly blueprint: string;
	readonly clipboard: string | null;
	readonly operations: number;
}

/** What can be pasted comes before what has to be imported. */
function readMakeIndex(root: string): readonly (MakeFile & { readonly key: string })[] {
	const read = (path: string): unknown =>
		JSON.parse(readFileSync(join(root, 'packages/make', path), 'utf8'));
	return (read('index.json') as readonly MakeEntry[]).flatMap(
		({ kind, key, label, blueprint, clipboard, operations }) => {
			const { description } = read(blueprint) as { description: string };
			const after = /After import.*/s.exec(description)?.[0] ?? '';
			const file = { kind, key, label, operations, after };
			return [
				...(clipboard === null ? [] : [{ ...file, form: 'clipboard' as const, path: clipboard }]),
				{ ...file, form: 'blueprint' as const, path: blueprint },
			];
		},
	);
}
