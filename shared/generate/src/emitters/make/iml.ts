/**
 * Writes expressions of Make's mapping language (IML). `{{…}}` stands around an expression, functions take their
 * arguments between semicolons, lists count from 1, and there is no operator that joins texts: what is joined is
 * written side by side (see {@link text}).
 */
export interface Expression {
	/** Without the braces. */
	readonly iml: string;
}

/** Functions of IML that the templates use; the simulation implements every one of them and no other. */
export type ImlFunction =
	| 'add'
	| 'contains'
	| 'encodeURL'
	| 'first'
	| 'flatten'
	| 'floor'
	| 'formatNumber'
	| 'if'
	| 'ifempty'
	| 'join'
	| 'last'
	| 'length'
	| 'lower'
	| 'map'
	| 'parseNumber'
	| 'pick'
	| 'remove'
	| 'replace'
	| 'sha256'
	| 'split'
	| 'substring'
	| 'switch'
	| 'toString'
	| 'trim';

export type Keyword =
	| 'emptystring'
	| 'emptyarray'
	| 'space'
	| 'newline'
	| 'carriagereturn'
	| 'tab'
	| 'true'
	| 'false'
	| 'timestamp'
	| 'uuid';

export type Operand = Expression | string | number;

const raw = (iml: string): Expression => ({ iml });

/** A function call. Texts and numbers become literals. */
export const call = (name: ImlFunction, ...args: readonly Operand[]): Expression =>
	raw(`${name}(${args.map((arg) => operand(arg).iml).join('; ')})`);

/** A variable or word of the language, such as `uuid`. */
export const keyword = (name: Keyword): Expression => raw(name);

/**
 * A text literal.
 *
 * @throws Error for text with a quote, a backslash or braces: no source says how IML escapes them.
 */
export function literal(value: string): Expression {
	if (/["\\]|\{\{|\}\}/.test(value)) {
		throw new Error(`IML has no documented way to write this text: ${value}`);
	}
	return raw(`"${value}"`);
}

/** What a module put out: `2.data.name`. Names other than plain words go between backticks. */
export const ref = (module: number, ...path: readonly string[]): Expression =>
	raw([String(module), ...path.map(segment)].join('.'));

/** Everything a module put out, as one collection. A bare number would be that number. */
export const bundle = (module: number): Expression => raw(`\`${module}\``);

function segment(name: string): string {
	return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``;
}

export const equal = (a: Operand, b: Operand): Expression =>
	raw(`${operand(a).iml} = ${operand(b).iml}`);

export const plus = (a: Expression, b: number): Expression => raw(`${a.iml} + ${b}`);

export const times = (a: Expression, b: Expression): Expression => raw(`${a.iml} * ${b.iml}`);

export const dividedBy = (a: Expression, b: Operand): Expression =>
	raw(`${a.iml} / ${operand(b).iml}`);

export const minus = (a: Expression, b: number): Expression => raw(`${a.iml} - ${b}`);

function operand(value: Operand): Expression {
	if (typeof value === 'number') return raw(String(value));
	return typeof value === 'string' ? literal(value) : value;
}

/** A field that holds the value of one expression, with its type. */
export const value = (expression: Expression): string => `{{${expression.iml}}}`;

/** A field that holds text with values in it: text`Bearer ${secret}`. */
export function text(parts: TemplateStringsArray, ...values: readonly Expression[]): string {
	return parts
		.map((part, index) => {
			if (part.includes('{{')) throw new Error(`Braces in text would be an expression: ${part}`);
			const one = values[index];
			return one === undefined ? part : part + value(one);
		})
		.join('');
}
