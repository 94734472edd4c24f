#!/usr/bin/env node
import { readChangesets } from '@changesets/read';

import { givenPath, parseOptions, runCommand } from '../../../testing/src/command-line.ts';
import { explain, judge, misaddressed } from '../verdict.ts';
import { publishedOf, repoRoot, surfaceFile, workspacesOf } from '../workspaces.ts';

const help = `Checks that each version rises as far as the changes to what users rely on demand.

  npm run release:check              exit 1 if a version rises too little
  npm run release:check -- --root D  another checkout than this one
  npm run release:check -- --help    this text

Compares surface.json of each package with its surface.released.json: something gone or stricter needs a major release,
something new a minor one, another label a patch. Pending files in .changeset count as done.
`;

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		options: {
			root: { type: 'string', default: repoRoot },
		},
	});
	const root = givenPath(values.root);
	const pending = await readChangesets(root);
	const packages = publishedOf(root);
	if (packages.length === 0) throw new Error(`No package in ${root} has a ${surfaceFile}.`);
	const names = workspacesOf(root).map(({ name }) => name);
	const strays = misaddressed(pending, names);
	for (const line of strays) process.stderr.write(`${line}\n`);
	let isGood = strays.length === 0;
	for (const published of packages) {
		const verdict = judge(published, pending);
		const stream = verdict.isEnough ? process.stdout : process.stderr;
		for (const line of explain(verdict, published.released.version)) stream.write(`${line}\n`);
		isGood &&= verdict.isEnough;
	}
	return isGood ? 0 : 1;
}

await runCommand(main);
