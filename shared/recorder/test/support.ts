import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { platform } from '@memberpass/catalogue';
import nock from 'nock';

import { type Sandbox, startSandbox, VirtualClock } from '../../../packages/sandbox/src/index.ts';
import { type TemporaryFolder, temporaryFolder } from '../../testing/src/temporary.ts';
import type { Time } from '../src/client.ts';
import type { RecordOptions } from '../src/options.ts';
import { record } from '../src/record.ts';
import type { Report } from '../src/report.ts';
import type { Switches } from '../../../packages/sandbox/src/switches.ts';

/** Sockets are real here, as in packages/sandbox/test/support/sandbox.ts. */
beforeAll(() => nock.restore());

export const repoRoot = join(__dirname, '../../..');

/** A project of the seeded account that nobody subscribes to. */
export const throwAway = 'drafts-no-bot';

const folders: TemporaryFolder[] = [];
const sandboxes: Sandbox[] = [];

/** Closes and removes what the tests of a file made. */
export async function tidyUp(): Promise<void> {
	await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.close()));
	for (const folder of folders.splice(0)) folder.remove();
}

export function newFolder(): string {
	const folder = temporaryFolder('memberpass-recorder-');
	folders.push(folder);
	return folder.path;
}

export async function sandboxWith(
	switches: Partial<Switches> = {},
	rateLimits = true,
): Promise<Sandbox> {
	const clock = new VirtualClock(Date.now());
	const sandbox = await startSandbox({ seed: 'recorder', switches, rateLimits, clock });
	sandboxes.push(sandbox);
	return sandbox;
}

/** Waiting moves the time of the recorded sandbox, and sees the end of what that sets off. */
function timeOf(origin: string): Time {
	const sandbox = sandboxes.find(({ url }) => url === origin);
	if (sandbox === undefined) throw new Error(`No sandbox of this file is at ${origin}.`);
	return {
		now: () => sandbox.clock.now(),
		pause: async (ms, signal) => {
			if (!signal.aborted) await sandbox.advance(ms);
		},
	};
}

/** Every currency of the seeded account is known to the sandbox only: no route lists them. */
export function dollarOf(sandbox: Sandbox): string {
	const dollar = [...sandbox.state.currencies.values()].find(({ code }) => code === 'USD');
	if (dollar === undefined) throw new Error('The account has no dollar.');
	return dollar.id;
}

export const optionsFor = (
	sandbox: Sandbox,
	out: string,
	more: Partial<RecordOptions> = {},
): RecordOptions => ({
	origin: sandbox.url,
	token: sandbox.token,
	live: false,
	out,
	rate: 1_000,
	tunnel: null,
	listen: 0,
	waitMs: 300,
	writes: null,
	currency: null,
	report: null,
	breadth: 5,
	maxPages: 2,
	dryRun: false,
	...more,
});

/** With deliveries and writes: everything the recorder can do. */
export const everything = (sandbox: Sandbox, out: string): RecordOptions =>
	optionsFor(sandbox, out, {
		// The port is the receiver's own: there is no tunnel between two programs of one machine.
		tunnel: new URL('http://127.0.0.1:0'),
		writes: throwAway,
		currency: dollarOf(sandbox),
	});

export function run(
	options: RecordOptions,
	signal: AbortSignal = new AbortController().signal,
	note: (text: string) => void = () => undefined,
): Promise<Report> {
	const time = timeOf(options.origin);
	return record(options, { print: () => undefined, note, signal, time, platform, repoRoot });
}

/** Paths and contents of every file below a folder, the folder's own leftovers included. */
export function contentOf(folder: string): Record<string, string> {
	return Object.fromEntries(
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => {
				const path = join(entry.parentPath, entry.name);
				return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
			}),
	);
}

/** What a report found otherwise than in the catalogue, a line each. */
export const differencesOf = (report: Report): readonly string[] =>
	report.differences.map(
		(one) => `${one.kind} | ${one.subject} | ${one.where} | ${one.expected} | ${one.seen}`,
	);
