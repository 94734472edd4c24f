#!/usr/bin/env node
/** Bundles the app into the one file that Zapier loads. */
import { mkdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { build } from 'esbuild';

const help = `Bundles the Zapier app.

  npm run build                 write dist/index.js
  npm run build -- --out DIR    write DIR/index.js
  npm run build -- --help       this text

The bundle holds the app, the catalogue and the protocol; only zapier-platform-core stays outside. It is not minified,
so that it can be reviewed.
`;

/** Zapier's own limit for the zip was 6 MB when it was last published; core takes 0.65 MB of it. */
const largestBundle = 2_000_000;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			help: { type: 'boolean', default: false },
			out: { type: 'string', default: join(import.meta.dirname, 'dist') },
		},
	});
	if (values.help) {
		process.stdout.write(help);
		return 0;
	}
	const outfile = join(resolve(values.out), 'index.js');
	await mkdir(resolve(values.out), { recursive: true });
	await build({
		absWorkingDir: import.meta.dirname,
		entryPoints: ['src/index.ts'],
		outfile,
		bundle: true,
		platform: 'node',
		target: 'node22',
		format: 'cjs',
		external: ['zapier-platform-core'],
		treeShaking: true,
		// Zapier's wrapper takes what is exported as the app itself.
		footer: { js: 'module.exports = module.exports.default;' },
		logLevel: 'warning',
	});
	const { size } = await stat(outfile);
	const shown = relative(process.cwd(), outfile);
	process.stdout.write(`wrote ${shown} (${Math.round(size / 1024)} KB)\n`);
	if (size <= largestBundle) return 0;
	process.stderr.write(
		`${shown} is larger than ${largestBundle / 1000} KB. See what it pulls in.\n`,
	);
	return 1;
}

process.exitCode = await main();
