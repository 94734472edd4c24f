import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

import { replaceBlock } from '../../testing/src/markdown.ts';
import type { EmittedFile } from './emit.ts';

/** Lists every file that is generated whole, so that one that is no longer emitted is found and removed. */
export const manifestPath = 'shared/generate/generated-files.json';

/** What differs between the committed files and what the catalogue gives. */
export interface Drift {
	readonly changed: readonly string[];
	readonly missing: readonly string[];
	/** Generated once, no longer emitted. */
	readonly extra: readonly string[];
	/** Lies in a folder that is generated whole, and no emitter has ever written it, as far as is known. */
	readonly foreign: readonly string[];
}

async function read(path: string): Promise<string | null> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

/** The final text of every file: blocks are put into the hand-written file around them. */
export async function renderFiles(
	root: string,
	files: readonly EmittedFile[],
): Promise<ReadonlyMap<string, string>> {
	const rendered = new Map<string, string>();
	for (const file of files) {
		if (file.block === null) {
			if (rendered.has(file.path)) throw new Error(`Two emitters write ${file.path}.`);
			rendered.set(file.path, file.content);
			continue;
		}
		const text = rendered.get(file.path) ?? (await read(join(root, file.path)));
		if (text === null)
			throw new Error(`${file.path} does not exist, so it has no generated block.`);
		rendered.set(file.path, replaceBlock(text, `generated:${file.block}`, file.content, file.path));
	}
	const whole = files
		.filter((file) => file.block === null)
		.map((file) => file.path)
		.sort();
	rendered.set(manifestPath, `${JSON.stringify(whole, null, '\t')}\n`);
	return rendered;
}

async function manifest(root: string): Promise<readonly string[]> {
	const text = await read(join(root, manifestPath));
	const paths = text === null ? [] : parse(text);
	if (Array.isArray(paths) && paths.every((path) => typeof path === 'string')) return paths;
	throw new Error(
		`${manifestPath} is no list of files. After a merge, take either side ("git checkout --ours ${manifestPath}") and generate again.`,
	);
}

/** Null where it is not JSON. */
function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** Paths of all files below a folder; none where it does not exist. What the system or an editor hides is left out. */
async function filesBelow(root: string, folder: string): Promise<readonly string[]> {
	const path = join(root, folder);
	if (!existsSync(path)) return [];
	const entries = await readdir(path, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => relative(root, join(parentPath, name)).replaceAll(sep, '/'))
		.filter((file) => !file.slice(folder.length).includes('/.'))
		.sort();
}

/**
 * Compares the rendered files with those on disk.
 *
 * @param folders In which nothing else may lie. A merge that resolves the manifest by hand can leave a file that no
 *   manifest lists any more, and packages ship whole folders.
 */
export async function findDrift(
	root: string,
	rendered: ReadonlyMap<string, string>,
	folders: readonly string[] = [],
): Promise<Drift> {
	const changed: string[] = [];
	const missing: string[] = [];
	for (const [path, text] of rendered) {
		const committed = await read(join(root, path));
		if (committed === null) missing.push(path);
		else if (committed !== text) changed.push(path);
	}
	const extra: string[] = [];
	for (const path of await manifest(root)) {
		if (!rendered.has(path) && (await read(join(root, path))) !== null) extra.push(path);
	}
	const lying = await Promise.all(folders.map((folder) => filesBelow(root, folder)));
	const known = new Set([...rendered.keys(), ...extra]);
	const foreign = lying.flat().filter((path) => !known.has(path));
	return { changed, missing, extra, foreign };
}

/** Writes what differs and removes what is stale. */
export async function writeFiles(
	root: string,
	rendered: ReadonlyMap<string, string>,
	drift: Drift,
): Promise<void> {
	for (const path of [...drift.changed, ...drift.missing]) {
		const target = join(root, path);
		await mkdir(dirname(target), { recursive: true });
		await writeFile(target, rendered.get(path) ?? '');
	}
	for (const path of drift.extra) await rm(join(root, path));
}
