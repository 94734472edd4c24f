import { readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';

import fastify from 'fastify';

import { moduleAddress, runNode } from '../src/in-tests.ts';

describe('all test files of a process share its context', () => {
	it.each(['Array', 'Error', 'Promise', 'process'])('%s is that of Node', (name) => {
		expect(runInThisContext(name)).toBe(Reflect.get(globalThis, name));
	});

	it('what Node throws is an error of this context', () => {
		expect.assertions(1);
		try {
			readFileSync(`${__filename}.missing`);
		} catch (error) {
			expect(error).toBeInstanceOf(Error);
		}
	});
});

describe('modules', () => {
	it('third-party ones are the same to every test file', () => {
		expect(createRequire(__filename).cache[require.resolve('fastify')]?.exports).toBe(fastify);
	});

	it('built-in ones are those of Node', () => {
		expect(process.getBuiltinModule('module')).toBe(module);
		expect(module.createRequire).toBe(process.getBuiltinModule('node:module').createRequire);
	});

	it('our own are loaded anew for every test file, where Node never sees them', () => {
		const own = require.resolve('../src/in-tests.ts');
		expect(require.cache[own]?.exports).toMatchObject({ runNode });
		expect(createRequire(__filename).cache[own]).toBeUndefined();
	});
});

it('what a test file leaves in the process is gone before the next one', async () => {
	const script = `
		const { default: Environment } = await import(${JSON.stringify(moduleAddress(__dirname, '../src/jest/environment.ts'))});
		const names = ['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'TEST_TIMEOUT_SYMBOL'];
		const symbols = () =>
			Object.getOwnPropertySymbols(globalThis).map((key) => key.description).filter((name) => names.includes(name));
		const now = () => [process.exit, console, process.env.KEPT, process.env.NEW, Date.now, symbols().length];
		process.env.KEPT = 'before';
		const before = now();
		const environment = new Environment({ projectConfig: { fakeTimers: {} } });
		environment.fakeTimersModern.useFakeTimers();
		process.exit = () => undefined;
		globalThis.console = {};
		process.env.KEPT = 'after';
		process.env.NEW = 'new';
		for (const name of names) globalThis[Symbol(name)] = {};
		const during = now();
		await environment.teardown();
		const after = now();
		const same = (one, other) => one.map((value, index) => value === other[index]);
		process.stdout.write(JSON.stringify([same(before, during), same(before, after)]));
	`;
	const { stdout, stderr } = await runNode(['--input-type=module', '--eval', script]);
	const all = (same: boolean): boolean[] => Array<boolean>(6).fill(same);
	expect([JSON.parse(stdout), stderr]).toEqual([[all(false), all(true)], '']);
});
