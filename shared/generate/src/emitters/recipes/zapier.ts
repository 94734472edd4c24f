import { eventByType, operation as operationOf, zapierTriggerKey } from '@memberpass/catalogue';
import {
	type AppAction,
	appAction,
	type Condition,
	cyclesPerMonth,
	type Mapped,
	type MonthlyValue,
	type Part,
	type Recipe,
	type RecipePart,
	type Step,
	type Value,
} from '@memberpass/catalogue/recipes';
import type { PlainOutputField } from 'zapier-platform-core';

import app from '../../../../../packages/zapier/src/index.ts';

/** A field of an earlier step, as Zapier's editor offers it. */
export interface Pill {
	readonly step: number;
	/** Key in the step's output: `data__plan_id`. */
	readonly key: string;
	/** Name in the editor. */
	readonly label: string;
}

/** Text and fields of earlier steps, one after another. */
export type ZapValue = readonly (string | Pill)[];

export interface ZapField {
	/** Name in the editor. */
	readonly label: string;
	/** Key of the input; null in apps that are not ours. */
	readonly key: string | null;
	readonly value: ZapValue;
}

export interface ZapRule {
	readonly value: Pill;
	/** As Zapier's editor words it: `(Text) Exists`. */
	readonly test: string;
	readonly to: string | null;
}

/** One step of a Zap, in the order in which it is built. */
export interface ZapStep {
	readonly number: number;
	/** `MemberPass`, `Slack`, `Filter by Zapier`. */
	readonly app: string;
	/** Name of the trigger, action or search in the editor. */
	readonly event: string;
	/** Our own steps: where it is in the app, and its key there. */
	readonly own: { readonly kind: 'triggers' | 'creates' | 'searches'; readonly key: string } | null;
	/** What it is for. */
	readonly title: string;
	readonly fields: readonly ZapField[];
	/** Filters and paths: what lets a run go on, joined by "and" or "or". */
	readonly rules: readonly ZapRule[];
	readonly joined: 'and' | 'or';
	/** Paths: what stands in each. */
	readonly paths: readonly {
		readonly name: string;
		readonly rules: readonly ZapRule[];
		readonly joined: 'and' | 'or';
		readonly steps: readonly ZapStep[];
	}[];
	/** Something to do or to know beside the fields. */
	readonly note: string | null;
}

/** The steps of one part of a recipe as a Zap. */
export function zapOf(recipe: Recipe, part: RecipePart): readonly ZapStep[] {
	return new Writer(recipe, part).steps();
}

/** What a step puts out: the pill for a path of the recipe. */
type Outputs = (path: string) => Pill;

const nothing = { own: null, fields: [], rules: [], joined: 'and', paths: [], note: null } as const;

interface Scope {
	readonly outputs: Map<string, Outputs>;
	/** Formatter steps that stand in for empty values, by what they stand in for. */
	readonly helpers: Map<string, Pill>;
	readonly steps: ZapStep[];
}

class Writer {
	readonly #recipe: Recipe;
	readonly #part: RecipePart;
	#last = 0;

	constructor(recipe: Recipe, part: RecipePart) {
		this.#recipe = recipe;
		this.#part = part;
	}

	steps(): readonly ZapStep[] {
		const scope: Scope = { outputs: new Map(), helpers: new Map(), steps: [] };
		this.#addTrigger(scope);
		this.#addAll(scope, this.#part.steps);
		return scope.steps;
	}

