import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { platform, route } from '@memberpass/catalogue';
import { readProblem } from '@memberpass/protocol';

import {
	deliveryFiles,
	isWhole,
	learnAttempt,
	learnDelivery,
	operationFiles,
	recordingOf,
} from '../src/fixtures.ts';
import { findSecrets, type PlannedFile, putInPlace } from '../src/planned-files.ts';
import { Scrubber } from '../src/scrub.ts';
import type { Attempt, Captured, Outcome } from '../src/types.ts';
import { contentOf, newFolder, tidyUp } from './support.ts';

afterEach(tidyUp);

const provenance = {
	origin: 'https://api.memberpass.net',
	date: '2026-12-01',
	apiVersion: '2026-05-01',
	live: true,
};
const planned = (path: string, text: string): PlannedFile => ({ path, text, added: text });

describe('files are put in place all together or not at all', () => {
	const before = { 'api/a.json': 'old a', 'api/z.json': 'old z', 'notes.md': 'mine' };
	const start = (): { readonly root: string; readonly target: string } => {
		const root = newFolder();
		const target = join(root, 'fixtures');
		mkdirSync(join(target, 'api'), { recursive: true });
		for (const [path, text] of Object.entries(before)) writeFileSync(join(target, path), text);
		return { root, target };
	};
	const files = [
		planned('api/a.json', 'new a'),
		planned('events/x/b.json', 'new b'),
		planned('api/z.json', 'new z'),
	];

	it('replaces and adds, and leaves what it does not know', () => {
		const { root, target } = start();
		putInPlace(files, target);
		expect(contentOf(target)).toEqual({
			'api/a.json': 'new a',
			'api/z.json': 'new z',
			'events/x/b.json': 'new b',
			'notes.md': 'mine',
		});
		expect(readdirSync(root)).toEqual(['fixtures']);
	});

	it('a failure of what comes last leaves the old ones as they were', () => {
		const { root, target } = start();
		const last = (): never => {
			throw new Error('The report cannot be written.');
		};
		expect(() => putInPlace(files, target, last)).toThrow('The report cannot be written.');
		expect(contentOf(target)).toEqual(before);
		expect(readdirSync(root)).toEqual(['fixtures']);
	});

	it('where there is none, nothing is made', () => {
		const { root, target } = start();
		putInPlace([], target);
		expect(contentOf(root)).toEqual({
			'fixtures/api/a.json': 'old a',
			'fixtures/api/z.json': 'old z',
			'fixtures/notes.md': 'mine',
		});
	});

	it.each([1, 2, 3])('a failure at file %i leaves the old ones as they were', (failing) => {
		const { root, target } = start();
		let count = 0;
		const move = (from: string, to: string): void => {
			if (++count === failing) throw new Error('The disk is full.');
			renameSync(from, to);
		};
		expect(() => putInPlace(files, target, undefined, move)).toThrow('The disk is full.');
		expect(contentOf(target)).toEqual(before);
		expect(readdirSync(root)).toEqual(['fixtures']);
	});
});

const captured = (status: number, body: string, more: Partial<Captured> = {}): Captured => ({
	method: 'GET',
	path: '/v1/roles',
	query: [],
	requestBody: null,
	status,
	headers: {
		'content-type': 'application/json',
		'set-cookie': 'a=b',
		server: 'x',
		'retry-after': '3',
	},
	body,
	...more,
});
const attempt = (key: string, exchanges: readonly Captured[], outcome: Outcome): Attempt => ({
	entry: route(key),
	name: 'success',
	input: {},
	exchanges,
	outcome,
	keep: true,
});
const recorded = (one: Attempt) => {
	const scrubber = new Scrubber(platform, []);
	learnAttempt(scrubber, one);
	scrubber.freeze();
	return recordingOf(one, scrubber, provenance, platform);
};
const role = { id: 'rol_01JS4N7B2XQ8WMT5RHC9KZDV3F', name: 'Night shift', code: 'night' };

