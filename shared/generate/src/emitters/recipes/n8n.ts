import { createHash } from 'node:crypto';

import { type FieldSchema, operation as operationOf } from '@memberpass/catalogue';
import {
	type AppAction,
	appAction,
	type Condition,
	cyclesPerMonth,
	flatten,
	limitsOn,
	type Mapped,
	type NodeParameters,
	type Part,
	type Recipe,
	type RecipePart,
	type Step,
	type Value,
} from '@memberpass/catalogue/recipes';

import { simplePaths } from '../n8n/simple.ts';
import { pickOf } from '../n8n/property.ts';
import { pagingOf, placements } from '../n8n/table.ts';

/** A workflow as n8n exports it, with what n8n fills in by itself left out. */
export interface Workflow {
	readonly name: string;
	readonly nodes: readonly Node[];
	readonly connections: Readonly<Record<string, { readonly main: readonly Targets[] }>>;
	readonly settings: { readonly executionOrder: 'v1'; readonly saveExecutionProgress: true };
	readonly pinData: Readonly<Record<string, never>>;
}

type Targets = readonly { readonly node: string; readonly type: 'main'; readonly index: 0 }[];

interface Node {
	readonly parameters: Parameters;
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly webhookId?: string;
	readonly credentials?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
}

type Parameters = Readonly<Record<string, unknown>>;

/** What a step becomes, before it has an id and a place. */
type Draft = Pick<Node, 'name' | 'type' | 'typeVersion' | 'parameters'> & {
	readonly ownCredential?: true;
	readonly hasWebhook?: true;
};

const actionNode = { type: 'n8n-nodes-memberpass.memberPass', typeVersion: 2 };
const grid = 220;

/** The note on the canvas, in pixels: as high as its text. */
const note = { width: 640, lineHeight: 24, charactersInLine: 80 };

/** One workflow for one part of a recipe. */
export function workflowOf(recipe: Recipe, part: RecipePart): Workflow {
	const writer = new Writer(recipe, part);
	const start = writer.add(triggerDraft(part), 0, 0);
	writer.addAll(part.steps, start, 0, grid, 0);
	writer.note(noteOf(recipe, part));
	return writer.workflow();
}

class Writer {
	readonly #recipe: Recipe;
	readonly #part: RecipePart;
	readonly #nodes: Node[] = [];
	readonly #outputs = new Map<string, string[][]>();
	readonly #names: ReadonlyMap<string, string>;

	constructor(recipe: Recipe, part: RecipePart) {
		this.#recipe = recipe;
		this.#part = part;
		this.#names = namesOf(part);
	}

	add(draft: Draft, x: number, y: number): string {
		const { ownCredential, hasWebhook, ...rest } = draft;
		this.#nodes.push({
			parameters: rest.parameters,
			id: this.#uuid(rest.name),
			name: rest.name,
			type: rest.type,
			typeVersion: rest.typeVersion,
			position: [x, y],
			...(hasWebhook === undefined ? {} : { webhookId: this.#uuid(`webhook of ${rest.name}`) }),
			...(ownCredential === undefined
				? {}
				: {
						credentials: {
							memberPassApi: { id: 'memberpass-account', name: 'MemberPass account' },
						},
					}),
		});
		return rest.name;
	}

