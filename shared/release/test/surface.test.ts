import {
	type Bump,
	bumpBetween,
	compare,
	fixed,
	input,
	neededBump,
	output,
	raised,
	type Surface,
	thing,
	toSurface,
} from '../src/surface.ts';

const published: Surface = {
	'creates.update_plan': 'thing Update Plan',
	'creates.update_plan < plan': 'input string required',
	'creates.update_plan < price': 'input number',
	'creates.update_plan < cycle': 'input string of:days|months',
	'creates.update_plan < tags': 'input string list',
	'creates.update_plan > id': 'output string',
	'creates.update_plan > ends_at': 'output string null',
	'searches.find_plan': 'thing Find Plan',
	'platform > API address': 'fixed https://api.example.com',
};

/** The published surface with some lines changed, added, or taken away (null). */
const changed = (lines: Readonly<Record<string, string | null>>): Surface =>
	Object.fromEntries(
		Object.entries({ ...published, ...lines }).flatMap(([name, promise]) =>
			promise === null ? [] : [[name, promise]],
		),
	);

it.each<[string, Readonly<Record<string, string | null>>, string]>([
	['an operation that is gone', { 'searches.find_plan': null }, 'searches.find_plan is gone'],
	[
		'an operation that cannot be chosen any more',
		{ 'searches.find_plan': 'hidden Find Plan' },
		'searches.find_plan was "thing Find Plan" and is "hidden Find Plan"',
	],
	[
		'another address for everything that is saved',
		{ 'platform > API address': 'fixed https://api.example.org' },
		'platform > API address was "fixed https://api.example.com" and is "fixed https://api.example.org"',
	],
	[
		'an input that is gone',
		{ 'creates.update_plan < price': null },
		'creates.update_plan < price is gone',
	],
	[
		'an input of another type',
		{ 'creates.update_plan < price': 'input string' },
		'creates.update_plan < price was "input number" and is "input string"',
	],
	[
		'an input that is required now',
		{ 'creates.update_plan < price': 'input number required' },
		'creates.update_plan < price was "input number" and is "input number required"',
	],
	[
		'a new input that is required',
		{ 'creates.update_plan < reason': 'input string required' },
		'creates.update_plan < reason is new and required, so everything saved before lacks it',
	],
	[
		'a choice that lost a value',
		{ 'creates.update_plan < cycle': 'input string of:days' },
		'creates.update_plan < cycle no longer takes months',
	],
	[
		'a choice of other values',
		{ 'creates.update_plan < cycle': 'input string of:day|smonths' },
		'creates.update_plan < cycle no longer takes days, months',
	],
	[
		'a choice that lost a value and is required now',
		{ 'creates.update_plan < cycle': 'input string required of:days' },
		'creates.update_plan < cycle was "input string of:days|months" and is "input string required of:days"',
	],
	[
		'a free text that became a choice',
		{ 'creates.update_plan < plan': 'input string required of:a|b' },
		'creates.update_plan < plan was "input string required" and is "input string required of:a|b"',
	],
	[
		'a list that became one value',
		{ 'creates.update_plan < tags': 'input string' },
		'creates.update_plan < tags was "input string list" and is "input string"',
	],
	[
		'an output key that is gone',
		{ 'creates.update_plan > id': null },
		'creates.update_plan > id is gone',
	],
	[
		'an output that may be null now',
		{ 'creates.update_plan > id': 'output string null' },
		'creates.update_plan > id was "output string" and is "output string null"',
	],
	[
		'an output that may be absent now',
		{ 'creates.update_plan > id': 'output string optional' },
		'creates.update_plan > id was "output string" and is "output string optional"',
	],
])('%s breaks what was saved, and needs a major release', (_, lines, sentence) => {
	const comparison = compare(published, changed(lines));
	expect(comparison.breaks).toEqual([sentence]);
	expect(neededBump(comparison)).toBe('major');
});

it.each<[string, Readonly<Record<string, string | null>>, string]>([
	['a new operation', { 'creates.pause': 'thing Pause' }, 'minor'],
	[
		'a new operation with a required input',
		{ 'creates.pause': 'thing Pause', 'creates.pause < plan': 'input string required' },
		'minor',
	],
	['a new optional input', { 'creates.update_plan < note': 'input string' }, 'minor'],
	['a new output key', { 'creates.update_plan > name': 'output string null' }, 'minor'],
	['an input that is optional now', { 'creates.update_plan < plan': 'input string' }, 'patch'],
	['a label', { 'searches.find_plan': 'thing Find a Plan' }, 'patch'],
	[
		'another value',
		{ 'creates.update_plan < cycle': 'input string of:days|months|years' },
		'minor',
	],
	[
		'the same values in another order',
		{ 'creates.update_plan < cycle': 'input string of:months|days' },
		'none',
	],
	['a choice that became free', { 'creates.update_plan < cycle': 'input string' }, 'patch'],
	[
		'an output that is always there now',
		{ 'creates.update_plan > ends_at': 'output string' },
		'patch',
	],
	['nothing', {}, 'none'],
])('%s breaks nothing and needs the right release', (_, lines, bump) => {
	const comparison = compare(published, changed(lines));
	expect(comparison.breaks).toEqual([]);
	expect(neededBump(comparison)).toBe(bump);
});

