import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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

/**
 * Installs what is not there yet, and returns the folder whose `node_modules` holds it.
 *
 * Everything happens beside the final place; the rename at the end is what makes an installation exist. One that was
 * broken off is never used, and two that run at once do not meet.
 */
export async function install(
	cache: string,
	{ name, packages, rebuild }: Installation,
	note: Note,
): Promise<string> {
	const folder = join(cache, name);
	const made = JSON.stringify({ packages, node: process.versions.modules });
	const marker = join(folder, '.complete.json');
	if (existsSync(marker) && readFileSync(marker, 'utf8') === made) return folder;
	const unfinished = join(cache, `.${name}-${process.pid}`);
	rmSync(unfinished, { recursive: true, force: true });
	mkdirSync(unfinished, { recursive: true });
	try {
		const manifest = { private: true, dependencies: packages };
		writeFileSync(join(unfinished, 'package.json'), JSON.stringify(manifest));
		// Install scripts of strangers stay off: some fetch from the web, and only one of them is needed.
		const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
		await npm(unfinished, ['install', '--ignore-scripts', ...quiet], `installing ${name}`, note);
		if (rebuild.length > 0) {
			await npm(
				unfinished,
				['rebuild', ...rebuild, ...quiet],
				`building ${rebuild.join(', ')}`,
				note,
			);
		}
		writeFileSync(join(unfinished, '.complete.json'), made);
		// Made for other versions or another Node.
		rmSync(folder, { recursive: true, force: true });
		renameSync(unfinished, folder);
	} finally {
		rmSync(unfinished, { recursive: true, force: true });
	}
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
		await new Promise<void>((done, fail) => {
			const child = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
			let errors = '';
			child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
			child.on('error', fail);
			child.on('close', (code) => {
				if (code === 0) done();
				else fail(new Error(`npm ${args.join(' ')} failed with ${code}.\n${errors}`));
			});
		});
	} finally {
		clearInterval(progress);
	}
	note(`${title}: ${seconds()} s`);
}
