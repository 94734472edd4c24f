import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileCacheIn } from '../src/compile-cache.ts';
import { runNode, useFolders } from '../src/in-tests.ts';

const newFolder = useFolders('compiled');

it('what a process compiles is kept for the next, and a module that changes is compiled anew', async () => {
	const cwd = newFolder();
	const env = compileCacheIn(join(cwd, 'kept'));
	const run = async (text: string): Promise<string> => {
		writeFileSync(
			join(cwd, 'say.ts'),
			`const text: string = '${text}'; process.stdout.write(text);`,
		);
		return (await runNode(['say.ts'], { cwd, env })).stdout;
	};
	expect([await run('one'), await run('two'), await run('two')]).toEqual(['one', 'two', 'two']);
	const [version = ''] = readdirSync(env.NODE_COMPILE_CACHE);
	expect(readdirSync(join(env.NODE_COMPILE_CACHE, version))).not.toEqual([]);
});

it('what has grown too large is emptied', () => {
	const folder = join(newFolder(), 'kept');
	compileCacheIn(folder, 2);
	for (const [index, version] of ['v22', 'v24', 'v24'].entries()) {
		mkdirSync(join(folder, version), { recursive: true });
		writeFileSync(join(folder, version, String(index)), '');
		expect(compileCacheIn(folder, 2)).toEqual({ NODE_COMPILE_CACHE: folder });
		expect(existsSync(folder)).toBe(index < 2);
	}
});
