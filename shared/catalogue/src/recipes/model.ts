import type { Evidence } from '../schema.ts';
import type { Sources } from '../model.ts';
import type { billingCycles } from '../vocabulary/periods.ts';

/**
 * What a recipe is: a trigger, steps and mappings, named by the keys of the catalogue and never by a platform's own
 * words. The projections turn the same description into an n8n workflow, a Make blueprint and the steps of a Zap.
 */

export type Platform = 'zapier' | 'n8n' | 'make';

/** A value that an earlier step gave. */
export interface Mapped {
	/** `trigger`, or the id of the step. */
	readonly from: string;
	/** Dotted path: `data.plan_id` in a delivery, `price` in the answer of an operation, a column of an app. */
	readonly path: string;
	/** Stands in where the value is null or empty, so that no text reads "null". */
	readonly otherwise?: string;
	/** Text that a stranger chose. A field with markup gets it as text, whatever signs are in it. */
	readonly byStranger?: true;
}

/** First ten characters of a time: the day, as `2026-06-17`. Its stand-in is not cut. */
export interface Day {
	readonly dayOf: Mapped;
}

/**
 * The hour of now, or of some hours later, as a count of hours since 1970. Only Make can say it, and only Make, which
 * cannot wait for hours, needs it.
 */
export interface Hour {
	readonly hoursFromNow: number;
}

/**
 * What a plan brings in a month, in the currency of the plan. MemberPass sends no such figure with a subscription; it
 * follows from price, billing cycle and their number. A plan that is paid once brings nothing each month.
 */
export interface MonthlyValue {
	readonly monthlyValueOf: {
		readonly price: Mapped;
		readonly cycle: Mapped;
		readonly count: Mapped;
	};
}

/** How many billing cycles a month has, as fractions, so that every platform can write them exactly. */
export const cyclesPerMonth = {
	days: [365, 12],
	weeks: [365, 84],
	months: [1, 1],
	years: [1, 12],
	lifetime: [0, 1],
} as const satisfies Record<keyof typeof billingCycles, readonly [number, number]>;

/** One line for each row of a list. Zapier and Make, which cannot go through a list inside a text, write columns. */
export interface Lines {
	readonly linesOf: Mapped;
	/** Texts, and keys of a row. */
	readonly parts: readonly (string | { readonly key: string })[];
}

/** What only the user knows: a channel, a table, a sender. */
export interface Choice {
	readonly choose: string;
	/** What it looks like; n8n and Make take it as the value to be replaced. */
	readonly example: string;
}

export type Part = string | Mapped | Day | Hour | MonthlyValue | Lines;

/** Several parts, one after another. */
export interface Text {
	readonly text: readonly Part[];
}

export type Value = string | number | Mapped | Day | Hour | MonthlyValue | Lines | Text | Choice;

/** Is it there, or is it one of these words? */
export type Condition =
	| { readonly test: 'exists'; readonly value: Mapped }
	| { readonly test: 'one_of'; readonly value: Mapped; readonly words: readonly string[] }
	| { readonly test: 'same'; readonly value: Mapped; readonly as: Mapped };

interface StepBase {
	/** snake_case, unique in its part; mappings refer to it. */
	readonly id: string;
	/** What it does, in sentence case; the name of the node or module. */
	readonly title: string;
	/** Where it is not on every platform. */
	readonly platforms?: readonly Platform[];
}

/** Goes on only where this key was not seen before. */
export interface OnceStep extends StepBase {
	readonly kind: 'once';
	readonly key: Value;
}

/** Keeps a key for {@link KnownStep} of another part. Make only. */
export interface RememberStep extends StepBase {
	readonly kind: 'remember';
	readonly key: Value;
}

/** Goes on only where this key was kept by {@link RememberStep}. Make only. */
export interface KnownStep extends StepBase {
	readonly kind: 'known';
	readonly key: Value;
}

