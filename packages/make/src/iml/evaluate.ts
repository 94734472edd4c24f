import {
	type Clock,
	functions,
	ImlError,
	type Reading,
	toText,
	type Value,
	valueAt,
	words,
} from './functions.ts';
import { type Node, type Operator, parseTemplate, type Part } from './parse.ts';

/** What expressions may look at. */
export interface Scope {
	/** Output of the modules upstream, by id. */
	readonly bundles: ReadonlyMap<number, Value>;
	readonly clock: Clock;
	readonly reading: Reading;
}

/** A field: the value itself where it is one expression, text where it is more. @throws ImlError */
export function evaluateField(field: string, scope: Scope): Value {
	const parts = parsed(field);
	const [first] = parts;
	if (parts.length === 1 && first?.kind === 'expression') return evaluate(first.node, scope);
	return parts
		.map((part) => (part.kind === 'text' ? part.text : toText(evaluate(part.node, scope))))
		.join('');
}

/** The fields of a template are evaluated for each bundle, and reading them is most of the work. */
const known = new Map<string, readonly Part[]>();
const most = 10_000;

function parsed(field: string): readonly Part[] {
	const found = known.get(field);
	if (found !== undefined) return found;
	const parts = parseTemplate(field);
	if (known.size >= most) known.clear();
	known.set(field, parts);
	return parts;
}

/** Arguments are all evaluated first: nothing says that `if` spares the branch it does not take. */
function evaluate(node: Node, scope: Scope): Value {
	switch (node.kind) {
		case 'literal':
			return node.value;
		case 'bundle':
			return scope.bundles.get(node.module);
		case 'reference':
			return node.path.reduce(step, scope.bundles.get(node.module));
		case 'word': {
			const word = Object.hasOwn(words, node.name) ? words[node.name] : undefined;
			if (word === undefined) throw new ImlError(`"${node.name}" is no word of the language.`);
			return word(scope.clock);
		}
		case 'call':
			return call(node.name, node.args, scope);
		case 'operation':
			return operate(node.operator, evaluate(node.left, scope), evaluate(node.right, scope));
	}
}

function step(value: Value, key: string): Value {
	if (!Array.isArray(value)) return valueAt(value, key);
	return /^\d+$/.test(key) ? (value as readonly Value[])[Number(key) - 1] : undefined;
}

function call(name: string, nodes: readonly Node[], scope: Scope): Value {
	const definition = Object.hasOwn(functions, name) ? functions[name] : undefined;
	if (definition === undefined) throw new ImlError(`There is no function "${name}".`);
	const [fewest, most] = definition.arity;
	if (nodes.length < fewest || nodes.length > most) {
		throw new ImlError(`"${name}" was given ${nodes.length} values.`);
	}
	return definition.run(
		nodes.map((node) => evaluate(node, scope)),
		scope.reading,
	);
}

function operate(operator: Operator, left: Value, right: Value): Value {
	switch (operator) {
		case '=':
			return left === right;
		case '!=':
			return left !== right;
		case '+':
			return number(left) + number(right);
		case '-':
			return number(left) - number(right);
		case '*':
			return number(left) * number(right);
		case '/':
			return number(left) / number(right);
		case '<':
		case '>':
		case '<=':
		case '>=':
		case '&':
		case '|':
		case '%':
			throw new ImlError(`The operator ${operator} is not simulated.`);
	}
}

function number(value: Value): number {
	if (typeof value !== 'number') throw new ImlError('Only numbers can be reckoned with.');
	return value;
}
