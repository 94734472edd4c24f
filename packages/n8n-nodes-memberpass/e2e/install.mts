import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { runProgram } from '../../../shared/testing/src/child.ts';
import { makeOnce } from '../../../shared/testing/src/make-once.ts';

/** What is installed from the registry, in a folder of its own. */
export interface Installation {
	/** Names the folder. */
	readonly name: string;
	/** Exact versions by package. */
	readonly packages: Readonly<Record<string, string>>;
	/** Packages whose install scripts must run; all others stay without. */
	readonly rebuild: readonly string[];
}

/** Told what goes on, a line at a time. */
export type Note = (line: string) => void;

/** A folder for installations: given by the environment, or the checkout's own, which git ignores. */
export function cacheFolder(repoRoot: string): string {
	const given = process.env['MEMBERPASS_N8N_CACHE'] ?? '';
	return given === '' ? join(repoRoot, '.cache') : resolve(given);
}

/** Installs what is not there yet, and returns the folder whose `node_modules` holds it. */
export async function install(
	cache: string,
	{ name, packages, rebuild }: Installation,
	note: Note,
): Promise<string> {
	const folder = join(cache, name);
	const of = JSON.stringify({ packages, node: process.versions.modules });
	await makeOnce(folder, of, async (unfinished) => {
		const manifest = { private: true, dependencies: packages };
		writeFileSync(join(unfinished, 'package.json'), JSON.stringify(manifest));
		// Install scripts of strangers stay off: some fetch from the web, and only one of them is needed.
		const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
		await npm(unfinished, ['install', '--ignore-scripts', ...quiet], `installing ${name}`, note);
		if (rebuild.length === 0) return;
		await npm(
			unfinished,
			['rebuild', ...rebuild, ...quiet],
			`building ${rebuild.join(', ')}`,
			note,
		);
	});
	return folder;
}

const progressMs = 15_000;

async function npm(
	folder: string,
	args: readonly string[],
	title: string,
	note: Note,
): Promise<void> {
	const start = Date.now();
	const seconds = (): number => Math.round((Date.now() - start) / 1_000);
	note(`${title} …`);
	const progress = setInterval(() => note(`${title} … ${seconds()} s`), progressMs);
	try {
		const { code, stderr } = await runProgram('npm', args, { cwd: folder });
		if (code !== 0) throw new Error(`npm ${args.join(' ')} failed with ${code}.\n${stderr}`);
	} finally {
		clearInterval(progress);
	}
	note(`${title}: ${seconds()} s`);
}
