import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { givenPath } from '../src/command-line.ts';
import { moduleAddress } from '../src/in-tests.ts';

const source = moduleAddress(__dirname, '../src/command-line.ts');

/** A command that says one line, and more once it is told to. */
const start = (stdout: 'pipe' | number) =>
	spawn(
		process.execPath,
		[
			'--input-type=module',
			'--eval',
			`import { runCommand } from ${JSON.stringify(source)};
			await runCommand(async () => {
				process.stdout.write('first\\n');
				await new Promise((resolve) => process.stdin.once('data', resolve));
				for (let line = 0; line < 3; line++) {
					process.stdout.write('more\\n');
					await new Promise((resolve) => setTimeout(resolve, 1));
				}
				process.stderr.write('done\\n');
				return 0;
			});`,
		],
		{ stdio: ['pipe', stdout, 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
	);

async function endOf(child: ReturnType<typeof start>): Promise<readonly [number | null, string]> {
	let said = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return [code, said];
}

it.each([
	['says what to do, without a trace', "new Error('Build first.')", /^Build first\.\n$/],
	['says of a value only what it must be', "new RangeError('Not 0.')", /^Not 0\.\n$/],
	['says where a mistake in the code is', "new TypeError('no')", /^TypeError: no\n {4}at /],
	['passes on what is no error', "'no'", /^no\n$/],
])('a command that fails %s', async (_, thrown, said) => {
	const child = spawn(
		process.execPath,
		[
			'--input-type=module',
			'--eval',
			`import { runCommand } from ${JSON.stringify(source)};
			await runCommand(() => { throw ${thrown}; });`,
		],
		{ stdio: 'pipe', env: { ...process.env, NODE_OPTIONS: '' } },
	);
	expect(await endOf(child)).toEqual([1, expect.stringMatching(said)]);
});

it('a command whose reader has read enough ends quietly, as one that SIGPIPE ended', async () => {
	const child = start('pipe');
	const end = endOf(child);
	const { stdout } = child;
	if (stdout === null) throw new Error('There is no output to read.');
	await new Promise((resolve) => createInterface({ input: stdout }).once('line', resolve));
	stdout.destroy();
	child.stdin?.end('go on');
	expect(await end).toEqual([141, '']);
});

// A disk that is always full, on Linux.
const isThere = existsSync('/dev/full');
(isThere ? it : it.skip)(
	`a command whose output finds no room on the disk says so in a line${isThere ? '' : ' (not run: no /dev/full here)'}`,
	async () => {
		const full = openSync('/dev/full', 'w');
		try {
			const child = start(full);
			const end = endOf(child);
			child.stdin?.end('go on');
			const [code, said] = await end;
			expect(code).toBe(1);
			expect(said).toMatch(/^What this says cannot be written: ENOSPC: [^\n]+\n$/);
		} finally {
			closeSync(full);
		}
	},
);

it('a path is meant from where the user is, whatever folder npm runs the script in', () => {
	const before = process.env['INIT_CWD'];
	try {
		process.env['INIT_CWD'] = '/home/user';
		expect([givenPath('out'), givenPath('/srv/out')]).toEqual(['/home/user/out', '/srv/out']);
		delete process.env['INIT_CWD'];
		expect(givenPath('out')).toBe(join(process.cwd(), 'out'));
	} finally {
		if (before === undefined) delete process.env['INIT_CWD'];
		else process.env['INIT_CWD'] = before;
	}
});
