import { type FieldSchema, operation, type RouteEntry } from '@memberpass/catalogue';
import type { JsonObject } from '@memberpass/protocol';

import { answerFaults, Judge, pagingShape } from '../src/judge.ts';
import { eventFaults, refusalFaults, shapeFaults } from '../src/shape.ts';
import type { Attempt } from '../src/types.ts';

const plan: FieldSchema = {
	type: 'object',
	required: ['id', 'price'],
	additionalProperties: true,
	properties: {
		id: { type: 'string' },
		price: { type: 'string' },
		days: { type: 'integer' },
		share: { type: 'number' },
		note: { type: ['string', 'null'] },
		made_at: { type: 'string', format: 'date-time' },
		day: { type: 'string', format: 'date' },
		mail: { type: 'string', format: 'email' },
		status: { type: 'string', 'x-known-values': ['active', 'ended'] },
		owner: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
		rows: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } } } },
		changes: { type: 'object', additionalProperties: { type: 'integer' } },
		anything: {},
		open: { type: 'object', properties: {}, additionalProperties: true },
	},
};
const whole = { id: 'p', price: '1.00' };

describe('a value is held against its schema', () => {
	it.each<[string, object, readonly string[]]>([
		['as it should be', { ...whole, days: 1, share: 0.5, note: null }, []],
		['a whole number where one with decimals may come', { ...whole, share: 1 }, []],
		[
			'decimals where a whole number must come',
			{ ...whole, days: 1.5 },
			['other type days: integer, number'],
		],
		['a key nobody knows', { ...whole, kind: 'x' }, ['new field kind: absent, string']],
		['a key that is missing', { id: 'p' }, ['missing field price: string, absent']],
		['another type', { ...whole, price: 1 }, ['other type price: string, integer']],
		['a null', { ...whole, days: null }, ['other type days: integer, null']],
		[
			'another form of a time',
			{ ...whole, made_at: '18.05.2026' },
			['other format made_at: date-time, a text of another form'],
		],
		...[
			'2026-05-18T10:05:00',
			'2026-05-18T10:05Z',
			'2026-05-18T10:05:00.Z',
			'2026-05-18T10:05:00+1:00',
			'2026-05-18T10:05:00*01:00',
			'2026-13-18T10:05:00Z',
			'at 2026-05-18T10:05:00Z',
			'2026-05-18T10:05:00Z or so',
		].map((made_at): [string, object, readonly string[]] => [
			`no time: ${made_at}`,
			{ ...whole, made_at },
			['other format made_at: date-time, a text of another form'],
		]),
		...['', '2026-05-18T10:05:00Z', '2026-05-18T10:05:00.123456+02:00'].map(
			(made_at): [string, object, readonly string[]] => [
				`a time, or none: "${made_at}"`,
				{ ...whole, made_at },
				[],
			],
		),
		...['2026-5-18', '18-05-2026', 'on 2026-05-18', '2026-05-18T10:05:00Z', '2026-05-1'].map(
			(day): [string, object, readonly string[]] => [
				`no date: ${day}`,
				{ ...whole, day },
				['other format day: date, a text of another form'],
			],
		),
		...['jane', 'jane @x', 'a@b@c', '@x', 'jane@'].map(
			(mail): [string, object, readonly string[]] => [
				`no address: ${mail}`,
				{ ...whole, mail },
				['other format mail: email, a text of another form'],
			],
		),
		['a date and an address', { ...whole, day: '2026-05-18', mail: 'jane@x' }, []],
		[
			'a value that is not listed',
			{ ...whole, status: 'frozen' },
			['new value status: a listed value, frozen'],
		],
		[
			'a sentence is not repeated',
			{ ...whole, status: 'Jane left' },
			['new value status: a listed value, a text'],
		],
		[
			'inside an object',
			{ ...whole, owner: { x: 1 } },
			['missing field owner.id: string, absent', 'new field owner.x: absent, integer'],
		],
		[
			'inside a list',
			{ ...whole, rows: [{ n: 1 }, { n: '1' }] },
			['other type rows[].n: integer, string'],
		],
		[
			'inside a map',
			{ ...whole, changes: { a: 1, b: 'x' } },
			['other type changes.*: integer, string'],
		],
		['what is left open', { ...whole, anything: [1], open: { a: 1 } }, []],
	])('%s', (_, value, expected) => {
		expect(
			shapeFaults(plan, value, '').map(
				(one) => `${one.kind} ${one.where}: ${one.expected}, ${one.seen}`,
			),
		).toEqual(expected);
	});
});

const answer = (shape: 'one' | 'many' | 'nothing', beside: readonly string[] = []): RouteEntry => ({
	...operation('get_role'),
	output: {
		shape,
		paging: 'none',
		beside,
		evidence: 'inferred',
		schema: {
			type: 'object',
			required: ['id'],
			properties: { id: { type: 'string' }, secret: { type: 'string' } },
		},
	},
});

