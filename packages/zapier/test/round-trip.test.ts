import nock from 'nock';

import { events, operation, operations, zapierTriggerKey } from '@memberpass/catalogue';
import { toWire } from '@memberpass/protocol';

import { serve } from '../../../shared/testing/src/local-server.ts';
import {
	type Hooks,
	type RawRequest,
	startHooks,
} from '../../../shared/testing/src/zapier-hooks.ts';
import { everySetting, type Sandbox, startSandbox } from '../../sandbox/src/index.ts';
import { guarded } from '../src/failure.ts';
import app from '../src/index.ts';
import { ask, openSession, orFail, runLimits } from '../src/session.ts';
import { keysOf } from './house-lint/sample.ts';
import {
	allowLoopback,
	bareApp,
	call,
	expectNoLeak,
	handlerOf,
	probe,
	run,
	thrownBy,
} from './support.ts';

/** Everything here goes over real sockets: the app to the sandbox, and the sandbox's deliveries back. */

interface Stored {
	readonly id: string;
	readonly secret: string;
}

allowLoopback();

let hooks: Hooks;
beforeAll(async () => {
	// nock would stand between.
	nock.restore();
	hooks = await startHooks();
});
afterAll(() => hooks.close());

const connectionTo = (sandbox: Sandbox, token = sandbox.token) => ({
	authData: { api_token: token, api_origin: sandbox.url },
});

const on = async (
	sandbox: Sandbox,
	key: string,
	targetUrl: string,
	inputData: Record<string, unknown> = {},
) =>
	(await run('triggers', key, 'performSubscribe', {
		...connectionTo(sandbox),
		targetUrl,
		inputData,
	})) as Stored;

const off = (sandbox: Sandbox, key: string, subscribeData: Stored) =>
	run('triggers', key, 'performUnsubscribe', { ...connectionTo(sandbox), subscribeData });

const receive = async (key: string, subscribeData: Stored, rawRequest: RawRequest) =>
	(await run('triggers', key, 'perform', {
		subscribeData,
		rawRequest,
		cleanedRequest: {},
	})) as { id: string; type: string; data: object }[];

async function withSandbox<T>(
	work: (sandbox: Sandbox) => Promise<T>,
	options: Parameters<typeof startSandbox>[0] = {},
): Promise<T> {
	const sandbox = await startSandbox(options);
	try {
		return await work(sandbox);
	} finally {
		await sandbox.close();
	}
}

/** For tests that leave its account and its endpoints as they were. */
let shared: Sandbox;
beforeAll(async () => {
	shared = await startSandbox({ rateLimits: false });
});
afterAll(() => shared.close());

describe('every trigger', () => {
	it.each(events.map(({ type }) => [type, zapierTriggerKey(type)] as const))(
		'%s is switched on, delivered, shown among the recent ones with the same keys, and switched off',
		async (type, key) => {
			const address = hooks.address();
			const earlier = shared.engine.listEndpoints().length;
			const stored = await on(shared, key, address);
			shared.fire(type);
			const [delivery] = await hooks.arrived(address, 1);
			if (delivery === undefined) throw new Error('Nothing was delivered.');
			const [item, ...more] = await receive(key, stored, delivery);
			expect(more).toEqual([]);
			expect(item?.type).toBe(type);
			const listed = (await run('triggers', key, 'performList', {
				...connectionTo(shared),
			})) as { id: string }[];
			const same = listed.find(({ id }) => id === item?.id);
			expect(keysOf(same)).toEqual(keysOf(item));
			await expect(off(shared, key, stored)).resolves.toEqual({});
			expect(shared.engine.listEndpoints().length).toBe(earlier);
		},
	);
});

