#!/usr/bin/env node
import { join } from 'node:path';

import { inBuildTurn } from '../turn.ts';
import { catalogueFaults } from '../catalogue-faults.ts';
import { showProgram } from '../child.ts';
import { runCommand } from '../command-line.ts';

const help = `Builds every package into its dist, where something that it is made of has changed.

  npm run build                     all of them
  npm run build -- --filter=NAME    one package (any option of "turbo run" works)
  npm run build -- --force          whether or not anything has changed
  npm run build -- --help           this text
`;

const root = join(import.meta.dirname, '../../../..');

/** What breaks the catalogue's rules is in no package; who builds may not have generated before. */
async function isBroken(): Promise<boolean> {
	const faults = await catalogueFaults();
	if (faults.length === 0) return false;
	for (const fault of faults) process.stderr.write(`${fault}\n`);
	process.stderr.write('The catalogue breaks its own rules, so nothing was built.\n');
	return true;
}

async function main(args: readonly string[]): Promise<number> {
	if (args.includes('--help') || args.includes('-h')) {
		process.stdout.write(help);
		return 0;
	}
	if (await isBroken()) return 1;
	return await inBuildTurn(root, () =>
		showProgram('turbo', ['run', 'build', '--output-logs=new-only', ...args], { cwd: root }),
	);
}

await runCommand(() => main(process.argv.slice(2)));
