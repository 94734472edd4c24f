import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { expectedCounts } from '../../../shared/testing/src/counts.ts';
import { omit } from '../src/omit.ts';
import { cycleText } from '../src/page/account.ts';
import { assets } from '../src/page/assets.ts';
import { inProject } from '../src/state.ts';
import { drive, projectOf, sandboxWith, useSandbox } from './support/sandbox.ts';

const folder = join(__dirname, '../src/page');
const squeeze = (text: string): string => text.replace(/\s+/g, ' ');

/** One for all: no test looks at what another changes. */
const shared = useSandbox({ rateLimits: false });

const get = (path: string): Promise<Response> => fetch(shared().url + path);

/** fetch would not send a foreign Origin, or another Host. */
function send(
	method: string,
	path: string,
	headers: Readonly<Record<string, string>>,
	body = '',
): Promise<number> {
	return new Promise((resolve, reject) => {
		request(shared().url + path, { method, headers }, (response) => {
			response.resume();
			resolve(response.statusCode ?? 0);
		})
			.on('error', reject)
			.end(body);
	});
}

describe('The page', () => {
	it('that is served is the one that was written', () => {
		expect(Object.keys(assets)).toEqual(expect.arrayContaining(['index.html', 'main.js']));
		for (const [name, text] of Object.entries(assets)) {
			expect(text).toBe(readFileSync(join(folder, 'client', name), 'utf8'));
		}
	});

	it('allows no script but its own files, and no way from a text to HTML', async () => {
		const answer = await get('/');
		expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
		const policy = answer.headers.get('content-security-policy')?.split('; ');
		expect(policy?.sort()).toEqual([
			"base-uri 'none'",
			"connect-src 'self'",
			"default-src 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
			"img-src 'self'",
			"require-trusted-types-for 'script'",
			"script-src 'self'",
			"style-src 'self'",
			"trusted-types 'none'",
		]);
		expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
		expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin');
		expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
		// The sandbox of tomorrow has another page here.
		expect(answer.headers.get('cache-control')).toBe('no-cache');
		const html = await answer.text();
		expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\s(?:style|on\w+)=/);
		// Nothing is loaded from elsewhere.
		expect(squeeze(html)).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
	});

	it.each([
		['page.css', 'text/css; charset=utf-8'],
		['main.js', 'text/javascript; charset=utf-8'],
		['icon.svg', 'image/svg+xml'],
	])('serves %s as %s', async (name, type) => {
		const answer = await get(`/_sandbox/page/${name}`);
		expect(answer.headers.get('content-type')).toBe(type);
		expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
		expect(await answer.text()).toBe(assets[name]);
	});
});

