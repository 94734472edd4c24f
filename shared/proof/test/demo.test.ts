import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { operations } from '@memberpass/catalogue';
import { verifySignature } from '@memberpass/protocol';

import type { Recording } from '../../testing/src/fixtures.ts';
import { useFolders } from '../../testing/src/in-tests.ts';
import { requireBuilds } from '../src/build.ts';
import { collect, pieces, token } from '../src/demo/material.ts';
import { lacking, type Outcome, reportAll } from '../src/demo/outcome.ts';
import { forgeries } from '../src/demo/refusals.ts';
import { isWanted, uncovered } from '../src/demo/selection.ts';
import { type Answer, replayed } from '../src/demo/replayed.ts';
import { isGood, summary } from '../src/demo/table.ts';
import { runChild } from '../src/run-child.ts';

const repoRoot = join(__dirname, '../../..');

describe('what is lacking', () => {
	it.each([
		['nothing, where all is there', { a: 1, b: [{ c: null }] }, { a: 1, b: [{ c: null }] }, null],
		['nothing, where more is there', { a: 1, more: 2 }, { a: 1 }, null],
		['a key', { a: 1 }, { a: 1, b: 2 }, 'b is undefined instead of 2'],
		['the whole of it', 1, 2, 'the value is 1 instead of 2'],
		['an object where there is none', null, { a: 1 }, 'the value is null instead of an object'],
		['a value', { a: { b: 1 } }, { a: { b: '1' } }, 'a.b is 1 instead of "1"'],
		['null is not absent', {}, { a: null }, 'a is undefined instead of null'],
		['an item', [{ a: 1 }], [{ a: 1 }, { a: 2 }], 'the list has another length'],
		['an item too many', [1, 2], [1], 'the list has another length'],
		['a list where an object came', { a: {} }, { a: [] }, 'a has another length'],
		[
			'a list where an object like one came',
			{ a: { length: 0 } },
			{ a: [] },
			'a has another length',
		],
		['an object where null came', { a: null }, { a: {} }, 'a is null instead of an object'],
		['an object where text came', { a: 'x' }, { a: {} }, 'a is "x" instead of an object'],
	])('%s', (_, actual, expected, fault) => {
		expect(lacking(actual, expected)).toBe(fault);
	});
});

const outcome = (part: Partial<Outcome>): Outcome => ({
	platform: 'zapier',
	kind: 'event',
	group: 'plan',
	name: 'plan.created',
	fault: null,
	...part,
});

it('a platform whose runtime is missing has failed, and says why', async () => {
	const told: string[] = [];
	const tell = (line: string): void => void told.push(line);
	const code = await runChild(__dirname, {
		platform: 'zapier',
		script: 'demo/zapier.ts',
		onLine: tell,
		onErrorLine: tell,
	});
	expect(code).not.toBe(0);
	expect(told).toEqual([`spawn ${__dirname}/node_modules/node22/bin/node ENOENT`]);
});

describe('the summary', () => {
	it('counts per group and platform, names every failure with its reason, and ends in the count', () => {
		const operation = { kind: 'operation', name: 'get_plan: success' } as const;
		const scene = { kind: 'scene', group: 'over sockets', platform: 'n8n' } as const;
		const lines = summary([
			outcome({}),
			outcome({ name: 'plan.deleted' }),
			outcome({ platform: 'n8n', fault: 'started nothing' }),
			outcome(operation),
			outcome({ ...operation, group: 'role' }),
			outcome({ ...scene, name: 'forges' }),
			outcome({ ...scene, name: 'rotates' }),
		]).split('\n');
		expect(lines.map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
			'',
			'Deliveries, by family of events',
			'zapier n8n make',
			'plan 2/2 0/1 -',
			'in all 2/2 0/1 -',
			'',
			'Recordings, by resource',
			'zapier n8n make',
			'plan 1/1 - -',
			'role 1/1 - -',
			'in all 2/2 - -',
			'',
			'What must be refused',
			'zapier n8n make',
			'in all - - -',
			'',
			'Scenes against the sandbox',
			'zapier n8n make',
			'forges - 1/1 -',
			'rotates - 1/1 -',
			'in all - 2/2 -',
			'',
			'Failed',
			'n8n plan, plan.created: started nothing',
			'',
			'6 passed, 1 failed',
			'',
		]);
	});

	it('does not say that nothing failed where a platform stopped half-way', () => {
		expect(summary([outcome({})], 2)).toMatch(/\n1 passed, 2 failed\n$/);
	});
});

