import { platform } from '@memberpass/catalogue';
import {
	buildRequest,
	call,
	type Effects,
	explain,
	inFormWords,
	isEmptyAnswer,
	isWrite,
	nextWaitMs,
	ofWrite,
	parseRetryAfter,
	readList,
	readOne,
	readProblem,
	readRows,
	type RetryPolicy,
	redact,
} from '@memberpass/protocol';
import fc from 'fast-check';

import { hostileJson, hostileText, must, type Target, targetOf } from './target.ts';
import { anyOperation, now, origin, wireAt, wires } from './wires.ts';

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

/** What the protocol reads of an answer, and how long it goes on asking. */
export const answerTargets: readonly Target[] = [errorReader, answerReader, retryTiming, paging];
