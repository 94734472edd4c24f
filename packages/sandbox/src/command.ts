/** By its shape: an error of Node's own is no instance of the `Error` of a test. */
const isError = (
	value: unknown,
): value is Error & { readonly code?: unknown; readonly syscall?: unknown } =>
	typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;

const noAddress = 'This machine has no such address to listen on. Choose another with --host.';

/** Why nothing can listen there, by the codes of Node. */
const listening: Readonly<Record<string, string>> = {
	EADDRINUSE: 'The port is taken. Choose another with --port, or 0 for any.',
	EACCES:
		'This port may not be used: those below 1024 need more rights. Choose another with --port.',
	EADDRNOTAVAIL: noAddress,
	ENOTFOUND: noAddress,
	EAI_AGAIN: noAddress,
};

/**
 * What the user can do something about, in a line or two; anything else with its trace. A command throws a RangeError
 * for what it was told wrongly.
 */
export function explainFailure(error: unknown): string {
	if (!isError(error)) return String(error);
	const { code, syscall } = error;
	// A file that may not be written has the same code as a port.
	const isListening = syscall === 'listen' || syscall === 'getaddrinfo';
	const meaning = isListening && typeof code === 'string' ? listening[code] : undefined;
	if (meaning !== undefined) return meaning;
	if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
		return `${error.message}\nSee --help.`;
	}
	// What the system refuses names the call and the path.
	const isTold = error instanceof RangeError || typeof syscall === 'string';
	return isTold ? error.message : (error.stack ?? error.message);
}

/** Resolves when the user stops the command: Ctrl+C, or SIGTERM. */
export function untilStopped(): Promise<void> {
	return new Promise((resolve) => {
		process.once('SIGINT', resolve);
		process.once('SIGTERM', resolve);
	});
}

/** What a shell says of a program that SIGPIPE ended: 128, and the number of the signal, which Node ignores. */
const nobodyReads = 141;

/** `head` has read enough, or the disk is full: Node's own answer is an exception with a trace. */
function endWithoutOutput(error: NodeJS.ErrnoException): void {
	process.exit(error.code === 'EPIPE' ? nobodyReads : 1);
}

/** Runs the command of this process. Where it fails, stderr says why and the exit code is 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
	for (const stream of [process.stdout, process.stderr]) stream.on('error', endWithoutOutput);
	try {
		await main();
	} catch (error) {
		process.stderr.write(`${explainFailure(error)}\n`);
		process.exitCode = 1;
	}
}
