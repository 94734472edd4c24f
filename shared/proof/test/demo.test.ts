import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { useFolders } from '../../testing/src/in-tests.ts';
import { requireBuilds } from '../src/build.ts';
import { lacking, type Outcome } from '../src/demo/outcome.ts';
import { forgeries } from '../src/demo/refusals.ts';
import { isWanted, uncovered } from '../src/demo/selection.ts';
import { summary } from '../src/demo/table.ts';
import { runChild } from '../src/run-child.ts';

describe('what is lacking', () => {
	it.each([
		['nothing, where all is there', { a: 1, b: [{ c: null }] }, { a: 1, b: [{ c: null }] }, null],
		['nothing, where more is there', { a: 1, more: 2 }, { a: 1 }, null],
		['a key', { a: 1 }, { a: 1, b: 2 }, 'b is undefined instead of 2'],
		['a value', { a: { b: 1 } }, { a: { b: '1' } }, 'a.b is 1 instead of "1"'],
		['null is not absent', {}, { a: null }, 'a is undefined instead of null'],
		['an item', [{ a: 1 }], [{ a: 1 }, { a: 2 }], 'the list has another length'],
		['an item too many', [1, 2], [1], 'the list has another length'],
		['a list where an object came', { a: {} }, { a: [] }, 'a has another length'],
		['an object where text came', { a: 'x' }, { a: {} }, 'a is "x" instead of an object'],
	])('%s', (_, actual, expected, fault) => {
		expect(lacking(actual, expected)).toBe(fault);
	});
});

const outcome = (part: Partial<Outcome>): Outcome => ({
	platform: 'zapier',
	kind: 'event',
	group: 'plan',
	name: 'plan.created',
	fault: null,
	...part,
});

it('a platform whose runtime is missing has failed, and says why', async () => {
	const told: string[] = [];
	const tell = (line: string): void => void told.push(line);
	const code = await runChild(__dirname, {
		platform: 'zapier',
		script: 'demo/zapier.ts',
		onLine: tell,
		onErrorLine: tell,
	});
	expect(code).not.toBe(0);
	expect(told).toEqual([`spawn ${__dirname}/node_modules/node22/bin/node ENOENT`]);
});

describe('the summary', () => {
	it('counts per group and platform, names every failure with its reason, and ends in the count', () => {
		const lines = summary([
			outcome({}),
			outcome({ platform: 'n8n', fault: 'started nothing' }),
			outcome({ kind: 'operation', group: 'role', name: 'get_role: success' }),
		]).split('\n');
		expect(lines.find((line) => line.startsWith('  plan'))).toMatch(/1\/1 +0\/1 +-$/);
		expect(lines.find((line) => line.startsWith('  role'))).toMatch(/1\/1 +- +-$/);
		expect(lines).toContain('  n8n plan, plan.created: started nothing');
		expect(lines.at(-2)).toBe('2 passed, 1 failed');
	});

	it('does not say that nothing failed where a platform stopped half-way', () => {
		expect(summary([outcome({})], 2)).toMatch(/\n1 passed, 2 failed\n$/);
	});
});

it('a name is wanted where no word was given, or one is part of it', () => {
	expect(isWanted([], 'plan.created')).toBe(true);
	expect(isWanted(['role', 'plan'], 'plan.created')).toBe(true);
	expect(isWanted(['role'], 'plan.created')).toBe(false);
});

it('what no fixture covers is found, among what is wanted', () => {
	expect(uncovered([], ['a', 'b'], ['a'])).toEqual(['b']);
	expect(uncovered(['a'], ['a', 'b'], [])).toEqual(['a']);
});

it('no two forgeries are alike, and none is the genuine delivery', () => {
	const made = forgeries('{"id":"evt_1"}', 'a secret', 1_779_098_700);
	expect(new Set(made.map((one) => `${one.body} ${String(one.header)}`)).size).toBe(made.length);
	expect(made).toHaveLength(5);
});

const newFolder = useFolders('unbuilt');

it('what is not built yet is named before anything is sent', () => {
	const folder = newFolder();
	mkdirSync(join(folder, 'packages/n8n-nodes-memberpass/dist/nodes'), { recursive: true });
	expect(() => requireBuilds(folder)).toThrow(
		new Error('packages/zapier/dist/index.js is not built yet. Leave out --no-build.'),
	);
	mkdirSync(join(folder, 'packages/zapier/dist/index.js'), { recursive: true });
	expect(() => requireBuilds(folder)).not.toThrow();
});
