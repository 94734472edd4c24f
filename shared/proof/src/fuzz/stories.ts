import {
	eventByType,
	events,
	type FieldSchema,
	type ObjectSchema,
	platform,
	type RouteEntry,
	routes,
} from '@memberpass/catalogue';
import { firstPage, pageQuery, readPage, toWire, verifySignature } from '@memberpass/protocol';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';

import { actions } from '../../../../packages/sandbox/src/actions.ts';
import {
	type Sandbox,
	startSandbox,
	VirtualClock,
} from '../../../../packages/sandbox/src/index.ts';
import { inProject } from '../../../../packages/sandbox/src/state.ts';
import type { Send } from '../../../../packages/sandbox/src/webhooks/types.ts';
import { must, type Target, targetOf } from './target.ts';
import { mustBeDocumented, type Reply, send } from './http.ts';

/**
 * One thing that happens in an account: time passes, a subscriber does something, or a client calls the API. The
 * numbers choose, each modulo what there is to choose from, so that every story can be played.
 */
const anyStep = fc.record({
	what: fc.constantFrom('time', 'subscriber', 'call', 'call', 'call'),
	which: fc.nat(9_999),
	/** Rows and values, in the order in which they are needed. */
	picks: fc.array(fc.nat(9_999), { minLength: 6, maxLength: 6 }),
	/** Bits: which optional inputs are filled in. */
	filled: fc.nat(2 ** 20 - 1),
});

type Step = Parameters<Parameters<(typeof anyStep)['map']>[0]>[0];
type Row = Readonly<Record<string, unknown>>;
type Inputs = Readonly<Record<string, unknown>>;

const minute = 60_000;
const day = 24 * 60 * minute;
/** From the next retry to the next period. */
const spans = [1_000, minute, 30 * minute, day, 7 * day, 31 * day] as const;

/** Who listens to every event, from the beginning. */
const listener = { name: 'Everything', url: 'http://127.0.0.1:9/everything' };
/** Receivers of endpoints that a client makes: one takes what comes, the other nothing. */
const receivers = ['http://127.0.0.1:9/takes', 'http://127.0.0.1:9/refuses'] as const;

const names = Object.keys(actions);
const eventTypes = events.map(({ type }) => type);
/** A client that takes its own token away can do nothing any more. */
const calls = routes.filter(({ key }) => key !== 'revoke_token');

const ajv = new Ajv2020({ allErrors: true, strict: false });
addFormats.default(ajv);
const compiled = new Map<ObjectSchema, ValidateFunction>();

/** What does not fit a schema, or is not in it: an answer may hold nothing that the catalogue does not know. */
function misfit(schema: ObjectSchema, value: Row): string | null {
	const validate = compiled.get(schema) ?? ajv.compile(schema);
	compiled.set(schema, validate);
	if (!validate(value)) return ajv.errorsText(validate.errors);
	const unknown = Object.keys(value).filter((key) => !(key in schema.properties));
	return unknown.length === 0 ? null : `unknown: ${unknown.join(', ')}`;
}

const singleReads = routes.filter(
	({ method, path, output }) => method === 'GET' && output.shape === 'one' && path.endsWith('}'),
);

/** The read that shows what a write is about: `…/plans/{plan}` for `…/plans` as for `…/plans/{plan}/publish`. */
function readOf({ path }: RouteEntry): RouteEntry | undefined {
	return (
		singleReads.find((read) => read.path.replace(/\/\{\w+\}$/, '') === path) ??
		singleReads.find((read) => read.path === path || read.path === path.replace(/\}\/[\w-]+$/, '}'))
	);
}

/** An account that lives, and everything that is told of it. */
class Account {
	readonly #sandbox: Sandbox;
	readonly #secret: string;
	readonly #sent: Parameters<Send>[0][];
	readonly #mistakes: readonly unknown[];
	/** Body of each event, by its id: a repeated delivery carries the same bytes. */
	readonly #bodies = new Map<string, string>();
	#keys = 0;