	#push(scope: Scope, step: Omit<ZapStep, 'number'>): number {
		const number = ++this.#last;
		scope.steps.push({ number, ...step });
		return number;
	}

	#addTrigger(scope: Scope): void {
		const { trigger } = this.#part;
		if (trigger.kind === 'event') {
			const event = eventByType(trigger.event);
			if (event === undefined) throw new Error(`There is no event "${trigger.event}".`);
			const own = { kind: 'triggers', key: zapierTriggerKey(event.type) } as const;
			const number = this.#push(scope, {
				...nothing,
				app: 'MemberPass',
				event: event.label,
				own,
				title: 'Start with each event',
				note: [
					...(hasInput(own, 'project_id') ? ['Choose a project to get only its events.'] : []),
					'The test shows your recent events.',
				].join(' '),
			});
			scope.outputs.set('trigger', ownOutputs(number, own));
		}
		if (trigger.kind === 'app') {
			const action = appAction(trigger.action);
			const number = this.#push(scope, {
				...nothing,
				app: action.app,
				event: action.zapier.event,
				title: action.title,
				fields: this.#fields(scope, action, trigger.fields),
			});
			scope.outputs.set('trigger', appOutputs(number, action));
		}
		if (trigger.kind === 'schedule') {
			if (trigger.every === 'hour') throw new Error('No Zap starts every hour.');
			this.#push(scope, {
				...nothing,
				app: 'Schedule by Zapier',
				event: 'Every Week',
				title: 'Start each week',
				fields: [
					{ label: 'Day of the Week', key: null, value: [trigger.day] },
					{ label: 'Time of Day', key: null, value: [`${trigger.hour}:00`] },
				],
			});
		}
	}

	#addAll(scope: Scope, steps: readonly Step[]): void {
		for (const step of steps) this.#add(scope, step);
	}

	#add(scope: Scope, step: Step): void {
		switch (step.kind) {
			case 'once':
				this.#addOnce(scope, step);
				return;
			case 'operation':
				this.#addOperation(scope, step);
				return;
			case 'app':
				this.#addApp(scope, step);
				return;
			case 'wait':
				this.#push(scope, {
					...nothing,
					app: 'Delay by Zapier',
					event: 'Delay For',
					title: step.title,
					fields: [
						{ label: 'Time Delayed For (value)', key: null, value: [String(step.hours)] },
						{ label: 'Time Delayed For (unit)', key: null, value: ['hours'] },
					],
				});
				return;
			case 'branch':
				this.#addBranch(scope, step);
				return;
			case 'each':
			case 'remember':
			case 'known':
			case 'words':
				throw new Error(`"${this.#recipe.key}" has a step "${step.kind}", which Zapier cannot do.`);
		}
	}

	/** A search that creates what it does not find tells whether it found it; keys of a Zap's own table do not expire. */
	#addOnce(scope: Scope, step: Extract<Step, { kind: 'once' }>): void {
		const key = this.#value(scope, step.key);
		const number = this.#push(scope, {
			...nothing,
			app: 'Zapier Tables',
			event: 'Find Record',
			title: step.title,
			fields: [
				{ label: 'Table', key: null, value: ['Handled, a table with one text field called Key'] },
				{ label: 'Lookup Field', key: null, value: ['Key'] },
				{ label: 'Lookup Value', key: null, value: [`${this.#recipe.key}/`, ...key] },
			],
			note: 'Tick "Create Zapier Tables record if it doesn’t exist yet?" and map the same value into Key.',
		});
		this.#push(scope, {
			...nothing,
			app: 'Filter by Zapier',
			event: 'Only continue if…',
			title: 'Continue only if it is new',
			rules: [
				{
					value: {
						step: number,
						key: '_zap_search_was_found_status',
						label: 'Zap Search Was Found Status',
					},
					test: '(Boolean) Is false',
					to: null,
				},
			],
		});
	}

	#addOperation(scope: Scope, step: Extract<Step, { kind: 'operation' }>): void {
		const entry = operationOf(step.operation);
		const own = {
			kind: entry.kind === 'action' ? 'creates' : 'searches',
			key: entry.key,
		} as const;
		const fields = Object.entries(step.input).map(([key, one]): ZapField => ({
			label: inputLabel(own, key),
			key,
			value: labelled(own, key, this.#value(scope, one)),
		}));
		// The same values are written once a day without it, so a second order of a plan would be lost.
		const deduplication = hasInput(own, 'deduplication_key')
			? [
					{
						label: inputLabel(own, 'deduplication_key'),
						key: 'deduplication_key',
						value: [pillOf(scope, { from: 'trigger', path: 'id' })],
					},
				]
			: [];
		const number = this.#push(scope, {
			...nothing,
			app: 'MemberPass',
			event: entry.label,
			own,
			title: step.title,
			fields: [...fields, ...deduplication],
			note: leavesOthersEmpty(own, [...fields, ...deduplication])
				? 'Leave the other fields empty.'
				: null,
		});
		scope.outputs.set(step.id, ownOutputs(number, own));
	}

	#addApp(scope: Scope, step: Extract<Step, { kind: 'app' }>): void {
		const action = appAction(step.action);
		const fields = this.#fields(scope, action, step.fields);
		const columns = Object.entries(step.columns ?? {}).map(([label, one]): ZapField => ({
			label,
			key: null,
			value: this.#value(scope, one),
		}));
		const number = this.#push(scope, {
			...nothing,
			app: action.app,
			event: action.zapier.event,
			title: step.title,
			fields: [...fields, ...columns],
		});
		scope.outputs.set(step.id, appOutputs(number, action));
	}

	#fields(
		scope: Scope,
		action: AppAction,
		given: Readonly<Record<string, Value>>,
	): readonly ZapField[] {
		return Object.entries(given).map(([key, one]) => ({
			label: action.zapier.fields[key] ?? key,
			key: null,
			value: this.#value(scope, one),
		}));
	}

	#addBranch(scope: Scope, step: Extract<Step, { kind: 'branch' }>): void {
		const [condition, ...more] = step.when;
		if (condition === undefined || more.length > 0) {
			throw new Error('A Zap of ours has one condition in each filter.');
		}
		const yes = rulesOf(scope, condition, true);
		if (step.otherwise.length === 0) {
			this.#push(scope, {
				...nothing,
				app: 'Filter by Zapier',
				event: 'Only continue if…',
				title: step.title,
				...yes,
			});
			this.#addAll(scope, step.then);
			return;
		}
		const number = ++this.#last;
		const path = (
			name: string,
			rules: Pick<ZapStep, 'rules' | 'joined'>,
			steps: readonly Step[],
		) => {
			const inner: Scope = {
				outputs: new Map(scope.outputs),
				helpers: new Map(scope.helpers),
				steps: [],
			};
			this.#addAll(inner, steps);
			return { name, ...rules, steps: inner.steps };
		};
		scope.steps.push({
			number,
			...nothing,
			app: 'Paths by Zapier',
			event: 'Split into paths',
			title: step.title,
			paths: [
				path('Yes', yes, step.then),
				path('No', rulesOf(scope, condition, false), step.otherwise),
			],
		});
	}

	#value(scope: Scope, value: Value): ZapValue {
		if (typeof value === 'number') return [String(value)];
		if (typeof value === 'string') return [value];
		if ('choose' in value) return [`choose: ${value.choose}, such as ${value.example}`];
		if ('text' in value) return value.text.flatMap((part) => this.#parts(scope, part));
		return this.#parts(scope, value);
	}

	#parts(scope: Scope, part: Part): ZapValue {
		if (typeof part === 'string') return [part];
		if ('from' in part) {
			return [part.otherwise === undefined ? pillOf(scope, part) : this.#standIn(scope, part)];
		}
		if ('dayOf' in part) return [this.#day(scope, part.dayOf)];
		if ('monthlyValueOf' in part) return [this.#monthlyValue(scope, part)];
		if ('linesOf' in part) {
			const { from, path } = part.linesOf;
			return part.parts.map((one) =>
				typeof one === 'string' ? one : pillOf(scope, { from, path: `${path}[]${one.key}` }),
			);
		}
		throw new Error('Zapier waits by itself and needs no hour.');
	}

	/** A mapped field that is empty leaves a gap in a text; Formatter puts something there. */
	#standIn(scope: Scope, mapped: Mapped): Pill {
		const { otherwise = '' } = mapped;
		if (otherwise === '') return pillOf(scope, mapped);
		return this.#orElse(scope, mapped, pillOf(scope, mapped), otherwise);
	}

	#orElse(scope: Scope, mapped: Mapped, pill: Pill, otherwise: string): Pill {
		return this.#helper(scope, `${mapped.from}.${mapped.path} in ${pill.step} or ${otherwise}`, {
			event: 'Text',
			title: `Fall back to "${otherwise}" if ${pillOf(scope, mapped).label} is empty`,
			fields: [
				['Transform', ['Default Value']],
				['Input', [pill]],
				['Default Value', [otherwise]],
			],
		});
	}

	/** Formatting fails on a date that is empty, so one that may be is cut as a text. */
	#day(scope: Scope, mapped: Mapped): Pill {
		const { otherwise } = mapped;
		if (otherwise !== undefined) {
			const cut = this.#helper(scope, `day of ${mapped.from}.${mapped.path}, if any`, {
				event: 'Text',
				title: `Take the day of ${pillOf(scope, mapped).label} only`,
				fields: [
					['Transform', ['Truncate']],
					['Input', [pillOf(scope, mapped)]],
					['Max Length', ['10']],
				],
			});
			return this.#orElse(scope, mapped, cut, otherwise);
		}
		return this.#helper(scope, `day of ${mapped.from}.${mapped.path}`, {
			event: 'Date / Time',
			title: 'Take the day only',
			fields: [
				['Transform', ['Format']],
				['Input', [pillOf(scope, mapped)]],
				['To Format', ['YYYY-MM-DD']],
				['To Timezone', ['UTC']],
			],
		});
	}

	#monthlyValue(scope: Scope, { monthlyValueOf: { price, cycle, count } }: MonthlyValue): Pill {
		const factors = Object.entries(cyclesPerMonth);
		const times = this.#standIn(scope, count);
		const formula: (string | Pill)[] = ['ROUND('];
		for (const [key, [above, below]] of factors) {
			formula.push(
				'IF("',
				pillOf(scope, cycle),
				`"="${key}",${below === 1 ? above : `${above}/${below}`},`,
			);
		}
		formula.push(`""${')'.repeat(factors.length)}*`, pillOf(scope, price), '/', times, ',2)');
		return this.#helper(scope, 'monthly value', {
			event: 'Numbers',
			title: 'Calculate the monthly value',
			fields: [
				['Transform', ['Spreadsheet-Style Formula']],
				['Formula', formula],
			],
		});
	}

	#helper(
		scope: Scope,
		name: string,
		step: {
			readonly event: string;
			readonly title: string;
			readonly fields: readonly (readonly [string, ZapValue])[];
		},
	): Pill {
		const known = scope.helpers.get(name);
		if (known !== undefined) return known;
		const number = this.#push(scope, {
			...nothing,
			app: 'Formatter by Zapier',
			event: step.event,
			title: step.title,
			fields: step.fields.map(([label, value]) => ({ label, key: null, value })),
		});
		const pill = { step: number, key: 'output', label: 'Output' };
		scope.helpers.set(name, pill);
		return pill;
	}
}

