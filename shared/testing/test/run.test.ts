import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { type TemporaryFolder, temporaryFolder } from '../src/temporary.ts';

const root = join(__dirname, '../../..');
const runner = 'shared/testing/src/bin/run.mjs';
let folder: TemporaryFolder;
beforeEach(() => {
	folder = temporaryFolder('memberpass-run-');
	cpSync(join(root, runner), join(folder.path, runner));
	writeFileSync(
		join(folder.path, 'say.mjs'),
		"process.stdout.write(process.argv.slice(1).join(' ') + '\\n');",
	);
});
afterEach(() => folder.remove());

function run() {
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[runner, 'say.mjs', '--only', 'a b'],
		{ cwd: folder.path, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
	);
	return { status, stdout, stderr };
}

it.each([
	['nothing is installed', () => undefined],
	[
		'an installation was broken off',
		() => mkdirSync(join(folder.path, 'node_modules/typebox'), { recursive: true }),
	],
])('a command says what to do where %s, in a line', (_, leave) => {
	leave();
	expect(run()).toEqual({
		status: 1,
		stdout: '',
		stderr: 'This checkout is not installed, or not completely. Run this first, once: npm ci\n',
	});
});

it('a command of a checkout that is installed gets its options', () => {
	mkdirSync(join(folder.path, 'node_modules'));
	writeFileSync(join(folder.path, 'node_modules/.package-lock.json'), '{}');
	expect(run()).toEqual({
		status: 0,
		stdout: `${join(folder.path, 'say.mjs')} --only a b\n`,
		stderr: '',
	});
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
