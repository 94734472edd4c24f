import { EventEmitter, once } from 'node:events';

import { events, platform } from '@memberpass/catalogue';

import { serve } from '../../../shared/testing/src/local-server.ts';
import { type Sandbox, startSandbox, VirtualClock } from '../../sandbox/src/index.ts';
import { exampleInput, idsOf, populate, sandboxWith } from '../../sandbox/test/support/sandbox.ts';
import type { BlueprintModule } from '../src/blueprint.ts';
import { type Value, valueAt } from '../src/iml/functions.ts';
import {
	type HttpAnswer,
	type HttpRequest,
	type Run,
	resume,
	simulate,
	webhookBundle,
} from '../src/simulate.ts';
import {
	enter,
	fileOf,
	mapped,
	moduleCalled,
	readBlueprint,
	requestEntries,
	upstream,
	world,
} from './support.ts';

/** Everything here goes over real sockets: the requests to the sandbox, and its deliveries back. */

/** Sends to the sandbox what is meant for MemberPass, with the token that the keychain would add. */
const sendTo =
	(sandbox: Sandbox) =>
	async ({ method, url, headers, body }: HttpRequest): Promise<HttpAnswer> => {
		const response = await fetch(url.replace(platform.apiOrigin, sandbox.url), {
			method,
			redirect: 'manual',
			headers: { ...headers, [platform.headers.authorization]: `Bearer ${sandbox.token}` },
			...(body === null ? {} : { body }),
		});
		return {
			status: response.status,
			headers: Object.fromEntries(response.headers.entries()),
			body: await response.text(),
		};
	};

async function runTemplate(
	sandbox: Sandbox,
	path: string,
	values: Readonly<Record<string, Value>>,
): Promise<Run> {
	const { flow } = readBlueprint(path);
	// Keys of this world count up, so each run needs a world of its own.
	runs++;
	const unique = { uuid: () => `00000000-0000-4000-9000-${String(runs).padStart(12, '0')}` };
	const here = world({ send: sendTo(sandbox), clock: { now: Date.now(), ...unique } });
	return await simulate(mapped(flow, values), here, upstream(values));
}
let runs = 0;

const outputOf = (run: Run, module: number | undefined): Value =>
	run.outputs.find((one) => one.module === module)?.bundle;

interface Delivery {
	readonly headers: readonly (readonly [string, string])[];
	readonly body: Buffer;
}

/** Stands in for a webhook of Make. */
async function startHook() {
	const deliveries: Delivery[] = [];
	const arrivals = new EventEmitter();
	const server = await serve((request, response, body) => {
		const headers = Object.entries(request.headers).map(
			([name, one]) => [name, String(one)] as const,
		);
		deliveries.push({ headers, body });
		response.end('Accepted');
		arrivals.emit('arrival');
	});
	return {
		url: `${server.origin}/hook`,
		/** The first so many deliveries, as soon as they are there. */
		arrived: async (count: number): Promise<readonly Delivery[]> => {
			while (deliveries.length < count) await once(arrivals, 'arrival');
			return deliveries;
		},
		close: () => server.close(),
	};
}

