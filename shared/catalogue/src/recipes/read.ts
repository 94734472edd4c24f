import { eventByType, familyOf } from '../events/index.ts';
import { type EventEntry, neededAbilities, type OperationEntry } from '../model.ts';
import { operations, subscriptionAbilities } from '../operations/index.ts';
import { type FieldSchema, type ObjectSchema, typesOf } from '../schema.ts';
import type { Ability } from '../vocabulary/abilities.ts';
import { type AppAction, appActions } from './apps.ts';
import type {
	Condition,
	Mapped,
	Part,
	Platform,
	Recipe,
	RecipePart,
	Step,
	Value,
} from './model.ts';

/** Readings of a recipe that rules and projections share. */

type Placed = { readonly platforms?: readonly Platform[] };

const isOn = (platform: Platform, placed: Placed): boolean =>
	placed.platforms?.includes(platform) ?? true;

/** The parts that a platform has, with the steps that it has. */
export function partsOn(recipe: Recipe, platform: Platform): readonly RecipePart[] {
	return recipe.parts
		.filter((part) => isOn(platform, part))
		.map((part) => ({ ...part, steps: stepsOn(part.steps, platform) }));
}

function stepsOn(steps: readonly Step[], platform: Platform): readonly Step[] {
	return steps
		.filter((step) => isOn(platform, step))
		.map((step) => {
			if ('steps' in step) return { ...step, steps: stepsOn(step.steps, platform) };
			if (step.kind !== 'branch') return step;
			return {
				...step,
				then: stepsOn(step.then, platform),
				otherwise: stepsOn(step.otherwise, platform),
			};
		});
}

/** The limits that a platform has. */
export const limitsOn = (recipe: Recipe, platform: Platform): Recipe['limits'] =>
	recipe.limits.filter((limit) => isOn(platform, limit));

/** Name of a part's file, without its ending: `welcome-flow`, `gift-code-campaign.1-order`. */
export function partFileName(recipe: Recipe, part: RecipePart, platform: Platform): string {
	return partsOn(recipe, platform).length === 1 ? recipe.key : `${recipe.key}.${part.key}`;
}

/** A step and all below it, in the order in which they run. */
export function flatten(steps: readonly Step[]): readonly Step[] {
	return steps.flatMap((step): readonly Step[] => {
		if ('steps' in step) return [step, ...flatten(step.steps)];
		if (step.kind === 'branch') return [step, ...flatten(step.then), ...flatten(step.otherwise)];
		return [step];
	});
}

/** The values that earlier steps gave, inside a value. */
export function mappedIn(value: Value | Part): readonly Mapped[] {
	if (typeof value !== 'object') return [];
	if ('from' in value) return [value];
	if ('dayOf' in value) return [value.dayOf];
	if ('linesOf' in value) return [value.linesOf];
	if ('monthlyValueOf' in value) return Object.values(value.monthlyValueOf);
	if ('text' in value) return value.text.flatMap(mappedIn);
	return [];
}

/** What a condition looks at. */
export const mappedInCondition = (condition: Condition): readonly Mapped[] =>
	condition.test === 'same' ? [condition.value, condition.as] : [condition.value];

/** The values that a step is given, by the name of the field. */
export function valuesOf(step: Step): Readonly<Record<string, Value>> {
	switch (step.kind) {
		case 'once':
		case 'remember':
		case 'known':
			return { key: step.key };
		case 'operation':
		case 'each':
			return step.input;
		case 'app':
			return { ...step.fields, ...step.columns };
		case 'words':
		case 'wait':
		case 'branch':
			return {};
	}
}

/** What a mapping can be made from. */
export type Source =
	| { readonly kind: 'event'; readonly event: EventEntry }
	| { readonly kind: 'operation'; readonly operation: OperationEntry }
	| { readonly kind: 'app'; readonly action: AppAction; readonly columns: readonly string[] | null }
	| { readonly kind: 'schedule' }
	| { readonly kind: 'words' };