	/** Adds steps one after another, from one output of a node on. */
	addAll(steps: readonly Step[], after: string, output: number, x: number, y: number): void {
		const [step, ...rest] = steps;
		if (step === undefined) return;
		const name = this.add(this.#draftOf(step), x, y);
		this.#connect(after, output, name);
		if (step.kind === 'branch') {
			const hasBoth = step.otherwise.length > 0;
			this.addAll(step.then, name, 0, x + grid, hasBoth ? y - grid / 2 : y);
			this.addAll(step.otherwise, name, 1, x + grid, y + grid / 2);
			return;
		}
		this.addAll('steps' in step ? step.steps : rest, name, 0, x + grid, y);
	}

	note(content: string): void {
		const lines = content
			.split('\n')
			.map((line) => Math.max(1, Math.ceil(line.length / note.charactersInLine)));
		const height = note.lineHeight * lines.reduce((sum, one) => sum + one, 0);
		this.#nodes.push({
			parameters: { content, height, width: note.width },
			id: this.#uuid('note'),
			name: 'Read me first',
			type: 'n8n-nodes-base.stickyNote',
			typeVersion: 1,
			position: [-60, -height - 80],
		});
	}

	workflow(): Workflow {
		const target = (node: string) => ({ node, type: 'main' as const, index: 0 as const });
		return {
			name: `MemberPass: ${lowerFirst(this.#part.title)}`,
			nodes: this.#nodes,
			connections: Object.fromEntries(
				[...this.#outputs].map(([name, outputs]) => [
					name,
					{ main: outputs.map((nodes) => nodes.map(target)) },
				]),
			),
			// Without it, Retry of an execution that broke off with n8n begins anew: it repeats writes, or drops the event
			// as one that was seen.
			settings: { executionOrder: 'v1', saveExecutionProgress: true },
			pinData: {},
		};
	}

	#connect(from: string, output: number, to: string): void {
		const outputs = this.#outputs.get(from) ?? [];
		while (outputs.length <= output) outputs.push([]);
		outputs[output]?.push(to);
		this.#outputs.set(from, outputs);
	}

	/** The same in every run, so that a regenerated workflow is the same workflow. */
	#uuid(name: string): string {
		const hex = createHash('sha256')
			.update(`${this.#recipe.key}/${this.#part.key}/${name}`)
			.digest('hex');
		return [
			hex.slice(0, 8),
			hex.slice(8, 12),
			`4${hex.slice(13, 16)}`,
			`8${hex.slice(17, 20)}`,
			hex.slice(20, 32),
		].join('-');
	}

	#draftOf(step: Step): Draft {
		const expressions = new Expressions(this.#part, this.#names);
		switch (step.kind) {
			case 'once':
				return {
					name: step.title,
					type: 'n8n-nodes-base.removeDuplicates',
					typeVersion: 2,
					parameters: {
						operation: 'removeItemsSeenInPreviousExecutions',
						logic: 'removeItemsWithAlreadySeenKeyValues',
						// As users write it where the key comes straight from the trigger.
						dedupeValue: isTriggerId(step.key) ? '={{ $json.id }}' : expressions.value(step.key),
						options: {},
					},
				};
			case 'wait':
				return {
					name: step.title,
					type: 'n8n-nodes-base.wait',
					typeVersion: 1.1,
					hasWebhook: true,
					parameters: { resume: 'timeInterval', amount: step.hours, unit: 'hours' },
				};
			case 'operation':
			case 'each':
				return { ...operationDraft(step, expressions), name: step.title };
			case 'app':
				return appDraft(step, expressions);
			case 'branch':
				return {
					name: step.title,
					type: 'n8n-nodes-base.if',
					typeVersion: 2.2,
					parameters: { conditions: conditionsOf(step.when, expressions), options: {} },
				};
			case 'remember':
			case 'known':
			case 'words':
				throw new Error(`"${this.#recipe.key}" has a step "${step.kind}", which n8n cannot do.`);
		}
	}
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const isTriggerId = (value: Value): boolean =>
	typeof value === 'object' && 'from' in value && value.from === 'trigger' && value.path === 'id';

/** Names of the nodes, by what mappings call them. */
const namesOf = (part: RecipePart): ReadonlyMap<string, string> =>
	new Map([
		['trigger', triggerDraft(part).name],
		...flatten(part.steps).map((step) => [step.id, step.title] as const),
	]);

function triggerDraft(part: RecipePart): Draft {
	const { trigger } = part;
	switch (trigger.kind) {
		case 'event':
			return {
				name: 'MemberPass Trigger',
				type: 'n8n-nodes-memberpass.memberPassTrigger',
				typeVersion: 1,
				parameters: { events: [trigger.event] },
				ownCredential: true,
				hasWebhook: true,
			};
		case 'schedule':
			return {
				name: 'Schedule Trigger',
				type: 'n8n-nodes-base.scheduleTrigger',
				typeVersion: 1.2,
				parameters: {
					rule: {
						interval: [
							trigger.every === 'hour'
								? { field: 'hours' }
								: { field: 'weeks', triggerAtDay: [1], triggerAtHour: trigger.hour },
						],
					},
				},
			};
		case 'app': {
			const action = appAction(trigger.action);
			const fields = Object.fromEntries(
				Object.entries(trigger.fields).map(([key, value]) => [key, literalOf(value)]),
			);
			return {
				name: `${action.app} Trigger`,
				type: action.n8n.type,
				typeVersion: action.n8n.typeVersion,
				parameters: fill(action.n8n.parameters, fields, {}) as Parameters,
			};
		}
	}
}

