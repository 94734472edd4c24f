import type { ApiProblem } from './errors.ts';

/** How often and how long to try. All times in milliseconds. */
export interface RetryPolicy {
	/** Requests sent in all, the first included. */
	readonly maxTries: number;
	/** Time one try may take, from the first byte out to the last byte in. Each try gets the whole of it. */
	readonly timeoutMs: number;
	/** Longest wait after the first try; doubles with each try up to `maxWaitMs`. */
	readonly firstWaitMs: number;
	readonly maxWaitMs: number;
	/** A longer `Retry-After` is not waited for: the caller is told instead. */
	readonly maxRetryAfterMs: number;
	/** No new try starts after this much time in all. */
	readonly deadlineMs: number;
}

/** Kinds that may be different next time. Nothing else is retried (docs.memberpass.net/integrations/custom-agents). */
const passing: ReadonlySet<ApiProblem['kind']> = new Set([
	'rate_limited',
	'server',
	'network',
	'timeout',
]);

export interface RetryQuestion {
	readonly problem: ApiProblem;
	/** Tries made so far, 1 after the first. */
	readonly tries: number;
	readonly elapsedMs: number;
	readonly policy: RetryPolicy;
	/** In [0, 1). */
	readonly random: number;
	/** An earlier try got no answer, so MemberPass may still be busy with it. */
	readonly unanswered?: boolean;
}

/**
 * How long to wait before the next try, or null if there is none.
 *
 * `Retry-After` wins over the back-off. Otherwise the wait is drawn from the upper half of an exponentially growing
 * range, so that clients that failed together do not come back together.
 */
export function nextWaitMs({
	problem,
	tries,
	elapsedMs,
	policy,
	random,
	unanswered = false,
}: RetryQuestion): number | null {
	// A conflict after a try without an answer is most likely with that try, whose key is still in use.
	const mayPass = passing.has(problem.kind) || (problem.kind === 'conflict' && unanswered);
	if (!mayPass || tries >= policy.maxTries) return null;
	if (problem.retryAfterMs !== null && problem.retryAfterMs > policy.maxRetryAfterMs) return null;
	const range = Math.min(policy.maxWaitMs, policy.firstWaitMs * 2 ** Math.min(tries - 1, 30));
	const wait = problem.retryAfterMs ?? Math.round(range * (0.5 + random / 2));
	return elapsedMs + wait > policy.deadlineMs ? null : wait;
}
