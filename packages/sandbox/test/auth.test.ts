import { inProject } from '../src/state.ts';
import { hour } from '../src/time.ts';
import { ask, idsOf, projectOf, sandboxWith, useSandbox } from './support/sandbox.ts';

/** For calls that change nothing. */
const shared = useSandbox({ rateLimits: false });

describe('who may call', () => {
	it.each([
		['no header', () => ({})],
		['another scheme', () => ({ authorization: 'Basic bXB0OnRlc3Q=' })],
		['no token', () => ({ authorization: 'Bearer ' })],
		['no such token', () => ({ authorization: 'Bearer mpt_test_01HX_0000' })],
		[
			'a token without its environment',
			(plain: string) => ({
				authorization: `Bearer ${plain.slice('mpt_test_'.length)}`,
			}),
		],
		['a wrong secret', (plain: string) => ({ authorization: `Bearer ${plain}0` })],
		['half a token', (plain: string) => ({ authorization: `Bearer ${plain.slice(0, -4)}` })],
		['two tokens', (plain: string) => ({ authorization: `Bearer ${plain} ${plain}` })],
	])('%s: 401 AUTHENTICATION_REQUIRED', async (_name, headers) => {
		const sandbox = shared();
		const reply = await ask(sandbox, 'GET', '/v1/projects', {
			token: null,
			headers: headers(sandbox.token),
		});
		expect([reply.status, reply.at('error.code')]).toEqual([401, 'AUTHENTICATION_REQUIRED']);
	});

	it('tokens are mpt_test_<id>_<secret>', () => {
		const { token } = shared();
		expect(token).toMatch(/^mpt_test_[0-9A-HJKMNP-TV-Z]{26}_[0-9a-f]{40}$/);
	});

	it('a live sandbox gives live tokens and refuses those for tests', async () => {
		const sandbox = await sandboxWith({ environment: 'live' });
		expect(sandbox.token).toMatch(/^mpt_live_/);
		const { plain } = sandbox.mint({ environment: 'test' });
		expect((await ask(sandbox, 'GET', '/v1/projects', { token: plain })).status).toBe(401);
	});

	it('a token of the other environment is refused although it was minted here', async () => {
		const sandbox = await sandboxWith();
		const { plain } = sandbox.mint({ environment: 'live' });
		expect((await ask(sandbox, 'GET', '/v1/projects', { token: plain })).status).toBe(401);
	});

	it('a revoked token is refused from the next call on, also one that revoked itself', async () => {
		const sandbox = await sandboxWith();
		const { id, plain } = sandbox.mint();
		const before = await ask(sandbox, 'DELETE', `/v1/tokens/${id}`, { token: plain });
		const after = await ask(sandbox, 'GET', '/v1/projects', { token: plain });
		expect([before.status, after.status]).toEqual([204, 401]);
		const list = await ask(sandbox, 'GET', '/v1/tokens');
		expect(list.rows.map((row) => row['id'])).not.toContain(id);
		expect((await ask(sandbox, 'GET', `/v1/tokens/${id}`)).status).toBe(404);
	});

	it('a token works until it expires, and says when it was last used', async () => {
		const sandbox = await sandboxWith();
		const token = sandbox.mint({ expiresAt: '2026-06-01T10:00:00Z' });
		expect(token.last_used_at).toBeNull();
		const before = await ask(sandbox, 'GET', `/v1/tokens/${token.id}`, { token: token.plain });
		await sandbox.advance(hour);
		const after = await ask(sandbox, 'GET', `/v1/tokens/${token.id}`, { token: token.plain });
		expect([before.status, after.status]).toEqual([200, 401]);
		expect(before.data['last_used_at']).toBe('2026-06-01T09:00:00Z');
		expect(token.last_used_at).toBe('2026-06-01T09:00:00Z');
	});

	it('the scheme is read in any case', async () => {
		const sandbox = shared();
		const headers = { authorization: `bearer ${sandbox.token}` };
		const reply = await ask(sandbox, 'GET', '/v1/projects', { token: null, headers });
		expect(reply.status).toBe(200);
	});
});

