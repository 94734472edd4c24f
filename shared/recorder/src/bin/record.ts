#!/usr/bin/env node
import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';

import { givenPath, whenOutputIsLost } from '../../../testing/src/command-line.ts';
import { realTime } from '../client.ts';
import { readRecordOptions, recordHelp } from '../options.ts';
import { record } from '../record.ts';
import { Interrupted, Trouble } from '../types.ts';

const repoRoot = join(import.meta.dirname, '../../../..');
const stop = new AbortController();
let signals = 0;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(name, () => {
		// The first one cleans up; who insists gets out at once.
		if (++signals > 1) {
			process.stderr.write(
				'Left at once. What was made may still be there: record again, and it is named.\n',
			);
			process.exit(1);
		}
		process.stderr.write('Stopping: removing what was made. Once more to leave at once.\n');
		stop.abort();
	});
}

// What was made in the account is removed also where nobody reads any more.
whenOutputIsLost((code) => {
	process.exitCode = code;
	stop.abort();
});

async function main(): Promise<void> {
	const options = readRecordOptions(
		process.argv.slice(2),
		{
			env: process.env,
			fixtures: join(repoRoot, 'fixtures'),
			resolve: givenPath,
		},
		platform,
	);
	if (options === null) {
		process.stdout.write(recordHelp);
		return;
	}
	await record(options, {
		print: (text) => process.stdout.write(`${text}\n`),
		note: (text) => process.stderr.write(`${text}\n`),
		signal: stop.signal,
		time: realTime,
		platform,
		repoRoot,
	});
}

main().catch((error: unknown) => {
	// What the system refused, such as room on the disk, is no fault of this program either.
	const known =
		error instanceof Trouble ||
		error instanceof Interrupted ||
		(error instanceof Error && 'syscall' in error);
	const text = known ? error.message : error instanceof Error ? error.stack : String(error);
	process.stderr.write(`${text}\nNothing was written.\n`);
	process.exitCode ??= 1;
});
