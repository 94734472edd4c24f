import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pending = new Set<() => void>();
/** Ctrl-C, `kill`, and a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function undoAll(): void {
	// The last first: a program ends before the folder goes that it was given.
	for (const undo of [...pending].reverse()) undo();
}

/** Ends the process as the signal would have done, so that whoever waits for it sees why. */
function endBy(signal: NodeJS.Signals): void {
	undoAll();
	pending.clear();
	stopListening();
	process.kill(process.pid, signal);
}

function listen(): void {
	process.on('exit', undoAll);
	for (const signal of signals) process.on(signal, endBy);
}

function stopListening(): void {
	process.off('exit', undoAll);
	for (const signal of signals) process.off(signal, endBy);
}

/**
 * Has something put back however the process ends: by itself, by an exception, or by Ctrl-C, after which no `finally`
 * runs.
 *
 * @param undo Called once. Must not wait for anything.
 * @returns Puts it back now.
 */
export function putBackAtEnd(undo: () => void): () => void {
	if (pending.size === 0) listen();
	pending.add(undo);
	return () => {
		if (!pending.delete(undo)) return;
		if (pending.size === 0) stopListening();
		undo();
	};
}

/** A folder that is gone when the process is, or earlier. */
export interface TemporaryFolder {
	/** Absolute, without symbolic links. */
	readonly path: string;
	readonly remove: () => void;
}

/**
 * @param name Begins the name of the folder, which lies where the system keeps such things.
 * @param options Where `keep` is true the folder stays, for whoever wants to look into it.
 */
export function temporaryFolder(name: string, { keep = false } = {}): TemporaryFolder {
	const path = mkdtempSync(join(realpathSync(tmpdir()), name));
	if (keep) return { path, remove: () => undefined };
	// Again where a program that was ended had not written its last file yet.
	const remove = putBackAtEnd(() => rmSync(path, { recursive: true, force: true, maxRetries: 10 }));
	return { path, remove };
}