it('a name is wanted where no word was given, or one is part of it', () => {
	expect(isWanted([], 'plan.created')).toBe(true);
	expect(isWanted(['role', 'plan'], 'plan.created')).toBe(true);
	expect(isWanted(['role'], 'plan.created')).toBe(false);
});

it('what no fixture covers is found, among what is wanted', () => {
	expect(uncovered([], ['a', 'b'], ['a'])).toEqual(['b']);
	expect(uncovered(['a'], ['a', 'b'], [])).toEqual(['a']);
});

it('no two forgeries are alike, and none is the genuine delivery', () => {
	const made = forgeries('{"id":"evt_1"}', 'a secret', 1_779_098_700);
	expect(new Set(made.map((one) => `${one.body} ${String(one.header)}`)).size).toBe(made.length);
	expect(made).toHaveLength(5);
	const verdicts = made.map(({ name, body, header }) => [
		name,
		verifySignature({
			body: Buffer.from(body),
			header,
			secrets: ['a secret'],
			now: 1_779_098_700_000,
		}).verdict,
	]);
	expect(verdicts).toEqual([
		['an unsigned delivery', 'no_header'],
		['a delivery signed by someone else', 'mismatch'],
		['a delivery whose body was changed', 'mismatch'],
		['a delivery recorded ten minutes ago', 'stale'],
		['a signature header that is junk', 'malformed'],
	]);
	// A receiver that checks no signature takes each of them: nothing else can refuse it.
	expect(made.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
		made.map(() => ({ id: 'evt_1' })),
	);
});

describe('all is well', () => {
	const failed = outcome({ fault: 'started nothing' });
	it.each<[string, boolean, readonly Outcome[], number]>([
		['where everything passed', true, [outcome({})], 0],
		['not where one failed', false, [outcome({}), failed], 0],
		['not where a platform stopped', false, [outcome({})], 1],
		['not where nothing was sent', false, [], 0],
	])('%s', (_, good, outcomes, stopped) => {
		expect(isGood(outcomes, stopped)).toBe(good);
	});
});

describe('what is sent', () => {
	const plans = operations.filter(({ key }) => key === 'publish_plan');
	const words = ['publish_plan', 'plan.created'];

	it('is every delivery, every recording, five forgeries, and what should have a fixture', () => {
		const { fixtures, runs, forged, missing, total } = collect(repoRoot, words, plans);
		expect(fixtures.map(({ type }) => type)).toEqual(['plan.created']);
		expect([forged.length, missing, total]).toEqual([5, [], 6 + runs.length]);
		expect(runs.length).toBeGreaterThan(1);
		expect(new Set(runs.map(({ key, resource }) => `${resource}/${key}`))).toEqual(
			new Set(['plan/publish_plan']),
		);
		for (const { refused, recording } of runs) expect(refused).toBe(recording.output === null);
	});

	it('is said to be missing where no recording of an operation can be sent', () => {
		const none = collect(repoRoot, words, plans, () => false);
		expect([none.runs, none.missing, none.total]).toEqual([[], ['publish_plan'], 7]);
		expect(collect(repoRoot, ['publish_plan'], [])).toMatchObject({ runs: [], forged: [] });
	});

	it('is counted under what it is, and what has no fixture is a failure', async () => {
		const material = { ...collect(repoRoot, words, plans), missing: ['plan.lost'] };
		const sent = pieces(material, {
			deliver: () => Promise.resolve(null),
			refuse: () => Promise.reject(new Error('It ran.')),
			perform: () => Promise.resolve(null),
		});
		const lines: string[] = [];
		const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
			lines.push(String(line));
			return true;
		});
		await reportAll('make', sent).finally(() => write.mockRestore());
		const outcomes = lines.map((line) => JSON.parse(line) as Outcome);
		expect(outcomes.slice(0, 3)).toEqual([
			outcome({
				platform: 'make',
				kind: 'operation',
				group: 'without a fixture',
				name: 'plan.lost',
				fault: 'has no fixture',
			}),
			outcome({ platform: 'make', name: 'fixtures/events/plan/created.json' }),
			outcome({
				platform: 'make',
				kind: 'refusal',
				group: 'an unsigned delivery',
				fault: 'It ran.',
			}),
		]);
		const groups = new Set(outcomes.slice(7).map(({ kind, group }) => `${kind}: ${group}`));
		expect(groups).toEqual(new Set(['operation: plan', 'refusal: writes that MemberPass refuses']));
	});
});

