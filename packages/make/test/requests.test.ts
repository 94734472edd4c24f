import { operation, operations, type RouteEntry } from '@memberpass/catalogue';
import {
	expectedCounts,
	loadRecordings,
	type Recording,
	recordedFormOnMake,
	requestForm,
} from '@memberpass/testing';

import { type Reading, readings, usualReading, type Value } from '../src/iml/functions.ts';
import { type HttpRequest, type Run, simulate } from '../src/simulate.ts';
import {
	answering,
	enter,
	fileOf,
	mapped,
	readBlueprint,
	repoRoot,
	requestEntries,
	upstream,
	world,
} from './support.ts';

async function run(
	entry: Pick<RouteEntry, 'key' | 'kind'>,
	values: Readonly<Record<string, Value>>,
	reading: Reading,
): Promise<Run & { readonly sent: readonly HttpRequest[] }> {
	const api = answering(200, { data: [] });
	const { flow } = readBlueprint(fileOf(entry));
	const result = await simulate(
		mapped(flow, values),
		world({ reading, send: api.send }),
		upstream(values),
	);
	return { ...result, sent: api.sent };
}

/** The recordings in which a request was sent: the rest is refused before, by checks that Make does not have. */
const recorded = loadRecordings(repoRoot).flatMap(({ operation: key, recordings }) => {
	const entry = operations.find((one) => one.key === key);
	return entry === undefined || !requestEntries.includes(entry)
		? []
		: recordings
				.filter(({ exchanges }) => exchanges.length > 0)
				.map((recording) => [`${key}: ${recording.name}`, entry, recording] as const);
});

const expectedRequest = ({ exchanges: [first] }: Recording) => {
	if (first === undefined) throw new Error('No request is recorded.');
	return recordedFormOnMake(first);
};

/** What a user fills in: an input that is emptied in the recording is named in the variable for that. */
function entered(recording: Recording): Readonly<Record<string, Value>> {
	const names = Object.keys(recording.input);
	const emptied = names.filter((name) => recording.input[name] === '');
	return {
		...Object.fromEntries(
			names.filter((name) => !emptied.includes(name)).map((name) => [name, recording.input[name]]),
		),
		...(emptied.length === 0 ? {} : { clear: emptied }),
	};
}

/** If Make drops variables that are empty, a field cannot be emptied: the value is gone before the body is made. */
const readingsFor = (recording: Recording): readonly Reading[] =>
	Object.values(recording.input).includes('')
		? readings.filter(({ emptyVariables }) => emptyVariables === 'kept')
		: readings;

/** One comparison for all readings: there are tens of thousands of runs. */
async function sameUnder(
	all: readonly Reading[],
	expected: unknown,
	outcome: (reading: Reading) => Promise<unknown>,
): Promise<void> {
	const outcomes: unknown[] = [];
	for (const reading of all) outcomes.push([reading, await outcome(reading)]);
	expect(outcomes).toEqual(all.map((reading) => [reading, expected]));
}

const asTyped = (value: Value): string => (Array.isArray(value) ? value.join(', ') : String(value));

