import { memberPass } from '@memberpass/catalogue';
import fc from 'fast-check';

import { anyCodePoint } from '../../testing/src/any-code-point.ts';
import { buildRequest, encodeSegment, isWrite, PathValueError } from '../src/index.ts';
import { fieldWith, operationWith } from './support.ts';

const options = {
	platform: memberPass,
	origin: 'https://api.memberpass.net',
	idempotencyKey: 'a-key',
};

const planPath = operationWith({
	name: 'delete_plan',
	method: 'DELETE',
	path: '/projects/{project}/plans/{plan}',
	fields: [
		fieldWith({ name: 'project', label: 'Project', in: 'path', required: true }),
		fieldWith({ name: 'plan', label: 'Plan', in: 'path', required: true }),
	],
});

describe('a path value', () => {
	it.each([
		['pln_01', 'pln_01'],
		['a/b', 'a%2Fb'],
		['a?b=c', 'a%3Fb%3Dc'],
		['a#b', 'a%23b'],
		['../teams', '..%2Fteams'],
		['a..b', 'a..b'],
		['a b', 'a%20b'],
		['100%', '100%25'],
		['%2e%2e', '%252e%252e'],
		['ключ', '%D0%BA%D0%BB%D1%8E%D1%87'],
		['🎟', '%F0%9F%8E%9F'],
		['  pln_01\n', 'pln_01'],
		['a\\b', 'a%5Cb'],
		[-1001234567890, '-1001234567890'],
		['a;b', 'a%3Bb'],
	])('%j is sent as %s', (value, encoded) => {
		expect(encodeSegment('plan', 'Plan', value)).toBe(encoded);
	});

	it.each([
		['an empty text', ''],
		['blanks', '  \t'],
		['undefined', undefined],
		['null', null],
		['an object', { id: 'pln_01' }],
		['a list', ['pln_01']],
		['a dot', '.'],
		['two dots, which any URL parser resolves', '..'],
		['half a surrogate pair', '\ud800'],
	])('%s is refused before a request exists, naming the field', (_, value) => {
		expect(() => buildRequest(planPath, { project: 'prj_01', plan: value }, options)).toThrow(
			PathValueError,
		);
		expect(() => encodeSegment('plan', 'Plan', value)).toThrow(/'Plan'/);
	});

	it.each([
		['by its label', { project: 'prj_01' }, "'Plan' is empty. Choose or enter a value.", 'plan'],
		[
			'by the label of the right one',
			{ plan: 'pln_01' },
			"'Project' is empty. Choose or enter a value.",
			'project',
		],
	])('that is refused is named %s', (_, values, message, field) => {
		const operation = {
			...planPath,
			fields: [fieldWith({ name: 'plan', label: 'New Plan', in: 'body' }), ...planPath.fields],
		};
		const refused = (): unknown => buildRequest(operation, values, options);
		expect(refused).toThrow(message);
		expect(refused).toThrow(expect.objectContaining({ name: 'PathValueError', field }) as Error);
	});

	it('without a field is named as the path names it', () => {
		const operation = operationWith({ path: '/things/{thing}' });
		expect(() => buildRequest(operation, {}, { ...options, idempotencyKey: null })).toThrow(
			"'thing' is empty.",
		);
	});

	it('never leaves its segment, whatever it is', () => {
		fc.assert(
			fc.property(fc.string({ unit: anyCodePoint }), (value) => {
				let url: URL;
				try {
					url = new URL(buildRequest(planPath, { project: 'prj_01', plan: value }, options).url);
				} catch (error) {
					expect(error).toBeInstanceOf(PathValueError);
					return;
				}
				const segments = url.pathname.split('/');
				expect(segments.slice(0, 5)).toEqual(['', 'v1', 'projects', 'prj_01', 'plans']);
				expect(segments).toHaveLength(6);
				expect(decodeURIComponent(segments[5] ?? '')).toBe(value.trim());
				expect(url.search + url.hash).toBe('');
			}),
		);
	});
});

