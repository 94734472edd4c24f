#!/usr/bin/env node
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { parseArgs } from 'node:util';

const help = `Measures the sandbox: time to ready, memory, requests and deliveries per second.

  npm run bench -w memberpass-sandbox                 print a table
  npm run bench -w memberpass-sandbox -- --json FILE  write the figures as JSON as well
  npm run bench -w memberpass-sandbox -- --quick      a tenth of everything, to see that it runs
  npm run bench -w memberpass-sandbox -- --help       this text

The sandbox runs in one process, the load comes from another over 8 kept-alive connections on this machine. Rate
limits are off. Figures depend on the machine; the table names it.
`;

const { values: options } = parseArgs({
	options: {
		json: { type: 'string' },
		quick: { type: 'boolean', default: false },
		help: { type: 'boolean', default: false },
	},
});
const share = options.quick ? 0.1 : 1;
const connections = 8;
const here = import.meta.dirname;

interface Server {
	readonly child: ChildProcess;
	readonly lines: Interface;
	readonly url: string;
	readonly apiUrl: string;
	readonly token: string;
	readonly project: string;
}

interface Memory {
	readonly rss: number;
	readonly heapUsed: number;
}

const nextLine = (lines: Interface): Promise<string> =>
	new Promise((resolve) => lines.once('line', resolve));

async function start(): Promise<Server> {
	const child = spawn(process.execPath, ['--expose-gc', join(here, 'server.ts')], {
		stdio: ['pipe', 'pipe', 'inherit'],
	});
	const lines = createInterface({ input: child.stdout });
	const ready = JSON.parse(await nextLine(lines)) as Omit<Server, 'child' | 'lines'>;
	return { child, lines, ...ready };
}

async function memory({ child, lines }: Server): Promise<Memory> {
	const line = nextLine(lines);
	child.stdin?.write('memory\n');
	return JSON.parse(await line) as Memory;
}

const agent = new Agent({ keepAlive: true, maxSockets: connections });

/** One call. Resolves with the status; rejects where the connection fails. */
function send(
	server: Server,
	method: string,
	path: string,
	body: object | null = null,
): Promise<number> {
	const text = body === null ? '' : JSON.stringify(body);
	return new Promise((resolve, reject) => {
		const sent = request(
			`${server.url}${path}`,
			{
				method,
				agent,
				headers: {
					Authorization: `Bearer ${server.token}`,
					...(method === 'GET' ? {} : { 'Idempotency-Key': randomUUID() }),
					...(text === '' ? {} : { 'Content-Type': 'application/json' }),
				},
			},
			(response) => {
				response.resume().on('end', () => resolve(response.statusCode ?? 0));
			},
		).on('error', reject);
		sent.end(text);
	});
}

/** Sends `total` calls over all connections. Calls per second; throws if one did not succeed. */
async function load(total: number, call: (index: number) => Promise<number>): Promise<number> {
	let next = 0;
	const begin = performance.now();
	const work = async (): Promise<void> => {
		while (next < total) {
			const status = await call(next++);
			if (status < 200 || status > 299) throw new Error(`A call was answered with ${status}.`);
		}
	};
	await Promise.all(Array.from({ length: connections }, work));
	return total / ((performance.now() - begin) / 1000);
}

/** Milliseconds from starting the command to its first line. */
async function timeToReady(): Promise<number> {
	const begin = performance.now();
	const child = spawn(process.execPath, [join(here, '../src/cli.ts'), '--port', '0']);
	await nextLine(createInterface({ input: child.stdout }));
	const took = performance.now() - begin;
	child.kill('SIGINT');
	return took;
}

