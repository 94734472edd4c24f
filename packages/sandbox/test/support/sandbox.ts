import { randomUUID } from 'node:crypto';

import { type FieldSchema, type RouteEntry, routes } from '@memberpass/catalogue';
import nock from 'nock';

import { useCleanups } from '../../../../shared/testing/src/in-tests.ts';
import {
	type DomainEvent,
	type Sandbox,
	type SandboxOptions,
	startSandbox,
	VirtualClock,
} from '../../src/index.ts';
import { inProject, type Project } from '../../src/state.ts';
import { iso } from '../../src/time.ts';

/** Sockets are real here: nock would stand between, and no sandbox delivers beyond this machine anyway. */
beforeAll(() => nock.restore());

const cleanup = useCleanups();

const start = (options: SandboxOptions): Promise<Sandbox> =>
	startSandbox({
		clock: new VirtualClock(),
		onError: (error) => {
			throw error;
		},
		...options,
	});

/** A sandbox with virtual time that is closed after the test. */
export async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
	const sandbox = await start(options);
	cleanup(() => sandbox.close());
	return sandbox;
}

/** One for all the tests of a file, or of a `describe`, that change nothing in it which another of them looks at. */
export function useSandbox(options: SandboxOptions = {}): () => Sandbox {
	let sandbox: Sandbox | null = null;
	beforeAll(async () => {
		sandbox = await start(options);
	});
	afterAll(() => sandbox?.close());
	return () => {
		if (sandbox === null) throw new Error('The sandbox is not there yet.');
		return sandbox;
	};
}

/** A project of a seeded sandbox, of either team. */
export function projectOf({ state }: Sandbox, handle: string): Project {
	const found = [...state.projects.values()].find((row) => row.handle === handle);
	if (found === undefined) throw new Error(`The seed has no project "${handle}".`);
	return found;
}

/** Adds members until the first project has 250 of them. */
export function populate({ state, seeded, world }: Sandbox): void {
	const projectId = seeded.project.id;
	const own = [...state.members.values()].filter((row) => row.project_id === projectId);
	const [model] = own;
	if (model === undefined) throw new Error('The seed has no members.');
	for (let index = own.length; index < 250; index++) {
		const id = world.ids.next('member');
		const joined_at = iso(Date.parse('2026-05-01T00:00:00Z') + index * 1_000);
		state.members.set(id, { ...model, id, chat_id: String(8_000_000_000 + index), joined_at });
	}
}

export interface Reply {
	readonly status: number;
	readonly headers: Headers;
	readonly text: string;
	/** Parsed where it is JSON, else null. */
	readonly json: unknown;
	/** What is at a dotted path of the body. */
	at(path: string): unknown;
	/** `data` as an object. */
	readonly data: Row;
	/** `data` as a list. */
	readonly rows: readonly Row[];
}

export type Row = Readonly<Record<string, unknown>>;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null;

/** What is at a dotted path, or undefined. */
export function at(value: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((inner, key) => (isRow(inner) ? inner[key] : undefined), value);
}

export interface Ask {
	readonly token?: string | null;
	readonly body?: unknown;
	/** A fresh one for writes where absent; null sends none. */
	readonly key?: string | null;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as it is. */
	readonly raw?: string;
}

/** Calls the API over a real socket. */
export async function ask(
	sandbox: Sandbox,
	method: string,
	path: string,
	{ token = sandbox.token, body, key, headers = {}, raw }: Ask = {},
): Promise<Reply> {
	const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
	const useKey = key === undefined ? (method === 'GET' ? null : randomUUID()) : key;
	const response = await fetch(sandbox.url + path, {
		method,
		redirect: 'manual',
		headers: {
			...(token === null ? {} : { authorization: `Bearer ${token}` }),
			...(sent === undefined ? {} : { 'content-type': 'application/json' }),
			...(useKey === null ? {} : { 'idempotency-key': useKey }),
			...headers,
		},
		...(sent === undefined ? {} : { body: sent }),
	});
	const text = await response.text();
	let json: unknown = null;
	try {
		json = JSON.parse(text);
	} catch {
		// Some answers are not JSON on purpose.
	}
	const data = at(json, 'data');
	return {
		status: response.status,
		headers: response.headers,
		text,
		json,
		at: (place) => at(json, place),
		data: isRow(data) ? data : {},
		rows: Array.isArray(data) ? data.filter(isRow) : [],
	};
}

/** Does something to the sandbox itself, as its page does: with neither a token nor a key. */
export const drive = (sandbox: Sandbox, path: string, body?: unknown): Promise<Reply> =>
	ask(sandbox, 'POST', `/_sandbox${path}`, { body, token: null, key: null });

/** Takes down every event from now on. */
export function listen(sandbox: Sandbox): {
	readonly types: () => string[];
	readonly events: DomainEvent[];
} {
	const heard: DomainEvent[] = [];
	sandbox.engine.onChange((change) => {
		if (change.kind === 'event') heard.push(change.event);
	});
	return { events: heard, types: () => heard.map((event) => event.type) };
}

/** A function that is called once for each of the values it may take; what it made is made once, then shared. */
export function remembering<Key, Result>(make: (key: Key) => Result): (key: Key) => Result {
	const made = new Map<Key, Result>();
	return (key) => {
		if (!made.has(key)) made.set(key, make(key));
		return made.get(key) as Result;
	};
}