describe('a query', () => {
	const operation = operationWith({
		path: '/analytics/dashboard',
		fields: [
			fieldWith({ name: 'period', in: 'query' }),
			fieldWith({ name: 'plan_ids', in: 'query', type: 'array' }),
			fieldWith({ name: 'active_only', in: 'query', type: 'boolean' }),
			fieldWith({ name: 'limit', in: 'query', type: 'integer' }),
		],
	});

	it.each([
		[{}, ''],
		[{ period: '' }, ''],
		[{ period: null }, ''],
		[{ period: '30d' }, '?period=30d'],
		[{ period: 'a&b=c d' }, '?period=a%26b%3Dc%20d'],
		[{ active_only: true }, '?active_only=1'],
		[{ active_only: false }, '?active_only=0'],
		[{ limit: 0 }, '?limit=0'],
		[{ plan_ids: ['pln_1', 'pln_2'] }, '?plan_ids%5B%5D=pln_1&plan_ids%5B%5D=pln_2'],
		[{ plan_ids: [] }, ''],
		[{ period: 'half \ud800' }, '?period=half%20%EF%BF%BD'],
		[{ period: '7d', active_only: true }, '?active_only=1&period=7d'],
	])('of %j is %j', (values, search) => {
		const { url } = buildRequest(operation, values, options);
		expect(url).toBe(`https://api.memberpass.net/v1/analytics/dashboard${search}`);
	});

	it('merges the paging parameters, sorted by name', () => {
		const { query } = buildRequest(
			operation,
			{ period: '7d' },
			{ ...options, page: [['cursor', 'x']] },
		);
		expect(query).toEqual([
			['cursor', 'x'],
			['period', '7d'],
		]);
	});
});

describe('a body', () => {
	const operation = operationWith({
		method: 'POST',
		fields: [
			fieldWith({ name: 'name' }),
			fieldWith({ name: 'price', type: 'number' }),
			fieldWith({ name: 'active', type: 'boolean' }),
			fieldWith({ name: 'resources', type: 'array' }),
		],
	});

	it.each([
		[{}, null],
		[{ name: undefined }, null],
		[{ name: '' }, '{"name":""}'],
		[{ price: 0, active: false, resources: [] }, '{"price":0,"active":false,"resources":[]}'],
		[{ name: 'Zoë "quoted" \n {{curly}} 🎟' }, '{"name":"Zoë \\"quoted\\" \\n {{curly}} 🎟"}'],
	])('of %j is %s', (values, body) => {
		expect(buildRequest(operation, values, options).body).toBe(body);
	});

	it('holds nothing of what travels in the path or the query', () => {
		const mixed = operationWith({
			method: 'PATCH',
			path: '/plans/{plan}',
			fields: [
				fieldWith({ name: 'plan', in: 'path' }),
				fieldWith({ name: 'dry_run', in: 'query', type: 'boolean' }),
				fieldWith({ name: 'name' }),
			],
		});
		const request = buildRequest(mixed, { plan: 'pln_1', dry_run: true, name: 'Gold' }, options);
		expect(request.body).toBe('{"name":"Gold"}');
		expect(request.url).toBe('https://api.memberpass.net/v1/plans/pln_1?dry_run=1');
	});

	it('brings its content type only when there is one', () => {
		expect(buildRequest(operation, { price: 1 }, options).headers).toEqual({
			Accept: 'application/json',
			'Content-Type': 'application/json',
			'Idempotency-Key': 'a-key',
		});
		expect(buildRequest(operation, {}, options).headers).toEqual({
			Accept: 'application/json',
			'Idempotency-Key': 'a-key',
		});
	});
});

describe('the idempotency key', () => {
	it.each(['POST', 'PATCH', 'DELETE'] as const)(
		'is on every %s, and missing it is our own fault',
		(method) => {
			const operation = operationWith({ method });
			expect(isWrite(method)).toBe(true);
			expect(buildRequest(operation, {}, options).headers['Idempotency-Key']).toBe('a-key');
			expect(() => buildRequest(operation, {}, { ...options, idempotencyKey: null })).toThrow(
				/idempotency key/,
			);
		},
	);

	it('is never on a read', () => {
		expect(buildRequest(operationWith(), {}, options).headers).toEqual({
			Accept: 'application/json',
		});
	});

	it.each(['', 'two words', 'Ünicode', 'line\nbreak', 'x'.repeat(256)])(
		'cannot be %j',
		(idempotencyKey) => {
			const operation = operationWith({ method: 'POST' });
			expect(() => buildRequest(operation, {}, { ...options, idempotencyKey })).toThrow(
				/idempotency key/,
			);
		},
	);
});

it('the header names and the base path come from the platform value, so that a successor is a second value', () => {
	const successor = {
		apiBasePath: '/v2',
		headers: { ...memberPass.headers, idempotency: 'X-Once' },
	};
	const request = buildRequest(
		operationWith({ method: 'POST' }),
		{},
		{ platform: successor, origin: 'https://api.example.com', idempotencyKey: 'a-key' },
	);
	expect(request.url).toBe('https://api.example.com/v2/things');
	expect(request.headers).toEqual({ Accept: 'application/json', 'X-Once': 'a-key' });
});
