import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Platform } from '@memberpass/catalogue';
import { isJsonObject, readOrigin } from '@memberpass/protocol';

import { isDeeper } from '../../../packages/sandbox/src/depth.ts';
import { deepest, readBody } from './client.ts';
import { type Change, catalogueDescription, compareDescriptions, driftText } from './drift.ts';
import { type HostFile, hostFiles, readDescription } from './drift-read.ts';
import { type Environment, readOptions } from './options.ts';
import { Trouble } from './types.ts';

export const driftHelp = `Compares the catalogue with the machine-readable files of the host and lists what differs.

  npm run drift -- [options]

  --origin URL    the host that serves /openapi.json, /abilities.json, /error-codes.json and
                  /webhook-events.json (the live API)
  --files DIR     local copies instead, under the same names; those that are missing are not compared
  --json          print the changes as JSON
  --help          this text

Environment:
  MEMBERPASS_ALLOW_LOOPBACK   1 allows an origin on this machine, such as the sandbox

No token is needed and none is sent. Exit code: 0 no breaking change, 1 a breaking change (removed, renamed, an input
that is required now, another ability, an unexpected type) or trouble.
`;

/** The largest file that is read, in bytes. */
const largestFile = 30 * 1024 * 1024;

export interface DriftResult {
	readonly changes: readonly Change[];
	readonly read: readonly HostFile[];
	/** Why a file was not compared, one line each. */
	readonly unread: readonly string[];
	readonly exitCode: 0 | 1;
	readonly output: string;
}

export interface DriftEnvironment extends Pick<Environment, 'env' | 'resolve'> {
	/** Progress. */
	readonly note?: (text: string) => void;
}

/**
 * Runs the comparison.
 *
 * @throws Trouble where nothing could be compared: a check that checks nothing must not pass.
 */
export async function runDrift(
	args: readonly string[],
	environment: DriftEnvironment,
	platform: Platform,
): Promise<DriftResult | null> {
	const values = readOptions(args, {
		origin: { type: 'string' },
		files: { type: 'string' },
		json: { type: 'boolean', default: false },
		help: { type: 'boolean', short: 'h', default: false },
	});
	if (values.help) return null;
	if (values.files !== undefined && values.origin !== undefined) {
		throw new Trouble('Give --origin or --files, not both.');
	}
	const folder = values.files === undefined ? null : environment.resolve(values.files);
	const sources =
		folder === null
			? await fetchAll(originOf(values.origin ?? '', environment, platform), environment.note)
			: readAll(folder);
	const { host, unreadable } = readDescription(sources.files, platform.apiBasePath);
	const read = hostFiles.filter(
		(name) => Object.hasOwn(sources.files, name) && !unreadable.includes(name),
	);
	const unread = [
		...sources.unread,
		...unreadable.map((name) => `${name}: nothing in it can be recognised`),
	];
	if (read.length === 0) {
		throw new Trouble(
			`Nothing could be compared.\n${unread.map((line) => `  ${line}`).join('\n')}`,
		);
	}
	const changes = compareDescriptions(catalogueDescription(), host);
	const failed = sources.failed || unreadable.length > 0;
	return {
		changes,
		read,
		unread,
		exitCode: failed || changes.some((one) => one.breaking) ? 1 : 0,
		output: values.json
			? JSON.stringify({ read, unread, changes }, null, '\t')
			: driftText(changes, read, unread),
	};
}

function originOf(written: string, { env }: Pick<Environment, 'env'>, platform: Platform): string {
	const local = env['MEMBERPASS_ALLOW_LOOPBACK'] === '1' ? 'loopback' : 'none';
	const origin = readOrigin(written, platform, local);
	if (!origin.ok) throw new Trouble(`--origin: ${origin.reason}`);
	return origin.origin;
}

interface Sources {
	readonly files: Partial<Record<HostFile, unknown>>;
	readonly unread: readonly string[];
	/** Something that should be there is not. */
	readonly failed: boolean;
}

async function fetchAll(origin: string, note: DriftEnvironment['note']): Promise<Sources> {
	const files: Partial<Record<HostFile, unknown>> = {};
	const unread: string[] = [];
	for (const name of hostFiles) {
		note?.(`reading ${origin}/${name}`);
		try {
			const response = await fetch(`${origin}/${name}`, {
				redirect: 'manual',
				signal: AbortSignal.timeout(30_000),
			});
			if (response.status !== 200) throw new Error(`status ${response.status}`);
			files[name] = parsed(await readBody(response, largestFile));
		} catch (error) {
			unread.push(`${name}: ${reasonOf(error)}`);
		}
	}
	return { files, unread, failed: unread.length > 0 };
}

function readAll(folder: string): Sources {
	const files: Partial<Record<HostFile, unknown>> = {};
	const unread: string[] = [];
	let failed = false;
	for (const name of hostFiles) {
		try {
			files[name] = parsed(readFileSync(join(folder, name), 'utf8'));
		} catch (error) {
			const isMissing = isJsonObject(error) && error['code'] === 'ENOENT';
			failed ||= !isMissing;
			unread.push(`${name}: ${isMissing ? 'not in the folder' : reasonOf(error)}`);
		}
	}
	return { files, unread, failed };
}

function parsed(text: string): unknown {
	const file: unknown = JSON.parse(text);
	if (isDeeper(file, deepest)) throw new Error('nested too deeply');
	return file;
}

function reasonOf(error: unknown): string {
	if (!isJsonObject(error)) return 'unknown';
	const { name, message, cause } = error;
	if (name === 'SyntaxError') return 'not JSON';
	// fetch says only that it failed; why is in the cause.
	if (isJsonObject(cause)) return reasonOf(cause);
	return typeof message === 'string' && message !== '' ? message : 'unknown';
}
