import nock from 'nock';

import { guarded } from '../src/failure.ts';
import app from '../src/index.ts';
import { call, deliveryOf, origin, run, secret, signatureOf, thrownBy, token } from './support.ts';

/** What a run that cannot go on says, word for word, and the code that Zapier's logs get. */

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
		'The connection has no API token. Create one at https://app.memberpass.net/settings/tokens and connect again.',
	],
	[
		'a connection has a token that cannot be sent',
		() => connected({ api_token: 'a b' }),
		'invalid_connection',
		'The API token contains characters that no token has. Copy it again from https://app.memberpass.net/settings/tokens and connect again.',
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
		'incomplete_subscription',
		'MemberPass created a webhook but did not return its ID, so the trigger could not be switched on. Try again.',
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
		'incomplete_subscription',
		'MemberPass created a webhook but did not return its signing secret, so the trigger could not be switched on. Try again.',
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
		'Unauthenticated. The token may have been revoked, or only part of it was copied. Create a token at https://app.memberpass.net/settings/tokens and use that instead. Try again in 2 minutes. (status 401)',
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

it('the form of a connection says what the token needs and where it goes', () => {
	expect(app.authentication?.fields).toEqual([
		{
			key: 'api_token',
			label: 'API Token',
			type: 'password',
			required: true,
			helpText:
				'Create a token on the [token page of MemberPass](https://app.memberpass.net/settings/tokens). It needs the abilities (permissions) `team:view` and `webhook-endpoint:manage`, and those for the events and data your Zaps use.',
		},
		{
			key: 'api_origin',
			label: 'API Address',
			type: 'string',
			required: false,
			placeholder: 'https://api.memberpass.net',
			helpText:
				'Leave empty unless MemberPass gave you an address for its [API](https://docs.memberpass.net/api) other than `https://api.memberpass.net`. The token is sent to this address and to no other.',
		},
	]);
	expect(app.authentication?.type).toBe('custom');
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
	await expect(perform({})).resolves.toEqual([]);
});

it('the field that tells two intended writes apart says when to use it', () => {
	const fields = app.creates['create_project']?.operation.inputFields as { key: string }[];
	expect(fields.find(({ key }) => key === 'deduplication_key')).toEqual({
		key: 'deduplication_key',
		label: 'Deduplication Key',
		type: 'string',
		required: false,
		group: 'optional_details',
		helpText:
			'If this step runs again with the same values within 24 hours, nothing is written a second time: you get the first result, even if it was deleted since. To allow a second write, map something here that differs each time, such as the Event ID from the trigger.',
	});
});

it('the field that narrows a trigger to a project says that it may stay empty', () => {
	const fields = app.triggers['member_joined']?.operation.inputFields as { key: string }[];
	expect(fields.find(({ key }) => key === 'project_id')).toEqual({
		key: 'project_id',
		label: 'Project',
		type: 'string',
		required: false,
		helpText: 'Only events of this project. Leave empty for all projects.',
		choices: { perform: expect.any(Function) },
		resource: 'project',
	});
});

it.each([
	['searches', 'list_activity', 'project', 'Project of the Record', 'records'],
	['searches', 'list_subscriptions', 'project', 'Project of the Plan', 'plans'],
	['creates', 'create_project', 'bot_project', 'Project with the Bot', 'bots'],
] as const)('%s.%s says of %s that it is not sent', (group, key, input, label, narrowed) => {
	const fields = app[group][key]?.operation.inputFields as { key: string }[];
	expect(fields.find((field) => field.key === input)).toMatchObject({
		label,
		type: 'string',
		required: false,
		helpText: `Only fills the list of ${narrowed}: the project itself is not sent. Leave empty if you map or enter the ID yourself.`,
	});
});

it('the number of results has a help that says from where to where', () => {
	const fields = app.searches['list_roles']?.operation.inputFields as { key: string }[];
	expect(fields.find(({ key }) => key === 'limit')).toEqual({
		key: 'limit',
		label: 'Maximum Results',
		type: 'integer',
		required: false,
		helpText: 'How many results to return at most, from 1 to 100. Leave empty for 100.',
	});
});

it('only a search that gives a list of its own asks how many results are wanted', () => {
	const asks = (key: string) =>
		((app.searches[key]?.operation.inputFields ?? []) as { key: string }[]).some(
			(field) => field.key === 'limit',
		);
	expect(['list_roles', 'find_plan_by_name', 'get_plan'].filter(asks)).toEqual(['list_roles']);
});

it('the sample of a trigger is a whole delivery, and each part of its envelope has a label', () => {
	const { sample, outputFields } = app.triggers['group_deleted']?.operation ?? {};
	expect(sample).toMatchObject({
		type: 'group.deleted',
		created_at: '2026-05-18T10:05:00Z',
		api_version: '2026-05-01',
	});
	expect(sample?.['id']).toMatch(/^evt_[0-9A-Z]{26}$/);
	expect(app.triggers['member_joined']?.operation.sample?.['project_id']).toMatch(
		/^prj_[0-9A-Z]{26}$/,
	);
	expect(outputFields?.slice(0, 4)).toEqual([
		{ key: 'id', label: 'Event ID', type: 'string' },
		{ key: 'type', label: 'Event Type', type: 'string' },
		{ key: 'created_at', label: 'Event Created At', type: 'datetime' },
		{ key: 'api_version', label: 'API Version', type: 'string' },
	]);
});

it.each([
	['plan_created', 'Project ID'],
	['project_archived', 'Project ID of the Event'],
])(
	'the project of the envelope of %s is called "%s", as its data may name one too',
	(key, label) => {
		const { outputFields = [] } = app.triggers[key]?.operation ?? {};
		expect((outputFields as { key: string }[]).find((field) => field.key === 'project_id')).toEqual(
			{
				key: 'project_id',
				label,
				type: 'string',
			},
		);
	},
);
