import nock from 'nock';

import { guarded } from '../src/failure.ts';
import app from '../src/index.ts';
import {
	call,
	deliveryOf,
	expectNoLeak,
	origin,
	probe,
	run,
	secret,
	signatureOf,
	thrownBy,
	token,
} from './support.ts';

/** What a run that cannot go on says, word for word, the code that Zapier's logs get, and what nobody gets. */

const targetUrl = 'https://hooks.zapier.com/hooks/standard/1/a/';
const subscriptions = '/v1/webhook-subscriptions';
type Work = () => Promise<unknown>;

const perform = (inputData: Record<string, unknown>) =>
	run('searches', 'list_roles', 'perform', { inputData });
const connected = (authData: Record<string, string>) =>
	run('searches', 'list_roles', 'perform', { authData });
const listOf = (key: string, input: string, inputData: Record<string, unknown>) => {
	const fields = app.searches[key]?.operation.inputFields as
		{ key: string; choices?: { perform: Parameters<typeof call>[0] } }[] | undefined;
	const choices = fields?.find((field) => field.key === input)?.choices;
	if (choices === undefined) throw new Error(`${key}.${input} has no list.`);
	return call(choices.perform, { inputData });
};
const broken = guarded(() => Promise.reject(new TypeError('it broke')));
const subscribe = () => run('triggers', 'member_joined', 'performSubscribe', { targetUrl });
const answeredWith = (body: object): Work => {
	return async () => {
		nock(origin).post(subscriptions).reply(201, body);
		nock(origin).get('/v1/webhook-endpoints').query(true).reply(200, { data: [] });
		return await subscribe();
	};
};

it.each<[string, Work, string, string]>([
	[
		'an input is out of range',
		() => perform({ limit: '0' }),
		'invalid_input',
		"'Maximum Results' must be a whole number from 1 to 100.",
	],
	[
		'two inputs are missing',
		() => run('creates', 'create_resource', 'perform', { inputData: {} }),
		'invalid_input',
		"'Project' is required. Fill it in. 'Resource Title' is required. Fill it in.",
	],
	[
		'a connection has an address that the token must not go to',
		() => connected({ api_token: token, api_origin: 'http://api.example.com' }),
		'invalid_connection',
		'The API address must start with https://. Enter an address such as https://api.memberpass.net.',
	],
	[
		'a request fails for a reason that nothing more is known of',
		async () => {
			nock(origin).get('/v1/roles').query(true).replyWithError('it broke');
			return await perform({});
		},
		'unexpected',
		'The request to api.memberpass.net could not be made: request to https://api.memberpass.net/v1/roles?limit=100&page=1&per_page=100 failed, reason: it broke.',
	],
	[
		'MemberPass refuses, and says what to do',
		async () => {
			const error = { code: 'PLAN_LOCKED', message: 'No.', remediation: 'Unlock it.' };
			nock(origin).get('/v1/roles').query(true).reply(409, { error });
			return await perform({});
		},
		'PLAN_LOCKED',
		'No. Unlock it. (status 409, PLAN_LOCKED)',
	],
	[
		'a connection has no token',
		() => connected({ api_token: '' }),
		'invalid_connection',
		'There is no API token. Create one at https://app.memberpass.net/settings/tokens and enter it.',
	],
	[
		'a connection has a token that cannot be sent',
		() => connected({ api_token: 'a b' }),
		'invalid_connection',
		'The API token contains characters that no token has. Copy it again, or create a new one at https://app.memberpass.net/settings/tokens.',
	],
	[
		'a list depends on an empty field',
		() => listOf('list_activity', 'subject_id', { subject_type: 'plan' }),
		'missing_parent',
		'Choose a project first: this list depends on it. Or enter the ID yourself.',
	],
	[
		'a list depends on the kind of a record',
		() => listOf('list_activity', 'subject_id', { subject_type: ' ' }),
		'missing_parent',
		'Choose a record type first: this list depends on it. Or enter the ID yourself.',
	],
	[
		'a kind of record has no list; long ones are cut at 50 characters',
		() => listOf('list_activity', 'subject_id', { subject_type: 'x'.repeat(60) }),
		'missing_parent',
		`There is no list of "${'x'.repeat(50)}" records. Enter the ID yourself.`,
	],
	[
		'a list depends on a project that is asked for above',
		() => {
			const fields = app.creates['update_project']?.operation.inputFields as
				{ key: string; choices?: { perform: Parameters<typeof call>[0] } }[] | undefined;
			const choices = fields?.find(({ key }) => key === 'bot_id')?.choices;
			if (choices === undefined) throw new Error('The bots have no list.');
			return call(choices.perform, { inputData: {} });
		},
		'missing_parent',
		'Choose the project that has the bot first, in the field above. Or enter the ID yourself.',
	],
	[
		'a trigger is switched off that Zapier holds no ID for',
		() => run('triggers', 'member_joined', 'performUnsubscribe', { subscribeData: {} }),
		'no_subscription',
		'Zapier has no webhook ID for this trigger, so there is nothing to remove. If MemberPass still lists the webhook, delete it there.',
	],
	[
		'a value would leave its part of the path',
		() => run('creates', 'delete_plan', 'perform', { inputData: { project: 'prj_1', plan: '..' } }),
		'invalid_input',
		`'Plan' cannot be "..". Enter an ID.`,
	],
	[
		'the app itself breaks',
		() => call(broken),
		'unexpected',
		'Something unexpected happened inside the MemberPass integration: it broke',
	],
	[
		'a subscription came without its ID',
		answeredWith({ data: {}, secret }),
		'unreadable',
		'MemberPass created a webhook but did not return its ID, so the trigger could not be switched on. Try again. If it keeps happening, check the API address.',
	],
	[
		'a subscription came without its secret',
		async () => {
			nock(origin)
				.post(subscriptions)
				.reply(201, { data: { id: 'whe_1' } });
			nock(origin).delete(`${subscriptions}/whe_1`).reply(204);
			return await subscribe();
		},
		'unreadable',
		'MemberPass created a webhook but did not return its signing secret, so the trigger could not be switched on. Try again. If it keeps happening, check the API address.',
	],
])('where %s, a run says what to do and logs a code', async (_, work, code, message) => {
	const thrown = await thrownBy(work());
	expect([thrown.name, thrown.code, thrown.message]).toEqual(['AppError', code, message]);
});

