#!/usr/bin/env node
/** Builds the zip that Zapier gets, with Zapier's own command-line tool, and runs it as Zapier does. */
import { cpSync, existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

import { platform } from '@memberpass/catalogue/platform';

import { type Place, runProgram } from '../../shared/testing/src/child.ts';
import {
	givenPath,
	parseOptions,
	runCommand,
	userFolder,
} from '../../shared/testing/src/command-line.ts';
import { reportTo } from '../../shared/testing/src/figures.ts';
import { isMade, makeOnce } from '../../shared/testing/src/make-once.ts';
import { temporaryFolder } from '../../shared/testing/src/temporary.ts';
import { zapierHeaderName } from '../../shared/testing/src/zapier-hooks.ts';
import { checkSource, type ZipEntry } from './source-zip.mts';

const help = `Builds the zip that is uploaded to Zapier, without a login, and runs it.

  npm run build:zip -w memberpass-zapier [-- OPTIONS]

Validates, builds, unpacks and runs; writes packages/zapier/build/build.zip.

  --out DIR    write DIR/build.zip
  --json FILE  also write the figures to FILE
  --offline    fail instead of installing Zapier's tool
  --keep       keep the staging folder and say where it is
  --help       this text

Zapier's tool (800 packages, 190 MB) is installed once, into .cache/zapier-cli of this checkout; that is the only part
that needs the network. Everything runs on Node 22, as Zapier does; the unpacked zip also on Node 24.
`;

const here = import.meta.dirname;
const root = join(here, '../..');
/** Zapier's tool and all it needs, each with its hash: what runs here is what was reviewed. */
const lockFolder = join(here, 'cli');
const cliFolder = join(root, '.cache/zapier-cli');
const cliEntry = join(cliFolder, 'node_modules/zapier-platform-cli/src/bin/run');
/** The two Node versions that the zip must run on; the first is Zapier's. */
const nodes = { '22': 'node22', '24': 'node' } as const;
const nodeBin = (major: keyof typeof nodes): string =>
	join(root, 'node_modules', nodes[major], 'bin/node');

/** What Zapier runs apps of this core on. */
const engines = { node: '>=22' } as const;

/** Zapier's last published limit is 6 MB; core takes 0.65 MB. */
const largestZip = 1_000_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Ran {
	readonly code: number;
	readonly output: string;
}

async function run(command: string, args: readonly string[], place: Place): Promise<Ran> {
	const { code, stdout, stderr } = await runProgram(command, args, place);
	return { code, output: stdout + stderr };
}

/** Runs a step, says how it went, and stops at the first that fails. */
async function step(title: string, work: () => Promise<Ran>): Promise<string> {
	const start = performance.now();
	const { code, output } = await work();
	const seconds = ((performance.now() - start) / 1000).toFixed(1);
	if (code !== 0) throw new Error(`${title} failed after ${seconds} s:\n${output.trim()}`);
	say(`${title}: ok (${seconds} s)`);
	return output;
}

const exists = (path: string): Promise<boolean> =>
	stat(path).then(
		() => true,
		() => false,
	);

interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly dependencies?: Readonly<Record<string, string>>;
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function manifestOf(folder: string): Promise<Manifest> {
	return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

async function installTool(offline: boolean): Promise<void> {
	const locked = await readFile(join(lockFolder, 'package-lock.json'), 'utf8');
	if (offline && !isMade(cliFolder, locked)) {
		throw new Error(
			"Zapier's tool is not in .cache/zapier-cli in the versions of cli/package-lock.json: run this once without --offline.",
		);
	}
	await makeOnce(cliFolder, locked, async (unfinished) => {
		say('installing zapier-platform-cli into .cache/zapier-cli (about half a minute) …');
		for (const name of ['package.json', 'package-lock.json']) {
			await cp(join(lockFolder, name), join(unfinished, name));
		}
		// Its packages run nothing when they are installed: none of their scripts is needed here.
		const args = ['ci', '--prefix', '.', '--no-audit', '--no-fund', '--ignore-scripts'];
		await step('install', () => run('npm', args, { cwd: unfinished }));
	});
}

/** The folder of a package as Node would find it from another one. */
async function find(name: string, from: string): Promise<string | null> {
	for (let folder = from; ; folder = dirname(folder)) {
		const candidate = join(folder, 'node_modules', name);
		if (await exists(join(candidate, 'package.json'))) return await realpath(candidate);
		if (folder === dirname(folder)) return null;
	}
}

/**
 * Copies a package with everything it needs, in the very versions of the lock file. An install in the staging folder
 * would need the network and choose versions of its own.
 */
async function copyPackage(
	name: string,
	from: string,
	into: string,
	staging: string,
): Promise<void> {
	const source = await find(name, from);
	if (source === null) return;
	const { version, dependencies, optionalDependencies } = await manifestOf(source);
	const shared = join(staging, 'node_modules', name);
	const isTaken =
		(await exists(join(shared, 'package.json'))) && (await manifestOf(shared)).version !== version;
	const target = isTaken ? join(into, 'node_modules', name) : shared;
	if (await exists(target)) return;
	const isOwn = (path: string) => !relative(source, path).split('/').includes('node_modules');
	// Node copies without JavaScript where nobody asks about each file; few packages have others inside.
	const filter = existsSync(join(source, 'node_modules')) ? isOwn : undefined;
	cpSync(source, target, { recursive: true, ...(filter && { filter }) });
	for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
		await copyPackage(needed, source, target, staging);
	}
}

/**
 * A copy of the app outside the workspace. Inside it, Zapier's tool takes the root of the workspace for the root of
 * the app and packs half of it.
 */
async function stage(staging: string): Promise<void> {
	for (const file of ['index.js', '.zapierapprc', 'CHANGELOG.md']) {
		await cp(join(here, file), join(staging, file));
	}
	const { name, version, dependencies = {} } = await manifestOf(here);
	const manifest = { name, version, private: true, main: 'index.js', engines, dependencies };
	await writeFile(join(staging, 'package.json'), JSON.stringify(manifest, null, '\t'));
	// Without it the tool packs the dependencies, and what the last build left, into source.zip.
	await writeFile(join(staging, '.gitignore'), 'node_modules/\nbuild/\nunpacked/\n');
	await step('bundle', async () => {
		const { writeBundle } = await import('./bundle.mts');
		await writeBundle(join(staging, 'dist'));
		return { code: 0, output: '' };
	});
	for (const needed of Object.keys(dependencies)) {
		await copyPackage(needed, here, staging, staging);
	}
}

/** Loads the unpacked zip as Zapier's machines do, and asks it three things. */
const probe = `
	const { handler } = require('./zapierwrapper.js');
	const { createHmac } = require('node:crypto');
	const secret = 'made-up-secret';
	const t = Math.floor(Date.now() / 1000);
	const content = JSON.stringify({ id: 'evt_1', type: 'member.joined', created_at: '2026-05-18T10:05:00Z',
		api_version: '2026-05-01', project_id: 'prj_1', data: { subscriber_id: 'usr_1' } });
	const signature = 't=' + t + ',v1=' + createHmac('sha256', secret).update(t + '.' + content).digest('hex');
	(async () => {
		const { results: errors } = await handler({ command: 'validate', calledFromCli: true });
		const { results: definition } = await handler({ command: 'definition', calledFromCli: true });
		const { results: items } = await handler({
			command: 'execute',
			method: 'triggers.member_joined.operation.perform',
			bundle: {
				authData: {}, inputData: {}, meta: {}, subscribeData: { id: 'whe_1', secret },
				rawRequest: { method: 'POST', querystring: '', content, headers: { '${zapierHeaderName(platform.headers.signature)}': signature } },
				cleanedRequest: {},
			},
		});
		process.stdout.write(JSON.stringify({
			node: process.versions.node,
			errors: errors.length,
			operations: ['triggers', 'creates', 'searches'].map((kind) => Object.keys(definition[kind]).length),
			definition: JSON.stringify(definition).length,
			item: items[0] && items[0].data.subscriber_id,
		}));
		process.exit(0);
	})().catch((error) => { console.error(error); process.exit(1); });
`;

interface Probed {
	readonly node: string;
	readonly errors: number;
	readonly operations: readonly number[];
	/** Bytes of the definition as JSON. */
	readonly definition: number;
	readonly item: unknown;
}

/** For what runs in a folder that is removed afterwards: what Node would keep of it, nobody would use. */
const gone = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };

async function tryOut(folder: string, major: keyof typeof nodes): Promise<Probed> {
	const output = await step(`run on Node ${major}`, () =>
		run(nodeBin(major), ['-e', probe], { cwd: folder, env: gone }),
	);
	const probed = JSON.parse(output.slice(output.indexOf('{"node"'))) as Probed;
	const isRight =
		probed.errors === 0 && probed.operations.every((count) => count > 0) && probed.item === 'usr_1';
	if (!isRight) throw new Error(`The zip answers ${output} on Node ${major}.`);
	return probed;
}

type AdmZip = new (path: string) => {
	getEntries(): readonly (ZipEntry & { readonly header: { size: number } })[];
	extractAllTo(folder: string, overwrite: boolean): void;
};

/**
 * Runs commands of Zapier's tool as its own entry does, until one fails. In one process: the tool takes a second to load,
 * whatever it is to do.
 */
const commands = `
	const { execute } = require('node:module').createRequire(process.argv[1])('@oclif/core');
	(async () => {
		for (const args of JSON.parse(process.argv[2])) {
			await execute({ args, dir: require('node:path').dirname(process.argv[1]) });
			if (process.exitCode) break;
		}
	})();
`;

type Zapier = (...all: readonly (readonly string[])[]) => Promise<Ran>;

