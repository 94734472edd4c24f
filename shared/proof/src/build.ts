import { spawnSync } from 'node:child_process';

/**
 * Runs a step of preparation quietly and says on standard error what it does.
 *
 * @throws Error with all that the command said, where it fails.
 */
export function prepare(
	root: string,
	title: string,
	command: string,
	args: readonly string[],
): void {
	process.stderr.write(`${title} …\n`);
	const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
	if (status !== 0) throw new Error(`${stdout}${stderr}\n${title} failed`);
}

/** Builds the packages that things are sent through: the site only shows what they are. @throws Error as above. */
export function buildPackages(root: string): void {
	prepare(root, 'building', 'turbo', [
		'run',
		'build',
		'--filter=!memberpass-site',
		'--output-logs=errors-only',
	]);
}