it.each<[string, string, string]>([
	['is no event', '{}', 'unreadable_delivery'],
	['is no JSON', 'hello', 'unreadable_delivery'],
])('where a delivery %s, a run logs a code', async (_, body, code) => {
	const bundle = deliveryOf(body, signatureOf(body));
	const thrown = await thrownBy(run('triggers', 'member_joined', 'perform', bundle));
	expect(thrown.code).toBe(code);
});

it('where MemberPass says no, a run logs its code, or else the kind of trouble', async () => {
	for (const [body, code] of [
		[{ error: { code: 'PLAN_LOCKED', message: 'No.' } }, 'PLAN_LOCKED'],
		['', 'invalid'],
	] as const) {
		nock(origin).get('/v1/roles').query(true).reply(422, body);
		expect((await thrownBy(perform({}))).code).toBe(code);
	}
});

it.each<[string, number, string]>([
	['Server Error', 503, 'Server Error. Try again in 2 minutes. (status 503)'],
	['Not now!', 503, 'Not now! Try again in 2 minutes. (status 503)'],
	['Really?', 503, 'Really? Try again in 2 minutes. (status 503)'],
	['Wait…', 503, 'Wait… Try again in 2 minutes. (status 503)'],
	['No.', 503, 'No. Try again in 2 minutes. (status 503)'],
	[
		'Unauthenticated',
		401,
		'Unauthenticated. The token may have been revoked, it may have expired, or only part of it was copied. Create a token at https://app.memberpass.net/settings/tokens and use that instead. Try again in 2 minutes. (status 401)',
	],
])('what MemberPass says ("%s") ends before what we say', async (said, status, message) => {
	nock('https://api.example.com')
		.get('/v1/roles')
		.query(true)
		.reply(status, { message: said }, { 'retry-after': '120' });
	const thrown = await thrownBy(
		connected({ api_token: token, api_origin: 'https://api.example.com' }),
	);
	expect(thrown.message).toBe(message);
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
