#!/usr/bin/env node
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runCommand, untilStopped } from '../../sandbox/src/command.ts';
import { inBuildTurn } from '../../../shared/testing/src/turn.ts';
import { showProgram } from '../../../shared/testing/src/child.ts';
import { readPort, serveSite } from './server.ts';

const help = `Serves the reference site on this machine.

  npm run site [-- options]

  --port N     port to listen on (4020); 0 for any
  --no-build   serve what was built last, even if something changed since
  --help       this text

Builds first if anything that the site is made from has changed. Nothing leaves the machine.
`;

const root = join(import.meta.dirname, '../../..');

/** That a port is taken is said before the build, which takes half a minute. */
async function tryPort(port: number): Promise<void> {
	const probe = createServer();
	await new Promise<void>((resolve, reject) => {
		probe.once('error', reject).listen(port, '127.0.0.1', resolve);
	});
	await new Promise((resolve) => probe.close(resolve));
}

/** Turborepo knows what the site is made of, and does nothing where it is up to date. */
async function build(): Promise<void> {
	process.stdout.write('Building the site where it is not up to date …\n');
	const args = ['run', 'build', '--filter=memberpass-site', '--output-logs=new-only'];
	const code = await inBuildTurn(root, () => showProgram('turbo', args, { cwd: root }));
	if (code !== 0) throw new RangeError('The build failed, see above. Nothing is served.');
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4020' },
			build: { type: 'boolean', default: true },
			help: { type: 'boolean', short: 'h', default: false },
		},
		allowNegative: true,
	});
	if (values.help) {
		process.stdout.write(help);
		return;
	}
	const port = readPort(values.port);
	await tryPort(port);
	if (values.build) await build();
	const site = await serveSite(join(root, 'packages/site/dist'), port);
	// Before it says that it is ready: who reads that may stop it at once.
	const stopped = untilStopped();
	process.stdout.write(`The site is at ${site.url}/\nStop it with Ctrl+C.\n`);
	await stopped;
	await site.close();
}

await runCommand(main);
