import { memberPass } from '@memberpass/catalogue';
import fc from 'fast-check';

import {
	classifyNetworkError,
	explain,
	incompleteProblem,
	inFormWords,
	mayBeDone,
	noAnswerProblem,
	ofWrite,
	readHeader,
	readProblem,
	unreadableProblem,
	unusableSubscription,
	type WireResponse,
	withNeeds,
} from '../src/index.ts';
import { answer, fieldWith, operationWith } from './support.ts';

const now = 1_779_098_700_000;
const read = (response: Parameters<typeof readProblem>[0], ability: string | null = null) =>
	readProblem(response, memberPass, now, ability);

const envelope = {
	error: {
		code: 'VALIDATION_FAILED',
		message: 'The given data was invalid.',
		docs_url: 'https://docs.memberpass.net/api/errors',
		remediation: 'Correct the named fields.',
		request_id: 'req_01JV9K3QG8',
		fields: {
			currency_id: ['The currency is not supported.'],
			price: ['Too low.', 'Not a number.'],
		},
	},
};

describe('an error answer', () => {
	it('is read whole: code, words, remedy, page, request, fields', () => {
		expect(read(answer(422, envelope))).toEqual({
			kind: 'invalid',
			status: 422,
			code: 'VALIDATION_FAILED',
			message: 'The given data was invalid.',
			reason: null,
			remediation: 'Correct the named fields.',
			docsUrl: 'https://docs.memberpass.net/api/errors',
			requestId: 'req_01JV9K3QG8',
			missingAbility: null,
			fields: {
				currency_id: ['The currency is not supported.'],
				price: ['Too low.', 'Not a number.'],
			},
			retryAfterMs: null,
		});
	});

	it.each([
		[400, 'invalid'],
		[401, 'unauthenticated'],
		[403, 'forbidden'],
		[404, 'not_found'],
		[409, 'conflict'],
		[410, 'not_found'],
		[418, 'refused'],
		[302, 'refused'],
		[422, 'invalid'],
		[429, 'rate_limited'],
		[500, 'server'],
		[503, 'server'],
	])('with status %i is of kind %s', (status, kind) => {
		expect(read(answer(status, envelope)).kind).toBe(kind);
	});

	it.each([
		['an HTML page', '<html><title>502 Bad Gateway</title></html>'],
		['an empty body', ''],
		['cut JSON', '{"error": {"code": "X'],
		['a JSON text', '"nope"'],
		['a JSON list', '[1]'],
		['null', 'null'],
		[
			'an envelope of the wrong types',
			'{"error": {"code": 7, "message": ["x"], "fields": "no", "context": 1}}',
		],
		['error as text', '{"error": "broken"}'],
		['a message of blanks', '{"error": {"message": " \\n"}}'],
	])('that is %s still shows its status', (_, body) => {
		const problem = read({ status: 502, headers: {}, body });
		expect(problem.message).toBe('MemberPass answered with status 502 and no explanation.');
		expect(problem.code).toBeNull();
		expect(problem.fields).toEqual({});
	});

	it.each([
		['<html><title>Blocked</title></html>', 'refused'],
		['404 page not found', 'refused'],
		['[]', 'refused'],
		[' \n', null],
		['{}', null],
		['{"message":"This action is unauthorized."}', null],
	])('is a proxy\'s and no "not found" or "forbidden" if it is some page: %j', (body, kind) => {
		const kinds = [403, 404, 410].map(
			(status) => read({ status, headers: {}, body }, 'project:create').kind,
		);
		expect(kinds).toEqual(
			kind === null ? ['forbidden', 'not_found', 'not_found'] : [kind, kind, kind],
		);
	});

	it.each<[string, object, string, string | null]>([
		[
			'a path that no route has',
			{ message: 'The route v1/projects/prj_1/bot could not be found.' },
			'refused',
			'Check the API address. If it is right, MemberPass no longer offers this.',
		],
		[
			'a record that is not there',
			{ message: 'No query results for model [Plan] pln_1' },
			'not_found',
			null,
		],
		[
			'a record that is called so',
			{ error: { code: 'RESOURCE_NOT_FOUND', message: 'The route north could not be found.' } },
			'not_found',
			null,
		],
		[
			'one whose name holds such words',
			{ message: 'Of The route v1/x could not be found.' },
			'not_found',
			null,
		],
	])('with status 404 tells %s', (_, body, kind, remediation) => {
		expect(read(answer(404, body))).toMatchObject({ kind, remediation });
	});

	it('without a word says who may have answered, and blames no ability', () => {
		const page = { status: 403, headers: {}, body: '<html>Blocked</html>' };
		expect(read(page, 'project:create')).toMatchObject({
			message: 'MemberPass answered with status 403 and no explanation.',
			remediation: 'Check the API address. If it is right, a proxy in between may have answered.',
			missingAbility: null,
		});
		const explained = { status: 402, headers: {}, body: '{"message":"Upgrade."}' };
		expect(read(explained)).toMatchObject({ message: 'Upgrade.', remediation: null });
	});

	const later = 'Try again. If it keeps happening, check the status of the service.';
	it.each<[number, string, Record<string, string>, string | null]>([
		[500, '{"message":"Server Error"}', {}, later],
		[502, '<html>Bad gateway</html>', {}, later],
		[503, '', { 'retry-after': '90' }, null],
		[503, '{"error":{"message":"Busy.","remediation":"Come back."}}', {}, 'Come back.'],
		[429, '', {}, 'Wait a minute, then try again.'],
		[429, '', { 'retry-after': '90' }, null],
		[404, '', {}, 'Check the ID, and whether the API token has access to it.'],
		[404, '{"message":"No query results."}', {}, null],
		[422, '', {}, null],
	])('with status %i (%j, %j) is advised: %s', (status, body, headers, remediation) => {
		expect(read({ status, headers, body }).remediation).toBe(remediation);
	});

	it.each(['', '<html>Sign in</html>'])("that asks for a sign-in is a proxy's: %j", (body) => {
		expect(read({ status: 407, headers: {}, body })).toMatchObject({
			kind: 'refused',
			message: 'A proxy on the way to MemberPass asks for a sign-in.',
			remediation:
				'Have the proxy let this server through, or add a user name and password to the address of the proxy in the settings of the server.',
		});
	});

	it.each([
		[300, 'https://api.subscriby.net/v1/teams?x=1', 'api.subscriby.net'],
		[308, 'HTTP://localhost:8080/', 'localhost'],
		[307, '//login.example.com/x', 'login.example.com'],
		[302, '/login', null],
		[302, '///', null],
		[302, 'javascript:alert(1)', null],
		[302, 'https://', null],
		[302, 'ftp://files.example/https://', null],
		[299, 'https://api.subscriby.net/', null],
		[400, 'https://api.subscriby.net/', null],
	])('%i with the location %s names where it leads: %s', (status, location, host) => {
		const { message, remediation } = read({ status, headers: { Location: location }, body: '' });
		if (host === null) {
			expect(message).toBe(`MemberPass answered with status ${status} and no explanation.`);
		} else {
			expect(message).toBe(`MemberPass answered with a redirect to ${host}.`);
			expect(remediation).toBe(
				'The token is sent to the API address and nowhere else. If MemberPass announced that host, enter it as the API address.',
			);
		}
	});

	it('in the form of the framework below is understood too', () => {
		const problem = read(
			answer(422, { message: 'The name field is required.', errors: { name: ['Required.'] } }),
		);
		expect(problem.message).toBe('The name field is required.');
		expect(problem.fields).toEqual({ name: ['Required.'] });
	});

	it.each([
		[
			'in the context',
			{ context: { required_ability: 'project:create' } },
			'other:read',
			'project:create',
		],
		['beside the code', { required_ability: 'project:create' }, 'other:read', 'project:create'],
		['not at all: the one the route is known to need', {}, 'project:create', 'project:create'],
	])('that lacks an ability names it, %s', (_, extra, known, expected) => {
		const body = {
			error: { code: 'TOKEN_MISSING_ABILITY', message: 'Missing ability.', ...extra },
		};
		expect(read(answer(403, body), known).missingAbility).toBe(expected);
	});

	it('that refuses for another reason blames no ability', () => {
		const body = { error: { code: 'TEAM_TIER_REQUIRED', message: 'Upgrade.' } };
		expect(read(answer(403, body), 'project:create').missingAbility).toBeNull();
		expect(
			read(answer(404, { error: { message: 'x' } }), 'project:create').missingAbility,
		).toBeNull();
	});

	it('keeps the reason that the context gives', () => {
		const body = {
			error: { code: 'VALIDATION_FAILED', message: 'x', context: { reason: 'no_bot_attached' } },
		};
		expect(read(answer(422, body)).fields).toEqual({ reason: ['no_bot_attached'] });
	});

	it('with one text for a field is read like a list of one, and what is no text is left out', () => {
		const fields = { name: 'Required.', price: 7, days: [null, 'Too low.'] };
		expect(read(answer(422, { error: { fields } })).fields).toEqual({
			name: ['Required.'],
			price: [],
			days: ['Too low.'],
		});
	});

	it('with thousands of fields is cut to fifty', () => {
		const names = Array.from({ length: 2_000 }, (_, index) => `field_${index}`);
		const fields = Object.fromEntries(names.map((name) => [name, ['Required.']]));
		expect(Object.keys(read(answer(422, { error: { fields } })).fields)).toHaveLength(50);
	});

	it('falls back to the request id of the header', () => {
		expect(read(answer(500, null, { 'X-Request-Id': 'req_9' })).requestId).toBe('req_9');
		expect(read(answer(500, null, { 'X-Request-Id': ' ' })).requestId).toBeNull();
		const long = read(answer(500, null, { 'X-Request-Id': 'r'.repeat(3_000) }));
		expect(long.requestId).toHaveLength(500);
	});

	it('with a byte order mark is read like one without', () => {
		const problem = read(answer(404, `\ufeff${JSON.stringify({ error: { message: 'Gone.' } })}`));
		expect(problem).toMatchObject({ kind: 'not_found', message: 'Gone.' });
	});

	it('says how long to wait', () => {
		expect(read(answer(429, null, { 'retry-after': '7' })).retryAfterMs).toBe(7_000);
		expect(read(answer(429, null, { 'RETRY-AFTER': ['7', '9'] })).retryAfterMs).toBe(7_000);
	});

	it('is read without throwing, whatever comes', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 100, max: 599 }),
				fc.oneof(fc.string(), fc.json()),
				(status, body) => {
					const problem = read({ status, headers: {}, body });
					expect(problem.message.length).toBeGreaterThan(0);
					expect(explain(problem, memberPass).title.length).toBeLessThanOrEqual(500);
				},
			),
		);
	});
});

