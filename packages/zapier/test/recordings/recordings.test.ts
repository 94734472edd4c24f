import { operation } from '@memberpass/catalogue';
import { isJsonObject } from '@memberpass/protocol';
import { loadRecordings, expectedCounts } from '@memberpass/testing';

import { replay } from '../../../../shared/testing/src/replay.ts';
import { createOf } from '../../src/creates.ts';
import { misfits, type OutputField } from '../house-lint/sample.ts';
import {
	definitionOf,
	expectNoLeak,
	origin,
	repoRoot,
	run,
	type Thrown,
	thrownBy,
	token,
} from '../support.ts';

const all = loadRecordings(repoRoot)
	.filter(({ path }) => !/webhook_subscription\.json$/.test(path))
	.flatMap(({ operation: key, recordings }) =>
		recordings.map((recording) => ({ entry: operation(key), recording })),
	)
	.filter(({ entry }) => entry.kind === 'action' || entry.kind === 'search');

/** Zapier sends a field that was left empty and one that was emptied alike. */
const hasBlank = ({ input }: { readonly input: Readonly<Record<string, unknown>> }): boolean =>
	Object.values(input).includes('');

const rows = all
	.filter(({ recording }) => !hasBlank(recording))
	.map((row) => [`${row.entry.key}: ${row.recording.name}`, row] as const);

function classOf(status: number | null): string {
	if (status === 401) return 'ExpiredAuthError';
	return status === 429 ? 'ThrottledError' : 'AppError';
}

it('every create and every search is recorded', () => {
	const keys = (kind: string) =>
		new Set(all.filter(({ entry }) => entry.kind === kind).map(({ entry }) => entry.key)).size;
	expect([keys('action'), keys('search')]).toEqual([
		expectedCounts.actions,
		expectedCounts.searches,
	]);
});

describe.each(rows)('%s', (_, { entry, recording }) => {
	const group = entry.kind === 'action' ? 'creates' : 'searches';
	const perform = () => run(group, entry.key, 'perform', { inputData: { ...recording.input } });
	const isNothingFound = group === 'searches' && recording.error?.status === 404;

	it(
		recording.error === null || isNothingFound
			? 'sends the recorded requests and gives the recorded result'
			: 'sends the recorded requests and tells what went wrong',
		async () => {
			const server = replay(origin, recording, token);
			if (isNothingFound) {
				await expect(perform()).resolves.toEqual([]);
			} else if (recording.error === null) {
				const result = await perform();
				const results = group === 'creates' ? [result] : result;
				expect(results).toEqual(
					(recording.output ?? []).map((row): unknown => expect.objectContaining(row as object)),
				);
				const { outputFields = [] } = definitionOf(group, entry.key).operation;
				for (const one of results as Record<string, unknown>[]) {
					expect(['string', 'number']).toContain(typeof one['id']);
					// Zapier holds live results against the fields (T003, T005).
					expect(misfits(outputFields as OutputField[], one, 'allowed')).toEqual([]);
				}
			} else {
				const { error } = recording;
				const thrown: Thrown = await thrownBy(perform());
				expect(thrown.name).toBe(classOf(error.status));
				for (const fact of [
					error.message.replace(/\.$/, ''),
					error.code,
					error.request_id,
					error.ability,
					...Object.values(error.fields ?? {}).flat(),
				]) {
					if (fact !== null && error.status !== null) expect(thrown.message).toContain(fact);
				}
				if (error.status === 429) {
					expect(thrown.delay).toBe(
						Number(recording.exchanges.at(-1)?.response.headers['retry-after']),
					);
				}
				expectNoLeak(thrown);
			}
			expect(server.faults).toEqual([]);
			expect(server.pending()).toBe(0);
			expect(new Set(server.sent.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
		},
	);
});

it.each(
	all.flatMap(({ entry, recording: { name, output } }) => {
		const recorded: unknown = output?.[0];
		return entry.kind === 'action' && name === 'success' && isJsonObject(recorded)
			? [[entry.key, entry, recorded] as const]
			: [];
	}),
)('%s: the sample leaves things on or off as the action does', (_, entry, recorded) => {
	const flags = (row: object) =>
		Object.entries(row).filter(([, value]) => typeof value === 'boolean');
	const { sample = {} } = createOf(entry).operation;
	const shown = flags(sample).filter(([key]) => key in recorded);
	expect(flags(recorded)).toEqual(expect.arrayContaining(shown));
});

it('an emptied field counts as left empty: nothing is cleared by accident', async () => {
	const cleared = all.filter(({ recording }) => hasBlank(recording));
	expect(cleared.map(({ entry, recording }) => [entry.key, recording.input])).toEqual([
		['update_plan', expect.objectContaining({ description: '' })],
	]);
	for (const { entry, recording } of cleared) {
		const thrown = await thrownBy(
			run('creates', entry.key, 'perform', { inputData: { ...recording.input } }),
		);
		expect(thrown.message).toBe('Nothing to update: fill in at least one field.');
	}
});
