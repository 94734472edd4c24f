#!/usr/bin/env node
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { givenPath, parseOptions, runCommand } from '../../../testing/src/command-line.ts';
import { compare, type Released, type Surface } from '../surface.ts';
import {
	readJson,
	releasedFile,
	repoRoot,
	surfaceFile,
	type Workspace,
	workspacesOf,
} from '../workspaces.ts';

const help = `Records what a published version promises, so that no later one takes it away unannounced.

  npm run release:baseline -- NAME...    write surface.released.json of these packages
  npm run release:baseline -- --dry-run  with names: only say what would change
  npm run release:baseline -- --root D   with names: another checkout than this one
  npm run release:baseline -- --help     this text

Run it once a version is public, so that its names stay; before the first one, with each change of a surface.
`;

async function record({ name, version, folder }: Workspace, dryRun: boolean): Promise<void> {
	const surface = readJson(join(folder, surfaceFile)) as Surface;
	const path = join(folder, releasedFile);
	const before: Released = existsSync(path)
		? (readJson(path) as Released)
		: { version: 'nothing', surface: {} };
	const { breaks, additions } = compare(before.surface, surface);
	process.stdout.write(
		`${name} ${version} against ${before.version}: ${breaks.length} lost, ${additions.length} new\n`,
	);
	if (dryRun) return;
	const text = JSON.stringify({ version, surface } satisfies Released);
	writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
	process.stdout.write(`wrote ${path}\n`);
}

async function main(): Promise<number> {
	const { values, positionals } = parseOptions(help, {
		allowPositionals: true,
		options: {
			'dry-run': { type: 'boolean', default: false },
			root: { type: 'string', default: repoRoot },
		},
	});
	const known = workspacesOf(givenPath(values.root)).filter(({ folder }) =>
		existsSync(join(folder, surfaceFile)),
	);
	const names = known.map(({ name }) => name).join(', ');
	if (positionals.length === 0) throw new Error(`Name the packages: ${names}.`);
	const chosen = positionals.map((wanted) => {
		const found = known.find(({ name }) => name === wanted);
		if (found === undefined) {
			throw new Error(`No package called "${wanted}" has a surface. Name one of: ${names}.`);
		}
		return found;
	});
	for (const workspace of chosen) await record(workspace, values['dry-run']);
	return 0;
}

await runCommand(main);
