#!/usr/bin/env node
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

import {
	reportText,
	type Report,
	reportTo,
	spreadOf,
} from '../../../shared/testing/src/figures.ts';
import { parseOptions, runCommand } from '../../../shared/testing/src/command-line.ts';

const help = `Measures the sandbox: time to ready, memory, requests and deliveries per second.

  npm run bench -w memberpass-sandbox                 print a table
  npm run bench -w memberpass-sandbox -- --json FILE  write the figures as JSON as well
  npm run bench -w memberpass-sandbox -- --quick      a tenth of everything, to see that it runs
  npm run bench -w memberpass-sandbox -- --help       this text

The sandbox runs in one process, the load comes from another over 8 kept-alive connections on this machine. Rate
limits are off. Figures depend on the machine; the table names it.
`;

const { values: options } = parseOptions(help, {
	options: {
		json: { type: 'string' },
		quick: { type: 'boolean', default: false },
	},
});
const share = options.quick ? 0.1 : 1;
const connections = 8;
const here = import.meta.dirname;

interface Server {
	readonly child: ChildProcess;
	readonly lines: Interface;
	readonly url: string;
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

const mb = (bytes: number): number => Math.round(bytes / 1e5) / 10;

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
	const values: number[] = [];
	for (let index = 0; index < times; index++) values.push(await measure());
	return values;
}

async function main(): Promise<number> {
	const note = (text: string): void => {
		process.stderr.write(`${text} …\n`);
	};
	const save = reportTo(options.json);
	note('time to ready');
	const ready = spreadOf(await repeat(options.quick ? 2 : 7, timeToReady));
	const server = await start();
	const atRest = await memory(server);
	const list = (): Promise<number> => send(server, 'GET', '/v1/projects');
	const write = (): Promise<number> =>
		send(server, 'PATCH', `/v1/projects/${server.project}`, { description: randomUUID() });
	note('warming up');
	await load(2_000 * share, list);
	await load(2_000 * share, write);
	note('lists');
	const lists = spreadOf(await repeat(3, () => load(10_000 * share, list)));
	note('writes');
	const writes = spreadOf(await repeat(3, () => load(5_000 * share, write)));
	note('deliveries');
	const deliveries = spreadOf(await repeat(3, () => deliveriesPerSecond(server, 2_000 * share)));
	const before = await memory(server);
	note('100,000 more requests');
	await load(100_000 * share, list);
	const after = await memory(server);
	server.child.kill();

	const report: Report = {
		of: 'packages/sandbox',
		command: 'npm run bench -w memberpass-sandbox',
		figures: [
			{ name: 'Time to ready, whole process', unit: 'ms', ours: ready },
			{ name: 'Memory at rest, resident', unit: 'MB', ours: mb(atRest.rss) },
			{ name: 'Memory at rest, heap', unit: 'MB', ours: mb(atRest.heapUsed) },
			{ name: 'Lists', unit: 'a second', ours: lists, note: 'GET /v1/projects' },
			{ name: 'Writes', unit: 'a second', ours: writes, note: 'PATCH /v1/projects/{project}' },
			{ name: 'Events fired and delivered, signed', unit: 'a second', ours: deliveries },
			{
				name: `Heap after ${100_000 * share} more requests`,
				unit: 'MB',
				ours: mb(after.heapUsed),
				beside: { before: mb(before.heapUsed) },
				judged: {
					as: 'times what it was before',
					value: after.heapUsed / before.heapUsed,
					better: 'lower',
					aim: 1.1,
				},
			},
		],
	};
	process.stdout.write(reportText(report));
	save(report);
	return 0;
}

await runCommand(main);