describe('a write without an answer', () => {
	const lost = (code: string) => classifyNetworkError({ code }, 'api.memberpass.net');

	it.each([
		['ECONNRESET', 'It may be done all the same: check before you try again.'],
		['ETIMEDOUT', 'It may be done all the same: check before you try again.'],
		['ECONNREFUSED', 'Check the API address and the network connection.'],
		[
			'HPE_INVALID_CONSTANT',
			'Check the API address. If it is right, a proxy in between may have answered.',
		],
	])('(%s) is told with care where it may be done: %s', (code, remediation) => {
		expect(ofWrite(lost(code))).toEqual({ ...lost(code), remediation });
	});

	it('that a gateway or a broken server answered is told with the same care', () => {
		const failed = read(answer(504, null));
		expect(ofWrite(failed)).toEqual({
			...failed,
			remediation: 'It may be done all the same: check before you try again.',
		});
	});

	it.each([
		[503, { error: { code: 'BUSY', message: 'Busy.', remediation: 'Try again.' } }],
		[429, null],
	])('that MemberPass refused (%i) keeps its words', (status, body) => {
		const refused = read(answer(status, body));
		expect(ofWrite(refused)).toEqual(refused);
	});
});

it.each([
	[null, true],
	[200, true],
	[299, true],
	[300, false],
	[429, false],
	[499, false],
	[500, true],
	[504, true],
])('a write that was answered with status %j may be done: %s', (status, expected) => {
	expect(mayBeDone({ ...incompleteProblem('x'), status })).toBe(expected);
});