describe('a run against its recording', () => {
	const exchange = {
		request: { method: 'GET', path: '/v1/plan', query: {}, body: null },
		response: { status: 200, headers: {}, body: { data: { id: 'pln_1' } } },
	};
	const recording = (part: Partial<Recording>): Recording => ({
		name: 'success',
		evidence: 'documented',
		source: '',
		note: '',
		input: {},
		exchanges: [exchange],
		output: [{ id: 'pln_1' }],
		error: null,
		...part,
	});
	const refusal = recording({
		output: null,
		error: {
			status: 404,
			code: null,
			message: 'Not found.',
			request_id: null,
			ability: null,
			fields: null,
		},
	});
	const items = (...found: readonly unknown[]): Answer => ({ items: found });
	const said = (text: string, everything = text): Answer => ({ said: text, everything });
	const ask = (answer: Answer) => async (): Promise<Answer> => {
		await fetch('https://api.memberpass.net/v1/plan', {
			headers: { Authorization: `Bearer ${token}` },
		});
		return answer;
	};

	it.each<[string, Recording, () => Promise<Answer>, string | null]>([
		['is right where it gives what was recorded', recording({}), ask(items({ id: 'pln_1' })), null],
		[
			'gives something else',
			recording({}),
			ask(items({ id: 'pln_2' })),
			'0.id is "pln_2" instead of "pln_1"',
		],
		['failed', recording({}), ask(said('No.')), 'failed with No.'],
		[
			'is right where it fails with the words of MemberPass',
			refusal,
			ask(said('Oh. Not found.')),
			null,
		],
		['fails with other words', refusal, ask(said('No.')), 'failed with No.'],
		['shows the token', refusal, ask(said('Not found.', token)), 'the error shows the token'],
		[
			'succeeds where MemberPass refuses',
			refusal,
			ask(items({ id: 'pln_1' })),
			'succeeded with [{"id":"pln_1"}] where MemberPass refuses',
		],
		[
			'sends nothing',
			recording({}),
			() => Promise.resolve(items({ id: 'pln_1' })),
			'1 requests were not sent',
		],
		[
			'sends no token',
			recording({}),
			async () => {
				await fetch('https://api.memberpass.net/v1/plan');
				return items({ id: 'pln_1' });
			},
			'GET /v1/plan does not carry the bearer token.',
		],
	])('%s', async (_, recorded, run, fault) => {
		expect(await replayed(recorded, run)).toBe(fault);
	});
});

const newFolder = useFolders('unbuilt');

it('what is not built yet is named before anything is sent', () => {
	const folder = newFolder();
	mkdirSync(join(folder, 'packages/n8n-nodes-memberpass/dist/nodes'), { recursive: true });
	expect(() => requireBuilds(folder)).toThrow(
		new Error('packages/zapier/dist/index.js is not built yet. Leave out --no-build.'),
	);
	mkdirSync(join(folder, 'packages/zapier/dist/index.js'), { recursive: true });
	expect(() => requireBuilds(folder)).not.toThrow();
});
