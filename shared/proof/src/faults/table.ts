import type { LossyWrite } from './job.ts';
import type { PlatformName } from './run.ts';
import type { FaultName, ScriptedFault } from './server.ts';

/**
 * What each platform does on each fault: how many requests it sends, how the run ends, and what the user reads. Written
 * down by hand, from docs.memberpass.net/integrations/custom-agents (retry 429 and 5xx) and from what Zapier and n8n
 * give a step (30 seconds; as long as it takes); `test/n8n` and `test/zapier` run every row, over real sockets.
 */

/** `4 fails`: four requests, then the run fails. */
export type Outcome = `${number} ${string}`;

/** One outcome for every method, or one for reading and one for each way of writing. */
export type Outcomes =
	| Outcome
	| {
			readonly GET: Outcome;
			readonly POST: Outcome;
			readonly PATCH: Outcome;
			readonly DELETE: Outcome;
	  };

export interface FaultRow {
	readonly fault: FaultName;
	/** The fault in words. */
	readonly what: string;
	readonly n8n: Outcomes;
	readonly zapier: Outcomes;
	/** What the user of a failed run reads; `{host}` stands for the host that was called. */
	readonly title: string | null;
	readonly detail: string;
	/** What stands there instead of a failed write. */
	readonly detailOfWrite?: string;
	/** Time limits end the tries: milliseconds that pass at least from one to the next. */
	readonly endsByTime?: Readonly<Record<PlatformName, number>>;
}

const words = (status: number, facts = ''): Pick<FaultRow, 'title' | 'detail'> => ({
	title: `What MemberPass says of ${status}.`,
	detail: `${facts}What it advises on ${status}. (status ${status}, CODE_OF_${status}, request req_01JV9K3QG8T5M2X7RBNC4HWD6E)`,
});
const proxyPage = (status: number): Pick<FaultRow, 'title' | 'detail' | 'detailOfWrite'> => ({
	title: `MemberPass answered with status ${status} and no explanation.`,
	detail: `Try again. If it keeps happening, check the status of the service. (status ${status})`,
	detailOfWrite: `${mayBeDone} (status ${status})`,
});
const mayBeDone = 'It may be done all the same: check before you try again.';
const brokeOff = {
	title: 'The connection to {host} broke off.',
	detail: 'Try again.',
	detailOfWrite: mayBeDone,
};
const unreachable = {
	title: '{host} could not be reached.',
	detail: 'Check the API address and the network connection.',
};
const tooLate = {
	title: '{host} did not answer in time.',
	detail: 'Try again. If it keeps happening, check the status of the service.',
	detailOfWrite: mayBeDone,
};
const somebodyElse = 'Check the API address. If it is right, a proxy in between may have answered.';
const noData = (status: number, type?: string): Pick<FaultRow, 'title' | 'detail'> => ({
	title: `MemberPass answered with status ${status} but not with the documented data${type === undefined ? '' : ` (${type})`}.`,
	detail: `${somebodyElse} (status ${status})`,
});

/** A refusal that would be the same the next time. */
const refused = { n8n: '1 fails', zapier: '1 fails' } as const;
/** What passes: n8n has time for four tries, Zapier for two. */
const passing = { n8n: '4 fails', zapier: '2 fails' } as const;
/** A search that finds nothing is no failure in Zapier; n8n's nodes fail on it. */
const notThere = {
	n8n: '1 fails',
	zapier: { GET: '1 finds nothing', POST: '1 fails', PATCH: '1 fails', DELETE: '1 fails' },
} as const;
/** A write that was answered with nothing is done; a read of nothing is no data. */
const nothingBack = {
	n8n: { GET: '1 fails', POST: '1 succeeds', PATCH: '1 succeeds', DELETE: '1 succeeds' },
	zapier: {
		GET: '1 finds nothing',
		POST: '1 succeeds',
		PATCH: '1 succeeds',
		DELETE: '1 succeeds',
	},
} as const;
/** Each try has the whole time limit to itself: 15 seconds in n8n, 10 in Zapier. */
const whole = { n8n: 15_000, zapier: 10_000 };

