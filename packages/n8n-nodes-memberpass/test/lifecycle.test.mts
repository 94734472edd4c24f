import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { type Sandbox, startSandbox, VirtualClock } from '../../sandbox/src/index.ts';
import { useCleanups } from '../../../shared/testing/src/in-tests.ts';
import { serve } from '../../../shared/testing/src/local-server.ts';
import type { TriggerRun } from '../../../shared/testing/src/n8n-harness.ts';
import { useEngine, useRealSockets } from './support.mts';

/**
 * The trigger from publishing to unpublishing, against a MemberPass on real sockets that really delivers. What n8n
 * does around the three methods (what it saves, what it repeats) was observed on n8n 2.41.1.
 */
const engine = useEngine();

useRealSockets();
const cleanup = useCleanups();

interface Published {
	parameters: INodeParameters;
	name: string;
	credential: { apiToken: string; baseUrl: string };
}

/** An n8n with one workflow, whose database is `saved`. */
class FakeN8n {
	readonly sandbox: Sandbox;
	readonly executions: { readonly test: boolean; readonly id: unknown }[] = [];
	readonly statuses: number[] = [];
	readonly warnings: string[] = [];
	readonly url: string;
	readonly #foreign: string;
	saved: IDataObject = {};
	node: Published;

	constructor(sandbox: Sandbox, url: string) {
		this.sandbox = sandbox;
		this.url = url;
		this.#foreign = JSON.stringify(this.#endpoints(false));
		this.node = {
			parameters: { events: ['plan.created'] },
			name: 'MemberPass Trigger',
			credential: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl },
		};
	}

	/** Endpoints at MemberPass that deliver here, or those that do not. */
	#endpoints(own: boolean) {
		const all = this.sandbox.engine.listEndpoints();
		return all.filter((one) => one.url.startsWith(this.url) === own);
	}

	get own(): readonly { readonly id: string; readonly url: string }[] {
		return this.#endpoints(true);
	}

	/** One main's view of the workflow as it is saved now. */
	load(isTest = false, node = this.node): TriggerRun {
		return engine().trigger({
			node: 'memberPassTrigger',
			...node,
			staticData: isTest ? {} : structuredClone(this.saved),
			webhookBaseUrl: this.url,
			isTest,
		});
	}

	save(run: TriggerRun, name = this.node.name): void {
		if (run.isChanged()) this.saved = { [`node:${name}`]: run.stored() };
	}

	async receive(
		delivery: { headers: Record<string, string | string[] | undefined>; body: Buffer },
		isTest: boolean,
	): Promise<number> {
		const run = isTest && this.test !== null ? this.test : this.load();
		const { answered, started, warnings } = await run.receive(delivery);
		for (const { json } of started ?? []) this.executions.push({ test: isTest, id: json['id'] });
		this.warnings.push(...warnings);
		const status = answered?.status ?? 200;
		this.statuses.push(status);
		return status;
	}

	/** What n8n does until it is on: up to five tries, cleaning up in between. */
	async publish(): Promise<void> {
		const run = this.load();
		for (let attempt = 1; ; attempt++) {
			try {
				if (!(await run.checkExists())) await run.create();
				this.save(run);
				return;
			} catch (error) {
				if (attempt === 5) throw error;
				await run.delete().catch(() => undefined);
			}
		}
	}

	/** What n8n before 2.40 does when it starts: no second try. */
	async restart(): Promise<void> {
		const run = this.load();
		if (!(await run.checkExists())) await run.create();
		this.save(run);
	}

	async unpublish(): Promise<void> {
		const run = this.load();
		for (let attempt = 1; ; attempt++) {
			try {
				await run.delete();
				this.save(run);
				return;
			} catch (error) {
				if (attempt === 3) throw error;
			}
		}
	}

	/** A changed node: off as it was, on as it is. */
	async republish(change: Partial<Published>): Promise<void> {
		await this.unpublish();
		this.node = { ...this.node, ...change };
		this.saved = {};
		await this.publish();
	}

	test: TriggerRun | null = null;

	/** Exactly this many subscriptions, each of which starts an execution, and everybody else's as they were. */
	async expectOn(count: number, type = 'plan.created'): Promise<void> {
		expect(this.own).toHaveLength(count);
		expect(JSON.stringify(this.#endpoints(false))).toBe(this.#foreign);
		this.executions.length = 0;
		this.statuses.length = 0;
		const event = this.sandbox.fire(type);
		await this.sandbox.engine.settle();
		expect(this.statuses).toEqual(Array.from({ length: count }, () => 200));
		expect(this.executions.map((one) => one.id)).toEqual(
			Array.from({ length: count }, () => event.id),
		);
	}
}

async function start(
	options: NonNullable<Parameters<typeof startSandbox>[0]> = {},
): Promise<FakeN8n> {
	const sandbox = await startSandbox({ rateLimits: false, ...options });
	cleanup(() => sandbox.close());
	sandbox.engine.addEndpoint({
		name: "Somebody else's",
		url: 'http://127.0.0.1:9/elsewhere',
		events: ['team.deleted'],
		projectId: null,
		allowedIps: null,
		isActive: true,
		teamId: sandbox.seeded.team.id,
	});
	return await on(sandbox);
}

/** Another n8n, with an address of its own. */
async function on(sandbox: Sandbox): Promise<FakeN8n> {
	const server = await serve(async ({ url, headers }, response, body) => {
		const isTest = url?.startsWith('/webhook-test/') === true;
		response.writeHead(await n8n.receive({ headers, body }, isTest)).end();
	});
	cleanup(() => server.close());
	const n8n = new FakeN8n(sandbox, server.origin);
	return n8n;
}

describe('exactly one subscription delivers', () => {
	test('after the first publishing, and none after unpublishing', async () => {
		const n8n = await start();
		await n8n.publish();
		await n8n.expectOn(1);
		await n8n.unpublish();
		await n8n.expectOn(0);
		expect(n8n.saved).toEqual({ 'node:MemberPass Trigger': {} });
	});

	test('after publishing again what did not change: the same one', async () => {
		const n8n = await start();
		await n8n.publish();
		const before = n8n.own;
		await n8n.publish();
		expect(n8n.own).toEqual(before);
		await n8n.expectOn(1);
	});

	test.each<[string, (n8n: FakeN8n) => Partial<Published>, string]>([
		['its events', () => ({ parameters: { events: ['plan.deleted'] } }), 'plan.deleted'],
		['its name', () => ({ name: 'New members' }), 'plan.created'],
		[
			'its project',
			({ sandbox }) => ({
				parameters: {
					events: ['plan.created'],
					projectId: { __rl: true, mode: 'id', value: sandbox.seeded.project.id },
				},
			}),
			'plan.created',
		],
		[
			'its credential',
			({ sandbox }) => ({
				credential: { apiToken: sandbox.mint().plain, baseUrl: sandbox.apiUrl },
			}),
			'plan.created',
		],
	])('after publishing again with a change of %s', async (_, change, type) => {
		const n8n = await start();
		await n8n.publish();
		await n8n.republish(change(n8n));
		await n8n.expectOn(1, type);
		await n8n.unpublish();
		await n8n.expectOn(0);
	});

	test('after a restart of n8n before 2.40: the same one', async () => {
		const n8n = await start();
		await n8n.publish();
		const before = n8n.own;
		await n8n.restart();
		expect(n8n.own).toEqual(before);
		await n8n.expectOn(1);
	});

	test.each<[string, (n8n: FakeN8n, id: string) => void]>([
		['was deleted in MemberPass', ({ sandbox }, id) => sandbox.engine.removeEndpoint(id)],
		[
			'was switched off in MemberPass',
			({ sandbox }, id) => sandbox.engine.updateEndpoint(id, { is_active: false }),
		],
		[
			'has lost its secret',
			(n8n, id) => (n8n.saved = { 'node:MemberPass Trigger': { webhookId: id } }),
		],
		[
			'is not the stored one',
			(n8n) => (n8n.saved = { 'node:MemberPass Trigger': { webhookId: 'x', secret: 'y' } }),
		],
	])('after a restart when the one there %s: a new one', async (_, happens) => {
		const n8n = await start();
		await n8n.publish();
		const [before] = n8n.own;
		happens(n8n, before?.id ?? '');
		await n8n.restart();
		expect(n8n.own.map((one) => one.id)).not.toContain(before?.id);
		await n8n.expectOn(1);
	});

	test('after the token of its credential was revoked and replaced: the same one', async () => {
		const n8n = await start();
		await n8n.publish();
		const before = n8n.own;
		const { sandbox } = n8n;
		n8n.node = {
			...n8n.node,
			credential: { apiToken: sandbox.mint().plain, baseUrl: sandbox.apiUrl },
		};
		sandbox.state.tokens.delete(sandbox.seeded.token.id);
		await n8n.restart();
		expect(n8n.own).toEqual(before);
		await n8n.expectOn(1);
		await n8n.unpublish();
		await n8n.expectOn(0);
	});

	test('after a restart when there were two: duplicates that 1.4.0 left are taken away', async () => {
		const n8n = await start();
		await n8n.publish();
		const [before] = n8n.own;
		n8n.sandbox.engine.addEndpoint({
			name: 'n8n — MemberPass Trigger',
			url: before?.url ?? '',
			events: ['plan.created'],
			projectId: null,
			allowedIps: null,
			isActive: true,
			teamId: n8n.sandbox.seeded.team.id,
		});
		expect(n8n.own).toHaveLength(2);
		await n8n.restart();
		expect(n8n.own.map((one) => one.id)).toEqual([before?.id]);
		await n8n.expectOn(1);
	});

	test('while somebody listens for a test event beside it, and after that', async () => {
		const n8n = await start();
		await n8n.publish();
		const listening = n8n.load(true);
		n8n.test = listening;
		expect(await listening.checkExists()).toBe(false);
		await listening.create();
		expect(n8n.own.map((one) => new URL(one.url).pathname.split('/')[1]).sort()).toEqual([
			'webhook',
			'webhook-test',
		]);
		n8n.sandbox.fire('plan.created');
		await n8n.sandbox.engine.settle();
		expect(n8n.executions.map((one) => one.test).sort()).toEqual([false, true]);
		await listening.delete();
		n8n.test = null;
		await n8n.expectOn(1);
	});

	test('when a copy of this n8n with its database is switched off: the original stays on', async () => {
		const n8n = await start();
		await n8n.publish();
		const copy = await on(n8n.sandbox);
		copy.saved = structuredClone(n8n.saved);
		await copy.restart();
		await copy.unpublish();
		expect(copy.own).toEqual([]);
		await n8n.expectOn(1);
		copy.saved = structuredClone(n8n.saved);
		await copy.unpublish();
		await n8n.expectOn(1);
	});
});

describe('two mains that start at once', () => {
	/** Repeatable dice. */
	const dice = (seed: number) => (most: number) =>
		(seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % most;
	const steps = [
		'list_webhook_endpoints',
		'create_webhook_subscription',
		'delete_webhook_endpoint',
		'delete_webhook_subscription',
	];

	test.each([
		['for the first time', false],
		['when their subscription was switched off', true],
	])('%s leave one subscription, whose secret is saved', async (_, wasOn) => {
		const n8n = await start({ latencyMs: 3 });
		const throwDice = dice(20_261_122);
		for (let round = 0; round < 15; round++) {
			n8n.saved = {};
			for (const { id } of n8n.own) n8n.sandbox.engine.removeEndpoint(id);
			if (wasOn) {
				await n8n.publish();
				n8n.sandbox.engine.updateEndpoint(n8n.own[0]?.id ?? '', { is_active: false });
			}
			for (const operation of steps) {
				n8n.sandbox.faults.add({ kind: 'latency', ms: throwDice(40), times: 1, operation });
			}
			await Promise.all([n8n.restart(), n8n.restart()]);
			n8n.sandbox.faults.clear();
			await n8n.expectOn(1);
		}
	});
});

describe('a server that fails', () => {
	const kinds = [
		{ kind: 'reset' },
		{ kind: 'error', status: 500 },
		{ kind: 'error_after_write' },
		{ kind: 'rate_limited', retryAfter: 'zero' },
		{ kind: 'cut_body' },
	] as const;

	test('once at any step of publishing leaves one subscription, and none at last', async () => {
		const steps = ['list_webhook_endpoints', 'create_webhook_subscription'];
		await Promise.all(
			steps.flatMap((operation) =>
				kinds.map(async (fault) => {
					const n8n = await start();
					n8n.sandbox.faults.add({ ...fault, operation, times: 1 });
					await n8n.publish();
					await n8n.expectOn(1);
					n8n.sandbox.faults.add({ ...fault, operation: 'list_webhook_endpoints', times: 1 });
					n8n.sandbox.faults.add({ ...fault, operation: 'delete_webhook_subscription', times: 1 });
					await n8n.unpublish();
					await n8n.expectOn(0);
				}),
			),
		);
	});

	test('for so long that the node gives up leaves it to n8n to repeat, with the same end', async () => {
		const steps = ['create_webhook_subscription', 'list_webhook_endpoints'];
		await Promise.all(
			steps.flatMap((operation) =>
				kinds.map(async (fault) => {
					const n8n = await start();
					n8n.sandbox.faults.add({ ...fault, operation, times: 5 });
					await n8n.publish();
					await n8n.expectOn(1);
					n8n.sandbox.faults.add({ ...fault, operation: 'delete_webhook_subscription', times: 5 });
					await n8n.unpublish();
					await n8n.expectOn(0);
				}),
			),
		);
	});

	test('while it takes away what is of no use leaves that to n8n to repeat, with the same end', async () => {
		await Promise.all(
			kinds.map(async (fault) => {
				const n8n = await start();
				await n8n.publish();
				n8n.saved = {};
				n8n.sandbox.faults.add({ ...fault, operation: 'delete_webhook_endpoint', times: 5 });
				await n8n.publish();
				await n8n.expectOn(1);
			}),
		);
	});

	test('when it looks at what it has just made keeps that: it works', async () => {
		await Promise.all(
			kinds.map(async (fault) => {
				const n8n = await start();
				const run = n8n.load();
				n8n.sandbox.faults.add({ ...fault, operation: 'list_webhook_endpoints', times: 5 });
				await run.create();
				n8n.save(run);
				n8n.sandbox.faults.clear();
				await n8n.expectOn(1);
			}),
		);
	});

	test('with a conflict, because its address is taken, ends with one subscription', async () => {
		const n8n = await start();
		n8n.sandbox.faults.add({
			kind: 'error',
			status: 409,
			operation: 'create_webhook_subscription',
			times: 1,
		});
		await n8n.publish();
		await n8n.expectOn(1);
	});

	test('and is not asked again, as by n8n before 2.40, leaves no orphan', async () => {
		const n8n = await start();
		n8n.sandbox.faults.add({
			kind: 'error_after_write',
			operation: 'create_webhook_subscription',
			times: 4,
		});
		await expect(n8n.restart()).rejects.toThrow('(status 500, SERVER_ERROR');
		await n8n.expectOn(0);
		await n8n.restart();
		await n8n.expectOn(1);
	});
});

describe('a rotation of the signing secret', () => {
	const day = 24 * 60 * 60 * 1000;

	test('in the dashboard works for 24 hours; then the log says what to do, and that helps', async () => {
		const n8n = await start({ clock: new VirtualClock(Date.now()), lifecycle: 'manual' });
		await n8n.publish();
		n8n.sandbox.engine.rotateSecret(n8n.own[0]?.id ?? '', 'dashboard');
		await n8n.expectOn(1);
		expect(n8n.warnings.at(-1)).toContain('switch the workflow off and on again');
		await n8n.sandbox.advance(day + 1000);
		n8n.statuses.length = 0;
		n8n.executions.length = 0;
		n8n.sandbox.fire('plan.created');
		await n8n.sandbox.engine.settle();
		expect(n8n.statuses).toEqual([401]);
		expect(n8n.executions).toEqual([]);
		expect(n8n.warnings.at(-1)).toContain('switch the workflow off and on again');
		await n8n.unpublish();
		await n8n.publish();
		await n8n.expectOn(1);
	});

	test('through the API ends the old secret at once: refused, until it is subscribed anew', async () => {
		const n8n = await start();
		await n8n.publish();
		n8n.sandbox.engine.rotateSecret(n8n.own[0]?.id ?? '', 'api');
		n8n.sandbox.fire('plan.created');
		await n8n.sandbox.engine.settle();
		expect(n8n.statuses).toEqual([401]);
		await n8n.unpublish();
		await n8n.publish();
		await n8n.expectOn(1);
	});
});

describe('what 1.4.0 left', () => {
	/** As it subscribed: with `verifySignature` and a plain text for the project, secret kept in static data. */
	const subscribedBy14 = async (n8n: FakeN8n): Promise<{ id: string; secret: string }> => {
		const response = await fetch(`${n8n.sandbox.apiUrl}/webhook-subscriptions`, {
			method: 'POST',
			headers: {
				Authorization: `Bearer ${n8n.sandbox.token}`,
				'Content-Type': 'application/json',
				'Idempotency-Key': 'n8n-Wf0rkF10wTest001-MemberPass Trigger-create',
			},
			body: JSON.stringify({
				name: 'n8n — MemberPass Trigger',
				url: n8n.load().webhookUrl(),
				events: ['plan.created'],
			}),
		});
		const answer = (await response.json()) as { data: { id: string }; secret: string };
		n8n.node = {
			...n8n.node,
			parameters: { events: ['plan.created'], projectId: '', verifySignature: false },
		};
		return { id: answer.data.id, secret: answer.secret };
	};

	test('is taken over without losing an event: at once, after a restart, until it is off', async () => {
		const n8n = await start();
		const { id, secret } = await subscribedBy14(n8n);
		n8n.saved = { 'node:MemberPass Trigger': { webhookId: id, secret } };
		await n8n.expectOn(1);
		await n8n.restart();
		expect(n8n.own.map((one) => one.id)).toEqual([id]);
		await n8n.expectOn(1);
		await n8n.unpublish();
		await n8n.expectOn(0);
	});

	test('without a secret is refused until the restart, then replaced', async () => {
		const n8n = await start();
		const { id } = await subscribedBy14(n8n);
		n8n.saved = { 'node:MemberPass Trigger': { webhookId: id } };
		n8n.sandbox.fire('plan.created');
		await n8n.sandbox.engine.settle();
		expect(n8n.statuses).toEqual([401]);
		await n8n.restart();
		await n8n.expectOn(1);
	});
});
