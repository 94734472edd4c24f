import { type Istanbul, summarise, wrongWith } from '../src/coverage.ts';

const at = (line: number) => ({ loc: { start: { line } } });
const file = (part: Partial<Istanbul[string]>): Istanbul => ({
	'/repository/src/a.ts': { b: {}, branchMap: {}, f: {}, fnMap: {}, ...part },
});

it.each<[string, Partial<Istanbul[string]>, number, readonly number[]]>([
	['without branches has all of them', {}, 100, []],
	[
		'whose branches were all taken has all of them',
		{ b: { 0: [2], 1: [1] }, branchMap: { 0: at(1), 1: at(3) } },
		100,
		[],
	],
	[
		'lacks a branch that was not taken, which is named by its line',
		{
			b: { 0: [2], 1: [0], 2: [1], 3: [1] },
			branchMap: { 0: at(1), 1: at(3), 2: at(4), 3: at(5) },
		},
		75,
		[3],
	],
	[
		'lacks several, named from the top of the file on',
		{
			b: { 0: [0], 1: [0, 1], 2: [1] },
			branchMap: { 0: at(30), 1: at(4), 2: at(5) },
			f: { 0: 0, 1: 2 },
			fnMap: { 0: at(11), 1: at(1) },
		},
		40,
		[4, 11, 30],
	],
	[
		'lacks a function that was never called',
		{ b: { 0: [2] }, branchMap: { 0: at(9) }, f: { 0: 1, 1: 0 }, fnMap: { 0: at(9), 1: at(5) } },
		50,
		[5],
	],
])('a file %s', (_, part, percent, lines) => {
	expect(summarise(file(part), '/repository')).toEqual([{ file: 'src/a.ts', percent, lines }]);
});

it.each<[string, readonly number[], readonly string[]]>([
	['nothing, where each has enough', [95, 100], []],
	['one that has less', [94.9, 95], ['1 below 95 %']],
	['that there is none', [], ['no file was measured']],
])('what is wrong with files is %s', (_, percents, wrong) => {
	const files = percents.map((percent) => ({ file: 'src/a.ts', percent, lines: [] }));
	expect(wrongWith(files, 95)).toEqual(wrong);
});