export const faultTable: readonly FaultRow[] = [
	{ fault: '400', what: 'status 400', ...refused, ...words(400) },
	{
		fault: '401',
		what: 'status 401',
		n8n: '1 fails',
		zapier: '1 asks to reconnect',
		...words(
			401,
			'The token may have been revoked, it may have expired, or only part of it was copied. Create a token at https://app.memberpass.net/settings/tokens and use that instead. ',
		),
	},
	{
		fault: '403',
		what: 'status 403',
		...refused,
		...words(
			403,
			'The API token lacks the ability "plan:manage". Create one that has it at https://app.memberpass.net/settings/tokens and use that instead. ',
		),
	},
	{ fault: '404', what: 'status 404', ...notThere, ...words(404) },
	{ fault: '408', what: 'status 408', ...refused, ...words(408) },
	{ fault: '409', what: 'status 409', ...refused, ...words(409) },
	{ fault: '410', what: 'status 410', ...notThere, ...words(410) },
	{
		fault: '422',
		what: 'status 422',
		...refused,
		...words(422, 'note: It is too short. '),
	},
	{ fault: '425', what: 'status 425', ...refused, ...words(425) },
	{
		fault: '429',
		what: 'status 429 without `Retry-After`',
		n8n: '4 fails',
		zapier: '2 is put off 60 s',
		...words(429),
	},
	{ fault: '500', what: 'status 500', ...passing, ...words(500) },
	{ fault: '502', what: "status 502 with a proxy's HTML page", ...passing, ...proxyPage(502) },
	{ fault: '503', what: 'status 503', ...passing, ...words(503) },
	{ fault: '504', what: "status 504 with a proxy's HTML page", ...passing, ...proxyPage(504) },
	{ fault: 'reset', what: 'the connection is reset (RST)', ...passing, ...brokeOff },
	{
		fault: 'closed',
		what: 'the connection is closed without an answer (FIN)',
		...passing,
		...brokeOff,
	},
	{ fault: 'refused', what: 'the connection is refused', ...passing, ...unreachable },
	{ fault: 'no such host', what: 'the name of the host is not known', ...passing, ...unreachable },
	{ fault: 'no answer', what: 'no answer comes', ...passing, ...tooLate, endsByTime: whole },
	{
		fault: 'body stalls',
		what: 'the answer stops in its middle, the connection stays open',
		...passing,
		...tooLate,
		endsByTime: whole,
	},
	{
		fault: 'body drips',
		what: 'the answer comes byte by byte and never ends',
		...passing,
		...tooLate,
		endsByTime: whole,
	},
	{
		fault: 'body cut short',
		what: 'the connection closes in the middle of an answer of known length',
		n8n: '4 fails',
		// node-fetch 2, which Zapier's client is made of, does not notice: the time limit ends the try.
		zapier: '2 fails',
		...brokeOff,
		endsByTime: { n8n: 0, zapier: 10_000 },
	},
	{
		fault: 'chunked body cut short',
		what: 'the connection closes in the middle of an answer in chunks',
		...passing,
		...brokeOff,
	},
	{
		fault: 'page instead of data',
		what: 'an HTML page with status 200',
		...refused,
		...noData(200, 'text/html'),
	},
	...([403, 404] as const).map((status) => ({
		fault: `${status} page` as const,
		what: `an HTML page with status ${status}, as a firewall or proxy sends it`,
		...refused,
		title: proxyPage(status).title,
		detail: `${somebodyElse} (status ${status})`,
	})),
	{ fault: '204', what: 'status 204', ...nothingBack, ...noData(204) },
	{
		fault: 'empty 200',
		what: 'status 200 without a body',
		...nothingBack,
		...noData(200),
	},
	{
		fault: 'redirect',
		what: 'a redirect to another host, which is not followed',
		...refused,
		title: 'MemberPass answered with a redirect to localhost.',
		detail:
			'The token is sent to the API address and nowhere else. If MemberPass announced that host, enter it as the API address. (status 302)',
	},
	{
		fault: 'slow headers',
		what: 'headers that take four seconds',
		n8n: '1 succeeds',
		zapier: '1 succeeds',
		title: null,
		detail: '',
	},
];

