import { isDeepStrictEqual } from 'node:util';

import { events, operations, platform } from '@memberpass/catalogue';
import {
	buildRequest,
	call,
	canonicalise,
	type Effects,
	explain,
	inFormWords,
	isEmptyAnswer,
	isPrivateHost,
	isWrite,
	nextWaitMs,
	ofWrite,
	parseRetryAfter,
	parseSignatureHeader,
	PathValueError,
	readDelivery,
	readInput,
	readList,
	readOne,
	readOrigin,
	readProblem,
	readRows,
	type RetryPolicy,
	redact,
	signBody,
	toAlternatives,
	toWire,
	verifySignature,
} from '@memberpass/protocol';
import fc from 'fast-check';

import { anyCodePoint } from '../../../testing/src/any-code-point.ts';
import {
	asJsonBytes,
	bytesOf,
	hostileBytes,
	hostileJson,
	hostileText,
	type Kept,
	must,
	type Target,
	targetOf,
	webAddress,
} from './target.ts';

const secret = 'the secret that nobody who forges knows';
const now = 1_779_098_700_000;
const seconds = now / 1_000;

/** Texts near the grammar of the header, so that the parser is reached in its depth. */
const headerText = fc.oneof(
	hostileText,
	fc
		.array(
			fc.tuple(
				fc.constantFrom('t', 'v0', 'v1', 'v2', ' t ', 'T', '', '__proto__'),
				fc.constantFrom('=', '==', ' = ', '', ':'),
				fc.oneof(
					hostileText,
					fc.constantFrom(String(seconds), '0', '-1', '1e9', `${seconds}x`, '9'.repeat(20)),
					fc
						.uint8Array({ minLength: 32, maxLength: 32 })
						.map((bytes) => Buffer.from(bytes).toString('hex')),
				),
			),
			{ maxLength: 6 },
		)
		.map((parts) => parts.map((part) => part.join('')).join(',')),
);

const signatureHeader = targetOf({
	name: 'signature header',
	rule: 'every text is read as a header or as none, and the order of its parts does not matter',
	weight: 1,
	inputs: headerText,
	check(header) {
		const read = parseSignatureHeader(header);
		const reversed = parseSignatureHeader(header.split(',').reverse().join(','));
		must((read === null) === (reversed === null), 'the order of the parts does not matter');
		if (read === null) return;
		must(/^\d{1,12}$/.test(read.signed), 'the time is digits');
		must(read.timestamp === Number(read.signed), 'the time is the number of its digits');
		must(read.candidates.length > 0, 'there is a signature');
		must(read.signed === reversed?.signed, 'the time is the same in any order');
	},
});

const forgedDelivery = targetOf({
	name: 'forged delivery',
	rule: 'nothing that was not signed with the secret is accepted, and no reason tells a secret',
	weight: 1,
	inputs: fc.record({
		body: hostileBytes,
		header: fc.oneof(headerText, fc.array(headerText, { maxLength: 3 }), fc.constant(null)),
		others: fc.array(hostileText, { maxLength: 2 }),
	}),
	check({ body, header, others }) {
		const secrets = [...others, secret];
		const verdict = verifySignature({ body: bytesOf(body), header, secrets, now });
		must(verdict.verdict !== 'ok', 'it is refused');
		must(!verdict.reason.includes(secret), 'the reason does not hold the secret');
	},
});

