/** The sandbox that the benchmark measures, in a process of its own. Answers one line of JSON for each line it reads. */
import { createInterface } from 'node:readline';

import { startSandbox } from '../src/index.ts';

const sandbox = await startSandbox({ rateLimits: false, lifecycle: 'manual' });
const say = (value: object): void => {
	process.stdout.write(`${JSON.stringify(value)}\n`);
};

say({
	url: sandbox.url,
	token: sandbox.token,
	project: sandbox.seeded.project.id,
});
createInterface({ input: process.stdin }).on('line', () => {
	// Twice: the first collection frees what finalizers of the second still hold.
	globalThis.gc?.();
	globalThis.gc?.();
	const { rss, heapUsed } = process.memoryUsage();
	say({ rss, heapUsed });
});
