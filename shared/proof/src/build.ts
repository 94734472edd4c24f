import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { inBuildTurn } from '../../testing/src/turn.ts';
import { runProgram } from '../../testing/src/child.ts';

/**
 * Runs a step of preparation quietly and says on standard error what it does.
 *
 * @throws Error with all that the command said, where it fails.
 */
export async function prepare(
	root: string,
	title: string,
	command: string,
	args: readonly string[],
): Promise<void> {
	process.stderr.write(`${title} …\n`);
	const { code, stdout, stderr } = await runProgram(command, args, { cwd: root });
	if (code !== 0) throw new Error(`${stdout}${stderr}\n${title} failed`);
}

/** Builds the packages that things are sent through: the site only shows what they are. @throws Error as above. */
export async function buildPackages(root: string): Promise<void> {
	const args = ['run', 'build', '--filter=!memberpass-site', '--output-logs=errors-only'];
	await inBuildTurn(root, () => prepare(root, 'building', 'turbo', args));
}

/** What the platforms load. */
const built = ['packages/zapier/dist/index.js', 'packages/n8n-nodes-memberpass/dist/nodes'];

/** @throws Error where a package that things are sent through is not built, with what to do. */
export function requireBuilds(root: string): void {
	const missing = built.filter((path) => !existsSync(join(root, path)));
	if (missing.length === 0) return;
	throw new Error(`${missing.join(' and ')} is not built yet. Leave out --no-build.`);
}
