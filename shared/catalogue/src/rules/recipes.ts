import { eventByType } from '../events/index.ts';
import type { OperationEntry } from '../model.ts';
import { operations } from '../operations/index.ts';
import {
	appActions,
	type Condition,
	fieldAt,
	flatten,
	type Mapped,
	mappedIn,
	mappedInCondition,
	type Part,
	type Platform,
	partsOn,
	type Recipe,
	type RecipePart,
	type Source,
	sourcesOf,
	type Step,
	type Value,
	valuesOf,
} from '../recipes/index.ts';
import * as copy from './copy.ts';
import * as facts from './facts.ts';
import { broken, type Finding, hold } from './rule.ts';

const platforms: readonly Platform[] = ['zapier', 'n8n', 'make'];

/** Holds a recipe against what the catalogue and each platform know. Findings say what to write, once for all platforms. */
export function auditRecipe(recipe: Recipe): readonly Finding[] {
	const findings = findingsOf(recipe);
	const said = findings.map(({ message }) => message);
	return findings.filter(({ message }, index) => said.indexOf(message) === index);
}

function findingsOf(recipe: Recipe): readonly Finding[] {
	const name = `recipe ${recipe.key}`;
	return [
		...hold(facts.fileKey, name, 'key', recipe.key),
		...hold(copy.title, name, 'title', recipe.title),
		...hold(copy.sentence, name, 'summary', recipe.summary),
		...hold(facts.evidence, name, 'evidence', recipe.evidence),
		...hold(facts.sources, name, 'sources', recipe.sources),
		...recipe.before.flatMap((line) => hold(copy.sentence, name, 'before', line)),
		...recipe.limits.flatMap((limit) => [
			...hold(copy.sentence, name, 'limit', limit.cannot),
			...hold(copy.sentence, name, 'limit', limit.instead),
		]),
		...recipe.parts.flatMap((part) => hold(facts.fileKey, name, 'key of a part', part.key)),
		...platforms.flatMap((platform) => {
			const parts = partsOn(recipe, platform);
			return parts.length === 0
				? [broken(name, 'parts', 'every-platform', `leave ${platform} out. Add a part for it`)]
				: [
						...repeated(parts.map((part) => part.key)).map((key) =>
							broken(name, `part ${key}`, 'one-key', 'is there twice. Give each part its own key'),
						),
						...parts.flatMap((part) => auditPart(`${name}, part ${part.key}`, part, platform)),
					];
		}),
	];
}

function auditPart(name: string, part: RecipePart, platform: Platform): readonly Finding[] {
	const steps = flatten(part.steps);
	const sources = sourcesOf(part);
	return [
		...hold(copy.stepTitle, name, 'title', part.title),
		...auditTrigger(name, part),
		...repeated(steps.map((step) => step.id)).map((id) =>
			broken(name, id, 'one-id', 'is the id of two steps. Give each its own'),
		),
		...repeated(steps.map((step) => step.title)).map((title) =>
			broken(name, JSON.stringify(title), 'one-title', 'names two steps. n8n needs one for each'),
		),
		...auditList(name, part.steps, { sources, earlier: ['trigger'], checked: [], platform }),
	];
}

const repeated = (values: readonly string[]): readonly string[] =>
	values.filter((value, index) => values.indexOf(value) < index);

function auditTrigger(name: string, part: RecipePart): readonly Finding[] {
	const { trigger } = part;
	const [first] = part.steps;
	if (trigger.kind === 'schedule') return [];
	const isOnce =
		first?.kind === 'once' &&
		typeof first.key === 'object' &&
		'from' in first.key &&
		first.key.from === 'trigger' &&
		first.key.path === 'id';
	const event = trigger.kind === 'event' ? eventByType(trigger.event) : undefined;
	const known = (trigger.kind === 'event' ? event : appActions[trigger.action]) !== undefined;
	const called = trigger.kind === 'event' ? trigger.event : trigger.action;
	const neverSent = event?.caveats.some((caveat) => caveat.kind === 'not_firing') === true;
	return [
		...(known ? [] : [broken(name, 'trigger', 'known-trigger', `is the unknown "${called}"`)]),
		...(neverSent
			? [broken(name, 'trigger', 'sent-event', `waits for "${called}", which is not sent yet`)]
			: []),
		...(isOnce
			? []
			: [
					broken(
						name,
						'steps',
						'once',
						"do not begin with a once step on the trigger's id. Deliveries come at least once, so add it",
					),
				]),
	];
}

