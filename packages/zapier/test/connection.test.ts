import http from 'node:http';
import type { AddressInfo } from 'node:net';

import nock from 'nock';

import { operation } from '@memberpass/catalogue';
import { toWire } from '@memberpass/protocol';

import { guarded } from '../src/failure.ts';
import app from '../src/index.ts';
import { ask, openSession, orFail, readRowsOf, runLimits } from '../src/session.ts';
import {
	bareApp,
	call,
	expectNoLeak,
	origin,
	run,
	secret,
	thrownBy,
	token,
	type BundlePart,
} from './support.ts';

const team = { data: { id: 'tem_01JRZ6W3H9XQ5TMN8WBC4KDV7Z', name: 'Research Collective' } };
const named = { team_id: 'tem_01JRZ6W3H9XQ5TMN8WBC4KDV7Z', team_name: 'Research Collective' };
const test = app.authentication?.test as Parameters<typeof call>[0];
const connect = (authData: Record<string, string> = {}) =>
	call(test, { authData: { api_token: token, ...authData } });

/** Runs a function of ours inside the real core, as the one search of an app. */
const probe = (perform: Parameters<typeof call>[0], bundle?: BundlePart) => {
	const search = { ...app.searches['list_roles'], key: 'probe', operation: { perform } };
	return call(perform, bundle, { ...bareApp, searches: { probe: search } });
};

const answered = (status: number, body: string | object, headers = {}) =>
	nock(origin).get('/v1/teams/current').reply(status, body, headers);

