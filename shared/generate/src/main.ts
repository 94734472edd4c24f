#!/usr/bin/env node
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { emitters } from './emitters/index.ts';
import { type Drift, findDrift, renderFiles, writeFiles } from './files.ts';

const help = `Writes every committed projection of the catalogue.

  npm run generate          write what differs, remove what is stale
  npm run check             write nothing; exit 1 if anything differs
  ... -- --root DIR         another checkout than this one
  ... -- --help             this text

Emitters:
${emitters.map((emitter) => `  ${emitter.name.padEnd(10)} ${emitter.summary}`).join('\n')}
`;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			check: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
			root: { type: 'string', default: join(import.meta.dirname, '../../..') },
		},
	});
	if (values.help) {
		process.stdout.write(help);
		return 0;
	}
	const files = [];
	for (const emitter of emitters) {
		const emitted = await emitter.emit(values.root);
		process.stdout.write(`${emitter.name}: ${emitted.length} files\n`);
		files.push(...emitted);
	}
	const rendered = await renderFiles(values.root, files);
	const drift = await findDrift(values.root, rendered);
	if (values.check) return report(drift);
	await writeFiles(values.root, rendered, drift);
	for (const path of [...drift.changed, ...drift.missing]) process.stdout.write(`wrote ${path}\n`);
	for (const path of drift.extra) process.stdout.write(`removed ${path}\n`);
	if (isClean(drift)) process.stdout.write('Nothing to write: every file is up to date.\n');
	return 0;
}

function isClean(drift: Drift): boolean {
	return drift.changed.length + drift.missing.length + drift.extra.length === 0;
}

function report(drift: Drift): number {
	if (isClean(drift)) {
		process.stdout.write('Every generated file is up to date.\n');
		return 0;
	}
	for (const [word, paths] of Object.entries(drift) as [string, readonly string[]][]) {
		for (const path of paths) process.stderr.write(`${word}: ${path}\n`);
	}
	process.stderr.write(
		'Generated files differ from the catalogue. Run "npm run generate" and commit the result.\n',
	);
	return 1;
}

process.exitCode = await main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	return 1;
});