describe('an answer is held against its operation', () => {
	it.each<[string, RouteEntry, string, readonly string[]]>([
		['an object', answer('one'), '{"data":{"id":"a"}}', []],
		['a list', answer('many'), '{"data":[{"id":"a"}],"meta":{}}', []],
		[
			'without its wrapper',
			answer('one'),
			'{"id":"a"}',
			['new field id: absent, string', 'missing field data: object, absent'],
		],
		['a bare list', answer('many'), '[]', ['other type : object, array']],
		[
			'an object where a list belongs',
			answer('many'),
			'{"data":{}}',
			['other type data: array, object'],
		],
		[
			'a key beside data',
			answer('one'),
			'{"data":{"id":"a"},"links":{}}',
			['new field links: absent, object'],
		],
		['a secret beside data', answer('one', ['secret']), '{"data":{"id":"a"},"secret":"s"}', []],
		['a secret inside', answer('one', ['secret']), '{"data":{"id":"a","secret":"s"}}', []],
		['no body where one belongs', answer('one'), '', ['other type : object, nothing']],
		['blanks where a body belongs', answer('one'), ' \n', ['other type : object, nothing']],
		['a page of HTML', answer('one'), '<html>', ['other type : object, text']],
		['nothing', answer('nothing'), '', []],
		['blanks where nothing belongs', answer('nothing'), ' \n', []],
		['a text where nothing belongs', answer('nothing'), 'OK', ['other type : nothing, text']],
		[
			'something where nothing belongs',
			answer('nothing'),
			'{"message":"x"}',
			['other type : nothing, object'],
		],
	])('%s', (_, entry, raw, expected) => {
		let body: unknown;
		try {
			body = JSON.parse(raw);
		} catch {
			body = undefined;
		}
		expect(
			answerFaults(entry, raw, body).map(
				(one) => `${one.kind} ${one.where}: ${one.expected}, ${one.seen}`,
			),
		).toEqual(expected);
	});
});

const refusal = (code: string, more: object = {}) => ({
	error: { code, message: 'm', docs_url: 'd', remediation: 'r', request_id: 'q', ...more },
});

describe('a refusal is held against the documented envelope', () => {
	it.each<[string, number, unknown, readonly string[]]>([
		['as documented', 404, refusal('RESOURCE_NOT_FOUND'), []],
		[
			'with fields and context',
			422,
			refusal('VALIDATION_FAILED', { fields: { a: ['x'] }, context: { b: 1 } }),
			[],
		],
		[
			'another status',
			400,
			refusal('VALIDATION_FAILED'),
			['other status VALIDATION_FAILED 422 400'],
		],
		['a status nobody stated', 402, refusal('TEAM_TIER_REQUIRED'), []],
		[
			'a code nobody knows',
			418,
			refusal('TEAPOT'),
			['unknown code error.code a listed code 418 TEAPOT'],
		],
		[
			'a new key',
			404,
			refusal('RESOURCE_NOT_FOUND', { trace: 'x' }),
			['new field error.trace absent string'],
		],
		[
			'another framework’s form',
			404,
			{ message: 'x' },
			['missing field error object absent', 'new field message absent string'],
		],
		['no JSON', 502, undefined, ['other type  object no JSON']],
	])('%s', (_, status, body, expected) => {
		expect(
			refusalFaults(status, body).map(
				(one) => `${one.kind} ${one.where} ${one.expected} ${one.seen}`,
			),
		).toEqual(expected);
	});
});

const event = (type: string, data: object, more: object = {}) => ({
	id: 'evt_1',
	type,
	created_at: '2026-05-18T10:05:00Z',
	api_version: '2026-05-01',
	project_id: 'prj_1',
	data,
	...more,
});

describe('an event is held against the closest of its shapes', () => {
	const ids = { subscription_id: 's', plan_id: 'p', subscriber_id: 'u' };
	it.each<[string, object, readonly string[]]>([
		['as its page has it', event('subscription.cancelled', { ...ids, provider: 'stripe' }), []],
		[
			'with a new key',
			event('subscription.cancelled', { ...ids, provider: 'stripe', reason: 'x' }),
			['new field data.reason'],
		],
		['without one', event('subscription.cancelled', { ...ids }), ['missing field data.provider']],
		[
			'in the shape of the later manifest, with a new key',
			event('access_code.expired', {
				expired_at: '2026-07-18T00:00:00Z',
				plan_id: 'p',
				subscription_id: null,
				extra: 1,
			}),
			['event shape data', 'new field data.extra'],
		],
		['of an unknown type', event('connector.linked', {}), ['unknown event type']],
		[
			'with a new key in the envelope',
			event('subscription.cancelled', { ...ids, provider: 'stripe' }, { attempt: 1 }),
			['new field attempt'],
		],
	])('%s', (_, value, expected) => {
		expect(eventFaults({ ...value }).map((one) => `${one.kind} ${one.where}`)).toEqual(expected);
	});
});

