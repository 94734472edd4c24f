import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { ensureProgram, programs } from '../../../shared/testing/src/programs.ts';
import { type Child, startChild } from './children.mts';
import { type Service, startProxy } from './proxy.mts';
import { freePort, waitFor } from './server.mts';
import { temporaryFolder } from './stage.mts';

const startMs = 180_000;

/** Redis as Debian ships it, with nothing kept. */
export async function startRedis(): Promise<Service> {
	const path = ensureProgram(programs.redis);
	const folder = temporaryFolder();
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder.path];
	const child = startChild(path, args, { logFile: join(folder.path, 'redis.log') });
	await ready('Redis', child, async () => await accepts(port));
	return {
		port,
		async stop() {
			await child.stop();
			folder.remove();
		},
	};
}

/** PostgreSQL as Debian ships it, with a database "postgres" of the user "n8n", who needs no password. */
export async function startPostgres(): Promise<Service> {
	const programs_ = ensureProgram(programs.postgres);
	const folder = temporaryFolder();
	const user = unprivileged();
	if (user !== null) chownSync(folder.path, user.uid, user.gid);
	const options = { cwd: folder.path, ...(user ?? {}) };
	const data = join(folder.path, 'data');
	execFileSync(
		join(programs_, 'initdb'),
		['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
		{ ...options, stdio: 'pipe' },
	);
	const port = await freePort();
	const settings = [
		'listen_addresses=127.0.0.1',
		`unix_socket_directories=${folder.path}`,
		'fsync=off',
	];
	const child = startChild(
		join(programs_, 'postgres'),
		['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])],
		{ ...options, logFile: join(folder.path, 'postgres.log') },
	);
	await ready('PostgreSQL', child, () => child.log().includes('ready to accept connections'));
	return {
		port,
		async stop() {
			// "Fast": it does not wait for connections to be given up.
			await child.stop('SIGINT');
			folder.remove();
		},
	};
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
	if (process.getuid?.() !== 0) return null;
	const id = (flag: string): number =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
	return { uid: id('-u'), gid: id('-g') };
}

async function ready(
	name: string,
	child: Child,
	ask: () => boolean | Promise<boolean>,
): Promise<void> {
	await waitFor(name, startMs, async () => {
		const end = child.ended();
		if (end !== null) throw new Error(`${name} does not run: ${end}.\n${child.log()}`);
		return await ask();
	});
}

async function accepts(port: number): Promise<boolean> {
	return await new Promise((done) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			done(true);
		});
		socket.once('error', () => done(false));
	});
}

/**
 * What n8n asks for in front of queue mode: production webhooks go to the webhook processor, everything else to the
 * main process.
 */
export const startBalancer = async (main: () => number, webhooks: () => number): Promise<Service> =>
	await startProxy(({ url = '' }) => (url.startsWith('/webhook/') ? webhooks() : main()));
