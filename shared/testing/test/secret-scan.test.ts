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
		['a bearer header that is hidden', 'Bearer [hidden]abcdefghijklmnopqrstuvwxyz'],
		['an address at the end of a sentence', 'Write to jane@example.com.'],
		['an address at another example host', 'jane@example.org, jane@shop.example.net'],
		['63 and 65 hex digits', `${'a'.repeat(63)} ${'b'.repeat(65)}`],
	])('lets %s pass', (_, text) => {
		expect(scanText('fixtures/x.json', text)).toEqual([]);
	});

	it.each([
		['an address at a host that only begins like an example', 'jane', '@example.com.club.net'],
		['an address at a host that only ends like an example', 'jane', '@notexample.com'],
		['an address at a host with a dash', 'jane', '@example.com-mail.net'],
		['an address beside one that may stand there', 'jane@example.com, jo', '@club.net'],
		['a token of a test account', 'mpt_test_7_', 'aB3dE5fG7hJ9kL1mN3pQ5rS7'],
		['a token of the old name', 'sbt_7|', 'aB3dE5fG7hJ9kL1mN3pQ5rS7'],
		['a private key without a kind', '-----BEGIN PRIV', 'ATE KEY-----'],
		['a restricted key of a payment provider', 'rk_live_', '4eC39HqLyjWDarjtT1zdp7dc'],
		['a header in small letters', '"author', 'ization": "x"'],
		['a digest in capitals', '0123456789ABCDEF'.repeat(2), '0123456789ABCDEF'.repeat(2)],
	])('finds %s', (_, one, other) => {
		expect(scanText('fixtures/x.json', one + other)).toHaveLength(1);
	});

	it.each(['session cookie', 'authorization header', 'signature or key of 64 hex digits'])(
		'lets a %s pass outside of the fixtures, where code speaks of them',
		(name) => {
			const specimen = secretRules.find((rule) => rule.name === name)?.specimen.join('') ?? '';
			expect(specimen).not.toBe('');
			expect(scanText('shared/protocol/src/a.ts', specimen)).toEqual([]);
			expect(scanText('docs/fixtures/a.json', specimen)).toEqual([]);
		},
	);

	it('names every rule and line, and never what was found', () => {
		const [token, key] = ['API token', 'payment provider key'].map(
			(name) => secretRules.find((rule) => rule.name === name)?.specimen.join('') ?? '',
		);
		const found = scanText('a.md', `\n${token} ${key}\r\n${key}\n`);
		expect(found).toEqual([
			{ path: 'a.md', line: 2, rule: 'API token' },
			{ path: 'a.md', line: 2, rule: 'payment provider key' },
			{ path: 'a.md', line: 3, rule: 'payment provider key' },
		]);
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
