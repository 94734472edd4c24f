/**
 * Reads Make's mapping language (IML) as far as its documentation describes it (help.make.com/use-functions and
 * Make's own skills for building scenarios). What it does not describe, such as a quote inside a text literal, is
 * refused here, so that no template can rely on it.
 */

/** One piece of a text field: text as it is, or an expression between `{{` and `}}`. */
export type Part =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'expression'; readonly node: Node };

export type Operator =
	'=' | '!=' | '<' | '>' | '<=' | '>=' | '&' | '|' | '+' | '-' | '*' | '/' | '%';

export type Node =
	| { readonly kind: 'literal'; readonly value: string | number }
	/** `2.data.name`; list positions count from 1. */
	| { readonly kind: 'reference'; readonly module: number; readonly path: readonly string[] }
	/** `` `2` ``: everything the module put out. */
	| { readonly kind: 'bundle'; readonly module: number }
	/** A variable or keyword of the language. */
	| { readonly kind: 'word'; readonly name: string }
	| { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
	| {
			readonly kind: 'operation';
			readonly operator: Operator;
			readonly left: Node;
			readonly right: Node;
	  };

/** Text that is no expression of the language. The message says where. */
export class ImlSyntaxError extends Error {
	override readonly name = 'ImlSyntaxError';
}

/** Splits a field into text and expressions. @throws ImlSyntaxError */
export function parseTemplate(field: string): readonly Part[] {
	const parts: Part[] = [];
	let at = 0;
	while (at < field.length) {
		const open = field.indexOf('{{', at);
		if (open < 0) break;
		if (open > at) parts.push({ kind: 'text', text: field.slice(at, open) });
		const close = closingBraces(field, open + 2);
		parts.push({ kind: 'expression', node: parseExpression(field.slice(open + 2, close)) });
		at = close + 2;
	}
	if (at < field.length) parts.push({ kind: 'text', text: field.slice(at) });
	return parts;
}

/** Braces inside quotes and backticks do not count. */
function closingBraces(field: string, from: number): number {
	let quote: string | null = null;
	for (let at = from; at < field.length; at++) {
		const character = field.charAt(at);
		if (quote !== null) {
			if (character === quote) quote = null;
		} else if (character === '"' || character === '`') quote = character;
		else if (field.startsWith('}}', at)) return at;
	}
	throw new ImlSyntaxError(`"{{" is never closed: ${field.slice(from - 2)}`);
}

interface Token {
	readonly kind: 'text' | 'number' | 'reference' | 'bundle' | 'word' | 'sign';
	readonly text: string;
}

const segment = '(?:`[^`]+`|[A-Za-z_][A-Za-z0-9_]*)';
const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
	['text', /"[^"\\]*"/y],
	[
		'reference',
		new RegExp(`\\d+(?:\\.${segment}|\\[\\d+\\])*(?:\\.${segment})(?:\\[\\d+\\])*`, 'y'),
	],
	['number', /\d+(?:\.\d+)?/y],
	['bundle', /`\d+`/y],
	['word', /[A-Za-z][A-Za-z0-9]*/y],
	['sign', /!=|<=|>=|[-=<>&|+*/%();]/y],
];

function tokenise(source: string): readonly Token[] {
	const tokens: Token[] = [];
	let at = 0;
	while (at < source.length) {
		if (/\s/.test(source.charAt(at))) {
			at++;
			continue;
		}
		const token = tokenAt(source, at);
		if (token === null) throw new ImlSyntaxError(`Not understood: ${source.slice(at)}`);
		tokens.push(token);
		at += token.text.length;
	}
	return tokens;
}

function tokenAt(source: string, at: number): Token | null {
	for (const [kind, pattern] of patterns) {
		pattern.lastIndex = at;
		const text = pattern.exec(source)?.[0];
		if (text !== undefined) return { kind, text };
	}
	return null;
}

/** From loosest to tightest. */
const precedence: readonly (readonly string[])[] = [
	['|'],
	['&'],
	['=', '!='],
	['<', '>', '<=', '>='],
	['+', '-'],
	['*', '/', '%'],
];

/** Parses what stands between the braces. @throws ImlSyntaxError */
export function parseExpression(source: string): Node {
	const tokens = tokenise(source);
	let at = 0;
	const peek = (): Token | undefined => tokens[at];
	const fail = (): never => {
		throw new ImlSyntaxError(`Not an expression: {{${source}}}`);
	};
	const expect = (text: string): void => {
		if (peek()?.text !== text) fail();
		at++;
	};
	// No other token looks like a sign: a text literal keeps its quotes.
	const isSign = (texts: readonly string[]): boolean => texts.includes(peek()?.text ?? '');

	function operation(level: number): Node {
		const signs = precedence[level];
		if (signs === undefined) return operand();
		let left = operation(level + 1);
		while (isSign(signs)) {
			const operator = peek()?.text as Operator;
			at++;
			left = { kind: 'operation', operator, left, right: operation(level + 1) };
		}
		return left;
	}

	function operand(): Node {
		const token = peek() ?? fail();
		at++;
		switch (token.kind) {
			case 'text':
				return { kind: 'literal', value: token.text.slice(1, -1) };
			case 'number':
				return { kind: 'literal', value: Number(token.text) };
			case 'bundle':
				return { kind: 'bundle', module: Number(token.text.slice(1, -1)) };
			case 'reference':
				return reference(token.text);
			case 'word':
				return isSign(['(']) ? functionCall(token.text) : { kind: 'word', name: token.text };
			case 'sign': {
				if (token.text !== '(') return fail();
				const inner = operation(0);
				expect(')');
				return inner;
			}
		}
	}

	function functionCall(name: string): Node {
		expect('(');
		const args: Node[] = [];
		if (!isSign([')'])) {
			args.push(operation(0));
			while (isSign([';'])) {
				at++;
				args.push(operation(0));
			}
		}
		expect(')');
		return { kind: 'call', name, args };
	}

	const node = operation(0);
	if (at < tokens.length) fail();
	return node;
}

function reference(text: string): Node {
	const [module = '', ...path] = text.match(/`[^`]+`|[A-Za-z0-9_]+/g) ?? [];
	return {
		kind: 'reference',
		module: Number(module),
		path: path.map((one) => (one.startsWith('`') ? one.slice(1, -1) : one)),
	};
}

/** Every node of an expression, itself first. */
function* nodesOf(node: Node): Generator<Node> {
	yield node;
	if (node.kind === 'call') for (const arg of node.args) yield* nodesOf(arg);
	if (node.kind === 'operation') {
		yield* nodesOf(node.left);
		yield* nodesOf(node.right);
	}
}

/** Every node of every expression in a field. */
export function* nodesIn(field: string): Generator<Node> {
	for (const part of parseTemplate(field)) {
		if (part.kind === 'expression') yield* nodesOf(part.node);
	}
}
