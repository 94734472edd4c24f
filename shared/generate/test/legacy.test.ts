import { n8nOperationKey, operations, resources } from '@memberpass/catalogue';

import { defaultOperations, defaultResource, legacy } from '../src/emitters/n8n/legacy.ts';

const entryOf = new Map(operations.map((entry) => [n8nOperationKey(entry), entry]));

/** A misspelt name here is read by nobody: workflows of 1.4.0 would run as if nothing were written down. */
describe('what is known of saved workflows', () => {
	it('preselects a resource, and in each resource one of its operations', () => {
		const keys = resources.map(({ key }) => key);
		expect(keys).toContain(defaultResource);
		expect(Object.keys(defaultOperations).sort()).toEqual(keys.sort());
		for (const [resource, operation] of Object.entries(defaultOperations)) {
			expect([...entryOf.keys()]).toContain(`${resource}.${operation}`);
		}
	});

	it.each(Object.entries(legacy))('names only what %s has', (key, old) => {
		const entry = entryOf.get(key);
		expect(entry?.key).toMatch(/./);
		const inputs = entry?.input.properties ?? {};
		const named = [
			...(old.newlyRequired ?? []),
			...Object.keys(old.atTop ?? {}),
			...(old.inCollection ?? []),
			...(old.asText ?? []),
			...Object.keys(old.translate ?? {}),
			...Object.keys(old.byHand ?? {}),
		];
		expect(named.filter((input) => inputs[input] === undefined)).toEqual([]);
		expect(Object.keys(old.dropped ?? {}).filter((input) => inputs[input] !== undefined)).toEqual(
			[],
		);
		for (const [input, values] of Object.entries(old.translate ?? {})) {
			const { enum: choices, 'x-known-values': words } = inputs[input] ?? {};
			expect(choices ?? words).toEqual(expect.arrayContaining(Object.values(values)));
		}
	});
});
