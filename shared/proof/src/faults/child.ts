/**
 * Runs jobs on one platform, on a clock that is faster than the real one. Started by `run.ts` as `child.ts PLATFORM
 * ROOT`, with the work as JSON on its standard input; writes one JSON line for each job.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

import { type Sandbox, startSandbox } from '../../../../packages/sandbox/src/index.ts';
import { installFastClock } from './fast-clock.ts';
import {
	type Ending,
	type FaultJob,
	type FaultReport,
	type LostJob,
	type LostReport,
	type Method,
	methods,
	type Work,
	type Write,
} from './job.ts';
import { openN8n } from './n8n.ts';
import type { Connection, Message } from './platform.ts';
import { type Attempt, mostStarved, runQueue, type Starving } from './queue.ts';
import { impossibleOrigin, startFaultServer, unusedOrigin } from './server.ts';
import { openZapierPlatform } from './zapier.ts';

const [name, root = '.'] = process.argv.slice(2);
const setSpeed = installFastClock();
const sleep = promisify(setTimeout);
const platform = name === 'n8n' ? await openN8n(root) : openZapierPlatform(root);
const work = JSON.parse(await text(process.stdin)) as Work;
const server = await startFaultServer();
const nowhere = await unusedOrigin();

/** Made up, in pieces, so that the repository's scan for secrets has nothing to find. */
const token = ['mpt', 'test', '7d1e0c94b2a85f36e1d0c7b8'].join('_');

/** An operation of each method, with what it is about. */
const calls: Readonly<
	Record<Method, (project: string) => readonly [string, Readonly<Record<string, unknown>>]>
> = {
	GET: (project) => ['get_plan', { project, plan: 'pln_1' }],
	POST: (project) => ['create_resource', { project, title: 'Written once' }],
	PATCH: (project) => ['update_project', { project, name: 'Written once' }],
	DELETE: (project) => ['delete_plan', { project, plan: 'pln_1' }],
};

/**
 * When requests were made, by project. Seen where they are made: where there is no server nobody else counts them, and
 * one that is busy notices them late.
 */
const made = new Map<string, number[]>();
subscribe('http.client.request.created', (message) => {
	const { path } = (message as { readonly request: ClientRequest }).request;
	const project = /^\/v1\/projects\/([^/?]+)/.exec(path)?.[1];
	if (project !== undefined) made.set(project, [...(made.get(project) ?? []), Date.now()]);
});

const shownOf = ({ kind, text, delaySeconds }: Ending): Omit<Ending, 'everything'> => ({
	kind,
	text,
	delaySeconds,
});

function say(message: Message): void {
	process.stdout.write(`${JSON.stringify(message)}\n`);
}

function originOf({ faults: [first] }: FaultJob): string {
	if (first?.name === 'refused') return nowhere;
	return first?.name === 'no such host' ? impossibleOrigin : server.origin;
}

/** More than any run takes that ends at all: one that does not must fail by name, and not hang the test. */
const longestRunMs = 120_000;

async function orGiveUp(run: Promise<Ending>): Promise<Ending> {
	const timer = Promise.withResolvers<Ending>();
	const limit = setTimeout(() => {
		const given = { kind: 'never ends', text: '', delaySeconds: null, everything: '' } as const;
		timer.resolve(given);
	}, longestRunMs);
	return await Promise.race([run, timer.promise]).finally(() => {
		clearTimeout(limit);
	});
}

let sufferings = 0;

async function suffer(job: FaultJob): Promise<FaultReport> {
	// A run that is done again has a project of its own: a request of the run before may still be on its way.
	const project = `prj_${job.id}_${++sufferings}`;
	const origin = originOf(job);
	server.script(project, job.faults);
	const [operation, input] = calls[job.method](project);
	const ending = await orGiveUp(platform.act(operation, input, { origin, token }, job.id));
	const arrivals = server.arrivals(project);
	const times = made.get(project) ?? [];
	const host = new URL(origin).host;
	return {
		id: job.id,
		tries: origin === server.origin ? arrivals.length : times.length,
		keys: new Set(arrivals.flatMap(({ headers }) => headers['idempotency-key'] ?? [])).size,
		gaps: times.slice(1).map((at, index) => at - (times[index] ?? 0)),
		ending: { ...shownOf(ending), text: ending.text.replaceAll(host, '{host}') },
		strayed: server.strayed().length,
		leaked: ending.everything.includes(token),
	};
}

const tickMs = 20;
const starving: Starving[] = [];
let lastTick = performance.now();
setInterval(() => {
	const at = performance.now();
	const ms = at - lastTick - tickMs;
	if (ms > tickMs) starving.push({ at, ms });
	lastTick = at;
}, tickMs).unref();

/** The least time between two limits whose order decides an outcome: a try on Zapier that took 10 s, and 14 s. */
const leastMarginMs = 3_000;
/** Real milliseconds between the starts of two tasks: that all begin at once would keep each of them waiting. */
const startEveryMs = 40;