async function deliveriesPerSecond(server: Server, total: number): Promise<number> {
	let received = 0;
	let done = (): void => undefined;
	const all = new Promise<void>((resolve) => (done = resolve));
	const receiver = createServer((incoming, response) => {
		incoming.resume().on('end', () => {
			response.end();
			if (++received === total) done();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	const { port } = receiver.address() as AddressInfo;
	await send(server, 'POST', '/v1/webhook-subscriptions', {
		name: 'Benchmark',
		url: `http://127.0.0.1:${port}/`,
		events: ['payment.succeeded'],
	});
	const begin = performance.now();
	await load(total, () => send(server, 'POST', '/_sandbox/events', { type: 'payment.succeeded' }));
	await all;
	const took = (performance.now() - begin) / 1000;
	receiver.closeAllConnections();
	receiver.close();
	return total / took;
}

function spread(values: readonly number[]): { median: number; min: number; max: number } {
	const sorted = [...values].sort((a, b) => a - b);
	return {
		median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
		min: sorted[0] ?? Number.NaN,
		max: sorted.at(-1) ?? Number.NaN,
	};
}

const mb = (bytes: number): number => Math.round(bytes / 1e5) / 10;

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
	const values: number[] = [];
	for (let index = 0; index < times; index++) values.push(await measure());
	return values;
}

async function main(): Promise<number> {
	if (options.help) {
		process.stdout.write(help);
		return 0;
	}
	const note = (text: string): void => {
		process.stderr.write(`${text} …\n`);
	};
	note('time to ready');
	const ready = spread(await repeat(options.quick ? 2 : 7, timeToReady));
	const server = await start();
	const atRest = await memory(server);
	const list = (): Promise<number> => send(server, 'GET', '/v1/projects');
	const write = (): Promise<number> =>
		send(server, 'PATCH', `/v1/projects/${server.project}`, { description: randomUUID() });
	note('warming up');
	await load(2_000 * share, list);
	await load(2_000 * share, write);
	note('lists');
	const lists = spread(await repeat(3, () => load(10_000 * share, list)));
	note('writes');
	const writes = spread(await repeat(3, () => load(5_000 * share, write)));
	note('deliveries');
	const deliveries = spread(await repeat(3, () => deliveriesPerSecond(server, 2_000 * share)));
	const before = await memory(server);
	note('100,000 more requests');
	await load(100_000 * share, list);
	const after = await memory(server);
	server.child.kill();

	const figures = {
		machine: `${cpus()[0]?.model ?? 'unknown'} x ${cpus().length}, Node ${process.versions.node}`,
		readyMs: ready,
		atRestMb: { rss: mb(atRest.rss), heap: mb(atRest.heapUsed) },
		listsPerSecond: lists,
		writesPerSecond: writes,
		deliveriesPerSecond: deliveries,
		heapMb: { before: mb(before.heapUsed), after100kRequests: mb(after.heapUsed) },
	};
	const range = ({ median, min, max }: ReturnType<typeof spread>, unit: string): string =>
		`${Math.round(median)} ${unit} (${Math.round(min)} to ${Math.round(max)})`;
	process.stdout.write(
		[
			`Machine: ${figures.machine}`,
			'',
			'| figure | median (range) |',
			'| --- | --- |',
			`| time to ready, whole process | ${range(ready, 'ms')} |`,
			`| memory at rest | ${figures.atRestMb.rss} MB resident, ${figures.atRestMb.heap} MB heap |`,
			`| lists (\`GET /v1/projects\`) | ${range(lists, 'a second')} |`,
			`| writes (\`PATCH /v1/projects/{project}\`) | ${range(writes, 'a second')} |`,
			`| events fired and delivered, signed | ${range(deliveries, 'a second')} |`,
			`| heap before and after ${100_000 * share} more requests | ${figures.heapMb.before} MB, ${figures.heapMb.after100kRequests} MB |`,
			'',
		].join('\n'),
	);
	if (options.json !== undefined) {
		writeFileSync(options.json, `${JSON.stringify(figures, null, '\t')}\n`);
		note(`wrote ${options.json}`);
	}
	return 0;
}

process.exitCode = await main();
