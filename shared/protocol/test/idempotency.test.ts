import fc from 'fast-check';

import { canonicalJson, deriveIdempotencyKey } from '../src/index.ts';

describe('deriveIdempotencyKey', () => {
	// Literals from Python: sha256 over "<byte length>:<bytes>" of each part, version and variant bits set by hand.
	it.each([
		[['zapier', 'create_plan', 'x'], 'fc7da544-36b7-8203-b067-f1e0cfe19826'],
		[['n8n', '231', 'node', '0', '3', 'ban_member'], '4db4f001-5cfe-8ab4-bc23-a11f68997e35'],
		[['ключ 🎟'], '589d0b83-6102-8817-a0bc-6ab881f0d08e'],
		[[], 'e3b0c442-98fc-8c14-9afb-f4c8996fb924'],
	])('of %j keeps its value for ever, or running retries would write twice', (parts, key) => {
		expect(deriveIdempotencyKey(parts)).toBe(key);
	});

	it('is a UUID of version 8', () => {
		fc.assert(
			fc.property(fc.array(fc.string()), (parts) => {
				expect(deriveIdempotencyKey(parts)).toMatch(
					/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
				);
			}),
		);
	});

	it('differs whenever a part differs or moves', () => {
		const keys = [
			['ab', 'c'],
			['a', 'bc'],
			['abc'],
			['abc', ''],
			['', 'abc'],
			['c', 'ab'],
			['2:ab1:c'],
			[],
		].map(deriveIdempotencyKey);
		expect(new Set(keys).size).toBe(keys.length);
	});
});

describe('canonicalJson', () => {
	it.each([
		[{ b: 1, a: 2 }, '{"a":2,"b":1}'],
		[{ a: undefined, b: null }, '{"b":null}'],
		[[1, { z: 1, y: [true, 'x'] }], '[1,{"y":[true,"x"],"z":1}]'],
		['ü', '"ü"'],
		[undefined, 'null'],
	])('of %j is %s', (value, text) => {
		expect(canonicalJson(value)).toBe(text);
	});

	it('does not depend on the order of keys', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
				const reversed = Object.fromEntries(Object.entries(value).reverse());
				expect(canonicalJson(reversed)).toBe(canonicalJson(value));
			}),
		);
	});
});
