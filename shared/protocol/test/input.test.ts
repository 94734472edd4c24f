import fc from 'fast-check';

import { readInput } from '../src/index.ts';
import { fieldWith, operationWith } from './support.ts';

const read = (field: Parameters<typeof fieldWith>[0], value: unknown) => {
	const result = readInput(operationWith({ method: 'POST', fields: [fieldWith(field)] }), {
		field: value,
	});
	return result.ok ? result.values['field'] : result.problems.map((one) => one.message).join(' ');
};

describe('values become what their field is', () => {
	it.each([
		['boolean', true, true],
		['boolean', 'false', false],
		['boolean', ' YES ', true],
		['boolean', 0, false],
		['boolean', 'true', true],
		['boolean', '1', true],
		['boolean', 'on', true],
		['boolean', 'no', false],
		['boolean', 'off', false],
		['boolean', '0', false],
		['integer', 5, 5],
		['integer', ' 5 ', 5],
		['integer', '-3', -3],
		['number', '29.90', 29.9],
		['number', 0, 0],
		['string', 'text', 'text'],
		['string', 123456789, '123456789'],
		['string', 12345678901234567890n, '12345678901234567890'],
		['string', '  kept  ', '  kept  '],
		['array', ['a', 'b'], ['a', 'b']],
		['array', 'a, b ,,c', ['a', 'b', 'c']],
		['array', '["a","b,c"]', ['a', 'b', 'c']],
		['array', ['a, b', 'c'], ['a', 'b', 'c']],
		['array', [['a', 'b'], 'c'], ['a', 'b', 'c']],
		['array', ['["a","b"]', 'c'], ['a', 'b', 'c']],
		['array', [[], {}, [['a']]], ['a']],
		['array', ['a', '', null, undefined], ['a']],
		['array', [' a ', '\n', 7], ['a', '7']],
		['array', '["a ", "", null]', ['a']],
		['array', ' ["a"] ', ['a']],
		['array', 7, ['7']],
	] as const)('%s from %p is %j', (type, value, expected) => {
		expect(read({ type }, value)).toEqual(expected);
	});

	it('a list of numbers is read element by element', () => {
		expect(read({ type: 'array', items: 'integer' }, '1,2')).toEqual([1, 2]);
	});

	it.each([
		['date', '2026-05-18', '2026-05-18'],
		['date', '2026-05-18T10:05:00Z', '2026-05-18'],
		['date', '2026-05-18 10:05', '2026-05-18'],
		['date-time', '2026-05-18T10:05:00+02:00', '2026-05-18T10:05:00+02:00'],
		['uri', 'https://hooks.example.com/x?y=1', 'https://hooks.example.com/x?y=1'],
		['uri', ' HTTP://hooks.example.com\n', 'HTTP://hooks.example.com'],
		['date-time', ' 2026-05-18T10:05:00Z ', '2026-05-18T10:05:00Z'],
	])('%s from %j is %j', (format, value, expected) => {
		expect(read({ format }, value)).toBe(expected);
	});

	it('an id or a choice is trimmed, because it was pasted', () => {
		expect(read({ in: 'path' }, ' prj_1\n')).toBe('prj_1');
		expect(read({ in: 'body', isId: true }, ' cur_1 ')).toBe('cur_1');
		expect(read({ enum: ['days'] }, ' days ')).toBe('days');
	});

	it.each([[['prj_1']], [[' prj_1', '', null]], [[7]]])(
		'an id in a path may stand alone in %j',
		(given) => {
			expect(read({ in: 'path' }, given)).toBe(String(given[0]).trim());
		},
	);

	it.each([[['prj_1', 'prj_2']], [[['prj_1']]], [[{ id: 'prj_1' }]]])(
		'no other list is an id in a path: %j',
		(given) => {
			expect(read({ in: 'path' }, given)).toBe("'Field' must be text.");
		},
	);

	it.each([
		[{ type: 'integer', minimum: 1, maximum: 3 }, 1],
		[{ type: 'integer', minimum: 1, maximum: 3 }, 2],
		[{ type: 'integer', minimum: 1, maximum: 3 }, 3],
		[{ minLength: 2, maxLength: 4 }, 'ab'],
		[{ minLength: 2, maxLength: 4 }, 'abc'],
		[{ minLength: 2, maxLength: 4 }, '🎟🎟🎟🎟'],
		[{ pattern: '^[a-z]+$' }, 'abc'],
		// One character to a person, two units to JavaScript.
		[{ pattern: '^.$' }, '🎟'],
		[{ type: 'array', minItems: 2 }, ['a', 'b']],
	] as const)('%j allows %j, bounds included', (field, value) => {
		expect(read(field, value)).toEqual(value);
	});
});

