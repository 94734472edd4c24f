#!/usr/bin/env node
/** Moves the baseline of the surface guard to what is published now. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { format, resolveConfig } from 'prettier';

import { breaksOf, type Released, type Surface } from './src/surface.ts';

const help = `Records the surface of a published version, from which no later one may take anything away.

  npm run release:surface -w memberpass-zapier [-- OPTIONS]

Writes surface.released.json from surface.json and the version in package.json.

  --dry-run  only say what users gain and lose
  --help     this text

Run it once a version is promoted at Zapier, never before: until then its keys are nobody's.
`;

const at = (name: string): string => join(import.meta.dirname, name);
const readJson = async (name: string): Promise<unknown> =>
	JSON.parse(await readFile(at(name), 'utf8')) as unknown;

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			help: { type: 'boolean', default: false },
			'dry-run': { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(help);
		return 0;
	}
	const surface = (await readJson('surface.json')) as Surface;
	const { version } = (await readJson('package.json')) as { version: string };
	const before = (await readJson('surface.released.json')) as Released;
	const lost = breaksOf(before.surface, surface);
	const gained = breaksOf(surface, before.surface);
	for (const line of lost) process.stdout.write(`lost since ${before.version}: ${line}\n`);
	process.stdout.write(
		`${version} against ${before.version}: ${lost.length} things lost, ${gained.length} that ${before.version} did not have.\n`,
	);
	if (values['dry-run']) return 0;
	const path = at('surface.released.json');
	const text = JSON.stringify({ version, surface } satisfies Released);
	await writeFile(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
	process.stdout.write('wrote surface.released.json\n');
	return 0;
}

process.exitCode = await main();
