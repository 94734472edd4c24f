import { join } from 'node:path';

import { expectedCounts } from '../../testing/src/counts.ts';
import { loadEventFixtures } from '../../testing/src/fixtures.ts';
import { faultsOf, secretsOf } from '../src/flood/judge.ts';
import { type FloodOutcome, wrongWith } from '../src/flood/outcome.ts';
import { planFlood, type Planned } from '../src/flood/plan.ts';
import type { Received } from '../src/flood/receive.ts';
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
	const plan = (seed: string) => [
		...planFlood({ count: 2_000, seed, forgedShare: 0.05 }, material),
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

describe('a delivery', () => {
	const rest = { type: 'plan.created', body: Buffer.from('{}') };
	const genuine: Planned = { kind: 'genuine', id: 'evt_1', repeated: false, header: '', ...rest };
	const forged: Planned = {
		kind: 'forged',
		way: 'unsigned',
		secret: null,
		now: null,
		header: undefined,
		...rest,
	};
	const nothing: Received = { items: [], refused: false, everything: '' };
	const item = { id: 'evt_1' };

	it.each<[string, Planned, Partial<Received>, readonly string[]]>([
		['that starts one run with its event is right', genuine, { items: [item] }, []],
		['that starts nothing is lost', genuine, {}, ['lost']],
		['that starts two runs is lost', genuine, { items: [item, item] }, ['lost']],
		['that starts a run of another is lost', genuine, { items: [{ id: 'evt_2' }] }, ['lost']],
		['that is forged and refused is right', forged, { refused: true }, []],
		['that is forged and starts a run is accepted', forged, { items: [item] }, ['accepted']],
		[
			'that is forged and starts a run is accepted, whatever is answered',
			forged,
			{ items: [item], refused: true },
			['accepted'],
		],
		['that is forged and not refused is unexplained', forged, {}, ['unexplained']],
		[
			'that shows a secret leaks it',
			forged,
			{ refused: true, everything: 'Error: two is wrong' },
			['leaked'],
		],
		['that is lost may leak one as well', genuine, { everything: 'one' }, ['leaked', 'lost']],
	])('%s', (_, planned, received, faults) => {
		expect(faultsOf(planned, { ...nothing, ...received }, ['one', 'two'])).toEqual(faults);
	});

	it.each([
		[undefined, null, []],
		['t=1', 'shorter', []],
		['t=1', 'the same', ['the same']],
		[`t=1,v1=${'Ab'.repeat(32)}`, 'a long secret', ['Ab'.repeat(32), 'a long secret']],
		[[`v0=${'0'.repeat(64)}`, `v1=${'1'.repeat(64)}`], null, ['0'.repeat(64), '1'.repeat(64)]],
	])('with the header %j and the secret %j may show none of %j', (header, secret, secrets) => {
		expect(secretsOf({ header }, secret)).toEqual(secrets);
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
		['that none came', { genuine: 0, forged: 0 }, ['nothing came in']],
		[
			'that none could come',
			{ impossible: 10, ways: 0 },
			['nothing came in', 'no forged delivery came in'],
		],
		['that no forged one came', { impossible: 1, ways: 0 }, ['no forged delivery came in']],
		['nothing, where none was forged', { genuine: 10, forged: 0, ways: 0 }, []],
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

	it('stands below a column for each platform', () => {
		const results = (['n8n', 'zapier'] as const).map((name) => {
			const outcome = {
				...good,
				sent: 1_000,
				impossible: 8,
				heap: [1, 2 ** 20, 3 * 2 ** 19],
				seconds: 3.96,
			};
			return [name, { runtime: `the engine of ${name}`, outcome, leakedLines: 7 }] as const;
		});
		expect(reportOf(results, 'a machine', false).out).toBe(
			[
				'n8n: the engine of n8n',
				'zapier: the engine of zapier',
				'a machine',
				'',
				'                                                 n8n      zapier',
				'deliveries                                      1000        1000',
				'  genuine                                          9           9',
				'    of them repeated                               1           1',
				'  forged                                           1           1',
				'    in so many ways                                1           1',
				'    that cannot come on this platform              8           8',
				'genuine ones lost                                  0           0',
				'forged ones accepted                               0           0',
				'forged ones neither                                0           0',
				'secrets in what came out                           0           0',
				'secrets in the log                                 7           7',
				'memory after a fifth                          1.0 MB      1.0 MB',
				'memory at the end                             1.5 MB      1.5 MB',
				'seconds in the trigger                           4.0         4.0',
				'deliveries a second                              251         251',
				'',
				'',
			].join('\n'),
		);
	});

	it('leaves the figures as JSON that a machine can read', () => {
		const result = { runtime: 'n8n', outcome: good, leakedLines: 0 };
		const { out, verdict, isGood } = reportOf([['n8n', result]], 'a machine', true);
		expect(JSON.parse(out)).toEqual({ machine: 'a machine', n8n: result });
		expect([verdict, isGood]).toEqual(['All is well.\n', true]);
	});
});