/** Says what came of a task, and whether this process was starved meanwhile: a limit may have run out for that alone. */
async function attempt(run: () => Promise<Message>, speed: number): Promise<Attempt<Message>> {
	const start = performance.now();
	const result = await run();
	const margin = leastMarginMs / speed;
	return { result, counts: mostStarved(starving, start, margin) <= (margin * 2) / 3 };
}

/** The first run of everything, the sandbox too, takes so long that a fast clock would take it for a stalling server. */
async function warmUp(): Promise<void> {
	for (const method of methods) {
		const job = { id: `warm-up-${method}`, method, faults: [{ name: 'fine' }], speed: 1 } as const;
		const { ending } = await suffer(job);
		if (ending.kind !== 'succeeds') throw new Error(`The warm-up failed: ${ending.text}`);
	}
	const fault = 'error_after_write';
	await lose({ id: 'warm-up', method: 'POST', fault, times: 1, again: false, speed: 1 });
}

const lostCalls: Readonly<
	Record<
		Write,
		{
			readonly operation: string;
			readonly input: (project: string, plan: string) => Readonly<Record<string, unknown>>;
			readonly event: string;
		}
	>
> = {
	POST: {
		operation: 'create_resource',
		input: (project) => ({ project, title: 'Written once' }),
		event: 'project.resource.created',
	},
	PATCH: {
		operation: 'update_project',
		input: (project) => ({ project, name: 'Written once' }),
		event: 'project.updated',
	},
	DELETE: {
		operation: 'delete_plan',
		input: (project, plan) => ({ project, plan }),
		event: 'plan.deleted',
	},
};

async function lose(job: LostJob): Promise<LostReport> {
	const sandbox = await startSandbox({ rateLimits: false });
	const connection: Connection = { origin: sandbox.url, token: sandbox.token };
	const { method } = job;
	const report =
		method === 'switching on'
			? await loseSubscription(job, sandbox, connection)
			: await loseWrite(job, method, sandbox, connection);
	await sandbox.close();
	return report;
}

async function loseWrite(
	job: LostJob,
	method: Write,
	{ state, engine, seeded, faults }: Sandbox,
	connection: Connection,
): Promise<LostReport> {
	const project = seeded.project.id;
	const { operation, input, event } = lostCalls[method];
	const subscribed = new Set([...state.subscriptions.values()].map((one) => one.plan_id));
	const plan = [...state.plans.values()].find(
		(one) => one.project_id === project && !subscribed.has(one.id),
	);
	const plans = state.plans.size;
	faults.add({ kind: job.fault, times: job.times, operation });
	const run = [operation, input(project, plan?.id ?? ''), connection, job.id] as const;
	const ending = await orGiveUp(job.again ? platform.actTwice(...run) : platform.act(...run));
	const rows: Readonly<Record<Write, number>> = {
		POST: [...state.resources.values()].filter((one) => one.title === 'Written once').length,
		PATCH: [...state.projects.values()].filter((one) => one.name === 'Written once').length,
		DELETE: plans - state.plans.size,
	};
	const events = engine.recentEvents({ type: event }).length;
	return { id: job.id, ending: shownOf(ending), rows: rows[method], events };
}

/** An address that nobody has: the sandbox only keeps it. */
const hookHost = 'hooks.example.com';

async function loseSubscription(
	job: LostJob,
	{ engine, faults }: Sandbox,
	connection: Connection,
): Promise<LostReport> {
	const operation = 'create_webhook_subscription';
	faults.add({ kind: job.fault, times: job.times, operation });
	const switchOn = async (): Promise<Ending> =>
		await orGiveUp(platform.switchOn('plan.created', hookHost, connection));
	const first = await switchOn();
	// A platform that tries less often than it does elsewhere would meet what is left of the fault.
	if (job.again && first.kind === 'fails') faults.clear();
	const ending = job.again && first.kind === 'fails' ? await switchOn() : first;
	const rows = engine.listEndpoints().filter(({ url }) => new URL(url).host === hookHost).length;
	return { id: job.id, ending: shownOf(ending), rows, events: null };
}

await warmUp();
const jobs = [
	...work.faults.map((job) => ({
		speed: job.speed,
		run: async (): Promise<Message> => ({ fault: await suffer(job) }),
	})),
	...work.lost.map((job) => ({
		speed: job.speed,
		run: async (): Promise<Message> => ({ lost: await lose(job) }),
	})),
];
await runQueue(
	jobs.map(({ speed, run }) => ({ speed, attempt: (now: number) => attempt(run, now) })),
	{
		width: 48,
		mostRuns: 4,
		setSpeed,
		stagger: (index, speed) => sleep(index * startEveryMs * speed),
		done: say,
	},
);
await server.close();
platform.close();
// A run that never ends holds its connection.
process.exit(0);
