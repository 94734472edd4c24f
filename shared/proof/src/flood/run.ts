import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { endWithThis } from '../../../testing/src/child.ts';
import type { FloodMessage, FloodOutcome } from './outcome.ts';
import type { FloodOptions } from './plan.ts';

export interface FloodResult {
	readonly runtime: string;
	readonly outcome: FloodOutcome;
	/** Lines of the platform's log that hold a token or the secret. Must be 0. */
	readonly leakedLines: number;
}

/** What the process must not write anywhere. */
const secretPattern = /mpt_(test|live)_|the-secret-(of|before)-the-flood/;

/**
 * Floods the trigger of one platform in a process of its own: on Node 22 for Zapier, which is what Zapier runs.
 *
 * @throws Error with the end of its log, where the process ended before the flood did.
 */
export async function runFlood(
	name: 'n8n' | 'zapier',
	root: string,
	options: FloodOptions,
	onProgress: (sent: number) => void = () => undefined,
): Promise<FloodResult> {
	const node = name === 'zapier' ? join(root, 'node_modules/node22/bin/node') : process.execPath;
	const child = endWithThis(
		spawn(
			node,
			[
				'--expose-gc',
				'--disable-warning=ExperimentalWarning',
				join(root, 'shared/proof/src/flood/child.ts'),
				name,
				root,
				JSON.stringify(options),
			],
			{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
		),
	);
	let runtime = '';
	let outcome: FloodOutcome | null = null;
	let leakedLines = 0;
	let lastLines: string[] = [];
	const read = (line: string): void => {
		if (/^\{"(runtime|sent|outcome)":/.test(line)) {
			const message = JSON.parse(line) as FloodMessage;
			if ('runtime' in message) runtime = message.runtime;
			else if ('sent' in message) onProgress(message.sent);
			else outcome = message.outcome;
			return;
		}
		if (secretPattern.test(line)) leakedLines++;
		lastLines = [...lastLines.slice(-20), line];
	};
	createInterface({ input: child.stdout }).on('line', read);
	createInterface({ input: child.stderr }).on('line', read);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject).on('close', resolve);
	});
	// TypeScript does not see that the reader has filled it in.
	const ended = outcome as FloodOutcome | null;
	if (code !== 0 || ended === null) {
		throw new Error(`${name} ended with ${String(code)}.\n${lastLines.join('\n')}`);
	}
	return { runtime, outcome: ended, leakedLines };
}
