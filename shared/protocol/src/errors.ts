import { tidy } from './redact.ts';
import { parseRetryAfter } from './retry-after.ts';
import { isJsonObject, type JsonObject, type WirePlatform } from './wire.ts';

/**
 * What went wrong, in the terms a platform has to tell apart. `kind` decides what a platform does, the words are
 * MemberPass's own.
 */
export interface ApiProblem {
	readonly kind:
		| 'unauthenticated'
		| 'forbidden'
		| 'not_found'
		| 'conflict'
		| 'invalid'
		| 'rate_limited'
		| 'server'
		| 'refused'
		| 'network'
		| 'timeout'
		| 'unreadable'
		| 'incomplete'
		| 'unexpected';
	/** HTTP status, or null if no answer came. */
	readonly status: number | null;
	/** MemberPass's error code, or null. */
	readonly code: string | null;
	readonly message: string;
	/** Why that may be, in our words; null where nothing tells. */
	readonly reason: string | null;
	/** What to do: MemberPass's advice, or ours where it gave none. */
	readonly remediation: string | null;
	readonly docsUrl: string | null;
	readonly requestId: string | null;
	/** Ability the token lacks, where known. */
	readonly missingAbility: string | null;
	/** Messages by field, as MemberPass names the fields. */
	readonly fields: Readonly<Record<string, readonly string[]>>;
	/** Milliseconds to wait before the next try, from `Retry-After`; null where none was sent. */
	readonly retryAfterMs: number | null;
}

/** An answer as a transport hands it over. Header names may have any case. */
export interface WireResponse {
	readonly status: number;
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: string;
}

const nothingKnown = {
	code: null,
	reason: null,
	remediation: null,
	docsUrl: null,
	requestId: null,
	missingAbility: null,
	fields: {},
	retryAfterMs: null,
} as const;

/** Reads one header whatever its case; the first value where several came. */
export function readHeader(headers: WireResponse['headers'], name: string): string | null {
	const wanted = name.toLowerCase();
	for (const [key, value] of Object.entries(headers)) {
		if (key.toLowerCase() !== wanted || value === undefined) continue;
		return typeof value === 'string' ? value : (value[0] ?? null);
	}
	return null;
}

function kindOf(status: number, isNoAnswer: boolean): ApiProblem['kind'] {
	// A page is the word of a proxy or firewall, a missing route that of the framework: neither says that there is no such
	// record or that the token lacks an ability.
	if (isNoAnswer && [403, 404, 410].includes(status)) return 'refused';
	if (status === 401) return 'unauthenticated';
	if (status === 403) return 'forbidden';
	if (status === 404 || status === 410) return 'not_found';
	if (status === 409) return 'conflict';
	if (status === 400 || status === 422) return 'invalid';
	if (status === 429) return 'rate_limited';
	if (status >= 500) return 'server';
	return 'refused';
}

/**
 * Reads a refusal. The documented envelope is `{ error: { code, message, docs_url, remediation, request_id, fields?,
 * context? } }`; anything else (a proxy's HTML page, an empty body) still shows its status.
 *
 * @param now Unix milliseconds, for a `Retry-After` that is a date.
 * @param ability Ability the route needs, used when a 403 does not name one.
 * @param asked Host that answered, so that a redirect within it is not taken for one that leads elsewhere.
 */
export function readProblem(
	response: WireResponse,
	platform: Pick<WirePlatform, 'name'>,
	now: number,
	ability: string | null = null,
	asked: string | null = null,
): ApiProblem {
	const envelope = readEnvelope(response.body);
	const error = envelope ?? {};
	const context = isJsonObject(error['context']) ? error['context'] : {};
	const message = readText(error['message']);
	const code = readText(error['code']);
	const isNoRoute = code === null && noRoute.test(message ?? '');
	const kind = kindOf(response.status, envelope === null || isNoRoute);
	const unexplained = unexplainedOf(response, platform, asked);
	const retryAfterMs = parseRetryAfter(readHeader(response.headers, 'retry-after'), now);
	return {
		kind,
		status: response.status,
		code,
		message: message ?? unexplained.message,
		reason: null,
		remediation:
			readText(error['remediation']) ??
			(isNoRoute
				? `Check the API address. If it is right, ${platform.name} no longer offers this.`
				: kind === 'refused' && message === null
					? unexplained.remediation
					: kind === 'not_found' && message === null
						? 'Check the ID, and whether the API token has access to it.'
						: whenToTry(kind, retryAfterMs)),
		docsUrl: readAddress(error['docs_url']),
		requestId:
			readText(error['request_id']) ?? readText(readHeader(response.headers, 'x-request-id')),
		missingAbility:
			kind === 'forbidden'
				? (readText(context['required_ability']) ??
					readText(error['required_ability']) ??
					(maybeLacksAbility(code) ? ability : null))
				: null,
		fields: readFields(error['fields'], readText(context['reason'])),
		retryAfterMs,
	};
}

