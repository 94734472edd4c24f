import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { endWithThis } from '../../../testing/src/child.ts';
import { directEnvironment } from '../direct.ts';
import type { FaultReport, LostReport, Work } from './job.ts';
import type { Message } from './platform.ts';

export const platformNames = ['n8n', 'zapier'] as const;
export type PlatformName = (typeof platformNames)[number];

/** What came of the work on one platform. */
export interface Results {
	readonly runtime: string;
	readonly faults: ReadonlyMap<string, FaultReport>;
	readonly lost: ReadonlyMap<string, LostReport>;
	/** Everything that the process wrote beside its results: the platform's log. */
	readonly log: string;
}

/**
 * Runs the work on one platform, in a process of its own: on Node 22 for Zapier, which is what Zapier runs, else on
 * the Node of this process.
 *
 * @throws Error with what the process wrote, where it ended before its work was done.
 */
export async function runFaults(name: PlatformName, root: string, work: Work): Promise<Results> {
	const node = name === 'zapier' ? join(root, 'node_modules/node22/bin/node') : process.execPath;
	const child = endWithThis(
		spawn(
			node,
			[
				'--disable-warning=ExperimentalWarning',
				join(root, 'shared/proof/src/faults/child.ts'),
				name,
				root,
			],
			{
				cwd: root,
				stdio: ['pipe', 'pipe', 'pipe'],
				env: { ...directEnvironment(), NODE_OPTIONS: '' },
			},
		),
	);
	const faults = new Map<string, FaultReport>();
	const lost = new Map<string, LostReport>();
	let runtime = '';
	let log = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
	createInterface({ input: child.stdout }).on('line', (line) => {
		if (!/^\{"(runtime|fault|lost)":/.test(line)) {
			log += `${line}\n`;
			return;
		}
		const message = JSON.parse(line) as Message;
		if ('runtime' in message) runtime = message.runtime;
		else if ('fault' in message) faults.set(message.fault.id, message.fault);
		else lost.set(message.lost.id, message.lost);
	});
	child.stdin.end(JSON.stringify(work));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject).on('close', resolve);
	});
	const complete = faults.size === work.faults.length && lost.size === work.lost.length;
	if (code !== 0 || !complete) {
		throw new Error(
			`${name} ended with ${String(code)} after ${faults.size} of ${work.faults.length} faults.\n${log}`,
		);
	}
	return { runtime, faults, lost, log };
}
