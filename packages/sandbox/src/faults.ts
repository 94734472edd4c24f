import { routes } from '@memberpass/catalogue';

import type { Random } from './random.ts';

/** What a request can suffer, on demand. */
export const faultKinds = {
	reset: 'The connection is reset; nothing is done.',
	close: 'The connection is closed without an answer; nothing is done.',
	stall: 'No answer ever comes; nothing is done.',
	cut_body: 'The request is carried out, the answer breaks off in the middle of its body.',
	stall_body:
		'The request is carried out, the answer stops in the middle of its body and stays open.',
	slow_headers: 'The request is carried out, the answer comes late (ms, 1500 where absent).',
	latency: 'The request waits before it is carried out (ms, 1500 where absent).',
	html: 'An HTML page instead of JSON (status, 200 where absent); nothing is done.',
	empty: 'A 200 without a body instead of JSON; nothing is done.',
	rate_limited: 'A 429 (retry_after: see the forms); nothing is done.',
	error: 'An error of the server (status, 503 where absent); nothing is done.',
	error_after_write: 'The request is carried out and kept under its key, then answered with 500.',
	redirect: 'A 302 to another address (to); nothing is done.',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** Forms of Retry-After, good and bad. */
export const retryAfterForms = {
	seconds: () => '2',
	zero: () => '0',
	date: (now: number) => new Date(now + 2_000).toUTCString(),
	past_date: (now: number) => new Date(now - 60_000).toUTCString(),
	iso_date: (now: number) => new Date(now + 2_000).toISOString(),
	negative: () => '-5',
	decimal: () => '1.5',
	exponent: () => '1e9',
	huge: () => '9999999999',
	empty: () => '',
	junk: () => 'soon',
	absent: () => null,
} as const satisfies Record<string, (now: number) => string | null>;

export type RetryAfterForm = keyof typeof retryAfterForms;

export interface Fault {
	readonly kind: FaultKind;
	readonly ms?: number;
	readonly status?: number;
	readonly retryAfter?: RetryAfterForm;
	readonly to?: string;
}

export interface FaultRule extends Fault {
	/** How many of the next matching requests. */
	readonly times: number;
	readonly method?: string;
	/** Key of an operation, e.g. `create_plan`. */
	readonly operation?: string;
	/** Start of a path below the origin, e.g. `/v1/projects`. */
	readonly path?: string;
}

export type FaultReading<T> =
	{ readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const isKind = (text: string): text is FaultKind => Object.hasOwn(faultKinds, text);
const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];
const isMethod = (text: string): boolean => methods.includes(text);
const isForm = (text: string): text is RetryAfterForm => Object.hasOwn(retryAfterForms, text);

/** Reads `rate_limited; retry_after=date` or `html; status=502` or `latency; ms=300`. */
export function parseFault(header: string): FaultReading<Fault> {
	const [kind = '', ...parts] = header.split(';').map((part) => part.trim());
	const pairs = parts.filter((part) => part !== '').map((part) => /^([^=]+)=(.*)$/.exec(part));
	if (pairs.includes(null))
		return { ok: false, problem: 'after the kind come name=value, with ; between.' };
	const given = Object.fromEntries(
		pairs.map((pair) => [(pair?.[1] ?? '').trim(), (pair?.[2] ?? '').trim()]),
	);
	return readFault({ kind, ...given });
}

const ofFault = ['kind', 'ms', 'status', 'retry_after', 'to'];
const ofRule = [...ofFault, 'times', 'method', 'operation', 'path'];

/** A figure of a JSON body, or as a text of a header; NaN for anything else. */
function figureOf(value: unknown): number {
	if (typeof value === 'string') return value.trim() === '' ? NaN : Number(value);
	return typeof value === 'number' ? value : NaN;
}

/** What is wrong with the keys of a fault from outside, or null: a slip of the pen must not pass for another fault. */
export function strangeKeys(
	raw: Readonly<Record<string, unknown>>,
	known: readonly string[],
): string | null {
	const strange = Object.keys(raw).filter((name) => !known.includes(name));
	return strange.length === 0
		? null
		: `there is no ${strange.join(', ')}; there are ${known.join(', ')}.`;
}

function readFault(
	raw: Readonly<Record<string, unknown>>,
	known: readonly string[] = ofFault,
): FaultReading<Fault> {
	const problem = strangeKeys(raw, known);
	if (problem !== null) return { ok: false, problem };
	const { kind, ms, status, retry_after: retryAfter, to } = raw;
	if (typeof kind !== 'string' || !isKind(kind)) {
		return {
			ok: false,
			problem: `kind must be one of: ${Object.keys(faultKinds).join(', ')}.`,
		};
	}
	const wait = ms === undefined ? undefined : figureOf(ms);
	if (wait !== undefined && !(wait >= 0 && wait <= 600_000)) {
		return { ok: false, problem: 'ms must be between 0 and 600000.' };
	}
	const code = status === undefined ? undefined : figureOf(status);
	if (code !== undefined && !(Number.isInteger(code) && code >= 200 && code <= 599)) {
		return { ok: false, problem: 'status must be between 200 and 599.' };
	}
	if (retryAfter !== undefined && !(typeof retryAfter === 'string' && isForm(retryAfter))) {
		return {
			ok: false,
			problem: `retry_after must be one of: ${Object.keys(retryAfterForms).join(', ')}.`,
		};
	}
	if (to !== undefined && !(typeof to === 'string' && /^[\x21-\x7e]+$/.test(to))) {
		return { ok: false, problem: 'to must be an address.' };
	}
	return {
		ok: true,
		value: {
			kind,
			...(wait === undefined ? {} : { ms: wait }),
			...(code === undefined ? {} : { status: code }),
			...(retryAfter === undefined ? {} : { retryAfter }),
			...(to === undefined ? {} : { to }),
		},
	};
}

/** Reads a rule of `POST /_sandbox/faults`. */
export function readFaultRule(raw: Readonly<Record<string, unknown>>): FaultReading<FaultRule> {
	const fault = readFault(raw, ofRule);
	if (!fault.ok) return fault;
	const { times = 1, method, operation, path } = raw;
	if (method !== undefined && !(typeof method === 'string' && isMethod(method.toUpperCase()))) {
		return { ok: false, problem: `method must be one of: ${methods.join(', ')}.` };
	}
	if (operation !== undefined && !routes.some(({ key }) => key === operation)) {
		return { ok: false, problem: 'operation must be a key such as create_plan.' };
	}
	if (path !== undefined && !(typeof path === 'string' && path.startsWith('/'))) {
		return { ok: false, problem: 'path must be the start of one, such as /v1/projects.' };
	}
	if (!Number.isInteger(times) || Number(times) < 1) {
		return { ok: false, problem: 'times must be a whole number above 0.' };
	}
	return {
		ok: true,
		value: {
			...fault.value,
			times: Number(times),
			...(typeof method === 'string' ? { method: method.toUpperCase() } : {}),
			...(typeof operation === 'string' ? { operation } : {}),
			...(typeof path === 'string' ? { path } : {}),
		},
	};
}

/** Which request suffers what. */
export class Faults {
	#rules: { readonly rule: FaultRule; left: number }[] = [];
	readonly #random: Random;
	/** Share of requests that fail by chance, 0 to 1. */
	share: number;

	constructor(random: Random, share: number) {
		this.#random = random;
		this.share = share;
	}

	/** The next matching requests suffer this. */
	add(rule: FaultRule): void {
		this.#rules.push({ rule, left: rule.times });
	}

	clear(): void {
		this.#rules = [];
		this.share = 0;
	}

	list(): readonly (FaultRule & { readonly left: number })[] {
		return this.#rules.map(({ rule, left }) => ({ ...rule, left }));
	}

	/** The fault of a request, and one less of it to come. */
	take(request: {
		readonly method: string;
		readonly path: string;
		readonly operations: readonly string[];
	}): Fault | null {
		const index = this.#rules.findIndex(
			({ rule }) =>
				(rule.method === undefined || rule.method === request.method) &&
				(rule.path === undefined || request.path.startsWith(rule.path)) &&
				(rule.operation === undefined || request.operations.includes(rule.operation)),
		);
		const found = this.#rules[index];
		if (found !== undefined) {
			found.left--;
			if (found.left <= 0) this.#rules.splice(index, 1);
			return found.rule;
		}
		if (this.share > 0 && this.#random.next() < this.share) {
			return this.#random.pick<Fault>([
				{ kind: 'error', status: 500 },
				{ kind: 'error', status: 503 },
				{ kind: 'error_after_write' },
				{ kind: 'reset' },
				{ kind: 'cut_body' },
				{ kind: 'html', status: 502 },
				{ kind: 'rate_limited', retryAfter: 'seconds' },
			]);
		}
		return null;
	}
}
