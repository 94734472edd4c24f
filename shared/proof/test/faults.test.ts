import { faultTable } from '../src/faults/table.ts';

it('the table has each fault once', () => {
	const names = faultTable.map((row) => row.fault);
	expect(new Set(names).size).toBe(names.length);
	expect(names).toHaveLength(30);
});
