import domain from 'node:domain';
import { globalAgent } from 'node:https';
import { createRequire } from 'node:module';
import { createSecureContext } from 'node:tls';

// Each mocked connection would make a context of its own, which costs more than the request.
globalAgent.options.secureContext = createSecureContext();

const load = createRequire(require.resolve('zapier-platform-core'));

/** Puts something in the place of a module of Zapier's core, which is loaded once for all test files of a process. */
function replace(path: string, exports: unknown): void {
	const filename = load.resolve(path);
	load(filename);
	const entry = load.cache[filename];
	if (entry === undefined) throw new Error(`Zapier's core has no ${path}.`);
	entry.exports = exports;
}

/**
 * Zapier's core ends its process after 250 runs if that grew beyond 450 MB, so that Zapier starts a fresh one. In a
 * test it would end jest's worker in the middle of a file.
 */
replace('./src/tools/memory-checker', () => undefined);

/**
 * Core wraps http.request of the whole process to log requests that go past z.request, and its wrapper loses the
 * callback of the form with three arguments. At Zapier only the app lives in that process; in a test the sandbox does
 * too, and would never see an answer. The wrapper outlives its test file, so no file may put it on.
 */
replace('./src/tools/create-http-patch', () => () => undefined);

/**
 * Core runs each call in a domain of Node, and from the first of them on Node follows every promise of the process: a
 * quarter of the processor time of all these tests. What a domain is there for, an exception in a callback that nobody
 * caught, fails a test of jest by itself.
 */
Object.assign(domain, {
	create: () => ({ on: () => undefined, run: (work: () => unknown) => work() }),
});
