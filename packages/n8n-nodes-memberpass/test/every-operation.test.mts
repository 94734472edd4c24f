import type { INodeParameters } from 'n8n-workflow';
import { operations } from '@memberpass/catalogue';
import nock from 'nock';

import { loadRecordings, type Recording } from '../../../shared/testing/src/fixtures.ts';
import { origin, repoRoot, useEngine } from './support.mts';

/** What holds for each operation, whatever it does. */
const engine = useEngine();

const recordings = new Map(
	loadRecordings(repoRoot).map((file) => [file.operation, file.recordings] as const),
);
const successOf = (key: string): Recording => {
	const found = recordings.get(key)?.find((one) => one.error === null);
	if (found === undefined) throw new Error(`There is no recording of ${key} that succeeds.`);
	return found;
};

interface Sent {
	/** Names in the query and in the body. */
	readonly names: readonly string[];
}

/** Answers every request with the same body and notes what came. */
function answering(method: string, status: number, body: unknown): readonly Sent[] {
	const sent: Sent[] = [];
	nock(origin)
		.persist()
		.intercept(/.*/, method)
		.reply(async (request: Request) => {
			const url = new URL(request.url);
			const text = await request.text();
			sent.push({
				names: [
					...url.searchParams.keys(),
					...Object.keys((text === '' ? {} : JSON.parse(text)) as object),
				],
			});
			return [status, body];
		});
	return sent;
}

/** The form with what is required, and of a change one field to change: Limit, Simplify and the rest as they open. */
function leastForm(key: string): INodeParameters {
	const entry = operations.find((one) => one.key === key);
	const required = new Set(entry?.input.required ?? []);
	const { input } = successOf(key);
	const isChange = entry?.method === 'PATCH';
	const fields = Object.entries(input).filter(([name]) => required.has(name));
	const [changed] = Object.entries(input).filter(([name]) => !required.has(name));
	const least = isChange && changed !== undefined ? [...fields, changed] : fields;
	const form = engine().formOf(key, Object.fromEntries(least));
	delete form['returnAll'];
	delete form['limit'];
	delete form['simplify'];
	return form;
}

const paging = new Set(['limit', 'page', 'per_page']);

describe.each(operations.map((entry) => [entry.key, entry] as const))('%s', (key, entry) => {
	const response = successOf(key).exchanges.at(-1)?.response;

	test('links what comes of three items to them, and leaves the items alone', async () => {
		answering(entry.method, response?.status ?? 200, response?.body ?? '');
		const items = ['a', 'b', 'c'].map((id) => ({ json: { id } }));
		const before = structuredClone(items);
		const result = await engine().run({
			node: 'memberPass',
			typeVersion: 2,
			parameters: leastForm(key),
			items,
		});
		expect(result.error).toBeNull();
		const each = result.items.length / 3;
		expect(result.items.map((item) => item.pairedItem)).toEqual(
			[0, 1, 2].flatMap((item) => Array.from({ length: each }, () => ({ item }))),
		);
		expect(each).toBeGreaterThanOrEqual(1);
		expect(items).toEqual(before);
	});

	test('sends nothing but what was filled in', async () => {
		const sent = answering(entry.method, response?.status ?? 200, response?.body ?? '');
		await engine().run({ node: 'memberPass', typeVersion: 2, parameters: leastForm(key) });
		expect(sent.length).toBeGreaterThan(0);
		const allowed = new Set([
			...(entry.input.required ?? []),
			...(entry.method === 'PATCH' ? Object.keys(successOf(key).input) : []),
			...defaults(key),
		]);
		const names = sent.flatMap((one) => one.names).map((name) => name.replace('[]', ''));
		expect(names.filter((name) => !allowed.has(name) && !paging.has(name))).toEqual([]);
	});

	test('keeps its failure to itself, with Continue and with the error output', async () => {
		const refusal = { code: 'X', message: 'Not today.', request_id: 'req_1' };
		answering(entry.method, 403, { error: refusal });
		const items = [{ json: {} }, { json: {} }];
		const message = (item: number) => `Not today. [item ${item}] (status 403, X, request req_1)`;
		for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
			const parameters = leastForm(key);
			const run = { node: 'memberPass', typeVersion: 2, parameters, items, onError };
			const result = await engine().run(run);
			const out = onError === 'continueRegularOutput' ? result.items : result.failed;
			expect(out.map(({ json, pairedItem }) => [json['error'], pairedItem])).toEqual([
				[message(0), { item: 0 }],
				[message(1), { item: 1 }],
			]);
		}
	});
});

/** Choices that stand filled in when the form opens, and are the user's as they stand. */
function defaults(key: string): readonly string[] {
	return (
		{
			bulk_generate_access_codes: ['expiry_preset'],
			cancel_subscription: ['at_period_end'],
			get_earnings: ['granularity'],
			get_transaction_breakdown: ['dimension'],
		}[key] ?? []
	);
}
