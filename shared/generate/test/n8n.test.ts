import { operation, operations, resources } from '@memberpass/catalogue';

import { literal, code } from '../src/emitters/n8n/literal.ts';
import { actionProperties } from '../src/emitters/n8n/properties.ts';
import { simplePaths } from '../src/emitters/n8n/simple.ts';

describe('the n8n emitter', () => {
	it('writes literals: a word in code stays code, text cannot leave its quotes', () => {
		expect(
			literal({ a: code('[B.Main]'), 'b-c': 'it\'s " ${x}', d: undefined, e: [1, true] }),
		).toBe('{ "a": [B.Main], "b-c": "it\'s \\" ${x}", "e": [1, true] }');
		expect(literal({ mark: 'a key like any other' })).toBe('{ "mark": "a key like any other" }');
	});

	it('refuses a resource of which nobody said what it starts with', () => {
		const added = { key: 'invoice', label: 'Invoice', summary: 'Read invoices.' };
		expect(() => actionProperties([...resources, added], operations)).toThrow(
			'The n8n node has no operation to show first for the resource "invoice". Name it in defaultOperations',
		);
	});
});

describe('what Simplify keeps', () => {
	const entry = operation('get_plan');

	it('is nothing less than all of a short result', () => {
		const output = { ...entry.output, schema: { type: 'object', properties: { id: {} } } as const };
		expect(simplePaths({ ...entry, output })).toBeNull();
	});

	it('has to be chosen where a result has grown long', () => {
		const properties = Object.fromEntries(
			Array.from({ length: 11 }, (_, index) => [`field_${index}`, {}]),
		);
		const output = { ...entry.output, schema: { type: 'object', properties } as const };
		const unchosen = { ...entry, n8n: { ...entry.n8n, operation: 'new' }, output };
		expect(() => simplePaths(unchosen)).toThrow(
			'Say in simple.ts which 10 fields Simplify keeps of "plan.new".',
		);
		expect(() => simplePaths({ ...entry, output })).toThrow(/has no field "\w+" to keep/);
	});

	it('is ten fields at most, each of which the result has', () => {
		const properties = Object.fromEntries(
			Array.from({ length: 11 }, (_, index) => [`f${index}`, {}]),
		);
		const schema = { type: 'object', properties: { ...properties, in: { properties } } } as const;
		const result = { ...entry, output: { ...entry.output, schema } };
		const keep = (...paths: readonly string[]) => simplePaths(result, { 'plan.get': paths });
		expect(keep('f1', 'in.f2')).toEqual(['f1', 'in.f2']);
		expect(keep(...Object.keys(properties).slice(1))).toHaveLength(10);
		expect(() => keep(...Object.keys(properties))).toThrow(
			'Say in simple.ts which 10 fields Simplify keeps of "plan.get".',
		);
		for (const gone of ['gone', 'in.gone', 'f1.gone']) {
			expect(() => keep('f1', gone)).toThrow(
				`"plan.get" has no field "${gone}" to keep (simple.ts).`,
			);
		}
	});
});
