import { platform } from '@memberpass/catalogue/platform';

import type { Blueprint, Clipboard } from './blueprint.ts';
import { type Placed, placed, type Problem, textsIn } from './validate/problem.ts';
import { rules, type Settings } from './validate/rules.ts';
import { clipboardShapeProblems, shapeProblems } from './validate/shape.ts';

export type { Problem } from './validate/problem.ts';
export { rules } from './validate/rules.ts';

/**
 * Says everything that is wrong with a blueprint, in the words of Make's own validation. An empty list: Make can
 * import it, as far as its published rules tell, and it keeps the rules of this package.
 *
 * @param file Parsed JSON, from wherever.
 */
export function validateBlueprint(file: unknown): readonly Problem[] {
	const problems = shapeProblems(file);
	if (problems.length > 0) return problems;
	// The shape was just checked.
	const { flow, name, description } = file as Blueprint;
	return check(placed(flow), [...textsIn(name, 'name'), ...textsIn(description, 'description')]);
}

/** The same for modules to paste. */
export function validateClipboard(file: unknown): readonly Problem[] {
	const problems = clipboardShapeProblems(file);
	if (problems.length > 0) return problems;
	const { subflows } = file as Clipboard;
	return check(
		subflows.flatMap(({ flow }, index) => placed(flow, `subflows[${index}].flow`)),
		[],
	);
}

/** Tells the two apart by their first key. */
export function validateFile(file: unknown): readonly Problem[] {
	const isClipboard = typeof file === 'object' && file !== null && 'subflows' in file;
	return isClipboard ? validateClipboard(file) : validateBlueprint(file);
}

function check(modules: readonly Placed[], texts: Settings['texts']): Problem[] {
	const settings: Settings = {
		apiOrigin: platform.apiOrigin,
		idempotencyHeader: platform.headers.idempotency,
		tokenPrefixes: [
			...Object.values(platform.tokenPrefixes),
			...platform.otherNames.map(({ tokenPrefix }) => tokenPrefix),
		],
		texts,
	};
	return rules.flatMap((rule) =>
		rule.check(modules, settings).map((problem) => ({ rule: rule.id, ...problem })),
	);
}
