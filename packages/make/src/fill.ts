import type { BlueprintModule } from './blueprint.ts';
import type { Value } from './iml/functions.ts';

/** What a user does to a template before it runs, for the simulation. */

/**
 * Enters values into the variables of a module.
 *
 * @throws Error naming the variable that the module does not have.
 */
export function enter(
	flow: readonly BlueprintModule[],
	module: number,
	values: Readonly<Record<string, string>>,
): readonly BlueprintModule[] {
	const left = new Set(Object.keys(values));
	const entered = flow.map((one) => {
		if (one.id !== module) return one;
		const variables = variablesOf(one).map(({ name, value }) => {
			left.delete(name);
			return { name, value: values[name] ?? value };
		});
		return { ...one, mapper: { ...one.mapper, variables } };
	});
	if (left.size > 0) throw new Error(`Module ${module} has no ${[...left].join(', ')}.`);
	return entered;
}

/** Names and values of a variable module. */
export function variablesOf(
	module: BlueprintModule,
): readonly { readonly name: string; readonly value: string }[] {
	const variables = module.mapper?.['variables'];
	// The validator refuses a variable module of another form.
	return (Array.isArray(variables) ? variables : []) as { name: string; value: string }[];
}

/** The module whose caption starts with these words. */
export function moduleCalled(flow: readonly BlueprintModule[], caption: string): BlueprintModule {
	const found = flow.find((one) => one.metadata.designer.name?.startsWith(caption) === true);
	if (found === undefined) throw new Error(`There is no module "${caption}".`);
	return found;
}

/** The module upstream that values are mapped from. */
const source = 900;

/** Output of that module, for `simulate`. */
export const upstream = (values: Readonly<Record<string, Value>>): ReadonlyMap<number, Value> =>
	new Map([[source, values]]);

/** Maps each value into the first module from a module upstream, so that no text is taken for an expression. */
export function mapped(
	flow: readonly BlueprintModule[],
	values: Readonly<Record<string, Value>>,
): readonly BlueprintModule[] {
	const field = (name: string): string => `{{${source}.\`${name}\`}}`;
	return enter(flow, 1, Object.fromEntries(Object.keys(values).map((name) => [name, field(name)])));
}