const tamperedDelivery = targetOf({
	name: 'tampered delivery',
	rule: 'a signed delivery is accepted, and refused as soon as one bit of body, time or signature differs',
	weight: 1,
	inputs: fc.record({
		body: fc
			.uint8Array({ minLength: 1, maxLength: 100 })
			.map((bytes) => Buffer.from(bytes).toString('base64')),
		secret: fc
			.string({ unit: anyCodePoint, minLength: 1, maxLength: 80 })
			.filter((one) => one.trim() !== ''),
		age: fc.integer({ min: -300, max: 300 }),
		place: fc.nat(),
		bit: fc.nat(7),
	}),
	check({ body, secret: own, age, place, bit }) {
		const bytes = bytesOf(body);
		const header = signBody(bytes, own, seconds - age);
		const judge = (changed: Uint8Array, line: string): string =>
			verifySignature({ body: changed, header: line, secrets: [own], now }).verdict;
		must(judge(bytes, header) === 'ok', 'the delivery as it was signed is accepted');
		const flipped = Buffer.from(bytes);
		const at = place % bytes.length;
		flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
		must(judge(flipped, header) !== 'ok', 'a body with another bit is refused');
		const digit = header.length - 1 - (place % 64);
		const other = (parseInt(header.charAt(digit), 16) ^ (1 << (bit % 4))).toString(16);
		const line = header.slice(0, digit) + other + header.slice(digit + 1);
		must(judge(bytes, line) !== 'ok', 'a signature with another bit is refused');
		const later = header.replace(/^t=\d+/, `t=${seconds - age + 1 + (place % 5)}`);
		must(judge(bytes, later) !== 'ok', 'another time is refused');
	},
});

const alternatives = events.map((entry) => [entry.type, toAlternatives(entry)] as const);

/** Something that is close to an event. */
const eventLike = fc
	.record(
		{
			id: fc.oneof(hostileText, hostileJson),
			type: fc.oneof(fc.constantFrom(...events.map((entry) => entry.type)), hostileText),
			data: fc.oneof(
				hostileJson,
				fc.dictionary(
					fc.oneof(
						hostileText,
						fc.constantFrom('subscription', 'subscription_id', 'plan', 'id', 'plan_id', 'role'),
					),
					fc.oneof(hostileJson, fc.record({ id: hostileText }, { requiredKeys: [] })),
				),
			),
			project_id: hostileJson,
		},
		{ requiredKeys: [] },
	)
	.map(asJsonBytes);

const payload = targetOf({
	name: 'payload reader',
	rule: 'every body is read as an event or as none; keys are added to its data, never changed or taken away',
	weight: 1,
	inputs: fc.oneof(hostileBytes, hostileJson.map(asJsonBytes), eventLike),
	check(body) {
		const reading = readDelivery(bytesOf(body));
		if (!reading.ok) {
			must(reading.reason !== '', 'a reason is given');
			return;
		}
		const { event } = reading;
		must(event.id !== '' && event.type !== '', 'there is an id and a type');
		const before = JSON.stringify(event);
		for (const [, places] of alternatives) {
			const full = canonicalise(event, places);
			must(JSON.stringify(event) === before, 'the event is left alone');
			must(holds(full, event), 'nothing is changed or taken away');
			must(isDeepStrictEqual(canonicalise(full, places), full), 'adding again adds nothing');
		}
		must(({} as { polluted?: unknown }).polluted === undefined, 'no prototype is changed');
	},
});

/** True where every key and value of `expected` is in `actual`. */
function holds(actual: unknown, expected: unknown): boolean {
	if (typeof expected !== 'object' || expected === null) return Object.is(actual, expected);
	if (Array.isArray(expected)) return isDeepStrictEqual(actual, expected);
	if (typeof actual !== 'object' || actual === null) return false;
	return Object.entries(expected).every(
		([key, value]) => Object.hasOwn(actual, key) && holds(Reflect.get(actual, key), value),
	);
}

const wires = operations.map(toWire);
const anyOperation = fc.nat(wires.length - 1);
const wireAt = (index: number) => {
	const wire = wires[index % wires.length];
	if (wire === undefined) throw new Error('There is no operation.');
	return wire;
};
const origin = 'https://api.memberpass.net';

