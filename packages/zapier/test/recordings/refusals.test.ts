import nock from 'nock';

import { operations } from '@memberpass/catalogue';
import { loadRecordings } from '@memberpass/testing';

import { expectNoLeak, origin, repoRoot, run, secret, type Thrown, thrownBy } from '../support.ts';

/** Everything MemberPass or the network can answer with, for each action and each search. */

const steps = operations.filter(({ kind }) => kind === 'action' || kind === 'search');
const recordings = loadRecordings(repoRoot);

type Step = (typeof steps)[number];

/** Inputs that MemberPass takes, from the recordings. */
function inputsOf({ key }: Step): Record<string, unknown> {
	const success = recordings
		.find((one) => one.operation === key)
		?.recordings.find(({ error }) => error === null);
	return { ...success?.input };
}

const requestId = 'req_01JVA70KDYBT3F4T1CF8B8HQ5Q';
const envelope = (code: string, more: object = {}) => ({
	error: { code, message: 'In the words of MemberPass.', request_id: requestId, ...more },
});

interface Refusal {
	readonly says: string;
	readonly status: number;
	readonly body: object | string;
	readonly headers?: Readonly<Record<string, string>>;
	/** How often it is asked: only what may pass is asked again. */
	readonly tries: 1 | 2;
	readonly name: 'AppError' | 'ExpiredAuthError' | 'ThrottledError';
	readonly delay?: number;
	readonly words: readonly string[];
}

const words = ['In the words of MemberPass.', requestId];

const refusals: readonly Refusal[] = [
	{
		says: '401: the connection has to be made anew',
		status: 401,
		body: envelope('AUTHENTICATION_REQUIRED'),
		tries: 1,
		name: 'ExpiredAuthError',
		words: [...words, 'Create a token at https://app.memberpass.net/settings/tokens'],
	},
	{
		says: '403: which ability is missing, and where it is added',
		status: 403,
		body: envelope('TOKEN_MISSING_ABILITY', { context: { required_ability: 'made:up' } }),
		tries: 1,
		name: 'AppError',
		words: [
			...words,
			'lacks the ability "made:up". Create one that has it at https://app.memberpass.net/settings/tokens',
		],
	},
	{
		says: '409: what stands in the way',
		status: 409,
		body: envelope('SUBSCRIPTION_ALREADY_ACTIVE'),
		tries: 1,
		name: 'AppError',
		words: [...words, 'SUBSCRIPTION_ALREADY_ACTIVE'],
	},
	{
		says: '422: which field is wrong, and why',
		status: 422,
		body: envelope('VALIDATION_FAILED', { fields: { name: ['The name is taken.'] } }),
		tries: 1,
		name: 'AppError',
		words: [...words, ': The name is taken.'],
	},
	{
		says: '429: the step runs again when the limit allows it',
		status: 429,
		body: envelope('RATE_LIMITED'),
		headers: { 'retry-after': '120' },
		tries: 1,
		name: 'ThrottledError',
		delay: 120,
		words,
	},
	{
		says: '500 twice: that MemberPass is in trouble',
		status: 500,
		body: envelope('SERVER_ERROR'),
		tries: 2,
		name: 'AppError',
		words,
	},
	{
		says: '503 with a time: the step runs again then',
		status: 503,
		body: envelope('MAINTENANCE'),
		headers: { 'retry-after': '90' },
		tries: 1,
		name: 'ThrottledError',
		delay: 90,
		words,
	},
	{
		says: 'a page of HTML for an error: its status',
		status: 502,
		body: '<html>Bad gateway</html>',
		tries: 2,
		name: 'AppError',
		words: ['answered with status 502 and no explanation'],
	},
	{
		says: 'a page of HTML for an answer: that somebody else answered',
		status: 200,
		body: '<html>Welcome</html>',
		tries: 1,
		name: 'AppError',
		words: ['not with the documented data', 'Check the API address'],
	},
	{
		says: 'half an answer: that it is none',
		status: 200,
		body: '{"data":{"id":"x_',
		tries: 1,
		name: 'AppError',
		words: ['not with the documented data'],
	},
	{
		says: 'a redirect, which is not followed',
		status: 302,
		body: '',
		headers: { location: 'https://elsewhere.example.com/' },
		tries: 1,
		name: 'AppError',
		words: ['answered with a redirect to elsewhere.example.com.', 'nowhere else'],
	},
];

const perform = (entry: Step): Promise<unknown> =>
	run(entry.kind === 'action' ? 'creates' : 'searches', entry.key, 'perform', {
		inputData: inputsOf(entry),
		subscribeData: { secret },
	});

