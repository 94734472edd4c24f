import nock from 'nock';

import type { Exchange } from '../src/index.ts';
import { replay } from '../src/replay.ts';

const origin = 'https://api.example.com';
const token = 'mpt_test_1_x';

interface Parts {
	readonly query?: Exchange['request']['query'];
	readonly body?: unknown;
	readonly answer?: unknown;
}

const exchange = (
	method: string,
	path: string,
	{ query = {}, body = null, answer = {} }: Parts = {},
): Exchange => ({
	request: { method, path, query, body },
	response: { status: 200, headers: {}, body: answer },
});

const read = exchange('GET', '/v1/plans', { query: { page: '1', 'ids[]': ['a', 'b'] } });
const write = exchange('POST', '/v1/plans', { body: { name: 'A', tags: ['x'] } });
const signedIn = { authorization: `Bearer ${token}` };
const keyed = { ...signedIn, 'idempotency-key': 'k1' };

const send = async (
	method: string,
	path: string,
	headers: Readonly<Record<string, string>>,
	body?: unknown,
): Promise<number> => {
	const sent = body === undefined ? {} : { body: JSON.stringify(body) };
	const response = await fetch(origin + path, {
		method,
		headers: { 'content-type': 'application/json', ...headers },
		...sent,
	});
	return response.status;
};
const sendRead = (headers: Readonly<Record<string, string>> = signedIn): Promise<number> =>
	send('GET', '/v1/plans?page=1&ids[]=a&ids[]=b', headers);
const sendWrite = (headers: Readonly<Record<string, string>> = keyed): Promise<number> =>
	send('POST', '/v1/plans', headers, { name: 'A', tags: ['x'] });

it('a replay answers what was recorded, and finds nothing wrong with it', async () => {
	const replayed = replay(origin, { exchanges: [read, write] }, token);
	expect(replayed.pending()).toBe(2);
	expect([await sendRead(), replayed.pending()]).toEqual([200, 1]);
	expect([await sendWrite(), replayed.pending()]).toEqual([200, 0]);
	expect(replayed.faults).toEqual([]);
	expect(replayed.sent).toMatchObject([
		{ method: 'GET', path: '/v1/plans', search: 'page=1&ids[]=a&ids[]=b', body: '' },
		{ method: 'POST', path: '/v1/plans', search: '', body: '{"name":"A","tags":["x"]}' },
	]);
});

it('a list of one value is the same in the recording and in the request', async () => {
	const one = exchange('GET', '/v1/plans', { query: { 'ids[]': ['a'] } });
	replay(origin, { exchanges: [one] }, token);
	expect(await send('GET', '/v1/plans?ids[]=a', signedIn)).toBe(200);
});

it.each<[string, () => Promise<unknown>, readonly string[]]>([
	[
		'a read with a key',
		async () => [await sendRead(keyed), await sendWrite()],
		['GET /v1/plans reads and carries an Idempotency-Key.'],
	],
	[
		'a write without one',
		async () => [await sendRead(), await sendWrite(signedIn)],
		['POST /v1/plans writes and carries no Idempotency-Key.'],
	],
	[
		'a request without the token',
		async () => [await sendRead({}), await sendWrite()],
		['GET /v1/plans does not carry the bearer token.'],
	],
	[
		'a request with another token',
		async () => [await sendRead(), await sendWrite({ ...keyed, authorization: 'Bearer other' })],
		['POST /v1/plans does not carry the bearer token.'],
	],
	[
		'another order',
		async () => [await sendWrite(), await sendRead()],
		['POST /v1/plans came as request 1.', 'GET /v1/plans came as request 2.'],
	],
])('what is wrong is told: %s', async (_, ask, expected) => {
	const { faults } = replay(origin, { exchanges: [read, write] }, token);
	await ask();
	expect(faults).toEqual(expected);
});

it.each<[string, Exchange, () => Promise<number>]>([
	['another path', read, () => send('GET', '/v1/plan?page=1&ids[]=a&ids[]=b', signedIn)],
	['another method', read, () => send('PUT', '/v1/plans?page=1&ids[]=a&ids[]=b', signedIn)],
	['a parameter less', read, () => send('GET', '/v1/plans?ids[]=a&ids[]=b', signedIn)],
	['a parameter more', read, () => send('GET', '/v1/plans?page=1&ids[]=a&ids[]=b&x=1', signedIn)],
	['another value in a list', read, () => send('GET', '/v1/plans?page=1&ids[]=a', signedIn)],
	['another body', write, () => send('POST', '/v1/plans', keyed, { name: 'A', tags: ['x', 'y'] })],
	['no body', write, () => send('POST', '/v1/plans', keyed)],
	['a body where none was sent', exchange('POST', '/v1/a'), () => send('POST', '/v1/a', keyed, {})],
])('%s is no match', async (_, recorded, ask) => {
	const replayed = replay(origin, { exchanges: [recorded] }, token);
	expect([await ask(), replayed.sent.length, replayed.pending()]).toEqual([501, 0, 1]);
	nock.cleanAll();
});

it.each([
	['JSON', { data: [] }, '{"data":[]}'],
	['a text as it is', '<html>', '<html>'],
	['nothing', null, ''],
])('an answer is %s', async (_, answer, text) => {
	replay(origin, { exchanges: [exchange('GET', '/v1/a', { answer })] }, token);
	const response = await fetch(`${origin}/v1/a`, { headers: signedIn });
	expect(await response.text()).toBe(text);
});