interface Scope {
	readonly sources: ReadonlyMap<string, Source>;
	/** Steps that ran before, whose values can be mapped. */
	readonly earlier: readonly string[];
	/** Values that a branch found to be there. */
	readonly checked: readonly Mapped[];
	readonly platform: Platform;
}

function auditList(name: string, steps: readonly Step[], scope: Scope): readonly Finding[] {
	const { findings } = steps.reduce(
		({ findings, scope }, step, index) => ({
			findings: [
				...findings,
				...hold(facts.snakeKey, name, 'step', step.id),
				...hold(copy.stepTitle, name, `step ${step.id}`, step.title),
				...auditEnd(name, step, steps.slice(index + 1)),
				...auditStep(name, step, scope),
			],
			scope: { ...scope, earlier: [...scope.earlier, step.id] },
		}),
		{ findings: [] as readonly Finding[], scope },
	);
	return findings;
}

/** What follows a branch or a loop would run once for each way or row, differently on each platform. */
function auditEnd(name: string, step: Step, after: readonly Step[]): readonly Finding[] {
	return (step.kind === 'branch' || 'steps' in step) && after.length > 0
		? [broken(name, `step ${step.id}`, 'last', 'is followed by others. Put them inside it')]
		: [];
}

function auditStep(name: string, step: Step, scope: Scope): readonly Finding[] {
	const where = `step ${step.id}`;
	return [
		...auditPlatform(name, step, scope.platform),
		...Object.entries(valuesOf(step)).flatMap(([field, value]) =>
			auditValue(name, `${where}, ${field}`, value, scope),
		),
		...(step.kind === 'operation' || step.kind === 'each' ? auditCall(name, step) : []),
		...(step.kind === 'app' ? auditApp(name, step.action, where, step) : []),
		...('steps' in step
			? auditList(name, step.steps, { ...scope, earlier: [...scope.earlier, step.id] })
			: []),
		...(step.kind === 'branch' ? auditBranch(name, where, step, scope) : []),
	];
}

function auditBranch(
	name: string,
	where: string,
	step: Extract<Step, { kind: 'branch' }>,
	scope: Scope,
): readonly Finding[] {
	const proves = (condition: Condition) => condition.test !== 'same';
	const checked = step.when.filter(proves).map((condition) => condition.value);
	return [
		...step.when.flatMap((condition) =>
			mappedInCondition(condition).flatMap((mapped) => auditMapped(name, where, mapped, scope)),
		),
		...auditList(name, step.then, { ...scope, checked: [...scope.checked, ...checked] }),
		...auditList(name, step.otherwise, scope),
	];
}

function auditPlatform(name: string, step: Step, platform: Platform): readonly Finding[] {
	const where = `step ${step.id}`;
	if (platform === 'make' && step.kind === 'wait') {
		return [broken(name, where, 'make-wait', 'waits on Make, which cannot. Give Make other parts')];
	}
	if (platform !== 'make' && ['remember', 'known', 'words'].includes(step.kind)) {
		return [broken(name, where, 'make-only', `is for Make only. Leave ${platform} out`)];
	}
	if (platform === 'zapier' && step.kind === 'each') {
		return [broken(name, where, 'zapier-each', 'loops on Zapier, which takes the first row')];
	}
	return [];
}

function auditValue(
	name: string,
	where: string,
	value: Value | Part,
	scope: Scope,
): readonly Finding[] {
	const hours =
		typeof value === 'object' &&
		('hoursFromNow' in value ||
			('text' in value &&
				value.text.some((part) => typeof part === 'object' && 'hoursFromNow' in part)));
	return [
		...(hours && scope.platform !== 'make'
			? [broken(name, where, 'make-only', 'tells an hour, which only Make can')]
			: []),
		...mappedIn(value).flatMap((mapped) => [
			...auditMapped(name, where, mapped, scope),
			...auditMissing(name, where, mapped, scope),
		]),
	];
}

