import { memberPass } from '@memberpass/catalogue';
import { redactionRows } from '@memberpass/testing';

import { redact, tidy } from '../src/index.ts';

describe('redact', () => {
	it.each<readonly [string, string, string]>([
		['the token given', 'sent s3cr3t-token twice: s3cr3t-token', 'sent [hidden] twice: [hidden]'],
		['a secret of four characters, the shortest', 'sent wxyz', 'sent [hidden]'],
		['a bearer header with any blanks', 'Bearer \t abc', 'Bearer [hidden]'],
		...redactionRows,
	])('hides %s', (_, written, clean) => {
		expect(redact(written, ['s3cr3t-token', '', 'abc', 'wxyz'], memberPass)).toBe(clean);
	});

	it('hides the longer of two secrets whole, where one holds the other', () => {
		expect(redact('secret-and-more', ['secret', 'secret-and-more'], memberPass)).toBe('[hidden]');
	});
});

describe('tidy', () => {
	it.each([
		['a\r\nb\u0000c\u2028d', 'a b c d'],
		['\u202egnp.exe', 'gnp.exe'],
		['  ok  ', 'ok'],
		['🎟'.repeat(12), `${'🎟'.repeat(9)}…`],
		['0123456789', '0123456789'],
	])('%j becomes %j', (written, clean) => {
		expect(tidy(written, 10)).toBe(clean);
	});
});