const pathBuilder = targetOf({
	name: 'path builder',
	rule: 'whatever the values, the path is that of its route or none: each value is one segment',
	weight: 1,
	inputs: fc.record({
		operation: anyOperation,
		values: fc.array(fc.oneof(hostileText, fc.integer(), hostileJson), {
			minLength: 3,
			maxLength: 3,
		}),
	}),
	check({ operation, values }) {
		const wire = wireAt(operation);
		const names = wire.fields.filter((field) => field.in === 'path').map((field) => field.name);
		const given = Object.fromEntries(names.map((name, index) => [name, values[index]]));
		const idempotencyKey = isWrite(wire.method) ? 'one-key' : null;
		let request;
		try {
			request = buildRequest(wire, given, { platform, origin, idempotencyKey });
		} catch (error) {
			must(error instanceof PathValueError, 'only a value of the path is refused');
			return;
		}
		const url = new URL(request.url);
		must(url.origin === origin && url.search === '' && url.hash === '', 'it stays a path');
		must(url.pathname === request.path, 'nothing in the path is resolved away');
		const expected = `${platform.apiBasePath}${wire.path}`.split('/');
		const actual = url.pathname.split('/');
		must(actual.length === expected.length, 'the path has the segments of its route');
		for (const [index, part] of expected.entries()) {
			const name = /^\{(.+)\}$/.exec(part)?.[1];
			const segment = actual[index] ?? '';
			if (name === undefined) must(segment === part, 'fixed segments stay');
			else {
				const value = given[name];
				must(typeof value === 'string' || typeof value === 'number', 'only text is taken');
				must(decodeURIComponent(segment) === String(value).trim(), 'a value comes back');
			}
		}
	},
});

const bodyBuilder = targetOf({
	name: 'body builder',
	rule: 'whatever the inputs, they are sent as they were read or named as problems; a body and a query come back',
	weight: 1,
	inputs: fc.record({
		operation: anyOperation,
		values: fc.array(
			fc
				.oneof(
					hostileText,
					hostileJson,
					fc.double(),
					fc.constantFrom(
						'',
						'1',
						'true',
						'2026-02-30',
						'2026-05-18',
						'[1,"a"]',
						'a,b',
						'29.5',
						null,
					),
				)
				.map((value): Kept =>
					typeof value === 'number' && !Number.isFinite(value) ? null : value,
				),
			{ minLength: 12, maxLength: 12 },
		),
		extra: fc.option(hostileText, { freq: 5 }),
	}),
	check({ operation, values, extra }) {
		const wire = wireAt(operation);
		const raw = Object.fromEntries([
			...wire.fields.map((field, index) => [field.name, values[index % values.length]] as const),
			...(extra === null ? [] : [[extra, 'extra'] as const]),
		]);
		const input = readInput(wire, raw);
		if (!input.ok) {
			must(input.problems.length > 0, 'there is a problem to name');
			must(
				input.problems.every(({ message }) => message.endsWith('.')),
				'problems are sentences',
			);
			return;
		}
		const idempotencyKey = isWrite(wire.method) ? 'one-key' : null;
		let request;
		try {
			request = buildRequest(wire, input.values, { platform, origin, idempotencyKey });
		} catch (error) {
			must(error instanceof PathValueError, 'only a value of the path is refused');
			return;
		}
		const inBody = wire.fields.filter(
			({ in: place, name }) => place === 'body' && input.values[name] !== undefined,
		);
		const sent: unknown = request.body === null ? {} : JSON.parse(request.body);
		must(
			isDeepStrictEqual(
				sent,
				Object.fromEntries(inBody.map(({ name }) => [name, input.values[name]])),
			),
			'the body comes back as it was read',
		);
		const query = [...new URL(request.url).searchParams];
		must(isDeepStrictEqual(query, request.query), 'the query comes back');
	},
});

/** An element of a list: MemberPass takes none with a comma, and a bracket at the start of a text is one of JSON. */
const element = hostileText
	.map((text) => text.replaceAll(',', '').trim())
	.filter((text) => text !== '' && !text.startsWith('['));

/** What platforms hand over where an earlier step left something empty. */
const nothing: fc.Arbitrary<Kept> = fc.letrec<{ nothing: Kept; list: Kept }>((tie) => ({
	nothing: fc.oneof(fc.constantFrom<Kept>(null, ' ', '\n', {}, []), tie('list')),
	list: fc.array(fc.oneof(fc.constant<Kept>(''), tie('nothing')), { maxLength: 3 }),
})).nothing;

