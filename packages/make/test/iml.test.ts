import type { Filter, FilterOperator } from '../src/blueprint.ts';
import { passes } from '../src/filter.ts';
import { evaluateField, type Scope } from '../src/iml/evaluate.ts';
import { functions, ImlError, readings, usualReading, words } from '../src/iml/functions.ts';
import { ImlSyntaxError, parseExpression, parseTemplate } from '../src/iml/parse.ts';

const bundles = new Map<number, unknown>([
	[
		1,
		{
			name: 'Ana',
			'a b': 'x',
			'a }} b': 'y',
			list: ['a', 'b'],
			rows: [
				{ k: 'x', v: 1 },
				{ k: 'y', v: 2 },
			],
			deep: { er: 'z' },
			many: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'],
			none: null,
			half: '\ud83d',
			at: new Date('2026-05-18T23:30:00Z'),
		},
	],
	[2, {}],
]);
const scope: Scope = {
	bundles,
	clock: { now: 1_779_098_700_999, uuid: () => '00000000-0000-4000-8000-000000000001' },
	reading: usualReading,
};

/** Expected values by the documentation, written by hand. */
const table: readonly (readonly [string, unknown])[] = [
	['text', 'text'],
	['', ''],
	['{{6 * 7 / 2}}', 21],
	['{{365 / 12 * 2 + 1}}', 61.833333333333336],
	['{{floor(7.9)}}', 7],
	// As help.make.com/math-functions has it, the separators that nobody names included.
	['{{formatNumber(123456789; 3; ","; ".")}}', '123.456.789,000'],
	['{{formatNumber(123456.5; 1)}}', '123.456,5'],
	['{{formatNumber(0 - 123456.5; 0; "."; space)}}', '-123 457'],
	['{{formatNumber(30.4166; 2; "."; space)}}', '30.42'],
	['{{switch("b"; "a"; 1; "b"; 2; 9)}}', 2],
	['{{switch("c"; "a"; 1; "b"; 2; 9)}}', 9],
	['{{switch("c"; "a"; 1; "b"; 2)}}', undefined],
	['{{switch("a"; "a"; 1; 9)}}', 1],
	['{{switch(1; "a"; 1; "b"; 2; 9)}}', 9],
	['{{switch("d"; "a"; 1; "d")}}', 'd'],
	['{{1.name}}', 'Ana'],
	['Hi {{1.name}}!', 'Hi Ana!'],
	['{{1.`a b`}}', 'x'],
	['{{1.`a }} b`}}', 'y'],
	['{{1.list}}', ['a', 'b']],
	['{{1.list[1]}}', 'a'],
	['{{1.list[3]}}', undefined],
	['{{1.list.a}}', undefined],
	['{{1.list.`0x1`}}', undefined],
	['{{1.many[11]}}', 'k'],
	['is {{1.list}}', 'is a, b'],
	['at {{1.at}}', 'at 2026-05-18T23:30:00.000Z'],
	['{{1.deep.er}}', 'z'],
	['{{1.no.at.all}}', undefined],
	['{{1.none.at.all}}', undefined],
	['{{1.none}}!', '!'],
	['{{2.constructor}}', undefined],
	['{{`2`}}', {}],
	['{{`12`}}', undefined],
	['{{34}}', 34],
	['{{1.5}}', 1.5],
	['{{"a; b) }} c"}}', 'a; b) }} c'],
	['{{2.x}}{{1.name}}', 'Ana'],
	['{{timestamp}}', 1_779_098_700],
	['{{timestamp - 300}}', 1_779_098_400],
	['{{1 + 2 - 4}}', -1],
	['{{(1 + 2) = 3}}', true],
	['{{1 = "1"}}', false],
	['{{1 != 2}}', true],
	['{{1 != 1}}', false],
	['{{uuid}}', '00000000-0000-4000-8000-000000000001'],
	['{{emptystring}}', ''],
	['{{emptyarray}}', []],
	['{{space}}', ' '],
	['{{newline}}', '\n'],
	['{{carriagereturn}}', '\r'],
	['{{tab}}', '\t'],
	['{{true}}', true],
	['{{false}}', false],
	['{{null}}', null],
	['{{add(emptyarray; 1; 2)}}', [1, 2]],
	['{{contains(1.list; "b")}}', true],
	['{{contains("abc"; "bd")}}', false],
	['{{encodeURL("a b/c?d=é")}}', 'a%20b%2Fc%3Fd%3D%C3%A9'],
	['{{first(1.list)}}', 'a'],
	['{{flatten(add(emptyarray; 1.list; "c"))}}', ['a', 'b', 'c']],
	// One level, as Array.prototype.flat, to which help.make.com/array-functions refers.
	['{{flatten(add(emptyarray; add(emptyarray; 1.list)))}}', [['a', 'b']]],
	['{{flatten(add(emptyarray; add(emptyarray; 1.list)); 2)}}', ['a', 'b']],
	['{{if(1 = 1; "yes"; "no")}}', 'yes'],
	['{{ifempty(""; 1.name)}}', 'Ana'],
	['{{ifempty(0; 1.name)}}', 0],
	['{{ifempty(2.x; 1.name)}}', 'Ana'],
	['{{join(1.list; "-")}}', 'a-b'],
	['{{last(1.many)}}', 'k'],
	['{{length(1.list)}}', 2],
	['{{length("abc")}}', 3],
	['{{lower("ÄB")}}', 'äb'],
	['{{map(1.rows; "v")}}', [1, 2]],
	['{{map(1.rows; "v"; "k"; "y")}}', [2]],
	// Several values with commas between, as help.make.com/array-functions has it.
	['{{map(1.rows; "v"; "k"; "z,y,x")}}', [1, 2]],
	['{{map(1.rows; "v"; "k"; "xy")}}', []],
	['{{parseNumber("29.50"; ".")}}', 29.5],
	['{{parseNumber(" -7 ")}}', -7],
	['{{pick(1.deep; "er"; "no"; emptystring)}}', { er: 'z' }],
	['{{remove(add(emptyarray; "a"; emptystring); emptystring)}}', ['a']],
	['{{replace("a , b"; "/ *, */g"; ",")}}', 'a,b'],
	['{{replace("aA"; "/a/gi"; "b")}}', 'bb'],
	// Only the guide to Workfront Fusion, which is Make's engine under another name, speaks of these marks.
	['{{replace("ab"; "/(a)(b)/"; "$2$1-$&")}}', 'ba-ab'],
	// printf '1700000000.{}' | openssl dgst -sha256 -hmac secret
	[
		'{{sha256("1700000000.{}"; "hex"; "secret")}}',
		'b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163',
	],
	// printf '' | openssl dgst -sha256
	['{{sha256(""; "hex"; "")}}', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
	['{{sha256("")}}', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
	['{{split("a,b,"; ",")}}', ['a', 'b', '']],
	['{{substring("2026-05-18T10:05:00Z"; 0; 10)}}', '2026-05-18'],
	['{{toString(1.5)}}', '1.5'],
	['{{toString(true)}}', 'true'],
	['{{trim(" a ")}}', 'a'],
];

const failing: readonly (readonly [string, RegExp])[] = [
	['{{parseNumber("29 €")}}', /no number/],
	['{{parseNumber("1,5"; ",")}}', /no number/],
	['{{parseNumber("1.5"; ",")}}', /no number/],
	['{{parseNumber("no 7")}}', /no number/],
	['{{encodeURL(1.half)}}', /Half a character/],
	['{{formatNumber(1; 2; "."; emptystring)}}', /empty separator/],
	['{{formatNumber(1; 2; emptystring)}}', /empty separator/],
	['{{split(1.list; ",")}}', /Text was expected, not a list/],
	['{{join("a"; ",")}}', /A list was expected, not string/],
	['{{replace("a"; "a"; "b")}}', /not documented/],
	['{{replace("a"; "a/a/"; "b")}}', /not documented/],
	['{{replace("a"; "/a/gx"; "b")}}', /not documented/],
	['{{sha256("a"; "base64")}}', /Only hexadecimal/],
	['{{sha256("a"; "hex"; "k"; "base64")}}', /Only hexadecimal/],
	['{{pick("a"; "b")}}', /A collection was expected/],
	['{{pick(null; "b")}}', /A collection was expected/],
	['{{if("true"; 1; 2)}}', /Only true and false/],
	['{{toString(1.deep)}}', /not documented/],
	['{{join(add(emptyarray; 1.list); ",")}}', /of a list in a list is not documented/],
	['{{toString(1.list)}}', /of a list is not documented/],
	['{{1.name + 1}}', /Only numbers/],
	...['<', '>', '<=', '>=', '&', '|', '%'].map(
		(operator) => [`{{7 ${operator} 3}}`, /^The operator .+ is not simulated\.$/] as const,
	),
	['{{nothing}}', /no word/],
	['{{constructor(1)}}', /no function/],
];

/** Fewest and most values of each function, by its documentation; null where there is no end. */
const arities: readonly (readonly [name: string, fewest: number, most: number | null])[] = [
	['add', 2, null],
	['contains', 2, 2],
	['encodeURL', 1, 1],
	['first', 1, 1],
	['flatten', 1, 2],
	['floor', 1, 1],
	['formatNumber', 2, 4],
	['if', 3, 3],
	['ifempty', 2, 2],
	['join', 2, 2],
	['last', 1, 1],
	['length', 1, 1],
	['lower', 1, 1],
	['map', 2, 4],
	['parseNumber', 1, 2],
	['pick', 2, null],
	['remove', 2, null],
	['replace', 3, 3],
	['sha256', 1, 4],
	['split', 2, 2],
	['substring', 3, 3],
	['switch', 3, null],
	['toString', 1, 1],
	['trim', 1, 1],
];

/** With what the validator says of them. */
const unreadable: readonly (readonly [string, string])[] = [
	['a {{1.name', '"{{" is never closed: {{1.name'],
	['{{}}', 'Not an expression: {{}}'],
	['{{"a\\"b"}}', '"{{" is never closed: {{"a\\"b"}}'],
	['{{"a\\b"}}', 'Not understood: "a\\b"'],
	['{{“a”}}', 'Not understood: “a”'],
	['{{f(1, 2)}}', 'Not understood: , 2)'],
	['{{f(1}}', 'Not an expression: {{f(1}}'],
	['{{1 2}}', 'Not an expression: {{1 2}}'],
	['{{1.name.}}', 'Not understood: .'],
	['{{= 1}}', 'Not an expression: {{= 1}}'],
	['{{= 1)}}', 'Not an expression: {{= 1)}}'],
	['{{(1;}}', 'Not an expression: {{(1;}}'],
	["{{'a'}}", "Not understood: 'a'"],
];

describe('expressions', () => {
	it.each(table)('%s', (field, expected) => {
		expect(evaluateField(field, scope)).toStrictEqual(expected);
	});

	it.each(failing)('fails: %s', (field, message) => {
		expect(() => evaluateField(field, scope)).toThrow(ImlError);
		expect(() => evaluateField(field, scope)).toThrow(message);
	});

	it.each(arities)(
		'%s takes %d to %s values, and fails with any other number',
		(name, fewest, most) => {
			const calledWith = (count: number) => () =>
				evaluateField(`{{${name}(${Array(count).fill('1').join('; ')})}}`, scope);
			const refusal = (count: number): string => `"${name}" was given ${count} values.`;
			expect(calledWith(fewest - 1)).toThrow(refusal(fewest - 1));
			if (most === null) expect(calledWith(fewest + 9)).not.toThrow(/was given/);
			else expect(calledWith(most + 1)).toThrow(refusal(most + 1));
		},
	);

	it.each(unreadable)('is refused: %s', (field, message) => {
		expect(() => parseTemplate(field)).toThrow(new ImlSyntaxError(message));
	});

	it('binds comparison looser than addition, and "or" loosest', () => {
		expect(parseExpression('1 + 2 = 3 & true | false')).toMatchObject({
			operator: '|',
			left: { operator: '&', left: { operator: '=', left: { operator: '+' } } },
		});
	});

	it('has a row for every function and word of the simulation', () => {
		const fields = table.map(([field]) => field).join(' ');
		for (const name of Object.keys(functions)) expect(fields).toContain(`${name}(`);
		for (const name of Object.keys(words)) expect(fields).toContain(name);
		expect(arities.map(([name]) => name)).toEqual(Object.keys(functions).sort());
	});

	it('is read in each of the 32 ways that the documentation leaves open', () => {
		expect(new Set(readings.map((reading) => JSON.stringify(reading))).size).toBe(32);
		expect(readings).toContainEqual(usualReading);
	});

	it('gives an absent argument the two meanings that are possible', () => {
		const strict: Scope = { ...scope, reading: { ...usualReading, absentArguments: 'error' } };
		expect(evaluateField('{{length(2.x)}}', scope)).toBe(0);
		expect(evaluateField('{{join(2.x; ",")}}', scope)).toBe('');
		expect(() => evaluateField('{{length(2.x)}}', strict)).toThrow(ImlError);
		expect(() => evaluateField('{{join(2.x; ",")}}', strict)).toThrow(ImlError);
	});
});

const filters: readonly (readonly [string, FilterOperator, string, boolean])[] = [
	['{{1.name}}', 'exist', '', true],
	['{{2.x}}', 'exist', '', false],
	['{{2.x}}', 'notexist', '', true],
	['{{1.name}}', 'notexist', '', false],
	['{{1.name}}', 'text:equal', 'Ana', true],
	['{{1.name}}', 'text:equal', 'ana', false],
	['{{1.name}}', 'text:equal:ci', 'aNA', true],
	['{{1.name}}', 'text:equal:ci', 'anne', false],
	['{{2.x}}', 'text:equal', '', true],
	['{{1.name}}', 'text:notequal', 'Ana', false],
	['{{1.name}}', 'text:notequal', 'ana', true],
	['{{1.name}}', 'text:contain', 'na', true],
	['{{1.name}}', 'text:notcontain', 'na', false],
	['{{1.name}}', 'text:notcontain', 'nn', true],
	['{{1.name}}', 'text:pattern', '^A', true],
	['{{1.name}}', 'text:notpattern', '^A', false],
	['{{1.name}}', 'text:notpattern', '^B', true],
	['10', 'number:equal', '10.0', true],
	['9', 'number:equal', '10', false],
	['10', 'number:lessorequal', '10', true],
	['9', 'number:lessorequal', '10', true],
	['10', 'number:lessorequal', '9', false],
	['10', 'number:greaterorequal', '10', true],
	['11', 'number:greaterorequal', '10', true],
	['9', 'number:greaterorequal', '10', false],
	['1x', 'number:greaterorequal', '0', false],
	['', 'number:lessorequal', '0', false],
	[' ', 'number:lessorequal', '0', false],
	['{{true}}', 'boolean:equal', 'true', true],
	['{{false}}', 'boolean:equal', 'true', false],
];

describe('filters', () => {
	it.each(filters)('%s %s %s: %s', (a, o, b, expected) => {
		const isUnary = o === 'exist' || o === 'notexist';
		const filter: Filter = { name: 'x', conditions: [[isUnary ? { a, o } : { a, o, b }]] };
		expect(passes(filter, scope)).toBe(expected);
	});

	it('wants all of a group, and one group', () => {
		const yes = { a: '1', o: 'text:equal', b: '1' } as const;
		const no = { a: '1', o: 'text:equal', b: '2' } as const;
		const pass = (conditions: Filter['conditions']): boolean =>
			passes({ name: 'x', conditions }, scope);
		expect(pass([[yes, no]])).toBe(false);
		expect(pass([[yes, no], [yes]])).toBe(true);
		expect(pass([[no], [no]])).toBe(false);
	});

	it('gives empty text, nothing and patterns the two meanings that are possible', () => {
		const filter = (a: string, o: FilterOperator, b?: string): Filter => ({
			name: 'x',
			conditions: [[b === undefined ? { a, o } : { a, o, b }]],
		});
		const other: Scope = {
			...scope,
			reading: {
				...usualReading,
				emptyText: 'exists',
				absentText: 'null',
				patterns: 'whole',
			},
		};
		expect(passes(filter('', 'exist'), scope)).toBe(false);
		expect(passes(filter('', 'exist'), other)).toBe(true);
		expect(passes(filter('', 'notexist'), scope)).toBe(true);
		expect(passes(filter('', 'notexist'), other)).toBe(false);
		expect(passes(filter('Ana', 'text:pattern', 'A'), scope)).toBe(true);
		expect(passes(filter('Ana', 'text:pattern', 'A'), other)).toBe(false);
		expect(passes(filter('{{2.x}}', 'text:equal', 'null'), scope)).toBe(false);
		expect(passes(filter('{{2.x}}', 'text:equal', 'null'), other)).toBe(true);
	});
});