	private constructor(
		sandbox: Sandbox,
		secret: string,
		sent: Parameters<Send>[0][],
		mistakes: readonly unknown[],
	) {
		this.#sandbox = sandbox;
		this.#secret = secret;
		this.#sent = sent;
		this.#mistakes = mistakes;
	}

	static async open(): Promise<Account> {
		const sent: Parameters<Send>[0][] = [];
		const mistakes: unknown[] = [];
		const sandbox = await startSandbox({
			clock: new VirtualClock(),
			rateLimits: false,
			onError: (error) => mistakes.push(error),
			send: (delivery) => {
				sent.push(delivery);
				const status = delivery.url === receivers[1] ? 500 : 200;
				return Promise.resolve({ status, headers: {}, body: '' });
			},
		});
		const { secret } = sandbox.engine.addEndpoint({
			...listener,
			events: eventTypes,
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: sandbox.seeded.team.id,
		});
		return new Account(sandbox, secret, sent, mistakes);
	}

	async close(): Promise<void> {
		await this.#sandbox.close();
	}

	async play(step: Step): Promise<void> {
		const pick = picker(step);
		if (step.what === 'time') await this.#sandbox.advance(pick(spans) ?? 0);
		else if (step.what === 'subscriber') await this.#act(step);
		else await this.#call(step);
		const [mistake] = this.#mistakes;
		must(mistake === undefined, `the sandbox makes no mistake (${String(mistake)})`);
		for (const delivery of this.#sent.splice(0)) this.#judge(delivery);
	}

	/** A subscriber, or the provider of a payment, does something; it may be refused. */
	async #act(step: Step): Promise<void> {
		const pick = picker(step);
		const action = names[step.which % names.length];
		const rows = this.#rows(pick(this.#projects()) ?? '');
		const body = {
			action,
			plan_id: pick(rows('plan')),
			subscription_id: pick(rows('subscription')),
			access_code_id: pick(rows('access_code')),
			...(step.filled % 2 === 0 ? {} : { member_id: pick(rows('member')) }),
		};
		const url = `${this.#sandbox.url}/_sandbox/actions`;
		mustBeDocumented(await this.#send('POST', url, body), String(action));
	}

	async #call(step: Step): Promise<void> {
		const entry = calls[step.which % calls.length];
		if (entry === undefined) throw new Error('There is no route.');
		const input = this.#inputs(entry, step);
		const key = `story-${++this.#keys}`;
		const reply = await this.#request(entry, input, key);
		mustBeDocumented(reply, entry.key);
		if (reply.status >= 400) return;
		const answered = rowsOf(entry, reply);
		for (const row of answered) {
			const wrong = misfit(entry.output.schema, row);
			must(wrong === null, `what ${entry.key} answers fits the catalogue (${String(wrong)})`);
		}
		if (entry.method === 'GET') {
			if (entry.output.paging === 'pages' || entry.output.paging === 'cursor') {
				await this.#readInPages(entry, input, (step.which % 3) + 1);
			}
			return;
		}
		const before = this.#snapshot();
		const again = await this.#request(entry, input, key);
		must(
			again.status === reply.status && again.body === reply.body && this.#snapshot() === before,
			`${entry.key} with a key that was used answers the same and changes nothing`,
		);
		await this.#readBack(entry, input, answered[0]);
	}

