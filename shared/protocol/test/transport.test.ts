import { memberPass } from '@memberpass/catalogue';

import { buildRequest, call } from '../src/index.ts';
import { answer, failure, operationWith, policy, scripted, type Step } from './support.ts';

const write = buildRequest(
	operationWith({ method: 'POST' }),
	{},
	{ platform: memberPass, origin: 'https://api.memberpass.net', idempotencyKey: 'one-key' },
);
const options = { platform: memberPass, policy, ability: 'project:create' };
const fine = answer(200, { data: { id: 'prj_1' } });
const reset = failure({ code: 'ECONNRESET' });

describe('call', () => {
	it.each<[string, Step[], number, number[]]>([
		['a good answer is taken at once', [fine], 1, []],
		['a 500 is tried again', [answer(500), fine], 2, [250]],
		[
			'three faults of three kinds are survived',
			[answer(502), reset, answer(429, null, { 'retry-after': '3' }), fine],
			4,
			[250, 500, 3_000],
		],
		['a timeout is tried again', [failure({ type: 'request-timeout' }), fine], 2, [250]],
	])('%s', async (_, steps, tries, waits) => {
		const script = scripted(steps);
		const result = await call(write, script.effects, options);
		expect(result).toEqual({ ok: true, status: 200, json: { data: { id: 'prj_1' } }, tries });
		expect(script.waits).toEqual(waits);
	});

	it.each([
		[
			'/login',
			'MemberPass answered with status 302 and no explanation.',
			'Check the API address. If it is right, a proxy in between may have answered.',
		],
		// The log-in page of a dashboard, say.
		[
			'https://api.memberpass.net/login',
			'MemberPass answered with status 302 and no explanation.',
			'Check the API address. If it is right, a proxy in between may have answered.',
		],
		[
			'https://api.memberpass.net.example.com/',
			'MemberPass answered with a redirect to api.memberpass.net.example.com.',
			'The token is sent to the API address and nowhere else. If MemberPass announced that host, enter it as the API address.',
		],
	])(
		'a redirect to %s names a host only where it is another one',
		async (location, message, remediation) => {
			const script = scripted([answer(302, null, { location })]);
			const result = await call(write, script.effects, options);
			expect(result).toMatchObject({ problem: { message, remediation } });
		},
	);

	it.each<[string, Step[], number, string]>([
		['a 422 is told at once', [answer(422)], 1, 'invalid'],
		['a 401 is sent once', [answer(401)], 1, 'unauthenticated'],
		['a 409 is told at once', [answer(409)], 1, 'conflict'],
		[
			'a redirect is not followed',
			[answer(302, null, { location: 'https://evil.example' })],
			1,
			'refused',
		],
		['a page instead of data is told at once', [answer(200, '<html></html>')], 1, 'unreadable'],
		['cut JSON is told, not guessed at', [answer(200, '{"data": [')], 1, 'unreadable'],
		[
			'four 503 are enough',
			[answer(503), answer(503), answer(503), answer(503), fine],
			4,
			'server',
		],
		['four resets are enough', [reset, reset, reset, reset, fine], 4, 'network'],
		[
			'a Retry-After beyond the limit is told, not waited for',
			[answer(429, null, { 'retry-after': '3600' }), fine],
			1,
			'rate_limited',
		],
		['a fault of ours is told at once', [new TypeError('x')], 1, 'unexpected'],
	])('%s', async (_, steps, tries, kind) => {
		const script = scripted(steps);
		const result = await call(write, script.effects, options);
		expect(result).toMatchObject({ ok: false, tries, problem: { kind } });
		expect(script.sent).toHaveLength(tries);
	});

	it.each([
		[
			'a try without an answer: it may still run, and its answer is replayed once it is done',
			reset,
			true,
			4,
		],
		['a refusal of the server: that try is over', answer(500), false, 2],
	])('a conflict after %s', async (_, first, ok, tries) => {
		const script = scripted([first, answer(409), answer(409), fine]);
		const result = await call(write, script.effects, options);
		expect(result).toMatchObject({ ok, tries });
	});

	it('every try of one write carries the same key and the whole timeout', async () => {
		const script = scripted([reset, answer(500), fine]);
		await call(write, script.effects, options);
		expect(script.sent.map((request) => request.headers['Idempotency-Key'])).toEqual([
			'one-key',
			'one-key',
			'one-key',
		]);
		expect(script.timeouts).toEqual([5_000, 5_000, 5_000]);
	});

	it('gives up at the deadline, time spent in tries included', async () => {
		const script = scripted([answer(500), answer(500), answer(500), answer(500)], {
			tookMs: 50_000,
		});
		const result = await call(write, script.effects, options);
		expect(result).toMatchObject({ ok: false, tries: 3 });
	});

	it.each([
		['204', answer(204)],
		['an empty 200', answer(200, '')],
		['blanks', answer(200, ' \n')],
	])('%s is a success without data', async (_, response) => {
		const result = await call(write, scripted([response]).effects, options);
		expect(result).toMatchObject({ ok: true, json: null });
	});

	it('a byte order mark before the data is no part of it', async () => {
		const marked = answer(200, '\ufeff{"data":{"id":"prj_1"}}');
		const result = await call(write, scripted([marked]).effects, options);
		expect(result).toMatchObject({ ok: true, json: { data: { id: 'prj_1' } } });
	});

	it('a refusal is one with status 200 as well: a write must not pass for done', async () => {
		const error = { code: 'VALIDATION_FAILED', message: 'The title is too short.' };
		for (const body of [{ error }, { data: null, error }]) {
			const script = scripted([answer(200, body)]);
			expect(await call(write, script.effects, options)).toMatchObject({
				ok: false,
				tries: 1,
				problem: {
					kind: 'refused',
					status: 200,
					code: 'VALIDATION_FAILED',
					message: 'The title is too short.',
				},
			});
		}
	});

	it.each([
		{ data: { id: 'whd_1' }, error: { code: 'X', message: 'Of an earlier delivery.' } },
		{ error: null },
		{ error: 'timeout' },
		{ error: { code: 'X' } },
		{ error: { message: 'Late.' } },
		[{ error: { code: 'X', message: 'Late.' } }],
	])('an answer that only holds the word is none: %j', async (body) => {
		const result = await call(write, scripted([answer(200, body)]).effects, options);
		expect(result).toMatchObject({ ok: true, json: body });
	});

	it.each([
		[{ 'Content-Type': 'text/html' }, '(text/html)'],
		[{}, '(no content type)'],
	])('a success that is no JSON says what it is: %j', async (headers, type) => {
		const response = { status: 200, headers, body: '<html>' };
		const result = await call(write, scripted([response]).effects, options);
		expect(result).toMatchObject({
			problem: {
				kind: 'unreadable',
				message: `MemberPass answered with status 200 but not with the documented data ${type}.`,
			},
		});
	});

	it.each([
		[199, false],
		[200, true],
		[201, true],
		[299, true],
		[300, false],
	])('status %i is a success: %s', async (status, ok) => {
		const result = await call(write, scripted([answer(status, {})]).effects, options);
		expect(result.ok).toBe(ok);
	});

	it('names the ability of the route when MemberPass does not', async () => {
		const result = await call(write, scripted([answer(403)]).effects, options);
		expect(result).toMatchObject({ ok: false, problem: { missingAbility: 'project:create' } });
	});
});
