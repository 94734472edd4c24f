/**
 * Measures one package in n8n's engine; run by main.mts in a process of its own, as
 * `measure.mts ROOT PACKAGE-FOLDER TYPE-VERSION`. Writes one line of JSON.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { startSandbox } from '../../sandbox/src/index.ts';
import { signBody } from '../../../shared/protocol/src/signature.ts';
import { type Engine, openEngine } from '../../../shared/testing/src/n8n-harness.ts';

export interface Measurements {
	readonly loadMs: number;
	readonly descriptionBytes: number;
	readonly unsigned: string;
	readonly forged: string;
	readonly deliveryUs: number;
	readonly floorUs: number;
	readonly plan: string;
	readonly pagedRows: number;
	readonly rows: {
		readonly count: number;
		readonly requests: number;
		readonly ms: number;
		readonly heapMb: number;
	};
	readonly reads: { readonly count: number; readonly ms: number };
	readonly writes: {
		readonly succeeded: number;
		readonly duplicates: number;
		readonly ms: number;
		/** Time the bucket needs at least for what got through. */
		readonly leastMs: number;
	};
}

const [repoRoot = '', packageFolder = '', version = ''] = process.argv.slice(2);
const typeVersion = Number(version);
const token = 'a-token-for-measuring';
const secret = 'a secret for measuring';
const closers: (() => void)[] = [];

function measureLoad(): number {
	const load = createRequire(join(packageFolder, 'package.json'));
	load('n8n-workflow');
	const start = performance.now();
	for (const [folder, name] of [
		['MemberPass', 'MemberPass'],
		['MemberPassTrigger', 'MemberPassTrigger'],
	] as const) {
		const exported = load(`./dist/nodes/${folder}/${name}.node.js`) as Record<
			string,
			new () => unknown
		>;
		const NodeClass = exported[name];
		if (NodeClass === undefined) throw new Error(`${packageFolder} has no ${name}.`);
		new NodeClass();
	}
	return performance.now() - start;
}

async function engineFor(baseUrl: string, apiToken = token): Promise<Engine> {
	return await openEngine({ repoRoot, packageFolder, credential: { apiToken, baseUrl } });
}

async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	closers.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

/** A mutable count that listeners share with what reads it. */
const counter = () => ({ value: 0 });

async function run(engine: Engine, parameters: INodeParameters, count = 1, keepOn = false) {
	return await engine.run({
		node: 'memberPass',
		typeVersion,
		parameters,
		items: Array.from({ length: count }, (_, index) => ({ json: { index } })),
		...(keepOn ? { onError: 'continueRegularOutput' as const } : {}),
	});
}

function triggerOf(engine: Engine) {
	return engine.trigger({
		node: 'memberPassTrigger',
		parameters: { events: ['plan.created'] },
		staticData: { 'node:MemberPass': { webhookId: 'whe_1', secret } },
		webhookBaseUrl: 'https://n8n.example.com',
	});
}

const delivery = Buffer.from(
	JSON.stringify({
		id: 'evt_01',
		type: 'plan.created',
		created_at: '2026-05-18T10:05:00Z',
		project_id: 'prj_1',
		data: { plan_id: 'pln_1', plan: { id: 'pln_1', name: 'Premium Monthly', price: '29.00' } },
	}),
);

async function received(engine: Engine, header: string | undefined): Promise<string> {
	const { started, answered, response } = await triggerOf(engine).receive({
		headers: header === undefined ? {} : { 'mp-signature': header },
		body: delivery,
	});
	if (started !== null) return 'runs the workflow';
	if (response.workflowData !== undefined) return 'starts an empty run';
	return `${answered?.status ?? 200}, no run`;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function measureDelivery(engine: Engine): Promise<{ deliveryUs: number; floorUs: number }> {
	const took: number[] = [];
	const floor: number[] = [];
	for (let round = 0; round < 3_000; round++) {
		const header = signBody(delivery, secret, Math.floor(Date.now() / 1_000));
		const result = await triggerOf(engine).receive({
			headers: { 'content-type': 'application/json', 'mp-signature': header },
			body: delivery,
		});
		const [, timestamp = '', given = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(header) ?? [];
		const start = performance.now();
		const digest = createHmac('sha256', secret).update(`${timestamp}.`).update(delivery).digest();
		const isGood = timingSafeEqual(digest, Buffer.from(given, 'hex'));
		const parsed = JSON.parse(delivery.toString()) as unknown;
		const end = performance.now();
		if (!isGood || parsed === null) throw new Error('The floor is wrong.');
		// The first third warms up.
		if (round < 1_000) continue;
		took.push(result.tookMs * 1_000);
		floor.push((end - start) * 1_000);
	}
	return { deliveryUs: median(took), floorUs: median(floor) };
}

async function measurePlan(): Promise<string> {
	const sandbox = await startSandbox();
	const engine = await engineFor(sandbox.apiUrl, sandbox.token);
	const project = sandbox.seeded.project.id;
	const plan = [...sandbox.state.plans.values()].find((one) => one.project_id === project);
	const resource = [...sandbox.state.resources.values()].find((one) => one.project_id === project);
	const { error } = await run(engine, {
		resource: 'plan',
		operation: 'create',
		projectId: project,
		name: 'Compared Plan',
		price: 29,
		...(typeVersion === 1
			? { currency: 'EUR', billingCycle: 'monthly' }
			: {
					currencyId: plan?.currency_id ?? '',
					billingCycle: 'months',
					resources: [resource?.id ?? ''],
				}),
	});
	await sandbox.close();
	return error === null ? 'created' : `refused (${error.httpCode ?? error.message})`;
}

const listPlans: INodeParameters = {
	resource: 'plan',
	operation: 'list',
	projectId: 'prj_1',
	returnAll: true,
};
const pageOf = (url: string | undefined, rows: number) => {
	const page = Number(new URL(url ?? '', 'http://a').searchParams.get('page') ?? '1');
	const first = (page - 1) * 100;
	const length = Math.max(0, Math.min(100, rows - first));
	const name = 'x'.repeat(200);
	return { page, data: Array.from({ length }, (_, index) => ({ id: `p${first + index}`, name })) };
};

/** Paged as docs.memberpass.net prints it: has_more, no last_page. */
async function measurePaging(): Promise<number> {
	const url = await serve((request, response) => {
		const { page, data } = pageOf(request.url, 250);
		const meta = { page, limit: 100, total: 250, has_more: page < 3 };
		response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ data, meta }));
	});
	return (await run(await engineFor(url), listPlans)).items.length;
}

