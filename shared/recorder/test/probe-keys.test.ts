import type { RouteEntry } from '@memberpass/catalogue';

import type { RunOptions } from '../src/client.ts';
import { probeKeys } from '../src/probe-keys.ts';
import type { Attempt } from '../src/types.ts';

interface Answer {
	readonly status: number;
	readonly id?: string;
	readonly code?: string | null;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
}

const done = (id: string, more: Partial<Answer> = {}): Answer => ({ status: 201, id, ...more });
const refused = (status: number, code: string | null, body = ''): Answer => ({
	status,
	code,
	body,
});

/** What is observed where the four calls, one without a key and three with one, are answered like this. */
async function observed(...answers: readonly Answer[]): Promise<Readonly<Record<string, string>>> {
	const keys: (string | null | undefined)[] = [];
	const seen: Record<string, string> = {};
	const rows: unknown[] = [];
	const titles: unknown[] = [];
	const client = {
		sent: 0,
		retried: [],
		run: (entry: RouteEntry, input: Attempt['input'], options: RunOptions = {}) => {
			const {
				status,
				id,
				code = null,
				headers = {},
				body = String(id),
			} = answers[keys.length] ?? done('');
			expect(input['project']).toBe('prj_1');
			titles.push(input['title']);
			// Nothing of it is a recording.
			expect(options.keep).toBe(false);
			keys.push(options.key);
			const problem = {
				kind: 'refused' as const,
				status,
				code,
				message: '',
				reason: null,
				remediation: null,
				docsUrl: null,
				requestId: null,
				missingAbility: null,
				fields: {},
				retryAfterMs: null,
			};
			return Promise.resolve<Attempt>({
				entry,
				name: 'probe',
				input,
				exchanges: [
					{ method: 'POST', path: '', query: [], requestBody: null, status, headers, body },
				],
				outcome:
					id === undefined ? { ok: false, problem } : { ok: true, rows: [{ id }], whole: true },
				keep: false,
			});
		},
	};
	await probeKeys(
		client,
		'prj_1',
		'Probe',
		(topic, subject, answer) => {
			expect(topic).toBe('idempotency key');
			seen[subject] = answer;
		},
		(row) => rows.push(row?.['id']),
	);
	expect(titles).toEqual(['Probe', 'Probe', 'Probe', 'Probe, changed']);
	const [missing, first, again, other] = keys;
	expect([missing, again, other]).toEqual([null, first, first]);
	expect(rows).toEqual(answers.map(({ id }) => id));
	return seen;
}

it.each<[string, Answer, Answer, string]>([
	['the same bytes', done('res_1'), done('res_1'), '201, done, the same bytes'],
	['the same row', done('res_1'), done('res_1', { body: 'x' }), '201, done, the same row'],
	['another row', done('res_1'), done('res_2'), '201, done, another row'],
	['a refusal', done('res_1'), refused(409, 'IN_USE'), '409 IN_USE, no row'],
	['two refusals that differ', refused(422, 'X', 'a'), refused(422, 'X', 'b'), '422 X, no row'],
	['a refusal without a code', done('res_1'), refused(500, null), '500 without a code, no row'],
])('a key that is sent twice is answered with %s', async (_, first, again, said) => {
	expect(await observed(done('res_0'), first, again, done('res_3'))).toMatchObject({
		'sent twice': said,
	});
});

it('what marks a replay is named, by the headers of the second answer', async () => {
	const headers = { 'idempotency-replayed': '1', 'x-replay': '1', 'content-type': 'x' };
	expect(
		await observed(
			refused(400, 'MISSING'),
			done('a'),
			done('a', { headers }),
			refused(409, 'REUSED'),
		),
	).toEqual({
		missing: '400 MISSING',
		'sent twice': '201, done, the same bytes',
		'mark of a replay': 'idempotency-replayed, x-replay',
		'with another body': '409 REUSED',
	});
	expect(await observed(done('a'), done('b'), done('b'), done('c'))).toMatchObject({
		'mark of a replay': 'none',
	});
});
