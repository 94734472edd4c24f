import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { runProgram, showProgram } from '../src/child.ts';
import { hasEnded } from '../src/ended.ts';
import { moduleAddress, useFolders } from '../src/in-tests.ts';

const newFolder = useFolders('child');
let folder: string;
beforeEach(() => (folder = newFolder()));

const place = () => ({ cwd: folder });

it('a program is run to its end, and what it says is kept apart', async () => {
	expect(await runProgram('sh', ['-c', 'pwd; echo bad >&2; exit 3'], place())).toEqual({
		code: 3,
		stdout: `${folder}\n`,
		stderr: 'bad\n',
	});
});

it('a program that a signal ended has not succeeded', async () => {
	const stdio = 'ignore';
	expect(await showProgram('sh', ['-c', 'kill $$'], { ...place(), stdio })).toBe(1);
	expect((await runProgram('sh', ['-c', 'kill $$'], place())).code).toBe(1);
});

it('a program that has ended is not ended again: its number may be that of another by now', async () => {
	const kill = jest.spyOn(process, 'kill');
	await runProgram('sh', ['-c', 'exit 3'], place());
	await runProgram('sh', ['-c', 'kill $$'], place());
	expect(kill).not.toHaveBeenCalled();
	kill.mockRestore();
});

it('a program that is not there, or may not be run, is named', async () => {
	await expect(runProgram('no-such-program', [], place())).rejects.toThrow(
		'There is no no-such-program on the PATH. "npm run" finds what npm has installed.',
	);
	await expect(showProgram('no-such-program', [], place())).rejects.toThrow('no-such-program');
	await expect(runProgram(__filename, [], place())).rejects.toThrow(`spawn ${__filename} EACCES`);
});

describe.each([
	// npm starts a shell that starts the script: whoever is ended must not leave the script behind.
	['runs', "runProgram('sh', ['-c', 'sleep 600 & echo $$ $! > pids; echo > ready; wait'], place)"],
	['shows', "showProgram('sh', ['-c', 'echo $$ > pids; echo > ready; exec sleep 600'], place)"],
])('a process that %s a program', (_, call) => {
	it.each([
		['by Ctrl-C', 'SIGINT'],
		['when it is told to end', 'SIGTERM'],
		['with its terminal', 'SIGHUP'],
		['because nobody reads what it says', null],
	] as const)('takes it along when it ends %s', async (__, signal) => {
		const source = join(__dirname, '../src');
		const child = spawn(
			process.execPath,
			[
				'--input-type=module',
				'--eval',
				`import { runProgram, showProgram } from ${JSON.stringify(moduleAddress(source, 'child.ts'))};
				import { runCommand } from ${JSON.stringify(moduleAddress(source, 'command-line.ts'))};
				const place = { cwd: ${JSON.stringify(folder)} };
				await runCommand(async () => {
					setInterval(() => process.stdout.write('still here\\n'), 10);
					await ${call};
					return 0;
				});`,
			],
			{ stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, NODE_OPTIONS: '' } },
		);
		const closed = new Promise((resolve) => child.on('exit', (code, by) => resolve(by ?? code)));
		const lines = createInterface({ input: child.stdout });
		await new Promise<void>((resolve) => {
			lines.on('line', () => {
				if (existsSync(join(folder, 'ready'))) resolve();
			});
		});
		if (signal === null) child.stdout.destroy();
		else child.kill(signal);
		expect(await closed).toBe(signal ?? 141);
		const pids = readFileSync(join(folder, 'pids'), 'utf8').trim().split(' ').map(Number);
		expect(await Promise.all(pids.map(hasEnded))).toEqual(pids.map(() => true));
	});
});
