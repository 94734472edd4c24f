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
			'Say in legacy.ts which operation of "invoice" is the default.',
		);
	});

	it('refuses a result that has grown long until somebody chose what Simplify keeps', () => {
		const entry = operation('get_member');
		const properties = Object.fromEntries(
			Array.from({ length: 11 }, (_, index) => [`field_${index}`, { type: 'string' }]),
		);
		const grown = {
			...entry,
			output: { ...entry.output, schema: { ...entry.output.schema, properties } },
		};
		expect(() => simplePaths(grown)).toThrow(
			'Say in simple.ts which 10 fields Simplify keeps of "member.get".',
		);
	});

	it('refuses to keep a field that the result no longer has', () => {
		const entry = operation('get_plan');
		const { name: gone, ...properties } = entry.output.schema.properties;
		expect(gone).toBeDefined();
		const shrunk = {
			...entry,
			output: { ...entry.output, schema: { ...entry.output.schema, properties } },
		};
		expect(() => simplePaths(shrunk)).toThrow(
			'"plan.get" has no field "name" to keep (simple.ts).',
		);
	});
});
