import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

const run = (path: string, ...args: readonly string[]) => {
	const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], {
		cwd: root,
		encoding: 'utf8',
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	return { status, stdout, stderr };
};

it.each([
	'shared/proof/src/bin/bench-tests.ts',
	'shared/proof/src/bin/demo.ts',
	'shared/proof/src/bin/flood.ts',
	'shared/proof/src/bin/fuzz.ts',
	'shared/proof/src/bin/coverage.ts',
	'shared/proof/src/bin/mutation.ts',
])('%s says that it does not know an option, and does nothing', (path) => {
	expect(run(path, '--fast')).toEqual({
		status: 1,
		stdout: '',
		stderr: "Unknown option '--fast'\nSee --help.\n",
	});
});

it.each([['src/emitters/recipes/n8n.ts'], ['src/nothing.ts']])(
	'mutation takes no file that is not of its target: %s',
	(file) => {
		expect(run('shared/proof/src/bin/mutation.ts', 'emitters', '--file', file)).toEqual({
			status: 1,
			stdout: '',
			stderr: `"${file}" is no file of the target emitters, which are shared/generate/src/emitters/{n8n,zapier}/**/*.ts. See --help.\n`,
		});
	},
);