/** An action or search of the catalogue. */
export interface OperationStep extends StepBase {
	readonly kind: 'operation';
	readonly operation: string;
	readonly input: Readonly<Record<string, Value>>;
}

/** Runs `steps` for each row that a search finds; the rows are mapped by the id of this step. Last in its list. */
export interface EachStep extends StepBase {
	readonly kind: 'each';
	readonly operation: string;
	readonly input: Readonly<Record<string, Value>>;
	readonly steps: readonly Step[];
}

/** Runs `steps` for each of some fixed words, which are mapped as `value`. Make only. */
export interface WordsStep extends StepBase {
	readonly kind: 'words';
	readonly words: readonly string[];
	readonly steps: readonly Step[];
}

/** What another app does; a key of `appActions`. */
export interface AppStep extends StepBase {
	readonly kind: 'app';
	readonly action: string;
	readonly fields: Readonly<Record<string, Value>>;
	/** Columns of a table or properties of a database, by their names there. */
	readonly columns?: Readonly<Record<string, Value>>;
}

export interface WaitStep extends StepBase {
	readonly kind: 'wait';
	readonly hours: number;
}

/** Two ways on. Last in its list: what follows belongs into one of them. */
export interface BranchStep extends StepBase {
	readonly kind: 'branch';
	/** All must hold. */
	readonly when: readonly Condition[];
	readonly then: readonly Step[];
	/** Nothing happens where it is empty. */
	readonly otherwise: readonly Step[];
}

export type Step =
	| WordsStep
	| OnceStep
	| RememberStep
	| KnownStep
	| OperationStep
	| EachStep
	| AppStep
	| WaitStep
	| BranchStep;

export type RecipeTrigger =
	| { readonly kind: 'event'; readonly event: string }
	/** In the time zone of the account or workflow. */
	| { readonly kind: 'schedule'; readonly every: 'hour' }
	| {
			readonly kind: 'schedule';
			readonly every: 'week';
			readonly day: 'Monday';
			readonly hour: number;
	  }
	| {
			readonly kind: 'app';
			readonly action: string;
			readonly fields: Readonly<Record<string, Value>>;
			/** Columns that the steps read. */
			readonly columns: readonly string[];
	  };

/** One workflow, scenario or Zap. */
export interface RecipePart {
	/** kebab-case; ends the file name where a recipe has several parts. */
	readonly key: string;
	/** What it does, in sentence case. */
	readonly title: string;
	/** Where a platform needs other parts than the rest. */
	readonly platforms?: readonly Platform[];
	readonly trigger: RecipeTrigger;
	readonly steps: readonly Step[];
}

/** Something that MemberPass or a platform cannot do, and what the recipe does instead. */
export interface Limit {
	readonly cannot: string;
	readonly instead: string;
	readonly platforms?: readonly Platform[];
}

export interface Recipe {
	/** kebab-case; names the files. */
	readonly key: string;
	/** Title Case. */
	readonly title: string;
	/** One sentence: what it does for whoever runs it. */
	readonly summary: string;
	readonly parts: readonly RecipePart[];
	/** What to have ready before the first run, one sentence each. */
	readonly before: readonly string[];
	readonly limits: readonly Limit[];
	readonly evidence: Evidence;
	readonly sources: Sources;
}

/** Makers of values, so that recipes read as sentences. */
export const from = (step: string, path: string, otherwise?: string): Mapped => ({
	from: step,
	path,
	...(otherwise === undefined ? {} : { otherwise }),
});
export const byStranger = (value: Mapped): Mapped => ({ ...value, byStranger: true });
export const text = (...parts: readonly Part[]): Text => ({ text: parts });
export const dayOf = (value: Mapped): Day => ({ dayOf: value });
export const choose = (what: string, example: string): Choice => ({ choose: what, example });
export const exists = (value: Mapped): Condition => ({ test: 'exists', value });
export const oneOf = (value: Mapped, ...words: readonly string[]): Condition => ({
	test: 'one_of',
	value,
	words,
});