it('a recording says that it was recorded, when, of which version and where', () => {
	const body = JSON.stringify({ data: [role] });
	expect(
		recorded(
			attempt(
				'list_roles',
				[
					captured(200, body, {
						query: [
							['limit', '100'],
							['page', '1'],
							['per_page', '100'],
						],
					}),
				],
				{
					ok: true,
					rows: [role],
					whole: true,
				},
			),
		),
	).toEqual({
		name: 'recorded: success',
		evidence: 'recorded',
		source: 'https://api.memberpass.net/v1/roles',
		note: 'Recorded on 2026-12-01, API version 2026-05-01; private values are stand-ins.',
		input: {},
		exchanges: [
			{
				request: {
					method: 'GET',
					path: '/v1/roles',
					query: { limit: '100', page: '1', per_page: '100' },
					body: null,
				},
				response: {
					status: 200,
					headers: { 'content-type': 'application/json', 'retry-after': '3' },
					body: {
						data: [{ id: 'rol_00000000000000000000000001', name: 'Name 1', code: 'handle-1' }],
					},
				},
			},
		],
		output: [{ id: 'rol_00000000000000000000000001', name: 'Name 1', code: 'handle-1' }],
		error: null,
	});
});

it('a refusal is recorded with what a platform makes of it', () => {
	const error = {
		code: 'TOKEN_MISSING_ABILITY',
		message: 'This token is missing a required ability.',
		docs_url: 'https://docs.memberpass.net/mcp/troubleshooting',
		remediation: 'Mint another.',
		request_id: 'req_01JVA23QTZJNYAM1EMCEFHYG3N',
		context: { required_ability: 'role:view-any' },
	};
	const problem = {
		kind: 'forbidden' as const,
		status: 403,
		code: error.code,
		message: error.message,
		reason: null,
		remediation: null,
		docsUrl: null,
		requestId: null,
		missingAbility: 'role:view-any',
		fields: {},
		retryAfterMs: null,
	};
	const refused = attempt('list_roles', [captured(403, JSON.stringify({ error }))], {
		ok: false,
		problem,
	});
	expect(isWhole(refused)).toBe(true);
	expect(recorded(refused)).toMatchObject({
		output: null,
		error: {
			status: 403,
			code: 'TOKEN_MISSING_ABILITY',
			message: 'This token is missing a required ability.',
			request_id: 'req_00000000000000000000000001',
			ability: 'role:view-any',
			fields: null,
		},
	});
	for (const kind of ['server', 'rate_limited', 'unreadable', 'network'] as const) {
		expect(isWhole({ ...refused, outcome: { ok: false, problem: { ...problem, kind } } })).toBe(
			false,
		);
	}
	expect(isWhole({ ...refused, exchanges: [captured(403, '<html>')] })).toBe(false);
	expect(isWhole({ ...refused, outcome: { ok: true, rows: [], whole: false } })).toBe(false);
});

it.each<[string, Partial<Captured>, Attempt['input']]>([
	['in the path of another call', { path: '/v1/roles/Jane%20Doe' }, {}],
	['in the query of another call', { query: [['names[]', 'Jane Doe']] }, {}],
	['in the body of another call', { requestBody: '{"name":"Jane Doe"}' }, {}],
	['in the answer to another call', { body: '{"data":{"name":"Jane Doe"}}' }, {}],
	['in the input of another call', {}, { name: 'Jane Doe' }],
])('a message does not keep a name that is known from what stands %s', (_, exchange, input) => {
	const problem = { ...readProblem({ status: 404, headers: {}, body: '' }, platform, 0, null) };
	const said = '{"error":{"code":"X","message":"Jane Doe is gone."}}';
	const refused = attempt('get_role', [captured(404, said)], { ok: false, problem });
	const scrubber = new Scrubber(platform, []);
	learnAttempt(scrubber, refused);
	learnAttempt(scrubber, {
		...attempt('get_role', [captured(200, '{}', exchange)], { ok: true, rows: [], whole: true }),
		input,
	});
	scrubber.freeze();
	const { error } = recordingOf(refused, scrubber, provenance, platform);
	expect(error).toMatchObject({
		message: expect.stringMatching(/^(Name|Text|handle).\d is gone\.$/),
	});
});