/** The same operations with one of their lists as the only input. */
const lists = wires.flatMap((wire) =>
	wire.fields.flatMap((field) =>
		field.type === 'array' ? [{ ...wire, fields: [field], exclusive: [] }] : [],
	),
);

const listReader = targetOf({
	name: 'list reader',
	rule: 'a list is read alike however a platform writes it, and what holds nothing is not given',
	weight: 1,
	inputs: fc.record({
		list: fc.nat(lists.length - 1),
		elements: fc.array(element, { minLength: 1, maxLength: 4 }),
		operation: anyOperation,
		nothing,
	}),
	check({ list, elements, operation, nothing: given }) {
		const wire = lists[list];
		if (wire === undefined) throw new Error('There is no such list.');
		const [field] = wire.fields;
		const name = field?.name ?? '';
		const rows: readonly Kept[] = [
			elements,
			elements.join(' , '),
			JSON.stringify(elements),
			[elements],
			[elements.join(',')],
			[JSON.stringify(elements)],
			['', given, ...elements],
		];
		for (const written of rows) {
			const input = readInput(wire, { [name]: written });
			must(input.ok, `${JSON.stringify(written)} is a list`);
			must(
				isDeepStrictEqual(input.values[name], elements),
				`${JSON.stringify(written)} is read as ${JSON.stringify(elements)}`,
			);
		}
		const whole = wireAt(operation);
		const raw = Object.fromEntries(whole.fields.map((one) => [one.name, given]));
		must(
			isDeepStrictEqual(readInput(whole, raw), readInput(whole, {})),
			`${JSON.stringify(given)} is not given`,
		);
	},
});

const errorReader = targetOf({
	name: 'error reader',
	rule: 'every answer becomes a problem in words: one line, not endless, without a token',
	weight: 1,
	inputs: fc.record({
		status: fc.integer({ min: 100, max: 599 }),
		body: fc.oneof(
			hostileText,
			hostileJson.map((value) => JSON.stringify(value)),
			fc
				.record(
					{
						message: fc.oneof(hostileText, hostileJson),
						code: hostileJson,
						fields: hostileJson,
						context: hostileJson,
						remediation: hostileText,
					},
					{ requiredKeys: [] },
				)
				.map((error) => JSON.stringify({ error })),
		),
		headers: fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
		retryAfter: hostileText,
	}),
	check({ status, body, headers, retryAfter }) {
		const token = `${platform.tokenPrefixes.test}abcdef`;
		const problem = readProblem(
			{
				status,
				headers: { ...headers, 'retry-after': retryAfter },
				body: body.replace('a', token),
			},
			platform,
			now,
		);
		const { title, detail } = explain(problem, platform);
		must(title !== '' && title.length <= 1_100, 'the title is there and has an end');
		must(!/[\r\n\0]/.test(title + detail), 'the words are one line');
		must(!redact(title + detail, [], platform).includes(token), 'no token shows');
	},
});

const policy: RetryPolicy = {
	maxTries: 4,
	timeoutMs: 15_000,
	firstWaitMs: 1_000,
	maxWaitMs: 10_000,
	maxRetryAfterMs: 60_000,
	deadlineMs: 120_000,
};

const refusal = { error: { code: 'VALIDATION_FAILED', message: 'It was refused.' } };

/** Bodies near the documented ones: data in all shapes, with what servers in between put around it. */
const answerBody = fc.oneof(
	hostileText,
	fc
		.tuple(
			fc.constantFrom('', '\ufeff', ' \n'),
			fc.oneof(
				hostileJson,
				fc.constant(refusal),
				fc.constant({ data: null, ...refusal }),
				fc.record(
					{
						data: fc.oneof(
							hostileJson,
							fc.record({ id: hostileJson }),
							fc.array(fc.record({ id: hostileJson }), { maxLength: 2 }),
						),
						secret: hostileJson,
						error: hostileJson,
					},
					{ requiredKeys: [] },
				),
			),
		)
		.map(([before, value]) => before + JSON.stringify(value)),
);

