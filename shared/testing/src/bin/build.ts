#!/usr/bin/env node
import { join } from 'node:path';

import { inBuildTurn } from '../turn.ts';
import { showProgram } from '../child.ts';
import { runCommand } from '../command-line.ts';

const help = `Builds every package into its dist, where something that it is made of has changed.

  npm run build                     all of them
  npm run build -- --filter=NAME    one package (any option of "turbo run" works)
  npm run build -- --force          whether or not anything has changed
  npm run build -- --help           this text
`;

const root = join(import.meta.dirname, '../../../..');

async function main(args: readonly string[]): Promise<number> {
	if (args.includes('--help') || args.includes('-h')) {
		process.stdout.write(help);
		return 0;
	}
	return await inBuildTurn(root, () =>
		showProgram('turbo', ['run', 'build', '--output-logs=new-only', ...args], { cwd: root }),
	);
}

await runCommand(() => main(process.argv.slice(2)));
