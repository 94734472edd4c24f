import { redactionRows } from '@memberpass/testing';
import nock from 'nock';

import app from '../src/index.ts';
import { openSession } from '../src/session.ts';
import { call, expectNoLeak, origin, run, thrownBy, token } from './support.ts';

const team = { data: { id: 'tem_01JRZ6W3H9XQ5TMN8WBC4KDV7Z', name: 'Research Collective' } };
const named = { team_id: 'tem_01JRZ6W3H9XQ5TMN8WBC4KDV7Z', team_name: 'Research Collective' };
const test = app.authentication?.test as Parameters<typeof call>[0];
const connect = (authData: Record<string, string> = {}) =>
	call(test, { authData: { api_token: token, ...authData } });

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

	it('takes an ID that is a number', async () => {
		answered(200, { data: { id: 7, name: 'Research Collective' } });
		await expect(connect()).resolves.toMatchObject({ team_id: '7' });
	});

	it('shows both in the label', () => {
		expect(app.authentication?.connectionLabel).toBe('{{team_name}} ({{environment}})');
	});

	const envelope = (code: string, message: string) => ({
		error: { code, message, request_id: 'req_01JVA70KDYBT3F4T1CF8B8HQ5Q' },
	});

	it.each<[string, number, string | object, RegExp]>([
		[
			'a wrong token',
			401,
			envelope('AUTHENTICATION_REQUIRED', 'The token is invalid.'),
			/^The token is invalid\. The API token is a test token .* Create a token at https:\/\/app\.memberpass\.net\/settings\/tokens/,
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
			/is a test token \(mpt_test_…\), which https:\/\/api\.memberpass\.net refuses: use a live token/,
		],
		[
			'a live token on another host',
			{ api_token: token.replace('_test_', '_live_'), api_origin: 'https://api.example.com' },
			/is a live token .* the API address is not https:\/\/api\.memberpass\.net/,
		],
		[
			'text that is no token',
			{ api_token: 'hello' },
			/start with mpt_live_ or mpt_test_, .* copy the whole token again/,
		],
		[
			'a token of the successor on the live host',
			{ api_token: 'sbt_made-up' },
			/is one of Subscriby \(sbt_…\), which https:\/\/api\.memberpass\.net refuses: use one that starts with mpt_live_\./,
		],
		[
			'a token of another kind on another host',
			{ api_token: 'sbt_made-up', api_origin: 'https://api.example.com' },
			/invalid\. The token may have been revoked, it may have expired, or only part of it was copied/,
		],
		[
			'a test token that was pasted with spaces on the live host',
			{ api_token: ` ${token} ` },
			/is a test token/,
		],
		[
			'a live token that was revoked',
			{ api_token: token.replace('_test_', '_live_') },
			/may have been revoked, it may have expired, or only part of it was copied/,
		],
		[
			'a test token that was revoked',
			{ api_token: token, api_origin: 'https://api.example.com' },
			/may have been revoked, it may have expired, or only part of it was copied/,
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
		['empty', '', /There is no API token/],
		['blank', '  ', /There is no API token/],
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
		expect(thrown.message).toMatch(/There is no API token/);
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

	it.each(redactionRows)('beside it hides %s', async (_, message, shown) => {
		answered(422, { error: { code: 'VALIDATION_FAILED', message } });
		const thrown = await thrownBy(connect());
		expect(thrown.message).toContain(shown);
		expect(thrown.text).not.toMatch(/aB3dE|cD4eF|abc\.def|00112233/);
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

it('a request says which step of which app it comes from', async () => {
	nock(origin, {
		reqheaders: {
			'user-agent': /^memberpass-zapier\/\d+\.\d+\.\d+ \(list_roles\)$/,
			authorization: `Bearer ${token}`,
		},
	})
		.get('/v1/roles')
		.query(true)
		.reply(200, { data: [] });
	await expect(run('searches', 'list_roles', 'perform')).resolves.toEqual([]);
});
