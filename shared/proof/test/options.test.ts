import { join } from 'node:path';

import { runNode } from '../../testing/src/in-tests.ts';

const root = join(__dirname, '../../..');

it.each([
	'shared/proof/src/bin/bench-tests.ts',
	'shared/proof/src/bin/bench.ts',
	'shared/proof/src/bin/coverage.ts',
	'shared/proof/src/bin/demo.ts',
	'shared/proof/src/bin/flood.ts',
	'shared/proof/src/bin/fuzz.ts',
	'shared/proof/src/bin/mutation.ts',
	'shared/release/src/bin/baseline.ts',
	'shared/release/src/bin/check.ts',
	'shared/release/src/bin/dry-run.ts',
	'shared/testing/src/bin/n8n-nodes-base-facts.ts',
	'packages/make/bench/main.ts',
	'packages/n8n-nodes-memberpass/compare/main.mts',
	'packages/sandbox/build.mts',
	'packages/site/build.mts',
	'packages/zapier/bench.mts',
	'packages/zapier/build-zip.mts',
	'packages/zapier/build.mts',
	'packages/zapier/invoke.mts',
])('%s says that it does not know an option, and does nothing', async (path) => {
	expect(await runNode([path, '--fast'], { cwd: root })).toEqual({
		code: 1,
		stdout: '',
		stderr: "Unknown option '--fast'\nSee --help.\n",
	});
});

it('a command that is asked for help says what it is for, and does nothing', async () => {
	const command = ['shared/proof/src/bin/demo.ts', '--only', 'plan', '--help'];
	expect(await runNode(command, { cwd: root })).toEqual({
		code: 0,
		stdout: expect.stringMatching(
			/^Sends every event and every operation through all three platforms, offline\.\n[^]+this text\n/,
		),
		stderr: '',
	});
});

it.each([
	['flood', '--count', 'many', '--count takes a whole number from 10 to 10000000, not "many".'],
	['flood', '--count', '9', '--count takes a whole number from 10 to 10000000, not "9".'],
	['flood', '--forged', '101', '--forged takes a number from 0 to 100, not "101".'],
	['flood', '--forged', '', '--forged takes a number from 0 to 100, not "".'],
	['flood', '--only', 'make', '--only takes n8n or zapier, not "make".'],
	['mutation', '--sample', '1.5', '--sample takes a whole number of 1 or more, not "1.5".'],
	['fuzz', '--runs', '0', '--runs takes a whole number of 1 or more, not "0".'],
	['fuzz', '--only', 'unicorn', 'No target has "unicorn" in its name. Name them with --list.'],
])(
	'%s says which option it cannot take, and what it takes: %s %j',
	async (name, option, value, line) => {
		const command = [`shared/proof/src/bin/${name}.ts`, option, value];
		expect(await runNode(command, { cwd: root })).toEqual({
			code: 1,
			stdout: '',
			stderr: `${line}\nSee --help.\n`,
		});
	},
);

it.each([['src/emitters/recipes/n8n.ts'], ['src/nothing.ts']])(
	'mutation takes no file that is not of its target: %s',
	async (file) => {
		const command = ['shared/proof/src/bin/mutation.ts', 'emitters', '--file', file];
		expect(await runNode(command, { cwd: root })).toEqual({
			code: 1,
			stdout: '',
			stderr: `"${file}" is no file of the target emitters, which are shared/generate/src/emitters/{n8n,zapier}/**/*.ts. See --help.\n`,
		});
	},
);
