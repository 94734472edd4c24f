#!/usr/bin/env node
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { build, createServer } from 'vitepress';

import { parseOptions, runCommand } from '../../shared/testing/src/command-line.ts';
import { refuseFolder } from './src/folder.ts';

const help = `Builds the site into dist/.

  npm run build -w memberpass-site             build
  npm run dev -w memberpass-site               serve while you write; pages follow your changes
  npm run build -w memberpass-site -- --help   this text
`;

const { values } = parseOptions(help, {
	options: {
		watch: { type: 'boolean', default: false },
	},
});

const here = import.meta.dirname;
const root = join(here, '../..');
const pages = join(here, 'pages');

/** Files that are served as they are: from, and where to. The folder is git-ignored, each has its place elsewhere. */
const served = [
	['packages/sandbox/src/page/client/icon.svg', 'icon.svg'],
	['packages/make/blueprints', 'make/blueprints'],
	['packages/make/clipboard', 'make/clipboard'],
	['packages/make/recipes', 'make/recipes'],
	['packages/n8n-nodes-memberpass/examples', 'n8n'],
] as const;

function copyPublic(): void {
	rmSync(join(pages, 'public'), { recursive: true, force: true });
	for (const [from, to] of served) {
		cpSync(join(root, from), join(pages, 'public', to), { recursive: true });
	}
}

await runCommand(async () => {
	refuseFolder(here);
	copyPublic();
	if (values.watch) {
		const server = await createServer(pages, { host: '127.0.0.1' });
		await server.listen();
		server.printUrls();
	} else {
		await build(pages);
		process.stdout.write('wrote packages/site/dist\n');
	}
	return 0;
});
