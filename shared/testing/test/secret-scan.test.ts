import { join } from 'node:path';

import { scanFiles, scanText, secretRules, textFiles } from '../src/secret-scan.ts';

const root = join(__dirname, '../../..');

describe('the secret scan', () => {
	it.each(secretRules.map((rule) => [rule.name, rule] as const))(
		'finds a planted %s',
		(name, rule) => {
			const planted = `{\n "x": "${rule.specimen.join('')}"\n}`;
			expect(scanText(`${rule.within ?? 'anywhere/'}planted.json`, planted)).toContainEqual({
				path: `${rule.within ?? 'anywhere/'}planted.json`,
				line: 2,
				rule: name,
			});
		},
	);

	it.each([
		['the form of a token', 'mpt_live_<id>_<secret>'],
		['an address at example.com', 'jane@example.com, priya@mail.example.com'],
		['an id', 'sub_01JV9K3QDN7W2RZ8XTB5MHC4PE'],
		['a bearer header without a token', 'Bearer <token>'],
	])('lets %s pass', (_, text) => {
		expect(scanText('fixtures/x.json', text)).toEqual([]);
	});

	it('reads the fixtures, the sources and the generated files', () => {
		const paths = textFiles(root);
		for (const folder of [
			'fixtures/events/',
			'fixtures/api/',
			'shared/catalogue/src/',
			'packages/',
		]) {
			expect(paths.some((path) => path.startsWith(folder))).toBe(true);
		}
	});

	it('finds nothing in what is committed', () => {
		expect(scanFiles(root)).toEqual([]);
	});
});
