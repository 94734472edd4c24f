import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { INodeParameters } from 'n8n-workflow';

import { type Sandbox, startSandbox } from '../../sandbox/src/index.ts';
import { useCleanups } from '../../../shared/testing/src/in-tests.ts';
import { serve } from '../../../shared/testing/src/local-server.ts';
import type { RunRequest } from '../../../shared/testing/src/n8n-harness.ts';
import { token, useEngine, useRealSockets } from './support.mts';

/**
 * Many items over real sockets: as many as show the rule, with its limit in proportion, and no more. What takes how
 * long is measured by the benchmarks, never here.
 */
const waits: number[] = [];
const engine = useEngine(undefined, undefined, waits);
beforeEach(() => {
	waits.length = 0;
});

useRealSockets();
const cleanup = useCleanups();

async function sandboxed(): Promise<{ sandbox: Sandbox; credential: Credential }> {
	const sandbox = await startSandbox({ rateLimits: false });
	cleanup(() => sandbox.close());
	return { sandbox, credential: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl } };
}

/** A MemberPass that answers like this, in JSON. */
async function answering(...[answer]: Parameters<typeof serve>): Promise<Credential> {
	const server = await serve((request, response, body) => {
		response.setHeader('Content-Type', 'application/json');
		return answer(request, response, body);
	});
	cleanup(() => server.close());
	return { apiToken: token, baseUrl: `${server.origin}/v1` };
}

/** Node's `gc`: what is counted must be what is held, not what nobody has swept up yet. */
function collectGarbage(): void {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
}

/** Notes how many bytes are held at most, over what was held before. Looks at every so many calls. */
function heldMemory(every: number) {
	const held = (): number => {
		collectGarbage();
		return process.memoryUsage().heapUsed;
	};
	const before = held();
	const seen = { calls: 0, most: 0 };
	return {
		look(): void {
			if (++seen.calls % every === 0) seen.most = Math.max(seen.most, held() - before);
		},
		/** Bytes. */
		most: (): number => Math.max(seen.most, held() - before),
	};
}

/** Where a run sends to. */
type Credential = NonNullable<RunRequest['credential']>;

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
		const { sandbox, credential } = await sandboxed();
		const before = sandbox.state.projects.size;
		sandbox.faults.add({ kind: 'error_after_write', operation: 'create_project', times });
		const { error, items } = await engine().run({
			...node,
			credential,
			parameters: createProject,
			items: numbered(3) ?? [],
			retryOnFail,
		});
		expect(error).toBeNull();
		expect(items.map((item) => item.json['name'])).toEqual(['Project 0', 'Project 1', 'Project 2']);
		expect(sandbox.state.projects.size - before).toBe(3);
	});
});

test('a write that MemberPass still carries out when it is repeated is asked for until it is done', async () => {
	const keys: unknown[] = [];
	const credential = await answering((request, response) => {
		keys.push(request.headers['idempotency-key']);
		if (keys.length === 1) return void request.socket.destroy();
		response.statusCode = keys.length === 2 ? 409 : 201;
		response.end(
			keys.length === 2
				? '{"error":{"code":"IDEMPOTENCY_KEY_IN_USE","message":"The first request still runs."}}'
				: '{"data":{"id":"prj_1"}}',
		);
	});
	const { items, error } = await engine().run({ ...node, credential, parameters: createProject });
	expect(error).toBeNull();
	expect(items.map((item) => item.json)).toEqual([{ id: 'prj_1' }]);
	expect(keys).toHaveLength(3);
	expect(new Set(keys).size).toBe(1);
});

test('a 429 is waited for as long as Retry-After says', async () => {
	const { sandbox, credential } = await sandboxed();
	sandbox.faults.add({ kind: 'rate_limited', retryAfter: 'seconds', times: 1 });
	const { items } = await engine().run({
		...node,
		credential,
		parameters: { resource: 'team', operation: 'getCurrent' },
	});
	expect(items).toHaveLength(1);
	expect(waits).toEqual([2_000]);
});