type Own = NonNullable<ZapStep['own']>;

interface Definition {
	readonly operation: {
		readonly inputFields?: readonly unknown[];
		readonly outputFields?: readonly unknown[];
	};
}

function definitionOf({ kind, key }: Own): Definition {
	const all = app[kind] as Readonly<Record<string, Definition>>;
	const found = all[key];
	if (found === undefined) throw new Error(`The Zapier app has no ${kind} "${key}".`);
	return found;
}

interface InputField {
	readonly key: string;
	readonly label?: string;
	readonly type?: string;
	readonly choices?: unknown;
}

const inputsOf = (own: Own): readonly InputField[] =>
	(definitionOf(own).operation.inputFields ?? []).filter(
		(field): field is InputField => typeof field === 'object' && field !== null && 'key' in field,
	);

/** A form that is filled in whole has no other fields to leave empty. */
const leavesOthersEmpty = (own: Own, filled: readonly ZapField[]): boolean =>
	inputsOf(own).some(
		({ key, type }) => type !== 'copy' && filled.every((field) => field.key !== key),
	);

const hasInput = (own: Own, key: string): boolean =>
	inputsOf(own).some((field) => field.key === key);

/** The name that the app itself gives an input. @throws Error for an input that it does not have. */
function inputLabel(own: Own, key: string): string {
	const field = inputsOf(own).find((one) => one.key === key);
	if (field?.label === undefined) throw new Error(`${own.key} has no input "${key}" on Zapier.`);
	return field.label;
}

