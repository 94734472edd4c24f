import type {
	ApiRequest,
	Effects,
	RetryPolicy,
	WireField,
	WireOperation,
	WireResponse,
} from '../src/index.ts';

/** A wire operation for tests; everything but what the row is about has a plain default. */
export function operationWith(part: Partial<WireOperation> = {}): WireOperation {
	return {
		name: 'test_operation',
		method: 'GET',
		path: '/things',
		fields: [],
		exclusive: [],
		shape: 'one',
		paging: 'none',
		pageSize: 100,
		beside: [],
		match: null,
		ability: null,
		...part,
	};
}

export function fieldWith(part: Partial<WireField> = {}): WireField {
	return { name: 'field', label: 'Field', in: 'body', type: 'string', required: false, ...part };
}

export const policy: RetryPolicy = {
	maxTries: 4,
	timeoutMs: 5_000,
	firstWaitMs: 500,
	maxWaitMs: 8_000,
	maxRetryAfterMs: 60_000,
	deadlineMs: 120_000,
};

export type Step = WireResponse | Error;

/** Effects that play a script: each send takes the next step, time passes only by sleeping. */
export function scripted(
	steps: readonly Step[],
	options: { random?: number; tookMs?: number } = {},
) {
	const sent: ApiRequest[] = [];
	const timeouts: number[] = [];
	const waits: number[] = [];
	let now = 1_779_098_700_000;
	const effects: Effects = {
		send: async (request, timeoutMs) => {
			sent.push(request);
			timeouts.push(timeoutMs);
			now += options.tookMs ?? 0;
			const step = steps[sent.length - 1];
			if (step === undefined) throw new Error('The script has no further answer.');
			if (step instanceof Error) throw step;
			return step;
		},
		sleep: async (ms) => {
			waits.push(ms);
			now += ms;
		},
		now: () => now,
		random: () => options.random ?? 0,
	};
	return { effects, sent, timeouts, waits };
}

export function answer(
	status: number,
	body: unknown = null,
	headers: WireResponse['headers'] = {},
): WireResponse {
	return {
		status,
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : body === null ? '' : JSON.stringify(body),
	};
}

/** An exception with the marks of a real one. */
export function failure(marks: Record<string, unknown>, message = 'failed'): Error {
	return Object.assign(new Error(message), marks);
}
