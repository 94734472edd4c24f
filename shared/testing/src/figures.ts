import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';

import { givenPath } from './command-line.ts';
import { table } from './markdown.ts';

/** Several measurements of one thing. */
export interface Spread {
	readonly median: number;
	readonly min: number;
	readonly max: number;
	readonly runs: number;
}

/**
 * One measured figure, in the form that every benchmark writes with `--json`. Times depend on the machine, ratios of two
 * things measured in one run hardly: only ratios are ever judged.
 */
export interface Figure {
	/** Stable, in words: "Cold start". */
	readonly name: string;
	/** `ms`, `µs`, `MB`, `KB`, `a second`, `files` … */
	readonly unit: string;
	readonly ours: number | Spread;
	/** The same of something else in the same run: of 1.4.0, of the floor, of bare core. */
	readonly beside?: Readonly<Record<string, number>>;
	readonly judged?: Judged;
	/** What bounds it, or what else has to be known. One line. */
	readonly note?: string;
}

/** What is compared with the last committed run, and with the aim. */
export interface Judged {
	/** What the number is, in words: "of bare core", "times as fast as 1.4.0", "KB". */
	readonly as: string;
	readonly value: number;
	/** Which way is better. */
	readonly better: 'lower' | 'higher';
	/** Aim that was set; absent where none was. */
	readonly aim?: number;
}

/** What a benchmark writes. */
export interface Report {
	/** Folder of the workspace: `packages/zapier`. */
	readonly of: string;
	/** Command that measures it again. */
	readonly command: string;
	readonly figures: readonly Figure[];
}

/** The middle and the ends of some measurements. */
export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (index: number): number => sorted[index] ?? Number.NaN;
	const middle = sorted.length / 2;
	return {
		median: (at(Math.ceil(middle) - 1) + at(Math.floor(middle))) / 2,
		min: at(0),
		max: at(sorted.length - 1),
		runs: sorted.length,
	};
}

export const median = (values: readonly number[]): number => spreadOf(values).median;

/** "AMD EPYC x 2, Node 24.21.0". */
export const machineName = (): string =>
	`${cpus()[0]?.model.trim() ?? 'unknown processor'} x ${cpus().length}, Node ${process.versions.node}`;

export function meets({ value, better, aim }: Judged): boolean {
	if (aim === undefined) return true;
	return better === 'lower' ? value <= aim : value >= aim;
}

/** What a benchmark prints. */
export const reportText = ({ figures }: Report): string =>
	[
		`Machine: ${machineName()}`,
		'',
		table(['figure', 'ours', 'beside it', 'aim'], figures.map(cellsOf)),
		...figures.flatMap(({ name, note }) => (note === undefined ? [] : ['', `${name}: ${note}`])),
		'',
	].join('\n');

/** Name, ours, what it is beside, and how it is judged. */
export function cellsOf({ name, unit, ours, beside, judged }: Figure): readonly string[] {
	const others = Object.entries(beside ?? {}).map(([of, value]) => `${write(value)} ${unit} ${of}`);
	return [name, valueText(ours, unit), others.join(', '), judged === undefined ? '' : said(judged)];
}

function said(judged: Judged): string {
	const words = `${write(judged.value)} ${judged.as}`;
	if (judged.aim === undefined) return words;
	const side = judged.better === 'lower' ? 'at most' : 'at least';
	return `${words} (aim: ${side} ${write(judged.aim)}${meets(judged) ? '' : ', missed'})`;
}

function valueText(value: number | Spread, unit: string): string {
	if (typeof value === 'number') return `${write(value)} ${unit}`;
	return `${write(value.median)} ${unit} (${write(value.min)} to ${write(value.max)})`;
}

/** Three significant digits, whole numbers from 100 on: more would be the machine's, not the code's. */
export function write(value: number): string {
	if (!Number.isFinite(value)) return 'unknown';
	if (Math.abs(value) >= 100) return String(Math.round(value));
	return String(Number(value.toPrecision(3)));
}

/**
 * Where a report goes that somebody has named a file for. Asked before anything is measured, which takes minutes.
 *
 * @returns writes it.
 * @throws Error where it could not be written there.
 */
export function reportTo(named: string | undefined): (report: object) => void {
	if (named === undefined) return () => undefined;
	const path = givenPath(named);
	try {
		accessSync(dirname(path), constants.W_OK);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		throw new Error(`--json: nothing can be written in ${dirname(path)} (${code}).`, {
			cause: error,
		});
	}
	if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
		throw new Error(`--json: ${path} is a folder.`);
	}
	return (report) => {
		writeFileSync(path, `${JSON.stringify(report, null, '\t')}\n`);
		process.stderr.write(`wrote ${path}\n`);
	};
}
