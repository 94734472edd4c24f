import { join } from 'node:path';

import nock from 'nock';

import { readCorpus } from '../../src/fuzz/corpus.ts';
import { allTargets, fuzzTarget } from '../../src/fuzz/run.ts';

const repoRoot = join(__dirname, '../../../..');
const targets = allTargets();
const corpus = readCorpus(repoRoot);

/** The same inputs every time: chance belongs to `npm run fuzz`, which tells what it found by its seed. */
const seed = 20_260_518;

beforeAll(() => nock.restore());
afterAll(async () => {
	for (const target of targets) await target.close?.();
});

it.each(targets.map((target) => [target.name, target.rule, target] as const))(
	'%s: %s',
	async (_, __, target) => {
		expect(await fuzzTarget(target, seed, 500)).toBeNull();
	},
);

it.each(corpus.map((entry) => [entry.target, entry.why, entry] as const))(
	'the corpus, %s: %s',
	async (name, _, { input }) => {
		const target = targets.find((one) => one.name === name);
		if (target === undefined) throw new Error(`There is no target "${name}".`);
		await expect(Promise.resolve(target.check(input))).resolves.toBeUndefined();
	},
);

it('the corpus has an input for every target', () => {
	const covered = new Set(corpus.map((entry) => entry.target));
	expect(targets.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
});

it('a rule that is broken is found, and told with an input as small as can be', async () => {
	const [target] = targets;
	if (target === undefined) throw new Error('There is no target.');
	const broken = {
		...target,
		check: (input: unknown) => {
			if (String(input).includes('=')) throw new Error('It holds "=".');
		},
	};
	const finding = await fuzzTarget(broken, seed, 1_000);
	expect(finding).toMatchObject({ target: target.name, reason: 'It holds "=".', seed });
	expect(JSON.stringify(finding?.input).length).toBeLessThanOrEqual(20);
});