describe('values that MemberPass would refuse are refused with words that say what to do', () => {
	it.each([
		[{ type: 'boolean' }, 'maybe', "'Field' must be true or false."],
		[{ type: 'boolean' }, ['true'], "'Field' must be true or false."],
		[{ type: 'integer' }, ['5'], "'Field' must be a whole number."],
		[{ type: 'integer' }, '1.5', "'Field' must be a whole number."],
		[{ type: 'integer' }, '1e9', "'Field' must be a whole number."],
		[{ type: 'integer' }, 2 ** 53, "'Field' must be a whole number."],
		[{ type: 'number' }, 'abc', "'Field' must be a number such as 29.50."],
		[{ type: 'number' }, '29,50', "'Field' must be a number such as 29.50."],
		[{ type: 'number' }, Number.POSITIVE_INFINITY, "'Field' must be a number such as 29.50."],
		[{ type: 'number' }, true, "'Field' must be a number such as 29.50."],
		[{ type: 'integer', minimum: 1 }, 0, "'Field' must be 1 or more."],
		[{ type: 'integer', maximum: 99 }, 100, "'Field' must be 99 or less."],
		[{ minLength: 5 }, '🎟🎟', "'Field' must have at least 5 characters; it has 2."],
		[{ maxLength: 3 }, 'four', "'Field' must have at most 3 characters; it has 4."],
		[
			{ pattern: '^[a-z0-9-]{5,255}$' },
			'My Handle',
			"'Field' is not valid. It must match ^[a-z0-9-]{5,255}$.",
		],
		[
			{ pattern: '^[a-z0-9-]{5,255}$', help: '5 to 255 lower-case letters, digits and dashes.' },
			'My Handle',
			"'Field' is not valid. 5 to 255 lower-case letters, digits and dashes.",
		],
		[{ enum: ['days', 'weeks'] }, 'monthly', "'Field' must be one of days, weeks."],
		[{ format: 'date' }, '2026-02-30', "'Field' must be a date such as 2026-05-18."],
		[{ format: 'date' }, 'tomorrow', "'Field' must be a date such as 2026-05-18."],
		[{ format: 'date' }, '12026-05-18', "'Field' must be a date such as 2026-05-18."],
		[{ format: 'date' }, '2026-05-18-10', "'Field' must be a date such as 2026-05-18."],
		[
			{ format: 'date-time' },
			'noon',
			"'Field' must be a date and time such as 2026-05-18T10:05:00Z.",
		],
		[
			{ format: 'uri' },
			'example.com',
			"'Field' must be a full web address that starts with https://.",
		],
		[
			{ format: 'uri' },
			'xhttps://example.com',
			"'Field' must be a full web address that starts with https://.",
		],
		[
			{ format: 'uri' },
			'https://',
			"'Field' must be a full web address that starts with https://.",
		],
		[
			{ format: 'uri' },
			'ftp://example.com/x',
			"'Field' must be a full web address that starts with https://.",
		],
		[
			{ format: 'uri' },
			'javascript:alert(1)',
			"'Field' must be a full web address that starts with https://.",
		],
		[{ type: 'array' }, { a: 1 }, "'Field' must be a list of values."],
		[{ type: 'array' }, '[broken', "'Field' must be a list of values."],
		[{ type: 'array' }, ['a', '[broken'], "'Field' must be a list of values."],
		[{ type: 'array' }, true, "'Field' must be a list of values."],
		[
			{ type: 'array', items: 'integer' },
			['x'],
			"'Field' contains an invalid value, which must be a whole number.",
		],
		[
			{ type: 'array' },
			['a', { id: 'b' }],
			"'Field' contains an invalid value, which must be text.",
		],
		[{ type: 'array' }, [true], "'Field' contains an invalid value, which must be text."],
		[{ type: 'array', minItems: 2 }, ['a'], "'Field' needs at least 2 values."],
		[{}, { a: 1 }, "'Field' must be text."],
		[{}, ['a'], "'Field' must be text."],
		[{ type: 'array', required: true }, [], "'Field' is required. Fill it in."],
		[{ type: 'array', required: true }, [' '], "'Field' is required. Fill it in."],
		[{ type: 'array', required: true }, ', ,', "'Field' is required. Fill it in."],
		[{ required: true }, [], "'Field' is required. Fill it in."],
		[{ required: true }, [[' '], null], "'Field' is required. Fill it in."],
		[{ required: true }, {}, "'Field' is required. Fill it in."],
		[{ required: true }, '', "'Field' is required. Fill it in."],
		[{ required: true }, '   ', "'Field' is required. Fill it in."],
		[{ required: true }, null, "'Field' is required. Fill it in."],
	] as const)('%j of %j', (field, value, message) => {
		expect(read(field, value)).toBe(message);
	});

	it('all at once, not one after the other', () => {
		const operation = operationWith({
			fields: [
				fieldWith({ name: 'a', label: 'A', required: true }),
				fieldWith({ name: 'b', label: 'B', type: 'integer' }),
			],
		});
		const result = readInput(operation, { b: 'x', c: 1 });
		expect(result).toMatchObject({
			ok: false,
			problems: [
				{ field: 'c', message: "'c' is not an input of this operation. Remove it." },
				{ field: 'a' },
				{ field: 'b' },
			],
		});
	});

	it('but an unknown name without a value is no problem', () => {
		expect(readInput(operationWith(), { c: undefined })).toEqual({ ok: true, values: {} });
	});
});