function choiceLabel(own: Own, key: string, value: string): string | null {
	const choices = inputsOf(own).find((one) => one.key === key)?.choices;
	if (!Array.isArray(choices)) return null;
	const all = choices as readonly { readonly value: string; readonly label: string }[];
	return all.find((choice) => choice.value === value)?.label ?? null;
}

/** A choice is picked by its label, so the label is written, with the value that is sent beside it. */
function labelled(own: Own, key: string, value: ZapValue): ZapValue {
	const [only] = value;
	if (value.length !== 1 || typeof only !== 'string') return value;
	const label = choiceLabel(own, key, only);
	return label === null ? value : [`${label} (${only})`];
}

/** Pills of one of our own steps, with the names that the app gives its fields. */
const ownOutputs =
	(step: number, own: Own): Outputs =>
	(path) => {
		const key = path.replaceAll('.', '__');
		const fields = (definitionOf(own).operation.outputFields ?? []) as readonly PlainOutputField[];
		const field = fields.find((one) => one.key === key);
		if (field === undefined) throw new Error(`${own.key} puts out no "${key}" on Zapier.`);
		return { step, key, label: field.label ?? key };
	};

const appOutputs =
	(step: number, action: AppAction): Outputs =>
	(path) => ({ step, key: path, label: action.output[path]?.zapier ?? path });

function pillOf({ outputs }: Scope, { from, path }: Mapped): Pill {
	const found = outputs.get(from);
	if (found === undefined) throw new Error(`Nothing comes from "${from}".`);
	return found(path);
}

/** The rules that let a run go on where the condition holds, or where it does not. */
function rulesOf(
	scope: Scope,
	condition: Condition,
	holds: boolean,
): Pick<ZapStep, 'rules' | 'joined'> {
	const value = pillOf(scope, condition.value);
	switch (condition.test) {
		case 'exists': {
			const test = holds ? '(Text) Exists' : '(Text) Does not exist';
			return { rules: [{ value, test, to: null }], joined: 'and' };
		}
		case 'one_of': {
			const test = holds ? '(Text) Exactly matches' : '(Text) Does not exactly match';
			return {
				rules: condition.words.map((to) => ({ value, test, to })),
				joined: holds && condition.words.length > 1 ? 'or' : 'and',
			};
		}
		case 'same':
			throw new Error('A rule of Zapier compares with a text.');
	}
}
