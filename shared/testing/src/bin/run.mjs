#!/usr/bin/env node
/**
 * Runs a command of this repository: "run.mjs FILE OPTIONS". Before "npm ci" there is neither the Node that reads
 * TypeScript nor a package, which Node would tell with a trace. So this file is JavaScript, for any Node.
 */
import { existsSync } from 'node:fs';
import module from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// npm writes it last.
if (existsSync(new URL('../../../../node_modules/.package-lock.json', import.meta.url))) {
	// What is compiled once need not be at the next start. Older versions of Node cannot keep it. For this process alone:
	// some commands measure how long others take to start.
	module.enableCompileCache?.(
		fileURLToPath(new URL('../../../../.cache/compiled', import.meta.url)),
	);
	const path = resolve(process.argv[2] ?? '');
	process.argv.splice(1, 2, path);
	await import(pathToFileURL(path).href);
} else {
	process.stderr.write(
		'This checkout is not installed, or not completely. Run this first, once: npm ci\n',
	);
	process.exitCode = 1;
}
