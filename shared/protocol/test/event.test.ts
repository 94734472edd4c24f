import fc from 'fast-check';

import { canonicalise, type JsonObject, readDelivery, type WebhookEvent } from '../src/index.ts';

const event = (data: JsonObject, envelope: JsonObject = {}): WebhookEvent => ({
	id: 'evt_1',
	type: 'role.created',
	...envelope,
	data,
});

describe('readDelivery', () => {
	it('reads the envelope and keeps what it does not know', () => {
		const body = Buffer.from('{"id":"evt_1","type":"x.new","data":{"a":1},"extra":{"b":[2]}}');
		expect(readDelivery(body)).toEqual({
			ok: true,
			event: { id: 'evt_1', type: 'x.new', data: { a: 1 }, extra: { b: [2] } },
		});
	});

	it.each([
		['a byte order mark', Buffer.from('\ufeff{"id":"evt_1","type":"t","data":{}}')],
		[
			'invalid UTF-8 inside a text',
			Buffer.concat([
				Buffer.from('{"id":"evt_1","type":"t","data":{"n":"'),
				Buffer.from([0xff]),
				Buffer.from('"}}'),
			]),
		],
	])('reads a body with %s', (_, body) => {
		expect(readDelivery(body).ok).toBe(true);
	});

	it('takes an empty list as data for an empty object, as PHP writes it', () => {
		expect(readDelivery(Buffer.from('{"id":"e","type":"t","data":[]}'))).toEqual({
			ok: true,
			event: { id: 'e', type: 't', data: {} },
		});
	});

	it.each([
		['text that is not JSON', 'hello', /not JSON/],
		['an empty body', '', /not JSON/],
		['a list', '[]', /not a JSON object/],
		['null', 'null', /not a JSON object/],
		['no id', '{"type":"t","data":{}}', /no event ID/],
		['an empty id', '{"id":"","type":"t","data":{}}', /no event ID/],
		['a number as id', '{"id":1,"type":"t","data":{}}', /no event ID/],
		['no type', '{"id":"e","data":{}}', /no event type/],
		['an empty type', '{"id":"e","type":"","data":{}}', /no event type/],
		['no data', '{"id":"e","type":"t"}', /no data/],
		['a list as data', '{"id":"e","type":"t","data":[{}]}', /no data/],
	])('refuses %s', (_, body, reason) => {
		const reading = readDelivery(Buffer.from(body));
		expect(reading).toMatchObject({ ok: false, reason: expect.stringMatching(reason) as unknown });
	});

	it('returns for every sequence of bytes', () => {
		fc.assert(
			fc.property(fc.uint8Array(), (body) => {
				expect(typeof readDelivery(body).ok).toBe('boolean');
			}),
		);
	});
});

describe('canonicalise adds what a shape lacks', () => {
	const alternatives = {
		role_id: ['role.id'],
		'role.id': ['role_id'],
		'role.name': ['name'],
		plan_id: ['plan.id', 'subscription.plan_id'],
		project_id: ['^project_id'],
	};

	it.each<[string, JsonObject, JsonObject]>([
		[
			'flat from nested',
			{ role: { id: 'r', name: 'n' } },
			{ role: { id: 'r', name: 'n' }, role_id: 'r' },
		],
		[
			'nested from flat',
			{ role_id: 'r', name: 'n' },
			{ role_id: 'r', name: 'n', role: { id: 'r', name: 'n' } },
		],
		[
			'the first place that has it',
			{ plan: { id: 'a' }, subscription: { plan_id: 'b' } },
			{ plan: { id: 'a' }, subscription: { plan_id: 'b' }, plan_id: 'a' },
		],
		[
			'the next place where the first is empty',
			{ subscription: { plan_id: 'b' } },
			{ subscription: { plan_id: 'b' }, plan_id: 'b' },
		],
		['null is a value', { plan: { id: null } }, { plan: { id: null }, plan_id: null }],
		[
			'never over a value that is there',
			{ plan_id: null, plan: { id: 'a' } },
			{ plan_id: null, plan: { id: 'a' } },
		],
		[
			'never into something that is no object',
			{ role: 'text', role_id: 'r' },
			{ role: 'text', role_id: 'r' },
		],
		['nothing from nothing', { other: 1 }, { other: 1 }],
	])('%s', (_, data, expected) => {
		expect(canonicalise(event(data), alternatives).data).toEqual(expected);
	});

	it('never from what JavaScript adds to every object', () => {
		const data = { x: 1 };
		expect(canonicalise(event(data), { role_id: ['constructor.name'] }).data).toEqual(data);
		expect(canonicalise(event(data), { constructor: ['x'] }).data).toEqual({
			x: 1,
			constructor: 1,
		});
	});

	it('never from a key that was added a moment ago: the order of the table must not matter', () => {
		expect(canonicalise(event({ x: 1 }), { a: ['x'], b: ['a'] }).data).toEqual({ x: 1, a: 1 });
		expect(canonicalise(event({ x: 1 }), { b: ['a'], a: ['x'] }).data).toEqual({ x: 1, a: 1 });
	});

	it('and gives the event back as it came where it lacks nothing', () => {
		const whole = event({ role_id: 'r', role: { id: 'r' } });
		expect(canonicalise(whole, { role_id: ['role.id'] })).toBe(whole);
	});

	it('from the envelope', () => {
		expect(canonicalise(event({}, { project_id: 'prj_1' }), alternatives).data).toEqual({
			project_id: 'prj_1',
		});
	});

	it('and leaves its input alone, keeps every key, and changes nothing the second time', () => {
		fc.assert(
			fc.property(
				fc.dictionary(
					fc.constantFrom('role', 'role_id', 'name', 'plan', 'plan_id', '__proto__', 'x'),
					fc.jsonValue(),
				),
				(data) => {
					const before = JSON.stringify(data);
					const first = canonicalise(event(data), alternatives);
					expect(JSON.stringify(data)).toBe(before);
					for (const key of Object.keys(data)) {
						expect(Object.hasOwn(first.data, key)).toBe(true);
						if (key !== 'role') expect(first.data[key]).toEqual(data[key]);
					}
					expect(canonicalise(first, alternatives)).toEqual(first);
				},
			),
		);
	});
});
