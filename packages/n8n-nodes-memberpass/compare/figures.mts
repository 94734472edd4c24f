import { createHmac, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { signBody } from '../../../shared/protocol/src/signing.ts';
import { median } from '../../../shared/testing/src/figures.ts';
import {
	answer,
	type Bench,
	delivery,
	listPlans,
	numbered,
	pageOf,
	type Row,
	secret,
} from './bench.mts';

/** How long and how much, in the order in which it is measured: loading comes first, while nothing is loaded yet. */
export const figures: readonly ((bench: Bench) => Promise<Row>)[] = [
	loading,
	description,
	oneDelivery,
	reads,
	writes,
	rows,
];

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** The files of the package alone; n8n-workflow is there already when n8n loads them. */
function loading({ packageFolder }: Bench): Promise<Row> {
	const load = createRequire(join(packageFolder, 'package.json'));
	load('n8n-workflow');
	const start = performance.now();
	for (const name of ['MemberPass', 'MemberPassTrigger']) {
		const exported = load(`./dist/nodes/${name}/${name}.node.js`) as Record<
			string,
			new () => unknown
		>;
		const NodeClass = exported[name];
		if (NodeClass === undefined) throw new Error(`${packageFolder} has no ${name}.`);
		new NodeClass();
	}
	const ms = performance.now() - start;
	return Promise.resolve({
		name: 'Loading both nodes',
		text: `${ms.toFixed(0)} ms`,
		figures: { ms },
	});
}

async function description(bench: Bench): Promise<Row> {
	const engine = await bench.engine('http://127.0.0.1:9/v1');
	const [bytes, triggerBytes] = ['memberPass', 'memberPassTrigger'].map(
		(node) => JSON.stringify(engine.description(node)).length,
	) as [number, number];
	const properties = engine.description('memberPass').properties.length;
	return {
		name: 'Description of the action node',
		text: `${(bytes / 1_000).toFixed(0)} kB, ${properties} properties`,
		figures: { bytes, properties, triggerBytes },
	};
}

/** The trigger's own time, beside the least that a verified delivery can take, in turns. */
async function oneDelivery(bench: Bench): Promise<Row> {
	const engine = await bench.engine('http://127.0.0.1:9/v1');
	const took: number[] = [];
	const floor: number[] = [];
	for (let round = 0; round < 30_000; round++) {
		const header = signBody(delivery, secret, Math.floor(Date.now() / 1_000));
		const result = await bench.trigger(engine, { webhookId: 'whe_1', secret }).receive({
			headers: { 'content-type': 'application/json', 'mp-signature': header },
			body: delivery,
		});
		if (result.started === null) throw new Error('A signed delivery was refused.');
		const floorMs = leastTime(header);
		// The first third warms up: after 3,000 rounds V8 still compiles, and the figure says more of that than of the trigger.
		if (round < 10_000) continue;
		took.push(result.tookMs * 1_000);
		floor.push(floorMs * 1_000);
	}
	const [deliveryUs, floorUs] = [median(took), median(floor)];
	return {
		name: 'One signed delivery',
		text: `${deliveryUs.toFixed(1)} µs, ${(deliveryUs / floorUs).toFixed(1)} × the floor of ${floorUs.toFixed(1)} µs`,
		figures: { deliveryUs, floorUs, timesFloor: deliveryUs / floorUs },
	};
}

/** HMAC, comparison, JSON.parse: milliseconds. */
function leastTime(header: string): number {
	const [, timestamp = '', given = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(header) ?? [];
	const start = performance.now();
	const digest = createHmac('sha256', secret).update(`${timestamp}.`).update(delivery).digest();
	const isGood = timingSafeEqual(digest, Buffer.from(given, 'hex'));
	const parsed = JSON.parse(delivery.toString()) as unknown;
	const end = performance.now();
	if (!isGood || parsed === null) throw new Error('The floor is wrong.');
	return end - start;
}

async function reads(bench: Bench): Promise<Row> {
	const url = await bench.serve((request, response) => {
		setTimeout(() => {
			const id = request.url?.split('/').at(-1);
			answer(response, 200, { data: { id, name: 'Research Premium' } });
		}, 20);
	});
	const engine = await bench.engine(url);
	const start = performance.now();
	const { items } = await bench.run(
		engine,
		{ resource: 'project', operation: 'get', projectId: '={{ "prj_" + $json.index }}' },
		{ items: numbered(1_000) },
	);
	const ms = performance.now() - start;
	const inOrder = items.filter((item, index) => item.json['id'] === `prj_${index}`).length;
	return {
		name: '1,000 reads at 20 ms',
		text: `${inOrder} in order, ${seconds(ms)}`,
		figures: { inOrder, ms },
	};
}

const windowMs = 10_000;

/** 300 writes in a window, then 429 with Retry-After. */
async function writes(bench: Bench): Promise<Row> {
	const done: string[] = [];
	let window = { endsAt: 0, count: 0 };
	const url = await bench.serve((request, response) => {
		void text(request).then((body) => {
			const now = Date.now();
			if (now >= window.endsAt) window = { endsAt: now + windowMs, count: 0 };
			if (window.count >= 300) {
				const wait = String(Math.ceil((window.endsAt - now) / 1_000));
				const error = { code: 'RATE_LIMITED', message: 'Too many requests.' };
				answer(response, 429, { error }, { 'Retry-After': wait });
				return;
			}
			window.count++;
			const { name } = JSON.parse(body) as { name: string };
			done.push(name);
			answer(response, 201, { data: { id: `prj_${done.length}`, name } });
		});
	});
	const engine = await bench.engine(url);
	const start = performance.now();
	await bench.run(
		engine,
		{
			resource: 'project',
			operation: 'create',
			name: '={{ "Project " + $json.index }}',
			handle: '={{ "project-" + $json.index }}',
		},
		{ items: numbered(1_000), onError: 'continueRegularOutput' },
	);
	const ms = performance.now() - start;
	const succeeded = new Set(done).size;
	const leastMs = (Math.ceil(1_000 / 300) - 1) * windowMs;
	const over = succeeded === 1_000 ? `, ${((ms / leastMs - 1) * 100).toFixed(0)} % over it` : '';
	return {
		name: '1,000 writes, 300 in 10 s (at least 30 s)',
		text: `${succeeded} done, ${done.length - succeeded} twice, ${seconds(ms)}${over}`,
		figures: { succeeded, twice: done.length - succeeded, ms, leastMs },
	};
}

/** Paged as 1.4.0 expects it, so that both read all. */
async function rows(bench: Bench): Promise<Row> {
	const seen = { requests: 0, peak: 0 };
	const url = await bench.serve((request, response) => {
		seen.requests++;
		const { page, data } = pageOf(request.url, 10_000);
		answer(response, 200, { data, meta: { current_page: page, last_page: 100 } });
	});
	const engine = await bench.engine(url);
	globalThis.gc?.();
	const before = process.memoryUsage().heapUsed;
	const watch = setInterval(() => {
		seen.peak = Math.max(seen.peak, process.memoryUsage().heapUsed - before);
	}, 2);
	const start = performance.now();
	const { items } = await bench.run(engine, listPlans);
	const ms = performance.now() - start;
	clearInterval(watch);
	const peakMb = seen.peak / 1e6;
	return {
		name: '10,000 rows in pages of 100',
		text: `${items.length} in ${seen.requests} requests, ${seconds(ms)}, ${peakMb.toFixed(0)} MB`,
		figures: { rows: items.length, requests: seen.requests, ms, peakMb },
	};
}