describe('the request of an action or search', () => {
	it('is recorded for each of the templates', () => {
		expect(new Set(recorded.map(([, { key }]) => key)).size).toBe(
			expectedCounts.actions + expectedCounts.searches,
		);
	});

	it.each(recorded)('is the recorded one, with mapped values (%s)', async (_, entry, recording) => {
		await sameUnder(readingsFor(recording), [expectedRequest(recording)], async (reading) => {
			const { sent } = await run(entry, entered(recording), reading);
			return sent.map(requestForm);
		});
	});

	it.each(recorded)(
		'is the recorded one, with values typed in (%s)',
		async (_, entry, recording) => {
			const { flow } = readBlueprint(fileOf(entry));
			const typed = Object.fromEntries(
				Object.entries(entered(recording)).map(([name, value]) => [name, asTyped(value)]),
			);
			const filled = Object.keys(typed).length === 0 ? flow : enter(flow, 1, typed);
			await sameUnder(readingsFor(recording), [expectedRequest(recording)], async (reading) => {
				const api = answering(200, { data: [] });
				await simulate(filled, world({ reading, send: api.send }));
				return api.sent.map(requestForm);
			});
		},
	);

	it('waits and fails alike everywhere, shares no cookies, follows nobody, and is tried again three times', () => {
		for (const entry of requestEntries) {
			const request = readBlueprint(fileOf(entry)).flow.find(
				({ module }) => module === 'http:MakeRequest',
			);
			expect([entry.key, request?.mapper]).toEqual([
				entry.key,
				expect.objectContaining({
					parseResponse: true,
					stopOnHttpError: true,
					timeout: 40,
					allowRedirects: false,
					shareCookies: false,
					requestCompressedContent: true,
				}),
			]);
			expect(request?.onerror?.map(({ module, mapper }) => [module, mapper])).toEqual([
				['builtin:Break', { retry: true, count: '3', interval: '15' }],
			]);
		}
	});

	it.each(
		requestEntries
			.filter(({ input }) => (input.required ?? []).length > 0)
			.map((entry) => [entry.key, entry] as const),
	)(
		'is not sent while a required field holds its placeholder or nothing (%s)',
		async (_, entry) => {
			const recording = recorded.find(([, { key }]) => key === entry.key)?.[2];
			const required = entry.input.required ?? [];
			const filtered = { requests: 0, ends: ['filtered'] };
			for (const name of required) {
				const others = Object.entries({ ...recording?.input }).filter(([key]) => key !== name);
				const placeholder = Object.fromEntries(others);
				const blanks = [undefined, null, '', ' \n'].map((blank) => ({
					...placeholder,
					[name]: blank,
				}));
				for (const values of [placeholder, ...blanks]) {
					await sameUnder(readings, { ...filtered, name }, async (reading) => {
						const { sent, ends } = await run(entry, values, reading);
						return { name, requests: sent.length, ends: ends.map(({ kind }) => kind) };
					});
				}
			}
		},
	);

	it.each(
		requestEntries.flatMap((entry) =>
			Object.entries(entry.input.properties)
				.filter(([, schema]) => schema['x-in'] === 'path')
				.map(([name]) => [`${entry.key}: ${name}`, entry, name] as const),
		),
	)('never leads to another route (%s)', async (_, entry, name) => {
		const recording = recorded.find(([, { key }]) => key === entry.key)?.[2];
		for (const value of [' ', '.', '..', ' .. ', '\t']) {
			const { sent } = await run(entry, { ...recording?.input, [name]: value }, usualReading);
			expect([value, sent]).toEqual([value, []]);
		}
		const hostile = '../a?b#c/%2e';
		const { sent } = await run(entry, { ...recording?.input, [name]: hostile }, usualReading);
		const expected = entry.path.replaceAll(/\{([^{}]+)\}/g, (_part, key: string) =>
			key === name ? '..%2Fa%3Fb%23c%2F%252e' : String(recording?.input[key]),
		);
		expect(sent.map(({ url }) => new URL(url).pathname)).toEqual([`/v1${expected}`]);
	});

	it.each([
		['2026-05-18', '2026-05-18'],
		['2026-05-18T23:30:00.000Z', '2026-05-18'],
		// As modules of Make hand it over.
		[new Date('2026-05-18T23:30:00Z'), '2026-05-18'],
		[' 2026-05-18 23:30 ', '2026-05-18'],
		// Ten characters of it would be a day of another year.
		['May 18, 2026 12:05 PM', 'May 18, 2026'],
		['18.05.2026, noon', '18.05.2026, noon'],
	])('takes the day of a moment, and leaves anything else whole: %p', async (given, expected) => {
		const { sent } = await run(operation('get_earnings'), { from: given }, usualReading);
		expect(sent.map(({ url }) => new URL(url).searchParams.get('from'))).toEqual([expected]);
	});

	it.each(
		requestEntries.flatMap((entry) =>
			Object.entries(entry.input.properties)
				.filter(([, schema]) => schema['x-in'] === 'query')
				.map(([name, { type }]) => [`${entry.key}: ${name}`, entry, name, type] as const),
		),
	)('holds whatever is in it as one value of the address (%s)', async (_, entry, name, type) => {
		const recording = recorded.find(([, { key }]) => key === entry.key)?.[2];
		const hostile = 'x&limit=1#b';
		const { sent } = await run(entry, { ...recording?.input, [name]: hostile }, usualReading);
		const urls = sent.map(({ url }) => new URL(url));
		const parameter = type === 'array' ? `${name}[]` : name;
		expect(urls.map((url) => [url.searchParams.getAll(parameter), url.hash])).toEqual([
			[[hostile], ''],
		]);
	});

	it.each([
		['find_plan_by_name', 'page', { project: 'prj_1', name: 'Premium' }],
		['list_transactions', 'cursor', { project_id: 'prj_1' }],
	])(
		'reads the page that is asked for, and changes nothing else by it (%s)',
		async (key, name, input) => {
			const values = { ...input, [name]: ' 2&limit=1#b ' };
			const { sent } = await run(operation(key), values, usualReading);
			const [url, ...more] = sent.map((request) => new URL(request.url));
			expect(more).toEqual([]);
			expect(url?.searchParams.get(name)).toBe('2&limit=1#b');
			expect(url?.searchParams.getAll('limit')).toHaveLength(1);
			expect(url?.hash).toBe('');
		},
	);
});