/** When to try again, where nobody says; a `Retry-After` is told by itself. */
function whenToTry(kind: ApiProblem['kind'], retryAfterMs: number | null): string | null {
	if (retryAfterMs !== null) return null;
	if (kind === 'rate_limited') return 'Wait a minute, then try again.';
	return kind === 'server' ? tryAgain.server : null;
}

/** Laravel's words where no route has the path: they say nothing of the record that was asked for. */
const noRoute = /^The route \S+ could not be found\b/;

/** Whether a 403 with this code is, or may be, for want of an ability: other reasons have codes of their own. */
function maybeLacksAbility(code: string | null): boolean {
	return code === null || code === 'TOKEN_MISSING_ABILITY';
}

/**
 * What to say of a refusal without words. A redirect is one: the token goes to the API address and nowhere else. So is
 * the question for a sign-in that only proxies ask.
 */
function unexplainedOf(
	{ status, headers }: WireResponse,
	{ name }: Pick<WirePlatform, 'name'>,
	asked: string | null,
): { readonly message: string; readonly remediation: string } {
	const location = status >= 300 && status < 400 ? readHeader(headers, 'location') : null;
	const address = location?.replace(/^\/\//, 'https://');
	const isAddress = address !== undefined && /^https?:/i.test(address) && URL.canParse(address);
	const host = isAddress ? new URL(address).hostname : null;
	// To the log-in page of a dashboard, say: the address that is asked for leads to no API.
	if (host !== null && host !== asked) {
		return {
			message: `${name} answered with a redirect to ${host}.`,
			remediation: `The token is sent to the API address and nowhere else. If ${name} announced that host, enter it as the API address.`,
		};
	}
	if (status === 407) {
		return {
			message: `A proxy on the way to ${name} asks for a sign-in.`,
			remediation:
				'Have the proxy let this server through, or add a user name and password to the address of the proxy in the settings of the server.',
		};
	}
	return {
		message: `${name} answered with status ${status} and no explanation.`,
		remediation: somebodyElse,
	};
}

const somebodyElse = 'Check the API address. If it is right, a proxy in between may have answered.';

/**
 * A body without blanks and without the byte order mark at its ends: PHP sends one before every answer as soon as one
 * of the server's files begins with it, and a JSON parser stumbles over it.
 */
export function withoutMark(body: string): string {
	return body.trim();
}

/**
 * Whether a body is a refusal in MemberPass's envelope, whatever its status says: a gateway may turn every status into
 * 200, and a write that was refused must not pass for done.
 */
export function isRefusal(json: unknown): boolean {
	if (!isJsonObject(json) || (json['data'] ?? null) !== null) return false;
	const { error } = json;
	return (
		isJsonObject(error) && readText(error['code']) !== null && readText(error['message']) !== null
	);
}

/** The facts of an error body, none where it is empty; null where it is a page or some other text. */
function readEnvelope(body: string): JsonObject | null {
	const text = withoutMark(body);
	if (text === '') return {};
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		return null;
	}
	if (!isJsonObject(parsed)) return null;
	if (isJsonObject(parsed['error'])) return parsed['error'];
	// Laravel's own form, in case a route answers before MemberPass's handler does: { message, errors }.
	return { message: parsed['message'], fields: parsed['errors'] };
}

function readText(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const clean = tidy(value);
	return clean === '' ? null : clean;
}

function readAddress(value: unknown): string | null {
	const address = readText(value);
	return address?.startsWith('https://') === true ? address : null;
}

function readFields(value: unknown, reason: string | null): Record<string, readonly string[]> {
	const found: [string, readonly string[]][] = isJsonObject(value)
		? Object.entries(value)
				.slice(0, 50)
				.map(([name, messages]) => [
					tidy(name, 100),
					(Array.isArray(messages) ? messages : [messages]).flatMap((one) => readText(one) ?? []),
				])
		: [];
	if (reason !== null) found.push(['reason', [reason]]);
	return Object.fromEntries(found);
}