describe('a subscription', () => {
	it('switched on, off and on again within a minute is there exactly once', () =>
		withSandbox(async (sandbox) => {
			const first = await on(sandbox, 'member_joined', hooks.address());
			await off(sandbox, 'member_joined', first);
			const address = hooks.address();
			const second = await on(sandbox, 'member_joined', address);
			expect(second.id).not.toBe(first.id);
			expect(sandbox.engine.listEndpoints().map(({ id }) => id)).toEqual([second.id]);
			sandbox.fire('member.joined');
			await expect(hooks.arrived(address, 1)).resolves.toHaveLength(1);
		}));

	it('of one Zap is not disturbed by that of another on the same event', () =>
		withSandbox(async (sandbox) => {
			const [a, b] = [hooks.address(), hooks.address()];
			const one = await on(sandbox, 'member_joined', a);
			const two = await on(sandbox, 'member_joined', b, {
				project_id: sandbox.seeded.project.id,
			});
			sandbox.fire('member.joined');
			const [[toOne], [toTwo]] = [await hooks.arrived(a, 1), await hooks.arrived(b, 1)];
			if (toOne === undefined || toTwo === undefined) throw new Error('Nothing was delivered.');
			await expect(receive('member_joined', one, toOne)).resolves.toHaveLength(1);
			await expect(receive('member_joined', two, toTwo)).resolves.toHaveLength(1);
			// Each has its own secret: what was signed for one is a forgery for the other.
			const thrown = await thrownBy(receive('member_joined', one, toTwo));
			expect(thrown.message).toMatch(/does not match/);
			await off(sandbox, 'member_joined', one);
			sandbox.fire('member.joined');
			await expect(hooks.arrived(b, 2)).resolves.toHaveLength(2);
			expect(hooks.at(a)).toHaveLength(1);
		}));

	it('to another project gets nothing', () =>
		withSandbox(async (sandbox) => {
			const other = [...sandbox.state.projects.values()].find(
				({ id, team_id }) => id !== sandbox.seeded.project.id && team_id === sandbox.seeded.team.id,
			);
			const [all, narrow] = [hooks.address(), hooks.address()];
			await on(sandbox, 'member_joined', all);
			await on(sandbox, 'member_joined', narrow, { project_id: other?.id });
			sandbox.fire('member.joined', undefined, sandbox.seeded.project.id);
			await hooks.arrived(all, 1);
			sandbox.fire('member.joined', undefined, other?.id);
			await hooks.arrived(narrow, 1);
			expect(hooks.at(narrow)).toHaveLength(1);
		}));

	it('that is gone already counts as ended', () =>
		withSandbox(async (sandbox) => {
			const stored = await on(sandbox, 'member_joined', hooks.address());
			await off(sandbox, 'member_joined', stored);
			await expect(off(sandbox, 'member_joined', stored)).resolves.toEqual({});
		}));

	it.each(['reset', 'error_after_write'] as const)(
		'whose answer was lost (%s) is asked for again with the same key, so that it is there once',
		(kind) =>
			withSandbox(async (sandbox) => {
				sandbox.faults.add({ kind, times: 1, operation: 'create_webhook_subscription' });
				const stored = await on(sandbox, 'member_joined', hooks.address());
				expect(sandbox.engine.listEndpoints().map(({ id }) => id)).toEqual([stored.id]);
			}),
	);
});

it("neither the token nor a signing secret is in what Zapier's core logs of its requests", () =>
	withSandbox(async (sandbox) => {
		const logged: unknown[] = [];
		const log = jest.spyOn(console, 'log').mockImplementation((line) => void logged.push(line));
		try {
			const trigger = app.triggers['member_joined'];
			const { results } = await handlerOf({ ...bareApp, triggers: { member_joined: trigger } })({
				command: 'execute',
				method: 'triggers.member_joined.operation.performSubscribe',
				bundle: { ...connectionTo(sandbox), inputData: {}, meta: {}, targetUrl: hooks.address() },
				logToStdout: true,
				detailedLogToStdout: true,
			});
			const { id, secret } = results as Stored;
			const text = logged.join('\n');
			expect(text).toContain(id);
			expect(text).not.toContain(secret);
			expect(text).not.toContain(sandbox.token);
		} finally {
			log.mockRestore();
		}
	}));

