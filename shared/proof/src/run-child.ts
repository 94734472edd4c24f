import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { endWithThis } from '../../testing/src/child.ts';
import { directEnvironment } from '../../testing/src/direct.ts';

/** One of our scripts, in a process of its own. */
export interface Child {
	/** Whose engine it loads. */
	readonly platform: string;
	/** Below `shared/proof/src`. */
	readonly script: string;
	/** What it is given behind the root of the repository. */
	readonly args?: readonly string[];
	/** Options of Node. */
	readonly flags?: readonly string[];
	/** What it is given on its standard input. */
	readonly input?: string;
	/** Told each line that it writes. */
	readonly onLine: (line: string) => void;
	/** Told each line that it writes on standard error. */
	readonly onErrorLine: (line: string) => void;
}

/**
 * Runs a script to its end: on Node 22 for Zapier, which is what Zapier runs, else on the Node of this process.
 *
 * @returns its exit code, null where a signal ended it, and below 0 where it could not be started; an error line says why.
 */
export async function runChild(root: string, child: Child): Promise<number | null> {
	const { platform, script, args = [], flags = [], input = '' } = child;
	const node =
		platform === 'zapier' ? join(root, 'node_modules/node22/bin/node') : process.execPath;
	const started = endWithThis(
		spawn(
			node,
			[
				...flags,
				'--disable-warning=ExperimentalWarning',
				join(root, 'shared/proof/src', script),
				...args,
			],
			{ cwd: root, stdio: 'pipe', env: { ...directEnvironment(), NODE_OPTIONS: '' } },
		),
	);
	createInterface({ input: started.stdout }).on('line', child.onLine);
	createInterface({ input: started.stderr }).on('line', child.onErrorLine);
	// One that ends before it has read says by itself why.
	started.stdin.on('error', () => undefined).end(input);
	// What could not be started is closed as well, and the others that run beside it come to their end.
	started.on('error', (error) => child.onErrorLine(error.message));
	return await new Promise((resolve) => started.on('close', resolve));
}
