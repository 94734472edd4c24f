import type { Condition, Filter } from './blueprint.ts';
import { evaluateField, type Scope } from './iml/evaluate.ts';
import { isAbsent, type Reading, toText, type Value } from './iml/functions.ts';

/** Whether a bundle passes. @throws ImlError */
export function passes(filter: Filter, scope: Scope): boolean {
	return filter.conditions.some((group) => group.every((condition) => holds(condition, scope)));
}

/** One comparison, by the operator reference of Make's skills for building scenarios. */
function holds({ a, o, b = '' }: Condition, scope: Scope): boolean {
	const left = evaluateField(a, scope);
	const right = evaluateField(b, scope);
	switch (o) {
		case 'exist':
			return exists(left, scope.reading);
		case 'notexist':
			return !exists(left, scope.reading);
		case 'text:equal':
			return toText(left) === toText(right);
		case 'text:equal:ci':
			return toText(left).toLowerCase() === toText(right).toLowerCase();
		case 'text:notequal':
			return toText(left) !== toText(right);
		case 'text:contain':
			return toText(left).includes(toText(right));
		case 'text:notcontain':
			return !toText(left).includes(toText(right));
		case 'text:startwith':
			return toText(left).startsWith(toText(right));
		case 'text:endwith':
			return toText(left).endsWith(toText(right));
		case 'text:pattern':
			return matches(left, right, scope.reading);
		case 'text:notpattern':
			return !matches(left, right, scope.reading);
		case 'number:equal':
			return compare(left, right, (x, y) => x === y);
		case 'number:notequal':
			return !compare(left, right, (x, y) => x === y);
		case 'number:less':
			return compare(left, right, (x, y) => x < y);
		case 'number:greater':
			return compare(left, right, (x, y) => x > y);
		case 'number:lessorequal':
			return compare(left, right, (x, y) => x <= y);
		case 'number:greaterorequal':
			return compare(left, right, (x, y) => x >= y);
		case 'boolean:equal':
			return toText(left) === toText(right);
	}
}

function exists(value: Value, reading: Reading): boolean {
	return value === '' ? reading.emptyText === 'exists' : !isAbsent(value);
}

function matches(value: Value, pattern: Value, reading: Reading): boolean {
	const source = toText(pattern);
	return new RegExp(reading.patterns === 'whole' ? `^(?:${source})$` : source).test(toText(value));
}

/** False where one side is no number. */
function compare(left: Value, right: Value, test: (x: number, y: number) => boolean): boolean {
	const [x, y] = [toNumber(left), toNumber(right)];
	return !Number.isNaN(x) && !Number.isNaN(y) && test(x, y);
}

function toNumber(value: Value): number {
	if (typeof value === 'number') return value;
	const written = toText(value).trim();
	return written === '' ? Number.NaN : Number(written);
}
