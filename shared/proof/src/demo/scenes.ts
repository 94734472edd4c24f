import { events, platform } from '@memberpass/catalogue';
import { signBody } from '@memberpass/protocol';

import {
	type Sandbox,
	startSandbox,
	VirtualClock,
} from '../../../../packages/sandbox/src/index.ts';
import type { Piece } from './outcome.ts';
import { openReceiver, type Receive, type Receiver } from './receiver.ts';

/** A platform that is connected to a sandbox: its trigger and its actions. */
export interface Connected {
	/** How many subscriptions its triggers make when all events are switched on. */
	readonly subscriptions: number;
	/** Switches the triggers for these events on; deliveries come to `hookUrl` or below it. */
	readonly switchOn: (types: readonly string[], hookUrl: string) => Promise<void>;
	readonly switchOff: () => Promise<void>;
	readonly receive: Receive;
	/** Status that a forged delivery is answered with: Zapier takes everything in and then makes no run of it. */
	readonly refusal: number;
	/** Runs an operation of the catalogue; throws what the platform would show. */
	readonly act: (
		key: string,
		input: Readonly<Record<string, unknown>>,
	) => Promise<readonly unknown[]>;
}

/** Makes the platform's half for a sandbox. */
export type Connect = (sandbox: Sandbox) => Promise<Connected>;

interface Stage {
	readonly sandbox: Sandbox;
	readonly receiver: Receiver;
	readonly platform: Connected;
}

const types = events.map((entry) => entry.type);
const group = 'against the sandbox, over real sockets';

/**
 * The scenes, in order: each goes on from where the last one ended, on one sandbox and one pair of sockets. Time is
 * virtual, so that a retry is due as soon as it is asked for. Left out where only some fixtures are wanted.
 */
export function scenes(connect: Connect, words: readonly string[]): readonly Piece[] {
	let stage: Promise<Stage> | null = null;
	const open = async (): Promise<Stage> => {
		const sandbox = await startSandbox({ clock: new VirtualClock(Date.now()), rateLimits: false });
		const connected = await connect(sandbox);
		return { sandbox, platform: connected, receiver: await openReceiver(connected.receive) };
	};
	const script: readonly (readonly [string, (stage: Stage) => Promise<string | null>])[] = [
		['switches every trigger on, with one webhook endpoint each', switchOn],
		[`receives each of the ${types.length} events once, signed by the sandbox`, fireAll],
		['refuses a forged delivery to the same address', forge],
		['keeps receiving through a rotation of the secret in the dashboard', rotate],
		['receives an event that was sent while its receiver was down', recover],
		['builds a community: project, resource, plan, published and sold', build],
		['carries out a write once although its answer was lost', lostAnswer],
		['survives a connection that is reset', reset],
		['switches every trigger off and leaves no webhook endpoint', switchOff],
	];
	if (words.length > 0 && !words.includes('scenes')) return [];
	return script.map(([name, play], index) => ({
		kind: 'scene' as const,
		group,
		name,
		check: async () => {
			const current = await (stage ??= open());
			try {
				return await play(current);
			} finally {
				// However the last one ends: open sockets would keep the process from ending.
				if (index === script.length - 1) {
					await current.receiver.close();
					await current.sandbox.close();
				}
			}
		},
	}));
}

async function switchOn({ sandbox, platform: connected, receiver }: Stage): Promise<string | null> {
	await connected.switchOn(types, receiver.url);
	const live = sandbox.engine.listEndpoints().filter((one) => one.url.startsWith(receiver.url));
	return live.length === connected.subscriptions
		? null
		: `${live.length} webhook endpoints instead of ${connected.subscriptions}`;
}

/** Fires one event and says whether it arrived once, as the item of a run. */
async function arrives({ sandbox, receiver }: Stage, type: string): Promise<string | null> {
	const { id } = sandbox.fire(type);
	await sandbox.engine.settle();
	const times = receiver.items.filter((item) => (item as { id?: unknown }).id === id).length;
	return times === 1 ? null : `${type} arrived ${times} times`;
}

async function fireAll(stage: Stage): Promise<string | null> {
	for (const type of types) {
		const fault = await arrives(stage, type);
		if (fault !== null) return fault;
	}
	return null;
}

