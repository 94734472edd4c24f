import { join } from 'node:path';

import {
	type FaultJob,
	type FaultReport,
	type LostJob,
	type LostReport,
	type Method,
	methods,
} from '../../src/faults/job.ts';
import { type PlatformName, type Results, runFaults } from '../../src/faults/run.ts';
import {
	faultTable,
	type FaultRow,
	leastWaits,
	lossyWrites,
	lostAnswers,
	type Outcome,
	type Outcomes,
	retryAfterTable,
	zapierWords,
} from '../../src/faults/table.ts';

const repoRoot = join(__dirname, '../../../..');

/** How much faster: little where the waits are short, so that a busy machine is not taken for a dead server. */
const speeds = {
	n8n: { waits: 3, limits: 6 },
	zapier: { waits: 1, limits: 4 },
} as const;

/** Requests that a platform sends before it gives up. */
const mostTries = { n8n: 4, zapier: 2 } as const;

const outcomeOf = (outcomes: Outcomes, method: Method): Outcome =>
	typeof outcomes === 'string' ? outcomes : outcomes[method];
const slug = (...parts: readonly (string | number)[]): string =>
	parts.join('-').replace(/[^\w-]/g, '_');

const cells = faultTable.flatMap((row) => methods.map((method) => ({ row, method })));
/** Cells that are tried more than once. */
const repeated = (name: PlatformName) =>
	cells.filter(({ row, method }) => !outcomeOf(row[name], method).startsWith('1 '));
const isServed = ({ fault }: FaultRow): boolean => fault !== 'refused' && fault !== 'no such host';
/** Those where there is a server that can answer afterwards. */
const passing = (name: PlatformName) => repeated(name).filter(({ row }) => isServed(row));
const refusals = [429, 503] as const;
const headers = retryAfterTable.flatMap((row) => refusals.map((status) => ({ row, status })));
const losses = lostAnswers.flatMap(({ fault, what }) =>
	lossyWrites.flatMap((method) => [
		{ fault, what, method, again: false },
		{ fault, what, method, again: true },
	]),
);

function faultJobs(name: PlatformName): FaultJob[] {
	const { waits, limits } = speeds[name];
	const speedOf = (row: FaultRow): number => ((row.endsByTime?.[name] ?? 0) > 0 ? limits : waits);
	return [
		...cells.map(({ row, method }) => ({
			id: slug(row.fault, method),
			method,
			faults: [{ name: row.fault }],
			speed: speedOf(row),
		})),
		...passing(name).map(({ row, method }) => ({
			id: slug('once', row.fault, method),
			method,
			faults: [{ name: row.fault }, { name: 'fine' as const }],
			speed: speedOf(row),
		})),
		...headers.map(({ row, status }, index) => ({
			id: slug('retry-after', index),
			method: 'GET' as const,
			faults: [
				{ name: `${status}` as const, retryAfter: row.retryAfter },
				{ name: 'fine' as const },
			],
			speed: row.waits[name] > 5_000 ? limits : waits,
		})),
	];
}

function lostJobs(name: PlatformName): LostJob[] {
	const { waits, limits } = speeds[name];
	return losses.map(({ fault, method, again }) => ({
		id: slug('lost', fault, method, String(again)),
		method,
		fault,
		times: again ? mostTries[name] : 1,
		again,
		// Zapier's client does not notice a body that is cut short, see the table.
		speed: fault === 'stall_body' || (name === 'zapier' && fault === 'cut_body') ? limits : waits,
	}));
}

function summary({ tries, ending }: Pick<FaultReport, 'tries' | 'ending'>): string {
	const delay = ending.delaySeconds === null ? '' : ` ${ending.delaySeconds} s`;
	return `${tries} ${ending.kind}${delay}`;
}

/** The words of a row as each platform puts them. */
function wordsOf(name: PlatformName, row: FaultRow, method: Method): string {
	const read = (name === 'n8n' ? undefined : zapierWords[row.fault]) ?? row;
	const { title } = read;
	const detail = (method === 'GET' ? undefined : read.detailOfWrite) ?? read.detail;
	if (name === 'n8n') return `${title ?? ''} [item 0] | ${detail}`;
	return `${title ?? ''} ${detail}`;
}