it('a message does not keep a name that is known from a delivery', () => {
	const scrubber = new Scrubber(platform, []);
	learnDelivery(scrubber, { headers: {}, body: '{"data":{"name":"Jane Doe"}}' });
	scrubber.freeze();
	expect(scrubber.text('Jane Doe is gone.', ['error', 'message'])).toBe('Name 1 is gone.');
});

it('what was written by hand stays, what an earlier run recorded is replaced', () => {
	const target = newFolder();
	mkdirSync(join(target, 'api/role'), { recursive: true });
	const write = (value: unknown): void =>
		writeFileSync(join(target, 'api/role/get_role.json'), JSON.stringify(value));
	write({ operation: 'get_role', recordings: [{ name: 'success' }, { name: 'recorded: old' }] });
	const one = attempt('get_role', [captured(200, '{"data":{}}')], {
		ok: true,
		rows: [{}],
		whole: true,
	});
	const again = { ...one, name: 'other' };
	const [file, ...others] = operationFiles([again, one, one], target, recorded);
	expect(others).toEqual([]);
	expect(file?.path).toBe('api/role/get_role.json');
	const names = (JSON.parse(file?.text ?? '') as { recordings: { name: string }[] }).recordings;
	expect(names.map(({ name }) => name)).toEqual([
		'success',
		'recorded: success',
		'recorded: success 2',
		'recorded: other',
	]);
	for (const other of [{ operation: 'other', recordings: [] }, { operation: 'get_role' }, null]) {
		write(other);
		expect(() => operationFiles([one], target, recorded)).toThrow(/is no fixture of get_role/);
	}
});

it.each([
	['content-type', 'text/html; charset=utf-8', 'text/html; charset=utf-8'],
	['content-type', 'application/problem+json;v=1.0', 'application/problem+json;v=1.0'],
	['content-type', 'application/json; of="Jane Doe"', 'Text 1'],
	['content-type', 'Jane Doe: text/html', 'Text 1'],
	['content-type', 'text/html; charset=utf-8, Jane', 'Text 1'],
	['retry-after', '120', '120'],
	['retry-after', 'Fri, 27 Nov 2026 12:00:00 GMT', 'Fri, 27 Nov 2026 12:00:00 GMT'],
	['retry-after', 'Jane, Fri, 27 Nov 2026 12:00:00 GMT', 'Text 1'],
	['retry-after', 'Fri, 27 Nov 2026 12:00:00 GMT, Jane', 'Text 1'],
	['retry-after', 'Fri, GMT', 'Text 1'],
	['retry-after', 'Fri, Jane GMT', 'Text 1'],
	['retry-after', '1234567', '1000001'],
	['x-request-id', 'req_01JVA23QTZJNYAM1EMCEFHYG3N', 'req_00000000000000000000000001'],
	['x-request-id', 'req-of-jane', 'Text 1'],
	['x-request-id', 'Fri, 27 Nov 2026 12:00:00 GMT', 'Text 1'],
])('a header is kept where it is a word of HTTP: %s: %s', (name, value, expected) => {
	const exchange = captured(200, '{"data":[]}', { headers: { [name]: value } });
	const { exchanges } = recorded(
		attempt('list_roles', [exchange], { ok: true, rows: [], whole: true }),
	);
	expect(exchanges).toMatchObject([{ response: { headers: { [name]: expected } } }]);
});

