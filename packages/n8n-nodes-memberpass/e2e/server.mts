import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Child, startChild } from './children.mts';

/** A process of n8n: the main one, or one that queue mode puts beside it. */
export interface N8nProcess extends Child {
	/** Where it listens, without a slash at its end. */
	readonly url: string;
}

export interface N8nOptions {
	/** Folder whose `node_modules` holds n8n. */
	readonly installation: string;
	readonly command?: 'start' | 'webhook' | 'worker';
	/** Everything n8n keeps is below it. */
	readonly userFolder: string;
	/** A started-again server must be found where MemberPass delivers to. */
	readonly port: number;
	readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Not of those that the system gives out by itself (Linux: from 32768): some connection would be given the port of a
 * server that is about to start, or to start again.
 */
const ports = { first: 20_000, count: 10_000 } as const;
let portsSeen = randomInt(ports.count);

/** A port that is free now, and that no call before was given. */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < ports.count; tries++) {
		const port = ports.first + (portsSeen++ % ports.count);
		if (await isFree(port)) return port;
	}
	throw new Error('No port is free.');
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	return await new Promise((done) => {
		server.once('error', () => done(false));
		server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
	});
}

/** n8n as an installation that talks to nobody but the sandbox: no telemetry, no look for news, no registry. */
const quiet = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_AI_ENABLED: 'false',
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_PYTHON_ENABLED: 'false',
	N8N_PUBLIC_API_DISABLED: 'true',
} as const;

/** Long enough for a machine that does something else as well. */
const startMs = 180_000;

/** So that n8n itself waits there, too: for an answer of its database, and for executions to end before it does. */
const patient = { DB_PING_TIMEOUT_MS: '60000', N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '90' } as const;

/**
 * Starts a process of n8n and waits until it is ready.
 *
 * @throws Error with the end of its log where it stops or does not get ready.
 */
export async function startN8n(options: N8nOptions): Promise<N8nProcess> {
	const { installation, command = 'start', userFolder, port } = options;
	const url = `http://127.0.0.1:${port}`;
	const child = startChild(
		process.execPath,
		[join(installation, 'node_modules/n8n/bin/n8n'), command],
		{
			cwd: userFolder,
			logFile: join(userFolder, `${command}-${port}.log`),
			env: {
				PATH: process.env['PATH'],
				HOME: userFolder,
				N8N_USER_FOLDER: userFolder,
				N8N_ENCRYPTION_KEY: 'a key for tests',
				N8N_HOST: '127.0.0.1',
				N8N_LISTEN_ADDRESS: '127.0.0.1',
				N8N_PORT: String(port),
				N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
				N8N_RUNNERS_BROKER_PORT: String(await freePort()),
				N8N_SECURE_COOKIE: 'false',
				N8N_LOG_LEVEL: 'info',
				...quiet,
				...patient,
				...options.environment,
			},
		},
	);
	const healthPort = options.environment?.['QUEUE_HEALTH_CHECK_PORT'];
	const health = healthPort === undefined ? url : `http://127.0.0.1:${healthPort}`;
	try {
		await waitFor(`n8n ${command}`, startMs, async () => {
			const end = child.ended();
			if (end !== null) throw new Error(`n8n ${command} does not run: ${end}.`);
			return await isReady(health);
		});
	} catch (error) {
		await child.stop('SIGKILL');
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`${reason}\n${child.log().slice(-4_000)}`, { cause: error });
	}
	return { url, ...child };
}

async function isReady(url: string): Promise<boolean> {
	try {
		return (await fetch(`${url}/healthz/readiness`, { headers: ownConnection })).ok;
	} catch {
		// It does not listen yet.
		return false;
	}
}

/** A kept connection may be closed by a server at the moment it is used again, or by one that is stopped. */
export const ownConnection = { connection: 'close' } as const;

/** Asks until the answer is yes. @throws Error naming what was waited for. */
export async function waitFor(
	what: string,
	mostMs: number,
	ask: () => boolean | Promise<boolean>,
): Promise<void> {
	const end = Date.now() + mostMs;
	while (!(await ask())) {
		if (Date.now() > end) throw new Error(`Waited ${mostMs / 1_000} s in vain for ${what}.`);
		await sleep(100);
	}
}
