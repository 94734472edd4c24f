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
	const text = (value: Value): string =>
		isAbsent(value) && scope.reading.absentText === 'null' ? 'null' : toText(value);
	switch (o) {
		case 'exist':
			return exists(left, scope.reading);
		case 'notexist':
			return !exists(left, scope.reading);
		case 'text:equal':
			return text(left) === text(right);
		case 'text:equal:ci':
			return text(left).toLowerCase() === text(right).toLowerCase();
		case 'text:notequal':
			return text(left) !== text(right);
		case 'text:contain':
			return text(left).includes(text(right));
		case 'text:notcontain':
			return !text(left).includes(text(right));
		case 'text:pattern':
			return matches(text(left), text(right), scope.reading);
		case 'text:notpattern':
			return !matches(text(left), text(right), scope.reading);
		case 'number:equal':
			return compare(left, right, (x, y) => x === y);
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

function matches(value: string, pattern: string, reading: Reading): boolean {
	return new RegExp(reading.patterns === 'whole' ? `^(?:${pattern})$` : pattern).test(value);
}

/** False where one side is no number: nothing is equal to NaN, less or greater. */
function compare(left: Value, right: Value, test: (x: number, y: number) => boolean): boolean {
	return test(toNumber(left), toNumber(right));
}

function toNumber(value: Value): number {
	const written = toText(value).trim();
	return written === '' ? Number.NaN : Number(written);
}
