import { loadRecordings } from '../../../shared/testing/src/fixtures.ts';
import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import { replay } from '../../../shared/testing/src/replay.ts';
import { origin, repoRoot, token, useEngine } from './support.mts';

/** Sent by the trigger, see subscription.test.mts. */
const plumbing = new Set(['create_webhook_subscription', 'delete_webhook_subscription']);

const rows = loadRecordings(repoRoot)
	.filter((file) => !plumbing.has(file.operation))
	.flatMap((file) =>
		file.recordings.map((recording) => [file.operation, recording.name, recording] as const),
	);

describe('every recording, through the real engine', () => {
	const engine = useEngine();

	test('there are recordings of all operations', () => {
		expect(new Set(rows.map(([operation]) => operation)).size).toBe(expectedCounts.operations);
	});

	test.each(rows)('%s: %s', async (operation, _, recording) => {
		const server = replay(origin, recording, token);
		const { items, error } = await engine().run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: engine().formOf(operation, recording.input),
		});
		expect(server.faults).toEqual([]);
		expect(server.pending()).toBe(0);
		if (recording.error === null) {
			expect(error).toBeNull();
			expect(items.map((item) => item.json)).toEqual(recording.output);
			expect(items.every((item) => JSON.stringify(item.pairedItem) === '{"item":0}')).toBe(true);
			return;
		}
		const { message, status, code, request_id, ability, fields } = recording.error;
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(error?.httpCode).toBe(status === null ? null : String(status));
		const told = [code, request_id, ability, ...Object.values(fields ?? {}).flat()];
		for (const fact of told.filter((one) => one !== null)) {
			expect(error?.description).toContain(fact);
		}
		expect(error?.everything).not.toContain(token);
		expect(items).toEqual([]);
	});
});
