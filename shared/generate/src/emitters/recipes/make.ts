import { eventByType, operation as operationOf, platform } from '@memberpass/catalogue';
import {
	type AppAction,
	appAction,
	type Condition as RecipeCondition,
	cyclesPerMonth,
	flatten,
	limitsOn,
	type Mapped,
	mappedIn,
	type MonthlyValue,
	type Part,
	partFileName,
	partsOn,
	type Recipe,
	type RecipePart,
	recipes,
	type Step as RecipeStep,
	valuesOf,
	type Value,
} from '@memberpass/catalogue/recipes';

import type { Blueprint, Condition, Filter } from '../../../../../packages/make/src/blueprint.ts';
import { about } from '../../about.ts';
import { addVerifiedEvent, secretCaption, withoutWaiting } from '../make/events.ts';
import { blueprint, Flow, type Step } from '../make/flow.ts';
import {
	call,
	dividedBy,
	type Expression,
	keyword,
	literal,
	plus,
	times,
	value as field,
} from '../make/iml.ts';
import { replaceAll } from '../make/inputs.ts';
import {
	addRecord,
	existRecord,
	feeder,
	ignore,
	keychain,
	retryLater,
	setVariables,
} from '../make/modules.ts';
import { addRequest } from '../make/requests.ts';

/** A blueprint of one part of a recipe. */
export interface RecipeBlueprint {
	readonly recipe: Recipe;
	readonly part: RecipePart;
	/** Whether it is all of the recipe. */
	readonly isOnly: boolean;
	/** Below packages/make. */
	readonly path: string;
	readonly blueprint: Blueprint;
	/** What to do once it is imported, in the order of the modules; without capitals and full stops. */
	readonly afterImport: readonly string[];
}

/** Every blueprint of the recipes, in the order of the gallery. */
export function recipeBlueprints(): readonly RecipeBlueprint[] {
	return recipes.flatMap((recipe) =>
		partsOn(recipe, 'make').map((part, _, parts) => ({
			recipe,
			part,
			isOnly: parts.length === 1,
			path: `recipes/${partFileName(recipe, part, 'make')}.json`,
			...about(`recipe ${recipe.key} on Make`, () => blueprintOf(recipe, part)),
		})),
	);
}

/** One part of a recipe as a blueprint. */
export function blueprintOf(
	recipe: Recipe,
	part: RecipePart,
): Pick<RecipeBlueprint, 'blueprint' | 'afterImport'> {
	const writer = new Writer(recipe, part);
	writer.start();
	writer.addAll(writer.flow, part.steps);
	const name = `${platform.name} recipe: ${recipe.title}`;
	const suffix = partsOn(recipe, 'make').length === 1 ? '' : ` (${part.title.toLowerCase()})`;
	const afterImport = writer.afterImport();
	const description = [
		recipe.summary,
		`After import: ${afterImport.join('; ')}.`,
		...recipe.before,
		...limitsOn(recipe, 'make').map(({ cannot, instead }) => `${cannot} ${instead}`),
	].join(' ');
	return { blueprint: blueprint(name + suffix, description, writer.flow), afterImport };
}

/** What a module puts out, by the paths that the recipe uses. */
type Outputs = (path: string) => Expression;

class Writer {
	readonly flow = new Flow();
	readonly #recipe: Recipe;
	readonly #part: RecipePart;
	readonly #outputs = new Map<string, Outputs>();
	readonly #places: string[] = [];
	readonly #requests: number[] = [];
	readonly #stores: number[] = [];
	/** The hour that a scheduled run is for. A module that is tried again later must not look at a later one. */
	#hour: Expression | null = null;

	constructor(recipe: Recipe, part: RecipePart) {
		this.#recipe = recipe;
		this.#part = part;
		// What failed in another service is tried again; what an iterator finds no list in would be lost without a word.
		this.flow.handlerOf = (module) =>
			/^(http|datastore|builtin):/.test(module) ? retryLater() : ignore();
	}

