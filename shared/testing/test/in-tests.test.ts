import { existsSync } from 'node:fs';

import {
	moduleAddress,
	runNode,
	startNode,
	until,
	useCleanups,
	useFolders,
} from '../src/in-tests.ts';

const folder = useFolders('in-tests');
const cleanup = useCleanups();

describe('what a test leaves to be undone, from the last to the first', () => {
	const undone: string[] = [];
	let kept = '';

	it('is there until it is over', () => {
		kept = folder();
		cleanup(() => undone.push('first'));
		cleanup(async () => {
			await new Promise((resolve) => setImmediate(resolve));
			undone.push('second');
		});
		expect([undone, existsSync(kept)]).toEqual([[], true]);
	});
	// Not a test, whose turn may come before.
	afterAll(() => {
		expect([undone, existsSync(kept)]).toEqual([['second', 'first'], false]);
	});
});

it('what cannot be undone fails the test, and keeps nothing else from being undone', async () => {
	const hook = jest.spyOn(globalThis, 'afterEach').mockReturnValue(undefined);
	const undone: string[] = [];
	const later = useCleanups();
	const undo = hook.mock.calls[0]?.[0] as () => Promise<void>;
	hook.mockRestore();
	later(() => undone.push('first'));
	later(() => Promise.reject(new Error('It is stuck.')));
	later(() => undone.push('last'));
	await expect(undo()).rejects.toThrow('It is stuck.');
	expect(undone).toEqual(['last', 'first']);
});

it('what is waited for may come at any time', async () => {
	let looks = 0;
	await until(() => ++looks === 3);
	expect(looks).toBe(3);
});

it('a program gets no option of jest, and what it says is kept with how it ends', async () => {
	const script = `
		process.stdout.write(JSON.stringify([process.env.NODE_OPTIONS, process.env.MORE, process.cwd()]));
		process.stderr.write('bad');
		process.exitCode = 3;
	`;
	const cwd = folder();
	expect(await runNode(['--eval', script], { cwd, env: { MORE: 'x' } })).toEqual({
		code: 3,
		stdout: JSON.stringify(['', 'x', cwd]),
		stderr: 'bad',
	});
});

it('a program that was started says what it says while it runs, and by what it was ended', async () => {
	const { child, stdout, ended } = startNode([
		'--eval',
		"process.stdout.write('ready'); setInterval(() => undefined, 1_000);",
	]);
	await until(() => stdout() === 'ready');
	child.kill('SIGTERM');
	expect(await ended).toBe('SIGTERM');
});

it('a module can be imported from a folder with any name', () => {
	expect(moduleAddress('/C# (50%)', '../C#/a b.ts')).toBe('file:///C%23/a%20b.ts');
});