/**
 * A 2xx whose body is not what MemberPass documents.
 *
 * @param type Content type of a body that is no JSON; left out where it is JSON, or nothing.
 */
export function unreadableProblem(
	status: number,
	platform: Pick<WirePlatform, 'name'>,
	type?: string,
): ApiProblem {
	const shown = type === undefined ? '' : ` (${tidy(type, 80)})`;
	return {
		...nothingKnown,
		kind: 'unreadable',
		status,
		message: `${platform.name} answered with status ${status} but not with the documented data${shown}.`,
		remediation: somebodyElse,
	};
}

/** A list whose rows all lack the key that a find-by search compares: whether one of them is meant cannot be told. */
export function incomparableProblem(key: string, { name }: Pick<WirePlatform, 'name'>): ApiProblem {
	return {
		...nothingKnown,
		kind: 'unreadable',
		status: null,
		message: `${name} answered with records that have no "${key}" to compare.`,
		remediation: `An update of this integration may know what ${name} answers today.`,
	};
}

/** A list that could not be read to its end. */
export function incompleteProblem(reason: string): ApiProblem {
	return {
		...nothingKnown,
		kind: 'incomplete',
		status: null,
		message: `The list could not be read to its end: ${reason}`,
		remediation: 'Try again, narrow the filters, or set a limit.',
	};
}

/** A failure without an answer; see `classifyNetworkError` for what `kind` of fault it was. */
export function noAnswerProblem(
	kind: 'network' | 'timeout' | 'unexpected',
	message: string,
	remediation: string | null,
): ApiProblem {
	return { ...nothingKnown, kind, status: null, message: tidy(message), remediation };
}

const ifItKeeps = 'Try again. If it keeps happening, check the status of the service.';

/** What to do where no answer came, or none that says anything, to something that may be asked again. */
export const tryAgain = { network: 'Try again.', timeout: ifItKeeps, server: ifItKeeps } as const;

/**
 * The same problem, of a write. One that was sent and never answered, or answered by a gateway or a server that broke
 * off, may be done, and who does it again, in a new run with a new idempotency key, may do it twice. MemberPass's own
 * advice stays: it knows.
 */
export function ofWrite(problem: ApiProblem): ApiProblem {
	const advice: Partial<Record<ApiProblem['kind'], string>> = tryAgain;
	return problem.remediation === advice[problem.kind]
		? { ...problem, remediation: 'It may be done all the same: check before you try again.' }
		: problem;
}

/** Whether a write may be done although its answer never came, or came from nobody who could tell. */
export function mayBeDone(problem: ApiProblem): boolean {
	const status = problem.status ?? 0;
	return status < 300 || status >= 500;
}

/**
 * A subscription that came without its ID or signing secret: nobody could end it, or tell its deliveries from a
 * forgery. Undoing it is up to the caller.
 */
export function unusableSubscription(
	missing: 'ID' | 'signing secret',
	{ name }: Pick<WirePlatform, 'name'>,
): ApiProblem {
	return {
		...nothingKnown,
		kind: 'unreadable',
		status: null,
		message: `${name} created a webhook but did not return its ${missing}, so the trigger could not be switched on.`,
		remediation: 'Try again. If it keeps happening, check the API address.',
	};
}

/** A result of a call, whatever it holds where it went well. */
export type Answered = { readonly ok: true } | { readonly ok: false; readonly problem: ApiProblem };

/**
 * The same result of a subscription, which needs several abilities: the one of webhooks, and one for each event. A
 * refusal that does not say which is missing must not send the user after the wrong one, nor one for another reason
 * (the tier) after any.
 *
 * @param result Of a call that was given no ability to name.
 */
export function withNeeds<R extends Answered>(
	result: R,
	abilities: readonly string[],
	{ pages }: Pick<WirePlatform, 'pages'>,
): R {
	if (result.ok || result.problem.kind !== 'forbidden') return result;
	const { missingAbility, code, remediation } = result.problem;
	if (missingAbility !== null || !maybeLacksAbility(code)) return result;
	const needed = [...new Set(abilities)].map((one) => `"${one}"`).join(', ');
	const advice = `This trigger needs the abilities ${needed.replace(/, (?=[^,]*$)/, ' and ')}. Create a token that has them at ${pages.mint} and use that instead.`;
	const both = [...(remediation === null ? [] : [remediation]), advice].join(' ');
	return { ...result, problem: { ...result.problem, remediation: both } };
}
