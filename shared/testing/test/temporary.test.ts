import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { moduleAddress } from '../src/in-tests.ts';
import { putBackAtEnd, temporaryFolder } from '../src/temporary.ts';

const source = moduleAddress(__dirname, '../src/temporary.ts');

/** A process that makes two folders, removes one, and goes on as told. */
function start(then: string) {
	const script = `
		const { temporaryFolder } = await import(${JSON.stringify(source)});
		const [one, other] = [temporaryFolder('memberpass-test-'), temporaryFolder('memberpass-test-')];
		one.remove();
		process.stdout.write(one.path + ' ' + other.path + '\\n');
		${then}
	`;
	return spawn(process.execPath, ['--input-type=module', '--eval', script], {
		stdio: ['ignore', 'pipe', 'ignore'],
		env: { ...process.env, NODE_OPTIONS: '' },
	});
}

const waits = 'setInterval(() => undefined, 1_000);';

it.each<[string, string, NodeJS.Signals | null, readonly [number | null, NodeJS.Signals | null]]>([
	['at its end', '', null, [0, null]],
	['by an exception', "throw new Error('broken');", null, [1, null]],
	['by Ctrl-C', waits, 'SIGINT', [null, 'SIGINT']],
	['when it is told to end', waits, 'SIGTERM', [null, 'SIGTERM']],
	['with its terminal', waits, 'SIGHUP', [null, 'SIGHUP']],
])('a temporary folder is gone when the process ends %s', async (_, then, signal, ended) => {
	const child = start(then);
	const closed = new Promise((resolve) => {
		child.on('close', (code, by) => resolve([code, by]));
	});
	const [line = ''] = (await new Promise<string>((resolve) => {
		createInterface({ input: child.stdout }).once('line', resolve);
	}).then((text) => [text])) as readonly string[];
	const paths = line.split(' ');
	expect(paths).toHaveLength(2);
	expect(existsSync(paths[0] ?? '')).toBe(false);
	if (signal !== null) {
		expect(existsSync(paths[1] ?? '')).toBe(true);
		child.kill(signal);
	}
	expect(await closed).toEqual(ended);
	expect(existsSync(paths[1] ?? '')).toBe(false);
});

it('a folder is removed with what lies in it, and what was put back is not put back again', () => {
	const { path, remove } = temporaryFolder('memberpass-test-');
	writeFileSync(join(path, 'file'), '');
	remove();
	expect(existsSync(path)).toBe(false);
	let times = 0;
	const putBack = putBackAtEnd(() => times++);
	putBack();
	putBack();
	expect(times).toBe(1);
});

it('a folder that is to be kept stays, for whoever wants to look into it', () => {
	const { path, remove } = temporaryFolder('memberpass-test-', { keep: true });
	remove();
	expect(existsSync(path)).toBe(true);
	rmSync(path, { recursive: true });
});

it('nothing listens to the end of the process once all is put back', () => {
	const listeners = (): readonly number[] =>
		['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
	const before = listeners();
	const all = [1, 2, 3].map(() => putBackAtEnd(() => undefined));
	expect(listeners()).toEqual(before.map((count) => count + 1));
	for (const putBack of all) putBack();
	expect(listeners()).toEqual(before);
});
