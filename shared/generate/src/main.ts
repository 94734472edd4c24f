#!/usr/bin/env node
import { command } from './command.ts';
import { emitters } from './emitters/index.ts';

process.exitCode = await command(process.argv.slice(2), emitters, {
	say: (text) => void process.stdout.write(text),
	complain: (text) => void process.stderr.write(text),
});
