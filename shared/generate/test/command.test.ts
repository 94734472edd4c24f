import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runNode, useFolders } from '../../testing/src/in-tests.ts';
import { command } from '../src/command.ts';
import type { Emitter } from '../src/emit.ts';
import { manifestPath } from '../src/files.ts';

const root = join(__dirname, '../../..');
const generatedFiles = JSON.parse(readFileSync(join(root, manifestPath), 'utf8')) as string[];

describe('a process of its own', () => {
	const start = async (args: readonly string[], env: Record<string, string> = {}) =>
		await runNode([join(root, 'shared/generate/src/main.ts'), ...args], { env });

	it('finds the committed files up to date in another time zone and with a Turkish locale', async () => {
		const elsewhere = { TZ: 'Asia/Kolkata', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
		expect(await start(['--check'], elsewhere)).toMatchObject({
			code: 0,
			stdout: expect.stringContaining('Every generated file is up to date.'),
			stderr: '',
		});
	});

	it('exits 1 on an option that it does not know', async () => {
		expect(await start(['--nonsense'])).toMatchObject({
			code: 1,
			stdout: '',
			stderr: "Unknown option '--nonsense'\nSee --help.\n",
		});
	});
});

describe('the command', () => {
	const emitting = (...paths: readonly string[]): readonly Emitter[] => [
		{
			name: 'letters',
			summary: 'a letter in each file',
			emit: () =>
				Promise.resolve(paths.map((path) => ({ path, content: `${path}\n`, block: null }))),
		},
	];
	const newFolder = useFolders('generate');
	let folder = '';
	beforeEach(() => {
		folder = newFolder();
		mkdirSync(join(folder, 'shared/catalogue'), { recursive: true });
	});

	async function run(emitters: readonly Emitter[], ...args: readonly string[]) {
		let [said, complained] = ['', ''];
		const sources = {
			faults: () => Promise.resolve([]),
			emitters: () => Promise.resolve(emitters),
		};
		const status = await command([...args, '--root', folder], sources, {
			say: (text) => void (said += text),
			complain: (text) => void (complained += text),
		});
		return { status, said, complained };
	}

	it('writes what is missing, changed and stale, says so, and then has nothing to do', async () => {
		await run(emitting('a', 'b', 'c'));
		rmSync(join(folder, 'a'));
		writeFileSync(join(folder, 'b'), 'edited by hand');
		const changed = `wrote b\nwrote ${manifestPath}\nwrote a\nremoved c\n`;
		expect(await run(emitting('a', 'b'))).toEqual({
			status: 0,
			said: `letters: 2 files\n${changed}`,
			complained: '',
		});
		expect(await run(emitting('a', 'b'))).toEqual({
			status: 0,
			said: 'letters: 2 files\nNothing to write: every file is up to date.\n',
			complained: '',
		});
	});

	it('fails a check on a changed, a missing and a stale file, names the command that mends it, and writes nothing', async () => {
		await run(emitting('a', 'b', 'c'));
		expect(await run(emitting('a', 'b', 'c'), '--check')).toEqual({
			status: 0,
			said: 'letters: 3 files\nEvery generated file is up to date.\n',
			complained: '',
		});
		rmSync(join(folder, 'a'));
		writeFileSync(join(folder, 'b'), 'edited by hand');
		const failed = {
			status: 1,
			said: 'letters: 2 files\n',
			complained:
				`changed: b\nchanged: ${manifestPath}\nmissing: a\nextra: c\n` +
				'Generated files differ from the catalogue. Run "npm run generate" and commit the result.\n',
		};
		expect(await run(emitting('a', 'b'), '--check')).toEqual(failed);
		expect(await run(emitting('a', 'b'), '--check')).toEqual(failed);
	});

	it('names what lies in a folder of generated files and is none, in a check and in a run, and leaves it there', async () => {
		const emitters: readonly Emitter[] = emitting('own/a').map((one) => ({
			...one,
			folders: ['own'],
		}));
		await run(emitters);
		writeFileSync(join(folder, 'own/b'), 'by hand');
		const complained =
			'not generated: own/b\n' +
			'Its folder holds generated files only. Remove it ("rm PATH"), or move it elsewhere.\n';
		expect(await run(emitters, '--check')).toEqual({
			status: 1,
			said: 'letters: 1 files\nEvery generated file is up to date.\n',
			complained,
		});
		expect(await run(emitters)).toEqual({
			status: 1,
			said: 'letters: 1 files\nNothing to write: every file is up to date.\n',
			complained,
		});
		writeFileSync(join(folder, 'own/a'), 'edited by hand');
		expect(await run(emitters, '--check')).toMatchObject({
			status: 1,
			complained: expect.stringMatching(
				/^changed: own\/a\n.*"npm run generate".*\nnot generated: own\/b\n/,
			),
		});
		expect(readFileSync(join(folder, 'own/b'), 'utf8')).toBe('by hand');
	});

	it('says which rules the catalogue breaks before any emitter is loaded, and writes nothing', async () => {
		let complained = '';
		const sources = {
			faults: () => Promise.resolve(['operation pause_plan: path has no input. Add one.']),
			emitters: () => Promise.reject(new Error('The app does not start.')),
		};
		const status = await command(['--root', folder], sources, {
			say: () => undefined,
			complain: (text) => void (complained += text),
		});
		expect([status, complained, readdirSync(folder)]).toEqual([
			1,
			'operation pause_plan: path has no input. Add one.\n' +
				'The catalogue breaks its own rules, so nothing was generated.\n',
			['shared'],
		]);
	});

	it('says what is wrong with an emitter or an option, and exits 1', async () => {
		expect(await run(emitting('a', 'a'))).toMatchObject({
			status: 1,
			complained: 'Two emitters write a.\n',
		});
		expect(await run([], '--nonsense')).toMatchObject({ status: 1, said: '' });
	});

	it.each([
		[
			'says only what to do',
			new Error('There is no kind of ID "coupon". Add it.'),
			/^There is no kind of ID "coupon". Add it.\n$/,
		],
		[
			'says where a mistake in the code is',
			new TypeError('x is not a function'),
			/^TypeError: x is not a function\n {4}at /,
		],
	])('%s where the catalogue cannot be loaded', async (_, error, said) => {
		let complained = '';
		const sources = { faults: () => Promise.reject(error), emitters: () => Promise.resolve([]) };
		const status = await command(['--root', folder], sources, {
			say: () => undefined,
			complain: (text) => void (complained += text),
		});
		expect([status, complained]).toEqual([1, expect.stringMatching(said)]);
	});

	it('says of a folder that is no checkout that it is none, and writes nothing', async () => {
		rmSync(join(folder, 'shared'), { recursive: true });
		expect(await run(emitting('a'))).toEqual({
			status: 1,
			said: '',
			complained: `${folder} is no checkout of this repository: it has no shared/catalogue.\n`,
		});
		expect(readdirSync(folder)).toEqual([]);
	});

	it('explains itself', async () => {
		expect(await run(emitting('a'), '--help')).toEqual({
			status: 0,
			said: expect.stringMatching(/npm run check[^]+\n {2}letters {4}a letter in each file\n$/),
			complained: '',
		});
	});
});

it('every generated source file says so in its first line', () => {
	for (const path of generatedFiles.filter((one) => one.endsWith('.ts'))) {
		const from = path === 'packages/sandbox/src/page/assets.ts' ? 'client/' : 'shared/catalogue';
		expect([path, readFileSync(join(root, path), 'utf8').split('\n')[0]]).toEqual([
			path,
			`// Generated by "npm run generate" from ${from}. Do not edit.`,
		]);
	}
});
