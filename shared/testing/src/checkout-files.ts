import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Every file of a checkout that is committed or could be: what git ignores is left out, because builds and other tests
 * make and remove that at any time.
 *
 * @param root absolute path of the repository.
 * @param patterns As git takes them; every file where absent.
 * @returns paths below the repository, with forward slashes.
 * @throws Error where it is no git checkout.
 */
export function checkoutFiles(root: string, ...patterns: readonly string[]): readonly string[] {
	const { status, stdout, stderr, error } = spawnSync(
		'git',
		[
			// A checkout may belong to another user than the one who tests it, as in a container.
			...['-c', 'safe.directory=*'],
			...['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns],
		],
		{ cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 },
	);
	if (status !== 0) {
		const reason = error?.message ?? stderr.trim();
		throw new Error(`${root} is no git checkout: its files cannot be listed. ${reason}`);
	}
	// A file that was deleted and not committed is still listed.
	return stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}
