import { platform } from '@memberpass/catalogue';
import { expectedCounts } from '@memberpass/testing';

import { readings, type Value } from '../src/iml/functions.ts';
import { type HttpAnswer, type HttpRequest, resume, simulate } from '../src/simulate.ts';
import {
	answering,
	fileOf,
	mapped,
	readBlueprint,
	requestEntries,
	upstream,
	world,
} from './support.ts';

const examples = (entry: (typeof requestEntries)[number]): Readonly<Record<string, Value>> =>
	Object.fromEntries(
		(entry.input.required ?? []).map((name) => {
			const field = entry.input.properties[name];
			return [name, field?.type === 'array' ? ['x'] : field?.examples?.[0]];
		}),
	);

const keyOf = ({ headers }: HttpRequest): string | undefined =>
	headers[platform.headers.idempotency];

const writes = requestEntries
	.filter(({ method }) => method !== 'GET')
	.map((entry) => [entry.key, entry] as const);
const reads = requestEntries
	.filter(({ method }) => method === 'GET')
	.map((entry) => [entry.key, entry] as const);

/** Fails so many times, then answers. */
function failing(times: number, status: number) {
	const sent: HttpRequest[] = [];
	const send = (request: HttpRequest): Promise<HttpAnswer> => {
		sent.push(request);
		return Promise.resolve({
			status: sent.length <= times ? status : 200,
			headers: {},
			body: '{"data":{}}',
		});
	};
	return { sent, send };
}

describe('a write', () => {
	it('is every action', () => expect(writes).toHaveLength(expectedCounts.actions));

	it.each(writes)(
		'keeps its key when Make tries it again, and changes nothing else (%s)',
		async (_, entry) => {
			const { flow } = readBlueprint(fileOf(entry));
			const filled = entry.method === 'PATCH' ? { name: 'A new name' } : {};
			const values = { ...examples(entry), ...filled };
			const api = failing(2, 503);
			const here = world({ send: api.send });
			const first = await simulate(mapped(flow, values), here, upstream(values));
			const [end] = first.ends;
			if (end?.kind !== 'incomplete')
				throw new Error(`The run ended as ${end?.kind ?? 'nothing'}.`);
			const second = await resume(end.execution, here);
			expect(second.ends.map(({ kind }) => kind)).toEqual(['incomplete']);
			const third = await resume(end.execution, here);
			expect(third.ends.map(({ kind }) => kind)).toEqual(['done']);
			expect(api.sent).toHaveLength(3);
			expect(new Set(api.sent.map((request) => JSON.stringify(request))).size).toBe(1);
			expect(keyOf(api.sent[0] as HttpRequest)).toMatch(/^[0-9a-f-]{36}$/);
		},
	);

	it.each(writes)('has another key in another run (%s)', async (_, entry) => {
		const { flow } = readBlueprint(fileOf(entry));
		const filled = entry.method === 'PATCH' ? { name: 'A new name' } : {};
		const values = { ...examples(entry), ...filled };
		const api = answering(200, { data: {} });
		const here = world({ send: api.send });
		for (let run = 0; run < 2; run++) await simulate(mapped(flow, values), here, upstream(values));
		const [one, other] = api.sent.map(keyOf);
		for (const key of [one, other]) expect(key).toMatch(/^[0-9a-f-]{36}$/);
		expect(other).not.toBe(one);
	});
});

describe('the set-up', () => {
	it.each([
		['beside the data', { secret: 'mps_example_1', data: { id: 'whe_1' } }],
		['in the data', { data: { id: 'whe_1', secret: 'mps_example_1' } }],
	])('shows the secret %s: no page says where the API has it', async (_, body) => {
		const { flow } = readBlueprint('blueprints/set-up.json');
		const values = { name: 'Make', url: 'https://hook.example.com/x', events: 'plan.created' };
		const api = answering(201, body);
		const run = await simulate(mapped(flow, values), world({ send: api.send }), upstream(values));
		expect(run.ends).toEqual([{ kind: 'done' }]);
		expect(run.outputs.at(-1)?.bundle).toEqual({ secret: 'mps_example_1', endpoint_id: 'whe_1' });
	});
});

describe('a read', () => {
	it.each(reads)('carries no key and no body (%s)', async (_, entry) => {
		const { flow } = readBlueprint(fileOf(entry));
		const values = examples(entry);
		const api = answering(200, { data: [] });
		await simulate(mapped(flow, values), world({ send: api.send }), upstream(values));
		expect(api.sent.map(({ headers, body }) => [headers, body])).toEqual([
			[{ Accept: 'application/json' }, null],
		]);
	});

	it('of a list gives one bundle for each row', async () => {
		const { flow } = readBlueprint('blueprints/searches/list_groups.json');
		const rows = [{ id: 'grp_1' }, { id: 'grp_2' }];
		const run = await simulate(flow, world({ send: answering(200, { data: rows }).send }));
		const last = flow.at(-1)?.id;
		expect(run.outputs.filter(({ module }) => module === last).map(({ bundle }) => bundle)).toEqual(
			rows,
		);
	});

	it.each(reads.filter(([, { output }]) => output.shape === 'many'))(
		'is kept where the answer holds no list: behind a webhook, an error that nothing handles switches the scenario off (%s)',
		async (_, entry) => {
			const { flow } = readBlueprint(fileOf(entry));
			const values = examples(entry);
			for (const body of [{}, { data: null }, 'Down for maintenance']) {
				const { send } = answering(200, body);
				const { ends } = await simulate(mapped(flow, values), world({ send }), upstream(values));
				expect(ends).toMatchObject([{ kind: 'incomplete', error: 'There is no list to iterate.' }]);
			}
		},
	);

	it.each([
		[
			'find_plan_by_name',
			{ project: 'prj_1', name: ' premium monthly' },
			'name',
			'Premium Monthly',
		],
		['find_project_by_handle', { handle: 'research' }, 'handle', 'research'],
		['find_subscriber_by_telegram_id', { project: 'prj_1', telegram_id: '42' }, 'chat_id', '42'],
	])(
		'that looks for one passes on only what it looked for (%s)',
		async (key, values, field, wanted) => {
			const entry = requestEntries.find((one) => one.key === key);
			expect(entry?.match?.field).toBe(field);
			const { flow } = readBlueprint(`blueprints/searches/${key}.json`);
			const rows = [
				{ id: 'one', [field]: `${wanted}0` },
				{ id: 'two', [field]: wanted },
				{ id: 'three' },
				{ id: 'four', [field]: null },
			];
			const { send } = answering(200, { data: rows });
			for (const reading of readings) {
				const here = world({ send, reading });
				const { ends, outputs } = await simulate(mapped(flow, values), here, upstream(values));
				const found = outputs.filter(({ module }) => module === flow.at(-1)?.id);
				expect(found.map(({ bundle }) => bundle)).toEqual([
					expect.objectContaining({ id: 'two', [field]: wanted }),
				]);
				expect(ends.map(({ kind }) => kind)).toEqual(['filtered', 'done', 'filtered', 'filtered']);
			}
		},
	);
});