describe('what is not given is not sent', () => {
	it.each([
		[{}, undefined, undefined],
		[{}, null, undefined],
		[{ in: 'query' }, '', undefined],
		[{ type: 'boolean' }, '', undefined],
		[{ enum: ['a'] }, '', undefined],
		[{ format: 'uri' }, '', undefined],
		[{ minLength: 5 }, '', undefined],
		[{ type: 'array' }, [], undefined],
		[{ type: 'array' }, ['', ' '], undefined],
		[{ type: 'array' }, ' , ,', undefined],
		[{ type: 'array' }, ['', [], {}], undefined],
		[{}, [], undefined],
		[{}, [''], undefined],
		[{}, {}, undefined],
		[{ type: 'boolean' }, [], undefined],
		[{ type: 'integer' }, [null], undefined],
		[{ type: 'number' }, {}, undefined],
		[{}, '   ', undefined],
		[{ pattern: '^x$' }, '', undefined],
		[{}, '', ''],
		[{}, ', ,', ', ,'],
		[{ type: 'boolean' }, false, false],
		[{ type: 'integer' }, 0, 0],
	] as const)('%j given %j is %j', (field, value, expected) => {
		expect(read(field, value)).toEqual(expected);
	});
});

it('inputs that exclude each other are refused together', () => {
	const operation = operationWith({
		fields: [fieldWith({ name: 'a', label: 'A' }), fieldWith({ name: 'b', label: 'B' })],
		exclusive: [['a', 'b']],
	});
	expect(readInput(operation, { a: 'x' }).ok).toBe(true);
	expect(readInput(operation, { a: 'x', b: 'y' })).toMatchObject({
		ok: false,
		problems: [
			{
				field: 'b',
				label: 'B',
				message: "'A' and 'B' cannot be used together. Keep one of them.",
			},
		],
	});
});

it('of flags that exclude each other only one may be on', () => {
	const flag = (name: string) => fieldWith({ name, label: name, type: 'boolean' });
	const operation = operationWith({ fields: [flag('a'), flag('b')], exclusive: [['a', 'b']] });
	expect(readInput(operation, { a: true, b: 'no' })).toEqual({
		ok: true,
		values: { a: true, b: false },
	});
	expect(readInput(operation, { a: false, b: false }).ok).toBe(true);
	expect(readInput(operation, { a: true, b: true }).ok).toBe(false);
});

it('an update without anything to update is refused', () => {
	const operation = operationWith({
		method: 'PATCH',
		fields: [fieldWith({ name: 'id', in: 'path', required: true }), fieldWith({ name: 'name' })],
	});
	expect(readInput(operation, { id: 'x', name: '' }).ok).toBe(true);
	expect(readInput(operation, { id: 'x' })).toMatchObject({
		ok: false,
		problems: [{ field: '', label: '', message: 'Nothing to update: fill in at least one field.' }],
	});
	// One problem at a time: what is wrong may be what was to be updated.
	expect(readInput(operation, { id: 'x', nmae: 'y' })).toEqual({
		ok: false,
		problems: [
			{
				field: 'nmae',
				label: 'nmae',
				message: "'nmae' is not an input of this operation. Remove it.",
			},
		],
	});
});

it('keys of the prototype are not inputs', () => {
	const operation = operationWith({ fields: [fieldWith({ name: 'constructor', required: true })] });
	expect(readInput(operation, {})).toMatchObject({
		ok: false,
		problems: [{ message: "'Field' is required. Fill it in." }],
	});
});

it('returns for every input', () => {
	const operation = operationWith({
		fields: [
			fieldWith({ name: 'a', type: 'array' }),
			fieldWith({ name: 'b', type: 'boolean' }),
			fieldWith({ name: 'c', format: 'date' }),
			fieldWith({ name: 'd', format: 'uri' }),
			fieldWith({ name: 'e', type: 'number' }),
		],
	});
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.anything()), (raw) => {
			expect(typeof readInput(operation, raw).ok).toBe('boolean');
		}),
	);
});
