import { platform, type RouteEntry } from '@memberpass/catalogue';
import { type InputValues, type JsonObject, unreadableProblem } from '@memberpass/protocol';

import type { Client, RunOptions } from '../src/client.ts';
import type { Attempt } from '../src/types.ts';
import { recordWrites } from '../src/writes.ts';

type Rows = readonly JsonObject[];

/** A client that gives these rows and refuses everything else, and what it was asked. */
function clientOf(answer: (key: string, input: InputValues, pages: number) => Rows | null) {
	const asked: (readonly [string, InputValues])[] = [];
	const run = (
		entry: RouteEntry,
		input: InputValues,
		{ name = 'success', keep = true, maxPages = 2 }: RunOptions = {},
	): Promise<Attempt> => {
		asked.push([entry.key, input]);
		const rows = answer(entry.key, input, maxPages);
		const problem = { ...unreadableProblem(404, platform), kind: 'not_found' as const };
		return Promise.resolve({
			entry,
			name,
			input,
			exchanges: [],
			outcome: rows === null ? { ok: false, problem } : { ok: true, rows, whole: true },
			keep,
		});
	};
	const client: Client = { run, sent: 0, retried: [] };
	return { client, asked };
}

async function write(
	client: Client,
	cleaner: Client,
): Promise<readonly (readonly [string, string, string])[]> {
	const observed: (readonly [string, string, string])[] = [];
	await recordWrites({
		client,
		cleaner,
		project: { id: 'prj_1', name: 'Drafts', active: false },
		currencyId: null,
		signal: new AbortController().signal,
		time: { now: () => 0, pause: () => Promise.resolve() },
		onAttempt: () => undefined,
		observe: (...one) => observed.push(one),
	});
	return observed;
}

const deletions = (asked: readonly (readonly [string, InputValues])[]): readonly InputValues[] =>
	asked.flatMap(([key, input]) => (key === 'delete_resource' ? [input] : []));

it('what was made is removed by what its answer said, where no list can be read', async () => {
	let made = 0;
	const doing = clientOf((key) => (key === 'create_resource' ? [{ id: `rsc_${++made}` }] : null));
	const cleaning = clientOf(() => null);
	await write(doing.client, cleaning.client);
	// One to work with, one with a title that is too short where it is refused, and those of the probe.
	expect(made).toBe(6);
	const titles = doing.asked.flatMap(([key, { title }]) =>
		key === 'create_resource' ? [title] : [],
	);
	const mark = String(titles[0]);
	expect(titles).toEqual([
		mark,
		'  x  ',
		`${mark} probe`,
		`${mark} probe`,
		`${mark} probe`,
		`${mark} probe, changed`,
	]);
	const removed = deletions(cleaning.asked);
	// The newest first: what was made of something goes before it.
	expect(removed.map(({ resource }) => resource)).toEqual([
		'rsc_6',
		'rsc_5',
		'rsc_4',
		'rsc_3',
		'rsc_2',
		'rsc_1',
	]);
	expect(new Set(removed.map(({ project }) => project))).toEqual(new Set(['prj_1']));
});

it('what was made without an answer is found by its name, however long the list is', async () => {
	let title: unknown;
	const doing = clientOf((key, input) => {
		if (key === 'create_resource') title ??= input['title'];
		return null;
	});
	const others = [
		{ id: 'rsc_1', title: 'Recorder' },
		{ id: 'rsc_2', title: 'Recorder 0a1b2c3' },
	];
	const cleaning = clientOf((key, _, pages) =>
		// On the last page.
		key === 'list_resources' && pages >= 1_000 ? [...others, { id: 'rsc_9', title }] : null,
	);
	const observed = await write(doing.client, cleaning.client);
	expect(title).toMatch(/^Recorder [0-9a-f]{8}$/);
	expect(deletions(cleaning.asked)).toEqual([{ project: 'prj_1', resource: 'rsc_9' }]);
	expect(observed.filter(([, , seen]) => seen.startsWith('left behind'))).toEqual([]);
});
