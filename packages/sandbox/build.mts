#!/usr/bin/env node
/** Bundles the package: dist/cli.js is the command, dist/index.js the library. Only fastify stays outside. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

const help = `Bundles the sandbox.

  npm run build             write dist/cli.js (the command) and dist/index.js (the library)
  npm run build -- --help   this text
`;

const { values } = parseArgs({ options: { help: { type: 'boolean', default: false } } });
if (values.help) {
	process.stdout.write(help);
} else {
	const outdir = join(import.meta.dirname, 'dist');
	// Chunks are named by their content: old ones would be published with the new.
	await rm(outdir, { recursive: true, force: true });
	const { metafile } = await build({
		absWorkingDir: import.meta.dirname,
		entryPoints: ['src/cli.ts', 'src/index.ts'],
		outdir,
		bundle: true,
		splitting: true,
		platform: 'node',
		target: 'node22',
		format: 'esm',
		external: ['fastify'],
		treeShaking: true,
		metafile: true,
		logLevel: 'warning',
	});
	for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
		process.stdout.write(`wrote ${path} (${Math.round(bytes / 1024)} KB)\n`);
	}
}