it.each<[string, object | null, string]>([
	['Laravel', { current_page: 1, last_page: 2 }, 'last_page'],
	['the documented shape', { page: 1, has_more: true }, 'has_more'],
	['a keyset', { next_cursor: null }, 'next_cursor'],
	['two at once', { next_cursor: 'x', has_more: true }, 'next_cursor and has_more'],
	['a list that comes whole', { total: 3 }, 'total'],
	['no facts', {}, 'nothing'],
	['no meta', null, 'nothing'],
])('paging is known by its facts: %s', (_, meta, expected) => {
	expect(pagingShape(meta === null ? { data: [] } : { data: [], meta })).toBe(expected);
});

it('the same difference in many rows is one line with a count', () => {
	const judge = new Judge(new Map());
	for (const where of ['data.x', 'data.y', 'data.x']) {
		judge.add('get_role', { kind: 'new field', where, expected: 'absent', seen: 'string' });
	}
	expect(judge.differences.map(({ where, count }) => [where, count])).toEqual([
		['data.x', 2],
		['data.y', 1],
	]);
});

it.each([['jane.doe@gmail.com'], ['usr_01JV9K3PZM4T8QX6WBNRH2C5DJ'], ['700100015'], ['Jane Doe']])(
	'a key that is private is not shown: %s',
	(key) => {
		expect(shapeFaults(plan, { ...whole, [key]: 1 }, 'data')).toEqual([
			{ kind: 'new field', where: 'data.*', expected: 'absent', seen: 'integer' },
		]);
	},
);

it.each([
	['connector.linked', 'connector.linked', 'connector.linked'],
	['jane.doe@gmail.com', 'delivery', 'a text'],
	['Jane Doe left', 'delivery', 'a text'],
	[42, 'delivery', 'a text'],
])('the type of an event is shown where it is a word, and not otherwise: %s', (type, of, seen) => {
	const judge = new Judge(new Map());
	judge.event(event('', {}, { type }));
	const unknown = judge.differences.filter(({ kind }) => kind === 'unknown event');
	expect(unknown.map((one) => [one.subject, one.seen])).toEqual([[of, seen]]);
});

it.each<[string, Readonly<Record<string, string>>, string]>([
	['is missing', {}, 'no header'],
	['holds the id, whatever the case of its name', { 'mp-event-id': 'evt_1' }, 'the same as id'],
	['holds the end of the id', { 'MP-Event-Id': '1' }, 'id without its prefix'],
	['holds something else', { 'MP-Event-Id': '2' }, 'another value'],
])('where the header of the id %s, the report says so', (_, headers, seen) => {
	const judge = new Judge(new Map());
	judge.delivery(headers, event('member.joined', {}), 'MP-Event-Id');
	judge.delivery(headers, event('member.joined', {}, { id: 7 }), 'MP-Event-Id');
	expect(judge.observations).toEqual([{ topic: 'event id header', subject: 'MP-Event-Id', seen }]);
});

/** An attempt that was answered once. */
const answered = (key: string, status: number, body: string): Attempt => ({
	entry: operation(key),
	name: 'success',
	input: {},
	exchanges: [
		{ method: 'GET', path: '/x', query: [], requestBody: null, status, headers: {}, body },
	],
	outcome: { ok: true, rows: [], whole: true },
	keep: true,
});

it.each([
	['differs from what is committed', 200, 'other status get_role success 200 201'],
	['is not known yet', null, null],
])('a status that %s', (_, known, expected) => {
	const judge = new Judge(new Map(known === null ? [] : [['get_role', known]]));
	judge.judge(answered('get_role', 201, '{"data":{}}'));
	const told = judge.differences
		.filter(({ kind }) => kind === 'other status')
		.map((one) => `${one.kind} ${one.subject} ${one.where} ${one.expected} ${one.seen}`);
	expect(told).toEqual(expected === null ? [] : [expected]);
});

it.each(['{"data":{}}', '{"data":["text"]}', '[]', 'no JSON'])(
	'a list of events that is none is a difference, and ends nothing: %s',
	(body) => {
		const judge = new Judge(new Map());
		judge.judge(answered('list_webhook_events', 200, body));
		expect(judge.differences).not.toEqual([]);
	},
);

it.each<[string, readonly JsonObject[], string, readonly string[]]>([
	['finds what was asked for', [{ name: 'Gold' }], 'honoured', []],
	['finds more', [{ name: 'Gold' }, { name: 'Basic' }], 'ignored', ['ignored']],
	['finds nothing', [], 'answers nothing', ['answers nothing']],
])('a filter that %s', (_, rows, seen, differences) => {
	const judge = new Judge(new Map());
	const found = answered('find_plan_by_name', 200, '{"data":[]}');
	const asked = { ...found, input: { name: 'Gold' } };
	judge.judge({ ...asked, outcome: { ok: true, rows, whole: true } });
	judge.judge({ ...asked, name: 'not found', outcome: { ok: true, rows: [], whole: true } });
	const topic = 'filter';
	expect(judge.observations).toContainEqual({ topic, subject: 'find_plan_by_name', seen });
	expect(judge.observations.filter((one) => one.topic === topic)).toHaveLength(1);
	expect(judge.differences.filter(({ kind }) => kind === topic).map((one) => one.seen)).toEqual(
		differences,
	);
});
