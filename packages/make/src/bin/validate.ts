#!/usr/bin/env node
import { runCommand } from '../../../../shared/testing/src/command-line.ts';
import { validateCommand } from '../command.ts';

await runCommand(() =>
	validateCommand(process.argv.slice(2), {
		say: (text) => void process.stdout.write(text),
		complain: (text) => void process.stderr.write(text),
	}),
);