	/** A list in small pages is the list in the largest ones. */
	async #readInPages(entry: RouteEntry, input: Inputs, size: number): Promise<void> {
		const [whole, inParts] = [
			await this.#readAll(entry, input, toWire(entry).pageSize),
			await this.#readAll(entry, input, size),
		];
		must(whole === inParts, `${entry.key} in pages of ${size} is the list (${inParts}, ${whole})`);
	}

	async #readAll(entry: RouteEntry, input: Inputs, size: number): Promise<string> {
		const rows: unknown[] = [];
		const { paging } = entry.output;
		for (let state = firstPage(paging, size, null); ;) {
			const { status, body } = await this.#request(entry, input, '', pageQuery(state));
			const page = status === 200 ? readPage(state, JSON.parse(body)) : null;
			must(page !== null && page.incomplete === null, `${entry.key} is read to its end (${body})`);
			rows.push(...page.rows);
			if (page.next === null) return JSON.stringify(rows);
			state = page.next;
		}
	}

	/** What a write has answered is what a read shows. */
	async #readBack(entry: RouteEntry, input: Inputs, answered: Row | undefined): Promise<void> {
		const read = readOf(entry);
		const id = answered?.['id'];
		if (read === undefined || answered === undefined || typeof id !== 'string') return;
		const [last = ''] = /\w+(?=\}$)/.exec(read.path) ?? [];
		const [shown = {}] = rowsOf(read, await this.#request(read, { ...input, [last]: id }, ''));
		must(shown['id'] === id, `${read.key} shows what ${entry.key} has answered`);
		const lost = Object.entries(input).filter(
			([name, sent]) =>
				name in shown &&
				(typeof sent === 'string' || typeof sent === 'boolean') &&
				shown[name] !== sent,
		);
		must(
			lost.length === 0,
			`${read.key} shows what ${entry.key} was sent (${JSON.stringify(lost)})`,
		);
		const differing = Object.keys(answered)
			.filter((name) => name in shown)
			.filter((name) => JSON.stringify(shown[name]) !== JSON.stringify(answered[name]));
		must(
			differing.length === 0,
			`${read.key} shows the same as ${entry.key} (${differing.join(', ')})`,
		);
	}

	/** Inputs that are right as far as the catalogue tells; the account may refuse them all the same. */
	#inputs(entry: RouteEntry, step: Step): Inputs {
		const pick = picker(step);
		const project = pick(this.#projects()) ?? '';
		const rows = this.#rows(project);
		const required = entry.input.required ?? [];
		const valueOf = (name: string, field: FieldSchema): unknown => {
			if (field.type === 'array') return [valueOf(name, field.items ?? {})];
			if (name === 'project' || name === 'project_id') return project;
			const ids = rows(entry.path.startsWith('/teams/') && name === 'member' ? 'person' : name);
			if (ids.length > 0) return pick(ids);
			if (name === 'url') return pick(receivers);
			if (name === 'events') return pick(eventTypes);
			if (field.type === 'boolean') return pick([true, false]);
			return pick([...(field.enum ?? []), ...(field.examples ?? [])]) ?? 'A new name';
		};
		return Object.fromEntries(
			Object.entries(entry.input.properties)
				.filter(([name], at) => required.includes(name) || ((step.filled >> (at % 20)) & 1) === 1)
				.map(([name, field]) => [name, valueOf(name, field)]),
		);
	}

	/** Ids of the account, by the name of an input that takes them. */
	#rows(project: string): (name: string) => readonly string[] {
		const { state, engine, seeded } = this.#sandbox;
		const idsOf = (rows: Iterable<{ readonly id: string }>): string[] =>
			[...rows].map(({ id }) => id);
		const lists: Readonly<Record<string, () => readonly string[]>> = {
			plan: () => idsOf(inProject(state.plans, project)),
			access_code: () => idsOf(inProject(state.accessCodes, project)),
			member: () => idsOf(inProject(state.members, project)),
			subscription: () => idsOf(inProject(state.subscriptions, project)),
			resource: () => idsOf(inProject(state.resources, project)),
			method: () => idsOf(inProject(state.paymentMethods, project)),
			currency: () => [...state.currencies.keys()],
			team: () => [seeded.team.id],
			person: () => idsOf(state.teamMembers),
			role: () => [...state.roles.keys()],
			group: () => [...state.groups.keys()],
			token: () => [...state.tokens.keys()],
			endpoint: () => idsOf(engine.listEndpoints().filter(({ name }) => name !== listener.name)),
			delivery: () => idsOf(engine.listDeliveries({ limit: 20 })),
		};
		return (name) => lists[name.replace(/_ids?$|s$/, '')]?.() ?? [];
	}

	#projects(): readonly string[] {
		return [...this.#sandbox.state.projects.keys()];
	}

	/** The account as a text, without what each call changes. */
	#snapshot(): string {
		const { state, engine } = this.#sandbox;
		const { projects, plans, members, subscriptions, resources, accessCodes } = state;
		const maps = [projects, plans, members, subscriptions, resources, accessCodes];
		return JSON.stringify([maps.map((map) => [...map]), engine.listEndpoints()]);
	}

	async #request(
		entry: RouteEntry,
		input: Inputs,
		key: string,
		paging: readonly (readonly [string, string])[] = [],
	): Promise<Reply> {
		const placed = (place: string): [string, unknown][] =>
			Object.entries(input).filter(([name]) => entry.input.properties[name]?.['x-in'] === place);
		const path = entry.path.replace(/\{(\w+)\}/g, (_, name: string) =>
			encodeURIComponent(String(input[name])),
		);
		const query = new URLSearchParams([
			...placed('query').flatMap(([name, value]): [string, string][] =>
				Array.isArray(value)
					? value.map((one: unknown) => [`${name}[]`, String(one)])
					: [[name, String(value)]],
			),
			...paging.map(([name, value]): [string, string] => [name, value]),
		]);
		const url = `${this.#sandbox.apiUrl}${path}${query.size === 0 ? '' : `?${query.toString()}`}`;
		const body = entry.method === 'GET' ? undefined : Object.fromEntries(placed('body'));
		return await this.#send(entry.method, url, body, key);
	}

	async #send(method: string, url: string, body?: object, key = ''): Promise<Reply> {
		return await send(
			url,
			method,
			{
				authorization: `Bearer ${this.#sandbox.token}`,
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...(key === '' || body === undefined ? {} : { [platform.headers.idempotency]: key }),
			},
			Buffer.from(body === undefined ? '' : JSON.stringify(body)),
		);
	}

	#judge({ url, headers, body }: Parameters<Send>[0]): void {
		const { id, type, data } = JSON.parse(body) as Readonly<Record<'id' | 'type', string>> & {
			readonly data: Row;
		};
		const schema = eventByType(type)?.data;
		const wrong = schema === undefined ? 'no such event' : misfit(schema, data);
		must(wrong === null, `${type} fits the catalogue (${String(wrong)})`);
		must((this.#bodies.get(id) ?? body) === body, `${type} is delivered again as it was`);
		this.#bodies.set(id, body);
		if (url !== listener.url) return;
		const header = Object.entries(headers).find(
			([name]) => name.toLowerCase() === platform.headers.signature.toLowerCase(),
		)?.[1];
		const { verdict } = verifySignature({
			body: Buffer.from(body),
			header,
			secrets: [this.#secret],
			// Deliveries are signed in real time, so that real receivers take them.
			now: Date.now(),
		});
		must(verdict === 'ok', `${type} is signed with the secret of the endpoint (${verdict})`);
	}
}

/** Chooses by the numbers of a step, one after the other; undefined where there is nothing to choose from. */
function picker({ picks }: Step): <T>(from: readonly T[]) => T | undefined {
	let next = 0;
	return (from) => from[(picks[next++ % picks.length] ?? 0) % Math.max(1, from.length)];
}

/** The rows of an answer, as the catalogue describes them. */
function rowsOf({ output: { shape, beside } }: RouteEntry, { body }: Reply): readonly Row[] {
	if (shape === 'nothing') return [];
	const answer = JSON.parse(body) as Row;
	if (shape === 'many') return answer['data'] as readonly Row[];
	const outside = beside.filter((name) => name in answer).map((name) => [name, answer[name]]);
	return [{ ...(answer['data'] as Row), ...(Object.fromEntries(outside) as Row) }];
}

/** Lives of accounts, each in a sandbox of its own, on virtual time. */
export const storyTarget: Target = targetOf({
	name: 'sandbox stories',
	rule: 'whatever happens in whatever order, answers and events fit the catalogue, a write is read back, a list is the same in pages of any size, a used key changes nothing, and deliveries are signed',
	weight: 0.01,
	inputs: fc.array(anyStep, { minLength: 1, maxLength: 40, size: 'max' }),
	async check(steps) {
		const account = await Account.open();
		try {
			for (const step of steps) await account.play(step);
		} finally {
			await account.close();
		}
	},
});