const fails = (outcome: string): boolean => !/ (succeeds|finds nothing)$/.test(outcome);

/** A busy machine sends late, which shortens what is measured between two requests: it must not fail the test. */
const slack = 2 / 3;

/**
 * Every row of the table on a platform, over real sockets: the built package in the engine it runs in, with the time
 * limits it is published with, on a clock that runs faster.
 */
export function testFaultsOn(name: PlatformName): void {
	let results: Results;
	beforeAll(async () => {
		const work = { faults: faultJobs(name), lost: lostJobs(name) };
		results = await runFaults(name, repoRoot, work);
	}, 1_200_000);

	function faultOf(id: string): FaultReport {
		const report = results.faults.get(id);
		if (report === undefined) throw new Error(`There is no result "${id}".`);
		return report;
	}

	function lostOf(id: string): LostReport {
		const report = results.lost.get(id);
		if (report === undefined) throw new Error(`There is no result "${id}".`);
		return report;
	}

	describe.each(methods)('%s', (method) => {
		it.each(faultTable.map((row) => [row.what, outcomeOf(row[name], method), row] as const))(
			'%s: %s',
			(_, outcome, row) => {
				const report = faultOf(slug(row.fault, method));
				expect(summary(report)).toBe(outcome);
				expect(report.ending.text).toBe(fails(outcome) ? wordsOf(name, row, method) : '');
			},
		);

		it.each(
			passing(name)
				.filter((cell) => cell.method === method)
				.map(({ row }) => [row.what, row] as const),
		)('%s, once: the second try succeeds', (_, row) => {
			expect(summary(faultOf(slug('once', row.fault, method)))).toBe('2 succeeds');
		});
	});

	it.each(repeated(name).map(({ row, method }) => [row.what, method, row] as const))(
		'%s, %s: waits before each try, longer each time, and gives each its whole time limit',
		(_, method, row) => {
			const { gaps } = faultOf(slug(row.fault, method));
			const least = leastWaits[name].map((wait) => wait + (row.endsByTime?.[name] ?? 0));
			expect(gaps).toHaveLength(least.length);
			const short = gaps.filter((gap, index) => gap < (least[index] ?? 0) * slack);
			expect({ gaps, short }).toEqual({ gaps, short: [] });
		},
	);

	it.each(
		headers.map(({ row, status }, index) => {
			const { retryAfter: header } = row;
			const what = row.what ?? (typeof header === 'string' ? header : '');
			return [status, what, row[name], row.waits[name], slug('retry-after', index)] as const;
		}),
	)('%d with Retry-After %s: %j', (_, __, outcomes, wait, id) => {
		const report = faultOf(id);
		expect(outcomes).toContain(summary(report));
		for (const gap of report.gaps) expect(gap).toBeGreaterThanOrEqual(wait * slack);
	});

	it.each(
		losses.map((loss) => {
			const times = loss.again ? 'until the step is run again' : 'once';
			return [loss.method, loss.what, times, loss] as const;
		}),
	)('%s that is carried out, but %s, %s: done once', (_, __, ___, { fault, method, again }) => {
		const { ending, rows, events } = lostOf(slug('lost', fault, method, String(again)));
		expect([ending.kind, ending.text]).toEqual(['succeeds', '']);
		expect({ rows, events }).toEqual({ rows: 1, events: method === 'switching on' ? null : 1 });
	});

	it('a write keeps one idempotency key for all its tries, a read has none', () => {
		const wrong = cells.filter(
			({ row, method }) =>
				isServed(row) && faultOf(slug(row.fault, method)).keys !== (method === 'GET' ? 0 : 1),
		);
		expect(wrong.map(({ row, method }) => `${row.fault} ${method}`)).toEqual([]);
	});

	it('nothing follows a redirect, and the token shows in no error and no result', () => {
		const reports = [...results.faults.values()];
		expect(reports.length).toBeGreaterThan(150);
		expect(reports.filter((report) => report.leaked || report.strayed > 0)).toEqual([]);
		expect(results.log).not.toMatch(/mpt_(test|live)_/);
	});
}
