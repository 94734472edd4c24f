import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Platform } from '@memberpass/catalogue';
import { isJsonObject, redact } from '@memberpass/protocol';

import { loadRecordings } from '../../testing/src/fixtures.ts';
import { largestAnswer, readBody, rowsOf } from './client.ts';
import { eventOf } from './deliveries.ts';
import {
	deliveryFiles,
	isWhole,
	learnAttempt,
	learnDelivery,
	operationFiles,
	type Provenance,
	recordingOf,
} from './fixtures.ts';
import { type Baseline, Judge } from './judge.ts';
import { isLoopbackOrigin, type RecordOptions } from './options.ts';
import { findSecrets, type PlannedFile, putInPlace } from './planned-files.ts';
import { type Report, reportText } from './report.ts';
import { Scrubber } from './scrub.ts';
import { secretForms } from './secret-forms.ts';
import { type RecordIo, Session } from './session.ts';
import { type Attempt, type Delivery, type Gap, Interrupted, Trouble } from './types.ts';

/** Statuses of success as the committed recordings have them. */
function readBaseline(repoRoot: string): Baseline {
	return new Map(
		loadRecordings(repoRoot).flatMap(({ operation, recordings }) => {
			const success = recordings.find((row) => row.name === 'success');
			const status = success?.exchanges.at(-1)?.response.status;
			return status === undefined ? [] : [[operation, status]];
		}),
	);
}

/**
 * Records an account: reads, and as far as asked for deliveries and writes; scrubs, scans, writes, reports.
 *
 * Nothing is written before everything is known to be clean, so whatever stops it leaves the old fixtures alone.
 *
 * @throws Trouble or Interrupted; no file has changed then.
 */
export async function record(options: RecordOptions, io: RecordIo): Promise<Report> {
	checkPlaces(options);
	const secrets = [options.token];
	// A host may say back what it was sent, in a refusal or anywhere else.
	const hide = (text: string): string =>
		redact(text, [...secrets, ...secretForms(secrets)], io.platform);
	const hidden: RecordIo = {
		...io,
		print: (text) => io.print(hide(text)),
		note: (text) => io.note(hide(text)),
	};
	try {
		return await recordAll(options, hidden, secrets, hide);
	} catch (error) {
		throw error instanceof Trouble ? new Trouble(hide(error.message)) : error;
	}
}

/** A recording takes minutes: what would keep it from being written is said before. */
function checkPlaces({ out, report, dryRun }: RecordOptions): void {
	const kindOf = (path: string): 'folder' | 'other' | 'nothing' => {
		const found = statSync(path, { throwIfNoEntry: false });
		return found === undefined ? 'nothing' : found.isDirectory() ? 'folder' : 'other';
	};
	/** Asking for rights says nothing of a full or a read-only disk. */
	const tryWriting = (option: string, folder: string): void => {
		try {
			rmdirSync(mkdtempSync(join(folder, '.recorder-')));
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			throw new Trouble(`${option}: nothing can be written in ${folder} (${code}).`);
		}
	};
	if (report !== null) {
		const folder = dirname(report);
		if (kindOf(folder) !== 'folder') throw new Trouble(`--report: there is no folder ${folder}.`);
		if (kindOf(report) === 'folder') throw new Trouble(`--report: ${report} is a folder.`);
		tryWriting('--report', folder);
	}
	if (dryRun) return;
	// Files are made beside the folder and moved into it, see putInPlace.
	for (const wanted of [out, dirname(out)]) {
		let place = wanted;
		while (kindOf(place) === 'nothing') place = dirname(place);
		if (kindOf(place) === 'other') throw new Trouble(`--out: ${place} is no folder.`);
		tryWriting('--out', place);
	}
}

/** @param secrets Gets those of the endpoints that are made. */
async function recordAll(
	options: RecordOptions,
	io: RecordIo,
	secrets: string[],
	hide: (text: string) => string,
): Promise<Report> {
	const judge = new Judge(readBaseline(io.repoRoot));
	const session = new Session(options, io, judge, secrets);
	await session.run();
	const { attempts, deliveries } = session;

	const { origin, live } = options;
	const provenance: Provenance = {
		// The port of a sandbox says nothing.
		origin: isLoopbackOrigin(origin) ? 'http://localhost' : origin,
		date: new Date().toISOString().slice(0, 10),
		apiVersion: await versionSeen(attempts, deliveries, origin, io.signal),
		live,
	};
	const kept = attempts.filter((attempt) => attempt.keep && isWhole(attempt));
	const files = plan(kept, deliveries, { options, provenance, platform: io.platform, secrets });
	const report: Report = {
		recordedAt: new Date().toISOString(),
		origin: provenance.origin,
		apiVersion: provenance.apiVersion,
		requests: session.sent,
		operations: namesOf(kept),
		deliveries: deliveries.map((delivery) => String(eventOf(delivery)['type'])),
		differences: judge.differences,
		observations: judge.observations,
		gaps: unique(session.gaps),
		written: options.dryRun ? [] : files.map(({ path }) => path).sort(),
	};
	const json = hide(`${JSON.stringify(report, null, '\t')}\n`);
	const asFile: PlannedFile = { path: 'report.json', text: json, added: json };
	const found = findSecrets([...files, asFile], [], secretForms(secrets));
	if (found.length > 0) throw secretsFound(found);

	// From here on nothing waits, so it is all or nothing.
	if (io.signal.aborted) throw new Interrupted();
	putAll(options, files, json);
	io.print(reportText(report));
	return report;
}

