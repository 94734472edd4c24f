import { platform } from '@memberpass/catalogue';
import {
	type Answered,
	type ApiRequest,
	buildRequest,
	call,
	type CallResult,
	type Effects,
	incompleteProblem,
	inFormWords,
	type InputValues,
	type ListResult,
	readList,
	readOrigin,
	readToken,
	type RetryPolicy,
	type WireOperation,
	type WireResponse,
	withReason,
} from '@memberpass/protocol';
import type { Bundle, ZObject } from 'zapier-platform-core';

import { Failure, problemFailure } from './failure.ts';
import pkg from '../package.json' with { type: 'json' };

/** How long the requests of one run may take. */
export interface RunLimits {
	/** Milliseconds for all of them, waiting included. */
	readonly budgetMs: number;
	readonly policy: RetryPolicy;
}

/**
 * Zapier gives a step 30 seconds; starting and ending take some of them. Two tries of 10 seconds and a short wait fit
 * what is left. For a longer `Retry-After` Zapier runs the step again.
 */
export const runLimits: RunLimits = {
	budgetMs: 25_000,
	policy: {
		maxTries: 2,
		timeoutMs: 10_000,
		firstWaitMs: 500,
		maxWaitMs: 2_000,
		maxRetryAfterMs: 3_000,
		deadlineMs: 14_000,
	},
};

/** One connection during one run: where requests go, and the client that sends them. */
export interface Session {
	readonly token: string;
	readonly origin: string;
	readonly effects: Effects;
	readonly policy: RetryPolicy;
	/** True when the run's time is used up. */
	expired(): boolean;
}

/** Reads the connection of a run. */
export function openSession(z: ZObject, bundle: Bundle, limits = runLimits): Session {
	const read = readToken(bundle.authData['api_token'] ?? '', platform);
	if (!read.ok) throw new Failure(read.reason, 'invalid_connection');
	const { token } = read;
	const origin = readOrigin(
		bundle.authData['api_origin'] ?? '',
		platform,
		process.env['MEMBERPASS_ALLOW_LOOPBACK'] === '1' ? 'loopback' : 'none',
	);
	if (!origin.ok) throw new Failure(origin.reason, 'invalid_connection');
	const end = Date.now() + limits.budgetMs;
	return {
		token,
		origin: origin.origin,
		policy: limits.policy,
		expired: () => Date.now() >= end,
		effects: {
			send: (request, timeoutMs) =>
				send(z, request, { token, origin: origin.origin }, Math.min(timeoutMs, end - Date.now())),
			sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
			now: Date.now,
			random: Math.random,
		},
	};
}

/**
 * Sends once through Zapier's client, which logs it.
 *
 * - The token is added here and nowhere else, and only for the connection's own origin: a global `beforeRequest` would
 *   hand it to any host. Redirects are not followed.
 * - `z.request` has no timeout of its own, and node-fetch's starts anew with the body, so a timer ends the try as well.
 * - Core's own merging is off: it refuses every body in which a user wrote `{{bundle.…}}`, and silently empties query
 *   values that hold `{{…}}`, so that a search for such a text would find everything.
 * - 429 must come back as an answer: core would throw before `Retry-After` is read as a date.
 */
async function send(
	z: ZObject,
	request: ApiRequest,
	connection: Pick<Session, 'token' | 'origin'>,
	timeoutMs: number,
): Promise<WireResponse> {
	if (timeoutMs <= 0) throw timedOut();
	if (new URL(request.url).origin !== connection.origin) {
		throw new Error('A request left the origin of the connection.');
	}
	const options = {
		method: request.method,
		headers: {
			...request.headers,
			[platform.headers.authorization]: `Bearer ${connection.token}`,
			'User-Agent': `${pkg.name}/${pkg.version} (${request.operation})`,
		},
		...(request.body === null ? {} : { body: request.body }),
		redirect: 'manual' as const,
		timeout: timeoutMs,
		skipThrowForStatus: true,
		// These two are not in Zapier's types.
		throwForThrottlingEarly: false,
		merge: false,
	};
	const response = await within(timeoutMs, z.request(request.url, options));
	return {
		status: response.status,
		headers: Object.fromEntries(response.headers.entries()),
		body: response.content,
	};
}

function timedOut(): Error {
	return Object.assign(new Error('The run has no time left.'), { code: 'ETIMEDOUT' });
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_, reject) => {
		timer = setTimeout(() => {
			reject(timedOut());
		}, ms);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}

/**
 * Sends one request, with retries.
 *
 * @param page Parameters of the page of a list.
 */
export async function ask(
	session: Session,
	operation: WireOperation,
	values: InputValues,
	idempotencyKey: string | null,
	page: readonly (readonly [string, string])[] = [],
): Promise<CallResult> {
	const request = buildRequest(operation, values, {
		platform,
		origin: session.origin,
		idempotencyKey,
		page,
	});
	const result = await call(request, session.effects, {
		platform,
		policy: session.policy,
		ability: operation.ability,
	});
	return asTold(session, operation, result);
}

/** A refusal as users may see it: in the words of their form, and with the reason why a token was refused. */
function asTold<R extends Answered>(session: Session, operation: WireOperation, result: R): R {
	return withReason(inFormWords(operation, result), session, platform);
}

/** Reads a list to its end or to `wanted` rows. */
export async function readRowsOf(
	session: Session,
	operation: WireOperation,
	values: InputValues,
	wanted: number | null,
): Promise<ListResult> {
	const result = await readList(operation, values, session.effects, {
		request: { platform, origin: session.origin },
		call: { platform, policy: session.policy },
		wanted,
	});
	if (!result.ok && result.problem.kind === 'timeout' && session.expired()) {
		return {
			ok: false,
			problem: incompleteProblem(
				'reading it takes longer than the 30 seconds that Zapier gives a step.',
			),
		};
	}
	return asTold(session, operation, result);
}

/** The answer, or the failure in words. */
export function orFail<R extends Answered>(result: R): Extract<R, { readonly ok: true }> {
	if (!result.ok) throw problemFailure(result.problem);
	// The compiler narrows no type parameter.
	return result as Extract<R, { readonly ok: true }>;
}