describe('What the page is told of the account', () => {
	it('is the one token that lets one in, and no other secret', async () => {
		const text = await (await get('/_sandbox/page/account')).text();
		const tokens = [...shared().state.tokens.values()].map(({ plain }) => plain);
		expect(tokens.filter((plain) => text.includes(plain))).toEqual([shared().token]);
		const codes = [...shared().state.accessCodes.values()].map(({ code }) => code);
		expect(codes.length).toBeGreaterThan(0);
		expect(codes.filter((code) => text.includes(code))).toEqual([]);
	});

	it.each([
		['?project=', 'research-premium'],
		['?project=prj_none', 'research-premium'],
		['', 'research-premium'],
		['?project[]=x', 'research-premium'],
		['?project=CAFE', 'cafe-uber-klub'],
	])('is of the project that is asked for, or of the first: %s', async (query, handle) => {
		const cafe = projectOf(shared(), 'cafe-uber-klub').id;
		const path = `/_sandbox/page/account${query.replace('CAFE', cafe)}`;
		const { data } = (await (await get(path)).json()) as { data: { project: string } };
		expect(data.project).toBe(projectOf(shared(), handle).id);
	});

	it('is a row of everything, as a person reads it', async () => {
		const sandbox = await sandboxWith();
		const accessCode = [...sandbox.state.accessCodes.values()].find(
			({ redeemed_at }) => redeemed_at === null,
		);
		if (accessCode === undefined) throw new Error('The seeded account has no open access code.');
		Object.assign(accessCode, { code: 'ABCD23456789', expires_at: null });
		const url = `${sandbox.url}/_sandbox/page/account`;
		const { data } = (await (await fetch(url)).json()) as {
			data: Record<string, { total: number; rows: readonly Record<string, unknown>[] }>;
		};
		const { id } = sandbox.seeded.project;
		expect(data).toMatchObject({ now: '2026-06-01T09:00:00Z', time: 'virtual', apiPath: '/v1' });
		const rowsOf = (name: string) => (data[name]?.rows ?? []).map((row) => omit(row, 'id'));
		expect(data['projects']?.rows[0]?.['id']).toBe(id);
		expect(rowsOf('projects').map(({ handle, team }) => [handle, team])).toEqual([
			['research-premium', 'Research Collective'],
			['cafe-uber-klub', 'Research Collective'],
			['drafts-no-bot', 'Research Collective'],
			// Of the other team, and so the last.
			['quiet-kitchen', 'Quiet Kitchen'],
		]);
		expect(rowsOf('plans')[0]).toEqual({
			name: 'Founders Lifetime',
			price: '499.00 USD',
			cycle: 'once',
			trialDays: 0,
			active: false,
		});
		expect(rowsOf('members')[0]).toEqual({
			name: 'Mateo García',
			email: 'mateo@example.com',
			telegramId: '700100003',
			status: 'trialing',
			joinedAt: '2026-05-30T06:00:00Z',
		});
		expect(rowsOf('subscriptions')[0]).toEqual({
			member: 'Mateo García',
			plan: 'Trial Monthly',
			status: 'trialing',
			provider: 'paypal',
			endsAt: '2026-06-15T09:00:00Z',
			cancelQueued: false,
		});
		expect(rowsOf('accessCodes')).toContainEqual({
			code: 'ABCD****6789',
			plan: 'Premium Monthly',
			status: 'open',
			expiresAt: null,
		});
		expect(rowsOf('payments')[0]).toEqual({
			amount: '29.00 USD',
			plan: 'Premium Monthly',
			status: 'successful',
			provider: 'stripe',
			at: '2026-05-28T06:43:37Z',
		});
		expect(rowsOf('resources')[0]).toEqual({
			title: 'Onboarding PDF',
			type: 'manual',
			active: true,
		});
		expect(rowsOf('teamMembers').map(({ name, role }) => [name, role])).toEqual([
			['Nora Lindqvist', 'Owner'],
			['Priya Patel', 'Manager'],
			['Jonas Weber', 'Viewer'],
			['Elif Demir', 'Owner'],
		]);
		expect(rowsOf('tokens')[1]).toEqual({
			name: 'One project only',
			team: 'Research Collective',
			abilities: sandbox.seeded.token.abilities.length,
			projects: ['Research Premium'],
			lastUsedAt: null,
			expiresAt: null,
		});
	});

	it('is the newest 100 rows of a kind, with the number of all', async () => {
		const [first] = shared().state.members.values();
		if (first === undefined) throw new Error('The seeded account has no members.');
		const before = inProject(shared().state.members, first.project_id).length;
		for (let count = 0; count < 150; count++) {
			const id = `new_${count}`;
			shared().state.members.set(id, { ...first, id, joined_at: '2026-06-01T09:00:00Z' });
		}
		const { data } = (await (
			await get(`/_sandbox/page/account?project=${first.project_id}`)
		).json()) as {
			data: { members: { total: number; rows: { id: string }[] } };
		};
		expect(data.members.rows).toHaveLength(100);
		expect(data.members.rows.filter(({ id }) => !id.startsWith('new_'))).toEqual([]);
		expect(data.members.total).toBe(before + 150);
	});

	it.each([
		[{ billing_cycle: 'months', billing_cycle_count: 1 }, 'every month'],
		[{ billing_cycle: 'months', billing_cycle_count: 3 }, 'every 3 months'],
		[{ billing_cycle: 'lifetime', billing_cycle_count: 1 }, 'once'],
	])('says of %j: %s', (plan, text) => {
		expect(cycleText(plan)).toBe(text);
	});
});

