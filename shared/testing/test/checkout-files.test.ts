import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkoutFiles } from '../src/checkout-files.ts';
import { temporaryFolder } from '../src/temporary.ts';

const temporary = temporaryFolder('memberpass-checkout-');
afterAll(() => temporary.remove());

it('the files of a checkout are those that are committed or could be, and are there', () => {
	const root = join(temporary.path, 'checkout');
	mkdirSync(join(root, 'dist'), { recursive: true });
	const git = (...args: readonly string[]): void => {
		execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
			cwd: root,
		});
	};
	const write = (path: string, text = ''): void => writeFileSync(join(root, path), text);
	git('init', '-q');
	write('.gitignore', 'dist\n');
	for (const path of ['kept.ts', 'deleted.ts', 'dist/built.ts']) write(path);
	git('add', '.');
	git('commit', '-q', '-m', 'first');
	rmSync(join(root, 'deleted.ts'));
	write('ä new "one".ts');
	expect([...checkoutFiles(root)].sort()).toEqual(['.gitignore', 'kept.ts', 'ä new "one".ts']);
	expect([...checkoutFiles(root, '*.ts')].sort()).toEqual(['kept.ts', 'ä new "one".ts']);
});

it('a folder that is no checkout is no empty one: a scan of it must not pass', () => {
	expect(() => checkoutFiles(temporary.path)).toThrow(
		`${temporary.path} is no git checkout: its files cannot be listed.`,
	);
	expect(() => checkoutFiles(join(temporary.path, 'missing'))).toThrow(/ENOENT/);
});