/** A call that succeeds, for one operation of the catalogue. */
export interface Example {
	readonly path: string;
	readonly body: Readonly<Record<string, unknown>> | undefined;
}

export type Ids = ReturnType<typeof idsOf>;

/** Ids in a seeded sandbox, by the name a path or input gives them. */
export function idsOf(sandbox: Sandbox) {
	const { state, seeded, engine } = sandbox;
	const project = seeded.project.id;
	const plan = inProject(state.plans, project).find((row) => row.name === 'Premium Monthly');
	const code = inProject(state.accessCodes, project).find((row) => row.redeemed_at === null);
	const subscription = inProject(state.subscriptions, project).find(
		(row) => row.status === 'active',
	);
	const resource = inProject(state.resources, project).find((row) => row.type === 'channel');
	const method = inProject(state.paymentMethods, project)[0];
	const person = state.teamMembers.find((row) => row.team_id === seeded.team.id && !row.is_owner);
	const endpoint =
		engine.listEndpoints()[0] ??
		engine.addEndpoint({
			name: 'Existing',
			url: 'https://hooks.example.com/memberpass',
			events: ['team.deleted'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: seeded.team.id,
		}).endpoint;
	const known = (id: string | undefined): string => {
		if (id === undefined) throw new Error('The seed lacks a row that tests need.');
		return id;
	};
	return {
		project,
		project_id: project,
		plan: known(plan?.id),
		plan_id: known(plan?.id),
		access_code: known(code?.id),
		member: known(subscription?.subscriber_id),
		subscription: known(subscription?.id),
		resource: known(resource?.id),
		resources: known(resource?.id),
		method: known(method?.id),
		currency_id: known(method?.currency_ids[0]),
		team: seeded.team.id,
		teamMember: known(person?.id),
		role: known([...state.roles.keys()][0]),
		group: known([...state.groups.keys()][0]),
		token: sandbox.mint({ name: 'To be looked at' }).id,
		endpoint: endpoint.id,
		// Only where it is asked for: a delivery shows in what other tests count.
		get delivery() {
			return known(engine.testEndpoint(endpoint.id) ?? undefined);
		},
		subject_id: known(plan?.id),
		chat: known(state.members.get(subscription?.subscriber_id ?? '')?.chat_id ?? undefined),
	};
}

/** A plan that the first project of a seeded sandbox can have. */
export function planBody(sandbox: Sandbox, change: Readonly<Record<string, unknown>> = {}) {
	const { currency_id, resource } = idsOf(sandbox);
	return {
		name: 'Premium Weekly',
		price: 9.5,
		currency_id,
		billing_cycle: 'weeks',
		resources: [resource],
		...change,
	};
}

const values: Readonly<Record<string, unknown>> = {
	name: 'A fine new name',
	title: 'A fine new title',
	price: 12.5,
	billing_cycle: 'months',
	quantity: 3,
	export_type: 'file',
	expiry_preset: '1_month',
	url: 'https://hooks.example.com/memberpass',
	events: ['subscription.created'],
	subject_type: 'project-subscription-plan',
	dimension: 'plan',
	handle: 'research-premium',
	type: 'subscription.created',
	is_active: true,
};

/** Optional inputs that make a call worth while. */
const also: Readonly<Record<string, readonly string[]>> = {
	update_plan: ['name'],
	update_project: ['name'],
	bulk_generate_access_codes: ['expiry_preset'],
};

/** What the catalogue itself shows for an input that no test has a better value for. */
const exampleOf = (field: FieldSchema | undefined): unknown =>
	field?.type === 'array' ? [exampleOf(field.items)] : (field?.examples?.[0] ?? field?.enum?.[0]);

/** Inputs of a call that succeeds: the required ones, against the rows of a seeded sandbox. */
export function exampleInput(
	entry: RouteEntry,
	ids: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
	const wanted = [...(entry.input.required ?? []), ...(also[entry.key] ?? [])];
	const valueOf = (name: string): unknown => {
		if (entry.input.properties[name]?.['x-in'] === 'path') {
			const key = name === 'member' && entry.path.startsWith('/teams/') ? 'teamMember' : name;
			return ids[key] ?? `no-${name}`;
		}
		if (name === 'resources') return [ids['resources']];
		if (name === 'telegram_id') return ids['chat'];
		// A search for a name needs one that exists, a creation one that does not.
		if (entry.match?.input === 'name') return 'Premium Monthly';
		return values[name] ?? ids[name] ?? exampleOf(entry.input.properties[name]);
	};
	return Object.fromEntries(wanted.map((name) => [name, valueOf(name)]));
}

/** A call of an operation with its required inputs, against the rows of a seeded sandbox. */
export function exampleCall(entry: RouteEntry, ids: Readonly<Record<string, string>>): Example {
	const input = exampleInput(entry, ids);
	const placed = (place: string): [string, unknown][] =>
		Object.entries(input).filter(([name]) => entry.input.properties[name]?.['x-in'] === place);
	const path = `/v1${entry.path}`.replace(/\{(\w+)\}/g, (_, name: string) => String(input[name]));
	const query = new URLSearchParams(
		Object.fromEntries(placed('query').map(([name, value]) => [name, String(value)])),
	);
	const body = placed('body');
	return {
		path: query.size === 0 ? path : `${path}?${query.toString()}`,
		body: body.length === 0 ? undefined : Object.fromEntries(body),
	};
}

/** The routes of the catalogue as rows of a table. */
export const routeTable = routes.map((entry) => [entry.key, entry] as const);
