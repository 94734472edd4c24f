import {
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	sleep,
} from 'n8n-workflow';

import { platform } from '../platform';
import type { WireResponse } from '../protocol/errors';
import { inFormWords } from '../protocol/explain';
import { type InputValues } from '../protocol/input';
import { type ListResult, readList } from '../protocol/list';
import { readOrigin } from '../protocol/origin';
import { type ApiRequest, buildRequest, type RequestOptions } from '../protocol/request';
import { type RetryPolicy } from '../protocol/retry';
import { readToken, withReason } from '../protocol/token';
import { call, type CallResult, type Effects } from '../protocol/transport';
import type { WireOperation } from '../protocol/wire';
import { operationError, withoutSecret } from './problems';

/** The contexts that n8n calls this package with. */
export type Context = IExecuteFunctions | IHookFunctions | ILoadOptionsFunctions;

const credentialName = 'memberPassApi';

/** An execution may wait: a busy minute (300 requests) is over within one. */
export const executionPolicy: RetryPolicy = {
	maxTries: 4,
	timeoutMs: 15_000,
	firstWaitMs: 1_000,
	maxWaitMs: 10_000,
	maxRetryAfterMs: 60_000,
	deadlineMs: 120_000,
};

/**
 * Switching a trigger on or off. The patience is n8n's: since 2.40 it tries five times, with 1, 2, 4 and 8 seconds
 * between, and after 84 seconds it ends a publication in words of its own, whatever the node still waits for (measured
 * on 2.41.1). Nobody would then learn what MemberPass said.
 */
const whileN8nWaits = {
	maxTries: 4,
	firstWaitMs: 500,
	maxWaitMs: 2_000,
	maxRetryAfterMs: 3_000,
	deadlineMs: 5_000,
};

/** Five tries of n8n, each with a look before and one after, end before its limit even if no answer comes. */
export const lookPolicy: RetryPolicy = { ...whileN8nWaits, timeoutMs: 5_000 };

/** Two tries: a change whose answer was lost may be done all the same, and the same key asks for that answer again. */
export const changePolicy: RetryPolicy = {
	...whileN8nWaits,
	timeoutMs: 6_000,
	deadlineMs: 7_000,
};

/** Somebody looks at an opening list: better a prompt message than a late list. */
export const editorPolicy: RetryPolicy = {
	maxTries: 2,
	timeoutMs: 10_000,
	firstWaitMs: 500,
	maxWaitMs: 1_000,
	maxRetryAfterMs: 2_000,
	deadlineMs: 15_000,
};

/** Whose API is called: where the token may go, and the credential that n8n signs requests with. */
export interface Account {
	readonly origin: string;
	readonly token: string;
	readonly credential: ICredentialDataDecryptedObject;
}

/** What n8n answers with when asked for the full response as text. */
interface FullResponse {
	readonly statusCode: number;
	readonly headers: WireResponse['headers'];
	readonly body: unknown;
}

/**
 * n8n's HTTP client as the protocol wants it.
 *
 * `ignoreHttpStatusErrors` keeps the body of a refusal and, measured on n8n 2.41, keeps n8n from sending a request
 * twice after a 401. Redirects are not followed, so the bearer token cannot leave the origin. The credential is handed
 * over, because n8n would read it for the first item, whichever item is sent.
 */
function effectsOf(context: Context, { credential }: Account): Effects {
	const stopped =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const signedBy = { id: '', name: credentialName, type: credentialName, data: credential };
	return {
		async send(request, timeoutMs) {
			const answer = context.helpers.httpRequestWithAuthentication.call(
				context,
				credentialName,
				{
					method: request.method,
					url: request.url,
					headers: { ...request.headers },
					...(request.body === null ? {} : { body: request.body }),
					encoding: 'text',
					json: false,
					timeout: timeoutMs,
					disableFollowRedirect: true,
					ignoreHttpStatusErrors: true,
					returnFullResponse: true,
				},
				{ credentialsDecrypted: signedBy },
			) as Promise<FullResponse>;
			const response = await within(timeoutMs, answer);
			return {
				status: response.statusCode,
				headers: response.headers,
				body: textOf(response.body),
			};
		},
		sleep: async (ms) => await sleepUnlessStopped(ms, stopped),
		now: () => Date.now(),
		random: () => Math.random(),
	};
}

