import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Figure, reportTo, spreadOf, write } from '../../testing/src/figures.ts';
import { runNode, useFolders } from '../../testing/src/in-tests.ts';
import { type Collection, regressions, tableOf } from '../src/bench/collection.ts';

const root = join(__dirname, '../../..');

const collection = (...figures: readonly Figure[]): Collection => ({
	date: '2026-11-26',
	machine: 'Two cores, Node 24',
	versions: { 'n8n-core': '2.41.1' },
	reports: [{ of: 'packages/demo', command: 'npm run bench', figures }],
});
const ratio = (value: number, more: Partial<Figure> = {}): Figure => ({
	name: 'Cold start',
	unit: 'ms',
	ours: 300,
	judged: { as: 'times bare core', value, better: 'lower', aim: 1.15 },
	...more,
});

it.each([
	['as good as before', 1.1, 1.1, []],
	['a little worse', 1.0, 1.12, []],
	['better', 1.1, 0.5, []],
	['beyond its aim', 1.1, 1.2, ['1.2 times bare core, was 1.1; the aim is 1.15.']],
	['beyond its aim as before', 1.2, 1.25, []],
	['worse by half, beyond its aim as before', 1.2, 1.8, ['1.8 times bare core, was 1.2.']],
])('a ratio that is %s', (_, before, now, said) => {
	expect(regressions(collection(ratio(before)), collection(ratio(now)))).toEqual(
		said.map((words) => `packages/demo: Cold start: ${words}`),
	);
});

it('where more is better, less is worse', () => {
	const of = (value: number): Collection =>
		collection({
			name: 'Reads',
			unit: 's',
			ours: 3,
			judged: { as: 'times as fast as 1.4.0', value, better: 'higher', aim: 4 },
		});
	expect(regressions(of(8), of(7))).toEqual([]);
	expect(regressions(of(8), of(5))).toEqual([
		'packages/demo: Reads: 5 times as fast as 1.4.0, was 8.',
	]);
	expect(regressions(of(4.1), of(3.9))).toEqual([
		'packages/demo: Reads: 3.9 times as fast as 1.4.0, was 4.1; the aim is 4.',
	]);
});

it('times are not judged', () => {
	const time = (ours: number): Collection => collection({ name: 'Time', unit: 'ms', ours });
	expect(regressions(time(1), time(1_000))).toEqual([]);
});

it.each<[string, readonly Figure[]]>([
	['gone', []],
	['not judged any more', [{ name: 'Cold start', unit: 'ms', ours: 300 }]],
	['a ratio of nothing', [ratio(Number.NaN)]],
])('a judged figure that is %s is noticed', (_, figures) => {
	const now = JSON.parse(JSON.stringify(collection(...figures))) as Collection;
	expect(regressions(collection(ratio(1)), now)).toEqual([
		'packages/demo: Cold start is not measured any more.',
	]);
});

it('the table shows ours, what it is beside, and whether the aim is met', () => {
	const table = tableOf(
		collection(
			ratio(1.2, {
				ours: { median: 312.4, min: 300, max: 330, runs: 5 },
				beside: { 'bare core': 260.2 },
			}),
		),
	);
	expect(table.split('\n').at(0)).toBe(
		'Measured on 2026-11-26: Two cores, Node 24; n8n-core 2.41.1. Median (range) where there were several runs.',
	);
	expect(table.split('\n').at(-1)).toBe(
		'| packages/demo | Cold start | 312 ms (300 to 330) | 260 ms bare core | 1.2 times bare core (aim: at most 1.15, missed) |',
	);
});

it.each([
	[1_234.5, '1235'],
	[12.345, '12.3'],
	[0.012345, '0.0123'],
	[Number.NaN, 'unknown'],
])('%d is written %s', (value, text) => {
	expect(write(value)).toBe(text);
});

it('the middle of an even number of runs lies between the two in the middle', () => {
	expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4, runs: 4 });
	expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, runs: 3 });
});

it('the committed figures are those of the table in README.md', () => {
	const committed = JSON.parse(readFileSync(join(root, 'benchmarks.json'), 'utf8')) as Collection;
	expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(tableOf(committed));
	const judged = committed.reports.flatMap(({ figures }) =>
		figures.flatMap((figure) => figure.judged ?? []),
	);
	expect(judged.length).toBeGreaterThan(10);
	expect(judged.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
	expect(committed.reports.map(({ of }) => of)).toEqual([
		'packages/zapier',
		'packages/n8n-nodes-memberpass',
		'packages/make',
		'packages/sandbox',
		'packages/site',
	]);
});

it('the benchmark explains itself', async () => {
	expect(await runNode([join(__dirname, '../src/bin/bench.ts'), '--help'])).toEqual({
		code: 0,
		stdout: expect.stringContaining('npm run bench -- --check'),
		stderr: '',
	});
});

describe('the file that a report goes to', () => {
	const newFolder = useFolders('report');
	let folder: string;
	beforeEach(() => (folder = newFolder()));

	it('is known before anything is measured', () => {
		expect(() => reportTo(join(folder, 'nowhere/report.json'))).toThrow(
			`--json: nothing can be written in ${folder}/nowhere (ENOENT).`,
		);
		expect(() => reportTo(folder)).toThrow(`--json: ${folder} is a folder.`);
	});

	it('is not made before there is a report', () => {
		reportTo(join(folder, 'report.json'));
		reportTo(undefined)({ of: 'packages/make', command: 'npm run bench', figures: [] });
		expect(readdirSync(folder)).toEqual([]);
	});
});