describe('a subscription that was refused', () => {
	const abilities = ['webhook-endpoint:manage', 'plan:see', 'role:see', 'plan:see'];
	const refused = (status: number, error: object) =>
		({
			ok: false,
			problem: read(answer(status, { error: { message: 'No.', ...error } })),
		}) as const;
	const needs =
		'This trigger needs the abilities "webhook-endpoint:manage", "plan:see" and "role:see". Create a token that has them at https://app.memberpass.net/settings/tokens and use that instead.';

	it.each([
		[{ code: 'TOKEN_MISSING_ABILITY' }, needs],
		[{ remediation: 'Ask the owner.' }, `Ask the owner. ${needs}`],
	])('names all that it needs where MemberPass does not say what is missing: %j', (error, told) => {
		const result = refused(403, error);
		expect(withNeeds(result, abilities, memberPass)).toEqual({
			...result,
			problem: { ...result.problem, remediation: told },
		});
	});

	it.each([
		[403, { code: 'TEAM_TIER_REQUIRED' }],
		[403, { context: { required_ability: 'role:see' } }],
		[422, {}],
	])('with %i and %j keeps its words', (status, error) => {
		const result = refused(status, error);
		expect(withNeeds(result, abilities, memberPass)).toBe(result);
	});

	it('is no matter of a success', () => {
		const result = { ok: true, status: 201 } as const;
		expect(withNeeds(result, abilities, memberPass)).toBe(result);
	});
});

