import fc from 'fast-check';

import { answerTargets } from './answers.ts';
import { deliveryTargets } from './deliveries.ts';
import { requestTargets } from './requests.ts';
import { sandboxTargets } from './sandbox.ts';
import { storyTarget } from './stories.ts';
import type { Kept, Target } from './target.ts';

export function allTargets(): readonly Target[] {
	return [
		...deliveryTargets,
		...requestTargets,
		...answerTargets,
		...sandboxTargets(),
		storyTarget,
	];
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
