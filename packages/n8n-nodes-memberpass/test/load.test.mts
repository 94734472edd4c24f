import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { INodeParameters } from 'n8n-workflow';

import { type Sandbox, startSandbox } from '../../sandbox/src/index.ts';
import type { Engine, RunRequest } from '../../../shared/testing/src/n8n-harness.ts';
import { open } from './support.mts';

/** Many items over real sockets. What takes how long is measured by the benchmarks, never here. */
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function sandboxed(
	options: Parameters<typeof startSandbox>[0] = {},
): Promise<{ readonly sandbox: Sandbox; readonly engine: Engine }> {
	const sandbox = await startSandbox({ rateLimits: false, ...options });
	cleanups.push(() => sandbox.close());
	return { sandbox, engine: await connected(sandbox.apiUrl, sandbox.token) };
}

async function connected(baseUrl: string, apiToken: string): Promise<Engine> {
	const engine = await open(baseUrl, apiToken);
	cleanups.push(() => engine.close());
	return engine;
}

async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	cleanups.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

/** What Node calls `gc` where it may be called: without it, garbage of earlier tests would be counted in. */
function collectGarbage(): void {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
}

/** Bytes of heap that a task takes at most, over what there was before. */
async function watched<T>(task: () => Promise<T>): Promise<readonly [T, number]> {
	collectGarbage();
	const before = process.memoryUsage().heapUsed;
	let peak = 0;
	const watch = setInterval(() => {
		peak = Math.max(peak, process.memoryUsage().heapUsed - before);
	}, 5);
	const result = await task();
	clearInterval(watch);
	return [result, peak];
}

const node = { node: 'memberPass', typeVersion: 2 } as const;
const numbered = (count: number): RunRequest['items'] =>
	Array.from({ length: count }, (_, index) => ({ json: { index } }));
const createProject: INodeParameters = {
	resource: 'project',
	operation: 'create',
	name: '={{ "Project " + $json.index }}',
};

describe('a write whose answer was lost', () => {
	test.each([
		['by the node, when the server fails once', 1, false],
		["by n8n's Retry On Fail, when the server fails until the node gives up", 4, true],
	])('is repeated %s, and done once', async (_, times, retryOnFail) => {
		const { sandbox, engine } = await sandboxed();
		const before = sandbox.state.projects.size;
		sandbox.faults.add({ kind: 'error_after_write', operation: 'create_project', times });
		const { error, items } = await engine.run({
			...node,
			parameters: createProject,
			items: numbered(3) ?? [],
			retryOnFail,
		});
		expect(error).toBeNull();
		expect(items.map((item) => item.json['name'])).toEqual(['Project 0', 'Project 1', 'Project 2']);
		expect(sandbox.state.projects.size - before).toBe(3);
	});
});

test('a 429 is waited for as long as Retry-After says', async () => {
	const { sandbox, engine } = await sandboxed();
	sandbox.faults.add({ kind: 'rate_limited', retryAfter: 'seconds', times: 1 });
	const start = Date.now();
	const { items } = await engine.run({
		...node,
		parameters: { resource: 'team', operation: 'getCurrent' },
	});
	expect(items).toHaveLength(1);
	expect(Date.now() - start).toBeGreaterThanOrEqual(1_990);
});

test('1,000 reads run ten at a time and never more, come out in order, and take less than 100 MB', async () => {
	let underWay = 0;
	let most = 0;
	const held: (() => void)[] = [];
	const release = (): void => {
		for (const answer of held.splice(0)) answer();
	};
	const url = await serve((request, response) => {
		most = Math.max(most, ++underWay);
		held.push(() => {
			underWay--;
			const id = request.url?.split('/').at(-1);
			response.setHeader('Content-Type', 'application/json');
			response.end(JSON.stringify({ data: { id, name: 'Research Premium' } }));
		});
		// Answers only when ten have come: a node that sends fewer at once would wait here for the timer below.
		if (held.length === 10) release();
	});
	const stuck = setInterval(release, 2_000);
	cleanups.push(() => clearInterval(stuck));
	const engine = await connected(url, 'a-token-for-tests-only');
	const items = Array.from({ length: 1_000 }, (_, index) => ({ json: { id: `prj_${index}` } }));
	const [result, peak] = await watched(
		async () =>
			await engine.run({
				...node,
				parameters: { resource: 'project', operation: 'get', projectId: '={{ $json.id }}' },
				items,
			}),
	);
	expect(peak).toBeLessThan(100_000_000);
	expect(result.items.map((item) => item.json['id'])).toEqual(items.map((item) => item.json.id));
	expect(result.items.map((item) => item.pairedItem)).toEqual(items.map((_, item) => ({ item })));
	expect(most).toBe(10);
});

test('1,000 writes through a bucket of 300 in 3 seconds are all done, once each, in order', async () => {
	const done: string[] = [];
	const keys = new Set<string>();
	let refused = 0;
	let window = { endsAt: 0, count: 0 };
	const url = await serve((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const now = Date.now();
			if (now >= window.endsAt) window = { endsAt: now + 3_000, count: 0 };
			response.setHeader('Content-Type', 'application/json');
			if (window.count >= 300) {
				refused++;
				response.statusCode = 429;
				response.setHeader('Retry-After', String(Math.ceil((window.endsAt - now) / 1_000)));
				response.end('{"error":{"code":"RATE_LIMITED","message":"Slow down."}}');
				return;
			}
			window.count++;
			const { name } = JSON.parse(Buffer.concat(chunks).toString()) as { name: string };
			done.push(name);
			keys.add(String(request.headers['idempotency-key']));
			response.statusCode = 201;
			response.end(JSON.stringify({ data: { id: `prj_${done.length}`, name } }));
		});
	});
	const engine = await connected(url, 'a-token-for-tests-only');
	const { error, items } = await engine.run({
		...node,
		parameters: createProject,
		items: numbered(1_000) ?? [],
	});
	expect(error).toBeNull();
	const all = Array.from({ length: 1_000 }, (_, index) => `Project ${index}`);
	expect(done).toEqual(all);
	expect(items.map((item) => item.json['name'])).toEqual(all);
	expect(keys.size).toBe(1_000);
	expect(refused).toBeGreaterThan(0);
	expect(refused).toBeLessThanOrEqual(3);
});

test('10,000 rows are listed in 100 requests, and take less than 100 MB', async () => {
	let requests = 0;
	const note = 'x'.repeat(200);
	const url = await serve((request, response) => {
		requests++;
		const page = Number(new URL(request.url ?? '', 'http://a').searchParams.get('page'));
		const data = Array.from({ length: 100 }, (_, index) => ({
			id: `plan ${(page - 1) * 100 + index}`,
			name: note,
		}));
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify({ data, meta: { current_page: page, last_page: 100 } }));
	});
	const engine = await connected(url, 'a-token-for-tests-only');
	const [{ items }, peak] = await watched(
		async () =>
			await engine.run({
				...node,
				parameters: { resource: 'plan', operation: 'list', projectId: 'prj_1', returnAll: true },
			}),
	);
	expect(requests).toBe(100);
	expect(items).toHaveLength(10_000);
	expect(new Set(items.map((item) => item.json['id'])).size).toBe(10_000);
	expect(items.at(-1)?.json['id']).toBe('plan 9999');
	process.stdout.write(`n8n 10,000 rows: ${Math.round(peak / 1e6)} MB more heap at most\n`);
	expect(peak).toBeLessThan(100_000_000);
});