const answerReader = targetOf({
	name: 'answer reader',
	rule: 'whatever is answered, a request ends after few tries with one key, in data or in a problem in words, and a refusal never passes for data',
	weight: 0.3,
	inputs: fc.record({
		operation: anyOperation,
		answers: fc.array(
			fc.record({
				status: fc.oneof(
					fc.constantFrom(200, 201, 204, 302, 404, 409, 422, 429, 500, 503),
					fc.integer({ min: 100, max: 599 }),
				),
				body: answerBody,
			}),
			{ minLength: 1, maxLength: 4 },
		),
	}),
	async check({ operation, answers }) {
		const wire = wireAt(operation);
		const sent: string[] = [];
		const effects: Effects = {
			send: (request) => {
				const answer = answers[Math.min(sent.push(JSON.stringify(request)), answers.length) - 1];
				return Promise.resolve({ status: 0, body: '', ...answer, headers: {} });
			},
			sleep: () => Promise.resolve(),
			now: () => now,
			random: () => 0,
		};
		const names = wire.fields.filter((field) => field.in === 'path').map(({ name }) => name);
		const idempotencyKey = isWrite(wire.method) ? 'one-key' : null;
		const request = buildRequest(wire, Object.fromEntries(names.map((name) => [name, 'x'])), {
			platform,
			origin,
			idempotencyKey,
		});
		const result = inFormWords(
			wire,
			await call(request, effects, { platform, policy, ability: wire.ability }),
		);
		must(sent.length <= policy.maxTries, 'the tries end');
		must(new Set(sent).size === 1, 'every try is the same request, with the same key');
		const last = answers[Math.min(sent.length, answers.length) - 1]?.body ?? '';
		const isRefused = last.endsWith(JSON.stringify(refusal).slice(1));
		if (!result.ok) {
			const { title, detail } = explain(ofWrite(result.problem), platform);
			must(title !== '' && !/[\r\n\0]/.test(title + detail), 'the words are there, in one line');
			must(!isRefused || title === 'It was refused.', "a refusal is told in MemberPass's words");
			return;
		}
		must(!isRefused, 'a refusal is no data, whatever its status');
		const one = readOne(wire, result.json);
		must(
			one === null || !isEmptyAnswer(wire, result.json) || Object.keys(one).length === 0,
			'an answer without anything in it holds no record',
		);
		// What stands beside several rows is kept all the same: a secret is shown only once.
		const picked = readOne({ beside: [] }, result.json);
		must(picked === null || (readRows(result.json)?.length ?? 1) <= 1, 'one of several is none');
	},
});

const retryTiming = targetOf({
	name: 'retry timing',
	rule: 'whatever a server asks for, a wait is bounded, fits a timer, and the tries end',
	weight: 1,
	inputs: fc.record({
		statuses: fc.array(fc.constantFrom(429, 500, 503), { minLength: 10, maxLength: 10 }),
		retryAfters: fc.oneof(
			...[
				fc.oneof(
					hostileText,
					fc.integer().map(String),
					fc.bigInt().map(String),
					fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
				),
				// Waits that are taken one by one, and exceed the deadline together.
				fc.integer({ min: 0, max: 70 }).map(String),
			].map((one) => fc.array(one, { minLength: 10, maxLength: 10 })),
		),
		random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
	}),
	check({ statuses, retryAfters, random }) {
		let elapsedMs = 0;
		for (const [index, status] of statuses.entries()) {
			const retryAfter = retryAfters[index] ?? '';
			const parsed = parseRetryAfter(retryAfter, now);
			must(parsed === null || (Number.isFinite(parsed) && parsed >= 0), 'it is a time or none');
			const response = { status, headers: { 'retry-after': retryAfter }, body: '' };
			const problem = readProblem(response, platform, now);
			const wait = nextWaitMs({ problem, tries: index + 1, elapsedMs, policy, random });
			if (wait === null) return;
			must(wait >= 0 && wait <= policy.maxRetryAfterMs, 'the wait is bounded');
			elapsedMs += wait;
			must(elapsedMs <= policy.deadlineMs, 'the deadline holds');
		}
		must(false, 'the tries end');
	},
});