describe('What the page may do', () => {
	it.each([
		['POST', '/_sandbox/page/endpoints'],
		['POST', '/_sandbox/page/endpoints/whe_1/test'],
		['DELETE', '/_sandbox/page/endpoints/whe_1'],
		['GET', '/_sandbox/page/account'],
	])('no page of another origin may: %s %s', async (method, path) => {
		const headers = { origin: 'https://evil.example', 'content-type': 'application/json' };
		expect(await send(method, path, headers, method === 'POST' ? '{}' : '')).toBe(421);
	});

	it.each([
		['POST', '/_sandbox/page/endpoints/whe_1'],
		['POST', '/_sandbox/page/endpoints/whe_1/test'],
		['DELETE', '/_sandbox/page/endpoints/whe_1'],
	])('does not exist for an endpoint that is gone: %s %s', async (method, path) => {
		expect(await send(method, path, {})).toBe(404);
	});

	it.each([
		[{ url: '' }, 'url'],
		[{ url: 'http://example.com' }, 'url'],
		[{ url: 'https://example.com', events: ['no.such'] }, 'events'],
		// A list that is none must not subscribe to everything.
		[{ url: 'https://example.com', events: 'plan.created' }, 'events'],
		[{ url: 'https://example.com', events: [{ toString: 1 }] }, 'events'],
		[{ url: 'https://example.com', project_id: 5 }, 'project_id'],
		[{ url: 'https://example.com', name: 7 }, 'name'],
	])('names what is wrong with an endpoint: %j', async (body, field) => {
		const answer = await fetch(`${shared().url}/_sandbox/page/endpoints`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		expect(answer.status).toBe(422);
		expect(await answer.json()).toMatchObject({
			error: { fields: { [field]: expect.any(Array) } },
		});
	});

	it('names an endpoint that nobody named, which hears of everything in the account', async () => {
		const sandbox = await sandboxWith();
		const reply = await drive(sandbox, '/page/endpoints', {
			url: 'https://example.com',
			name: ' ',
		});
		expect(reply.status).toBe(201);
		expect(reply.at('data.endpoint')).toMatchObject({
			name: 'From the page',
			url: 'https://example.com',
			project_id: null,
			is_active: true,
		});
		expect(reply.at('data.endpoint.events')).toHaveLength(expectedCounts.events);
		expect(reply.at('data.secret')).toMatch(/^mps_sandbox_[0-9a-f]{32}$/);
		expect(reply.text).not.toContain('teamId');
	});

	it.each([
		['{"is_active":"false"}', 422],
		['{"is_active":null}', 422],
		['[]', 400],
	])('does not switch an endpoint on that it is asked %s of', async (body, status) => {
		const { endpoint } = shared().engine.addEndpoint({
			name: 'Off',
			url: 'https://example.com',
			events: ['plan.created'],
			projectId: null,
			allowedIps: null,
			isActive: false,
			teamId: shared().seeded.team.id,
		});
		const headers = { 'content-type': 'application/json' };
		expect(await send('POST', `/_sandbox/page/endpoints/${endpoint.id}`, headers, body)).toBe(
			status,
		);
		const after = shared()
			.engine.listEndpoints()
			.find(({ id }) => id === endpoint.id);
		expect(after?.is_active).toBe(false);
	});

	it.each([
		['/_sandbox/page/inbox', 200],
		['/_sandbox/page/inbox?status=503', 503],
		['/_sandbox/page/inbox?status=9999', 200],
		['/_sandbox/page/inbox?status=199', 200],
		['/_sandbox/page/inbox?status=200.5', 200],
		['/_sandbox/page/inbox?status=299', 299],
		['/_sandbox/page/inbox?status=599', 599],
		['/_sandbox/page/inbox?status=600', 200],
	])('the inbox at %s answers %i', async (path, status) => {
		expect(await send('POST', path, { 'content-type': 'application/json' }, '{}')).toBe(status);
	});
});
