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

export function createClient(options: ClientOptions): Client {
	const { platform, signal, time } = options;
	const gap = 1000 / options.rate;
	let next = 0;
	let sent = 0;
	const retried: Captured[] = [];

	/** One slot after the other, so that a burst never forms. */
	const slot = async (): Promise<void> => {
		const now = time.now();
		const at = Math.max(now, next);
		next = at + gap;
		if (at > now) await time.pause(at - now, signal);
		if (signal.aborted) throw new Interrupted();
	};

	async function send(
		request: ApiRequest,
		timeoutMs: number,
		token: string,
		tries: Captured[],
	): ReturnType<Effects['send']> {
		await slot();
		sent++;
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
		const headers = Object.fromEntries(response.headers.entries());
		tries.push({
			method: request.method,
			path: request.path,
			query: request.query,
			requestBody: request.body,
			status: response.status,
			headers,
			body,
		});
		return { status: response.status, headers, body };
	}

	/** Sends a request until it is answered for good, and keeps the last answer. */
	async function ask(
		request: ApiRequest,
		{ ability }: RouteEntry,
		token: string,
		exchanges: Captured[],
	): Promise<CallResult> {
		const tries: Captured[] = [];
		const effects: Effects = {
			send: (again, timeoutMs) => send(again, timeoutMs, token, tries),
			sleep: (ms) => time.pause(ms, signal),
			now: () => time.now(),
			random: () => Math.random(),
		};
		const result = await call(request, effects, { platform, policy, ability });
		if (signal.aborted) throw new Interrupted();
		retried.push(...tries.slice(0, -1));
		exchanges.push(...tries.slice(-1));
		return result;
	}

	async function read(
		entry: RouteEntry,
		input: InputValues,
		run: RunOptions,
		exchanges: Captured[],
	): Promise<Outcome> {
		const operation = toWire(entry);
		const idempotencyKey = isWrite(operation.method) ? (run.key ?? randomUUID()) : null;
		const askFor = async (page: RequestOptions['page'] = []): Promise<CallResult> => {
			const { origin } = options;
			const built = buildRequest(operation, input, { platform, origin, idempotencyKey, page });
			const request = run.key === null ? withoutKey(built, platform) : built;
			return await ask(request, entry, run.token ?? options.token, exchanges);
		};
		const failed = (problem: ApiProblem): Outcome => ({ ok: false, problem });

		if (operation.shape !== 'many') {
			const result = await askFor();
			if (!result.ok) return failed(result.problem);
			const nothing = operation.shape === 'nothing';
			const row = nothing ? { deleted: true } : readOne(operation, result.json);
			if (row === null) return failed(unreadableProblem(result.status, platform));
			return { ok: true, rows: [row], whole: true };
		}
		const rows: JsonObject[] = [];
		let state = firstPage(operation.paging, run.pageSize ?? operation.pageSize, null);
		for (let pages = 1; ; pages++) {
			const result = await askFor(pageQuery(state));
			if (!result.ok) return failed(result.problem);
			const page = readPage(state, result.json);
			if (page === null) return failed(unreadableProblem(result.status, platform));
			rows.push(...page.rows);
			if (page.incomplete !== null) return failed(incompleteProblem(page.incomplete));
			if (page.next === null) return { ok: true, rows, whole: true };
			if (pages >= (run.maxPages ?? 2)) return { ok: true, rows, whole: false };
			state = page.next;
		}
	}

	return {
		get sent() {
			return sent;
		},
		get retried() {
			return retried;
		},
		async run(entry, input, run = {}) {
			const { name = 'success', keep = true } = run;
			const exchanges: Captured[] = [];
			const outcome = await read(entry, input, run, exchanges);
			return { entry, name, input, exchanges, outcome, keep };
		},
	};
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
	return Buffer.concat(chunks).toString('utf8');
}

/** The rows that came; none where the call was refused. */
export const rowsOf = ({ outcome }: Attempt): readonly JsonObject[] =>
	outcome.ok ? outcome.rows : [];
