import fc from 'fast-check';

import {
	type ApiProblem,
	nextWaitMs,
	noAnswerProblem,
	parseRetryAfter,
	readProblem,
} from '../src/index.ts';
import { answer, policy } from './support.ts';

/** 2026-05-18T10:05:00Z */
const now = 1_779_098_700_000;

describe('Retry-After', () => {
	it.each([
		['0', 0],
		['2', 2_000],
		[' 120 ', 120_000],
		['9999999999', 9_999_999_999_000],
		['Mon, 18 May 2026 10:05:30 GMT', 30_000],
		['Monday, 18-May-26 10:05:30 GMT', 30_000],
		['Mon, 18 May 2026 10:04:00 GMT', 0],
		['-5', null],
		['1.5', null],
		['1e9', null],
		['', null],
		['soon', null],
		['2026-05-18T10:05:30Z', null],
		['Mon, 18 May 2026 10:05:30 GMT (or so)', null],
		['at Mon, 18 May 2026 10:05:30 GMT', null],
		['Xyz, 99 Foo 2026 10:05:30 GMT', null],
		['12345678901', null],
		[null, null],
	])('%j means %j milliseconds', (header, expected) => {
		expect(parseRetryAfter(header, now)).toBe(expected);
	});
});

const problemOf = (status: number, retryAfter?: string): ApiProblem =>
	readProblem(
		answer(status, null, retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
		{ name: 'MemberPass' },
		now,
	);

const ask = (problem: ApiProblem, part: Partial<Parameters<typeof nextWaitMs>[0]> = {}) =>
	nextWaitMs({ problem, tries: 1, elapsedMs: 0, policy, random: 0, ...part });

describe('what is tried again', () => {
	it.each([
		[400, false],
		[401, false],
		[403, false],
		[404, false],
		[408, false],
		[409, false],
		[410, false],
		[422, false],
		[425, false],
		[301, false],
		[429, true],
		[500, true],
		[502, true],
		[503, true],
		[504, true],
	])('status %i: %s', (status, again) => {
		expect(ask(problemOf(status)) !== null).toBe(again);
	});

	it.each([
		['network', true],
		['timeout', true],
		['unexpected', false],
	] as const)('no answer because of %s: %s', (kind, again) => {
		expect(ask(noAnswerProblem(kind, 'x', null)) !== null).toBe(again);
	});
});

describe('how long is waited', () => {
	it.each([
		['500 ms at most after the first try', 1, 0.999999, 500],
		['half of it at least', 1, 0, 250],
		['twice as long after the second', 2, 0.999999, 1_000],
		['and again after the third', 3, 0.999999, 2_000],
	])('%s', (_, tries, random, expected) => {
		expect(ask(problemOf(500), { tries, random })).toBe(expected);
	});

	it('stops at the cap however many tries there are', () => {
		const many = { ...policy, maxTries: 1_000, deadlineMs: Number.MAX_SAFE_INTEGER };
		expect(ask(problemOf(500), { tries: 999, random: 0.999999, policy: many })).toBe(8_000);
	});

	it.each([
		['Retry-After wins over the back-off', '3', 3_000],
		['Retry-After of 0 is taken at its word', '0', 0],
		['up to the longest wait allowed', '60', 60_000],
		['a longer one is told to the caller instead of waited for', '61', null],
		['one that means nothing leaves the back-off', 'soon', 250],
	])('%s', (_, header, expected) => {
		expect(ask(problemOf(429, header))).toBe(expected);
		expect(ask(problemOf(503, header))).toBe(expected);
	});

	it('no further try after the last one, nor beyond the deadline', () => {
		expect(ask(problemOf(500), { tries: 3 })).toBe(1_000);
		expect(ask(problemOf(500), { tries: 4 })).toBeNull();
		expect(ask(problemOf(500), { elapsedMs: 119_750 })).toBe(250);
		expect(ask(problemOf(500), { elapsedMs: 119_751 })).toBeNull();
	});

	it('stays within half the range and the whole of it, and differs with the dice', () => {
		const fraction = fc.double({ min: 0, max: 0.999999, noNaN: true });
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 3 }), fraction, (tries, random) => {
				const range = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** (tries - 1));
				const wait = ask(problemOf(503), { tries, random }) ?? -1;
				expect(wait).toBeGreaterThanOrEqual(range / 2);
				expect(wait).toBeLessThanOrEqual(range);
			}),
		);
		expect(ask(problemOf(503), { random: 0.1 })).not.toBe(ask(problemOf(503), { random: 0.9 }));
	});
});
