#!/usr/bin/env node
import { runCommand } from '../../testing/src/command-line.ts';
import { command } from './command.ts';

const sources = {
	audit: async () => (await import('@memberpass/catalogue/rules')).audit(),
	emitters: async () => (await import('./emitters/index.ts')).emitters,
};

await runCommand(() =>
	command(process.argv.slice(2), sources, {
		say: (text) => void process.stdout.write(text),
		complain: (text) => void process.stderr.write(text),
	}),
);