/**
 * Ends a try that takes too long as a whole. The time limit of n8n's client is one for silence: a body that comes byte
 * by byte would hold an execution for ever.
 */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
	const limit = AbortSignal.timeout(ms);
	const expired = new Promise<never>((_, reject) => {
		limit.addEventListener('abort', () => reject(limit.reason as Error));
	});
	return await Promise.race([work, expired]);
}

/**
 * Waits, but no longer than the execution runs: one that somebody stops would else go on for as long as MemberPass asks.
 * n8n's client has the same signal, so nothing is sent after it.
 */
async function sleepUnlessStopped(ms: number, stopped: AbortSignal | undefined): Promise<void> {
	// A signal that has gone off tells nobody who listens later.
	if (stopped?.aborted === true) return;
	await new Promise<void>((resolve) => {
		const end = (): void => {
			stopped?.removeEventListener('abort', end);
			resolve();
		};
		stopped?.addEventListener('abort', end);
		void sleep(ms).then(end);
	});
}

/** Some versions of n8n parse JSON although text was asked for. */
function textOf(body: unknown): string {
	if (typeof body === 'string') return body;
	return body === undefined ? '' : JSON.stringify(body);
}

/**
 * The account of an item: an expression in the credential may name another for each. The origin of its base URL is the
 * only place the token is sent to. A private network is allowed, because that is where an n8n in a container finds the
 * sandbox, and because n8n's own HTTP node reaches it anyway.
 */
export async function readAccount(
	context: Context,
	itemIndex: number | null = null,
): Promise<Account> {
	const credential = await context.getCredentials(credentialName, itemIndex ?? 0);
	const { apiToken, baseUrl } = credential;
	const token = readToken(String(apiToken ?? ''), platform);
	const origin = readOrigin(typeof baseUrl === 'string' ? baseUrl : '', platform, 'private');
	const refused = (reason: string, field: string): never => {
		const advice = `Correct the ${field} of the credential.`;
		throw operationError(context.getNode(), reason, advice, itemIndex);
	};
	if (!origin.ok) return refused(origin.reason, 'Base URL');
	if (!token.ok) return refused(token.reason, 'API Token');
	return { origin: origin.origin, token: token.token, credential };
}

export interface ApiOptions {
	readonly account: Account;
	readonly policy: RetryPolicy;
	readonly itemIndex: number | null;
}

/** Sends one request and gives back what came of it. */
export async function callApi(
	context: Context,
	operation: WireOperation,
	values: InputValues,
	options: ApiOptions & Pick<RequestOptions, 'idempotencyKey' | 'page'>,
): Promise<CallResult> {
	const { account, policy, ...more } = options;
	const request = build(context, options, () =>
		buildRequest(operation, values, { ...more, origin: account.origin, platform }),
	);
	const result = await call(request, effectsOf(context, account), {
		platform,
		policy,
		ability: operation.ability,
	});
	return asTold(operation, result, account);
}

/** Reads a list to its end or to `wanted` rows. */
export async function listApi(
	context: Context,
	operation: WireOperation,
	values: InputValues,
	options: ApiOptions & { readonly wanted: number | null },
): Promise<ListResult> {
	const { account, policy, wanted } = options;
	const { origin } = account;
	// Built once only to check it: a path value that cannot be sent is reported as the user's mistake.
	build(context, options, () =>
		buildRequest(operation, values, { platform, origin, idempotencyKey: null }),
	);
	const result = await readList(operation, values, effectsOf(context, account), {
		request: { platform, origin },
		call: { platform, policy },
		wanted,
	});
	return asTold(operation, result, account);
}

/**
 * A refusal as users may see it: in the words of their form, with the reason why a token was refused, and without the
 * token itself, which a host may quote.
 */
function asTold<R extends CallResult | ListResult>(
	operation: WireOperation,
	result: R,
	account: Account,
): R {
	const named = withReason(inFormWords(operation, result), account, platform);
	if (named.ok) return named;
	return { ...named, problem: withoutSecret(named.problem, account.token) };
}

function build(context: Context, options: ApiOptions, make: () => ApiRequest): ApiRequest {
	try {
		return make();
	} catch (error) {
		// A value that cannot be part of the path: the message names its field.
		const { message } = error as Error;
		throw operationError(context.getNode(), message, null, options.itemIndex);
	}
}
