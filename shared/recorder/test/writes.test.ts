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
	const observed = await write(doing.client, cleaning.client);
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
	// More may be there than the answers said.
	expect(observed.filter(([topic]) => topic === 'clean-up')).toEqual([
		['clean-up', 'throw-away project', `could not be listed: look for "${mark}" by hand`],
	]);
});

it.each(['list_plans', 'list_resources'])(
	'what was made without an answer is found by its name, however long the list is; that %s was not read is told',
	async (unread) => {
		const marks: unknown[] = [];
		const doing = clientOf((key, { title }) => {
			if (key === 'create_resource') marks.push(title);
			return null;
		});
		const cleaning = clientOf((key, _, pages) => {
			if (!key.startsWith('list_') || key === unread) return null;
			const name = key === 'list_plans' ? 'name' : 'title';
			// On the last page.
			return pages < 1_000
				? []
				: [
						{ id: 'one_1', [name]: 'Recorder' },
						{ id: 'one_2', [name]: 'Recorder 0a1b2c3' },
						{ id: 'one_9', [name]: marks[0] },
					];
		});
		const observed = await write(doing.client, cleaning.client);
		expect(marks[0]).toMatch(/^Recorder [0-9a-f]{8}$/);
		const removed = cleaning.asked.filter(([key]) => key.startsWith('delete_'));
		expect(removed).toEqual([
			unread === 'list_plans'
				? ['delete_resource', { project: 'prj_1', resource: 'one_9' }]
				: ['delete_plan', { project: 'prj_1', plan: 'one_9' }],
		]);
		expect(observed.filter(([topic]) => topic === 'clean-up')).toEqual([
			[
				'clean-up',
				'throw-away project',
				`could not be listed: look for "${String(marks[0])}" by hand`,
			],
		]);
	},
);