/** Fixtures and report, or neither. */
function putAll(options: RecordOptions, files: readonly PlannedFile[], json: string): void {
	const { dryRun, out, report } = options;
	const stage = report === null ? null : `${report}.${randomBytes(6).toString('hex')}`;
	const putReport = (): void => {
		if (stage !== null && report !== null) renameSync(stage, report);
	};
	try {
		if (stage !== null) writeFileSync(stage, json);
		if (dryRun) putReport();
		else putInPlace(files, out, putReport);
	} catch (error) {
		const places = [dryRun ? null : out, report].filter((place) => place !== null).join(' or ');
		const { message } = error as NodeJS.ErrnoException;
		throw new Trouble(
			`What was recorded could not be written to ${places}: ${message}. Make room, or name another place, and record again.`,
		);
	} finally {
		if (stage !== null) rmSync(stage, { force: true });
	}
}

interface PlanContext {
	readonly options: RecordOptions;
	readonly provenance: Provenance;
	readonly platform: Platform;
	readonly secrets: readonly string[];
}

/** Everything that would be written. @throws Trouble where a secret is left in it. */
function plan(
	kept: readonly Attempt[],
	deliveries: readonly Delivery[],
	{ options, provenance, platform, secrets }: PlanContext,
): readonly PlannedFile[] {
	const scrubber = new Scrubber(platform, secrets);
	for (const attempt of kept) learnAttempt(scrubber, attempt);
	for (const delivery of deliveries) learnDelivery(scrubber, delivery);
	scrubber.freeze();
	const files = [
		...operationFiles(kept, options.out, (attempt) =>
			recordingOf(attempt, scrubber, provenance, platform),
		),
		...deliveryFiles(deliveries, scrubber, provenance, platform),
	];
	const found = findSecrets(files, scrubber.privateValues, secretForms(secrets));
	if (found.length > 0) throw secretsFound(found);
	return files;
}

const secretsFound = (
	found: readonly { readonly path: string; readonly line: number; readonly rule: string }[],
): Trouble =>
	new Trouble(
		`Nothing was written: the secret scan found something.\n${found
			.slice(0, 20)
			.map(({ path, line, rule }) => `  ${path}:${line} ${rule}`)
			.join('\n')}`,
	);

const namesOf = (kept: readonly Attempt[]): Record<string, readonly string[]> =>
	Object.fromEntries(
		[...Map.groupBy(kept, ({ entry }) => entry.key)].map(([key, own]) => [
			key,
			own.map(({ name }) => name),
		]),
	);

const unique = (gaps: readonly Gap[]): readonly Gap[] => [
	...new Map(gaps.map((gap) => [JSON.stringify(gap), gap])).values(),
];

/** The contract date: from a payload that carries it, else from the host's own description of itself. */
async function versionSeen(
	attempts: readonly Attempt[],
	deliveries: readonly Delivery[],
	origin: string,
	signal: AbortSignal,
): Promise<string> {
	const isVersion = (value: unknown): value is string =>
		typeof value === 'string' && /^[\w.-]{1,20}$/.test(value);
	const events = [
		...deliveries.map(eventOf),
		...attempts.filter(({ entry }) => entry.key === 'list_webhook_events').flatMap(rowsOf),
	];
	const found = events.map((event) => event['api_version']).find(isVersion);
	if (found !== undefined) return found;
	try {
		const response = await fetch(`${origin}/openapi.json`, {
			redirect: 'manual',
			signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
		});
		const file: unknown = JSON.parse(await readBody(response, largestAnswer));
		const info = isJsonObject(file) ? file['info'] : null;
		const version = isJsonObject(info) ? info['version'] : null;
		return isVersion(version) ? version : 'unknown';
	} catch {
		return 'unknown';
	}
}
