#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';

import { parseOptions, whenOutputIsLost } from '../../../shared/testing/src/command-line.ts';
import { cacheFolder, install, type Installation } from './install.mts';
import { type Count, runOldest } from './oldest.mts';
import { pack } from './package.mts';
import { handedOver, packageFolder, repoRoot } from './stage.mts';

interface Part {
	readonly about: string;
	readonly needs: readonly (keyof typeof installations)[];
	readonly run: () => Promise<Count>;
}

const newest = '2.41.1';
/** The n8n-core of n8n 1.85.4. Older ones lack NodeConnectionTypes. */
const oldestCore = '1.84.0';

/** Kept beside each other in the cache. */
const installations = {
	n8n: { name: `n8n-${newest}`, packages: { n8n: newest }, rebuild: ['sqlite3'] },
	oldest: { name: `n8n-core-${oldestCore}`, packages: { 'n8n-core': oldestCore }, rebuild: [] },
	vendor: {
		name: 'n8n-nodes-memberpass-1.4.0',
		packages: { 'n8n-nodes-memberpass': '1.4.0' },
		rebuild: [],
	},
} as const satisfies Readonly<Record<string, Installation>>;

const parts: Readonly<Record<string, Part>> = {
	server: {
		about: 'a real server: publish, deliveries, restarts, unpublish',
		needs: ['n8n'],
		run: async () => await runFile('server.test.mts'),
	},
	upgrade: {
		about: 'a server that ran 1.4.0, upgraded: its published workflow goes on',
		needs: ['n8n', 'vendor'],
		run: async () => await runFile('upgrade.test.mts'),
	},
	proxy: {
		about: 'a server that reaches the API at its own address, over TLS, through a proxy only',
		needs: ['n8n'],
		run: async () => await runFile('proxy.test.mts'),
	},
	browser: {
		about: 'a real browser: search, panel, pickers, a run, pasted examples',
		needs: ['n8n'],
		run: async () => await runFile('browser.test.mts'),
	},
	queue: {
		about:
			'queue mode: a main process, a webhook processor and two workers over Redis and PostgreSQL',
		needs: ['n8n'],
		run: async () => await runFile('queue.test.mts'),
	},
	oldest: {
		about: `the tests of the package in n8n-core ${oldestCore}, the oldest it supports (n8n 1.85)`,
		needs: ['oldest'],
		run: async () => await runOldest(show, interrupted.signal),
	},
};

const width = Math.max(...Object.keys(parts).map((name) => name.length)) + 2;
const list = Object.entries(parts)
	.map(([name, part]) => `  ${name.padEnd(width)}${part.about}\n`)
	.join('');
const help = `Builds the package, packs it and tries it in real n8n, against the sandbox.

  npm run e2e:n8n                       everything
  npm run e2e:n8n -- --only ${Object.keys(parts)[0]}      one part (may be repeated)
  npm run e2e:n8n -- --keep             leaves the folders of n8n in place, with its logs
  npm run e2e:n8n -- --help             this text

Parts:
${list}
What is missing is installed once: n8n ${newest} (2.9 GB, a few minutes) and n8n-core ${oldestCore} from the npm registry into
.cache of this checkout, or into the folder that MEMBERPASS_N8N_CACHE names; Chromium, Redis and PostgreSQL from Debian,
if run as root. Everything listens on 127.0.0.1 only, and n8n keeps its data in folders that are removed at the end.
Screenshots are left in packages/n8n-nodes-memberpass/.artifacts (not committed). Ends in one line "N passed, N failed"
and exits 1 if anything failed.
`;

const show = (line: string): void => void process.stdout.write(`${line}\n`);
const interrupted = new AbortController();

/**
 * Ends the tests, and with them what they started, where the command is told to end, or nobody reads what it says. Not before
 * they begin: an installation ends at once, and removes what it has begun.
 */
function listen(): void {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(signal, () => interrupted.abort(new Error(`It was ended by ${signal}.`)));
	}
	whenOutputIsLost((code) => {
		process.exitCode = code;
		interrupted.abort(new Error('What it says cannot be written.'));
	});
}

const note = (line: string): void => void process.stderr.write(`${line}\n`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** Runs a file of tests, shows each as it ends, and counts them. */
async function runFile(name: string): Promise<Count> {
	const count = { passed: 0, failed: 0 };
	const files = [join(import.meta.dirname, name)];
	const stream = run({ files, timeout: 15 * 60_000, signal: interrupted.signal });
	stream.on('test:diagnostic', ({ nesting, message }) => {
		// Those at the root are sums of node:test's own.
		if (nesting > 0) show(`     ${message}`);
	});
	stream.on('test:pass', ({ name, details, skip }) => {
		if (details.type === 'suite' || skip !== undefined) return;
		count.passed++;
		show(`ok   ${name} (${seconds(details.duration_ms)})`);
	});
	stream.on('test:fail', ({ name, details: { error, duration_ms: ms, type } }) => {
		// A suite fails with its tests, which are counted; one whose set-up failed counts itself.
		if (type === 'suite' && error.message.includes('subtest')) return;
		count.failed++;
		const cause = error.cause instanceof Error ? error.cause : error;
		show(`FAIL ${name} (${seconds(ms)})\n${cause.stack ?? cause.message}`);
	});
	stream.resume();
	await once(stream, 'end');
	return count;
}

/** What is tried must be what the sources say. */
function build(): void {
	note('building the package …');
	execFileSync('npm', ['run', '--silent', 'build'], { cwd: packageFolder, stdio: 'pipe' });
}

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		options: {
			keep: { type: 'boolean', default: false },
			only: { type: 'string', multiple: true, default: Object.keys(parts) },
		},
	});
	const chosen = values.only.map((name) => {
		const part = parts[name];
		if (part !== undefined) return [name, part] as const;
		throw new Error(`There is no part "${name}". There are: ${Object.keys(parts).join(', ')}.`);
	});
	const start = Date.now();
	build();
	const cache = cacheFolder(repoRoot);
	for (const name of new Set(chosen.flatMap(([, part]) => part.needs))) {
		process.env[handedOver[name]] = await install(cache, installations[name], note);
	}
	listen();
	const folder = mkdtempSync(join(tmpdir(), 'memberpass-e2e-pack-'));
	try {
		process.env[handedOver.tarball] = pack(packageFolder, folder);
		if (values.keep) process.env[handedOver.keep] = 'yes';
		const count = { passed: 0, failed: 0 };
		for (const [name, part] of chosen) {
			interrupted.signal.throwIfAborted();
			const begun = Date.now();
			show(`== ${name}: ${part.about}`);
			const { passed, failed } = await part.run();
			count.passed += passed;
			count.failed += failed;
			show(`== ${name}: ${passed} passed, ${failed} failed, ${seconds(Date.now() - begun)}`);
		}
		show(`\n${count.passed} passed, ${count.failed} failed`);
		note(`${seconds(Date.now() - start)} in all`);
		return count.failed === 0 && count.passed > 0 ? 0 : 1;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

process.exitCode = await main().catch((failure: unknown) => {
	const error: unknown = interrupted.signal.aborted ? interrupted.signal.reason : failure;
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	return 1;
});