describe('the words of a choice are no marks', () => {
	it.each<[string, string, string, Bump]>([
		['a list', 'input string of:Price list|b', 'input string list of:Price list|b', 'major'],
		['no list', 'input string list of:Price list|b', 'input string of:Price list|b', 'major'],
		['required', 'input string of:not required', 'input string required of:not required', 'major'],
		[
			'no longer required',
			'input string required of:required|b',
			'input string of:required|b',
			'patch',
		],
		['one more', 'input string of:a', 'input string of:a|list|required', 'minor'],
	])('what is %s now is noticed', (_, was, is, bump) => {
		expect(neededBump(compare({ a: 'thing A', 'a < x': was }, { a: 'thing A', 'a < x': is }))).toBe(
			bump,
		);
	});

	it('and a new input that may be left out breaks nothing', () => {
		const now = { a: 'thing A', 'a < x': 'input string of:optional|required' };
		expect(neededBump(compare({ a: 'thing A' }, now))).toBe('minor');
	});
});

it('what users map that became something to fill in breaks what was saved', () => {
	expect(neededBump(compare({ a: 'output string' }, { a: 'input string' }))).toBe('major');
});

it.each([
	['a hidden operation is called otherwise', 'hidden A', 'hidden B'],
	['an output is never null any more', 'output string null optional', 'output string optional'],
	['an output is never absent any more', 'output string null optional', 'output string null'],
])('where %s, nothing breaks', (_, was, is) => {
	expect(neededBump(compare({ a: was }, { a: is }))).toBe('patch');
});

it('a choice that offers more is told by what it offers', () => {
	const comparison = compare(
		{ cycle: 'input string required of:days|months' },
		{ cycle: 'input string required of:days|months|weeks|years' },
	);
	expect(comparison).toEqual({
		breaks: [],
		additions: ['cycle takes weeks, years as well'],
		changes: [],
	});
});

it('what is new is told by its name', () => {
	expect(compare(published, changed({ 'creates.pause': 'thing Pause' })).additions).toEqual([
		'creates.pause is new',
	]);
});

it('an operation that can be chosen again breaks nothing', () => {
	const hidden = { 'triggers.payment_refunded': 'hidden Payment Refunded' };
	expect(compare(hidden, { 'triggers.payment_refunded': 'thing Payment Refunded' })).toEqual({
		breaks: [],
		additions: [],
		changes: [
			'triggers.payment_refunded was "hidden Payment Refunded" and is "thing Payment Refunded"',
		],
	});
});

it('promises are written so that a review can read them', () => {
	expect([
		thing('New Plan'),
		thing('Payment Refunded', true),
		input({ type: 'string', required: true, list: true, values: ['a', 'b'] }),
		input({ type: 'number' }),
		output({ type: 'string', nullable: true, optional: true }),
		output({ type: 'number' }),
		fixed('/v1'),
	]).toEqual([
		'thing New Plan',
		'hidden Payment Refunded',
		'input string required list of:a|b',
		'input number',
		'output string null optional',
		'output number',
		'fixed /v1',
	]);
});

it('a surface is sorted by code unit, and no name stands twice', () => {
	expect(
		Object.keys(
			toSurface([
				['b', 'x'],
				['Z', 'x'],
				['a', 'x'],
			]),
		),
	).toEqual(['Z', 'a', 'b']);
	expect(() =>
		toSurface([
			['a', 'x'],
			['a', 'y'],
		]),
	).toThrow('Two things are called "a"');
});

it.each([
	['1.2.3', '1.2.3', 'none'],
	['1.2.3', '1.2.4', 'patch'],
	['1.2.3', '1.3.0', 'minor'],
	['1.2.3', '2.0.0', 'major'],
	['1.2.3', '1.10.0', 'minor'],
	['2.0.0', '1.9.9', 'none'],
	['12.0.30', '12.0.31', 'patch'],
])('from %s to %s a version rises by %s', (from, to, bump) => {
	expect(bumpBetween(from, to)).toBe(bump);
});

it.each([
	['none', '1.2.3'],
	['patch', '1.2.4'],
	['minor', '1.3.0'],
	['major', '2.0.0'],
] as const)('a %s release follows 1.2.3 with %s', (bump, version) => {
	expect(raised('1.2.3', bump)).toBe(version);
});

it.each(['1.2', '1.2.3-beta.1', 'v1.2.3', '1.2.3.4', ''])(
	'a version that is none is refused by name: "%s"',
	(version) => {
		expect(() => raised(version, 'minor')).toThrow(`"${version}" is not a version such as 1.2.3.`);
	},
);