describe('connecting', () => {
	it.each([
		['test', token],
		['live', token.replace('_test_', '_live_')],
		['unknown environment', 'another-kind-of-token'],
	])(
		'names the team and the environment, %s, and never the token',
		async (environment, api_token) => {
			nock(origin, { reqheaders: { authorization: `Bearer ${api_token}` } })
				.get('/v1/teams/current')
				.reply(200, team);
			const facts = await connect({ api_token });
			expect(facts).toEqual({ ...named, environment });
			expect(JSON.stringify(facts)).not.toContain(api_token);
		},
	);

	it.each([
		['no', {}],
		['an empty', { name: '' }],
		['no text for a', { name: 7 }],
	])('calls a team with %s name by its ID', async (_, named) => {
		answered(200, { data: { id: 'tem_1', ...named } });
		await expect(connect()).resolves.toEqual({
			team_id: 'tem_1',
			team_name: 'tem_1',
			environment: 'test',
		});
	});

	it('shows both in the label', () => {
		expect(app.authentication?.connectionLabel).toBe('{{team_name}} ({{environment}})');
	});

	const envelope = (code: string, message: string, more = {}) => ({
		error: { code, message, request_id: 'req_01JVA70KDYBT3F4T1CF8B8HQ5Q', ...more },
	});

	it.each<[string, number, string | object, RegExp]>([
		[
			'a wrong token',
			401,
			envelope('AUTHENTICATION_REQUIRED', 'The token is invalid.'),
			/^The token is invalid\. This connection holds .* Create a token at https:\/\/app\.memberpass\.net\/settings\/tokens/,
		],
		[
			'a token without team:view',
			403,
			envelope('TOKEN_MISSING_ABILITY', 'An ability is missing.'),
			/lacks the ability "team:view"\. Create one that has it at https/,
		],
		['a server in trouble', 503, '', /answered with status 503/],
		['an HTML page for an error', 502, '<html>Bad gateway</html>', /answered with status 502/],
		['an HTML page for an answer', 200, '<html>Welcome</html>', /Check the API address/],
		['an answer without a team', 200, { data: [] }, /not with the documented data/],
		['a team without an ID', 200, { data: { name: 'X' } }, /not with the documented data/],
		['a redirect', 302, '', /answered with status 302/],
		['a rate limit', 429, '', /answered with status 429/],
	])('with %s says what to do', async (_, status, body, words) => {
		const tries = status >= 500 || status === 429 ? 2 : 1;
		nock(origin).get('/v1/teams/current').times(tries).reply(status, body);
		const thrown = await thrownBy(connect());
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toMatch(words);
		expect(thrown.status).toBe(status);
		expectNoLeak(thrown);
	});

	it.each<[string, Record<string, string>, RegExp]>([
		[
			'a test token on the live host',
			{ api_token: token },
			/holds a test token \(mpt_test_…\), which https:\/\/api\.memberpass\.net refuses: use a live token/,
		],
		[
			'a live token on another host',
			{ api_token: token.replace('_test_', '_live_'), api_origin: 'https://api.example.com' },
			/holds a live token .* clear the API Address/,
		],
		[
			'text that is no token',
			{ api_token: 'hello' },
			/start with mpt_live_ or mpt_test_, .* copy the whole token again/,
		],
		[
			'a token of another kind on another host',
			{ api_token: 'sbt_made-up', api_origin: 'https://api.example.com' },
			/invalid\. The token may have been revoked, or only part of it was copied/,
		],
		[
			'a test token that was pasted with spaces on the live host',
			{ api_token: ` ${token} ` },
			/holds a test token/,
		],
		[
			'a live token that was revoked',
			{ api_token: token.replace('_test_', '_live_') },
			/may have been revoked, or only part of it was copied/,
		],
		[
			'a test token that was revoked',
			{ api_token: token, api_origin: 'https://api.example.com' },
			/may have been revoked, or only part of it was copied/,
		],
	])('with %s says what is wrong with it', async (_, authData, words) => {
		nock(authData['api_origin'] ?? origin)
			.get('/v1/teams/current')
			.reply(401, envelope('AUTHENTICATION_REQUIRED', 'The token is invalid.'));
		const thrown = await thrownBy(connect(authData));
		expect(thrown.message).toMatch(words);
		expect(thrown.message).toContain('The token is invalid.');
		expectNoLeak(thrown);
	});

	it('to a dashboard, which leads to its own log-in page, says that the address is wrong', async () => {
		nock('https://app.memberpass.net')
			.get('/v1/teams/current')
			.reply(302, '', { location: '/login' });
		const thrown = await thrownBy(connect({ api_origin: 'https://app.memberpass.net' }));
		expect(thrown.message).toBe(
			'MemberPass answered with status 302 and no explanation. Check the API address. If it is right, a proxy in between may have answered. (status 302)',
		);
	});

	it('without a network says so', async () => {
		nock(origin)
			.get('/v1/teams/current')
			.times(2)
			.replyWithError(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
		const thrown = await thrownBy(connect());
		expect(thrown.message).toMatch(/api\.memberpass\.net could not be reached/);
		expectNoLeak(thrown);
	});

	it.each([
		['empty', '', /has no API token/],
		['blank', '  ', /has no API token/],
		['with a line break inside', 'mpt\nx', /characters that no token has/],
		['with braces', '{{bundle.authData.api_token}}', /characters that no token has/],
		['with letters a header cannot hold', 'tökén', /characters that no token has/],
	])('with a token that is %s sends nothing', async (_, api_token, words) => {
		const thrown = await thrownBy(connect({ api_token }));
		expect(thrown.message).toMatch(words);
		if (api_token.trim() !== '') expect(thrown.text).not.toContain(api_token);
	});

	it('without a token sends nothing', async () => {
		const thrown = await thrownBy(call(test, { authData: {} }));
		expect(thrown.message).toMatch(/has no API token/);
	});

	it('trims a token that was pasted with spaces', async () => {
		nock(origin, { reqheaders: { authorization: `Bearer ${token}` } })
			.get('/v1/teams/current')
			.reply(200, team);
		await expect(connect({ api_token: ` ${token}\n` })).resolves.toMatchObject(named);
	});
});

describe('the token', () => {
	it.each([
		'http://api.memberpass.net',
		'https://user:pass@api.memberpass.net',
		'https://127.0.0.1',
		'http://localhost:8080',
		'https://10.0.0.1',
		'https://api.memberpass.net/v1/other',
		'https://api.memberpass.net?x=1',
		'nonsense',
	])('is not sent to %s', async (api_origin) => {
		const thrown = await thrownBy(connect({ api_origin }));
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toMatch(/^The API address /);
		expectNoLeak(thrown);
	});

	it('goes to the address of the connection', async () => {
		nock('https://api.example.com', { reqheaders: { authorization: `Bearer ${token}` } })
			.get('/v1/teams/current')
			.reply(200, team);
		await expect(connect({ api_origin: 'https://api.example.com/v1/' })).resolves.toMatchObject(
			named,
		);
	});

	it('does not follow a redirect', async () => {
		answered(302, '', { location: 'https://elsewhere.example.com/v1/teams/current' });
		const elsewhere = nock('https://elsewhere.example.com')
			.get('/v1/teams/current')
			.reply(200, team);
		const thrown = await thrownBy(connect());
		expect(thrown.status).toBe(302);
		expect(elsewhere.isDone()).toBe(false);
		nock.cleanAll();
	});

	it('is not sent to a host that is not the one of the connection, whoever asks', async () => {
		const request = jest.fn();
		const session = openSession({ request } as never, { authData: { api_token: token } } as never);
		const elsewhere = {
			operation: 'probe',
			method: 'GET' as const,
			origin,
			url: 'https://api.memberpass.net.example.com/v1/teams',
			path: '/v1/teams',
			query: [],
			headers: {},
			body: null,
		};
		await expect(session.effects.send(elsewhere, 1_000)).rejects.toThrow(/left the origin/);
		expect(request).not.toHaveBeenCalled();
	});

	it.each([token, ' another-kind-of-token\n'])(
		'(%j) is in no error, even if MemberPass quotes it',
		async (api_token) => {
			answered(422, {
				error: {
					code: 'VALIDATION_FAILED',
					message: `Bad token ${api_token.trim()}, Bearer ${token}`,
				},
			});
			const thrown = await thrownBy(connect({ api_token }));
			expect(thrown.text).not.toContain(api_token.trim());
			expect(thrown.message).toContain('[hidden]');
			expectNoLeak(thrown);
		},
	);
});

describe('what core would leak', () => {
	const find = (bundle: object) => run('searches', 'list_roles', 'perform', bundle);

	it('stays out of the text of an error that nobody foresaw', async () => {
		const perform = guarded(() => Promise.reject(new TypeError(`boom ${token} ${secret}`)));
		const thrown = await thrownBy(
			probe(perform, {
				inputData: { private: 'a private input' },
				subscribeData: { secret },
			}),
		);
		expect(thrown.name).toBe('AppError');
		expect(thrown.message).toMatch(/^Something unexpected happened inside .*: boom \[hidden\]/);
		expect(thrown.text).not.toContain('a private input');
		expectNoLeak({ ...thrown, text: thrown.text.replace(/at .*/gs, '') });
	});

	it('is never the text of something thrown that is no error', async () => {
		const likeAnError: Error = { name: 'Error', message: `boom ${token}` };
		const perform = guarded(() => Promise.reject(likeAnError));
		const thrown = await thrownBy(probe(perform));
		expect(thrown.message).toMatch(/^Something unexpected happened inside .*: unknown cause$/);
		expectNoLeak(thrown);
	});

	it.each(['ECONNRESET', 'EOTHER'])(
		'stays out of the text of a network error (%s)',
		async (code) => {
			nock(origin)
				.get('/v1/roles')
				.query(true)
				.times(code === 'ECONNRESET' ? 2 : 1)
				.replyWithError(Object.assign(new Error('it broke'), { code }));
			const thrown = await thrownBy(
				find({ inputData: { private: 'a private input' }, subscribeData: { secret } }),
			);
			expect(thrown.text).not.toContain('a private input');
			expectNoLeak(thrown);
		},
	);

	it.each([401, 403, 422, 429])('stays out of the text of a refusal (%s)', async (status) => {
		nock(origin)
			.get('/v1/roles')
			.query(true)
			.reply(status, { error: { code: 'X', message: 'No.' } }, { 'retry-after': '3600' });
		const thrown = await thrownBy(
			find({ inputData: { private: 'a private input' }, subscribeData: { secret } }),
		);
		expect(thrown.text).not.toContain('a private input');
		expectNoLeak(thrown);
	});
});

describe('a run that is turned away', () => {
	const find = () => run('searches', 'list_roles', 'perform');
	const roles = () => nock(origin).get('/v1/roles').query(true);

	it.each([
		[429, '120', 'ThrottledError', 120],
		[429, null, 'ThrottledError', 60],
		[429, 'nonsense', 'ThrottledError', 60],
		[429, '999999', 'ThrottledError', 3600],
		[503, '90', 'ThrottledError', 90],
		[503, null, 'AppError', null],
		[422, '90', 'AppError', null],
	])('with %s and Retry-After %s is %s, %s', async (status, after, name, delay) => {
		const waits = after !== null && /^\d+$/.test(after);
		roles()
			.times(waits ? 1 : 2)
			.reply(status, '', after === null ? {} : { 'retry-after': after });
		const thrown = await thrownBy(find());
		expect([thrown.name, thrown.delay]).toEqual([name, delay]);
	});

	it.each(['0', 'Wed, 18 Nov 2015 08:49:37 GMT'])(
		'twice, and may come back at once (Retry-After: %s), comes back after a second',
		async (after) => {
			roles().times(2).reply(429, '', { 'retry-after': after });
			const thrown = await thrownBy(find());
			expect([thrown.name, thrown.delay]).toEqual(['ThrottledError', 1]);
		},
	);

	it('until a date is told how many seconds that is', async () => {
		const date = new Date(Date.now() + 100_000).toUTCString();
		roles().reply(429, '', { 'retry-after': date });
		const thrown = await thrownBy(find());
		// It was read at some moment before this one.
		const secondsLeft = (Date.parse(date) - Date.now()) / 1_000;
		expect(thrown.name).toBe('ThrottledError');
		expect(thrown.delay).toBeGreaterThanOrEqual(secondsLeft);
		expect(thrown.delay).toBeLessThanOrEqual(101);
	});

	it('once is tried again within the run', async () => {
		roles().reply(503, '');
		roles().reply(200, { data: [] });
		await expect(find()).resolves.toEqual([]);
	});
});

describe('text in braces', () => {
	it.each([
		'{{bundle.authData.api_token}}',
		'{{ process.env.SECRET }}',
		'{{{bundle.inputData.x}}}',
		'{{{{',
	])('(%s) reaches MemberPass as the user wrote it', async (name) => {
		const written = `Plan ${name} "quoted" \\ back`;
		nock(origin)
			.patch('/v1/projects/prj_1', { name: written })
			.reply(200, { data: { id: 'prj_1', name: written } });
		await expect(
			run('creates', 'update_project', 'perform', {
				inputData: { project: 'prj_1', name: written },
			}),
		).resolves.toMatchObject({ name: written });
	});

	it('in a path or a query is encoded', async () => {
		nock(origin)
			.get('/v1/projects/%7B%7Bbundle.x%7D%7D/members')
			.query((query) => query['search'] === '{{bundle.y}}')
			.reply(200, { data: [] });
		await expect(
			run('searches', 'list_members', 'perform', {
				inputData: { project: '{{bundle.x}}', search: '{{bundle.y}}' },
			}),
		).resolves.toEqual([]);
	});
});

describe('a server that stalls', () => {
	const before = process.env['MEMBERPASS_ALLOW_LOOPBACK'];
	afterEach(() => {
		if (before === undefined) delete process.env['MEMBERPASS_ALLOW_LOOPBACK'];
		else process.env['MEMBERPASS_ALLOW_LOOPBACK'] = before;
	});

	const team = toWire(operation('get_current_team'));
	const limitsOf = (timeoutMs: number) => ({
		budgetMs: 20_000,
		policy: { ...runLimits.policy, timeoutMs, firstWaitMs: 1 },
	});
	/** Short enough to wait for: for tries that are to be given up. Where it is too short for a busy machine, it grows. */
	const shortMs = 200;
	const limits = limitsOf(shortMs);
	const codeOf = (result: unknown): unknown => (result as { code?: unknown }).code;
	/** More than any machine needs, for what must come before a time limit. */
	const patient = { budgetMs: 90_000, policy: { ...limits.policy, timeoutMs: 60_000 } };

	/** Serves on a real socket: mocks know neither stalls nor cut bodies. */
	async function against(
		listener: (response: http.ServerResponse) => void,
		{ budgetMs, policy }: typeof limits,
	) {
		process.env['MEMBERPASS_ALLOW_LOOPBACK'] = '1';
		// Each try asks for its limit once. On a busy machine it may be given up before it has arrived at the server.
		let asked = 0;
		let arrived = 0;
		const own = {
			budgetMs,
			policy: Object.create(policy, {
				timeoutMs: {
					get() {
						asked++;
						return policy.timeoutMs;
					},
				},
			}) as typeof policy,
		};
		const server = http.createServer((_, response) => {
			arrived++;
			listener(response);
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const api_origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const perform = guarded(async (z, bundle) => {
			const session = openSession(z, bundle, own);
			return [{ tries: orFail(await ask(session, team, {}, null)).tries }];
		});
		try {
			const authData = { api_token: token, api_origin };
			const result = await probe(perform, { authData }).catch(
				async (error: unknown) => await thrownBy(Promise.reject(error as Error)),
			);
			return { asked, arrived, result };
		} finally {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	}

	it.each<[string, (response: http.ServerResponse) => void]>([
		['before the headers', () => undefined],
		[
			'inside the body',
			(response) => response.writeHead(200, { 'content-length': '100' }).write('{'),
		],
	])('%s is given up and asked a second time, with a timer of its own', async (_, stall) => {
		let tried = 0;
		const policy = {
			...limits.policy,
			/** The first try is cut short; the second has all the time that a busy machine may need. */
			get timeoutMs() {
				return (tried++ === 0 ? limits : patient).policy.timeoutMs;
			},
		};
		const { result } = await against(
			(response) => {
				if (tried === 1) stall(response);
				else response.writeHead(200).end('{"data":{"id":"tem_1"}}');
			},
			{ ...patient, policy },
		);
		expect(result).toEqual([{ tries: 2 }]);
	});

	it.each<[string, Record<string, string>, string]>([
		// The client of Zapier's core does not notice that this one was cut: the timer ends it.
		['that told its length', { 'content-length': '100' }, 'timeout'],
		['sent in chunks', {}, 'network'],
	])('in the middle of a body %s, and hangs up, is an error', async (_, headers, code) => {
		const cut = (limitMs: number) =>
			against((response) => {
				response.writeHead(200, headers).write('{"data":{"id":"tem_1"}}', () => {
					response.destroy();
				});
			}, limitsOf(limitMs));
		let { asked, result } = await cut(shortMs);
		// Again where a busy machine took longer than the limit. Not a long one at once: the client leaves its timer running.
		for (
			let limitMs = 2 * shortMs;
			code !== 'timeout' && codeOf(result) === 'timeout';
			limitMs *= 2
		) {
			({ asked, result } = await cut(limitMs));
		}
		expect(asked).toBe(2);
		expect(result).toMatchObject({ name: 'AppError', code });
	});

	it('is given up even if the client never ends', async () => {
		const request = () => new Promise(() => undefined);
		const bundle = { authData: { api_token: token } };
		const policy = { ...limits.policy, maxTries: 1, timeoutMs: 10 };
		// The time of the run is no help: it outlasts the test.
		const own = { budgetMs: 600_000, policy };
		const session = openSession({ request } as never, bundle as never, own);
		await expect(ask(session, team, {}, null)).resolves.toMatchObject({
			problem: { kind: 'timeout' },
		});
	});

	it('sends nothing once the time of the run is used up', async () => {
		const request = jest.fn();
		const bundle = { authData: { api_token: token } };
		const session = openSession({ request } as never, bundle as never, { ...limits, budgetMs: 0 });
		await expect(ask(session, team, {}, null)).resolves.toMatchObject({
			problem: { kind: 'timeout' },
		});
		expect(request).not.toHaveBeenCalled();
	});

	describe('while the clock stands still but for what the test lets pass', () => {
		let passedMs = 0;
		let clock: { mockRestore(): void };
		beforeEach(() => {
			const start = Date.now();
			passedMs = 0;
			clock = jest.spyOn(Date, 'now').mockImplementation(() => start + passedMs);
		});
		afterEach(() => clock.mockRestore());

		it('in the middle of a long list is an error, never half the list', async () => {
			let page = 0;
			const request = () => {
				if (++page === 3) passedMs = 1_500;
				const content = JSON.stringify({ data: [{ id: page }], meta: { has_more: true } });
				return Promise.resolve({ status: 200, headers: new Headers(), content });
			};
			const bundle = { authData: { api_token: token } };
			const own = { ...patient, budgetMs: 1_500 };
			const session = openSession({ request } as never, bundle as never, own);
			const roles = toWire(operation('list_roles'));
			const result = await readRowsOf(session, roles, {}, null);
			expect(result).toMatchObject({
				ok: false,
				problem: {
					kind: 'incomplete',
					message:
						'The list could not be read to its end: reading it takes longer than the 30 seconds that Zapier gives a step.',
				},
			});
			expect(page).toBe(3);
		});

		/** A list of which one page is asked for, answered as that time has passed. */
		const listAnswered = async (status: number, afterMs: number) => {
			const request = () => {
				passedMs = afterMs;
				const content = JSON.stringify({ data: [] });
				return Promise.resolve({ status, headers: new Headers(), content });
			};
			const bundle = { authData: { api_token: token } };
			const own = { ...patient, budgetMs: 1_500 };
			const session = openSession({ request } as never, bundle as never, own);
			return await readRowsOf(session, toWire(operation('list_roles')), {}, null);
		};

		it('no more is no trouble: a list whose last page came as the time of the run was used up is whole', async () => {
			await expect(listAnswered(200, 1_501)).resolves.toMatchObject({ ok: true, rows: [] });
		});

		it('no more does not hide why a list was refused', async () => {
			await expect(listAnswered(403, 1_501)).resolves.toMatchObject({
				problem: { kind: 'forbidden' },
			});
		});

		it('not, is waited for without a timer that stays', async () => {
			const timers = () =>
				process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
			const before = timers();
			await listAnswered(200, 0);
			// Timers of the tests before may have ended meanwhile.
			expect(timers()).toBeLessThanOrEqual(before);
		});
	});

	it('on one page of a list, with time left for the run, is a time-out', async () => {
		const request = () => new Promise(() => undefined);
		const bundle = { authData: { api_token: token } };
		const policy = { ...limits.policy, maxTries: 1, timeoutMs: 10 };
		const session = openSession({ request } as never, bundle as never, { ...limits, policy });
		const result = await readRowsOf(session, toWire(operation('list_roles')), {}, null);
		expect(result).toMatchObject({ problem: { kind: 'timeout' } });
	});

	it('and says when to come back is left alone that long', async () => {
		const bundle = { authData: { api_token: token } };
		const { effects } = openSession({} as never, bundle as never);
		const start = performance.now();
		await effects.sleep(20);
		// A timer may end up to a millisecond early.
		expect(performance.now() - start).toBeGreaterThanOrEqual(19);
	});

	it('for good is reported as such', async () => {
		const { asked, result } = await against(() => undefined, limits);
		expect(asked).toBe(2);
		expect(result).toMatchObject({ name: 'AppError', code: 'timeout' });
	});

	it('is not asked again when the time of the run is used up', async () => {
		const seen = (limitMs: number) =>
			against(() => undefined, { ...limitsOf(limitMs), budgetMs: limitMs });
		let { arrived, result } = await seen(shortMs);
		for (let limitMs = 2 * shortMs; arrived === 0; limitMs *= 2) {
			({ arrived, result } = await seen(limitMs));
		}
		expect(arrived).toBe(1);
		expect(result).toMatchObject({ name: 'AppError', code: 'timeout' });
	});

	it('cannot make a step last longer than the 30 seconds Zapier gives it', () => {
		const { policy, budgetMs } = runLimits;
		expect(policy.deadlineMs + policy.timeoutMs).toBeLessThanOrEqual(budgetMs);
		expect(budgetMs).toBeLessThan(30_000);
	});
});