/** What Zapier reads where its client sees something else than n8n's. */
export const zapierWords: Partial<
	Record<FaultName, Pick<FaultRow, 'title' | 'detail' | 'detailOfWrite'>>
> = {
	'body cut short': tooLate,
};

/** How long a platform waits at least, in milliseconds, before its second, third and fourth request. */
export const leastWaits: Readonly<Record<PlatformName, readonly number[]>> = {
	n8n: [500, 1_000, 2_000],
	zapier: [250],
};

export interface RetryAfterRow {
	/** The header, or how far its date lies from now, in seconds. */
	readonly retryAfter: NonNullable<ScriptedFault['retryAfter']>;
	/** What it is, where the header does not say it. */
	readonly what?: string;
	/** Outcome of a read that is refused once with 429 or 503, and answered then. Several where seconds round. */
	readonly n8n: readonly Outcome[];
	readonly zapier: readonly Outcome[];
	/** Milliseconds that pass at least before the second request. */
	readonly waits: Readonly<Record<PlatformName, number>>;
}

const ignored = {
	n8n: ['2 succeeds'],
	zapier: ['2 succeeds'],
	waits: { n8n: 500, zapier: 250 },
} as const;

/** What the forms of `Retry-After` do, good and bad. n8n waits a minute at most, Zapier three seconds. */
export const retryAfterTable: readonly RetryAfterRow[] = [
	{ retryAfter: '0', ...ignored, waits: { n8n: 0, zapier: 0 } },
	{ retryAfter: '2', ...ignored, waits: { n8n: 2_000, zapier: 2_000 } },
	{
		retryAfter: '4',
		n8n: ['2 succeeds'],
		zapier: ['1 is put off 4 s'],
		waits: { n8n: 4_000, zapier: 0 },
	},
	{
		retryAfter: '120',
		n8n: ['1 fails'],
		zapier: ['1 is put off 120 s'],
		waits: { n8n: 0, zapier: 0 },
	},
	{
		retryAfter: { secondsFromNow: 20 },
		what: 'a date 20 seconds ahead',
		n8n: ['2 succeeds'],
		zapier: ['1 is put off 20 s', '1 is put off 21 s'],
		waits: { n8n: 19_000, zapier: 0 },
	},
	{
		retryAfter: { secondsFromNow: -60 },
		what: 'a date in the past',
		...ignored,
		waits: { n8n: 0, zapier: 0 },
	},
	{ retryAfter: '-5', ...ignored },
	{ retryAfter: '1.5', ...ignored },
	{ retryAfter: '1e9', ...ignored },
	{ retryAfter: '', what: 'an empty one', ...ignored },
	{ retryAfter: 'soon', ...ignored },
	{ retryAfter: '2026-10-21T07:28:00Z', ...ignored },
	{
		retryAfter: '2592000',
		what: '2592000, which no timer can wait for: it would fire at once',
		n8n: ['1 fails'],
		zapier: ['1 is put off 3600 s'],
		waits: { n8n: 0, zapier: 0 },
	},
	{
		retryAfter: '9999999999',
		n8n: ['1 fails'],
		zapier: ['1 is put off 3600 s'],
		waits: { n8n: 0, zapier: 0 },
	},
];

export interface LostRow {
	readonly fault: 'error_after_write' | 'cut_body' | 'stall_body';
	readonly what: string;
}

/**
 * Writes that are done although their answer does not arrive: once by chance, and so often that the platform gives up
 * and runs the failed step again (n8n's Retry On Fail, Zapier's autoreplay), or the user switches the trigger on again.
 * Each must be done once.
 */
export const lostAnswers: readonly LostRow[] = [
	{ fault: 'error_after_write', what: 'the answer is a status 500' },
	{ fault: 'cut_body', what: 'the connection breaks in the middle of the answer' },
	{ fault: 'stall_body', what: 'the answer stops in its middle' },
];

export const lossyWrites: readonly LossyWrite[] = ['POST', 'PATCH', 'DELETE', 'switching on'];
