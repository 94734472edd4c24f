import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { escapeRegExp } from '../../testing/src/escape-reg-exp.ts';
import { scanText, type SecretFinding } from '../../testing/src/secret-scan.ts';

/** A file that is about to be written, with its path below the target folder. */
export interface PlannedFile {
	readonly path: string;
	readonly text: string;
	/** The part of the text that this run adds. */
	readonly added: string;
}

/**
 * Looks for secrets in what is about to be written: by the rules of the repository, and for the very values that the
 * scrubber knows to be private.
 *
 * @param forms What secrets may look like, wherever it stands.
 */
export function findSecrets(
	files: readonly PlannedFile[],
	privateValues: readonly string[],
	forms: readonly string[],
): readonly SecretFinding[] {
	const isPrivate = privateValues.map(
		(value) => new RegExp(`(?<![A-Za-z0-9])${escapeRegExp(value)}(?![A-Za-z0-9])`),
	);
	return files.flatMap(({ path, text, added }) => [
		// The rules for fixtures apply wherever the target folder is.
		...scanText(`fixtures/${path}`, text),
		...(isPrivate.some((pattern) => pattern.test(added)) ||
		forms.some((form) => added.includes(form))
			? [{ path: `fixtures/${path}`, line: 1, rule: 'a private value as it came' }]
			: []),
	]);
}

/**
 * Puts files in place. They are written beside the target first and moved one by one; where a move fails, everything
 * is put back. Nothing here waits, so a signal cannot come in between.
 *
 * @param target Folder that `path` is below.
 * @param last Done when all are in place; where it fails, they are put back as well.
 * @throws Error of the file system; the target is then as it was.
 */
export function putInPlace(
	files: readonly PlannedFile[],
	target: string,
	last: () => void = () => undefined,
	move: (from: string, to: string) => void = renameSync,
): void {
	const root = dirname(target);
	mkdirSync(root, { recursive: true });
	// On the same file system as the target, or moving would be copying.
	const stage = join(root, `.${basename(target)}-${randomBytes(6).toString('hex')}`);
	const undo: (() => void)[] = [];
	try {
		for (const { path, text } of files) {
			mkdirSync(dirname(join(stage, 'new', path)), { recursive: true });
			writeFileSync(join(stage, 'new', path), text);
		}
		for (const { path } of files) {
			const place = join(target, path);
			const old = join(stage, 'old', path);
			mkdirSync(dirname(place), { recursive: true });
			if (existsSync(place)) {
				mkdirSync(dirname(old), { recursive: true });
				copyFileSync(place, old);
				undo.push(() => renameSync(old, place));
			} else undo.push(() => rmSync(place, { force: true }));
			move(join(stage, 'new', path), place);
		}
		last();
	} catch (error) {
		for (const back of undo) back();
		throw error;
	} finally {
		rmSync(stage, { recursive: true, force: true });
	}
}
