import { join } from 'node:path';

import { expectedCounts } from '../../testing/src/counts.ts';
import { loadEventFixtures } from '../../testing/src/fixtures.ts';
import { type FloodOutcome, wrongWith } from '../src/flood/outcome.ts';
import { planFlood } from '../src/flood/plan.ts';
import { reportOf } from '../src/flood/report.ts';
import { loadSignatureVectors } from '../../testing/src/vectors.ts';

const repoRoot = join(__dirname, '../../..');

describe('the deliveries', () => {
	const material = {
		fixtures: loadEventFixtures(repoRoot),
		vectors: loadSignatureVectors(repoRoot),
		secret: 'the secret',
		oldSecret: 'the old secret',
	};
	const plan = (seed: string, count = 2_000) => [
		...planFlood({ count, seed, forgedShare: 0.05 }, material),
	];
	const names = (seed: string) =>
		plan(seed).map((one) => (one.kind === 'genuine' ? one.id : one.way));

	it('are of every event, some repeated, all out of order, one in twenty forged', () => {
		const planned = plan('a');
		const genuine = planned.flatMap((one) => (one.kind === 'genuine' ? [one] : []));
		expect([planned.length, genuine.length]).toEqual([2_000, 1_900]);
		expect(new Set(genuine.map(({ type }) => type)).size).toBe(expectedCounts.events);
		const ids = genuine.map(({ id }) => id);
		expect(new Set(ids).size).toBe(genuine.filter(({ repeated }) => !repeated).length);
		const inOrder = ids.filter((id, index) => index > 0 && id > (ids[index - 1] ?? ''));
		expect(inOrder.length / ids.length).toBeGreaterThan(0.35);
		expect(inOrder.length / ids.length).toBeLessThan(0.65);
	});

	it('are the same with the same seed, and others with another', () => {
		expect(names('a')).toEqual(names('a'));
		expect(names('a')).not.toEqual(names('b'));
	});
});

describe('what is wrong', () => {
	const good: FloodOutcome = {
		sent: 10,
		genuine: 9,
		repeated: 1,
		forged: 1,
		impossible: 0,
		ways: 1,
		lost: 0,
		accepted: 0,
		unexplained: 0,
		leaked: 0,
		heap: [10, 20, 20, 20, 22],
		seconds: 1,
		faults: [],
	};
	it.each<[string, Partial<FloodOutcome>, readonly string[]]>([
		['nothing, where all is well', {}, []],
		['a lost one', { lost: 1 }, ['1 genuine deliveries were lost']],
		['an accepted one', { accepted: 2 }, ['2 forged deliveries were accepted']],
		['one that was not refused', { unexplained: 1 }, ['1 forged deliveries were not refused']],
		['a secret', { leaked: 1 }, ['a secret showed after 1 deliveries']],
		['memory', { heap: [10, 20, 23] }, ['memory grew from 20 to 23 bytes']],
		['a failure by name', { faults: ['lost: evt_1'] }, ['lost: evt_1']],
	])('is %s', (_, part, expected) => {
		expect(wrongWith({ ...good, ...part })).toEqual(expected);
	});

	it('is said beside the figures, and makes the command fail', () => {
		const result = { runtime: 'n8n', outcome: { ...good, lost: 1 }, leakedLines: 2 };
		expect(reportOf([['n8n', result]], 'a machine', false)).toMatchObject({
			verdict: 'n8n: 1 genuine deliveries were lost\nn8n: 2 lines of the log hold a secret\n',
			isGood: false,
		});
	});

	it('leaves the figures as JSON that a machine can read', () => {
		const result = { runtime: 'n8n', outcome: good, leakedLines: 0 };
		const { out, verdict, isGood } = reportOf([['n8n', result]], 'a machine', true);
		expect(JSON.parse(out)).toEqual({ machine: 'a machine', n8n: result });
		expect([verdict, isGood]).toEqual(['All is well.\n', true]);
	});
});
