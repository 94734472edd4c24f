import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Platform, RouteEntry } from '@memberpass/catalogue';
import {
	type ApiProblem,
	type ApiRequest,
	buildRequest,
	call,
	type CallResult,
	type Effects,
	firstPage,
	incompleteProblem,
	type InputValues,
	isWrite,
	type JsonObject,
	pageQuery,
	readOne,
	readPage,
	type RequestOptions,
	type RetryPolicy,
	toWire,
	unreadableProblem,
} from '@memberpass/protocol';

import { isDeeper } from '../../../packages/sandbox/src/depth.ts';
import { omit } from '../../../packages/sandbox/src/omit.ts';
import { type Attempt, type Captured, Interrupted, type Outcome } from './types.ts';

/** Patient: a recording is made by hand, and a busy minute of MemberPass is over within one. */
const policy: RetryPolicy = {
	maxTries: 4,
	timeoutMs: 20_000,
	firstWaitMs: 1_000,
	maxWaitMs: 15_000,
	maxRetryAfterMs: 90_000,
	deadlineMs: 240_000,
};

/** An answer beyond this is no answer of this API. Bytes. */
export const largestAnswer = 20 * 1024 * 1024;
/** Deeper than anything of this API; what reads an answer walks it recursively. */
export const deepest = 200;

export interface ClientOptions {
	readonly platform: Platform;
	readonly origin: string;
	readonly token: string;
	/** Requests a second at most. */
	readonly rate: number;
	readonly signal: AbortSignal;
	readonly time: Time;
}

export interface RunOptions {
	readonly name?: string;
	readonly keep?: boolean;
	/** Pages to read at most; a list that has more is not whole. */
	readonly maxPages?: number;
	/** Rows a page; the client's usual size where absent. */
	readonly pageSize?: number;
	/** `null` leaves the key out, which only a probe does. */
	readonly key?: string | null;
	readonly token?: string;
}

/** Sends operations to the API, slowly, and keeps what came back. */
export interface Client {
	/** Runs an operation. Never throws for what the API did; throws {@link Interrupted} when the user stops. */
	run(entry: RouteEntry, input: InputValues, options?: RunOptions): Promise<Attempt>;
	/** Requests sent, retries included. */
	readonly sent: number;
	/** Answers that asked to wait or failed, which no recording shows. */
	readonly retried: readonly Captured[];
}

/** What the recorder waits by. */
export interface Time {
	/** Unix milliseconds. */
	now(): number;
	/** Resolves after a time in milliseconds, or at once when the signal fires. */
	pause(ms: number, signal: AbortSignal): Promise<void>;
}

export const realTime: Time = {
	now: () => Date.now(),
	// It rejects where the signal fires, and for nothing else.
	pause: async (ms, signal) => await sleep(ms, undefined, { signal }).catch(() => undefined),
};

export class HttpClient implements Client {
	sent = 0;
	readonly retried: Captured[] = [];
	readonly #options: ClientOptions;
	/** When the next request may go out, in Unix milliseconds. */
	#next = 0;

	constructor(options: ClientOptions) {
		this.#options = options;
	}

	async run(entry: RouteEntry, input: InputValues, options: RunOptions = {}): Promise<Attempt> {
		const { name = 'success', keep = true } = options;
		const exchanges: Captured[] = [];
		const outcome = await this.#read(entry, input, options, exchanges);
		return { entry, name, input, exchanges, outcome, keep };
	}

