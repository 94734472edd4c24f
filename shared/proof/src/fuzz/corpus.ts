import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Kept } from './target.ts';

export const corpusPath = 'shared/proof/fuzz/corpus.json';

/** An input that is kept: it broke a rule once, or it reaches a corner that chance seldom does. */
export interface CorpusEntry {
	readonly target: string;
	readonly input: Kept;
	/** What it found, or what it reaches. */
	readonly why: string;
}

/**
 * Reads the corpus.
 *
 * @throws Error where an entry is not in the documented form: one that is skipped would test nothing.
 */
export function readCorpus(root: string): readonly CorpusEntry[] {
	const parsed: unknown = JSON.parse(readFileSync(join(root, corpusPath), 'utf8'));
	if (!Array.isArray(parsed) || parsed.length === 0) throw new Error(`${corpusPath} is empty.`);
	return parsed.map((row: unknown, index) => {
		const { target, input, why } = row as Partial<CorpusEntry>;
		if (typeof target !== 'string' || typeof why !== 'string' || input === undefined) {
			throw new Error(`${corpusPath}: entry ${index + 1} needs target, input and why.`);
		}
		return { target, input, why };
	});
}