describe('explain', () => {
	it.each([
		[
			'field errors',
			answer(422, envelope),
			'currency_id: The currency is not supported.; price: Too low. Not a number. Correct the named fields. More: https://docs.memberpass.net/api/errors (status 422, VALIDATION_FAILED, request req_01JV9K3QG8)',
		],
		[
			'the missing ability and where to add it',
			answer(403, {
				error: {
					code: 'TOKEN_MISSING_ABILITY',
					message: 'x',
					context: { required_ability: 'role:view' },
				},
			}),
			'The API token lacks the ability "role:view". Create one that has it at https://app.memberpass.net/settings/tokens and use that instead. (status 403, TOKEN_MISSING_ABILITY)',
		],
		[
			'where to get a new token',
			answer(401, { error: { code: 'AUTHENTICATION_REQUIRED', message: 'x' } }),
			'Create a token at https://app.memberpass.net/settings/tokens and use that instead. (status 401, AUTHENTICATION_REQUIRED)',
		],
		[
			'how long to wait',
			answer(429, null, { 'Retry-After': '7' }),
			'Try again in 7 seconds. (status 429)',
		],
		[
			'that nobody said how long to wait',
			answer(429, null),
			'Wait a minute, then try again. (status 429)',
		],
		...(
			[
				['119', '119 seconds'],
				['120', '2 minutes'],
				['121', '3 minutes'],
				['3600', '60 minutes'],
				['7199', '120 minutes'],
				['7200', '2 hours'],
				['7201', '3 hours'],
			] as const
		).map(([after, words]): [string, WireResponse, string] => [
			`how long to wait, in words that people count in (${after})`,
			answer(429, null, { 'Retry-After': after }),
			`Try again in ${words}. (status 429)`,
		]),
		[
			'no address of documentation that is none',
			answer(400, { error: { message: 'x', docs_url: 'javascript:alert(1)' } }),
			'(status 400)',
		],
		...(['0', '1', 'Wed, 18 Nov 2015 08:49:37 GMT'] as const).map(
			(after): [string, WireResponse, string] => [
				`one second at least (${after})`,
				answer(429, null, { 'Retry-After': after }),
				'Try again in 1 second. (status 429)',
			],
		),
		[
			'nothing of a field without words, and changes no dots inside them',
			answer(422, { error: { fields: { name: [], handle: ['Use a..z.'] } } }),
			'handle: Use a..z. (status 422)',
		],
		[
			'nothing at all of fields without words',
			answer(422, { error: { fields: { a: [] } } }),
			'(status 422)',
		],
	])('says %s', (_, response, detail) => {
		expect(explain(read(response), memberPass).detail).toBe(detail);
	});

	it('says why before it says what to do', () => {
		const problem = { ...read(answer(401, { message: 'No.' })), reason: 'It is old.' };
		expect(explain(problem, memberPass)).toEqual({
			title: 'No.',
			detail:
				'It is old. Create a token at https://app.memberpass.net/settings/tokens and use that instead. (status 401)',
		});
	});
});