	/** Adds what starts the scenario. A schedule is no module: it is set after the import. */
	start(): void {
		const { trigger, steps } = this.#part;
		if (trigger.kind === 'schedule' && flatten(steps).some(({ kind }) => kind === 'known')) {
			this.#hour = this.flow
				.add(setVariables('The hour of this run', { hour: field(thisHour) }))
				.out('hour');
		}
		if (trigger.kind === 'event') {
			const event = eventByType(trigger.event);
			if (event === undefined) throw new Error(`There is no event "${trigger.event}".`);
			const fields = addVerifiedEvent(this.flow, event);
			this.#outputs.set('trigger', (path) => fields.out(variableOf(path)));
		}
		if (trigger.kind === 'app') {
			const action = appAction(trigger.action);
			const names = ['id', ...trigger.columns];
			this.#addResults(this.flow, 'trigger', action, names, `Map from ${action.make.module}`);
			this.#places.push(
				`put ${action.make.module} in front of it and map its ${names.join(', ')} into module 1`,
			);
		}
	}

	addAll(flow: Flow, steps: readonly RecipeStep[]): void {
		for (const step of steps) this.#add(flow, step);
	}

	#add(flow: Flow, step: RecipeStep): void {
		switch (step.kind) {
			case 'once':
				this.#addOnce(flow, step);
				return;
			case 'remember':
				this.#stores.push(flow.add(addRecord(step.title, this.#key(step.key))).id);
				return;
			case 'known': {
				const known = flow.add(existRecord(step.title, this.#key(step.key)));
				this.#stores.push(known.id);
				flow.when(existing(known, 'It is due', 'true'));
				return;
			}
			case 'operation':
			case 'each':
				this.#addOperation(flow, step);
				return;
			case 'words':
				this.#addWords(flow, step);
				return;
			case 'app':
				this.#addPlace(flow, step);
				return;
			case 'branch':
				this.#addBranch(flow, step);
				return;
			case 'wait':
				throw new Error('Make cannot wait for hours; give the recipe other parts for it.');
		}
	}

	#addOnce(flow: Flow, step: Extract<RecipeStep, { kind: 'once' }>): void {
		const key = this.#key(step.key);
		const seen = flow.add(existRecord(step.title, key));
		flow.when(existing(seen, 'Not seen before', 'false'));
		const kept = flow.add(addRecord(`Remember: ${step.title.toLowerCase()}`, key));
		this.#stores.push(seen.id, kept.id);
	}

	/** Recipes that share a data store must not take each other's events for their own. */
	#key(one: Value): string {
		return `${this.#recipe.key}/${this.#field(one)}`;
	}

	#addOperation(flow: Flow, step: Extract<RecipeStep, { kind: 'operation' | 'each' }>): void {
		const entry = operationOf(step.operation);
		const input = Object.fromEntries(
			Object.entries(step.input).map(([key, one]) => [key, this.#field(one)]),
		);
		const isWrite = entry.method !== 'GET';
		const { request, rows } = addRequest(flow, entry, {
			input,
			captions: { fill: `Values: ${step.title.toLowerCase()}`, request: step.title },
			// The same for a repeated run of the same delivery, another one for each step.
			...(isWrite ? { idempotencyKey: `${step.id}-${this.#ref('trigger', 'id')}` } : {}),
		});
		this.#requests.push(request.id);
		if (step.kind === 'each' && rows !== null) {
			this.#outputs.set(step.id, (path) => rows.out(...path.split('.')));
			this.addAll(flow, step.steps);
			return;
		}
		this.#outputs.set(step.id, (path) => request.out('data', 'data', ...path.split('.')));
	}

	#addWords(flow: Flow, step: Extract<RecipeStep, { kind: 'words' }>): void {
		const words = flow.add(setVariables(step.title, { words: step.words.join(',') }));
		const one = flow.add(feeder('One after another', call('split', words.out('words'), ',')));
		this.#outputs.set(step.id, (path) => one.out(path));
		this.addAll(flow, step.steps);
	}

	/**
	 * A marked place: Make's import takes modules of other apps only with the account of whoever made them. The values
	 * are ready in a module, after which the user puts the app's own.
	 */
	#addPlace(flow: Flow, step: Extract<RecipeStep, { kind: 'app' }>): void {
		const action = appAction(step.action);
		const values = { ...step.fields, ...step.columns };
		const place = flow.add(
			setVariables(
				`Add after this: ${action.make.module}`,
				Object.fromEntries(
					Object.entries(values).map(([name, one]) => [
						name,
						this.#field(one, action.markup?.includes(name)),
					]),
				),
			),
		);
		const labels = Object.entries(step.fields).map(
			([name]) => `"${name}" to ${action.make.fields[name] ?? name}`,
		);
		const columns = Object.keys(step.columns ?? {});
		const more =
			columns.length === 0
				? []
				: [
						`${columns.map((column) => `"${column}"`).join(', ')} to ${columns.length === 1 ? 'the field of the same name' : 'the fields of the same names'}`,
					];
		this.#places.push(
			`after module ${place.id} (${step.title.toLowerCase()}) add ${action.make.module} and map ${[...labels, ...more].join(', ')}`,
		);
		const wanted = this.#pathsOf(step.id);
		if (wanted.length === 0) return;
		const caption = `Map from ${action.make.module}`;
		const results = this.#addResults(flow, step.id, action, wanted, caption);
		this.#places.push(`map its ${wanted.join(', ')} into module ${results.id}`);
	}

	/** Variables that the user maps from a module of another app, which later modules read. */
	#addResults(
		flow: Flow,
		from: string,
		action: AppAction,
		names: readonly string[],
		caption: string,
	): Step {
		const results = flow.add(
			setVariables(
				caption,
				Object.fromEntries(names.map((name) => [name, placeholder(action, name)])),
			),
		);
		this.#outputs.set(from, (path) => results.out(path));
		flow.when({
			name: 'They are mapped',
			conditions: [
				names.map((name) => ({
					a: field(results.out(name)),
					o: 'text:notequal',
					b: placeholder(action, name),
				})),
			],
		});
		return results;
	}

	/** What later steps map from a step. */
	#pathsOf(id: string): readonly string[] {
		const mapped = flatten(this.#part.steps).flatMap((step) =>
			Object.values(valuesOf(step)).flatMap(mappedIn),
		);
		return [...new Set(mapped.filter(({ from }) => from === id).map(({ path }) => path))];
	}

	#addBranch(flow: Flow, step: Extract<RecipeStep, { kind: 'branch' }>): void {
		const conditions = step.when.map((one) => this.#condition(one));
		const yes: Filter = {
			name: `${step.title} Yes`,
			conditions: product(conditions.map(({ holds }) => holds)),
		};
		if (step.otherwise.length === 0) {
			flow.when(yes);
			this.addAll(flow, step.then);
			return;
		}
		// One condition that fails is enough for the other way.
		const no: Filter = {
			name: `${step.title} No`,
			conditions: conditions.flatMap(({ fails }) => fails),
		};
		flow.route(
			[[yes, step.then] as const, [no, step.otherwise] as const].map(
				([filter, steps]) =>
					(route: Flow) => {
						route.when(filter);
						this.addAll(route, steps);
					},
			),
		);
	}

	#condition(condition: RecipeCondition): { holds: Condition[][]; fails: Condition[][] } {
		const a = field(this.#path(condition.value));
		switch (condition.test) {
			case 'exists':
				return {
					holds: [
						[
							{ a, o: 'exist' },
							{ a, o: 'text:notequal', b: '' },
						],
					],
					fails: [[{ a, o: 'notexist' }], [{ a, o: 'text:equal', b: '' }]],
				};
			case 'one_of':
				return {
					holds: condition.words.map((b) => [{ a, o: 'text:equal', b }]),
					fails: [condition.words.map((b) => ({ a, o: 'text:notequal', b }))],
				};
			case 'same': {
				const b = field(this.#path(condition.as));
				return { holds: [[{ a, o: 'text:equal', b }]], fails: [[{ a, o: 'text:notequal', b }]] };
			}
		}
	}

	#ref(from: string, path: string): string {
		return field(this.#path({ from, path }));
	}

	#path({ from, path }: Mapped): Expression {
		const outputs = this.#outputs.get(from);
		if (outputs === undefined) throw new Error(`Nothing comes from "${from}".`);
		return outputs(path);
	}

	/**
	 * A text field of Make.
	 *
	 * @param isMarkup of a field in which what strangers wrote has to be masked.
	 */
	#field(one: Value, isMarkup = false): string {
		if (typeof one === 'number') return String(one);
		if (typeof one === 'string') return one;
		if ('choose' in one) return chosen(one.choose, one.example);
		if ('text' in one) return one.text.map((part) => this.#write(part, isMarkup)).join('');
		return this.#write(one, isMarkup);
	}

	#write(part: Part, isMarkup: boolean): string {
		if (typeof part === 'string') return part;
		if ('from' in part) {
			const path = this.#path(part);
			const other = part.otherwise === '' ? keyword('emptystring') : part.otherwise;
			const known = other === undefined ? path : call('ifempty', path, other);
			return field(isMarkup && part.byStranger === true ? masked(known) : known);
		}
		if ('dayOf' in part) {
			const path = this.#path(part.dayOf);
			const { otherwise } = part.dayOf;
			if (otherwise === undefined) return field(call('substring', path, 0, 10));
			// What substring makes of nothing is not documented, so it gets an empty text.
			const day = call('substring', call('ifempty', path, keyword('emptystring')), 0, 10);
			return field(call('ifempty', day, literal(otherwise)));
		}
		if ('hoursFromNow' in part) {
			const hour = this.#hour ?? thisHour;
			return field(part.hoursFromNow === 0 ? hour : plus(hour, part.hoursFromNow));
		}
		if ('monthlyValueOf' in part) return field(this.#monthlyValue(part));
		// A text cannot go through a list: each column is written as a whole.
		const rows = this.#path(part.linesOf);
		return part.parts
			.map((one) =>
				typeof one === 'string' ? one : field(call('join', call('map', rows, one.key), ', ')),
			)
			.join('');
	}

	#monthlyValue({ monthlyValueOf: { price, cycle, count } }: MonthlyValue): Expression {
		const cycles = Object.keys(cyclesPerMonth).join(',');
		const factors = Object.entries(cyclesPerMonth).flatMap(([key, [above, below]]) => [
			literal(key),
			below === 1 ? numeric(above) : dividedBy(numeric(above), below),
		]);
		const one = (mapped: Mapped): Expression =>
			mapped.otherwise === undefined
				? this.#path(mapped)
				: call('ifempty', this.#path(mapped), mapped.otherwise);
		const number = (mapped: Mapped): Expression =>
			call('parseNumber', call('toString', one(mapped)), '.');
		const monthly = dividedBy(
			times(number(price), call('switch', this.#path(cycle), ...factors, 0)),
			number(count),
		);
		return call(
			'if',
			call('contains', call('split', cycles, ','), this.#path(cycle)),
			// Make puts a separator between thousands by itself, and nothing says that an empty text keeps it from that.
			replaceAll(
				call('formatNumber', monthly, 2, '.', keyword('space')),
				keyword('space'),
				keyword('emptystring'),
			),
			keyword('emptystring'),
		);
	}

	/** What to do after the import. */
	afterImport(): readonly string[] {
		const { trigger } = this.#part;
		const secret = this.flow.modules.find(
			({ metadata }) => metadata.designer.name === secretCaption,
		);
		const modules = (ids: readonly number[]): string =>
			`${ids.length === 1 ? 'module' : 'modules'} ${ids.join(', ')}`;
		return [
			...(trigger.kind === 'event'
				? [
						`module 1: create a webhook with "Get request headers" and "JSON pass-through" switched on, and register its address with ${platform.name} for ${trigger.event} (the set-up blueprint does that)`,
						`module ${secret?.id ?? ''}: paste the signing secret`,
					]
				: []),
			...(trigger.kind === 'schedule'
				? [
						trigger.every === 'hour'
							? 'schedule the scenario every 60 minutes'
							: `schedule the scenario for each ${trigger.day} at ${trigger.hour}:00`,
					]
				: []),
			...(this.#stores.length === 0
				? []
				: [
						`${modules(this.#stores)}: choose a data store, the same one everywhere in this recipe (create one without a data structure)`,
					]),
			...(this.#requests.length === 0 ? [] : [`${modules(this.#requests)}: ${keychain}`]),
			...this.#places,
			trigger.kind === 'event'
				? 'give each module that you add a Break error handler: an unhandled error switches a scenario with a webhook off'
				: 'give each module that you add a Break error handler',
			'in the scenario settings switch on "Store incomplete executions", so that failed runs are tried again',
			trigger.kind === 'event'
				? `switch the scenario on, ${withoutWaiting}`
				: 'switch the scenario on',
		];
	}
}

/** Counted from 1970. */
const thisHour: Expression = call('floor', dividedBy(keyword('timestamp'), 3600));

const numeric = (value: number): Expression => ({ iml: String(value) });

/** `<`, `>` and `&` as in HTML, the last one first. */
const masked = (text: Expression): Expression =>
	replaceAll(replaceAll(replaceAll(text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;');

/** Names that {@link addVerifiedEvent} gives the fields of an event. */
function variableOf(path: string): string {
	const [head = '', ...rest] = path.split('.');
	if (head === 'data') return rest.join('_');
	return head === 'project_id' ? head : `event_${head}`;
}

const placeholder = (action: AppAction, name: string): string =>
	`<${name === 'id' ? 'ID' : name} of ${action.make.module}>`;

/** What the user chooses: as it may stay, or as a placeholder where the example is somebody's ID. */
const chosen = (what: string, example: string): string =>
	/^(#[a-z-]+|\S+@example\.com)$/.test(example) ? example : `<${what}>`;

const existing = (known: Step, name: string, b: 'true' | 'false'): Filter => ({
	name,
	conditions: [[{ a: field(known.out('exist')), o: 'boolean:equal', b }]],
});

/** All of several alternatives: one alternative of each, in every combination. */
const product = (
	all: readonly (readonly (readonly Condition[])[])[],
): readonly (readonly Condition[])[] =>
	all.reduce<readonly (readonly Condition[])[]>(
		(done, alternatives) => done.flatMap((some) => alternatives.map((more) => [...some, ...more])),
		[[]],
	);
