import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/** A program that runs beside the tests. */
export interface Child {
	/** Null while it runs. */
	ended(): string | null;
	/** Everything it wrote. */
	log(): string;
	/** Asks it to stop and waits until it is gone; kills it where it does not listen. */
	stop(signal?: NodeJS.Signals): Promise<void>;
}

const running = new Set<ChildProcess>();

let isWatched = false;

/**
 * Whatever ends the tests, their programs go with them. Not before there is one: the command around the tests has this
 * file loaded too, and answers signals in its own way.
 */
function endWithTests(): void {
	if (isWatched) return;
	isWatched = true;
	process.on('exit', () => {
		for (const child of running) child.kill('SIGKILL');
	});
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

/** Longer than n8n gives its executions. */
const stopMs = 120_000;

/** Starts a program whose output goes to a file, in a way that leaves nothing running behind. */
export function startChild(
	command: string,
	args: readonly string[],
	options: SpawnOptions & { readonly logFile: string },
): Child {
	endWithTests();
	const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
	running.add(child);
	const file = createWriteStream(options.logFile, { flags: 'a' });
	let text = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (part: string) => {
			text += part;
			file.write(part);
		});
	}
	let end: string | null = null;
	const gone = new Promise<void>((done) => {
		const finish = (reason: string): void => {
			end ??= reason;
			running.delete(child);
			file.end();
			done();
		};
		child.on('error', (error) => finish(error.message));
		child.on('close', (code, signal) => finish(`it ended with ${signal ?? code ?? 'nothing'}`));
	});
	return {
		ended: () => end,
		log: () => text,
		async stop(signal = 'SIGTERM') {
			child.kill(signal);
			const killer = setTimeout(() => child.kill('SIGKILL'), stopMs);
			await gone;
			clearTimeout(killer);
		},
	};
}