/** What the steps of a part can be mapped from, by the name that mappings use. Unknown keys give nothing. */
export function sourcesOf(part: RecipePart): ReadonlyMap<string, Source> {
	const { trigger } = part;
	const first = ((): Source | undefined => {
		if (trigger.kind === 'schedule') return { kind: 'schedule' };
		if (trigger.kind === 'app') {
			const action = appActions[trigger.action];
			return action && { kind: 'app', action, columns: trigger.columns };
		}
		const event = eventByType(trigger.event);
		return event && { kind: 'event', event };
	})();
	const rest = flatten(part.steps).map((step): [string, Source | undefined] => {
		if (step.kind === 'operation' || step.kind === 'each') {
			const operation = operations.find((one) => one.key === step.operation);
			return [step.id, operation && { kind: 'operation', operation }];
		}
		if (step.kind === 'words') return [step.id, { kind: 'words' }];
		if (step.kind !== 'app') return [step.id, undefined];
		const action = appActions[step.action];
		// Whatever the table has: only the user knows the columns of a record that was found.
		return [step.id, action && { kind: 'app', action, columns: null }];
	});
	return new Map(
		[['trigger', first] as const, ...rest].filter(
			(entry): entry is [string, Source] => entry[1] !== undefined,
		),
	);
}

const envelope: Readonly<Record<string, FieldSchema>> = {
	id: { type: 'string', title: 'Event ID' },
	type: { type: 'string', title: 'Event Type' },
	created_at: { type: 'string', title: 'Created At' },
	api_version: { type: 'string', title: 'API Version' },
};

/** A field that a mapping names, and whether it may be absent or null. */
export interface FoundField {
	readonly title: string;
	readonly mayBeMissing: boolean;
	readonly isList: boolean;
}

const certain = (title: string): FoundField => ({ title, mayBeMissing: false, isList: false });

/** The field at a path, or null where a source has none. */
export function fieldAt(source: Source, path: string): FoundField | null {
	switch (source.kind) {
		case 'schedule':
			return null;
		case 'words':
			return path === 'value' ? certain('Value') : null;
		case 'app': {
			const output = source.action.output[path];
			if (output !== undefined) return certain(output.zapier);
			const known =
				source.action.columns !== null &&
				(source.columns === null || source.columns.includes(path));
			return known ? certain(path) : null;
		}
		case 'operation':
			return fieldBelow(source.operation.output.schema, path.split('.'));
		case 'event': {
			const [head = '', ...rest] = path.split('.');
			if (head === 'data') return fieldBelow(source.event.data, rest);
			if (rest.length > 0) return null;
			if (head === 'project_id') {
				return familyOf(source.event).scope === 'project' ? certain('Project ID') : null;
			}
			const field = envelope[head];
			return field === undefined ? null : certain(field.title ?? head);
		}
	}
}

function fieldBelow(
	schema: ObjectSchema | FieldSchema,
	path: readonly string[],
	missing = false,
): FoundField | null {
	const [key = '', ...rest] = path;
	const field = schema.properties?.[key];
	if (field === undefined) return null;
	const types = typesOf(field);
	const mayBeMissing = missing || types.includes('null') || !(schema.required ?? []).includes(key);
	if (rest.length > 0) return fieldBelow(field, rest, mayBeMissing);
	return { title: field.title ?? key, mayBeMissing, isList: types.includes('array') };
}

/** Abilities that a token needs for a part: to subscribe to its event, and to call its operations. */
export function abilitiesOf(part: RecipePart): readonly Ability[] {
	const ofTrigger = ((): readonly Ability[] => {
		const event = part.trigger.kind === 'event' ? eventByType(part.trigger.event) : undefined;
		return event === undefined ? [] : subscriptionAbilities(event);
	})();
	const ofSteps = [...sourcesOf(part).values()].flatMap((source) =>
		source.kind === 'operation' ? neededAbilities(source.operation) : [],
	);
	return [...new Set([...ofTrigger, ...ofSteps])].sort();
}
