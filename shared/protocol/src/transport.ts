import {
	type ApiProblem,
	isRefusal,
	readHeader,
	readProblem,
	unreadableProblem,
	type WireResponse,
	withoutMark,
} from './errors.ts';
import { classifyNetworkError } from './network.ts';
import type { ApiRequest } from './request.ts';
import { nextWaitMs, type RetryPolicy } from './retry.ts';
import type { WirePlatform } from './wire.ts';

/** What a platform lends the protocol: its HTTP client, its clock, its dice, its way to wait. */
export interface Effects {
	/**
	 * Sends once, without retrying and without following a redirect to another origin. Adds the bearer token. Must end
	 * within `timeoutMs`, whether the server stalls before or inside the body.
	 */
	send(request: ApiRequest, timeoutMs: number): Promise<WireResponse>;
	sleep(ms: number): Promise<void>;
	/** Unix milliseconds. */
	now(): number;
	/** In [0, 1). */
	random(): number;
}

export type CallResult =
	| { readonly ok: true; readonly status: number; readonly json: unknown; readonly tries: number }
	| { readonly ok: false; readonly problem: ApiProblem; readonly tries: number };

export interface CallOptions {
	readonly platform: Pick<WirePlatform, 'name'>;
	readonly policy: RetryPolicy;
	/** Ability to name when a 403 does not. */
	readonly ability: string | null;
}

/**
 * Sends a request, with retries, and reads the answer. Never throws for anything the network or MemberPass did.
 * Every try carries the same idempotency key, so a write whose answer was lost is done once.
 */
export async function call(
	request: ApiRequest,
	effects: Effects,
	options: CallOptions,
): Promise<CallResult> {
	const start = effects.now();
	let tries = 1;
	let unanswered = false;
	let result = await once(request, effects, options);
	while ('problem' in result) {
		unanswered ||= result.problem.status === null;
		const wait = nextWaitMs({
			problem: result.problem,
			tries,
			elapsedMs: effects.now() - start,
			policy: options.policy,
			random: effects.random(),
			unanswered,
		});
		if (wait === null) return { ok: false, problem: result.problem, tries };
		await effects.sleep(wait);
		tries++;
		result = await once(request, effects, options);
	}
	return { ok: true, ...result, tries };
}

type Once = { readonly status: number; readonly json: unknown } | { readonly problem: ApiProblem };

async function once(request: ApiRequest, effects: Effects, options: CallOptions): Promise<Once> {
	let response: WireResponse;
	try {
		response = await effects.send(request, options.policy.timeoutMs);
	} catch (error) {
		return { problem: classifyNetworkError(error, new URL(request.origin).host) };
	}
	const { status } = response;
	const refused = (): Once => {
		const { hostname } = new URL(request.origin);
		return {
			problem: readProblem(response, options.platform, effects.now(), options.ability, hostname),
		};
	};
	if (status < 200 || status > 299) return refused();
	const text = withoutMark(response.body);
	if (text === '') return { status, json: null };
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		const type = readHeader(response.headers, 'content-type') ?? 'no content type';
		return { problem: unreadableProblem(status, options.platform, type) };
	}
	return isRefusal(json) ? refused() : { status, json };
}