function literalOf(value: Value): string {
	if (typeof value === 'object' && 'choose' in value) return value.example;
	if (typeof value === 'string') return value;
	throw new Error('A trigger can only be given what the user chooses.');
}

function operationDraft(
	step: Extract<Step, { kind: 'operation' | 'each' }>,
	expressions: Expressions,
): Omit<Draft, 'name'> {
	const entry = operationOf(step.operation);
	const top: Record<string, unknown> = {
		resource: entry.resource,
		operation: entry.n8n.operation,
	};
	const inside: Record<string, unknown> = {};
	for (const { field, parameter, place } of placements(entry)) {
		const value = step.input[field];
		if (value === undefined) continue;
		const given = asInput(entry.input.properties[field] ?? {}, expressions.value(value));
		(place === 'top' ? top : inside)[parameter] = given;
	}
	if (pagingOf(entry) === 'all') top['returnAll'] = true;
	// The recipe knows which fields it needs, the ten most useful may not hold them.
	if (simplePaths(entry) !== null) top['simplify'] = false;
	if (Object.keys(inside).length > 0) top[entry.n8n.collection] = inside;
	return { ...actionNode, parameters: top, ownCredential: true };
}

const asInput = (schema: FieldSchema, value: unknown): unknown =>
	pickOf(schema) === null ? value : { __rl: true, mode: 'id', value };

function appDraft(step: Extract<Step, { kind: 'app' }>, expressions: Expressions): Draft {
	const { n8n, markup = [] } = appAction(step.action);
	const all = (values: Readonly<Record<string, Value>>) =>
		Object.fromEntries(
			Object.entries(values).map(([key, value]) => [
				key,
				expressions.value(value, markup.includes(key)),
			]),
		);
	return {
		name: step.title,
		type: n8n.type,
		typeVersion: n8n.typeVersion,
		parameters: fill(n8n.parameters, all(step.fields), all(step.columns ?? {})) as Parameters,
	};
}

type Given = Readonly<Record<string, string | number>>;

/** Puts the values of a step into the parameters of an app's node. */
function fill(template: NodeParameters, fields: Given, columns: Given): unknown {
	if (typeof template !== 'object' || template === null) return template;
	if (Array.isArray(template)) {
		return (template as readonly NodeParameters[]).flatMap((one): readonly unknown[] =>
			typeof one === 'object' && one !== null && 'eachColumn' in one
				? Object.entries(columns).map(([column, value]) =>
						fill(one.eachColumn, { column, value }, {}),
					)
				: [fill(one, fields, columns)],
		);
	}
	if ('slot' in template) return filledSlot(template as SlotOfField, fields);
	if ('columnValues' in template) {
		const more = fill(template.columnValues, fields, columns) as object;
		return { ...more, ...columns };
	}
	return Object.fromEntries(
		Object.entries(template).map(([key, one]) => [key, fill(one, fields, columns)]),
	);
}

interface SlotOfField {
	readonly slot: string;
	readonly before?: string;
	readonly after?: string;
}

function filledSlot({ slot, before = '', after = '' }: SlotOfField, fields: Given): unknown {
	const value = fields[slot];
	if (value === undefined) throw new Error(`No value for the field "${slot}".`);
	if (before === '' && after === '') return value;
	const text = String(value);
	return text.startsWith('=') ? `=${before}${text.slice(1)}${after}` : before + text + after;
}

function conditionsOf(when: readonly Condition[], expressions: Expressions): unknown {
	const sets = when.map((one) => conditionRows(one, expressions));
	const rows = sets.flat();
	if (sets.length > 1 && sets.some((set) => set.length > 1)) {
		throw new Error('An If node joins its conditions by "and" or by "or", not by both.');
	}
	return {
		options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
		conditions: rows.map((row, index) => ({ id: `c${index}`, ...row })),
		combinator: sets.length === 1 && rows.length > 1 ? 'or' : 'and',
	};
}

function conditionRows(condition: Condition, expressions: Expressions) {
	const leftValue = expressions.value(condition.value);
	const equals = (rightValue: unknown) => ({
		leftValue,
		rightValue,
		operator: { type: 'string', operation: 'equals' },
	});
	switch (condition.test) {
		case 'exists':
			return [
				{
					leftValue,
					rightValue: '',
					operator: { type: 'string', operation: 'notEmpty', singleValue: true },
				},
			];
		case 'one_of':
			return condition.words.map(equals);
		case 'same':
			return [equals(expressions.value(condition.as))];
	}
}

