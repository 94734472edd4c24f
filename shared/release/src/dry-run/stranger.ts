import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

import { readJson, repoRoot } from '../workspaces.ts';
import { runProgram } from '../../../testing/src/child.ts';
import { succeed } from './run.ts';
import type { Tarball } from './tarball.ts';

const stranger = { name: 'stranger', version: '1.0.0' } as const;

/** An empty project with the packages installed from their tarballs, as anyone would have it. */
export async function installAll(folder: string, tarballs: readonly Tarball[]): Promise<void> {
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		join(folder, 'package.json'),
		JSON.stringify({ ...stranger, private: true, type: 'module' }),
	);
	writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lockOf(repoRoot)));
	await succeed(
		'npm',
		[
			'install',
			// With the lock file: what "npm ci" of this checkout has fetched serves again, so no network is needed.
			'--prefer-offline',
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
			// n8n does not install peer dependencies of a community package: it has them.
			'--legacy-peer-deps',
			...tarballs.map(({ file }) => file),
		],
		{ cwd: folder },
	);
}

/**
 * The versions that this checkout has, for a project that asks for nothing yet; npm drops what it does not need. Without
 * them npm asks the registry for the newest ones, and does not find that answer in what "npm ci" has kept.
 */
function lockOf(root: string): object {
	const { packages } = readJson(join(root, 'package-lock.json')) as {
		readonly packages: Readonly<Record<string, { readonly link?: boolean }>>;
	};
	const installed = Object.entries(packages).filter(
		([path, { link }]) => path.startsWith('node_modules/') && link !== true,
	);
	return {
		...stranger,
		lockfileVersion: 3,
		requires: true,
		packages: { '': stranger, ...Object.fromEntries(installed) },
	};
}

const node = (major: '22' | '24'): string =>
	join(repoRoot, 'node_modules', major === '22' ? 'node22' : 'node', 'bin/node');

/** The command starts on both Node versions it claims, and answers; the library imports and answers. */
export async function trySandbox(folder: string): Promise<string> {
	const script = `
		import { startSandbox } from "memberpass-sandbox";
		const sandbox = await startSandbox();
		const answer = await fetch(sandbox.apiUrl + '/projects', { headers: { Authorization: 'Bearer ' + sandbox.token } });
		const { data } = await answer.json();
		await sandbox.close();
		if (answer.status !== 200 || data.length === 0) throw new Error('The sandbox answered ' + answer.status);
		process.stdout.write(String(data.length));
	`;
	writeFileSync(join(folder, 'library.mjs'), script);
	for (const major of ['22', '24'] as const) {
		await succeed(node(major), ['library.mjs'], { cwd: folder });
		// What "npx memberpass-sandbox" runs: the link that npm makes of the package's "bin".
		const link = join(folder, 'node_modules/.bin/memberpass-sandbox');
		const path = `${dirname(node(major))}${delimiter}${process.env['PATH'] ?? ''}`;
		const help = await succeed(link, ['--help'], {
			cwd: folder,
			env: { ...process.env, PATH: path },
		});
		if (!help.includes('memberpass-sandbox [options]')) throw new Error('--help says nothing.');
	}
	return 'the command and the library run on Node 22 and 24';
}

/** Somebody's strict TypeScript compiles against the published types. */
export async function compileAgainstSandbox(folder: string): Promise<string> {
	writeFileSync(
		join(folder, 'consumer.ts'),
		`import { startSandbox, VirtualClock, type Sandbox, type SandboxOptions } from "memberpass-sandbox";
const options: SandboxOptions = { clock: new VirtualClock(0), switches: { paging: 'next_cursor' } };
const sandbox: Sandbox = await startSandbox(options);
const url: string = sandbox.apiUrl;
// @ts-expect-error Only known shapes of paging.
const wrong: SandboxOptions = { switches: { paging: 'nope' } };
export { url, wrong };
`,
	);
	const tsc = join(repoRoot, 'node_modules/typescript/bin/tsc');
	const types = join(repoRoot, 'node_modules/@types');
	await succeed(
		node('24'),
		[
			tsc,
			...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'],
			...['--typeRoots', types, '--types', 'node', 'consumer.ts'],
		],
		{ cwd: folder },
	);
	return 'strict TypeScript compiles against its types';
}

/** n8n's own loader finds both nodes and the credential in the installed package. */
export async function tryNodes(folder: string): Promise<string> {
	const script = `
		const { PackageDirectoryLoader } = require('n8n-core');
		(async () => {
			const loader = new PackageDirectoryLoader(process.argv[1]);
			await loader.loadAll();
			const names = [...Object.keys(loader.nodeTypes), ...Object.keys(loader.credentialTypes)];
			process.stdout.write(names.sort().join(' '));
			process.exit(0);
		})();
	`;
	const env = {
		...process.env,
		NODE_PATH: join(repoRoot, 'node_modules'),
		N8N_USER_FOLDER: folder,
	};
	const installed = join(folder, 'node_modules/n8n-nodes-memberpass');
	const { code, stdout, stderr } = await runProgram(node('24'), ['-e', script, installed], {
		cwd: join(repoRoot, 'packages/n8n-nodes-memberpass'),
		env,
	});
	const names = stdout.trim().split('\n').at(-1) ?? '';
	if (code !== 0 || names !== 'memberPass memberPassApi memberPassTrigger') {
		throw new Error(`n8n loaded "${names}" from the installed package.\n${stderr}`);
	}
	return 'n8n-core loads both nodes and the credential';
}
