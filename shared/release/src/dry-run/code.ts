import ts from 'typescript';

/** Modules through which a package could start programs, or run text as code. */
const risky = new Map([
	['child_process', 'child processes'],
	['vm', 'code from text'],
]);

/**
 * What a published file does that whoever reads it first would ask about: it makes code from text, loads what it
 * computes, or starts programs. The file is parsed, so that strings and comments say nothing.
 */
export function codeFaults(path: string, source: string): readonly string[] {
	const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
	const names = new Set<string>();
	const visit = (node: ts.Node): void => {
		const name = faultOf(node);
		if (name !== null) names.add(name);
		ts.forEachChild(node, visit);
	};
	visit(file);
	return [...names].map((name) => `${path} uses ${name}`);
}

function faultOf(node: ts.Node): string | null {
	if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
		return node.moduleSpecifier === undefined ? null : riskOf(node.moduleSpecifier);
	}
	if (ts.isNewExpression(node)) {
		return calleeOf(node.expression) === 'Function' ? 'new Function' : null;
	}
	if (!ts.isCallExpression(node)) return null;
	const callee = calleeOf(node.expression);
	const [first] = node.arguments;
	if (callee === 'eval') return 'eval';
	if (callee === 'Function' || callee === 'constructor') return 'Function called as a compiler';
	if (callee !== 'require' && callee !== 'import') return null;
	if (first === undefined || !ts.isStringLiteralLike(first)) return `a dynamic ${callee}`;
	return riskOf(first);
}

const riskOf = (specifier: ts.Expression): string | null =>
	ts.isStringLiteralLike(specifier)
		? (risky.get(specifier.text.replace('node:', '')) ?? null)
		: null;

const globals = new Set(['globalThis', 'global', 'window', 'self']);

/**
 * The name of what is called. `(0, eval)(text)` and `globalThis.eval(text)` call eval, `object.eval(text)` something
 * else. The constructor of a function is Function.
 */
function calleeOf(expression: ts.Expression): string {
	if (expression.kind === ts.SyntaxKind.ImportKeyword) return 'import';
	if (ts.isIdentifier(expression)) return expression.text;
	if (ts.isParenthesizedExpression(expression)) return calleeOf(expression.expression);
	if (ts.isBinaryExpression(expression)) return calleeOf(expression.right);
	const name = memberOf(expression);
	if (name === null) return '';
	const isGlobal = ts.isIdentifier(name.of) && globals.has(name.of.text);
	return isGlobal || name.text === 'constructor' ? name.text : '';
}

/** `object.name` and `object['name']`, or null for anything else. */
function memberOf(
	expression: ts.Expression,
): { readonly of: ts.Expression; readonly text: string } | null {
	if (ts.isPropertyAccessExpression(expression)) {
		return { of: expression.expression, text: expression.name.text };
	}
	return ts.isElementAccessExpression(expression) &&
		ts.isStringLiteralLike(expression.argumentExpression)
		? { of: expression.expression, text: expression.argumentExpression.text }
		: null;
}
