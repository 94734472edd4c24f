import { type ChildProcess, spawn } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { type TemporaryFolder, temporaryFolder } from '../src/temporary.ts';

let folder: TemporaryFolder;
beforeEach(() => (folder = temporaryFolder('memberpass-turn-')));
/** A test that fails leaves nobody behind who waits for a file that never comes. */
const started = new Set<ChildProcess>();
afterEach(() => {
	for (const child of started) child.kill('SIGKILL');
	started.clear();
	folder.remove();
});

const at = (path: string): string => join(folder.path, path);

/** A process that builds: it notes when it begins and ends, and ends when there is a file of its name. */
function build(name: string, before = '') {
	const child = spawn(
		process.execPath,
		[
			'--input-type=module',
			'--eval',
			`import { appendFileSync, existsSync } from 'node:fs';
			import { inBuildTurn } from ${JSON.stringify(join(__dirname, '../src/turn.ts'))};
			process.chdir(${JSON.stringify(folder.path)});
			${before}
			await inBuildTurn('.', async () => {
				appendFileSync('told', '${name} begins\\n');
				while (!existsSync('${name}')) await new Promise((next) => setTimeout(next, 5));
				appendFileSync('told', '${name} ends\\n');
			});`,
		],
		{ stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
	);
	let said = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
	started.add(child);
	const closed = new Promise((resolve) => child.on('close', (code, by) => resolve(by ?? code)));
	return { child, closed, said: () => said };
}

const told = (): string => (existsSync(at('told')) ? readFileSync(at('told'), 'utf8') : '');

async function until(isSo: () => boolean): Promise<void> {
	while (!isSo()) await new Promise((next) => setTimeout(next, 5));
}

it('a second build of a checkout waits until the first is over, and says for whom', async () => {
	const first = build('first');
	await until(() => told() === 'first begins\n');
	const second = build('second');
	await until(() => second.said() !== '');
	expect(second.said()).toBe(
		`Process ${first.child.pid} is building here, as .cache/build.pid says. Waiting until that file is gone …\n`,
	);
	writeFileSync(at('second'), '');
	writeFileSync(at('first'), '');
	expect([await first.closed, await second.closed, first.said()]).toEqual([0, 0, '']);
	expect(told()).toBe('first begins\nfirst ends\nsecond begins\nsecond ends\n');
	expect(readdirSync(at('.cache'))).toEqual([]);
});

it.each(['SIGTERM', 'SIGKILL'] as const)(
	'a build that %s ended does not keep the next one waiting',
	async (signal) => {
		const first = build('first');
		await until(() => told() === 'first begins\n');
		first.child.kill(signal);
		expect(await first.closed).toBe(signal);
		writeFileSync(at('second'), '');
		const second = build('second');
		expect([await second.closed, second.said()]).toEqual([0, '']);
		expect(readdirSync(at('.cache'))).toEqual([]);
	},
);

/** Nobody's number. */
const gone = 999_999_999;

it('of two that find a killed build at once, one follows it and the other waits', async () => {
	mkdirSync(at('.cache'));
	symlinkSync(String(gone), at('.cache/build.pid'));
	symlinkSync(String(process.pid), at(`.cache/build.pid.${gone}`));
	const second = build('second');
	await until(() => second.said() !== '');
	expect(second.said()).toContain(`Process ${process.pid} is building here`);
	expect(told()).toBe('');
	renameSync(at(`.cache/build.pid.${gone}`), at('.cache/build.pid'));
	rmSync(at('.cache/build.pid'));
	writeFileSync(at('second'), '');
	expect(await second.closed).toBe(0);
	expect(readdirSync(at('.cache'))).toEqual([]);
});

it('one that was killed while it followed a killed one keeps nobody waiting', async () => {
	mkdirSync(at('.cache'));
	symlinkSync(String(gone), at('.cache/build.pid'));
	symlinkSync(String(gone - 1), at(`.cache/build.pid.${gone}`));
	writeFileSync(at('own'), '');
	const own = build('own');
	expect([await own.closed, own.said()]).toEqual([0, '']);
	expect(readdirSync(at('.cache'))).toEqual([]);
});

it('a build that was killed in a container does not keep the one waiting that gets its number in the next', async () => {
	writeFileSync(at('own'), '');
	const own = build(
		'own',
		`const { mkdirSync, symlinkSync } = await import('node:fs');
		mkdirSync('.cache');
		symlinkSync(String(process.pid), '.cache/build.pid');`,
	);
	expect([await own.closed, own.said()]).toEqual([0, '']);
	expect(told()).toBe('own begins\nown ends\n');
});

it('where something else has the name of the turn, that is said', async () => {
	const own = build(
		'own',
		"(await import('node:fs')).mkdirSync('.cache/build.pid', { recursive: true });",
	);
	expect(await own.closed).toBe(1);
	expect(own.said()).toContain("readlink '.cache/build.pid'");
	expect(told()).toBe('');
});
