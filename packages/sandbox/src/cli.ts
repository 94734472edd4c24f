#!/usr/bin/env node
import { randomUUID } from 'node:crypto';

import { help, readOptions } from './cli-options.ts';
import { VirtualClock } from './clock.ts';
import { runCommand, untilStopped } from './command.ts';
import type { Sandbox } from './index.ts';
import { switchDefinitions } from './switches.ts';

/** The commands in it need nothing but curl: uuidgen, for one, is on few machines. */
function welcome({ url, apiUrl, token, clock }: Sandbox): string {
	return `MemberPass sandbox is ready${clock instanceof VirtualClock ? ' (virtual time)' : ''}.

  Base URL   ${apiUrl}
  Token      ${token}
  Page       ${url}/

Try first:

  curl -s ${apiUrl}/projects -H 'Authorization: Bearer ${token}'

Subscribe an address of this machine, then fire an event at it:

  curl -s ${apiUrl}/webhook-subscriptions -H 'Authorization: Bearer ${token}' \\
    -H 'Content-Type: application/json' -H 'Idempotency-Key: ${randomUUID()}' \\
    -d '{"name":"Mine","url":"http://127.0.0.1:5678/webhook","events":["subscription.created"]}'
  curl -s ${url}/_sandbox/events -H 'Content-Type: application/json' -d '{"type":"subscription.created"}'

${Object.keys(switchDefinitions).length} switches for what the documentation leaves open: ${url}/#behaviour
Ctrl+C stops it.
`;
}

/** As package.json says, of which npm only warns; an older one would end in an exception somewhere. */
const oldestNode = 22;

await runCommand(async () => {
	const options = readOptions(process.argv.slice(2));
	if (options === null) {
		process.stdout.write(help);
		return;
	}
	const { node } = process.versions;
	if (Number.parseInt(node) < oldestNode) {
		throw new RangeError(
			`The sandbox needs Node ${oldestNode} or newer, and this is Node ${node}.`,
		);
	}
	// Not before it is needed: help, and what is wrong with an option, is said at once.
	const { startSandbox } = await import('./index.ts');
	const sandbox = await startSandbox({
		...options,
		onError: (error) => {
			process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
		},
	});
	// Before it says that it is ready: who reads that may stop it at once.
	const stopped = untilStopped();
	process.stdout.write(welcome(sandbox));
	await stopped;
	await sandbox.close();
});
