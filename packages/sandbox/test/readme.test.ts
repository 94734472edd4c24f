import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { rules, rulesTable, switchesTable } from '../src/rules.ts';
import { switchNames } from '../src/switches.ts';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

/** Cells without the spaces a formatter adds. */
const squeezed = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');

describe('the README', () => {
	it('lists every rule with its evidence and every switch with its default', () => {
		expect(squeezed(readme)).toContain(squeezed(rulesTable()));
		expect(squeezed(readme)).toContain(squeezed(switchesTable()));
		for (const name of switchNames) expect(readme).toContain(`\`${name}\``);
	});

	it('states each rule once, with a source', () => {
		expect(new Set(rules.map((one) => one.rule)).size).toBe(rules.length);
		for (const one of rules) expect(one.source).not.toBe('');
	});

	it('claims nothing that was seen live', () => {
		expect(rules.map((one) => one.evidence)).not.toContain('recorded');
		expect(readme).toContain('Nothing here was seen on the live API.');
	});
});