describe('fields in the words of the form', () => {
	const operation = operationWith({
		fields: [
			fieldWith({ name: 'name', label: 'Plan Name' }),
			fieldWith({ name: 'resources', label: 'Resources' }),
		],
	});
	const fields = {
		name: ['It is taken.'],
		'resources.0': ['The first is gone.'],
		'resources.1.id': ['The second is gone.'],
		constructor: ['Is no input.'],
	};

	it('are called what the form calls them, and what is no input keeps its name', () => {
		const problem = { ...incompleteProblem('x'), fields };
		expect(inFormWords(operation, { ok: false, problem, tries: 2 })).toEqual({
			ok: false,
			tries: 2,
			problem: {
				...incompleteProblem('x'),
				fields: {
					'Plan Name': ['It is taken.'],
					Resources: ['The first is gone.', 'The second is gone.'],
					constructor: ['Is no input.'],
				},
			},
		});
	});

	it('are no matter of a success', () => {
		const result = { ok: true, rows: [] } as const;
		expect(inFormWords(operation, result)).toBe(result);
	});
});

describe('without a refusal there is still something to do', () => {
	it.each([
		[
			'a page of a proxy',
			unreadableProblem(200, memberPass, 'text/html'),
			'MemberPass answered with status 200 but not with the documented data (text/html).',
			'Check the API address. If it is right, a proxy in between may have answered. (status 200)',
		],
		[
			'JSON of another shape',
			unreadableProblem(200, memberPass),
			'MemberPass answered with status 200 but not with the documented data.',
			'Check the API address. If it is right, a proxy in between may have answered. (status 200)',
		],
		[
			'half a list',
			incompleteProblem('page 2 was empty.'),
			'The list could not be read to its end: page 2 was empty.',
			'Try again, narrow the filters, or set a limit.',
		],
		[
			'a subscription without its secret',
			unusableSubscription('signing secret', memberPass),
			'MemberPass created a webhook but did not return its signing secret, so the trigger could not be switched on.',
			'Try again. If it keeps happening, check the API address.',
		],
		['no answer and no advice', noAnswerProblem('unexpected', 'x', null), 'x', ''],
	])('%s', (_, problem, title, detail) => {
		expect(explain(problem, memberPass)).toEqual({ title, detail });
	});

	it('each is of its own kind, so that a platform can tell them apart', () => {
		expect(unreadableProblem(200, memberPass).kind).toBe('unreadable');
		expect(unusableSubscription('ID', memberPass)).toMatchObject({
			kind: 'unreadable',
			status: null,
		});
		expect(incompleteProblem('x').kind).toBe('incomplete');
		expect(noAnswerProblem('timeout', 'x', null).kind).toBe('timeout');
	});
});

it('readHeader takes any case and the first of several', () => {
	expect(readHeader({ 'MP-Event-Id': ['a', 'b'] }, 'mp-event-id')).toBe('a');
	expect(readHeader({ other: 'x', 'mp-event-id': undefined }, 'MP-Event-Id')).toBeNull();
	expect(readHeader({ 'MP-Event-Id': [] }, 'MP-Event-Id')).toBeNull();
});
