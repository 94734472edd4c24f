import { runChild } from '../run-child.ts';
import type { FaultReport, LostReport, Work } from './job.ts';
import type { Message } from './platform.ts';

const platformNames = ['n8n', 'zapier'] as const;
export type PlatformName = (typeof platformNames)[number];

/** What came of the work on one platform. */
export interface Results {
	readonly faults: ReadonlyMap<string, FaultReport>;
	readonly lost: ReadonlyMap<string, LostReport>;
	/** Everything that the process wrote beside its results: the platform's log. */
	readonly log: string;
}

/**
 * Runs the work on one platform, in a process of its own.
 *
 * @throws Error with what the process wrote, where it ended before its work was done.
 */
export async function runFaults(name: PlatformName, root: string, work: Work): Promise<Results> {
	const faults = new Map<string, FaultReport>();
	const lost = new Map<string, LostReport>();
	let log = '';
	const onErrorLine = (line: string): void => void (log += `${line}\n`);
	const code = await runChild(root, {
		platform: name,
		script: 'faults/child.ts',
		args: [name, root],
		input: JSON.stringify(work),
		onErrorLine,
		onLine(line) {
			if (!/^\{"(fault|lost)":/.test(line)) {
				onErrorLine(line);
				return;
			}
			const message = JSON.parse(line) as Message;
			if ('fault' in message) faults.set(message.fault.id, message.fault);
			else lost.set(message.lost.id, message.lost);
		},
	});
	const complete = faults.size === work.faults.length && lost.size === work.lost.length;
	if (code !== 0 || !complete) {
		throw new Error(
			`${name} ended with ${String(code)} after ${faults.size} of ${work.faults.length} faults.\n${log}`,
		);
	}
	return { faults, lost, log };
}
