import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { useFolders } from '../../testing/src/in-tests.ts';
import {
	holds,
	judge,
	percentOf,
	type Report,
	type ReportedMutant,
	scoresOf,
	survivorsOf,
} from '../src/mutation/judge.ts';
import { pageOf, pagePath, readRecord, recordAfter } from '../src/mutation/record.ts';
import { targets } from '../src/mutation/targets.ts';

const root = join(__dirname, '../../..');

const mutant = (status: string, column: number, replacement = 'true') => ({
	mutatorName: 'ConditionalExpression',
	replacement,
	status,
	location: { start: { line: 2, column }, end: { line: 2, column: column + 1 } },
});
const reportOf = (...mutants: ReturnType<typeof mutant>[]): Report => ({
	files: { 'src/a.ts': { source: 'first\n\tif (a && b) c();\n', mutants } },
});

describe('a score', () => {
	it('counts as noticed what a test failed on and what never ended, not what broke the runner', () => {
		const report = reportOf(
			mutant('Killed', 5),
			mutant('Timeout', 5),
			mutant('RuntimeError', 5),
			mutant('Survived', 5),
			mutant('NoCoverage', 5),
		);
		expect(scoresOf(report)).toEqual([{ file: 'src/a.ts', noticed: 2, of: 5 }]);
	});

	it('is not given to a file without a mutant', () => {
		expect(scoresOf(reportOf())).toEqual([]);
	});

	it('is refused where a mutant fell out of the sum', () => {
		expect(() => scoresOf(reportOf(mutant('Ignored', 5)))).toThrow(
			'src/a.ts has a mutant of the status "Ignored".',
		);
	});

	it.each([
		[[{ noticed: 89_999, of: 100_000 }], 89.99],
		[
			[
				{ noticed: 1, of: 2 },
				{ noticed: 9, of: 10 },
			],
			83.33,
		],
		[[], 0],
	])('of %j is %d %%, never rounded up', (scores, percent) => {
		expect(percentOf(scores)).toBe(percent);
	});
});

const first = { file: 'src/a.ts', line: 'if (a && b) c();', change: 'a → true' };
const second = { file: 'src/a.ts', line: 'if (a && b) c();', change: 'b → true' };
const reason = 'because';

describe('survivors', () => {
	it('are named by their line and by what was changed', () => {
		const report = reportOf(mutant('Survived', 11), mutant('Killed', 6), mutant('NoCoverage', 6));
		expect(survivorsOf(report)).toEqual([first, second]);
	});

	it('that are listed pass; each entry stands for one', () => {
		const files = new Set(['src/a.ts']);
		expect(judge([first], [{ ...first, reason }], files)).toEqual({ unknown: [], outdated: [] });
		expect(judge([first, first], [{ ...first, reason }], files)).toEqual({
			unknown: [first],
			outdated: [],
		});
	});

	it.each([
		['of another change', second],
		['in another line', { ...first, line: 'if (a && c) b();' }],
		['in another file', { ...first, file: 'src/b.ts' }],
	])('that are not listed are told, and so are entries %s that no longer survive', (_, other) => {
		expect(judge([first], [{ ...other, reason }], new Set(['src/a.ts', 'src/b.ts']))).toEqual({
			unknown: [first],
			outdated: [{ ...other, reason }],
		});
	});

	it('of files that had no mutants this time are not asked about', () => {
		expect(judge([], [{ ...first, reason }], new Set(['src/b.ts'])).outdated).toEqual([]);
	});
});

describe('a run', () => {
	const none = { unknown: [], outdated: [] };
	const scores = [{ file: 'src/a.ts', noticed: 9, of: 10 }];
	it.each([
		['where enough was noticed', true, scores, none, 90],
		['of some files, whatever was noticed', true, scores, none, null],
		['where too little was noticed', false, scores, none, 90.01],
		['without a mutant', false, [], none, 90],
		['with a survivor that is not listed', false, scores, { ...none, unknown: [first] }, 90],
		[
			'with an entry that no longer survives',
			false,
			scores,
			{ ...none, outdated: [{ ...first, reason }] },
			null,
		],
	])('%s is good: %s', (_, good, found, judgement, least) => {
		expect(holds(found, judgement, least)).toBe(good);
	});
});

describe('a record', () => {
	const score = (file: string, noticed: number) => ({ file, noticed, of: 10 });
	const known = (file: string) => ({ ...first, file, reason });
	const before = {
		day: '2026-01-01',
		sample: 1,
		scores: [score('src/a.ts', 9), score('src/b.ts', 9), score('src/c.ts', 9)],
		known: [known('src/a.ts'), known('src/b.ts'), known('src/c.ts')],
	};
	const judgement = {
		unknown: [{ ...second, file: 'src/b.ts' }],
		outdated: before.known.slice(1, 2),
	};
	const run = { day: '2026-02-02', sample: 1, scores: [score('src/b.ts', 8)], judgement };

	it('of some files leaves the others; what is new has no reason yet', () => {
		expect(recordAfter(before, { ...run, whole: false })).toEqual({
			day: '2026-02-02',
			sample: 1,
			scores: [score('src/a.ts', 9), score('src/b.ts', 8), score('src/c.ts', 9)],
			known: [known('src/a.ts'), known('src/c.ts'), { ...second, file: 'src/b.ts', reason: '' }],
		});
	});

	it('of the whole has no file that is gone', () => {
		expect(recordAfter(before, { ...run, whole: true }).scores).toEqual([score('src/b.ts', 8)]);
	});

	it('that is a sample takes no single files', () => {
		expect(() => recordAfter({ ...before, sample: 8 }, { ...run, whole: false })).toThrow(
			'What is recorded is a sample: record a run of the whole target first.',
		);
	});
});