test('400 reads run ten at a time and never more, come out in order, and hold less than 20 MB', async () => {
	let underWay = 0;
	let most = 0;
	const held: (() => void)[] = [];
	const release = (): void => {
		for (const answer of held.splice(0)) answer();
	};
	const credential = await answering((request, response) => {
		most = Math.max(most, ++underWay);
		memory.look();
		held.push(() => {
			underWay--;
			const id = request.url?.split('/').at(-1);
			response.end(JSON.stringify({ data: { id, name: 'Research Premium' } }));
		});
		// Answers only when ten have come: a node that sends fewer at once would wait here for the timer below.
		if (held.length === 10) release();
	});
	const stuck = setInterval(release, 2_000);
	cleanup(() => clearInterval(stuck));
	const items = Array.from({ length: 400 }, (_, index) => ({ json: { id: `prj_${index}` } }));
	const memory = heldMemory(200);
	const result = await engine().run({
		...node,
		credential,
		parameters: { resource: 'project', operation: 'get', projectId: '={{ $json.id }}' },
		items,
	});
	expect(memory.most()).toBeLessThan(20_000_000);
	expect(result.items.map((item) => item.json['id'])).toEqual(items.map((item) => item.json.id));
	expect(result.items.map((item) => item.pairedItem)).toEqual(items.map((_, item) => ({ item })));
	expect(most).toBe(10);
});

test('100 writes through a bucket of 30 that is empty three times are all done, once each, in order', async () => {
	const done: string[] = [];
	const keys = new Set<string>();
	let refused = 0;
	// Filled up by the refusal, not by the clock: a slow machine would never see it empty.
	let left = 30;
	const credential = await answering((request, response, body) => {
		if (left === 0) {
			left = 30;
			refused++;
			response.writeHead(429, { 'Retry-After': '1' });
			response.end('{"error":{"code":"RATE_LIMITED","message":"Slow down."}}');
			return;
		}
		left--;
		const { name } = JSON.parse(body.toString()) as { name: string };
		done.push(name);
		keys.add(String(request.headers['idempotency-key']));
		response.writeHead(201);
		response.end(JSON.stringify({ data: { id: `prj_${done.length}`, name } }));
	});
	const { error, items } = await engine().run({
		...node,
		credential,
		parameters: createProject,
		items: numbered(100) ?? [],
	});
	expect(error).toBeNull();
	const all = Array.from({ length: 100 }, (_, index) => `Project ${index}`);
	expect(done).toEqual(all);
	expect(items.map((item) => item.json['name'])).toEqual(all);
	expect(keys.size).toBe(100);
	expect(refused).toBe(3);
	expect(waits).toEqual([1_000, 1_000, 1_000]);
});

test('10,000 rows are listed in 100 requests, and hold less than 50 MB', async () => {
	let requests = 0;
	const note = 'x'.repeat(200);
	const credential = await answering((request, response) => {
		requests++;
		memory.look();
		const page = Number(new URL(request.url ?? '', 'http://a').searchParams.get('page'));
		const data = Array.from({ length: 100 }, (_, index) => ({
			id: `plan ${(page - 1) * 100 + index}`,
			name: note,
		}));
		response.end(JSON.stringify({ data, meta: { current_page: page, last_page: 100 } }));
	});
	const memory = heldMemory(50);
	const { items } = await engine().run({
		...node,
		credential,
		parameters: { resource: 'plan', operation: 'list', projectId: 'prj_1', returnAll: true },
	});
	expect(requests).toBe(100);
	expect(items).toHaveLength(10_000);
	expect(new Set(items.map((item) => item.json['id'])).size).toBe(10_000);
	expect(items.at(-1)?.json['id']).toBe('plan 9999');
	expect(memory.most()).toBeLessThan(50_000_000);
});
