import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { loadEventFixtures, loadRecordings } from '../src/fixtures.ts';
import { temporaryFolder } from '../src/temporary.ts';

type Json = Record<string, unknown>;

const folders: { remove: () => void }[] = [];
afterAll(() => {
	for (const folder of folders) folder.remove();
});

/** A repository with these fixtures, as text or as JSON. */
function repository(files: Readonly<Record<string, unknown>>): string {
	const folder = temporaryFolder('memberpass-fixtures-');
	folders.push(folder);
	for (const [path, content] of Object.entries(files)) {
		const target = join(folder.path, 'fixtures', path);
		mkdirSync(dirname(target), { recursive: true });
		writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
	}
	return folder.path;
}

const delivery = (): Json => ({
	type: 'plan.created',
	variant: null,
	evidence: 'documented',
	source: 'https://docs.memberpass.net',
	note: '',
	headers: { 'X-Event': 'plan.created' },
	body: '{"a":1}',
});

const exchange = (): Json => ({
	request: { method: 'GET', path: '/v1/plans', query: { page: '1', 'ids[]': ['a', 'b'] } },
	response: { status: 200, headers: { 'x-a': 'b' } },
});

const recording = (): Json => ({
	name: 'reads',
	evidence: 'documented',
	source: 'https://docs.memberpass.net',
	note: '',
	input: { plan: 'pln_1' },
	exchanges: [exchange()],
	output: [{ id: 'pln_1' }],
	error: null,
});

const refusal = (): Json => ({
	...recording(),
	output: null,
	error: { status: 422, message: 'No.', fields: { name: ['Too long.'] } },
});

const recordings = (...rows: readonly unknown[]): Json => ({
	operation: 'list_plans',
	recordings: rows,
});

/** Sets what a dotted path points to. */
function change(file: Json, path: string, value: unknown): Json {
	const keys = path.split('.');
	const last = keys.pop() ?? '';
	keys.reduce<Json>((at, key) => at[key] as Json, file)[last] = value;
	return file;
}

