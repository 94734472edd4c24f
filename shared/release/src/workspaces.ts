import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Released, Surface } from './surface.ts';

/** Root of the checkout that this file lies in. */
export const repoRoot = join(import.meta.dirname, '../../..');

/** A workspace of the checkout. */
export interface Workspace {
	readonly name: string;
	/** Absolute path. */
	readonly folder: string;
	readonly version: string;
}

/** A workspace whose users rely on something that is written down. */
export interface Published extends Workspace {
	readonly surface: Surface;
	readonly released: Released;
}

/** The report of today, and the one of the last release. */
export const surfaceFile = 'surface.json';
export const releasedFile = 'surface.released.json';

export function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, 'utf8'));
	} catch (error) {
		throw new Error(`${path} cannot be read as JSON.`, { cause: error });
	}
}

/** Every workspace of a checkout, by path. */
export function workspacesOf(root: string): readonly Workspace[] {
	return globSync('{shared,packages}/*/package.json', { cwd: root })
		.sort()
		.map((path) => {
			const { name, version } = readJson(join(root, path)) as Pick<Workspace, 'name' | 'version'>;
			return { name, version, folder: dirname(join(root, path)) };
		});
}

/**
 * The workspaces that have a surface.
 *
 * @throws Error for one that has a surface and no baseline: nothing would guard it.
 */
export function publishedOf(root: string): readonly Published[] {
	return workspacesOf(root)
		.filter(({ folder }) => existsSync(join(folder, surfaceFile)))
		.map((workspace) => {
			const released = join(workspace.folder, releasedFile);
			if (!existsSync(released)) {
				throw new Error(
					`${workspace.name} has a ${surfaceFile} and no ${releasedFile}. Run "npm run release:baseline -- ${workspace.name}" once and commit it.`,
				);
			}
			return {
				...workspace,
				surface: readJson(join(workspace.folder, surfaceFile)) as Surface,
				released: readJson(released) as Released,
			};
		});
}
