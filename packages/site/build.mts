#!/usr/bin/env node
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { build, createServer } from 'vitepress';

const help = `Builds the site into dist/.

  npm run build -w memberpass-site             build
  npm run dev -w memberpass-site               serve while you write; pages follow your changes
  npm run build -w memberpass-site -- --help   this text
`;

const { values } = parseArgs({
	options: {
		watch: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});

const here = import.meta.dirname;
const root = join(here, '../..');
const pages = join(here, 'pages');

/** Files that are served as they are. The folder is git-ignored: each has its place in another package. */
function copyPublic(): void {
	const target = join(pages, 'public');
	rmSync(target, { recursive: true, force: true });
	mkdirSync(target);
	copyFileSync(join(root, 'packages/sandbox/src/page/client/icon.svg'), join(target, 'icon.svg'));
}

if (values.help) {
	process.stdout.write(help);
} else {
	copyPublic();
	if (values.watch) {
		const server = await createServer(pages, { host: '127.0.0.1' });
		await server.listen();
		server.printUrls();
	} else {
		await build(pages);
		process.stdout.write('wrote packages/site/dist\n');
	}
}
