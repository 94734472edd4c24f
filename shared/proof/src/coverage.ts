import { relative } from 'node:path';

/** How many of a file's branches the tests run, and where the others begin. */
export interface FileCoverage {
	readonly file: string;
	readonly percent: number;
	readonly lines: readonly number[];
}

/** What is wrong with the coverage of a target; empty where all is well. Without a file nothing was measured. */
export function wrongWith(files: readonly FileCoverage[], least: number): readonly string[] {
	const low = files.filter((one) => one.percent < least).length;
	return [
		...(low > 0 ? [`${low} below ${least} %`] : []),
		...(files.length === 0 ? ['no file was measured'] : []),
	];
}

interface Place {
	readonly loc: { readonly start: { readonly line: number } };
}

/** The form of istanbul's coverage map, as far as it is read here. */
export type Istanbul = Readonly<
	Record<
		string,
		{
			readonly branchMap: Readonly<Record<string, Place>>;
			readonly b: Readonly<Record<string, readonly number[]>>;
			readonly fnMap: Readonly<Record<string, Place>>;
			readonly f: Readonly<Record<string, number>>;
		}
	>
>;

/**
 * Sums up the branches of each file. V8 reports no branches of a function that is never called: it counts as one that
 * is not taken, or a file with one good function and ten that no test knows would have all of its branches.
 *
 * @param base Folder that the names of the files begin below.
 */
export function summarise(map: Istanbul, base: string): FileCoverage[] {
	return Object.entries(map).map(([path, { b, branchMap, f, fnMap }]) => {
		const hits = [...Object.values(b).flat(), ...Object.values(f).filter((count) => count === 0)];
		const missed = [
			...Object.entries(b).flatMap(([id, counts]) => (counts.includes(0) ? [branchMap[id]] : [])),
			...Object.entries(f).flatMap(([id, count]) => (count === 0 ? [fnMap[id]] : [])),
		];
		return {
			file: relative(base, path),
			percent: hits.length === 0 ? 100 : (100 * hits.filter((one) => one > 0).length) / hits.length,
			lines: missed.map((place) => place?.loc.start.line ?? 0).sort((a, b) => a - b),
		};
	});
}