describe('the sandbox', () => {
	/** For requests that change nothing; each of the others has one of its own. */
	let library: Sandbox;
	beforeAll(async () => (library = await startSandbox({ clock: new VirtualClock() })));
	afterAll(() => library.close());

	it.each(requestEntries.map((entry) => [entry.key, entry] as const))(
		'carries out the request of %s',
		async (_, entry) => {
			const sandbox = entry.method === 'GET' ? library : await sandboxWith();
			const run = await runTemplate(sandbox, fileOf(entry), exampleInput(entry, idsOf(sandbox)));
			const bad = run.ends.filter(({ kind }) => kind !== 'done');
			// A row that is not the one looked for is filtered out.
			expect(entry.match === null ? bad : bad.filter(({ kind }) => kind !== 'filtered')).toEqual(
				[],
			);
			expect(run.requests).toHaveLength(1);
			expect(run.outputs.length).toBeGreaterThan(0);
		},
	);

	const repeater: BlueprintModule = {
		id: 900,
		module: 'builtin:BasicRepeater',
		version: 1,
		parameters: {},
		mapper: { start: '1', repeats: '5', step: '1' },
		metadata: { designer: { x: 0, y: 0 } },
	};

	/** List Members behind a Repeater, as the README says, for a project with 250 of them. */
	async function behindRepeater(...options: Parameters<typeof sandboxWith>) {
		const sandbox = await sandboxWith(...options);
		populate(sandbox);
		const { flow } = readBlueprint('blueprints/searches/list_members.json');
		const filled = enter(flow, 1, { project: sandbox.seeded.project.id, page: '{{900.i}}' });
		const { id } = moduleCalled(flow, 'Each Member');
		const idsIn = (run: Run): readonly Value[] =>
			run.outputs.filter(({ module }) => module === id).map(({ bundle }) => valueAt(bundle, 'id'));
		return { sandbox, flow: [repeater, ...filled], idsIn };
	}

	it.each(['has_more', 'last_page'] as const)(
		'reads a list page by page behind a Repeater, under %s',
		async (paging) => {
			const { sandbox, flow, idsIn } = await behindRepeater({ switches: { paging } });
			const run = await simulate(flow, world({ send: sendTo(sandbox) }));
			const ids = idsIn(run);
			expect([ids.length, new Set(ids).size]).toEqual([250, 250]);
			expect(new Set(run.ends.map(({ kind }) => kind))).toEqual(new Set(['done']));
		},
	);

	it.each(['rate_limited', 'error'] as const)(
		'keeps the page that fails behind a Repeater, reads the others, and misses no row once it is tried again (%s)',
		async (kind) => {
			const { sandbox, flow, idsIn } = await behindRepeater();
			let sent = 0;
			const send = async (request: HttpRequest): Promise<HttpAnswer> => {
				if (++sent === 2) sandbox.faults.add({ kind, times: 1 });
				return await sendTo(sandbox)(request);
			};
			const run = await simulate(flow, world({ send }));
			expect(idsIn(run)).toHaveLength(150);
			const [kept, ...others] = run.ends.filter((end) => end.kind !== 'done');
			if (kept?.kind !== 'incomplete') throw new Error('The page was not kept.');
			expect(others).toEqual([]);
			const later = await resume(kept.execution, world({ send }));
			expect(new Set([...idsIn(run), ...idsIn(later)]).size).toBe(250);
		},
	);

	it('keeps text as it was mapped, whatever is in it', async () => {
		const sandbox = await sandboxWith();
		const title = '"\\\n{{1.x}} \u2028 😀 \u0001';
		const run = await runTemplate(sandbox, 'blueprints/actions/create_resource.json', {
			project: sandbox.seeded.project.id,
			title,
		});
		expect(run.ends).toEqual([{ kind: 'done' }]);
		expect([...sandbox.state.resources.values()].map((row) => row.title)).toContain(title);
	});

	it('filters by lists and optional parts of an address as by any other', async () => {
		const sandbox = await sandboxWith();
		const { project, plan } = idsOf(sandbox);
		const all = { project_id: project, period: '30d' };
		const counts: number[] = [];
		for (const values of [
			all,
			{ ...all, plan_ids: [plan] },
			{ ...all, statuses: 'refunded, failed' },
		]) {
			const run = await runTemplate(sandbox, 'blueprints/searches/list_transactions.json', values);
			counts.push(run.ends.filter(({ kind }) => kind === 'done').length);
		}
		const [every = 0, ofPlan = 0, refunded = 0] = counts;
		expect(every).toBeGreaterThan(ofPlan);
		expect(ofPlan).toBeGreaterThan(0);
		expect(every).toBeGreaterThan(refunded);
		expect(refunded).toBeGreaterThan(0);
	});

	it('does a write once, however often Make tries it again', async () => {
		const sandbox = await sandboxWith();
		sandbox.faults.add({ kind: 'error_after_write', operation: 'create_resource', times: 1 });
		const { flow } = readBlueprint('blueprints/actions/create_resource.json');
		const values = { project: sandbox.seeded.project.id, title: 'Only once' };
		const here = world({ send: sendTo(sandbox) });
		const first = await simulate(mapped(flow, values), here, upstream(values));
		const [end] = first.ends;
		if (end?.kind !== 'incomplete') throw new Error(`The run ended as ${end?.kind ?? 'nothing'}.`);
		expect((await resume(end.execution, here)).ends).toEqual([{ kind: 'done' }]);
		const made = [...sandbox.state.resources.values()].filter((row) => row.title === 'Only once');
		expect(made).toHaveLength(1);
	});

	it('delivers every event to the endpoint of the set-up, signed with the secret it showed, through two rotations', async () => {
		const sandbox = await sandboxWith({ rateLimits: false });
		const hook = await startHook();
		try {
			const setUp = await runTemplate(sandbox, 'blueprints/set-up.json', {
				name: 'Make',
				url: hook.url,
				events: events.map(({ type }) => type),
			});
			expect(setUp.ends).toEqual([{ kind: 'done' }]);
			const { flow } = readBlueprint('blueprints/set-up.json');
			const shown = outputOf(setUp, moduleCalled(flow, 'Copy the signing secret now').id);
			const { secret, endpoint_id } = shown as { secret: string; endpoint_id: string };
			expect(secret).toMatch(/\S{16}/);

			for (const { type } of events) sandbox.fire(type);
			const delivered = (await hook.arrived(events.length)).slice(0, events.length);
			const got = new Set<Value>();
			for (const delivery of delivered) {
				const { type } = JSON.parse(delivery.body.toString()) as { type: string };
				expect(await receive(type, secret, delivery)).toMatchObject({ event_type: type });
				expect(await receive(type, `${secret}x`, delivery)).toBeNull();
				got.add(type);
			}
			expect([...got].sort()).toEqual(events.map(({ type }) => type).sort());

			// As the guide says: a test announces a new subscription to every template, and stops where it does.
			const count = (await hook.arrived(0)).length;
			await runTemplate(sandbox, 'blueprints/actions/test_webhook_endpoint.json', {
				endpoint: endpoint_id,
			});
			const test = (await hook.arrived(count + 1))[count] as Delivery;
			const endOf = async (type: string, pasted: string): Promise<unknown> =>
				(await runOf(type, pasted, test)).ends[0];
			expect(await endOf('subscription.created', secret)).toEqual({ kind: 'done' });
			expect(await endOf('member.joined', secret)).toMatchObject({ filter: 'Only member.joined' });
			expect(await endOf('member.joined', '')).toMatchObject({
				filter: 'Signed by MemberPass, not older than 5 minutes',
			});

			const next = async (): Promise<Delivery> => {
				const count = (await hook.arrived(0)).length;
				sandbox.fire('member.joined');
				return (await hook.arrived(count + 1))[count] as Delivery;
			};
			// From the dashboard: for a day both secrets sign, so nothing is lost until the new one is pasted.
			const second = sandbox.engine.rotateSecret(endpoint_id, 'dashboard') ?? '';
			const signedTwice = await next();
			for (const one of [secret, second]) {
				expect(await receive('member.joined', one, signedTwice)).toMatchObject({
					event_type: 'member.joined',
				});
			}
			// Over the API the old one is void at once.
			const rotated = await runTemplate(sandbox, 'blueprints/actions/rotate_webhook_secret.json', {
				endpoint: endpoint_id,
			});
			const answer = rotated.outputs.at(-1)?.bundle as { data: { secret: string } };
			const signedOnce = await next();
			expect(await receive('member.joined', second, signedOnce)).toBeNull();
			expect(await receive('member.joined', answer.data.secret, signedOnce)).toMatchObject({
				event_type: 'member.joined',
			});
		} finally {
			await hook.close();
		}
	});
});

/** What the verified template makes of a delivery, or null where it did not pass. */
async function receive(type: string, secret: string, delivery: Delivery): Promise<Value> {
	const run = await runOf(type, secret, delivery);
	return run.ends[0]?.kind === 'done' ? run.outputs.at(-1)?.bundle : null;
}

async function runOf(type: string, secret: string, delivery: Delivery): Promise<Run> {
	const { flow } = readBlueprint(`blueprints/events/${type}.verified.json`);
	return await simulate(
		enter(flow, moduleCalled(flow, 'Paste the signing secret').id, { secret }),
		world({
			delivery: webhookBundle(delivery, { headers: true, passThrough: true }),
			// Deliveries leave at once, in real time.
			now: Date.now(),
		}),
	);
}