/** Writes values as n8n's expressions. */
class Expressions {
	readonly #part: RecipePart;
	readonly #names: ReadonlyMap<string, string>;

	constructor(part: RecipePart, names: ReadonlyMap<string, string>) {
		this.#part = part;
		this.#names = names;
	}

	/** @param isMarkup of a field in which what strangers wrote has to be masked. */
	value(value: Value, isMarkup = false): string | number {
		if (typeof value === 'number') return value;
		if (typeof value === 'string') return value;
		if ('choose' in value) return value.example;
		if ('text' in value) {
			return `=${value.text.map((part) => this.#write(part, isMarkup)).join('')}`;
		}
		return `=${this.#write(value, isMarkup)}`;
	}

	#write(part: Part, isMarkup: boolean): string {
		if (typeof part !== 'string') {
			const code = this.#code(part);
			const isMasked = isMarkup && 'from' in part && part.byStranger === true;
			return `{{ ${isMasked ? masked(code) : code} }}`;
		}
		if (part.includes('{{')) throw new Error(`n8n would read this text: ${part}`);
		return part;
	}

	#code(part: Exclude<Part, string>): string {
		if ('from' in part) return this.#mapped(part);
		if ('dayOf' in part) {
			const path = this.#path(part.dayOf);
			const { otherwise } = part.dayOf;
			return otherwise === undefined
				? `${path}.slice(0, 10)`
				: `(${path} || '').slice(0, 10) || ${quoted(otherwise)}`;
		}
		if ('monthlyValueOf' in part) {
			const { price, cycle, count } = part.monthlyValueOf;
			const factors = Object.entries(cyclesPerMonth)
				.map(([key, [above, below]]) => `${key}: ${below === 1 ? above : `${above} / ${below}`}`)
				.join(', ');
			return `({ ${factors} }[${this.#path(cycle)}] * ${this.#path(price)} / (${this.#mapped(count)})).toFixed(2).replace('NaN', '')`;
		}
		if ('linesOf' in part) {
			const line = part.parts
				.map((one) => (typeof one === 'string' ? one : `\${row.${one.key}}`))
				.join('');
			return `${this.#path(part.linesOf)}.map((row) => \`${line}\`).join('\\n')`;
		}
		throw new Error('n8n waits by itself and needs no hour.');
	}

	#mapped(mapped: Mapped): string {
		const path = this.#path(mapped);
		return mapped.otherwise === undefined ? path : `${path} || ${quoted(mapped.otherwise)}`;
	}

	#path({ from, path }: Mapped): string {
		const name = this.#names.get(from);
		if (name === undefined) throw new Error(`There is no step "${from}".`);
		return `$(${quoted(name)}).item.json${this.#place(from, path).map(member).join('')}`;
	}

	/** Columns have names of their own, with blanks and dots; everything else is a dotted path. */
	#place(from: string, path: string): readonly string[] {
		const action = this.#actionOf(from);
		if (action === null) return path.split('.');
		const output = action.output[path];
		if (output !== undefined) return [output.n8n];
		return action.columnsBelow === undefined ? [path] : [action.columnsBelow, path];
	}

	#actionOf(from: string): AppAction | null {
		const { trigger, steps } = this.#part;
		if (from === 'trigger') return trigger.kind === 'app' ? appAction(trigger.action) : null;
		const step = flatten(steps).find((one) => one.id === from);
		return step?.kind === 'app' ? appAction(step.action) : null;
	}
}

/** `<`, `>` and `&` as in HTML, the last one first. */
const masked = (code: string): string =>
	`(${code}).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')`;

const quoted = (text: string): string =>
	`'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const member = (key: string): string =>
	/^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `.${key}` : `[${quoted(key)}]`;

/** What a user has to know before the first run, on the canvas where it cannot be missed. */
function noteOf(recipe: Recipe, part: RecipePart): string {
	const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');
	return [
		`## ${recipe.title}: ${lowerFirst(part.title)}`,
		recipe.summary,
		'### Before you publish',
		bullets([
			'Choose credentials in the nodes, and replace the channels, tables and senders with your own.',
			// The editor takes nodes from what is pasted or imported, but no settings.
			'In the settings of the workflow (the menu at the top right) set **Save execution progress** to **Save**. If n8n itself stops while an execution runs, **Retry** then continues from there instead of starting over.',
			...recipe.before,
		]),
		'### What to know',
		bullets(limitsOn(recipe, 'n8n').map(({ cannot, instead }) => `${cannot} ${instead}`)),
	].join('\n\n');
}