	async #read(
		entry: RouteEntry,
		input: InputValues,
		{ key, token = this.#options.token, pageSize, maxPages = 2 }: RunOptions,
		exchanges: Captured[],
	): Promise<Outcome> {
		const { platform, origin } = this.#options;
		const operation = toWire(entry);
		const idempotencyKey = isWrite(operation.method) ? (key ?? randomUUID()) : null;
		const ask = async (page: RequestOptions['page'] = []): Promise<CallResult> => {
			const built = buildRequest(operation, input, { platform, origin, idempotencyKey, page });
			const request = key === null ? withoutKey(built, platform) : built;
			return await this.#ask(request, entry, token, exchanges);
		};
		const failed = (problem: ApiProblem): Outcome => ({ ok: false, problem });

		if (operation.shape !== 'many') {
			const result = await ask();
			if (!result.ok) return failed(result.problem);
			const nothing = operation.shape === 'nothing';
			const row = nothing ? { deleted: true } : readOne(operation, result.json);
			if (row === null) return failed(unreadableProblem(result.status, platform));
			return { ok: true, rows: [row], whole: true };
		}
		const rows: JsonObject[] = [];
		let state = firstPage(operation.paging, pageSize ?? operation.pageSize, null);
		for (let pages = 1; ; pages++) {
			const result = await ask(pageQuery(state));
			if (!result.ok) return failed(result.problem);
			const page = readPage(state, result.json);
			if (page === null) return failed(unreadableProblem(result.status, platform));
			rows.push(...page.rows);
			if (page.incomplete !== null) return failed(incompleteProblem(page.incomplete));
			if (page.next === null) return { ok: true, rows, whole: true };
			if (pages >= maxPages) return { ok: true, rows, whole: false };
			state = page.next;
		}
	}

	/** Sends a request until it is answered for good, and keeps the last answer. */
	async #ask(
		request: ApiRequest,
		{ ability }: RouteEntry,
		token: string,
		exchanges: Captured[],
	): Promise<CallResult> {
		const { platform, signal, time } = this.#options;
		const tries: Captured[] = [];
		const effects: Effects = {
			send: (again, timeoutMs) => this.#send(again, timeoutMs, token, tries),
			sleep: (ms) => time.pause(ms, signal),
			now: () => time.now(),
			random: () => Math.random(),
		};
		const result = await call(request, effects, { platform, policy, ability });
		if (signal.aborted) throw new Interrupted();
		this.retried.push(...tries.slice(0, -1));
		exchanges.push(...tries.slice(-1));
		return result;
	}

	async #send(
		request: ApiRequest,
		timeoutMs: number,
		token: string,
		tries: Captured[],
	): ReturnType<Effects['send']> {
		const { platform, signal } = this.#options;
		await this.#slot();
		this.sent++;
		const response = await fetch(request.url, {
			method: request.method,
			headers: {
				...request.headers,
				'User-Agent': 'memberpass-recorder',
				[platform.headers.authorization]: `Bearer ${token}`,
			},
			body: request.body,
			// The token goes to this origin and nowhere else.
			redirect: 'manual',
			signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
		});
		const body = await readBody(response, largestAnswer);
		if (isDeeper(parsed(body), deepest)) throw new Error('The answer is nested too deeply.');
		const headers = Object.fromEntries(response.headers.entries());
		const { status } = response;
		const { method, path, query, body: requestBody } = request;
		tries.push({ method, path, query, requestBody, status, headers, body });
		return { status, headers, body };
	}

	/** One slot after the other, so that a burst never forms. */
	async #slot(): Promise<void> {
		const { rate, signal, time } = this.#options;
		const now = time.now();
		const at = Math.max(now, this.#next);
		this.#next = at + 1000 / rate;
		if (at > now) await time.pause(at - now, signal);
		if (signal.aborted) throw new Interrupted();
	}
}

function withoutKey(request: ApiRequest, platform: Platform): ApiRequest {
	return { ...request, headers: omit(request.headers, platform.headers.idempotency) };
}

/**
 * Reads a body to its end.
 *
 * @param most Bytes.
 * @throws Error where it is larger; the rest is not read then.
 */
export async function readBody(response: Response, most: number): Promise<string> {
	if (response.body === null) return '';
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body as ReadableStream<Uint8Array>) {
		size += chunk.length;
		if (size > most) throw new Error('The answer is too large.');
		chunks.push(chunk);
	}
	// Without the byte order mark that may be before it.
	return new TextDecoder().decode(Buffer.concat(chunks));
}

function parsed(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		return null;
	}
}

/** The rows that came; none where the call was refused. */
export const rowsOf = ({ outcome }: Attempt): readonly JsonObject[] =>
	outcome.ok ? outcome.rows : [];

/** Whether a problem is of the host or the way to it, and so says nothing of what was asked: it may even be done. */
export const isOfHost = (kind: ApiProblem['kind']): boolean =>
	['network', 'timeout', 'server', 'rate_limited', 'unexpected', 'unreadable'].includes(kind);
