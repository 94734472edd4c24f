import { parseArgs, type ParseArgsConfig } from 'node:util';

import type { Platform } from '@memberpass/catalogue';
import { readOrigin } from '@memberpass/protocol';

import { Trouble } from './types.ts';

export interface RecordOptions {
	readonly origin: string;
	readonly token: string;
	/** The origin is that of the platform. What any other host answers is never called recorded: it may be a sandbox. */
	readonly live: boolean;
	/** Absolute path of the folder that `api/` and `events/` are below. */
	readonly out: string;
	/** Requests a second. */
	readonly rate: number;
	readonly tunnel: URL | null;
	readonly listen: number;
	readonly waitMs: number;
	readonly writes: string | null;
	readonly currency: string | null;
	readonly report: string | null;
	readonly breadth: number;
	readonly maxPages: number;
	/** Finds out and reports, and writes no fixture. */
	readonly dryRun: boolean;
}

export const recordHelp = `Records a MemberPass account: what it answers becomes fixtures, what differs from the catalogue a report.

  MEMBERPASS_TOKEN=… npm run record -- [options]

  --out DIR         where api/ and events/ are written (fixtures); rows written by hand are kept
  --report FILE     write the report as JSON
  --dry-run         report only, write no fixtures
  --rate N          requests a second at most, 0.1 to 5 (4)
  --breadth N       projects, plans and teams to look through for a list with something in it (5)
  --max-pages N     longest list to record, in pages (2); longer ones are judged and not written

  --tunnel URL      public https address that leads to this machine: makes a webhook endpoint, asks for a test
                    delivery, keeps what is signed, removes the endpoint
  --listen PORT     port the tunnel leads to
  --wait SECONDS    how long to listen after the test delivery (15)

  --writes HANDLE   also write, inside the project with this handle only; refused if somebody subscribes to it.
                    What it creates, it removes; what a run that was killed left behind, the next one names.
                    Without this option nothing in the account is changed
  --currency ID     currency of the plan that --writes makes

  --help            this text

Environment:
  MEMBERPASS_TOKEN            API token. It is sent to the origin and written nowhere
  MEMBERPASS_ORIGIN           another API address (the live API); then --out is required, because what another host
                              answers is no fixture of the live API, and none of it is marked as recorded
  MEMBERPASS_ALLOW_LOOPBACK   1 allows an address on this machine, such as the sandbox

Tokens, secrets, addresses, Telegram IDs, names, handles and free text are replaced by stand-ins, the same value always
by the same one. IDs keep their prefix and length. Figures, times and the plain words of error messages are kept, so
record a test account. If the secret scan finds anything in the result, nothing is written.

Exit code: 0 recorded (the report may list differences), 1 trouble: nothing was written.
`;

const whole = (name: string, text: string, least: number, most: number): number => {
	const value = Number(text);
	if (!/^\d+$/.test(text) || value < least || value > most) {
		throw new Trouble(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
	}
	return value;
};

const figure = (name: string, text: string, least: number, most: number): number => {
	const value = Number(text);
	if (text.trim() === '' || !(value >= least && value <= most)) {
		throw new Trouble(`--${name} must be a number from ${least} to ${most}, not "${text}".`);
	}
	return value;
};

export interface Environment {
	readonly env: Readonly<Record<string, string | undefined>>;
	/** What `--out` is taken from where it is not given. */
	readonly fixtures: string;
	/** Makes a path that the user gave absolute. */
	readonly resolve: (path: string) => string;
}

/** Whether an origin is on this machine. */
export const isLoopbackOrigin = (origin: string): boolean =>
	/^(?:localhost|\[::1\]|127(?:\.\d{1,3}){3})$/.test(new URL(origin).hostname);

/**
 * Reads arguments and environment; null where help was asked for.
 *
 * @throws Trouble that says what to do.
 */
export function readRecordOptions(
	args: readonly string[],
	environment: Environment,
	platform: Platform,
): RecordOptions | null {
	const { env } = environment;
	const values = readOptions(args, {
		out: { type: 'string' },
		report: { type: 'string' },
		'dry-run': { type: 'boolean', default: false },
		rate: { type: 'string', default: '4' },
		breadth: { type: 'string', default: '5' },
		'max-pages': { type: 'string', default: '2' },
		tunnel: { type: 'string' },
		listen: { type: 'string' },
		wait: { type: 'string', default: '15' },
		writes: { type: 'string' },
		currency: { type: 'string' },
		help: { type: 'boolean', short: 'h', default: false },
	});
	if (values.help) return null;
	const token = env['MEMBERPASS_TOKEN']?.trim() ?? '';
	if (token === '') {
		throw new Trouble(
			`MEMBERPASS_TOKEN is not set. Mint a token at ${platform.pages.mint} and put it into the environment.`,
		);
	}
	if (!/^[\x21-\x7e]+$/.test(token)) {
		throw new Trouble('MEMBERPASS_TOKEN holds characters that no token has.');
	}
	const local = env['MEMBERPASS_ALLOW_LOOPBACK'] === '1' ? 'loopback' : 'none';
	const origin = readOrigin(env['MEMBERPASS_ORIGIN'] ?? '', platform, local);
	if (!origin.ok) throw new Trouble(`MEMBERPASS_ORIGIN: ${origin.reason}`);
	const live = origin.origin === platform.apiOrigin;
	const isLocal = isLoopbackOrigin(origin.origin);
	const out = values.out === undefined ? environment.fixtures : environment.resolve(values.out);
	if (!live && out === environment.fixtures && !values['dry-run']) {
		throw new Trouble(
			`${origin.origin} is not the live API: name a folder of its own with --out, or report only with --dry-run.`,
		);
	}
	if ((values.tunnel === undefined) !== (values.listen === undefined)) {
		throw new Trouble('--tunnel and --listen go together.');
	}
	if (values.currency !== undefined && values.writes === undefined) {
		throw new Trouble('--currency is for --writes.');
	}
	return {
		origin: origin.origin,
		token,
		live,
		out,
		rate: figure('rate', values.rate, 0.1, isLocal ? 1_000 : 5),
		tunnel: values.tunnel === undefined ? null : readTunnel(values.tunnel, isLocal),
		listen: whole(
			'listen',
			values.listen ?? '0',
			values.listen === undefined || isLocal ? 0 : 1,
			65_535,
		),
		waitMs: figure('wait', values.wait, 0, 3_600) * 1000,
		writes: values.writes ?? null,
		currency: values.currency ?? null,
		report: values.report === undefined ? null : environment.resolve(values.report),
		breadth: whole('breadth', values.breadth, 1, 100),
		maxPages: whole('max-pages', values['max-pages'], 1, 100),
		dryRun: values['dry-run'],
	};
}

/** @throws Trouble for an option that is not known or lacks its value. */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
	args: readonly string[],
	options: T,
) {
	try {
		return parseArgs({ args: [...args], options }).values;
	} catch (error) {
		throw new Trouble(`${error instanceof Error ? error.message : String(error)}\nSee --help.`);
	}
}

function readTunnel(text: string, allowHttp: boolean): URL {
	const url = URL.canParse(text) ? new URL(text) : null;
	const isHttps = url?.protocol === 'https:';
	if (url === null || !(isHttps || (allowHttp && url.protocol === 'http:')) || url.search !== '') {
		throw new Trouble('--tunnel must be an https address such as https://abc.example.com.');
	}
	return url;
}
