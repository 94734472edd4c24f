#!/usr/bin/env node
import { validateCommand } from '../command.ts';

process.exitCode = validateCommand(process.argv.slice(2), {
	say: (text) => void process.stdout.write(text),
	complain: (text) => void process.stderr.write(text),
});
