#!/usr/bin/env node
import { command } from './command.ts';

const sources = {
	audit: async () => (await import('@memberpass/catalogue/rules')).audit(),
	emitters: async () => (await import('./emitters/index.ts')).emitters,
};

process.exitCode = await command(process.argv.slice(2), sources, {
	say: (text) => void process.stdout.write(text),
	complain: (text) => void process.stderr.write(text),
});
