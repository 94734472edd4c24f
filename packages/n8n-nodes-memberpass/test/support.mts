import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import nock from 'nock';

import { type Engine, openEngine, type Waits } from '../../../shared/testing/src/n8n-harness.ts';

/** For files whose sockets are real: nock would stand between, at the cost of a request more for each. */
export function useRealSockets(): void {
	beforeAll(() => nock.restore());
}

export const repoRoot = resolve(process.cwd(), '../..');
export const origin = 'https://api.memberpass.net';
export const token = 'a-token-for-tests-only';

/** What n8n notes about the class of a failure: nothing before 2.41. Tests run with an older one too. */
export const failureClass = <T,>(failure: T): T | null =>
	process.env['MEMBERPASS_N8N_PACKAGE'] === undefined ? failure : null;

/**
 * The built package in the real n8n-core.
 *
 * @param waits where the node's waits between tries are noted, in milliseconds: none is waited for; or what stands in.
 */
export async function open(
	baseUrl = `${origin}/v1`,
	apiToken = token,
	waits: Waits = [],
): Promise<Engine> {
	return await openEngine({ repoRoot, credential: { apiToken, baseUrl }, waits });
}

/** The engine of a test file, or of a `describe`; see {@link open}. */
export function useEngine(...settings: Parameters<typeof open>): () => Engine {
	let engine: Engine | null = null;
	beforeAll(async () => {
		engine = await open(...settings);
	});
	afterAll(() => engine?.close());
	return () => {
		if (engine === null) throw new Error('The engine is not open yet.');
		return engine;
	};
}

/** Has the node's waits noted or held up for as long as something takes; see {@link open}. */
export async function withWaits(
	waits: Waits,
	work: (engine: Engine) => Promise<unknown>,
): Promise<void> {
	const engine = await open(undefined, undefined, waits);
	try {
		await work(engine);
	} finally {
		engine.close();
		// Waits end at once again, for every engine.
		(await open()).close();
	}
}

/** A module of the built nodes without n8n around it, by its path below `dist/nodes`. Open an engine before. */
export function built(path: string): unknown {
	return createRequire(resolve('package.json'))(`./dist/nodes/${path}`);
}

export function readJson(path: string): unknown {
	return JSON.parse(readFileSync(resolve(process.cwd(), path), 'utf8'));
}