describe('a delivery becomes a fixture', () => {
	const delivery = (type: string, data: object) => ({
		headers: {
			'content-type': 'application/json',
			'User-Agent': 'MemberPass-Webhooks/1.0',
			'MP-Event-Id': '01KQM5MEMRTQVVM5510AQ4VEM6',
			'MP-Event-Name': type,
			'MP-Signature': `t=1,v1=${'a'.repeat(64)}`,
			'x-forwarded-for': '198.51.100.7',
		},
		body: JSON.stringify({ id: 'evt_01KQM5MEMRTQVVM5510AQ4VEM6', type, data }),
	});
	const filesOf = (...deliveries: readonly ReturnType<typeof delivery>[]) => {
		const scrubber = new Scrubber(platform, []);
		for (const one of deliveries) learnDelivery(scrubber, one);
		scrubber.freeze();
		return deliveryFiles(deliveries, scrubber, provenance, platform);
	};

	it('with the documented headers only, and the same stand-in for the id in both places', () => {
		const [file] = filesOf(delivery('plan.created', { plan: { name: 'Gold' } }));
		expect(JSON.parse(file?.text ?? '')).toEqual({
			type: 'plan.created',
			variant: 'recorded',
			evidence: 'recorded',
			source: 'https://api.memberpass.net',
			note: 'Recorded on 2026-12-01, API version 2026-05-01; private values are stand-ins.',
			headers: {
				'Content-Type': 'application/json',
				'User-Agent': 'MemberPass-Webhooks/1.0',
				'MP-Event-Id': '00000000000000000000000001',
				'MP-Event-Name': 'plan.created',
			},
			body: '{"id":"evt_00000000000000000000000001","type":"plan.created","data":{"plan":{"name":"Name 1"}}}',
		});
	});

	it('with the byte order mark that was before it', () => {
		const one = delivery('plan.created', { plan: { name: 'Gold' } });
		const [file] = filesOf({ ...one, body: `\uFEFF${one.body}` });
		expect(JSON.parse(file?.text ?? '')).toMatchObject({
			type: 'plan.created',
			body: '\uFEFF{"id":"evt_00000000000000000000000001","type":"plan.created","data":{"plan":{"name":"Name 1"}}}',
		});
	});

	it('once for each shape, below the folder of its family', () => {
		expect(
			filesOf(
				delivery('project.resource.linked', { a: 1 }),
				delivery('project.resource.linked', { a: 2 }),
				delivery('project.resource.linked', { b: 'x' }),
				delivery('connector.linked', { list: [{ a: 1 }] }),
				delivery('connector.linked', { list: [{ a: 2 }, { b: 1 }] }),
				delivery('connector.linked', { list: [{ b: 1 }] }),
			).map(({ path }) => path),
		).toEqual([
			'events/project.resource/linked.recorded.json',
			'events/project.resource/linked.recorded-2.json',
			'events/connector/linked.recorded.json',
			'events/connector/linked.recorded-2.json',
		]);
	});

	it.each(['../../etc/passwd', 'plan', 'plan.', 'Plan.created', 'a/b.c'])(
		'but never from a type that is none: %s',
		(type) => {
			expect(filesOf(delivery(type, {}))).toEqual([]);
		},
	);
});

describe('nothing secret is left in what is written', () => {
	it.each([
		['an API token', `{"a":"${['mpt_live_42_', 'aB3dE5fG7hJ9kL1mN3pQ5rS7'].join('')}"}`],
		['an address', `{"a":"${['someone', '@gmail.com'].join('')}"}`],
		['a key of a payment provider', `{"a":"${['sk_live_', '4eC39HqLyjWDarjtT1zdp7dc'].join('')}"}`],
		['a private key', `{"a":"${['-----BEGIN RSA PRIV', 'ATE KEY-----'].join('')}"}`],
	])('%s is found by the rules of the repository', (_, text) => {
		expect(findSecrets([planned('api/a.json', text)], [], [])).toHaveLength(1);
	});

	it('a value that is known to be private is found whatever it looks like', () => {
		expect(
			findSecrets([planned('api/a.json', '{"a":"x 700100015 y"}')], ['700100015'], []),
		).toEqual([{ path: 'fixtures/api/a.json', line: 1, rule: 'a private value as it came' }]);
		expect(findSecrets([planned('api/a.json', '{"a":17001000159}')], ['700100015'], [])).toEqual(
			[],
		);
	});

	it('a secret is found in each of its forms, wherever it stands', () => {
		const file = planned('api/a.json', '{"a":"x%20our-own%2Fsecret2"}');
		expect(findSecrets([file], [], ['our-own/secret', 'our-own%2Fsecret'])).toEqual([
			{ path: 'fixtures/api/a.json', line: 1, rule: 'a private value as it came' },
		]);
		expect(findSecrets([file], [], ['our-own/secret'])).toEqual([]);
	});

	it('what was there before is not searched for the values of this account', () => {
		const file = { path: 'api/a.json', text: '"123456789"', added: '' };
		expect(findSecrets([file], ['123456789'], [])).toEqual([]);
	});
});
