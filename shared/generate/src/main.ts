#!/usr/bin/env node
import { catalogueFaults } from '../../testing/src/catalogue-faults.ts';
import { runCommand } from '../../testing/src/command-line.ts';
import { command } from './command.ts';

const sources = {
	faults: catalogueFaults,
	emitters: async () => (await import('./emitters/index.ts')).emitters,
};

await runCommand(() =>
	command(process.argv.slice(2), sources, {
		say: (text) => void process.stdout.write(text),
		complain: (text) => void process.stderr.write(text),
	}),
);
