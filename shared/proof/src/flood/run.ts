import { runChild } from '../run-child.ts';
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
 * Floods the trigger of one platform in a process of its own.
 *
 * @throws Error with the end of its log, where the process ended before the flood did.
 */
export async function runFlood(
	name: 'n8n' | 'zapier',
	root: string,
	options: FloodOptions,
	onProgress: (sent: number) => void = () => undefined,
): Promise<FloodResult> {
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
	const code = await runChild(root, {
		platform: name,
		script: 'flood/child.ts',
		args: [name, root, JSON.stringify(options)],
		flags: ['--expose-gc'],
		onLine: read,
		onErrorLine: read,
	});
	// TypeScript does not see that the reader has filled it in.
	const ended = outcome as FloodOutcome | null;
	if (code !== 0 || ended === null) {
		throw new Error(`${name} ended with ${String(code)}.\n${lastLines.join('\n')}`);
	}
	return { runtime, outcome: ended, leakedLines };
}
