import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process of n8n: the main one, or one that queue mode puts beside it. */
export interface N8nProcess {
	/** Where it listens, without a slash at its end. */
	readonly url: string;
	/** Everything it wrote since it was started. */
	log(): string;
	/** Asks it to stop and waits until it is gone; kills it where it does not listen. */
	stop(signal?: NodeJS.Signals): Promise<void>;
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

/** A port that is free now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const address = server.address();
	await new Promise((done) => server.close(done));
	if (address === null || typeof address === 'string') throw new Error('No port is free.');
	return address.port;
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
const stopMs = 40_000;

/**
 * Starts a process of n8n and waits until it is ready.
 *
 * @throws Error with the end of its log where it stops or does not get ready.
 */
export async function startN8n(options: N8nOptions): Promise<N8nProcess> {
	const { installation, command = 'start', userFolder, port } = options;
	const url = `http://127.0.0.1:${port}`;
	const child = spawn(process.execPath, [join(installation, 'node_modules/n8n/bin/n8n'), command], {
		cwd: userFolder,
		stdio: ['ignore', 'pipe', 'pipe'],
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
			...options.environment,
		},
	});
	const log = keepLog(child, join(userFolder, `${command}-${port}.log`));
	const process_: N8nProcess = {
		url,
		log,
		stop: async (signal = 'SIGTERM') => await stop(child, signal),
	};
	const healthPort = options.environment?.['QUEUE_HEALTH_CHECK_PORT'];
	const health = healthPort === undefined ? url : `http://127.0.0.1:${healthPort}`;
	try {
		await waitFor(`n8n ${command}`, startMs, async () => {
			if (child.exitCode !== null) throw new Error(`n8n ${command} stopped.`);
			return await isReady(health);
		});
	} catch (error) {
		await process_.stop('SIGKILL');
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`${reason}\n${log().slice(-4_000)}`, { cause: error });
	}
	return process_;
}

function keepLog(child: ChildProcess, path: string): () => string {
	const file = createWriteStream(path, { flags: 'a' });
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (part: string) => {
			text += part;
			file.write(part);
		});
	}
	child.on('close', () => file.end());
	return () => text;
}

async function isReady(url: string): Promise<boolean> {
	try {
		return (await fetch(`${url}/healthz/readiness`)).ok;
	} catch {
		// It does not listen yet.
		return false;
	}
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise<void>((done) => child.once('close', () => done()));
	child.kill(signal);
	const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
	await gone;
	clearTimeout(killer);
}

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
