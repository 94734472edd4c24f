import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { protocolTargets } from './protocol.ts';
import { sandboxTargets } from './sandbox.ts';
import { storyTarget } from './stories.ts';
import type { Kept, Target } from './target.ts';

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

export function allTargets(): readonly Target[] {
	return [...protocolTargets, ...sandboxTargets(), storyTarget];
}

export interface Finding {
	readonly target: string;
	readonly input: Kept;
	readonly seed: number;
	readonly runs: number;
	readonly reason: string;
}

/** Runs a target with inputs drawn from a seed; null where its rule held for all of them. */
export async function fuzzTarget(
	target: Target,
	seed: number,
	runs: number,
): Promise<Finding | null> {
	const numRuns = Math.max(1, Math.round(runs * target.weight));
	const property = fc.asyncProperty(target.inputs, async (input) => {
		await target.check(input);
	});
	const details = await fc.check(property, { seed, numRuns });
	if (!details.failed) return null;
	const [input = null] = details.counterexample ?? [];
	const { errorInstance } = details;
	return {
		target: target.name,
		input,
		seed,
		runs: details.numRuns,
		reason: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
	};
}