it('a ban that is lifted twice on one day is lifted twice', () =>
	withSandbox(async (sandbox) => {
		const [member] = [...sandbox.state.members.values()].filter(
			({ project_id }) => project_id === sandbox.seeded.project.id,
		);
		const inputData = { project: member?.project_id, member: member?.id };
		const statuses: unknown[] = [];
		for (const key of ['ban_member', 'unban_member', 'ban_member', 'unban_member']) {
			await run('creates', key, 'perform', { ...connectionTo(sandbox), inputData });
			statuses.push(member?.status);
		}
		expect(statuses).toEqual(['banned', 'churned', 'banned', 'churned']);
	}));

it('a request that was given up leaves no connection behind', async () => {
	const closed: Promise<unknown>[] = [];
	const server = await serve((request) => {
		closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
	});
	let timeoutMs = 200;
	const perform = guarded(async (z, bundle) => {
		const policy = { ...runLimits.policy, maxTries: 1, timeoutMs };
		const session = openSession(z, bundle, { ...runLimits, policy });
		return [orFail(await ask(session, toWire(operation('get_current_team')), {}, null))];
	});
	try {
		// Again, with more time, where a busy machine gave up before anything had arrived.
		for (; closed.length === 0; timeoutMs *= 2) {
			const authData = { api_token: 'made-up', api_origin: server.origin };
			const thrown = await thrownBy(probe(perform, { authData }));
			expect(thrown.code).toBe('timeout');
		}
		await Promise.all(closed);
	} finally {
		await server.close();
	}
});

it.each(['reset', 'error_after_write'] as const)(
	'a trigger that could not be switched on because every answer was lost (%s) leaves nothing behind',
	(kind) =>
		withSandbox(async (sandbox) => {
			const other = await on(sandbox, 'member_joined', hooks.address());
			sandbox.faults.add({ kind, times: 2, operation: 'create_webhook_subscription' });
			await thrownBy(on(sandbox, 'member_joined', hooks.address()));
			expect(sandbox.engine.listEndpoints().map(({ id }) => id)).toEqual([other.id]);
		}),
);

describe('a token', () => {
	it('that was revoked expires the connection, and says what to do', () =>
		withSandbox(async (sandbox) => {
			const minted = sandbox.mint({ name: 'Short-lived' });
			await run('creates', 'revoke_token', 'perform', {
				...connectionTo(sandbox),
				inputData: { token_id: minted.id },
			});
			const thrown = await thrownBy(
				run('searches', 'list_roles', 'perform', connectionTo(sandbox, minted.plain)),
			);
			expect(thrown.name).toBe('ExpiredAuthError');
			expect(thrown.message).toMatch(/may have been revoked.*Create a token at https:/);
			expect(thrown.text).not.toContain(minted.plain);
		}));

	it.each(
		operations
			.filter(({ kind, ability }) => kind === 'search' && ability !== null)
			.filter(({ input }) => (input.required ?? []).every((name) => /^project(_id)?$/.test(name))),
	)(
		'without $ability is told which ability $key needs, and where to add it',
		async ({ key, ability, input }) => {
			const { plain } = shared.mint({ abilities: [] });
			const required = Object.fromEntries(
				(input.required ?? []).map((name) => [name, shared.seeded.project.id]),
			);
			const thrown = await thrownBy(
				run('searches', key, 'perform', {
					...connectionTo(shared, plain),
					inputData: required,
				}),
			);
			expect(thrown.name).toBe('AppError');
			expect(thrown.message).toContain(`"${String(ability)}"`);
			expect(thrown.message).toContain('https://app.memberpass.net/settings/tokens');
			expectNoLeak(thrown);
		},
	);
});

