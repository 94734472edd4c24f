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

import {
	moduleAddress,
	type Started,
	startNode,
	until,
	useCleanups,
	useFolders,
} from '../src/in-tests.ts';

const cleanup = useCleanups();
const newFolder = useFolders('turn');
let folder: string;
beforeEach(() => (folder = newFolder()));
const at = (path: string): string => join(folder, path);

/** A process that builds: it notes when it begins and ends, and ends when there is a file of its name. */
function build(name: string, before = ''): Started {
	const started = startNode(
		[
			'--input-type=module',
			'--eval',
			`import { appendFileSync, existsSync } from 'node:fs';
			import { inBuildTurn } from ${JSON.stringify(moduleAddress(__dirname, '../src/turn.ts'))};
			${before}
			await inBuildTurn('.', async () => {
				appendFileSync('told', '${name} begins\\n');
				while (!existsSync('${name}')) await new Promise((next) => setTimeout(next, 5));
				appendFileSync('told', '${name} ends\\n');
			});`,
		],
		{ cwd: folder },
	);
	// A test that fails leaves nobody behind who waits for a file that never comes.
	cleanup(() => started.child.kill('SIGKILL'));
	return started;
}

const told = (): string => (existsSync(at('told')) ? readFileSync(at('told'), 'utf8') : '');

it('a second build of a checkout waits until the first is over, and says for whom', async () => {
	const first = build('first');
	await until(() => told() === 'first begins\n');
	const second = build('second');
	await until(() => second.stderr() !== '');
	expect(second.stderr()).toBe(
		`Process ${first.child.pid} is building here, as .cache/build.pid says. Waiting until that file is gone …\n`,
	);
	writeFileSync(at('second'), '');
	writeFileSync(at('first'), '');
	expect([await first.ended, await second.ended, first.stderr()]).toEqual([0, 0, '']);
	expect(told()).toBe('first begins\nfirst ends\nsecond begins\nsecond ends\n');
	expect(readdirSync(at('.cache'))).toEqual([]);
});

it.each(['SIGTERM', 'SIGKILL'] as const)(
	'a build that %s ended does not keep the next one waiting',
	async (signal) => {
		const first = build('first');
		await until(() => told() === 'first begins\n');
		first.child.kill(signal);
		expect(await first.ended).toBe(signal);
		writeFileSync(at('second'), '');
		const second = build('second');
		expect([await second.ended, second.stderr()]).toEqual([0, '']);
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
	await until(() => second.stderr() !== '');
	expect(second.stderr()).toContain(`Process ${process.pid} is building here`);
	expect(told()).toBe('');
	renameSync(at(`.cache/build.pid.${gone}`), at('.cache/build.pid'));
	rmSync(at('.cache/build.pid'));
	writeFileSync(at('second'), '');
	expect(await second.ended).toBe(0);
	expect(readdirSync(at('.cache'))).toEqual([]);
});

it('one that was killed while it followed a killed one keeps nobody waiting', async () => {
	mkdirSync(at('.cache'));
	symlinkSync(String(gone), at('.cache/build.pid'));
	symlinkSync(String(gone - 1), at(`.cache/build.pid.${gone}`));
	writeFileSync(at('own'), '');
	const own = build('own');
	expect([await own.ended, own.stderr()]).toEqual([0, '']);
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
	expect([await own.ended, own.stderr()]).toEqual([0, '']);
	expect(told()).toBe('own begins\nown ends\n');
});

it('where something else has the name of the turn, that is said', async () => {
	const own = build(
		'own',
		"(await import('node:fs')).mkdirSync('.cache/build.pid', { recursive: true });",
	);
	expect(await own.ended).toBe(1);
	expect(own.stderr()).toContain("readlink '.cache/build.pid'");
	expect(told()).toBe('');
});
