import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { judge, percentOf, type Report, scoresOf, survivorsOf } from '../src/mutation/judge.ts';
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
	it('counts as noticed what a test failed on, what never ended and what could not be loaded', () => {
		const report = reportOf(
			mutant('Killed', 5),
			mutant('Timeout', 5),
			mutant('RuntimeError', 5),
			mutant('Survived', 5),
			mutant('NoCoverage', 5),
		);
		expect(scoresOf(report)).toEqual([{ file: 'src/a.ts', noticed: 3, of: 5 }]);
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
		[[], 100],
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

	it('that are not listed are told, and so are entries that no longer survive', () => {
		expect(judge([first], [{ ...second, reason }], new Set(['src/a.ts']))).toEqual({
			unknown: [first],
			outdated: [{ ...second, reason }],
		});
	});

	it('of files that had no mutants this time are not asked about', () => {
		expect(judge([], [{ ...first, reason }], new Set(['src/b.ts'])).outdated).toEqual([]);
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
