import {
	cpSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readlinkSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { checkoutFiles } from '../../testing/src/checkout-files.ts';

/**
 * Copies the repository as it stands, uncommitted changes included, to a folder of its own, for those who write
 * into the files (mutants, a walkthrough): those must never be the ones that someone works on. Dependencies are linked; the workspaces
 * among them are linked to their copies, so that whatever imports a changed file gets the changed one.
 */
export function copyTree(root: string, to: string): void {
	rmSync(to, { recursive: true, force: true });
	for (const path of checkoutFiles(root)) {
		mkdirSync(dirname(join(to, path)), { recursive: true });
		cpSync(join(root, path), join(to, path));
	}
	linkModules(join(root, 'node_modules'), join(to, 'node_modules'));
	for (const group of ['shared', 'packages']) {
		for (const workspace of readdirSync(join(to, group))) {
			const own = join(root, group, workspace, 'node_modules');
			if (existsSync(own)) symlinkSync(own, join(to, group, workspace, 'node_modules'));
		}
	}
}

function linkModules(from: string, to: string): void {
	mkdirSync(to, { recursive: true });
	for (const entry of readdirSync(from, { withFileTypes: true })) {
		const source = join(from, entry.name);
		if (entry.name.startsWith('@')) linkModules(source, join(to, entry.name));
		// npm links workspaces relatively (`../packages/zapier`): the same text leads to the copy.
		else symlinkSync(entry.isSymbolicLink() ? readlinkSync(source) : source, join(to, entry.name));
	}
}