const list = wires.find((wire) => wire.paging === 'pages') ?? wireAt(0);

const paging = targetOf({
	name: 'page reader',
	rule: 'whatever pages a server sends, reading ends, and no page is read again that was read before',
	weight: 0.3,
	inputs: fc.record({
		pages: fc.array(
			fc.oneof(
				hostileJson,
				fc.record(
					{
						data: fc.oneof(
							fc.array(fc.record({ id: fc.oneof(hostileText, fc.nat(3)) }), { maxLength: 3 }),
							hostileJson,
						),
						meta: fc.oneof(
							hostileJson,
							fc.record(
								{
									last_page: fc.oneof(fc.integer(), hostileJson),
									current_page: fc.oneof(fc.integer(), hostileJson),
									has_more: fc.oneof(fc.boolean(), hostileJson),
									next_cursor: fc.oneof(hostileText, hostileJson),
									total: fc.oneof(fc.integer(), hostileJson),
								},
								{ requiredKeys: [] },
							),
						),
					},
					{ requiredKeys: [] },
				),
			),
			{ minLength: 1, maxLength: 5 },
		),
		wanted: fc.option(fc.integer({ min: 1, max: 500 })),
	}),
	async check({ pages, wanted }) {
		let asked = 0;
		const effects: Effects = {
			send: () => {
				const page = pages[asked % pages.length];
				asked++;
				return Promise.resolve({ status: 200, headers: {}, body: JSON.stringify(page) });
			},
			sleep: () => Promise.resolve(),
			now: () => now,
			random: () => 0,
		};
		const values = Object.fromEntries(
			list.fields.filter((field) => field.in === 'path').map(({ name }) => [name, 'prj_1']),
		);
		const result = await readList(list, values, effects, {
			request: { platform, origin },
			call: { platform, policy },
			wanted,
		});
		// Behind the last page the first comes again.
		must(asked <= pages.length + 1, 'reading ends where what was read comes again');
		if (result.ok && wanted !== null)
			must(result.rows.length <= wanted, 'no more rows than wanted');
	},
});

const address = targetOf({
	name: 'API address',
	rule: 'an address is refused, or is a public https origin and nothing more',
	weight: 1,
	inputs: fc.oneof(
		hostileText,
		webAddress,
		fc
			.tuple(
				fc.constantFrom(
					'https://',
					'http://',
					'https:\\\\',
					'HTTPS://',
					'//',
					'javascript:',
					'https://a@',
				),
				fc.oneof(
					fc.domain(),
					fc.ipV4(),
					fc.ipV4Extended(),
					fc.ipV6().map((ip) => `[${ip}]`),
					hostileText,
				),
				fc.constantFrom(
					'',
					'/',
					'/v1',
					'/v1/',
					':443',
					':80/v1',
					'?x',
					'#y',
					'/v1/../v2',
					'/%76%31',
				),
			)
			.map((parts) => parts.join('')),
	),
	check(written) {
		const result = readOrigin(written, platform, 'none');
		if (!result.ok) {
			must(result.reason.endsWith('.'), 'a sentence says why');
			return;
		}
		const url = new URL(result.origin);
		must(url.origin === result.origin, 'it is an origin');
		must(url.protocol === 'https:', 'it is https');
		must(!isPrivateHost(url.hostname), 'it is public');
	},
});

/** What the protocol reads from outside, and what it builds of it. */
export const protocolTargets: readonly Target[] = [
	signatureHeader,
	forgedDelivery,
	tamperedDelivery,
	payload,
	pathBuilder,
	bodyBuilder,
	listReader,
	errorReader,
	answerReader,
	retryTiming,
	paging,
	address,
];
