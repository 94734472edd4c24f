import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

it.each([
	'shared/proof/src/bin/demo.ts',
	'shared/proof/src/bin/flood.ts',
	'shared/proof/src/bin/fuzz.ts',
	'shared/proof/src/bin/coverage.ts',
	'shared/proof/src/bin/mutation.ts',
])('%s says that it does not know an option, and does nothing', (path) => {
	const { status, stdout, stderr } = spawnSync(process.execPath, [path, '--fast'], {
		cwd: root,
		encoding: 'utf8',
		env: { ...process.env, NODE_OPTIONS: '' },
	});
	expect({ status, stdout, stderr }).toEqual({
		status: 1,
		stdout: '',
		stderr: "Unknown option '--fast'\nSee --help.\n",
	});
});