const newFolder = useFolders('mutation');

/** What the real Stryker says of each text in a piece of code, tried in the order of the code. */
function fatesOf(code: string, tests: string): Readonly<Record<string, string>> {
	const folder = newFolder();
	for (const name of ['dist', '.mutation']) mkdirSync(join(folder, name));
	writeFileSync(join(folder, 'package.json'), '{}');
	writeFileSync(join(folder, 'dist/code.cjs'), code);
	writeFileSync(join(folder, '.mutation/tests.cjs'), tests);
	writeFileSync(
		join(folder, 'stryker.config.json'),
		JSON.stringify({
			mutate: ['dist/code.cjs'],
			mutator: {
				excludedMutations: [
					'AssignmentOperator',
					'BlockStatement',
					'ConditionalExpression',
					'EqualityOperator',
				],
			},
			testRunner: 'resident',
			plugins: [join(root, 'shared/proof/src/mutation/runner.ts')],
			coverageAnalysis: 'perTest',
			inPlace: true,
			concurrency: 1,
			reporters: ['json'],
			jsonReporter: { fileName: 'report.json' },
		}),
	);
	const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
	const { status, stdout } = spawnSync(process.execPath, [stryker, 'run'], {
		cwd: folder,
		encoding: 'utf8',
		env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
	});
	if (status !== 0) throw new Error(stdout);
	const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
	const textOf = ({ location: { start, end } }: ReportedMutant): string =>
		(code.split('\n')[start.line - 1] ?? '').slice(start.column, end.column - 2);
	return Object.fromEntries(
		Object.values(report.files)
			.flatMap(({ mutants }) => mutants)
			.filter(({ mutatorName }) => mutatorName === 'StringLiteral')
			.map((one) => [textOf(one), one.status]),
	);
}

it('neither what a mutant left behind nor a test that fails now and then decides about a later one', () => {
	const code = `
		exports.zero = function () { return 'unnoticed, though a test fails now and then'; };
		exports.stay = function () { globalThis.staying = 'stays'; };
		exports.first = function () { return 'unnoticed, though a test fails ever since'; };
		exports.pass = function () { globalThis.passing = 'passes'; };
		exports.second = function () { return 'unnoticed, though a test fails once'; };
		exports.spoil = function () { globalThis.spoilt ??= 'spoils'; };
		exports.third = function () { return 'noticed, though a test does nothing ever since'; };
		exports.linger = function () { globalThis.lingering = 'lingers'; };
		exports.label = 'unnoticed, though a test of that name fails';
		exports.loaded = 'noticed, though no test can be loaded';
		if (exports.loaded.length === 0) throw new Error();
	`;
	const tests = `
		const code = require('../dist/code.cjs');
		it(code.label, () => expect(globalThis.lingering ?? 'lingers').toBe('lingers'));
		let runs = 0;
		it('zero', () => {
			code.zero();
			runs++;
			expect(runs).not.toBe(2);
		});
		it('stay', () => {
			code.stay();
			expect(globalThis.staying).toBe('stays');
		});
		it('first', () => {
			code.first();
			expect(globalThis.staying ?? 'stays').toBe('stays');
		});
		it('pass', () => {
			code.pass();
			expect(globalThis.passing).toBe('passes');
		});
		it('second', () => {
			code.second();
			const { passing = 'passes' } = globalThis;
			delete globalThis.passing;
			expect(passing).toBe('passes');
		});
		it('spoil', () => {
			code.spoil();
			expect(globalThis.spoilt).toBe('spoils');
		});
		it('third', () => {
			const text = code.third();
			if (globalThis.spoilt !== '') expect(text).not.toBe('');
		});
		it('linger', () => {
			code.linger();
			expect(globalThis.lingering).toBe('lingers');
		});
	`;
	expect(fatesOf(code, tests)).toEqual({
		'unnoticed, though a test fails now and then': 'Survived',
		stays: 'Killed',
		'unnoticed, though a test fails ever since': 'Survived',
		passes: 'Killed',
		'unnoticed, though a test fails once': 'Survived',
		spoils: 'Killed',
		'noticed, though a test does nothing ever since': 'Killed',
		lingers: 'Killed',
		'unnoticed, though a test of that name fails': 'Survived',
		'noticed, though no test can be loaded': 'Killed',
	});
});

describe('what is committed', () => {
	it.each(targets.filter((target) => readRecord(root, target).day !== null))(
		'of $name holds what it demands, and gives a reason for each survivor',
		(target) => {
			const { scores, known } = readRecord(root, target);
			expect(percentOf(scores)).toBeGreaterThanOrEqual(target.breakAt);
			expect(known.filter((one) => one.reason.trim() === '')).toEqual([]);
			const left = scores.reduce((sum, score) => sum + score.of - score.noticed, 0);
			expect(known).toHaveLength(left);
		},
	);

	it('is shown by the page as it is; "npm run mutation -- --page" writes it', () => {
		expect(readFileSync(join(root, pagePath), 'utf8')).toBe(pageOf(root));
	});
});