async function forge({ sandbox, receiver, platform: connected }: Stage): Promise<string | null> {
	const endpoint = sandbox.engine.listEndpoints().find((one) => one.url.startsWith(receiver.url));
	const body = JSON.stringify({ id: 'evt_forged', type: endpoint?.events[0], data: {} });
	const before = receiver.items.length;
	const signature = signBody(Buffer.from(body), 'a guess', Math.floor(Date.now() / 1000));
	const { status } = await fetch(endpoint?.url ?? '', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', [platform.headers.signature]: signature },
		body,
	});
	if (receiver.items.length !== before) return 'it became a run';
	return status === connected.refusal ? null : `it was answered with ${status}`;
}

async function rotate(stage: Stage): Promise<string | null> {
	for (const endpoint of stage.sandbox.engine.listEndpoints()) {
		stage.sandbox.engine.rotateSecret(endpoint.id, 'dashboard');
	}
	return arrives(stage, 'subscription.created');
}

async function recover({ sandbox, receiver }: Stage): Promise<string | null> {
	receiver.failNext(2);
	const { id } = sandbox.fire('payment.failed');
	await sandbox.engine.settle();
	const arrived = (): number =>
		receiver.items.filter((item) => (item as { id?: unknown }).id === id).length;
	if (arrived() !== 0) return 'it arrived although the receiver was down';
	// The documented waits after the first two failures: 10 s and 30 s.
	await sandbox.advance(41_000);
	return arrived() === 1 ? null : `it arrived ${arrived()} times`;
}

/** The id of the first item, or words that no id is. */
function idOf([first]: readonly unknown[]): string {
	const { id } = (first ?? {}) as { readonly id?: unknown };
	return typeof id === 'string' ? id : 'no id';
}

async function build({ sandbox, platform: connected }: Stage): Promise<string | null> {
	const { act } = connected;
	const project = idOf(await act('create_project', { name: 'Demo Community' }));
	const resource = idOf(await act('create_resource', { project, title: 'Welcome pack' }));
	// A plan needs a currency that a payment method of the project supports; the seeded project has one.
	const { id: seeded } = sandbox.seeded.project;
	const existing = [...sandbox.state.plans.values()].find((plan) => plan.project_id === seeded);
	const perk = idOf(await act('create_resource', { project: seeded, title: 'Demo perk' }));
	const plan = idOf(
		await act('create_plan', {
			project: seeded,
			name: 'Demo Monthly',
			currency_id: existing?.currency_id,
			price: 9.5,
			billing_cycle: 'months',
			resources: [perk],
		}),
	);
	await act('publish_plan', { project: seeded, plan });
	const found = await act('find_plan_by_name', { project: seeded, name: 'Demo Monthly' });
	if (idOf(found) !== plan) return 'the new plan was not found by its name';
	if (sandbox.state.plans.get(plan)?.active !== true) return 'the plan was not published';
	if (!sandbox.state.projects.has(project)) return 'the project is missing';
	await act('delete_resource', { project, resource });
	await act('archive_project', { project });
	return sandbox.state.projects.get(project)?.active === false
		? null
		: 'the project was not archived';
}

async function lostAnswer({ sandbox, platform: connected }: Stage): Promise<string | null> {
	const { id: project } = sandbox.seeded.project;
	sandbox.faults.add({ kind: 'error_after_write', times: 1, operation: 'create_resource' });
	await connected.act('create_resource', { project, title: 'Only once, please' });
	const times = [...sandbox.state.resources.values()].filter(
		(one) => one.title === 'Only once, please',
	).length;
	return times === 1 ? null : `it was done ${times} times`;
}

async function reset({ sandbox, platform: connected }: Stage): Promise<string | null> {
	const { id: project } = sandbox.seeded.project;
	sandbox.faults.add({ kind: 'reset', times: 1, operation: 'get_project' });
	const found = await connected.act('get_project', { project });
	return idOf(found) === project ? null : 'another project came';
}

async function switchOff({
	sandbox,
	platform: connected,
	receiver,
}: Stage): Promise<string | null> {
	await connected.switchOff();
	const left = sandbox.engine.listEndpoints().filter((one) => one.url.startsWith(receiver.url));
	return left.length === 0 ? null : `${left.length} subscriptions are left`;
}