describe('a picker', () => {
	it.each(['has_more', 'last_page', 'next_cursor'] as const)(
		'offers all of three pages, whatever the paging (%s)',
		(paging) =>
			withSandbox(
				async (sandbox) => {
					const { project } = sandbox.seeded;
					const [template] = [...sandbox.state.plans.values()];
					if (template === undefined) throw new Error('The sandbox has no plan.');
					for (let at = 0; at < 230; at++) {
						const id = `pln_extra_${String(at)}`;
						sandbox.state.plans.set(id, {
							...template,
							id,
							name: `Extra ${String(at)}`,
							project_id: project.id,
						});
					}
					const expected = [...sandbox.state.plans.values()]
						.filter((plan) => plan.project_id === project.id)
						.map(({ id }) => id);
					const fields = app.searches['list_subscriptions']?.operation.inputFields as
						{ key: string; choices: { perform: unknown } }[] | undefined;
					const perform = fields?.find(({ key }) => key === 'plan_id')?.choices.perform;
					if (perform === undefined) throw new Error('The field plan_id has no choices.');
					const seen: string[] = [];
					let token: string | null = null;
					let pages = 0;
					do {
						const page = (await call(perform as never, {
							...connectionTo(sandbox),
							inputData: { project: project.id },
							meta: token === null ? {} : { paging_token: token },
						})) as { results: { id: string }[]; paging_token: string | null };
						seen.push(...page.results.map(({ id }) => id));
						token = page.paging_token;
						pages++;
					} while (token !== null && pages < 10);
					expect(pages).toBeGreaterThanOrEqual(3);
					expect(new Set(seen)).toEqual(new Set(expected));
					expect(seen.length).toBe(expected.length);
				},
				{ switches: { paging } },
			),
	);
});

// What no source settles must not matter.
describe.each(everySetting())('with %s', (_, switches) => {
	it('a trigger works from on to off, a write is done once, and a list is read', () =>
		withSandbox(
			async (sandbox) => {
				const connection = connectionTo(sandbox);
				const address = hooks.address();
				if (switches.webhookUrls === 'https') {
					// The stand-in for hooks.zapier.com has no https; the refusal has to be readable instead.
					const thrown = await thrownBy(on(sandbox, 'member_joined', address));
					expect(thrown.message).toMatch(/url/i);
					return;
				}
				const stored = await on(sandbox, 'member_joined', address);
				sandbox.fire('member.joined');
				const [delivery] = await hooks.arrived(address, 1);
				if (delivery === undefined) throw new Error('Nothing was delivered.');
				const [item] = await receive('member_joined', stored, delivery);
				expect(item).toMatchObject({ type: 'member.joined', id: expect.stringMatching(/^evt_/) });
				expect(item?.data).toMatchObject({ subscription_id: expect.any(String) });
				const recent = (await run('triggers', 'member_joined', 'performList', connection)) as [];
				expect(recent.length).toBeGreaterThan(0);

				const inputData = { project: sandbox.seeded.project.id, title: 'Perks' };
				const count = () => sandbox.state.resources.size;
				const before = count();
				const first = await run('creates', 'create_resource', 'perform', {
					...connection,
					inputData,
				});
				await run('creates', 'create_resource', 'perform', { ...connection, inputData });
				expect(first).toMatchObject({ id: expect.any(String) });
				expect(count()).toBe(before + 1);

				await expect(
					run('searches', 'find_plan_by_name', 'perform', {
						...connection,
						inputData: { project: sandbox.seeded.project.id, name: 'No such plan' },
					}),
				).resolves.toEqual([]);
				const subscriptions = (await run('searches', 'list_subscriptions', 'perform', {
					...connection,
					inputData: { limit: 3 },
				})) as [];
				expect(subscriptions).toHaveLength(3);
				await expect(off(sandbox, 'member_joined', stored)).resolves.toEqual({});
				expect(sandbox.engine.listEndpoints()).toEqual([]);
			},
			{ switches },
		));
});