const answer = (entry: Step, { status, body, headers, tries }: Refusal) =>
	nock(origin)
		.intercept(/^\/v1\//, entry.method)
		.times(tries)
		.reply(status, body, headers ?? {});

function expectNoInput(thrown: Thrown, entry: Step): void {
	const sent = Object.values(inputsOf(entry)).filter(
		(value): value is string => typeof value === 'string' && value.length > 12,
	);
	for (const value of sent) expect(thrown.message).not.toContain(value);
}

describe.each(refusals.map((refusal) => [refusal.says, refusal] as const))('%s', (_, refusal) => {
	it.each(steps.map((entry) => [entry.key, entry] as const))('%s', async (_key, entry) => {
		const server = answer(entry, refusal);
		const thrown = await thrownBy(perform(entry));
		expect([thrown.name, thrown.delay]).toEqual([refusal.name, refusal.delay ?? null]);
		for (const word of refusal.words) expect(thrown.message).toContain(word);
		expect(server.isDone()).toBe(true);
		expectNoLeak(thrown);
		expectNoInput(thrown, entry);
	});
});

describe('a 422 names fields as the form does', () => {
	const fields = {
		name: ['The name is taken.'],
		'resources.0': ['The first is gone.'],
		'resources.1': ['The second is gone.'],
		currency_id: [],
		constructor: ['Is no input.'],
	};
	const refusal: Refusal = {
		says: '',
		status: 422,
		body: envelope('VALIDATION_FAILED', { fields }),
		tries: 1,
		name: 'AppError',
		words,
	};
	it.each([
		[
			'create_plan',
			'Plan Name: The name is taken.; Resources: The first is gone. The second is gone.; constructor: Is no input.',
		],
		[
			'list_members',
			'name: The name is taken.; resources.0: The first is gone.; resources.1: The second is gone.; constructor: Is no input.',
		],
		[
			'get_plan',
			'name: The name is taken.; resources.0: The first is gone.; resources.1: The second is gone.; constructor: Is no input.',
		],
	])('%s', async (key, said) => {
		const entry = steps.find((one) => one.key === key);
		if (entry === undefined) throw new Error(`There is no step ${key}.`);
		answer(entry, refusal);
		const thrown = await thrownBy(perform(entry));
		expect(thrown.message).toBe(
			`In the words of MemberPass. ${said} (status 422, VALIDATION_FAILED, request ${requestId})`,
		);
	});
});

describe.each([404, 410])('%s', (status) => {
	const gone = { says: '', status, body: envelope('RESOURCE_NOT_FOUND'), tries: 1 } as const;
	const those = (kind: Step['kind']) =>
		steps.filter((entry) => entry.kind === kind).map((entry) => [entry.key, entry] as const);

	it.each(those('search'))('is nothing found for %s', async (_, entry) => {
		answer(entry, { ...gone, name: 'AppError', words });
		await expect(perform(entry)).resolves.toEqual([]);
	});

	it.each(those('action'))('is an error for %s, in the words of MemberPass', async (_, entry) => {
		answer(entry, { ...gone, name: 'AppError', words });
		const thrown = await thrownBy(perform(entry));
		expect(thrown.name).toBe('AppError');
		for (const word of words) expect(thrown.message).toContain(word);
	});
});

describe('a 403 that names no ability names the one the route needs', () => {
	const guarded = steps.flatMap((entry) =>
		entry.ability === null ? [] : [[entry.key, entry.ability, entry] as const],
	);
	it.each(guarded)('%s: %s', async (_, ability, entry) => {
		answer(entry, {
			says: '',
			status: 403,
			body: envelope('TOKEN_MISSING_ABILITY'),
			tries: 1,
			name: 'AppError',
			words,
		});
		const thrown = await thrownBy(perform(entry));
		expect(thrown.message).toContain(`lacks the ability "${ability}"`);
	});
});

describe('a connection that breaks off twice is an error, never an empty result', () => {
	it.each(steps.map((entry) => [entry.key, entry] as const))('%s', async (_, entry) => {
		nock(origin)
			.intercept(/^\/v1\//, entry.method)
			.times(2)
			.replyWithError(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
		const thrown = await thrownBy(perform(entry));
		expect(thrown.message).toBe(
			entry.method === 'GET'
				? 'The connection to api.memberpass.net broke off. Try again.'
				: 'The connection to api.memberpass.net broke off. It may be done all the same: check before you try again.',
		);
		expectNoLeak(thrown);
	});
});