describe('what a token sees', () => {
	it('all projects of its team and none of another', async () => {
		const sandbox = shared();
		const own = await ask(sandbox, 'GET', '/v1/projects');
		const other = await ask(sandbox, 'GET', '/v1/projects', { token: sandbox.otherToken });
		expect(own.rows.map((row) => row['handle'])).toEqual([
			'drafts-no-bot',
			'cafe-uber-klub',
			'research-premium',
		]);
		expect(other.rows.map((row) => row['handle'])).toEqual(['quiet-kitchen']);
	});

	it.each(['/roles', '/groups', '/tokens'])(
		'%s of its team and none of another, whoever they belong to',
		async (path) => {
			const sandbox = await sandboxWith();
			const { state } = sandbox;
			const [own, other] = [...state.teams.keys()];
			const tables = { '/roles': state.roles, '/groups': state.groups, '/tokens': state.tokens };
			const table = tables[path as keyof typeof tables] as Map<string, { team_id: string }>;
			const [row] = [...table.values()].filter(({ team_id }) => team_id === own);
			if (row === undefined || other === undefined) throw new Error('The account is empty.');
			const before = (await ask(sandbox, 'GET', `/v1${path}`)).rows;
			table.set('of_another', { ...row, team_id: other });
			const after = (await ask(sandbox, 'GET', `/v1${path}`)).rows;
			expect(before.length).toBeGreaterThan(0);
			expect(after.length).toBe(before.length);
		},
	);

	it('nothing of what is logged in another team, and of each thing what is its own', async () => {
		const sandbox = await sandboxWith();
		const { id } = sandbox.seeded.project;
		await ask(sandbox, 'PATCH', `/v1/projects/${id}`, { body: { name: 'Another name' } });
		const seen = async (type: string, of: string, token?: string): Promise<number> => {
			const path = `/v1/activity?subject_type=${type}&subject_id=${of}`;
			return (await ask(sandbox, 'GET', path, token === undefined ? {} : { token })).rows.length;
		};
		expect(await seen('project', id)).toBeGreaterThan(0);
		expect(await seen('project', id, sandbox.otherToken)).toBe(0);
		expect(await seen('plan', id)).toBe(0);
		expect(await seen('project', 'prj_none')).toBe(0);
	});

	it('only its projects, where it is confined to some', async () => {
		const sandbox = shared();
		const token = sandbox.projectToken;
		const list = await ask(sandbox, 'GET', '/v1/projects', { token });
		expect(list.rows.map((row) => row['handle'])).toEqual(['research-premium']);
		const sibling = projectOf(sandbox, 'cafe-uber-klub');
		const [subscription] = inProject(sandbox.state.subscriptions, sibling.id);
		for (const path of [
			`/projects/${sibling.id}`,
			`/projects/${sibling.id}/plans`,
			`/subscriptions/${String(subscription?.id)}`,
			`/analytics/plan-performance?project_id=${sibling.id}`,
		]) {
			const ofTeam = await ask(sandbox, 'GET', `/v1${path}`);
			const confined = await ask(sandbox, 'GET', `/v1${path}`, { token });
			expect([ofTeam.status, confined.status]).toEqual([200, 404]);
		}
		const subscriptions = await ask(sandbox, 'GET', '/v1/subscriptions?limit=100', { token });
		expect(new Set(subscriptions.rows.map((row) => row['project_id']))).toEqual(
			new Set([sandbox.seeded.project.id]),
		);
	});

	it('of the activity log only what happened in its projects, where it is confined to some', async () => {
		const sandbox = await sandboxWith();
		const [own, sibling] = [sandbox.seeded.project.id, projectOf(sandbox, 'cafe-uber-klub').id];
		const seen = async (id: string, token: string): Promise<number> => {
			const path = `/v1/activity?subject_type=project&subject_id=${id}`;
			return (await ask(sandbox, 'GET', path, { token })).rows.length;
		};
		for (const id of [own, sibling]) {
			await ask(sandbox, 'PATCH', `/v1/projects/${id}`, { body: { name: `Renamed ${id}` } });
		}
		const ofTeam = [await seen(own, sandbox.token), await seen(sibling, sandbox.token)];
		const confined = [
			await seen(own, sandbox.projectToken),
			await seen(sibling, sandbox.projectToken),
		];
		expect(ofTeam[1]).toBeGreaterThan(0);
		expect(confined).toEqual([ofTeam[0], 0]);
	});

	it('an endpoint of a token of one project hears of that project only', async () => {
		const sandbox = await sandboxWith();
		const body = {
			name: 'Mine',
			url: 'https://hooks.example.com/a',
			events: ['plan.created'],
		};
		const made = await ask(sandbox, 'POST', '/v1/webhook-endpoints', {
			token: sandbox.projectToken,
			body,
		});
		expect(made.data['project_id']).toBe(sandbox.seeded.project.id);
	});

	it('endpoints of the team and of other projects are hidden from a token that is confined to one', async () => {
		const sandbox = await sandboxWith();
		const { endpoint } = idsOf(sandbox);
		const project_id = projectOf(sandbox, 'cafe-uber-klub').id;
		const url = 'https://hooks.example.com/a';
		const other = { name: 'Other', url, events: ['plan.created'], project_id };
		expect((await ask(sandbox, 'POST', '/v1/webhook-endpoints', { body: other })).status).toBe(201);
		const token = sandbox.projectToken;
		expect((await ask(sandbox, 'GET', '/v1/webhook-endpoints', { token })).rows).toEqual([]);
		const path = `/v1/webhook-endpoints/${endpoint}`;
		expect((await ask(sandbox, 'DELETE', path, { token })).status).toBe(404);
		const retry = `/v1/webhook-deliveries/${String(sandbox.engine.testEndpoint(endpoint))}/retry`;
		expect((await ask(sandbox, 'POST', retry, { token })).status).toBe(404);
		expect((await ask(sandbox, 'POST', retry)).status).toBe(200);
	});

	it('its own endpoints and their deliveries, where it is confined to a project', async () => {
		const sandbox = await sandboxWith();
		const { endpoint } = idsOf(sandbox);
		const token = sandbox.projectToken;
		const body = { name: 'Mine', url: 'https://hooks.example.com/a', events: ['plan.created'] };
		const made = await ask(sandbox, 'POST', '/v1/webhook-endpoints', { token, body });
		const id = String(made.data['id']);
		const list = await ask(sandbox, 'GET', '/v1/webhook-endpoints', { token });
		expect(list.rows.map((row) => row['id'])).toEqual([id]);
		const tested = await ask(sandbox, 'POST', `/v1/webhook-endpoints/${id}/test`, { token });
		const retry = async (delivery: unknown) =>
			(await ask(sandbox, 'POST', `/v1/webhook-deliveries/${String(delivery)}/retry`, { token }))
				.status;
		expect(await retry(tested.data['delivery_id'])).toBe(200);
		expect(await retry(sandbox.engine.testEndpoint(endpoint))).toBe(404);
	});

	it('of past events only those of its projects and of the account, and of one project where asked', async () => {
		const sandbox = await sandboxWith();
		const own = sandbox.seeded.project.id;
		const sibling = projectOf(sandbox, 'cafe-uber-klub').id;
		const quiet = projectOf(sandbox, 'drafts-no-bot').id;
		for (const project of [own, sibling, own]) {
			sandbox.fire('member.kicked', {}, project);
		}
		const seen = async (query: string, token: string): Promise<readonly unknown[]> => {
			const path = `/v1/webhook-events?type=member.kicked${query}`;
			return (await ask(sandbox, 'GET', path, { token })).rows.map((row) => row['project_id']);
		};
		expect(await seen('', sandbox.token)).toEqual([own, sibling, own]);
		expect(await seen('', sandbox.projectToken)).toEqual([own, own]);
		expect(await seen(`&project_id=${sibling}`, sandbox.token)).toEqual([sibling]);
		expect(await seen(`&project_id=${quiet}`, sandbox.token)).toEqual([]);
		expect(await seen(`&project_id=${sibling}`, sandbox.projectToken)).toEqual([]);
		sandbox.fire('team.deleted');
		const account = await ask(sandbox, 'GET', '/v1/webhook-events?type=team.deleted', {
			token: sandbox.projectToken,
		});
		expect(account.rows.map((row) => row['project_id'])).toContain(null);
	});

	it('a past event outlives its project, such as the one that says it was deleted', async () => {
		const sandbox = await sandboxWith();
		const { id } = sandbox.seeded.project;
		await ask(sandbox, 'DELETE', `/v1/projects/${id}`);
		const events = await ask(sandbox, 'GET', '/v1/webhook-events?type=project.deleted');
		expect(events.rows.map((row) => row['project_id'])).toEqual([id]);
	});

	it("only the owner's tokens; a colleague's looks like a missing one", async () => {
		const sandbox = await sandboxWith();
		const [colleague] = [...sandbox.state.tokens.values()].filter(
			(row) => row.name === "A colleague's token",
		);
		if (colleague === undefined) throw new Error('The seed has no token of a colleague.');
		const list = await ask(sandbox, 'GET', '/v1/tokens');
		expect(list.rows.map((row) => row['name'])).toEqual(['One project only', 'Sandbox']);
		const path = `/v1/tokens/${colleague.id}`;
		expect((await ask(sandbox, 'GET', path)).status).toBe(404);
		expect((await ask(sandbox, 'DELETE', path)).status).toBe(404);
		expect(colleague.revoked).toBe(false);
	});

	it('never a token itself, not even its own', async () => {
		const sandbox = shared();
		const { text } = await ask(sandbox, 'GET', '/v1/tokens');
		expect(text).not.toContain(sandbox.token.slice(-40));
	});

	it('nothing secret that a line of the activity log may hold', async () => {
		const sandbox = await sandboxWith();
		const { id } = sandbox.seeded.project;
		await ask(sandbox, 'PATCH', `/v1/projects/${id}`, { body: { name: 'A fine name' } });
		const line = sandbox.state.activity.at(-1);
		if (line === undefined) throw new Error('Nothing was written down.');
		const properties = {
			bot_token: 'x',
			webhook_secret: 'x',
			Password: 'x',
			api_key: 'x',
			note: 'y',
		};
		sandbox.state.activity.push({ ...line, properties });
		const list = await ask(sandbox, 'GET', `/v1/activity?subject_type=project&subject_id=${id}`);
		expect(list.rows.map((row) => row['properties'])).toContainEqual({ note: 'y' });
		expect(list.text).not.toContain('"x"');
	});

	it('subscribing needs the ability of each event, and the refusal names it', async () => {
		const sandbox = await sandboxWith();
		const { plain } = sandbox.mint({
			abilities: ['webhook-endpoint:manage', 'project-subscription:view-any'],
		});
		const subscribe = (events: readonly string[]) =>
			ask(sandbox, 'POST', '/v1/webhook-subscriptions', {
				token: plain,
				body: { name: 'Zap', url: 'https://hooks.example.com/zap', events },
			});
		expect((await subscribe(['subscription.created', 'payment.failed'])).status).toBe(201);
		const refused = await subscribe(['subscription.created', 'member.joined']);
		expect([refused.status, refused.at('error.context')]).toEqual([
			403,
			{ required_ability: 'project-user:view-any' },
		]);
	});
});
