#!/usr/bin/env node
/** Bundles the package: dist/cli.js is the command, dist/index.js the library. Only fastify stays outside. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { build } from 'esbuild';

import { parseOptions } from '../../shared/testing/src/command-line.ts';

const help = `Bundles the sandbox.

  npm run build             write dist/cli.js (the command) and dist/index.js (the library)
  npm run build -- --types  also dist/index.d.ts, which takes some seconds; npm pack does it
  npm run build -- --help   this text
`;

/** One declaration file: the packages of this workspace that the types name are not published. */
async function writeTypes(file: string): Promise<void> {
	// With the compiler of TypeScript, which a build without types has no use for.
	const { rollup } = await import('rollup');
	const { dts } = await import('rollup-plugin-dts');
	const bundle = await rollup({
		input: join(import.meta.dirname, 'src/index.ts'),
		external: ['fastify', /^node:/],
		plugins: [dts({ tsconfig: join(import.meta.dirname, 'tsconfig.json'), respectExternal: true })],
		onwarn: ({ message }) => {
			throw new Error(message);
		},
	});
	await bundle.write({ file, format: 'es' });
	await bundle.close();
}

const { values } = parseOptions(help, {
	options: {
		types: { type: 'boolean', default: false },
	},
});
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
if (values.types) {
	process.stdout.write('types …\n');
	await writeTypes(join(outdir, 'index.d.ts'));
	process.stdout.write('wrote dist/index.d.ts\n');
}
