#!/usr/bin/env node
/** Bundles the app into the one file that Zapier loads. */
import { join, relative } from 'node:path';

import {
	givenPath,
	parseOptions,
	runCommand,
	userFolder,
} from '../../shared/testing/src/command-line.ts';

const help = `Bundles the Zapier app.

  npm run build                 write dist/index.js
  npm run build -- --out DIR    write DIR/index.js
  npm run build -- --help       this text

The bundle holds the app, the catalogue and the protocol; only zapier-platform-core stays outside. It is not minified,
so that it can be reviewed.
`;

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		options: {
			out: { type: 'string', default: join(import.meta.dirname, 'dist') },
		},
	});
	const { writeBundle } = await import('./bundle.mts');
	const { path, size } = await writeBundle(givenPath(values.out));
	const shown = relative(userFolder(), path);
	process.stdout.write(`wrote ${shown} (${Math.round(size / 1000)} KB)\n`);
	return 0;
}

await runCommand(main);