/** The tool gives its own zip five seconds to load, which a busy machine misses now and then, and says nothing more. */
async function validateAndBuild(zapier: Zapier): Promise<Ran> {
	const build = ['build', '--skip-dep-install', '--skip-validation'];
	const first = await zapier(['validate', '--without-style'], build);
	const wasSlow =
		first.code !== 0 &&
		first.output.includes('Testing build') &&
		!first.output.includes('Detected a missing file');
	return wasSlow ? await zapier(build) : first;
}

async function build(staging: string, out: string): Promise<Figures> {
	// A home of its own: the tool must neither find a login nor write its settings.
	const env = {
		...gone,
		HOME: staging,
		NO_UPDATE_NOTIFIER: '1',
		DISABLE_ZAPIER_ANALYTICS: '1',
	};
	const zapier: Zapier = (...all) =>
		run(nodeBin('22'), ['-e', commands, cliEntry, JSON.stringify(all)], { cwd: staging, env });
	await step('zapier-platform validate --without-style, and build', () => validateAndBuild(zapier));
	const built = join(staging, 'build/build.zip');
	const require = createRequire(cliEntry);
	const Zip = require('adm-zip') as AdmZip;
	const zip = new Zip(built);
	const files = zip.getEntries().filter(({ isDirectory }) => !isDirectory);
	checkSource(new Zip(join(staging, 'build/source.zip')).getEntries());
	const unpacked = join(staging, 'unpacked');
	zip.extractAllTo(unpacked, true);
	const on22 = await tryOut(unpacked, '22');
	const on24 = await tryOut(unpacked, '24');
	await cp(built, join(out, 'build.zip'));
	const { size } = await stat(built);
	const dist = await stat(join(unpacked, 'dist/index.js'));
	return {
		zip: size,
		files: files.length,
		unpacked: files.reduce((sum, { header }) => sum + header.size, 0),
		bundle: dist.size,
		definition: on22.definition,
		operations: on22.operations,
		nodes: [on22.node, on24.node],
	};
}

/** What `--json` writes. Sizes in bytes. */
interface Figures {
	readonly zip: number;
	readonly files: number;
	readonly unpacked: number;
	readonly bundle: number;
	readonly definition: number;
	readonly operations: readonly number[];
	readonly nodes: readonly string[];
}

async function main(): Promise<number> {
	const { values } = parseOptions(help, {
		options: {
			out: { type: 'string', default: join(here, 'build') },
			json: { type: 'string' },
			offline: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
		},
	});
	const out = givenPath(values.out);
	// What keeps the zip or its figures from their place is said before it is built.
	await mkdir(out, { recursive: true });
	const save = reportTo(values.json);
	await installTool(values.offline);
	const { path: staging, remove } = temporaryFolder('memberpass-zip-', { keep: values.keep });
	try {
		await stage(staging);
		const figures = await build(staging, out);
		const kb = (bytes: number): string => `${Math.round(bytes / 1000)} KB`;
		say(`wrote ${relative(userFolder(), join(out, 'build.zip'))}`);
		say(
			`${kb(figures.zip)} in ${figures.files} files (unpacked ${kb(figures.unpacked)}, of it the bundle ${kb(figures.bundle)}); definition ${kb(figures.definition)}; ${figures.operations.join(' + ')} operations`,
		);
		save(figures);
		if (figures.zip <= largestZip) return 0;
		process.stderr.write(`The zip is larger than ${kb(largestZip)}. See what it holds.\n`);
		return 1;
	} finally {
		if (values.keep) say(`kept ${staging}: ${(await readdir(staging)).join(', ')}`);
		remove();
	}
}

await runCommand(main);