/** Paged as 1.4.0 expects it, so that both read all. */
async function measureRows(): Promise<Measurements['rows']> {
	const requests = counter();
	const url = await serve((request, response) => {
		requests.value++;
		const { page, data } = pageOf(request.url, 10_000);
		const meta = { current_page: page, last_page: 100 };
		response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ data, meta }));
	});
	const engine = await engineFor(url);
	const before = process.memoryUsage().heapUsed;
	const peak = counter();
	const watch = setInterval(() => {
		peak.value = Math.max(peak.value, process.memoryUsage().heapUsed - before);
	}, 2);
	const start = performance.now();
	const { items } = await run(engine, listPlans);
	const ms = performance.now() - start;
	clearInterval(watch);
	return { count: items.length, requests: requests.value, ms, heapMb: peak.value / 1e6 };
}

async function measureReads(): Promise<Measurements['reads']> {
	const url = await serve((request, response) => {
		setTimeout(() => {
			const id = request.url?.split('/').at(-1);
			response
				.setHeader('Content-Type', 'application/json')
				.end(JSON.stringify({ data: { id, name: 'Research Premium' } }));
		}, 20);
	});
	const engine = await engineFor(url);
	const start = performance.now();
	const { items } = await run(
		engine,
		{ resource: 'project', operation: 'get', projectId: '={{ "prj_" + $json.index }}' },
		1_000,
	);
	const isOrdered = items.every((item, index) => item.json['id'] === `prj_${index}`);
	return { count: isOrdered ? items.length : 0, ms: performance.now() - start };
}

/** 300 writes in 10 seconds, then 429 with Retry-After. */
async function measureWrites(): Promise<Measurements['writes']> {
	const windowMs = 10_000;
	const done: string[] = [];
	let window = { endsAt: 0, count: 0 };
	const url = await serve((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const now = Date.now();
			if (now >= window.endsAt) window = { endsAt: now + windowMs, count: 0 };
			response.setHeader('Content-Type', 'application/json');
			if (window.count >= 300) {
				const wait = Math.ceil((window.endsAt - now) / 1_000);
				response.writeHead(429, { 'Retry-After': String(wait) });
				response.end('{"error":{"code":"RATE_LIMITED","message":"Too many requests."}}');
				return;
			}
			window.count++;
			const { name } = JSON.parse(Buffer.concat(chunks).toString()) as { name: string };
			done.push(name);
			response.writeHead(201).end(JSON.stringify({ data: { id: `prj_${done.length}`, name } }));
		});
	});
	const engine = await engineFor(url);
	const start = performance.now();
	await run(
		engine,
		{
			resource: 'project',
			operation: 'create',
			name: '={{ "Project " + $json.index }}',
			handle: '={{ "project-" + $json.index }}',
		},
		1_000,
		true,
	);
	return {
		succeeded: new Set(done).size,
		duplicates: done.length - new Set(done).size,
		ms: performance.now() - start,
		leastMs: (Math.ceil(done.length / 300) - 1) * windowMs,
	};
}

const loadMs = measureLoad();
const engine = await engineFor('http://127.0.0.1:9/v1');
const result: Measurements = {
	loadMs,
	descriptionBytes: JSON.stringify(engine.description('memberPass')).length,
	unsigned: await received(engine, undefined),
	forged: await received(engine, signBody(delivery, 'another', Math.floor(Date.now() / 1_000))),
	...(await measureDelivery(engine)),
	plan: await measurePlan(),
	pagedRows: await measurePaging(),
	rows: await measureRows(),
	reads: await measureReads(),
	writes: await measureWrites(),
};
for (const close of closers) close();
// n8n-core leaves handles open, so the process has to be ended; not before everything is written.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
