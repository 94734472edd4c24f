import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import { until } from '../../../shared/testing/src/in-tests.ts';
import { readDuration } from '../src/control/duration.ts';
import { RealClock, type Sandbox } from '../src/index.ts';
import { day, minute } from '../src/time.ts';
import { ask, at, drive, idsOf, projectOf, sandboxWith, useSandbox } from './support/sandbox.ts';
import { newest, receive, verdict } from './webhooks/support.ts';

const subscribe = (
	sandbox: Sandbox,
	url: string,
	events: readonly string[],
	token = sandbox.token,
) =>
	ask(sandbox, 'POST', '/v1/webhook-subscriptions', { token, body: { name: 'Mine', url, events } });

describe('a delivery over real sockets', () => {
	it('follows a change made over the API, signed, under the documented headers', async () => {
		const sandbox = await sandboxWith();
		const { url, arrivals } = await receive();
		const made = await subscribe(sandbox, url, ['project.archived']);
		await ask(sandbox, 'POST', `/v1/projects/${idsOf(sandbox).project}/archive`);
		await sandbox.advance(0);
		expect(arrivals).toHaveLength(1);
		const arrival = newest(arrivals);
		const { headers, body } = arrival;
		const event = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
		expect(Object.keys(event)).toEqual([
			'id',
			'type',
			'created_at',
			'api_version',
			'project_id',
			'data',
		]);
		expect(headers['mp-event-name']).toBe('project.archived');
		expect(headers['mp-event-id']).toBe(event['id']);
		expect(headers['user-agent']).toMatch(/^MemberPass-Webhooks\//);
		expect(verdict(arrival, Date.now(), String(made.at('secret')))).toBe('ok');
	});

	it('is retried over four days of virtual time, then dead, then sent again on request', async () => {
		const sandbox = await sandboxWith();
		const { url, arrivals } = await receive(500);
		await subscribe(sandbox, url, ['plan.deleted']);
		await drive(sandbox, '/events', { type: 'plan.deleted' });
		await drive(sandbox, '/time', { advance: '4d' });
		expect(arrivals).toHaveLength(8);
		const { rows } = await ask(sandbox, 'GET', '/_sandbox/deliveries?status=dead');
		expect(rows).toHaveLength(1);
		const id = String(rows[0]?.['id']);
		const retried = await ask(sandbox, 'POST', `/v1/webhook-deliveries/${id}/retry`);
		expect(retried.data).toEqual({ id, status: 'pending', attempts: 0 });
		await sandbox.advance(0);
		expect(arrivals).toHaveLength(9);
		expect((await drive(sandbox, `/deliveries/${id}/replay`)).status).toBe(200);
		const foreign = await ask(sandbox, 'POST', `/v1/webhook-deliveries/${id}/retry`, {
			token: sandbox.otherToken,
		});
		expect(foreign.status).toBe(404);
	});

	it('of another team stays there', async () => {
		const sandbox = await sandboxWith();
		const { url, arrivals } = await receive();
		await subscribe(sandbox, url, ['project.created'], sandbox.otherToken);
		await ask(sandbox, 'POST', '/v1/projects', { body: { name: 'A fine project' } });
		await sandbox.advance(minute);
		expect(arrivals).toEqual([]);
	});

	it('is signed with both secrets after a rotation from the dashboard', async () => {
		const sandbox = await sandboxWith();
		const { url, arrivals } = await receive();
		const made = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			body: { name: 'Mine', url, events: ['plan.created'] },
		});
		const id = String(made.data['id']);
		await drive(sandbox, `/endpoints/${id}/rotate`);
		await drive(sandbox, '/events', { type: 'plan.created' });
		await sandbox.advance(0);
		expect(arrivals[0]?.headers['mp-signature']).toMatch(/^t=\d+,v0=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
		await ask(sandbox, 'POST', `/v1/webhook-endpoints/${id}/rotate-secret`);
		await drive(sandbox, '/events', { type: 'plan.created' });
		await sandbox.advance(0);
		expect(arrivals[1]?.headers['mp-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
	});
});

describe('the control routes', () => {
	/** For what is refused: it changes nothing. */
	const shared = useSandbox();

	it('show what is in the account and the token to start with', async () => {
		const sandbox = await sandboxWith();
		const reply = await ask(sandbox, 'GET', '/_sandbox', { token: null });
		expect(reply.data).toMatchObject({
			seed: 'memberpass',
			now: '2026-06-01T09:00:00Z',
			time: 'virtual',
			ready_token: sandbox.token,
		});
		expect(reply.at('data.teams.0')).toMatchObject({ name: 'Research Collective', tier: 'growth' });
		const { plans, subscriptions, access_codes, ...project } = reply.at(
			'data.teams.0.projects.0',
		) as Record<string, unknown>;
		expect(project).toEqual({
			id: sandbox.seeded.project.id,
			name: 'Research Premium',
			handle: 'research-premium',
			active: true,
			bot: 'research_bot',
			members: 32,
		});
		expect(plans).toHaveLength(4);
		expect(subscriptions).toHaveLength(29);
		expect(access_codes).toHaveLength(8);
	});

	it('show of each team its own projects, and no token that was revoked', async () => {
		const sandbox = await sandboxWith();
		const revoked = sandbox.mint({ name: 'Gone' });
		revoked.revoked = true;
		const reply = await ask(sandbox, 'GET', '/_sandbox', { token: null });
		expect(
			(reply.at('data.teams') as { projects: { handle: string; bot: string | null }[] }[]).map(
				({ projects }) => projects.map(({ handle }) => handle),
			),
		).toEqual([['research-premium', 'cafe-uber-klub', 'drafts-no-bot'], ['quiet-kitchen']]);
		const tokens = (reply.at('data.tokens') as { token: string }[]).map(({ token }) => token);
		expect(tokens).toContain(sandbox.token);
		expect(tokens).not.toContain(revoked.plain);
	});

	it.each([
		['research-premium', 1],
		// Of another team.
		['quiet-kitchen', 0],
	])('say of an event of %s how many active endpoints listen for it', async (handle, listening) => {
		const sandbox = await sandboxWith();
		for (const isActive of [true, false]) {
			sandbox.engine.addEndpoint({
				name: 'Of the first team',
				url: 'https://example.com',
				events: ['plan.created'],
				projectId: null,
				allowedIps: null,
				isActive,
				teamId: sandbox.seeded.team.id,
			});
		}
		const { id } = projectOf(sandbox, handle);
		const fired = await drive(sandbox, '/events', { type: 'plan.created', project_id: id });
		expect(fired.at('data.listening')).toBe(listening);
	});

	it('tell of an event what it carries and for whom it was fired, and only those of a type', async () => {
		const sandbox = await sandboxWith();
		const project = projectOf(sandbox, 'cafe-uber-klub');
		const fired = await drive(sandbox, '/events', {
			type: 'plan.deleted',
			data: { note: 'mine' },
			project_id: project.id,
		});
		expect(fired.data).toMatchObject({ project_id: project.id, data: { note: 'mine' } });
		const list = await ask(sandbox, 'GET', '/_sandbox/events?type=plan.deleted', { token: null });
		const recent = list.at('data.recent') as object[];
		expect(recent.map((event) => ({ ...event, listening: 0 }))).toEqual([fired.data]);
		// Whose it is stays inside.
		expect(fired.data).not.toHaveProperty('teamId');
	});

	it('fire for a project of the same team where the first one is gone', async () => {
		const sandbox = await sandboxWith();
		const { state, seeded } = sandbox;
		const left = [...state.projects.values()].filter(({ id }) => id !== seeded.project.id);
		state.projects.clear();
		// The other team's comes first.
		for (const row of left.toReversed()) state.projects.set(row.id, row);
		const fired = await drive(sandbox, '/events', { type: 'plan.created' });
		expect(state.projects.get(String(fired.data['project_id']))?.team_id).toBe(seeded.team.id);
	});

	it('list deliveries by status and endpoint, newest first, and replay one that is dead', async () => {
		const sandbox = await sandboxWith();
		const [broken, fine] = [await receive(500), await receive()];
		const [failing, healthy] = [
			String((await subscribe(sandbox, broken.url, ['plan.created'])).data['id']),
			String((await subscribe(sandbox, fine.url, ['plan.created'])).data['id']),
		];
		for (let count = 0; count < 2; count++) {
			await drive(sandbox, '/events', { type: 'plan.created' });
		}
		await sandbox.advance(2 * day);
		const list = async (query: string) =>
			(await ask(sandbox, 'GET', `/_sandbox/deliveries${query}`, { token: null })).rows;
		expect((await list('')).length).toBe(4);
		expect((await list('?limit=1')).length).toBe(1);
		expect(new Set((await list('?status=dead')).map((row) => row['endpointId']))).toEqual(
			new Set([failing]),
		);
		const own = await list(`?endpoint=${healthy}`);
		expect(own.map((row) => row['endpointId'])).toEqual([healthy, healthy]);
		expect(JSON.stringify(own)).not.toContain('teamId');
		const [dead] = await list('?status=dead');
		const replayed = await drive(sandbox, `/deliveries/${String(dead?.['id'])}/replay`);
		expect([replayed.status, replayed.data['id'], replayed.data['status']]).toEqual([
			200,
			dead?.['id'],
			'pending',
		]);
		const rotated = await drive(sandbox, `/endpoints/${healthy}/rotate`);
		expect(rotated.data['secret']).toMatch(/^mps_sandbox_/);
	});

	it('inject what happens to the deliveries of an endpoint', async () => {
		const sandbox = await sandboxWith();
		const { url, arrivals } = await receive();
		const made = await subscribe(sandbox, url, ['plan.created', 'plan.deleted']);
		const fault = { kind: 'reorder_delivery', endpoint_id: made.data['id'] };
		expect((await drive(sandbox, '/faults', fault)).status).toBe(201);
		const list = async () => (await ask(sandbox, 'GET', '/_sandbox/faults', { token: null })).data;
		const waiting = async (): Promise<unknown> => (await list())['waiting'];
		expect((await list())['deliveries']).toEqual(['duplicate_delivery', 'reorder_delivery']);
		expect(await waiting()).toEqual([{ ...fault, times: 1, left: 1 }]);
		await drive(sandbox, '/events', { type: 'plan.created' });
		await drive(sandbox, '/events', { type: 'plan.deleted' });
		await sandbox.engine.settle();
		expect(arrivals.map(({ headers }) => headers['mp-event-name'])).toEqual([
			'plan.deleted',
			'plan.created',
		]);
		// Of any endpoint where none is named.
		const twice = await drive(sandbox, '/faults', { kind: 'duplicate_delivery' });
		expect(twice.status).toBe(201);
		await drive(sandbox, '/events', { type: 'plan.created' });
		await sandbox.engine.settle();
		expect(arrivals.slice(2).map(({ headers }) => headers['mp-event-name'])).toEqual([
			'plan.created',
			'plan.created',
		]);
		await drive(sandbox, '/faults', { kind: 'duplicate_delivery', times: 2 });
		expect(await waiting()).toEqual([{ kind: 'duplicate_delivery', times: 2, left: 2 }]);
		await ask(sandbox, 'DELETE', '/_sandbox/faults', { token: null, key: null });
		expect(await waiting()).toEqual([]);
		await drive(sandbox, '/events', { type: 'plan.created' });
		await sandbox.engine.settle();
		expect(arrivals).toHaveLength(5);
	});

	it('list every event and fire each of them', async () => {
		const sandbox = await sandboxWith();
		const list = await ask(sandbox, 'GET', '/_sandbox/events', { token: null });
		const types = (list.at('data.types') as readonly Record<string, unknown>[]).map(
			(one) => one['type'],
		);
		expect(types).toHaveLength(expectedCounts.events);
		for (const type of types) {
			expect((await drive(sandbox, '/events', { type })).status).toBe(201);
		}
	});

	it.each([
		['/events', {}, 'type'],
		['/events', { type: 'unicorn.spotted' }, 'type'],
		['/events', { type: ['plan.created'] }, 'type'],
		['/events', { type: 'plan.created', data: [] }, 'data'],
		['/time', { advance: 'soon' }, 'advance'],
		['/actions', { action: 'fly' }, 'action'],
		['/actions', { action: 'constructor' }, 'action'],
		['/tokens', { abilities: ['fly'] }, 'abilities'],
		['/events', { type: 'plan.created', project_id: 5 }, 'project_id'],
		['/time', { advance: '40000d' }, 'advance'],
		['/tokens', { expires_in: 'soon' }, 'expires_in'],
		['/tokens', { expires_in: '999999999999d' }, 'expires_in'],
		// A list that is none must not give a token that may do everything.
		['/tokens', { abilities: 'project:view' }, 'abilities'],
		['/tokens', { abilities: ['project:view', 7] }, 'abilities'],
		['/tokens', { project_ids: 'prj_1' }, 'project_ids'],
		['/tokens', { project_ids: ['prj_none'] }, 'project_ids'],
		['/tokens', { name: 7 }, 'name'],
		['/tokens', { environment: 'prod' }, 'environment'],
		['/faults', { kind: 'duplicate_delivery', endpoint_id: 'whe_none' }, 'endpoint_id'],
		['/faults', { kind: 'duplicate_delivery', endpoint: 'whe_1' }, 'fault'],
	])('POST %s with %j names what is wrong', async (path, body, field) => {
		const sandbox = shared();
		const reply = await drive(sandbox, path, body);
		expect(reply.status).toBe(422);
		expect(Object.keys(reply.at('error.fields') as object)).toEqual([field]);
	});

	it.each([
		['/deliveries?status=lost', { status: ['Must be one of: pending, delivered, failed, dead.'] }],
		['/deliveries?limit=0', { limit: ['Must be a whole number above 0.'] }],
		['/deliveries?limit=many', { limit: ['Must be a whole number above 0.'] }],
	])('GET %s: %j', async (path, fields) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', `/_sandbox${path}`, { token: null });
		expect([reply.status, reply.at('error.fields')]).toEqual([422, fields]);
	});

	it.each([
		['/endpoints/whe_none/rotate', undefined],
		['/deliveries/dlv_none/replay', undefined],
		['/events', { type: 'plan.created', project_id: 'prj_none' }],
	])('POST %s of what is not there: 404', async (path, body) => {
		const sandbox = shared();
		const reply = await drive(sandbox, path, body);
		expect([reply.status, reply.at('error.code')]).toEqual([404, 'RESOURCE_NOT_FOUND']);
		expect(sandbox.engine.listDeliveries({})).toEqual([]);
	});

	it.each([['[]'], ['"text"'], ['7']])('a body that is %s and no object: 400', async (raw) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'POST', '/_sandbox/events', { raw, token: null, key: null });
		expect([reply.status, reply.at('error.message')]).toEqual([
			400,
			'The body must be a JSON object.',
		]);
	});

	it('a delivery fires nothing, or an endpoint with this address would never come to rest', async () => {
		const sandbox = await sandboxWith();
		const url = `${sandbox.url}/_sandbox/events`;
		await subscribe(sandbox, url, ['plan.created']);
		const events = sandbox.engine.recentEvents().length;
		await drive(sandbox, '/events', { type: 'plan.created' });
		await sandbox.engine.settle();
		expect(sandbox.engine.recentEvents()).toHaveLength(events + 1);
		const [delivery] = sandbox.engine.listDeliveries();
		expect(delivery?.attempts.map(({ response }) => response?.status)).toEqual([400]);
		expect(delivery?.attempts[0]?.response?.body).toContain('/_sandbox/page/inbox');
	});

	it('an event needs a project, and says so when none is left', async () => {
		const sandbox = await sandboxWith();
		sandbox.state.projects.clear();
		const reply = await drive(sandbox, '/events', { type: 'plan.created' });
		expect([reply.status, reply.at('error.fields')]).toEqual([
			422,
			{ project_id: ['There is no project left.'] },
		]);
	});

	it('refuse to move time that is real', async () => {
		const sandbox = await sandboxWith({ clock: new RealClock() });
		const reply = await drive(sandbox, '/time', { advance: '1h' });
		expect([reply.status, reply.at('error.message')]).toEqual([
			409,
			'Time is real here and cannot be moved.',
		]);
	});

	it('move virtual time and say what it is', async () => {
		const sandbox = await sandboxWith();
		const reply = await drive(sandbox, '/time', { advance: '1d' });
		expect(reply.data).toEqual({ now: '2026-06-02T09:00:00Z' });
	});

	it('mint tokens with fewer rights', async () => {
		const sandbox = await sandboxWith();
		const made = await drive(sandbox, '/tokens', {
			abilities: ['project:view-any'],
			expires_in: '10m',
		});
		const token = String(made.data['token']);
		expect((await ask(sandbox, 'GET', '/v1/projects', { token })).status).toBe(200);
		expect((await ask(sandbox, 'GET', '/v1/teams', { token })).status).toBe(403);
		await sandbox.advance(10 * minute);
		expect((await ask(sandbox, 'GET', '/v1/projects', { token })).status).toBe(401);
	});

	it.each([
		[{}, 'mpt_test_', 'Minted in the sandbox'],
		[{ environment: 'test', name: 'Mine' }, 'mpt_test_', 'Mine'],
		[{ environment: 'live' }, 'mpt_live_', 'Minted in the sandbox'],
	])('mint a token with %j: %s…, %s', async (body, prefix, name) => {
		const made = await drive(shared(), '/tokens', body);
		expect(made.status).toBe(201);
		expect(made.data).toMatchObject({ name, token: expect.stringMatching(`^${prefix}`) });
	});

	it('mint tokens for some projects', async () => {
		const sandbox = await sandboxWith();
		const made = await drive(sandbox, '/tokens', {
			project_ids: [sandbox.seeded.project.id],
		});
		const list = await ask(sandbox, 'GET', '/v1/projects', { token: String(made.data['token']) });
		expect(list.rows.map((row) => row['id'])).toEqual([sandbox.seeded.project.id]);
	});

	it('stream what happens to deliveries, and let go when the sandbox closes', async () => {
		const sandbox = await sandboxWith();
		const { url } = await receive();
		await subscribe(sandbox, url, ['plan.created']);
		const response = await fetch(`${sandbox.url}/_sandbox/deliveries/stream`);
		expect(response.headers.get('content-type')).toBe('text/event-stream');
		const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
		let text = '';
		const read = async (until: string): Promise<void> => {
			while (!text.includes(until)) {
				const next = await reader?.read();
				if (next === undefined || next.done) return;
				text += next.value;
			}
		};
		// In milliseconds: by itself a browser would wait for three seconds before it comes back.
		await read('retry: 1000\n: ready');
		await drive(sandbox, '/events', { type: 'plan.created' });
		await read('"status":"delivered"');
		expect(text).toMatch(/event: event\ndata: /);
		// Whose it is stays inside.
		expect(text).not.toContain('teamId');
		const lines = text.split('\n').filter((line) => line.startsWith('data: '));
		const last = JSON.parse(lines.at(-1)?.slice(6) ?? '{}') as object;
		expect(at(last, 'delivery.attempts.0.response.body')).toBe('answer 200');
		await sandbox.close();
		await expect(read('never')).rejects.toThrow('terminated');
	});

	it('do not listen for somebody who asks for the head of the stream only', async () => {
		const sandbox = await sandboxWith();
		const listening = jest.spyOn(sandbox.engine, 'onChange');
		const asked = request(`${sandbox.url}/_sandbox/deliveries/stream`, { method: 'HEAD' }).end();
		const [response] = (await once(asked, 'response')) as [IncomingMessage];
		response.resume();
		await once(response, 'end');
		expect(response.headers['content-type']).toBe('text/event-stream');
		expect(listening).not.toHaveBeenCalled();
	});

	it('let go of a listener that went away', async () => {
		const sandbox = await sandboxWith();
		const stop = jest.fn();
		jest.spyOn(sandbox.engine, 'onChange').mockReturnValue(stop);
		const response = await fetch(`${sandbox.url}/_sandbox/deliveries/stream`);
		expect(stop).not.toHaveBeenCalled();
		await response.body?.cancel();
		await until(() => stop.mock.calls.length > 0);
		expect(stop).toHaveBeenCalledTimes(1);
	});

	it('let go of a listener that no longer reads, instead of keeping all for it', async () => {
		const sandbox = await sandboxWith();
		const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
		const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
		socket.on('error', () => undefined);
		socket.write('GET /_sandbox/deliveries/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
		await once(socket, 'data');
		socket.pause();
		// A megabyte each; what the two sockets hold is a small part of forty.
		for (let count = 0; count < 40; count++) {
			sandbox.fire('plan.created', { note: 'x'.repeat(1024 * 1024) });
		}
		// Read what is left, to see the end.
		socket.resume();
		await closed;
		expect(socket.bytesRead).toBeLessThan(32 * 1024 * 1024);
	});

	it.each([
		[1_500, 1_500],
		['1500', 1_500],
		['90s', 90_000],
		['10m', 600_000],
		['4d', 4 * day],
		['1.5h', 5_400_000],
		[0, 0],
		['36525d', 36_525 * day],
		['36526d', null],
		[['5'], null],
		['-1', null],
		[-1, null],
		['soon', null],
		['', null],
		[NaN, null],
		[{}, null],
	])('a duration of %j is %j ms', (raw, ms) => {
		expect(readDuration(raw)).toBe(ms);
	});
});
