#!/usr/bin/env node
import { platform } from '@memberpass/catalogue';

import { givenPath, whenOutputIsLost } from '../../../testing/src/command-line.ts';
import { driftHelp, runDrift } from '../drift-run.ts';
import { Trouble } from '../types.ts';

whenOutputIsLost((code) => process.exit(code));

async function main(): Promise<number> {
	const result = await runDrift(
		process.argv.slice(2),
		{
			env: process.env,
			resolve: givenPath,
			note: (text) => process.stderr.write(`${text}\n`),
		},
		platform,
	);
	process.stdout.write(result === null ? driftHelp : `${result.output}\n`);
	return result?.exitCode ?? 0;
}

try {
	process.exitCode = await main();
} catch (error) {
	if (!(error instanceof Trouble)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 1;
}
