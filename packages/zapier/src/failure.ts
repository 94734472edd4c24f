import { platform } from '@memberpass/catalogue';
import {
	type ApiProblem,
	explain,
	type InputProblem,
	redact,
	tidy,
	unreadableProblem,
} from '@memberpass/protocol';
import type { Bundle, ZObject } from 'zapier-platform-core';

import { readStored } from './stored.ts';

/**
 * Why a run cannot go on. Thrown inside the app and turned into one of Zapier's errors at its edge, by {@link guarded}:
 * nothing else throws on purpose.
 */
export class Failure extends Error {
	/** Short word for Zapier's logs. */
	readonly code: string;
	readonly problem: ApiProblem | null;

	constructor(message: string, code: string, problem: ApiProblem | null = null) {
		super(message);
		this.code = code;
		this.problem = problem;
	}
}

/** A failure that MemberPass or the network caused, in words. */
export function problemFailure(problem: ApiProblem): Failure {
	const { title, detail } = explain(problem, platform);
	return new Failure(
		[sentence(title), detail].join(' ').trim(),
		problem.code ?? problem.kind,
		problem,
	);
}

/** MemberPass's words stand before ours in one text, and not all of them end in a full stop: "Server Error". */
function sentence(text: string): string {
	return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** An answer that is no error and yet not what is documented. */
export function unreadableFailure(status: number): Failure {
	return problemFailure(unreadableProblem(status, platform));
}

/** Inputs that MemberPass would refuse: all of them at once. */
export function inputFailure(problems: readonly InputProblem[]): Failure {
	return new Failure(problems.map(({ message }) => message).join(' '), 'invalid_input');
}

export type Perform<T> = (z: ZObject, bundle: Bundle) => Promise<T>;

/** Whether a run may be put off: the test of a connection has nobody who would take it up again. */
export type Occasion = 'run' | 'connection_test';

/**
 * Wraps everything that Zapier calls. Whatever is thrown inside leaves as an error whose text holds neither the token
 * nor the signing secret.
 *
 * Zapier's core adds the whole bundle (inputs and the stored signing secret) to the text of every error that is not
 * marked as finished, so a plain Error or an unmarked ExpiredAuthError would show the secret in the Zap's history.
 */
export function guarded<T>(perform: Perform<T>, occasion: Occasion = 'run'): Perform<T> {
	return async (z, bundle) => {
		try {
			return await perform(z, bundle);
		} catch (error) {
			throw toZapier(z, error, bundle, occasion);
		}
	};
}

function toZapier(z: ZObject, error: unknown, bundle: Bundle, occasion: Occasion): Error {
	const { message, code, problem } = asFailure(error);
	const text = redact(message, secretsOf(bundle), platform);
	if (problem !== null && occasion === 'run') {
		if (problem.kind === 'unauthenticated') return finished(new z.errors.ExpiredAuthError(text));
		const delay = delayOf(problem);
		if (delay !== null) return finished(new z.errors.ThrottledError(text, delay));
	}
	return finished(new z.errors.Error(text, code, problem?.status ?? undefined));
}

function asFailure(error: unknown): Pick<Failure, 'message' | 'code' | 'problem'> {
	if (error instanceof Failure) return error;
	if (error instanceof Error && error.name === 'PathValueError') {
		return { message: error.message, code: 'invalid_input', problem: null };
	}
	const cause = error instanceof Error ? error.message : 'unknown cause';
	return {
		message: `Something unexpected happened inside the ${platform.name} integration: ${tidy(cause)}`,
		code: 'unexpected',
		problem: null,
	};
}

/** Seconds after which Zapier should run the step again, or null where that would not help. */
function delayOf(problem: ApiProblem): number | null {
	if (problem.kind !== 'rate_limited' && problem.kind !== 'server') return null;
	if (problem.retryAfterMs === null) {
		return problem.kind === 'rate_limited' ? defaultDelaySeconds : null;
	}
	return Math.min(maxDelaySeconds, Math.max(1, Math.ceil(problem.retryAfterMs / 1000)));
}

/** One window of the limit per minute. */
const defaultDelaySeconds = 60;
/** One window of the limit per hour: a server that asks for more is asked again sooner. */
const maxDelaySeconds = 3600;

/** Core's mark that the text is complete; its own classes for app errors carry it, ExpiredAuthError does not. */
function finished<E extends Error>(error: E): E {
	return Object.assign(error, { doNotContextify: true });
}

function secretsOf(bundle: Bundle): string[] {
	return [bundle.authData['api_token'], readStored(bundle).secret].flatMap((one) =>
		typeof one === 'string' ? [one, one.trim()] : [],
	);
}