function auditMapped(
	name: string,
	where: string,
	mapped: Mapped,
	scope: Scope,
): readonly Finding[] {
	if (!scope.earlier.includes(mapped.from)) {
		return [
			broken(
				name,
				where,
				'earlier-step',
				`maps from "${mapped.from}", which does not run before it`,
			),
		];
	}
	const source = scope.sources.get(mapped.from);
	return source === undefined || fieldAt(source, mapped.path) === null
		? [broken(name, where, 'known-field', `maps "${mapped.path}", which "${mapped.from}" has not`)]
		: [];
}

/** A text must not read "null", and a field that needs a value must get one. */
function auditMissing(
	name: string,
	where: string,
	mapped: Mapped,
	scope: Scope,
): readonly Finding[] {
	const source = scope.sources.get(mapped.from);
	const field = source === undefined ? null : fieldAt(source, mapped.path);
	const isChecked = scope.checked.some(
		(one) => one.from === mapped.from && one.path === mapped.path,
	);
	return field?.mayBeMissing === true && mapped.otherwise === undefined && !isChecked
		? [
				broken(
					name,
					where,
					'may-be-missing',
					`maps "${mapped.path}" of "${mapped.from}", which may be empty. Give it a stand-in, or check it in a branch`,
				),
			]
		: [];
}

function auditCall(
	name: string,
	step: Extract<Step, { kind: 'operation' | 'each' }>,
): readonly Finding[] {
	const where = `step ${step.id}`;
	const entry = operations.find((one) => one.key === step.operation);
	if (entry === undefined || entry.kind === 'read') {
		return [
			broken(
				name,
				where,
				'known-operation',
				`calls "${step.operation}". Name an action or a search`,
			),
		];
	}
	const isList = entry.output.shape === 'many';
	return [
		...(isList === (step.kind === 'each')
			? []
			: [
					broken(
						name,
						where,
						'shape',
						isList
							? `finds rows. Make it an each step`
							: `loops over "${step.operation}", which finds one`,
					),
				]),
		...auditInputs(name, where, entry, step.input),
	];
}

function auditInputs(
	name: string,
	where: string,
	entry: OperationEntry,
	input: Readonly<Record<string, Value>>,
): readonly Finding[] {
	const { properties, required = [] } = entry.input;
	return [
		...required
			.filter((key) => input[key] === undefined || input[key] === '')
			.map((key) => broken(name, where, 'required-input', `leaves the input "${key}" out`)),
		...Object.entries(input).flatMap(([key, value]) => {
			const field = properties[key];
			if (field === undefined) {
				return [broken(name, where, 'known-input', `fills in the unknown input "${key}"`)];
			}
			return field.enum !== undefined && !field.enum.includes(value as string)
				? [
						broken(
							name,
							where,
							'known-choice',
							`gives "${key}" a value that is none of its choices`,
						),
					]
				: [];
		}),
	];
}

function auditApp(
	name: string,
	key: string,
	where: string,
	step: Extract<Step, { kind: 'app' }>,
): readonly Finding[] {
	const action = appActions[key];
	if (action === undefined) {
		return [broken(name, where, 'known-app', `does the unknown "${key}". Add it to apps.ts`)];
	}
	const wanted = Object.keys(action.fields);
	const given = Object.keys(step.fields);
	return [
		...wanted
			.filter((field) => !given.includes(field))
			.map((field) => broken(name, where, 'app-field', `leaves the field "${field}" out`)),
		...given
			.filter((field) => !wanted.includes(field))
			.map((field) => broken(name, where, 'app-field', `fills in the unknown field "${field}"`)),
		...(step.columns !== undefined && action.columns === null
			? [broken(name, where, 'app-columns', `gives columns to "${key}", which takes none`)]
			: []),
	];
}
