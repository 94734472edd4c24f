import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runNode, useFolders } from '../src/in-tests.ts';

const root = join(__dirname, '../../..');
const runner = 'shared/testing/src/bin/run.mjs';
const newFolder = useFolders('run');
let folder: string;
beforeEach(() => {
	folder = newFolder();
	cpSync(join(root, runner), join(folder, runner));
	writeFileSync(
		join(folder, 'say.mjs'),
		"process.stdout.write(process.argv.slice(1).join(' ') + '\\n');",
	);
});

const run = async () => await runNode([runner, 'say.mjs', '--only', 'a b'], { cwd: folder });

it.each([
	['nothing is installed', () => undefined],
	[
		'an installation was broken off',
		() => mkdirSync(join(folder, 'node_modules/typebox'), { recursive: true }),
	],
])('a command says what to do where %s, in a line', async (_, leave) => {
	leave();
	expect(await run()).toEqual({
		code: 1,
		stdout: '',
		stderr: 'This checkout is not installed, or not completely. Run this first, once: npm ci\n',
	});
});

it('a command of a checkout that is installed gets its options', async () => {
	mkdirSync(join(folder, 'node_modules'));
	writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');
	expect(await run()).toEqual({
		code: 0,
		stdout: `${join(folder, 'say.mjs')} --only a b\n`,
		stderr: '',
	});
});

it('what a command of a checkout that is installed has compiled is kept there, unknown to what it starts', async () => {
	mkdirSync(join(folder, 'node_modules'));
	writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');
	writeFileSync(
		join(folder, 'say.mjs'),
		'process.stdout.write(`${process.env.NODE_COMPILE_CACHE}`);',
	);
	const env = { NODE_COMPILE_CACHE: undefined };
	const { stdout } = await runNode([runner, 'say.mjs'], { cwd: folder, env });
	expect(stdout).toBe('undefined');
	const kept = join(folder, '.cache/compiled');
	expect(readdirSync(join(kept, readdirSync(kept)[0] ?? ''))).not.toEqual([]);
});

it('every command of the README that runs one of our files is run that way', () => {
	const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
		readonly scripts: Readonly<Record<string, string>>;
	};
	const ours = Object.entries(scripts).filter(([, script]) => /\.m?ts\b/.test(script));
	expect(ours.length).toBeGreaterThan(15);
	expect(
		ours.filter(
			([, script]) => !/^node (?:--\S+ )?shared\/testing\/src\/bin\/run\.mjs /.test(script),
		),
	).toEqual([]);
});