describe('fixtures', () => {
	it('are read from every folder, sorted by path, and nothing but JSON is', () => {
		const root = repository({
			'events/plan/plan.created.json': delivery(),
			'events/member/member.joined.json': { ...delivery(), variant: 'flat' },
			'events/README.md': 'no fixture',
		});
		expect(loadEventFixtures(root).map(({ path, variant }) => [path, variant])).toEqual([
			['fixtures/events/member/member.joined.json', 'flat'],
			['fixtures/events/plan/plan.created.json', null],
		]);
	});

	it('keep what was recorded, and nothing where nothing was sent', () => {
		const root = repository({
			'api/plan/list_plans.json': recordings(recording(), { ...refusal(), name: 'refused' }),
		});
		expect(loadRecordings(root)).toEqual([
			{
				path: 'fixtures/api/plan/list_plans.json',
				operation: 'list_plans',
				recordings: [
					{
						...recording(),
						exchanges: [
							{
								request: {
									method: 'GET',
									path: '/v1/plans',
									query: { page: '1', 'ids[]': ['a', 'b'] },
									body: null,
								},
								response: { status: 200, headers: { 'x-a': 'b' }, body: null },
							},
						],
					},
					expect.objectContaining({
						name: 'refused',
						error: {
							status: 422,
							code: null,
							message: 'No.',
							request_id: null,
							ability: null,
							fields: { name: ['Too long.'] },
						},
					}),
				],
			},
		]);
	});

	it.each([
		['events', loadEventFixtures],
		['api', loadRecordings],
	] as const)(
		'that are all gone fail, or each table of tests would pass without a row: %s',
		(folder, load) => {
			expect(() => load(repository({ [`${folder}/notes.txt`]: '' }))).toThrow(
				`There is no fixture below fixtures/${folder}.`,
			);
		},
	);

	it.each<[string, unknown, RegExp]>([
		['type', 7, /"type" must be a text/],
		['variant', undefined, /"variant" must be a name or null/],
		['variant', 7, /"variant" must be a name or null/],
		['evidence', null, /"evidence" must be a text/],
		['source', undefined, /"source" must be a text/],
		['note', undefined, /"note" must be a text/],
		['headers', [], /"headers" must be an object/],
		['headers.X-Event', 7, /"X-Event" must be a text/],
		['body', {}, /"body" must be a text/],
	])('of an event are named where their %s is %j', (path, value, problem) => {
		const root = repository({ 'events/plan/a.json': change(delivery(), path, value) });
		expect(() => loadEventFixtures(root)).toThrow(problem);
		expect(() => loadEventFixtures(root)).toThrow(/^fixtures\/events\/plan\/a\.json/);
	});

	it.each<[string, unknown, RegExp]>([
		['operation', undefined, /"operation" must be a text/],
		['recordings', {}, /"recordings" must be a list with at least one row/],
		['recordings', [], /"recordings" must be a list with at least one row/],
		['recordings.0', null, /a recording must be an object/],
		['recordings.0', [], /a recording must be an object/],
		['recordings.0.name', undefined, /"name" must be a text/],
		['recordings.0.name', 'refused', /two recordings are called "refused"/],
		['recordings.0.evidence', undefined, /"reads": "evidence" must be a text/],
		['recordings.0.source', undefined, /"source" must be a text/],
		['recordings.0.note', undefined, /"note" must be a text/],
		['recordings.0.input', [], /"input" must be an object/],
		['recordings.0.exchanges', {}, /"exchanges" must be a list/],
		['recordings.0.output', {}, /"output" must be a list or null/],
		['recordings.0.output', null, /exactly one of "output" and "error" must be null/],
		['recordings.1.output', [], /exactly one of "output" and "error" must be null/],
		['recordings.0.error', undefined, /"error" must be an object/],
		['recordings.0.exchanges.0', 'x', /an exchange must be an object/],
		['recordings.0.exchanges.0.request', undefined, /"request" must be an object/],
		['recordings.0.exchanges.0.request.method', undefined, /"method" must be a text/],
		['recordings.0.exchanges.0.request.path', undefined, /"path" must be a text/],
		['recordings.0.exchanges.0.request.query', null, /"query" must be an object/],
		[
			'recordings.0.exchanges.0.request.query.page',
			1,
			/query "page" must be a text or a list of texts/,
		],
		[
			'recordings.0.exchanges.0.request.query.page',
			['1', 2],
			/query "page" must be a text or a list/,
		],
		['recordings.0.exchanges.0.response', undefined, /"response" must be an object/],
		['recordings.0.exchanges.0.response.status', '200', /"status" must be a number/],
		['recordings.0.exchanges.0.response.headers', null, /"headers" must be an object/],
		['recordings.0.exchanges.0.response.headers.x-a', ['b'], /"x-a" must be a text/],
		['recordings.1.error.status', '422', /the error's "status" must be a number or null/],
		['recordings.1.error.status', undefined, /the error's "status" must be a number or null/],
		['recordings.1.error.message', null, /"message" must be a text/],
		['recordings.1.error.code', 7, /the error's "code" must be a text or null/],
		['recordings.1.error.request_id', 7, /the error's "request_id" must be a text or null/],
		['recordings.1.error.ability', [], /the error's "ability" must be a text or null/],
		['recordings.1.error.fields', [], /"fields" must be an object/],
		[
			'recordings.1.error.fields.name',
			'Too long.',
			/the messages of "name" must be a list of texts/,
		],
	])('of the API are named where %s is %j', (path, value, problem) => {
		const file = recordings(recording(), { ...refusal(), name: 'refused' });
		const root = repository({ 'api/plan/a.json': change(file, path, value) });
		expect(() => loadRecordings(root)).toThrow(problem);
		expect(() => loadRecordings(root)).toThrow(/^fixtures\/api\/plan\/a\.json/);
	});

	it.each(['{', '[]', '"text"', 'null'])('that hold %s are named', (text) => {
		const root = repository({ 'events/a.json': text, 'api/a.json': text });
		expect(() => loadEventFixtures(root)).toThrow(
			/^fixtures\/events\/a\.json(: the file must| is not)/,
		);
		expect(() => loadRecordings(root)).toThrow(/^fixtures\/api\/a\.json(: the file must| is not)/);
	});
});
